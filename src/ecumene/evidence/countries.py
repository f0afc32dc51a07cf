"""The countries: people, ages, towns, schooling, income and trust, with gaps left as gaps.

Trust differs between surveys of one country by tens of points; `trust` is one survey's answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from .reading import number, rows


@dataclass(frozen=True)
class Country:
    """One row of `countries.csv`; shares are in percent, None where nothing is known."""

    iso3: str
    name: str
    region: str
    trust_game_region: str
    thousands: int
    aged_0_14: float
    aged_15_19: float
    aged_20_39: float
    aged_40_59: float
    aged_60plus: float
    aged_65plus: float
    median_age_estimate: float
    urban: float
    schooling: float | None
    gni: float | None
    gini: float
    trust: float | None
    trust_survey: str
    trust_years: str
    trust_answers: int | None


@cache
def countries() -> tuple[Country, ...]:
    """The countries of the table, the 50 most populous first."""
    return tuple(_country(row) for row in rows("countries"))


@cache
def regions() -> Mapping[str, int]:
    """The people of each region in thousands, those outside the country table included."""
    return {row["region"]: int(row["pop_2025_thousands"]) for row in rows("regions")}


def _country(row: Mapping[str, str]) -> Country:
    return Country(
        iso3=row["iso3"],
        name=row["country"],
        region=row["region"],
        trust_game_region=row["trust_game_region"],
        thousands=int(row["pop_2025_thousands"]),
        aged_0_14=float(row["age_0_14_pct"]),
        aged_15_19=float(row["age_15_19_pct"]),
        aged_20_39=float(row["age_20_39_pct"]),
        aged_40_59=float(row["age_40_59_pct"]),
        aged_60plus=float(row["age_60plus_pct"]),
        aged_65plus=float(row["age_65plus_pct"]),
        median_age_estimate=float(row["median_age_est"]),
        urban=float(row["urban_pct_2025"]),
        schooling=number(row["mean_years_schooling_2022"]),
        gni=number(row["gni_pc_ppp2017_2022"]),
        gini=float(row["gini_2025"]),
        trust=number(row["trust_pct"]),
        trust_survey=row["trust_survey"],
        trust_years=row["trust_years"],
        trust_answers=int(row["trust_n"]) if row["trust_n"] else None,
    )
