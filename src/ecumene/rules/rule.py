"""Every kind of rule that may stand in a phase."""

from __future__ import annotations

from .agent_rule import AgentRule
from .claim import Claim
from .encounter import Encounter
from .entry import Entry
from .environment_rule import EnvironmentRule
from .meeting import Meeting
from .parting import Parting
from .proposal import Proposal
from .tie_rule import TieRule

Rule = (
    AgentRule | TieRule | EnvironmentRule | Claim | Encounter | Meeting | Entry | Proposal | Parting
)
