"""Tables of the places that the agents' functions read, as whole numbers on stated grids.

Chances are multiples of 2**-30, normal deviates and logarithms multiples of 2**-20. What is not
solved exactly lies farther from the next rounding than any processor's error (a test checks it).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import cache, lru_cache
from statistics import NormalDist

import numpy as np

from ..arrays import Column, Integers
from ..random import fold, uniform
from .apportion import starts
from .curves import SCHOOL_YEARS, monotone, school_shares, trust_by_age
from .people import (
    ADULT,
    AGE_CELLS,
    AGES,
    COLUMNS_OF_LUCK,
    FINE,
    NORMALS,
    ONE,
    PARTS,
    SCHOOL_CELLS,
)
from .places import Place

KNOTS = (0, 15, 20, 40, 60, 65, 100)
RANK_CORRELATION = Fraction(2, 5)  # of income with schooling; design, from memory
AGE_SLOPE = Fraction(1, 20)  # logits of trust per standard deviation of age; design
OLDEST = AGES - 2  # from_age at most: somebody is older in every place
DOUBLINGS = 32  # incomes stay far below 2**32 dollars; products stay below 2**63
COUNTRY_SPREAD = 0.10  # SD of a country's trust between surveys; design, models page section 11
PEOPLE_KEY = 0x45434F50_454F504C  # folded with a column's number: the luck of who one is
GUIDED = 11  # Identities are looked up by so many of their leading bits.
DRAW_KEY = 0x45434F44_52415721  # folded with a draw's number: the luck of what a country is


def tables(
    places: Sequence[Place], counts: Sequence[int], draw: int, from_age: int = 0
) -> dict[str, Column]:
    """All tables for `places` with `counts` people; `draw` moves the countries' trust.

    Nobody is younger than `from_age`.
    """
    ages = [age_below(place, from_age) for place in places]
    schools = [school_below(place.schooling) for place in places]
    trust = [trust_below(place, from_age, draw) for place in places]
    regions = sorted({place.region for place in places})
    start = starts(counts)
    shift = max(0, int(start[-1]).bit_length() - GUIDED)
    return {
        "background_key": _keys(),
        "places": np.array([len(places)]),
        "place_start": start,
        "place_guide": _place_guide(start, shift),
        "place_shift": np.array([shift]),
        "place_region": np.array([regions.index(place.region) for place in places]),
        "age_below": np.concatenate(ages),
        "age_guide": np.concatenate([_guide(a, AGE_CELLS) for a in ages]),
        "urban_below": np.array([round(place.urban * ONE) for place in places]),
        "school_below": np.concatenate(schools),
        "school_guide": np.concatenate([_guide(s, SCHOOL_CELLS) for s in schools]),
        "trust_below": np.concatenate(trust),
        "income_middle": _round([income_middle(place) * FINE for place in places]),
        "income_spread": _round([income_spread(place) * FINE for place in places]),
        "income_tie": _round([part * FINE for part in copula()]),
        "normal": _round([deviate * FINE for deviate in deviates()]),
        "power_part": _round([power * ONE for power in powers()]),
        "power_whole": np.array([1 << i for i in range(DOUBLINGS)]),
    }


def _place_guide(start: Integers, shift: int) -> Integers:
    """The place in which every `1 << shift` identities begin."""
    first = np.arange((int(start[-1]) >> shift) + 1, dtype=np.int64) << shift
    return np.minimum(np.searchsorted(start, first, side="right"), start.size - 1) - 1


@cache
def age_below(place: Place, from_age: int = 0) -> Integers:
    """How many of 2**30 people of `from_age` or older are younger than 1, 2, ... 100 years."""
    heights = [Fraction(0), *place.ages, Fraction(1)]
    below = monotone(KNOTS, heights, range(1, AGES + 1))
    younger = below[from_age - 1] if from_age else Fraction(0)
    shares = [max(Fraction(0), (y - younger) / (1 - younger)) for y in below]
    ages = np.array([round(y * ONE) for y in shares])
    ages.setflags(write=False)
    return ages


def old_enough(place: Place, from_age: int) -> int:
    """How many people of a place are `from_age` or older, times 2**30 thousand."""
    younger = int(age_below(place)[from_age - 1]) if from_age else 0
    return place.thousands * (ONE - younger)


@lru_cache(10_000)  # some hundred draws of all places
def trust_below(place: Place, from_age: int, draw: int) -> Integers:
    """How many of 2**30 people trust, by year of age: none before 18; on a grid of 2**-20."""
    ages = age_below(place, from_age)
    people = [Fraction(int(count)) for count in np.diff(ages, prepend=0)[ADULT:]]
    chances = trust_by_age(country_trust(place, draw), people, AGE_SLOPE)
    grid = ONE // FINE
    below = np.array([0] * ADULT + [round(chance * FINE) * grid for chance in chances])
    below.setflags(write=False)
    return below


def country_trust(place: Place, draw: int) -> Fraction:
    """The share of adults who trust, moved by the country's effect when `draw` is not 0."""
    if draw == 0:
        return place.trust
    key = fold(DRAW_KEY, draw)
    for letter in place.code.encode():
        key = fold(key, letter)
    effect = COUNTRY_SPREAD * NormalDist().inv_cdf(max(uniform(key), 2.0**-53))
    moved = place.trust + Fraction(round(effect * FINE), FINE)
    return min(max(moved, Fraction(1, 100)), Fraction(99, 100))


@cache
def deviates() -> tuple[float, ...]:
    """The standard normal at the middles of `NORMALS` equal shares, scaled to a variance of 1."""
    law = NormalDist()
    upper = [law.inv_cdf((NORMALS / 2 + i + 0.5) / NORMALS) for i in range(NORMALS // 2)]
    scale = 1.0 / math.sqrt(2.0 * math.fsum(z * z for z in upper) / NORMALS)
    return (*(-z * scale for z in reversed(upper)), *(z * scale for z in upper))


def powers() -> list[float]:
    """2 to the middle of each of `PARTS` equal parts of 0 to 1."""
    return [2.0 ** ((i + 0.5) / PARTS) for i in range(PARTS)]


def copula() -> tuple[float, float]:
    """Weights of schooling's deviate and income's own, for the Gaussian copula of that rank tie."""
    rho = 2.0 * math.sin(math.pi * float(RANK_CORRELATION) / 6.0)
    return rho, math.sqrt(1.0 - rho * rho)


def income_spread(place: Place) -> float:
    """Doublings of income per standard deviation: the log-normal with the place's Gini index."""
    return math.sqrt(2.0) * NormalDist().inv_cdf(float((1 + place.gini) / 2)) / math.log(2.0)


def income_middle(place: Place) -> float:
    """Log to base 2 of the median, such that the mean over the table of deviates is the income."""
    sigma = income_spread(place) * math.log(2.0)
    upper = np.array(deviates()[NORMALS // 2 :])
    inflation = 1.0
    for part in copula():
        inflation *= float(np.cosh(sigma * part * upper).mean())
    return math.log2(float(place.gni) / inflation)


def _round(values: Iterable[float]) -> Integers:
    return np.array([round(value) for value in values])


@cache
def school_below(mean: Fraction) -> Integers:
    """How many of 2**30 people have fewer than 1, 2, ... 21 years of schooling, by their mean."""
    shares = school_shares(mean)
    below = [round(math.fsum(shares[: i + 1]) * ONE) for i in range(SCHOOL_YEARS)]
    below = np.array([*below[:-1], ONE])
    below.setflags(write=False)
    return below


def _guide(below: Integers, cells: int) -> Integers:
    """For each of `cells` equal parts of the luck, where to begin looking in `below`."""
    return np.searchsorted(below, np.arange(cells) * (ONE // cells), side="right")


def _keys() -> Integers:
    keys = [fold(PEOPLE_KEY, column) for column in range(COLUMNS_OF_LUCK)]
    return np.array(keys, dtype=np.uint64).view(np.int64)
