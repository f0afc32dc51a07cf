"""Ties worked out in stages, many agents at once, are the ties worked out one by one."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ecumene as ec
from ecumene.models import MODELS
from ecumene.networks import Lowered, Matchings


class Unstaged(Matchings):
    """Matchings whose ties are tried one by one."""

    def lowered(self, agents: int, key: int) -> Lowered:
        return replace(super().lowered(agents, key), stages=None)


@settings(max_examples=40, deadline=None)
@given(
    agents=st.integers(1, 300),
    degree=st.integers(1, 8),
    transmission=st.floats(0, 1),
    seed=st.integers(0, 2**32),
)
def test_staged_ties_are_the_ties(agents: int, degree: int, transmission: float, seed: int):
    values = {"degree": degree, "transmission": transmission, "seeds": min(3, agents)}
    model = MODELS["cascade"].build(agents=agents, **values)
    plain = replace(model, networks={"contacts": Unstaged(degree)})
    assert outcome(model, seed) == outcome(plain, seed)


@pytest.mark.parametrize("capacity", [1, 3])
def test_a_full_bin_ends_a_round_wherever_it_stands(capacity: int, monkeypatch):
    model = MODELS["cascade"].build(agents=5_000, transmission=0.4)
    whole = outcome(model, 5)
    monkeypatch.setattr("ecumene.backends.cpu.bins.capacity", lambda program, bins: capacity)
    assert outcome(model, 5) == whole


def outcome(model: ec.Model, seed: int) -> tuple[int, str]:
    simulation = ec.Simulation(model, seed=seed)
    while simulation.advance():
        pass
    return simulation.step, simulation.digest()
