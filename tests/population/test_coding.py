"""A user's column becomes numbers, or one clear error."""

import numpy as np
import pytest

from ecumene.errors import InputError
from ecumene.population.coding import MISSING, MOST_LABELS, coded, column_name


def objects(*values):
    return np.array(values, dtype=object)


@pytest.mark.parametrize(
    ("values", "kind", "table"),
    [
        (np.array([3, 4], dtype=np.int8), "int", [3, 4]),
        (np.array([True, False]), "bool", [1, 0]),
        (np.array([0.5, 2.0], dtype=np.float32), "float", [0.5, 2.0]),
        (objects(3, 4), "int", [3, 4]),
        (objects(3, 4.5), "float", [3.0, 4.5]),
        (objects(True, False), "bool", [1, 0]),
    ],
)
def test_numbers_keep_their_kind(values, kind, table):
    code = coded("x", values)
    assert (code.kind, code.values.tolist(), code.labels) == (kind, table, None)


def test_texts_become_codes_in_the_order_of_the_alphabet_not_of_the_rows():
    code = coded("x", objects("m", "f", "m"))
    assert (code.kind, code.values.tolist(), code.labels) == ("int", [1, 0, 1], ("f", "m"))


def test_a_missing_text_is_a_group_of_its_own_and_counted():
    code = coded("x", objects("m", None, float("nan")))
    assert code.labels == (MISSING, "m")
    assert "no value for 2 persons" in code.note


def test_codes_written_as_texts_keep_their_zeros():
    assert coded("zip", objects("00123", "04567")).labels == ("00123", "04567")


@pytest.mark.parametrize(
    "values",
    [
        objects(1, None, 2),
        np.array([1.0, np.nan, 2.0]),
        np.ma.masked_array([1, 9, 2], [0, 1, 0]),
        objects("1", "NA", "2"),
        objects("1", None, "2"),
    ],
)
def test_a_gap_among_numbers_is_an_error_that_counts_and_places_it(values):
    with pytest.raises(
        InputError, match=r"`x` has no value for 1 of 3 persons \(first: person 2\)"
    ):
        coded("x", values)


@pytest.mark.parametrize(
    ("values", "told"),
    [
        (np.array([1.0, np.inf]), "infinite in person 2"),
        (np.array([2**63], dtype=np.uint64), "above"),
        (objects(1, "x"), "mixes texts and numbers"),
        (objects(None, None), "no value at all"),
    ],
)
def test_what_cannot_be_a_table_is_an_error(values, told):
    with pytest.raises(InputError, match=told):
        coded("x", values)


@pytest.mark.parametrize(
    "values",
    [
        np.array(["2001-02-03"], dtype="datetime64[D]"),
        objects({"a": 1}),
        objects(*(f"name {i}" for i in range(MOST_LABELS + 1))),
    ],
    ids=["dates", "nested", "names"],
)
def test_what_no_rule_could_use_is_left_out_with_a_note(values):
    code = coded("x", values)
    assert code.kind == ""
    assert "`x` is left out" in code.note


def test_names_become_what_a_rule_can_write():
    assert column_name("Rich (yes)", []) == "Rich_yes"
    assert column_name("2nd", []) == "column_2nd"
    assert column_name("class", []) == "class_"
    assert column_name("größe", []) == "größe"
    with pytest.raises(InputError, match="two columns"):
        column_name("a-b", ["a_b"])
