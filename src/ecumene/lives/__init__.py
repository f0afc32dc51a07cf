"""One agent's life in a run, and its other possible lives."""

from .life import Life as Life
from .lives import Lives as Lives
from .lives import lives as lives
from .luck import Cost as Cost
from .story import story as story
