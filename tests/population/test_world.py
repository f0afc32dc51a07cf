"""The world's people: of any size, by name, with what is assumed written down."""

import numpy as np
import pytest

from ecumene.errors import ParameterError
from ecumene.population import countries, country, world_population

PINNED_DIGEST = "90cb680ba88b910f89062865b973b5b0566e6235c23f863aeddf6596b7c676fe"


def test_the_digest_is_pinned():
    assert world_population(10**6).digest() == PINNED_DIGEST


@pytest.mark.parametrize("n", [1, 2, 67, 1000])
def test_small_worlds_hold_every_agent(n):
    world = world_population(n)
    assert world.size == n
    for name, column in world.derived.items():
        values = world.values(name, range(n))
        assert len(values) == n
        if column.labels:
            assert all(0 <= value < len(column.labels) for value in values)


def test_ten_thousand_million_agents_cost_no_more_than_one():
    world = world_population(10**10)
    labels = world.derived["country"].labels
    numbers = world.values("country", [0, 5 * 10**9, 10**10 - 1])
    assert [labels[number] for number in (numbers[0], numbers[-1])] == ["IND", "rest of Oceania"]
    assert numbers == sorted(numbers)
    assert 0 <= world.values("age", [10**10 - 1])[0] <= 99
    assert world.tables["place_start"][-1] == 10**10


def test_every_column_has_a_kind_a_source_and_help():
    for column in world_population(10).derived.values():
        assert column.kind in ("int", "float", "bool")
        assert column.source
        assert column.help


def test_a_country_is_one_place():
    india = country("india", 1000)
    assert india.name == "IND"
    assert india.derived["country"].labels == ("IND",)
    assert set(india.values("country", range(0, 1000, 100))) == {0}
    assert india.derived["region"].labels == ("Asia",)


def test_several_countries_are_in_proportion():
    both = countries(["USA", "CAN"], 1000)
    counts = np.diff(both.tables["place_start"])
    assert counts.tolist() == [round(1000 * 347276 / 387403), round(1000 * 40127 / 387403)]
    assert both.name == "USA+CAN"


def test_what_is_imputed_and_assumed_is_noted():
    notes = " ".join(world_population(10**6).notes)
    for told in (
        "118,285 of 1,000,000",
        "imputed",
        "DR Congo",
        "Taiwan",
        "correlates 0.4",
        "draw 0",
    ):
        assert told in notes
    assert "imputed" not in " ".join(country("IND", 10).notes)
    assert "draw 3" in " ".join(country("IND", 10, draw=3).notes)


@pytest.mark.parametrize("n", [0, -1, 10**10 + 1, 1e6, "ten", True, None])
def test_a_size_that_is_none_is_one_clear_error(n):
    with pytest.raises(ParameterError, match="agents"):
        world_population(n)


@pytest.mark.parametrize("draw", [-1, 0.5, 2**63])
def test_a_draw_is_a_whole_number(draw):
    with pytest.raises(ParameterError, match="draw"):
        country("IND", 10, draw=draw)


def test_a_text_is_no_list_of_countries():
    with pytest.raises(ParameterError, match=r'type \["IND"\]'):
        countries("IND", 10)


def test_those_too_young_are_left_out_and_the_others_as_they_were():
    everybody, older = (world_population(100_000, from_age=a) for a in (0, 13))
    some = range(0, 100_000, 11)
    ages, from_13 = (np.array(people.values("age", some)) for people in (everybody, older))
    assert from_13.min() == 13
    assert from_13.mean() == pytest.approx(ages[ages >= 13].mean(), abs=0.6)
    counts = dict(zip(older.derived["country"].labels, older.ranges["country"], strict=True))
    assert counts["CHN"] > counts["IND"]  # there are more people in India, and more children
    assert older.digest() != everybody.digest()
    with pytest.raises(ParameterError, match="from_age = 99"):
        world_population(10, from_age=99)
