"""What a policy says about itself."""

from dataclasses import replace

import numpy as np
import pytest

import ecumene as ec
from ecumene.errors import ModelError

COLUMNS = (ec.levels("trust", ("no", "yes")), ec.binned("money", (5, 10)))
ACTIONS = {"keep": "keeps all", "half": "gives half", "all": "gives all"}
CHANCES = [[0.5, 0.3, 0.2], [0, 1, 0], [1, 0, 0], [0.1, 0.1, 0.8], [0, 0, 1], [0.25, 0.25, 0.5]]
SEND = ec.table_policy(COLUMNS, ACTIONS, CHANCES, source="made up", uncertainty=0.02)


def test_chances_are_asked_for_by_values_or_by_labels():
    assert SEND.chances(1, 12) == SEND.chances("yes", "10 or more") == SEND.chances(True, 10)
    assert SEND.chances("yes", 4) == pytest.approx({"keep": 0.1, "half": 0.1, "all": 0.8})


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ((1,), "1 values for the columns trust, money"),
        (("maybe", 3), "no bin named `maybe`; there are: no, yes"),
        ((2, 3), "no bin for 2; it has bins for the whole numbers 0 to 1"),
    ],
)
def test_a_situation_that_is_not_there_is_refused(values, said):
    with pytest.raises(ModelError, match=said):
        SEND.situation(*values)


def test_probabilities_are_the_table():
    assert SEND.probabilities() == pytest.approx(np.array(CHANCES), abs=1e-15)


def test_32_bits_are_off_by_what_is_said_and_keep_what_is_certain():
    narrow = SEND.narrowed()
    assert narrow.thresholds.dtype == np.uint32 and narrow.narrowed() is narrow
    off = np.abs(narrow.probabilities() - SEND.probabilities())
    assert off.max() <= 2.0**-31
    certain = np.isin(np.array(CHANCES), (0, 1))
    assert np.all(off[certain] == 0)
    assert narrow.digest() != SEND.digest()


def test_the_digest_is_of_what_decides_and_of_nothing_else():
    same = replace(
        SEND, sources=("elsewhere",), about={"note": "x"}, actions={**ACTIONS, "all": ""}
    )
    assert same.digest() == SEND.digest()
    other = ec.table_policy(COLUMNS, ACTIONS, CHANCES[::-1], source="made up")
    moved = replace(SEND, columns=(COLUMNS[0], ec.binned("money", (5, 11))))
    named = replace(SEND, actions={"none": "", "half": "", "all": ""})
    assert len({SEND.digest(), other.digest(), moved.digest(), named.digest()}) == 4


def test_a_policy_is_frozen():
    with pytest.raises(ValueError, match="read-only"):
        SEND.thresholds[0, 0] = 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"thresholds": SEND.thresholds[:, ::-1]}, "fall along a row"),
        ({"thresholds": SEND.thresholds[1:]}, "make \\(6, 2\\)"),
        ({"thresholds": SEND.thresholds + np.uint64(1 << 62)}, "pass one"),
        ({"source_of": np.ones(6, np.int16)}, "sources that it does not name"),
        ({"uncertainty": np.zeros(5)}, "make \\(6,\\)"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(change, said):
    with pytest.raises(ModelError, match=said):
        replace(SEND, **change)


def test_it_shows_itself_without_its_cells():
    assert repr(SEND).startswith("<Policy trust 2 x money 3, actions keep, half, all; ")
