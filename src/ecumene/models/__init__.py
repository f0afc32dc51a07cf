"""The ready models, by name; each is one file that imports only `ecumene` and numpy."""

from .registry import MODELS as MODELS
