"""Places: countries and the rest of each region, as exact numbers with the gaps filled and named.

Figures are fractions made of the decimals in the table, so that sums and means of them are exact.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from fractions import Fraction

from ..errors import ParameterError
from ..evidence import Country, countries, regions

FIGURES = ("urban", "schooling", "gni", "gini", "trust")
NAMES = {
    "urban": "urban share",
    "schooling": "schooling",
    "gni": "income",
    "gini": "Gini index",
    "trust": "trust",
}


@dataclass(frozen=True)
class Place:
    """A country, or the people of a region who live outside the countries of the table."""

    code: str  # ISO 3166-1 alpha-3, or "rest of <region>"
    name: str
    region: str
    thousands: int
    ages: tuple[Fraction, ...]  # share of people below 15, 20, 40, 60, 65
    urban: Fraction  # shares lie in 0..1
    schooling: Fraction
    gni: Fraction
    gini: Fraction
    trust: Fraction
    imputed: tuple[str, ...] = ()  # which of `FIGURES` are the region's mean
    is_rest: bool = False


def find_countries(names: Iterable[str]) -> list[Country]:
    """The countries called `names`: ISO 3166-1 codes or English names, in any case."""
    found = [_find(name) for name in names]
    if not found:
        raise ParameterError('no country given; name at least one, say ["IND", "USA"].')
    twice = sorted({country.iso3 for country in found if found.count(country) > 1})
    if twice:
        raise ParameterError(f"{', '.join(twice)} given twice; name each country once.")
    return found


def place(country: Country) -> Place:
    """`country` with missing figures replaced by the mean of its region."""
    gaps = tuple(name for name in FIGURES if getattr(country, name) is None)
    neighbours = [c for c in countries() if c.region == country.region]
    figures = {
        name: _mean(neighbours, name) if name in gaps else _figure(country, name)
        for name in FIGURES
    }
    return Place(
        code=country.iso3,
        name=country.name,
        region=country.region,
        thousands=country.thousands,
        ages=_ages(country),
        urban=figures["urban"],
        schooling=figures["schooling"],
        gni=figures["gni"],
        gini=figures["gini"],
        trust=figures["trust"],
        imputed=gaps,
    )


def world() -> list[Place]:
    """Every country of the table, then the rest of each region."""
    known = [place(country) for country in countries()]
    return known + [_rest(region, known) for region in regions()]


def _rest(region: str, known: list[Place]) -> Place:
    inside = [p for p in known if p.region == region]
    covered = sum(p.thousands for p in inside)

    def mean(figure: Callable[[Place], Fraction]) -> Fraction:
        return sum((p.thousands * figure(p) for p in inside), Fraction(0)) / covered

    return Place(
        code=f"rest of {region}",
        name=f"rest of {region}",
        region=region,
        thousands=regions()[region] - covered,
        ages=tuple(mean(lambda p, i=i: p.ages[i]) for i in range(len(inside[0].ages))),
        urban=mean(lambda p: p.urban),
        schooling=mean(lambda p: p.schooling),
        gni=mean(lambda p: p.gni),
        gini=mean(lambda p: p.gini),
        trust=mean(lambda p: p.trust),
        imputed=FIGURES,
        is_rest=True,
    )


def _ages(country: Country) -> tuple[Fraction, ...]:
    # Rounded shares sum to 99.9 or 100.1 in places: taken relative to their sum.
    groups = (
        country.aged_0_14,
        country.aged_15_19,
        country.aged_20_39,
        country.aged_40_59,
        country.aged_60plus,
    )
    total = sum(map(_exact, groups), Fraction(0))
    below = [sum(map(_exact, groups[: i + 1]), Fraction(0)) / total for i in range(4)]
    return (*below, 1 - _exact(country.aged_65plus) / total)


def _figure(country: Country, name: str) -> Fraction:
    value = _exact(getattr(country, name))
    return value if name in ("schooling", "gni") else value / 100


def _mean(known: Iterable[Country], name: str) -> Fraction:
    with_figure = [c for c in known if getattr(c, name) is not None]
    people = sum(c.thousands for c in with_figure)
    return sum((c.thousands * _figure(c, name) for c in with_figure), Fraction(0)) / people


def _exact(value: float) -> Fraction:
    return Fraction(str(value))  # the decimal in the table, not its binary neighbour


def _find(name: str) -> Country:
    table = {c.iso3.casefold(): c for c in countries()} | {
        c.name.casefold(): c for c in countries()
    }
    wanted = str(name).strip().casefold()
    if wanted in table:
        return table[wanted]
    near = get_close_matches(wanted, table, n=1)
    guess = f" Did you mean `{table[near[0]].iso3}` ({table[near[0]].name})?" if near else ""
    codes = ", ".join(sorted(c.iso3 for c in countries()))
    raise ParameterError(
        f"no country named `{name}`.{guess} There are: {codes}. People of other countries are in "
        "the world's population as `rest of` their region."
    )
