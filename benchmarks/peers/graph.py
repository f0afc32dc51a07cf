"""The random graph that every tool gets, and how many a cascade on it should reach."""

import math
from pathlib import Path

import numpy as np

from .adapters.workload import TRANSMISSION

DEGREE = 10


def edge_list(folder: Path, agents: int, luck: int = 2026) -> Path:
    """A file of G(n, m) with n * DEGREE / 2 different ties, in no order, one a line."""
    ties, rng = agents * DEGREE // 2, np.random.default_rng(luck)
    drawn = rng.integers(0, agents * agents, 3 * ties)
    a, b = np.divmod(drawn, agents)
    chosen = rng.permutation(np.unique(drawn[a < b]))[:ties]
    file = folder / f"graph-{agents}.txt"
    np.savetxt(file, np.column_stack(np.divmod(chosen, agents)), fmt="%d")
    return file


def share_reached() -> float:
    """S of S = 1 - exp(-R S), R being the mean degree times the transmission."""
    share = 0.5
    for _ in range(200):
        share = 1 - math.exp(-DEGREE * TRANSMISSION * share)
    return share


def spread(agents: int) -> float:
    """The SD of that share over cascades that take off, among so many agents.

    As if over independent agents, sqrt(S (1 - S)), times 1 / (1 - R (1 - S)), since those missed
    are missed together.
    """
    share = share_reached()
    together = 1 / (1 - DEGREE * TRANSMISSION * (1 - share))
    return math.sqrt(share * (1 - share) / agents) * together
