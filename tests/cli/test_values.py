"""What is typed after `--set`, by each parameter's own type."""

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecumene.cli.values import parse_settings, parse_value
from ecumene.errors import ParameterError

PARAMETERS = {
    name: SimpleNamespace(kind=kind) for name, kind in [("degree", "int"), ("p", "float")]
}


def test_each_is_of_its_own_type():
    assert parse_settings(["degree=1e1", " p = 15% "], PARAMETERS) == {"degree": 10, "p": 0.15}


def test_an_unknown_name_is_guessed():
    with pytest.raises(ParameterError, match="Did you mean `degree`"):
        parse_settings(["degre=10"], PARAMETERS)


def test_a_name_set_twice_is_refused():
    with pytest.raises(ParameterError, match="set twice"):
        parse_settings(["degree=1", "degree=2"], PARAMETERS)


@pytest.mark.parametrize("text", ["degree", "degree=", "=5", "", "="])
def test_a_setting_needs_a_name_and_a_value(text: str):
    with pytest.raises(ParameterError, match="type `--set"):
        parse_settings([text], PARAMETERS)


@pytest.mark.parametrize("text", ["ten", "1.5", "nan", "1e", "inf", "1e30"])
def test_a_whole_number_is_none_of_these(text: str):
    with pytest.raises(ParameterError, match="`degree`"):
        parse_value("degree", text, "int")


@pytest.mark.parametrize(
    "text", ["half", "nan", "inf", "-inf", "1e999", "0,5", "%", "15%%", "sNaN"]
)
def test_a_number_is_none_of_these(text: str):
    with pytest.raises(ParameterError, match="`p`"):
        parse_value("p", text, "float")


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_float_reads_back(value: float):
    assert parse_value("p", repr(value), "float") == value


@pytest.mark.parametrize(("text", "value"), [("true", True), ("Yes", True), ("0", False)])
def test_true_and_false_have_their_words(text: str, value: bool):
    assert parse_value("far", text, "bool") is value


def test_any_other_word_is_neither():
    with pytest.raises(ParameterError, match="neither true nor false"):
        parse_value("far", "maybe", "bool")
