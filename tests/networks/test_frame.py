"""A table of ties is the same network in whatever library it is."""

import duckdb
import numpy as np
import pandas
import polars
import pyarrow
import pytest

from ecumene.errors import InputError
from ecumene.networks import network

NUMBERS = {"source": [5, 9, 7], "target": [9, 7, 5]}
TEXTS = {"source": ["Ann", "Bo", "Ann"], "target": ["Bo", "Cy", "Cy"]}
MAKERS = {
    "pandas": pandas.DataFrame,
    "polars": polars.DataFrame,
    "pyarrow": pyarrow.table,
    "duckdb": lambda columns: duckdb.from_arrow(pyarrow.table(columns)),
    "pairs": lambda columns: list(zip(*columns.values(), strict=True)),
    "numpy": lambda columns: np.array(list(columns.values())).T,
}


@pytest.mark.parametrize("maker", MAKERS)
@pytest.mark.parametrize("columns", [NUMBERS, TEXTS], ids=["numbers", "texts"])
def test_every_library_gives_the_network_of_the_mapping(maker, columns):
    assert network(MAKERS[maker](columns)).digest() == network(columns).digest()


@pytest.mark.parametrize("maker", ["pandas", "polars", "pyarrow", "duckdb"])
def test_columns_with_known_names_are_found(maker):
    found = network(MAKERS[maker]({"weight": [2, 3], "to": [0, 1], "from": [1, 2]}), directed=True)
    assert found.notices == ("ids are in `from` and `to`; not used: weight",)
    assert found.target.tolist() == [0, 1]


def test_a_frame_is_undirected_with_a_notice():
    assert network(NUMBERS).notices[0].startswith("ties taken as undirected")


def test_categories_are_text():
    frame = pandas.DataFrame(TEXTS).astype("category")
    assert network(frame).digest() == network(TEXTS).digest()


def test_whole_floats_are_whole_numbers():
    columns = {name: np.array(ids, dtype=float) for name, ids in NUMBERS.items()}
    assert network(columns).digest() == network(NUMBERS).digest()


@pytest.mark.parametrize("maker", ["pandas", "polars", "pyarrow", "duckdb"])
@pytest.mark.parametrize("ids", [[0, None], ["a", None]], ids=["numbers", "texts"])
def test_a_missing_id_is_refused_with_its_row(maker, ids):
    with pytest.raises(InputError, match="row 2: an id is missing"):
        network(MAKERS[maker]({"source": ids, "target": ids[:1] * 2}))


WRONG = {
    "a path": ("ties.txt", "a str is no network.*read_network"),
    "a number": (5, "a int is no network"),
    "nothing": ([], "holds no ties"),
    "one column": ({"a": [1]}, "has 1 column"),
    "uneven columns": ({"a": [1, 2], "b": [1]}, "columns of 2 and 1 ids"),
    "a tie of three": ([(1, 2), (1, 2, 3)], "a tie of 3 ids"),
    "an array of three columns": (np.zeros((4, 3), int), r"shape \(4, 3\)"),
    "broken numbers": ({"a": [0.5], "b": [1.0]}, "row 1: `0.5` is no id"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_no_table_of_ties_is_refused(what):
    thing, message = WRONG[what]
    with pytest.raises(InputError, match=message):
        network(thing)
