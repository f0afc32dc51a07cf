"""A run from end to end: start, step, measure, keep."""

from .going import Progress as Progress
from .past import Interrupted as Interrupted
from .past import Nothing as Nothing
from .past import Past as Past
from .past import Shared as Shared
from .past import interrupted as interrupted
from .past import usable as usable
from .result import Run as Run
from .run import Before as Before
from .run import Notice as Notice
from .run import carry_out as carry_out
from .run import run as run
from .scorecard import scorecard_of as scorecard_of
from .task import Task as Task
from .task import cores as cores
