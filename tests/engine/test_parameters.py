"""Parameters: typed, ranged, named; what is wrong is said with what would do."""

import numpy as np
import pytest

import ecumene as ec
from ecumene.errors import ModelError, ParameterError
from ecumene.models import MODELS

cascade = MODELS["cascade"]


def test_values_not_given_are_the_defaults():
    assert cascade.build(degree=4).parameters == {
        "agents": 1_000_000,
        "degree": 4,
        "transmission": 0.15,
        "seeds": 10,
    }


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"degre": 3}, "no parameter named `degre`; there are: agents, degree, seeds"),
        ({"degree": 0}, "parameter `degree` is 0, outside its range 1 to 1000; its default is 10."),
        ({"transmission": 1.5}, "outside its range 0 to 1"),
        ({"transmission": float("nan")}, "outside its range 0 to 1"),
        ({"transmission": "much"}, "is 'much'; type a number, for example 0.15."),
        ({"degree": 2.5}, "is 2.5; type a whole number, for example 10."),
        ({"degree": True}, "is True; type a whole number"),
        ({"agents": 10**10 + 1}, "outside its range 0 to 10000000000"),
    ],
    ids=lambda v: str(v)[:25] if isinstance(v, dict) else "",
)
def test_a_wrong_value_says_what_would_do(values, words):
    with pytest.raises(ParameterError) as caught:
        cascade.build(**values)
    assert words in str(caught.value)


def test_numbers_of_any_type_are_taken():
    values = cascade.build(degree=np.int16(3), transmission=1, agents=1e3).parameters
    assert (values["degree"], values["transmission"], values["agents"]) == (3, 1.0, 1000)
    assert [type(v) for v in values.values()] == [int, int, float, int]


def test_a_model_of_nobody_is_refused():
    with pytest.raises(ModelError, match="a population of 0 agents; type 1 to 10,000,000,000"):
        cascade.build(agents=0)


def test_a_default_outside_its_own_range_is_refused():
    with pytest.raises(ParameterError, match="outside its range 0 to 1"):

        @ec.model
        def model(share: ec.Probability = ec.parameter(2.0)) -> ec.Model: ...


def test_an_argument_needs_a_default_and_a_type():
    with pytest.raises(ModelError, match=r"`share` needs a default: ec.parameter\(...\)"):

        @ec.model
        def model(share: ec.Probability) -> ec.Model: ...

    with pytest.raises(ModelError, match="`share` needs a type: ec"):

        @ec.model
        def another(share: str = ec.parameter("a")) -> ec.Model: ...


def test_a_preset_of_wrong_values_is_refused_at_once():
    with pytest.raises(ParameterError, match="Did you mean `share`"):

        @ec.model(presets={"calm": {"shar": 0.1}})
        def model(share: ec.Probability = ec.parameter(0.5)) -> ec.Model: ...
