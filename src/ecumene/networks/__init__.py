"""Whom agents reach: networks that are computed, and networks from somebody's data."""

from .reading import network as network
from .reading import read_network as read_network
from .rows import Rows as Rows
