"""What changes have in common that are for agents alone, and for the agents of one group."""

from __future__ import annotations

from .choosing import Who
from .fitting import Values


class ForAgents:
    """A change that leaves the environment as it is."""

    def environment(self, step: int) -> Values:
        """Nothing of the environment."""
        del step
        return {}


class ForGroup(ForAgents):
    """A change for those agents whom `who` names."""

    who: Who

    @property
    def of(self) -> str:
        """The population of those it is for."""
        return self.who.of

    @property
    def moves(self) -> bool:
        """Unless it is for nobody."""
        return not self.who.nobody
