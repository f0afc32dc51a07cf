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
from .program import Governing as Governing
from .program import Part as Part
from .program import Program as Program
from .program import Ruled as Ruled
from .program import Spreading as Spreading
from .program import Start as Start
from .program import Tally as Tally
from .records import record as record
from .values import CAST as CAST
from .values import Value as Value
from .values import Values as Values
from .values import fits as fits
from .values import started as started
from .words import dividing as dividing
from .words import environment_overflow_text as environment_overflow_text
from .words import name_number as name_number
from .words import value_word as value_word
