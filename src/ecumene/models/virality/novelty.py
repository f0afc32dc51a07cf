"""How far a story gets while novelty decays: a branching process in time, worked out beforehand.

Whoever posts at step t finds ratio * freshness(t) followers who pass it on, each after a delay. Its
mean size is finite for any ratio, but grows fast with it: past some ratio it is the number of
people that ends a story and no longer novelty. Stories are drawn below that ratio.
"""

import numpy as np

import ecumene as ec

from .attention import freshness
from .passing import LONGEST, steps_of

DRAWS = 4096  # of the normal law, at the middles of equal shares
GRID = 0.1  # Ratios are cut at a multiple of it, so that no machine's last digit matters.
ENDLESS = 1e100  # No story is larger on average: kept from growing past what a number holds.
HIGHEST = 1000.0  # the highest ratio that a story may have
KNOWN: dict[tuple[float, ...], float] = {}  # A search takes a second, and lanes ask again.
PART = 0.01  # of all people: more than they on average, and it is people that a story runs out of


def delays(delay, delay_spread):
    """The chance of each number of steps from seeing to sharing."""
    draws = [ec.quantile((draw + 0.5) / DRAWS) for draw in range(DRAWS)]
    steps = [steps_of(delay, delay_spread, z) for z in draws]
    return np.bincount(steps, minlength=LONGEST + 1) / DRAWS


def mean_size(ratio, decay, delay, delay_spread):
    """How many share a story on average, among people without end; it starts with one.

    Nothing is passed on any more two weeks after it began.
    """
    after = delays(delay, delay_spread)[1:]
    sizes = np.ones(2 * LONGEST + 1)
    for step in range(LONGEST - 1, -1, -1):
        each = np.cumsum(after * sizes[step + 1 : step + 1 + LONGEST])[-1]
        sizes[step] = min(ENDLESS, 1.0 + ratio * freshness(step, decay) * each)
    return sizes[0]


def highest_ratio(people, decay, delay, delay_spread):
    """The highest ratio at which novelty, and not the number of people, ends a story."""
    asked = people, decay, delay, delay_spread
    if asked not in KNOWN:
        KNOWN[asked] = _searched(*asked)
    return KNOWN[asked]


def _searched(people, decay, delay, delay_spread):
    low, high = 0, round(HIGHEST / GRID)
    while high - low > 1:
        middle = (low + high) // 2
        most = max(2.0, PART * people)
        if mean_size(middle * GRID, decay, delay, delay_spread) <= most:
            low = middle
        else:
            high = middle
    return low * GRID
