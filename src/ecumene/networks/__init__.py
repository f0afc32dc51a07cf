"""Whom agents reach: networks that are computed, and networks from somebody's data."""

from .explicit import Explicit as Explicit
from .lowered import Lowered as Lowered
from .lowered import Network as Network
from .matchings import Matchings as Matchings
from .matchings import matchings as matchings
from .reading import network as network
from .reading import read_network as read_network
from .rows import Rows as Rows
