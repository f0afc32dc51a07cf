"""What happens: rules of agents, ties, meetings, claims and the environment, and for whom."""

from .activity import Activity as Activity
from .activity import awake as awake
from .activity import changed as changed
from .activity import everyone as everyone
from .activity import flagged as flagged
from .activity import reached_by as reached_by
from .activity import sample as sample
from .agent_rule import AgentRule as AgentRule
from .agent_rule import agent_rule as agent_rule
from .claim import Claim as Claim
from .claim import claim as claim
from .encounter import Encounter as Encounter
from .encounter import encounter as encounter
from .environment_rule import EnvironmentRule as EnvironmentRule
from .environment_rule import environment_rule as environment_rule
from .meeting import LEADS as LEADS
from .meeting import Meeting as Meeting
from .meeting import meeting as meeting
from .rule import Rule as Rule
from .source import Reach as Reach
from .source import attributes_of as attributes_of
from .source import uses as uses
from .tie_rule import IN_DEGREE as IN_DEGREE
from .tie_rule import NOTHING as NOTHING
from .tie_rule import TieRule as TieRule
from .tie_rule import tie_rule as tie_rule
