"""Where rules run: backends with the same functions, in one shard or many."""

from .base import BACKENDS as BACKENDS
from .base import Shard as Shard
from .base import shard_of as shard_of
from .comm import Alone as Alone
from .comm import Comm as Comm
from .comm import Together as Together
from .comm import together as together
from .memory import memory_parts as memory_parts
from .program import Acting as Acting
from .program import Part as Part
from .program import Program as Program
from .program import Spreading as Spreading
from .program import Start as Start
from .program import Tally as Tally
from .words import name_number as name_number
