"""What agents would do: tables from situations to distributions over actions."""

from .binned import Binned as Binned
from .binned import binned as binned
from .binned import grouped as grouped
from .binned import levels as levels
from .choosing import choose as choose
from .choosing import situation as situation
from .counts import counts_policy as counts_policy
from .formulas import best_response_policy as best_response_policy
from .formulas import logit_policy as logit_policy
from .formulas import threshold_policy as threshold_policy
from .pairs import pair_policy as pair_policy
from .policy import Policy as Policy
from .saving import read_policy as read_policy
from .saving import write_policy as write_policy
from .survey import survey_policy as survey_policy
from .table import table_policy as table_policy
