"""The ready model `trust`: one file per mechanism, and `model.py`, which lists them."""

from .model import model as model
