"""Users' persons stand for agents: in exact proportion, and compiled like any other column."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecumene.errors import EcumeneError, InputError, ParameterError
from ecumene.population.persons import population

PERSONS = {"age": [34, 20, 70], "sex": ["f", "m", "f"], "home": [True, False, True]}


def rows(background, column="age"):
    return background.values(column, range(background.size))


def test_without_weights_every_person_is_one_agent():
    background = population(PERSONS)
    assert (background.size, background.names) == (3, ("age", "sex", "home"))
    assert rows(background) == [34, 20, 70]
    assert background.derived["sex"].labels == ("f", "m")
    assert rows(background, "home") == [True, False, True]


def test_a_weight_column_says_for_how_many_a_person_stands():
    background = population(PERSONS | {"weight": [3.0, 0.5, 0.5]}, agents=8, weight="weight")
    assert rows(background) == [34] * 6 + [20, 70]
    assert "weight" not in background.names
    assert background.notes[0] == "8 agents from the 3 persons of frame, by the weight `weight`."


def test_without_a_number_of_agents_there_are_as_many_as_persons():
    assert rows(population(PERSONS | {"w": [2, 1, 0]}, weight="w")) == [34, 34, 20]
    assert (
        "1 persons stand for nobody" in population(PERSONS | {"w": [2, 1, 0]}, weight="w").notes[0]
    )


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=30).filter(any), st.integers(1, 10**10))
def test_every_person_stands_for_its_share_to_less_than_one_agent(weights, n):
    background = population({"row": list(range(len(weights))), "w": weights}, agents=n, weight="w")
    counts = np.diff(background.tables["row_start"])
    assert counts.sum() == n
    exact = np.array(weights) / max(weights)
    exact *= n / exact.sum()
    assert np.abs(counts - exact).max() < 1 + n * len(weights) * 2**-39
    assert background.values("row", [0, n - 1]) == sorted(background.values("row", [0, n - 1]))


def test_whole_weights_are_taken_exactly():
    big = population({"a": [0, 1], "w": [2**62, 1]}, agents=10, weight="w")
    assert np.diff(big.tables["row_start"]).tolist() == [10, 0]


@pytest.mark.parametrize("agents", [None, 10_000])
@pytest.mark.parametrize("column", ["age", "sex", "home"])
def test_compiled_columns_hold_the_bits_of_plain_python(evaluate, agents, column):
    background = population(PERSONS, agents=agents)
    n = min(background.size, 200)
    assert evaluate(background, column, n=n).tolist() == background.values(column, range(n))


def test_another_file_another_digest():
    one, other = population(PERSONS), population(PERSONS | {"sex": ["f", "x", "f"]})
    assert one.digest() != other.digest()
    assert one.digest() == population(dict(PERSONS)).digest()


def test_a_file_gives_its_name(tmp_path):
    path = tmp_path / "town.csv"
    path.write_text("Age in years,w\n34,1\n20,\n")
    with pytest.raises(InputError, match="`w` has no value for 1 of 2"):
        population(path, weight="w")
    path.write_text("Age in years,w\n34,1\n20,3\n")
    town = population(str(path), agents=4, weight="w")
    assert town.name == "town.csv"
    assert rows(town, "Age_in_years") == [34, 20, 20, 20]
    assert town.notes[1] == "column `Age in years` is called `Age_in_years`."


@pytest.mark.parametrize(
    ("weights", "told"),
    [
        ([1, -1, 2], "weight of person 2 is -1"),
        ([1, float("nan"), 2], "no value for 1 of 3"),
        ([0, 0, 0], "are 0"),
        (["a", "b", "c"], "holds no numbers"),
        ([1, float("inf"), 2], "infinite"),
        ([True, False, True], "holds no numbers"),
    ],
)
def test_weights_that_are_none_are_one_clear_error(weights, told):
    with pytest.raises(InputError, match=told):
        population(PERSONS | {"w": weights}, agents=10, weight="w")


def test_an_unknown_weight_column_gets_the_nearest_one_offered():
    with pytest.raises(InputError, match=r"no column named `wieght`.*Did you mean `weight`"):
        population(PERSONS | {"weight": [1, 1, 1]}, weight="wieght")


@pytest.mark.parametrize("agents", [0, -3, 2.5, 10**11, True])
def test_a_number_of_agents_that_is_none_is_one_clear_error(agents):
    with pytest.raises(ParameterError, match="agents"):
        population(PERSONS, agents=agents)


def test_persons_with_nothing_but_a_weight_are_an_error():
    with pytest.raises(EcumeneError, match="no column can be used"):
        population({"w": [1, 2]}, weight="w")


def test_columns_may_be_called_as_what_the_machinery_uses():
    names = ["row", "own_row", "rows", "row_start", "tables", "identity", "person"]
    background = population({name: [i] for i, name in enumerate(names)}, agents=2)
    assert [background.values(name, [1])[0] for name in names] == list(range(len(names)))
