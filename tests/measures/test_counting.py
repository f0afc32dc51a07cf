"""Counts, shares and means kept up to date from writes are what a recount gives, at every step."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ecumene as ec

from ..societies import societies, society


def recount(simulation):
    """The society's measures, from its columns."""
    at, wealth, rich, town = (
        simulation.column(name) for name in ("reached_at", "wealth", "rich", "town")
    )
    labels = simulation.labels("town")

    def by_town(values):
        return {
            label: values[town == code].sum() / (town == code).sum()
            if (town == code).any()
            else None
            for code, label in enumerate(labels)
        }

    return {
        "reached": np.sum(at != ec.NEVER),
        "reached_by_town": by_town(at != ec.NEVER),
        "wealth": wealth.sum() / wealth.size,
        "well_off": {label: np.sum(wealth[town == c] > 12) for c, label in enumerate(labels)},
        "rich": by_town(rich),
    }


@settings(max_examples=15, deadline=None)
@given(societies(most=40), st.integers(0, 2**30), st.sampled_from([1, 3]))
def test_what_is_kept_up_to_date_is_what_a_recount_gives(model, seed, shards):
    simulation = ec.Simulation(model, seed=seed, shards=shards)
    for _ in range(4):
        measured = simulation.measure()
        assert {name: measured[name] for name in recount(simulation)} == recount(simulation)
        simulation.advance()


def test_a_town_of_nobody_has_no_share(backend):
    simulation = ec.Simulation(society(ec.matchings(1), 1), backend=backend)
    shares = simulation.measure()["reached_by_town"]
    assert sorted(map(str, shares.values())) == ["1.0", "None", "None"]


def test_a_share_over_people_is_also_watched_by_group():
    from ecumene.models import MODELS

    model = MODELS["cascade"].build().with_background(ec.countries(["IND", "USA"], 2000))
    simulation = ec.Simulation(model, seed=2)
    while simulation.advance():
        pass
    measured = simulation.measure()
    shares, sizes = measured["reached_share_by_country"], simulation.group_sizes("country")
    total = sum(s * n for s, n in zip(shares.values(), sizes, strict=True) if s is not None)
    assert total == pytest.approx(measured["reached"])
    assert sum(sizes) == 2000
