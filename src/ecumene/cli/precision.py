"""How many agents a question needs: enough that its answer's interval fits what it is held to.

A share p counted over N independent agents is known to ± 1.96 √(p(1-p)/N) at 95 %. Agents who copy
one another know less than that, so the number is a least one.
"""

from __future__ import annotations

from math import ceil

Z = 1.959963984540054  # the normal's 97.5 % point


def agents_for_band(low: float, high: float, spread: float) -> int:
    """The fewest agents whose 95 % interval, centred, fits into [low, high].

    `spread` is the standard deviation between seeds times the root of the number of agents.
    """
    return ceil((Z * spread / ((high - low) / 2)) ** 2)


def reach_of_share(agents: int, share: float = 0.5) -> float:
    """Half the 95 % interval of a share counted over that many agents."""
    return Z * (share * (1 - share) / agents) ** 0.5
