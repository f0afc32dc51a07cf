"""The people of the world, of a country or of several, as a background.

Agents are cut into one contiguous range per country, with exact counts; people of countries outside
the table are one range per region, with the region's means. Nothing is ever chosen by being first
in a range: networks and luck stand behind keyed permutations.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..errors import ParameterError
from . import people
from .apportion import largest_remainder
from .background import Background
from .columns import Derived
from .places import FIGURES, NAMES, Place, find_countries, place, world
from .population import AGENTS_LIMIT
from .tables import COUNTRY_SPREAD, OLDEST, RANK_CORRELATION, old_enough, tables

WPP = "UN World Population Prospects (CC BY 3.0 IGO), via Gapminder (CC BY 4.0)"
WUP = "UN World Urbanization Prospects 2018 (CC BY 3.0 IGO), via Our World in Data (CC BY)"
HDR = "UNDP Human Development Report 2023/24 (CC BY 3.0 IGO)"
SURVEYS = "World Values Survey, European Values Study, Afrobarometer, Arab Barometer"


def world_population(n: int, draw: int = 0, from_age: int = 0) -> Background:
    """`n` people like the world's: countries in proportion, ages, towns, schooling, income, trust.

    `draw` numbers a draw of the countries' uncertain trust; 0 takes the surveys at their word.
    Those younger than `from_age` years are left out.
    """
    return _background("world", world(), n, draw, from_age)


def country(name: str, n: int, draw: int = 0, from_age: int = 0) -> Background:
    """`n` people like a country's; `name` is its ISO 3166-1 code or its English name."""
    found = place(find_countries([name])[0])
    return _background(found.code, [found], n, draw, from_age)


def countries(names: Sequence[str], n: int, draw: int = 0, from_age: int = 0) -> Background:
    """`n` people like those of several countries, in proportion to their populations."""
    if isinstance(names, str):
        raise ParameterError(f'countries are a list of names: type ["{names}"], or ec.country().')
    found = [place(c) for c in find_countries(names)]
    return _background("+".join(p.code for p in found), found, n, draw, from_age)


def _background(name: str, places: Sequence[Place], n: int, draw: int, from_age: int) -> Background:
    size = whole_number("agents", n, 1, AGENTS_LIMIT)
    draw = whole_number("draw", draw, 0, 2**63 - 1)
    from_age = whole_number("from_age", from_age, 0, OLDEST)
    counts = largest_remainder([old_enough(place, from_age) for place in places], size)
    named = name if draw == 0 else f"{name}, draw {draw}"
    return Background(
        name=named if from_age == 0 else f"{named}, from {from_age} years",
        size=size,
        derived=_derived(places),
        tables=tables(places, counts, draw, from_age),
        notes=(*_gaps(places, counts), *_assumptions(draw)),
        ranges={"country": tuple(counts)},
    )


def whole_number(name: str, value: int, low: int, high: int) -> int:
    """`value`, which must be a whole number from `low` to `high`."""
    try:
        number = value.__index__()
    except AttributeError:
        number = None
    if number is None or isinstance(value, bool):
        raise ParameterError(f"{name} must be a whole number; got {value!r}. Type, say, 1_000_000.")
    if not low <= number <= high:
        raise ParameterError(f"{name} = {number:,} is outside {low:,} to {high:,}.")
    return number


def _derived(places: Iterable[Place]) -> dict[str, Derived]:
    codes = tuple(p.code for p in places)
    regions = tuple(sorted({p.region for p in places}))
    return {
        "country": Derived(
            *(people.country, "int", codes, "", WPP, "ISO 3166-1 code, or the rest of a region"),
            along=people.country,
        ),
        "region": Derived(
            *(people.region, "int", regions, "", "UN Statistics Division, M49", "region of the UN"),
            along=people.country,
        ),
        "age": Derived(people.age, "int", None, "years", WPP, "completed years, 0 to 99"),
        "age_band": Derived(
            people.age_band, "int", people.AGE_BANDS, "years", WPP, "the table's age groups"
        ),
        "urban": Derived(people.urban, "bool", None, "", WUP, "lives in an urban area"),
        "schooling": Derived(
            people.schooling, "int", None, "years", HDR, "completed years of schooling, 0 to 20"
        ),
        "income": Derived(
            people.income,
            "int",
            None,
            "international dollars of 2017 a year",
            f"{HDR}; Gini index: Gapminder (CC BY 4.0)",
            "log-normal around gross national income per head",
        ),
        "trust": Derived(
            people.trust, "bool", None, "", SURVEYS, "an adult who says most people can be trusted"
        ),
    }


def _gaps(places: Sequence[Place], counts: Sequence[int]) -> list[str]:
    """What is imputed, and for whom."""
    notes: list[str] = []
    outside = sum(n for p, n in zip(places, counts, strict=True) if p.is_rest)
    if outside:
        notes.append(
            f"{outside:,} of {sum(counts):,} people live outside the country table; they are one "
            "range per region, `rest of ...`, with the population-weighted means of the region's "
            "countries (imputed; `rest of Oceania` is thus like Australia and New Zealand, which "
            "its people are not)."
        )
    for figure in FIGURES:
        names = [p.name for p in places if figure in p.imputed and not p.is_rest]
        if names:
            notes.append(f"{NAMES[figure]} of {', '.join(names)} is its region's mean (imputed).")
    return notes


def _assumptions(draw: int) -> list[str]:
    effect = (
        "no country effect (draw 0)"
        if draw == 0
        else f"each country's share moved by a normal effect of SD {COUNTRY_SPREAD} (draw {draw})"
    )
    return [
        "trust is one survey per country, asked of adults (latest World or European Values Survey, "
        f"else a barometer); surveys of one country differ by tens of points; {effect}.",
        "income is log-normal with the country's Gini index around gross national income per head, "
        "an approximation of equivalised household income; its rank correlates "
        f"{float(RANK_CORRELATION)} with that of schooling (assumed).",
        "within a country, age, urban residence and schooling are independent, but for the years "
        "that a young person can have been at school.",
    ]
