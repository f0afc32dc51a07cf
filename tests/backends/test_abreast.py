"""Where everybody meets, tiles of agents are worked out abreast: it stays what the rule says."""

import pytest

import ecumene as ec
from ecumene.errors import EcumeneError

FAR = (1 << 51) + 12_345  # Beyond what is divided by way of floats.

offers = ec.table_policy(
    [ec.levels("mood", 4)],
    {f"offer_{n}": f"offer {n}" for n in range(7)},
    [[0.1, 0.2, 0.3, 0.1, 0.1, 0.1, 0.1], [1.0] + [0.0] * 6, [0.0] * 6 + [1.0], [1 / 7] * 7],
    source="made up for this test",
)


def share(env, model, offered, wealth):
    """What is asked of the environment and divided by; nobody is divided by without having some."""
    part = offered * 7 // (1 + wealth % 5) - (wealth - 50) % (2 + offered)
    mean = offered / wealth if wealth > model.least else 0.25
    prices = env.prices
    return part * prices[offered % model.cells] + env.prices[1] * mean


@ec.meeting(
    shows=("wealth", "country", "keen"),
    writes=("wealth", "mood", "since", "keen", "told", "worth", "arm"),
)
def trade(me, other, env, model, key):
    offered = ec.choose(model.offers, me.mood if me.leads else 3 - me.mood, key, 1)
    gift = share(env, model, offered, other.wealth)
    paid = int(ec.uniform(key) * 6.0)
    wealth = me.wealth - paid if me.leads else me.wealth + paid
    moved = ec.integer(key, 3, 2)
    far = (me.identity * model.far - 7) // 3 % 10
    since = env.step if me.leads and other.country == me.country else me.since
    worth = me.worth * 0.5 + gift - far
    return wealth, (me.mood + moved) % 4, since, other.keen != me.leads, moved == 1, worth, moved


def model(agents=2500, far=1, least=0, wealth=100, cells=3):
    columns = {"wealth": ec.whole(wealth, low=-(10**6), high=10**6), "mood": ec.whole(1, high=3)}
    columns |= {"since": ec.step_column(), "keen": ec.flag(), "told": ec.pulse()}
    columns |= {"worth": ec.real(0.5), "arm": ec.whole(high=2)}
    groups = ("region", "arm")
    grouped = {f"{c}_by_{g}": ec.count(c, by=g) for c in ("mood", "keen") for g in groups}
    return ec.Model(
        populations={"people": ec.Population(ec.countries(["IND", "USA"], agents), **columns)},
        environment={"prices": ec.real(cells=[0.5, 2.0, -1.25])},
        policies={"offers": offers},
        phases=[[trade]],
        start=[ec.set_agents(ec.sample_count(agents // 3), mood=2, keen=True)],
        measures={
            **grouped,
            "mood": ec.total("mood"),
            "late": ec.count("since", ec.happened, by="region"),
            "keen": ec.count("keen"),
        },
        parameters={"far": far, "least": least, "cells": cells},
    )


def after(steps, *, of, **how):
    """The digest and measures after so many steps."""
    simulation = ec.Simulation(of, seed=3, **how)
    for _ in range(steps):
        simulation.advance()
    return simulation.digest(), simulation.measure()


@pytest.fixture(scope="module")
def reference():
    return after(3, of=model(), backend="reference")


@pytest.mark.parametrize("how", [{}, {"threads": 2}, {"shards": 3}])
def test_abreast_is_the_rule(how, reference):
    assert after(3, of=model(), **how) == reference


@pytest.mark.parametrize("agents", [1024, 1025, 2049])
def test_whoever_is_left_over_keeps_what_it_had(agents):
    assert after(2, of=model(agents)) == after(2, of=model(agents), backend="reference")


def test_what_is_too_far_to_divide_by_way_of_floats_is_divided_all_the_same():
    """Nearly every tile is noted, and run by the plain loop."""
    assert after(1, of=model(1500, far=FAR)) == after(
        1, of=model(1500, far=FAR), backend="reference"
    )


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"wealth": 0, "least": -1}, "divi"),
        ({"wealth": 2 - 10**6}, "wealth"),
        ({"cells": 7}, "cell"),
    ],
)
def test_what_goes_wrong_for_one_is_said_as_in_plain_python(changed, said, backend):
    """Who begins with nothing is divided by; who has little pays more than it may."""
    with pytest.raises(EcumeneError, match=said) as raised:
        after(3, of=model(1100, **changed), backend=backend)
    assert "trade" in str(raised.value)


def test_the_plain_loop_is_not_what_is_compared(monkeypatch):
    """Without a note it is never asked."""
    from ecumene.backends.cpu.rounds import Rounds

    def run(*_):
        raise AssertionError("the plain loop was asked")

    monkeypatch.setattr(Rounds, "_run", run)
    assert after(1, of=model(1100))[1]["keen"] > 0
