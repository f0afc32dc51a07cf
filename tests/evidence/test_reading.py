"""Closed lists are closed, and empty cells stay empty."""

import pytest

from ecumene.errors import InputError
from ecumene.evidence.reading import closed, number


def test_a_word_outside_a_closed_list_is_an_error_with_the_nearest_guess():
    with pytest.raises(InputError, match=r"row 3: no role named `imput`.*Did you mean `input`"):
        closed("role", "imput", ("input", "held-out"), "row 3")


def test_an_empty_cell_is_no_number():
    assert number("") is None
    assert number("4.5") == 4.5
