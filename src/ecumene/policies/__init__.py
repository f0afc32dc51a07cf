"""What agents would do: tables from situations to distributions over actions."""

from .binned import Binned as Binned
from .binned import binned as binned
from .binned import grouped as grouped
from .binned import levels as levels
from .choosing import choose as choose
from .choosing import situation as situation
from .policy import Policy as Policy
from .saving import read_policy as read_policy
from .saving import write_policy as write_policy
from .table import table_policy as table_policy
