"""Countries are found by code or name; what is imputed says so."""

from fractions import Fraction

import pytest

from ecumene.errors import ParameterError
from ecumene.evidence import countries, regions
from ecumene.population.places import FIGURES, find_countries, place, world


@pytest.mark.parametrize("name", ["IND", "ind", "India", " india "])
def test_a_country_is_found_by_code_or_name_in_any_case(name):
    assert find_countries([name])[0].iso3 == "IND"


@pytest.mark.parametrize(("name", "guess"), [("INDA", "IND"), ("Frence", "FRA"), ("japn", "JPN")])
def test_a_misspelt_country_gets_the_nearest_one_offered(name, guess):
    with pytest.raises(ParameterError, match=f"no country named `{name}`. Did you mean `{guess}`"):
        find_countries([name])


def test_a_country_outside_the_table_is_told_where_its_people_are():
    with pytest.raises(ParameterError, match="rest of"):
        find_countries(["Nepal"])


def test_no_country_and_a_country_twice_are_errors():
    with pytest.raises(ParameterError, match="no country given"):
        find_countries([])
    with pytest.raises(ParameterError, match="IND given twice"):
        find_countries(["IND", "india"])


def test_a_missing_figure_is_the_mean_of_the_region_and_marked():
    congo = place(find_countries(["COD"])[0])
    known = [c for c in countries() if c.region == "Africa" and c.trust is not None]
    mean = sum(c.thousands * Fraction(str(c.trust)) for c in known) / sum(
        c.thousands for c in known
    )
    assert congo.imputed == ("trust",)
    assert congo.trust == mean / 100


def test_the_world_is_every_country_and_the_rest_of_each_region():
    places = world()
    assert len(places) == len(countries()) + len(regions())
    assert sum(p.thousands for p in places) == sum(regions().values())
    rest = places[len(countries()) :]
    assert all(p.is_rest and p.imputed == FIGURES for p in rest)
    share = sum(p.thousands for p in rest) / sum(regions().values())
    assert 0.11 < share < 0.13


def test_the_rest_of_a_region_has_the_mean_of_its_countries():
    oceania = next(p for p in world() if p.code == "rest of Oceania")
    australia, zealand = (place(c) for c in find_countries(["AUS", "NZL"]))
    assert australia.urban < oceania.urban < zealand.urban or oceania.urban == (
        australia.urban * australia.thousands + zealand.urban * zealand.thousands
    ) / (australia.thousands + zealand.thousands)
