"""Tables hold the same bits on every machine: far from every rounding, and pinned."""

import statistics

import numpy as np
import pytest
from blake3 import blake3

from ecumene.population import world_population
from ecumene.population.people import FINE, ONE
from ecumene.population.places import find_countries, place, world
from ecumene.population.tables import (
    age_below,
    copula,
    country_trust,
    deviates,
    income_middle,
    income_spread,
    powers,
)

PLACES = world()
# BLAKE3 over each table of world_population(10**6): a change here changes everybody's numbers.
PINNED = {
    "background_key": "7fdcd3dd579b5460",
    "places": "2d515e9f778f79b5",
    "place_start": "c42f9d3b999988ac",
    "place_guide": "1ef2fc942eff45cb",
    "place_shift": "b8955078e2c8ea36",
    "place_region": "1a3e7b3a66a5c5fe",
    "age_below": "bacbc8cb9c557a36",
    "age_guide": "ed4342fad58c586e",
    "urban_below": "51c94248cd422502",
    "school_below": "b6927f610c70ddc7",
    "school_guide": "77e6efbabab2fb63",
    "trust_below": "5933ab1d9bdf7b81",
    "income_middle": "cfc731c211ac99c0",
    "income_spread": "c7222f91aedda134",
    "income_tie": "3ddba23142a1e684",
    "normal": "58a4b3e88f0537a0",
    "power_part": "59493db8977ee1af",
    "power_whole": "18f328484b66fc3d",
}


def digest(table):
    return blake3(table.astype("<i8").tobytes()).hexdigest()[:16]


def test_every_table_has_its_pinned_checksum():
    assert {n: digest(t) for n, t in world_population(10**6).tables.items()} == PINNED


@pytest.mark.parametrize(
    "values",
    [
        np.array(deviates()) * FINE,
        np.array(powers()) * ONE,
        np.array(copula()) * FINE,
        np.array([income_middle(p) for p in PLACES]) * FINE,
        np.array([income_spread(p) for p in PLACES]) * FINE,
    ],
    ids=["normal", "power_part", "income_tie", "income_middle", "income_spread"],
)
def test_no_number_lies_where_a_processors_last_bit_could_round_it_otherwise(values):
    to_boundary = np.abs(np.abs(values - np.round(values)) - 0.5)
    assert to_boundary.min() > 4 * np.spacing(np.abs(values).max())
    assert to_boundary.min() > 1e-6


def test_tables_of_the_world_take_a_megabyte_at_most():
    assert sum(t.nbytes for t in world_population(10**10).tables.values()) < 1e6


def test_the_median_of_the_age_curve_is_the_tables_estimate():
    for country in PLACES:
        if country.is_rest:
            continue
        below = np.concatenate(([0], age_below(country))) / ONE
        (figures,) = find_countries([country.code])
        median = float(np.interp(0.5, below, np.arange(101)))
        assert median == pytest.approx(figures.median_age_estimate, abs=0.1)  # of rounded shares


def test_the_curve_passes_through_the_tables_shares():
    for country in PLACES:
        below = age_below(country)
        assert (np.diff(below) >= 0).all()
        assert below[-1] == ONE
        for years, share in zip((15, 20, 40, 60, 65), country.ages, strict=True):
            assert below[years - 1] == round(share * ONE)


def test_draw_0_takes_the_survey_at_its_word():
    india = place(find_countries(["IND"])[0])
    assert country_trust(india, 0) == india.trust


def test_draws_move_a_countrys_trust_by_a_tenth_and_countries_apart():
    united_states, canada = (place(c) for c in find_countries(["USA", "CAN"]))
    moved = [
        [float(country_trust(p, draw) - p.trust) for draw in range(1, 401)]
        for p in (united_states, canada)
    ]
    for effects in moved:
        assert statistics.stdev(effects) == pytest.approx(0.10, abs=0.015)
        assert statistics.fmean(effects) == pytest.approx(0, abs=0.02)
    assert abs(np.corrcoef(moved)[0, 1]) < 0.15


def test_a_draw_changes_trust_and_nothing_else():
    plain, drawn = world_population(1000), world_population(1000, draw=7)
    differ = {n for n in plain.tables if (plain.tables[n] != drawn.tables[n]).any()}
    assert differ == {"trust_below"}
    assert world_population(1000, draw=7).digest() == drawn.digest() != plain.digest()


@pytest.mark.parametrize("from_age", [0, 13, 40])
def test_adults_who_take_part_trust_as_the_survey_says(from_age):
    """Whatever they are left out for: the mean is over those who are there."""
    tables = world_population(10**6, from_age=from_age).tables
    ages, trust = (tables[name].reshape(-1, 100) for name in ("age_below", "trust_below"))
    people = np.diff(ages, prepend=0, axis=1)[:, 18:]
    found = (people * trust[:, 18:]).sum(axis=1) / people.sum(axis=1) / ONE
    assert found == pytest.approx([float(p.trust) for p in PLACES], abs=1e-5)
