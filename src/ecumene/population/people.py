"""Who an agent is: one scalar function per column, of its identity and the tables of the places.

Every luck is keyed by the column and the identity, never by a run's seed. The functions use whole
numbers only, so they hold the same bits on every processor.
"""

from __future__ import annotations

from typing import Any

from ..random import fold, integer

ONE = 1 << 30  # a chance of 1 in the tables
FINE = 1 << 20  # one standard deviation, or one doubling of income, in the tables
AGES = 100
ADULT = 18
AGE_CELLS = 256
AGE_CELL = 1 << 22  # ONE // AGE_CELLS
SCHOOL_YEARS = 21
SCHOOL_CELLS = 32
SCHOOL_CELL = 1 << 25  # ONE // SCHOOL_CELLS
SCHOOL_FROM = 6  # age at which school begins
NORMALS = 1 << 14
NORMAL_CELL = 1 << 16  # ONE // NORMALS
PARTS = 4096
PART = 256  # FINE // PARTS

AGE_LUCK = 0  # places in the table `background_key`
URBAN_LUCK = 1
SCHOOL_LUCK = 2
INCOME_LUCK = 3
TRUST_LUCK = 4
COLUMNS_OF_LUCK = 5

AGE_BANDS = ("0-14", "15-19", "20-39", "40-59", "60-64", "65+")


def country(identity: int, tables: Any) -> int:
    """The number of the place whose range of identities holds `identity`."""
    low = int(tables.place_guide[identity >> tables.place_shift[0]])
    while low + 1 < tables.places[0] and tables.place_start[low + 1] <= identity:
        low += 1
    return low


def region(identity: int, tables: Any) -> int:
    """The region of the agent's place."""
    return int(tables.place_region[country(identity, tables)])


def age(identity: int, tables: Any) -> int:
    """Whole years, 0 to 99."""
    place = country(identity, tables)
    luck = integer(fold(tables.background_key[AGE_LUCK], identity), ONE)
    years = int(tables.age_guide[place * AGE_CELLS + luck // AGE_CELL])
    while luck >= tables.age_below[place * AGES + years]:
        years += 1
    return years


def age_band(identity: int, tables: Any) -> int:
    """The position of the agent's age in `AGE_BANDS`."""
    years = age(identity, tables)
    band = 5
    if years < 15:
        band = 0
    elif years < 20:
        band = 1
    elif years < 40:
        band = 2
    elif years < 60:
        band = 3
    elif years < 65:
        band = 4
    return band


def urban(identity: int, tables: Any) -> bool:
    """Whether the agent lives in an urban area."""
    luck = integer(fold(tables.background_key[URBAN_LUCK], identity), ONE)
    return luck < tables.urban_below[country(identity, tables)]


def schooling(identity: int, tables: Any) -> int:
    """Completed years of schooling: none before 6, at most one for each year since."""
    place = country(identity, tables)
    luck = integer(fold(tables.background_key[SCHOOL_LUCK], identity), ONE)
    attained = int(tables.school_guide[place * SCHOOL_CELLS + luck // SCHOOL_CELL])
    while luck >= tables.school_below[place * SCHOOL_YEARS + attained]:
        attained += 1
    return min(attained, max(age(identity, tables) - SCHOOL_FROM, 0))


def income(identity: int, tables: Any) -> int:
    """International dollars of 2017 a year: log-normal, tied by rank to the luck of schooling."""
    place = country(identity, tables)
    school = integer(fold(tables.background_key[SCHOOL_LUCK], identity), ONE) // NORMAL_CELL
    own = integer(fold(tables.background_key[INCOME_LUCK], identity), NORMALS)
    deviate = (
        tables.income_tie[0] * tables.normal[school] + tables.income_tie[1] * tables.normal[own]
    ) // FINE
    logarithm = int(tables.income_middle[place] + tables.income_spread[place] * deviate // FINE)
    logarithm = max(logarithm, 0)
    doublings = logarithm // FINE
    part = tables.power_part[(logarithm - doublings * FINE) // PART]
    return int((part * tables.power_whole[doublings] + ONE // 2) // ONE)


def trust(identity: int, tables: Any) -> bool:
    """Whether an adult says that most people can be trusted; False before 18."""
    place = country(identity, tables)
    luck = integer(fold(tables.background_key[TRUST_LUCK], identity), ONE)
    return luck < tables.trust_below[place * AGES + age(identity, tables)]
