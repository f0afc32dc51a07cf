"""Whom agents reach: networks that are computed, and networks from somebody's data."""

from .expected import Expected as Expected
from .expected import expected_ties as expected_ties
from .expected import is_small as is_small
from .explicit import Explicit as Explicit
from .lowered import Lowered as Lowered
from .lowered import Network as Network
from .matchings import Matchings as Matchings
from .matchings import matchings as matchings
from .quick import Loops as Loops
from .reading import network as network
from .reading import read_network as read_network
from .rows import Rows as Rows
