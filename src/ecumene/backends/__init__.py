"""Where rules run: backends with the same functions, in one shard or many."""

from .base import BACKENDS as BACKENDS
from .base import SHARDS as SHARDS
from .base import Shard as Shard
from .base import shard_of as shard_of
from .bonds import Bonds as Bonds
from .bonds import matched as matched
from .brought import (
    Brought as Brought,
)
from .brought import (
    Capacity as Capacity,
)
from .brought import (
    Grouping as Grouping,
)
from .brought import (
    Linked as Linked,
)
from .brought import (
    Look as Look,
)
from .comm import Alone as Alone
from .comm import Comm as Comm
from .comm import Together as Together
from .comm import together as together
from .lanes import LARGEST_LANE as LARGEST_LANE
from .lanes import LaneOut as LaneOut
from .lanes import LaneWork as LaneWork
from .lanes import check_sparse as check_sparse
from .lasting import Lasting as Lasting
from .lasting import lasting as lasting
from .lasting import steps_as as steps_as
from .lots import lots_of as lots_of
from .memory import memory_parts as memory_parts
from .newcomers import Newcomers as Newcomers
from .newcomers import bucket as bucket
from .newcomers import column_kind as column_kind
from .newcomers import newcomers_from_outside as newcomers_from_outside
from .program import Part as Part
from .program import Program as Program
from .program import Rekeyed as Rekeyed
from .program import Start as Start
from .program import lane_key_of as lane_key_of
from .records import net_of as net_of
from .records import record as record
from .register import Register as Register
from .register import possible as possible
from .ruled import Acting as Acting
from .ruled import Bonding as Bonding
from .ruled import Claiming as Claiming
from .ruled import Entering as Entering
from .ruled import Facing as Facing
from .ruled import Governing as Governing
from .ruled import Ruled as Ruled
from .ruled import Spreading as Spreading
from .tally import Tally as Tally
from .tally import cells_in as cells_in
from .tally import holds as holds
from .tally import present_of as present_of
from .tally import size_of as size_of
from .values import CAST as CAST
from .values import Group as Group
from .values import Seen as Seen
from .values import Value as Value
from .values import Values as Values
from .values import fits as fits
from .values import plainly_seen as plainly_seen
from .values import started as started
from .words import dividing as dividing
from .words import environment_overflow_text as environment_overflow_text
from .words import name_number as name_number
from .words import newcomers_text as newcomers_text
from .words import treeless_text as treeless_text
from .words import value_word as value_word
