"""Facts, targets and country tables, with sources and status."""

from .columns import Provenance as Provenance
from .columns import columns as columns
from .countries import Country as Country
from .countries import countries as countries
from .countries import regions as regions
from .facts import Fact as Fact
from .facts import facts as facts
from .targets import Target as Target
from .targets import targets as targets
