"""A run's name is made of what determines its numbers, and of nothing else."""

from dataclasses import replace

import numpy as np
import pytest

import ecumene as ec
from ecumene.engine import identity, run_name
from ecumene.models import MODELS

from ..societies import background, explicit, pay, society, tell


@pytest.fixture
def model():
    return society(ec.matchings(3), 50)


def test_it_is_64_hex_digits_and_stays(model):
    name = run_name(model, 1)
    assert len(name) == 64 and int(name, 16) >= 0
    assert run_name(society(ec.matchings(3), 50), 1) == name


def with_rule(model, old, new):
    phases = [[new if rule.name == old.name else rule for rule in p] for p in model.phases]
    return replace(model, phases=phases)


CHANGES = {
    "seed": lambda m: (m, 2),
    "a parameter": lambda m: (replace(m, parameters={**m.parameters, "pay": 0.51}), 1),
    "the agents": lambda m: (society(ec.matchings(3), 51), 1),
    "the people": lambda m: (society(ec.matchings(3), 50, shift=1), 1),
    "the degree": lambda m: (society(ec.matchings(4), 50), 1),
    "the network": lambda m: (society(explicit(50, [(0, 1)]), 50), 1),
    "a lifetime of luck": lambda m: (with_rule(m, pay, replace(pay, luck="once")), 1),
    "a way to combine": lambda m: (with_rule(m, tell, replace(tell, combine="min")), 1),
    "the order of phases": lambda m: (replace(m, phases=[m.phases[0], *m.phases[:0:-1]]), 1),
    "the start": lambda m: (replace(m, start=m.start[:1]), 1),
    "the model's name": lambda m: (replace(m, name="other"), 1),
    "a column": lambda m: (
        replace(
            m,
            populations={
                "people": ec.Population(
                    background(50), **{**m.population.stored, "mood": ec.real(0.6)}
                )
            },
        ),
        1,
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_changes_the_numbers_changes_the_name(model, change):
    assert run_name(*CHANGES[change](model)) != run_name(model, 1)


def test_the_numbers_version_is_in_it(model, monkeypatch):
    name = run_name(model, 1)
    monkeypatch.setattr(identity, "NUMBERS", identity.NUMBERS + 1)
    assert run_name(model, 1) != name


def test_what_is_watched_and_how_long_is_not(model):
    other = replace(model, measures={}, max_steps=3, doc="x", limits=("y",), step_unit="year")
    assert run_name(other, 1) == run_name(model, 1)


def test_a_network_of_the_same_ties_from_another_file_is_the_same(model):
    one, two = (explicit(50, [(0, 1), (4, 2)]) for _ in range(2))
    moved = replace(two, rows=replace(two.rows, source="elsewhere.csv"))
    assert run_name(society(one, 50), 1) == run_name(society(moved, 50), 1)


def test_numpy_parameters_make_the_same_name():
    plain = MODELS["cascade"].build(agents=100, degree=3, transmission=0.25)
    numbers = MODELS["cascade"].build(
        agents=np.int64(100), degree=np.int32(3), transmission=np.float64(0.25)
    )
    assert run_name(plain, 0) == run_name(numbers, 0)
