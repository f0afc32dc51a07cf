"""Virality: one file per mechanism; `model.py` lists them."""

from .model import model as model
