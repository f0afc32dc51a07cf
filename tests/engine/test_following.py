"""Following agents: what is told of them is what there was, and telling changes nothing."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ecumene as ec
from ecumene.backends import Rekeyed
from ecumene.engine import Changed, Following, Reached, Senders
from ecumene.errors import ParameterError
from ecumene.models import MODELS

from ..societies import society
from .test_bonding import circle, rows

TOWN = MODELS["cascade"].build(agents=400, degree=4, transmission=0.4, seeds=3)


def followed(model, agents, backend, who_sent=True, **how):
    simulation = ec.Simulation(model, backend=backend, **how)
    of = model.first
    senders = Senders(simulation, of) if who_sent else None
    following = Following(simulation, agents, of, senders)
    while simulation.step < 12 and following.advance():
        pass
    return following, simulation


def test_every_backend_tells_the_same_life():
    lives = [followed(TOWN, range(60), b, seed=3)[0].events for b in ("reference", "cpu")]
    assert lives[0] == lives[1]
    assert any(isinstance(event, Reached) for event in lives[0])


def test_every_backend_tells_the_same_of_numbers_counts_and_picks():
    model = society(ec.matchings(3), 60)
    one, two = (
        followed(model, range(60), b, who_sent=False, seed=3)[0] for b in ("reference", "cpu")
    )
    assert one.events == two.events
    combined = {event.rule for event in one.events if isinstance(event, Reached)}
    assert len(combined) > 4
    assert one.last().keys() == two.last().keys()
    assert all((one.last()[name] == two.last()[name]).all() for name in one.last())


@settings(max_examples=5, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_what_is_told_adds_up_to_what_they_have(seed):
    following, simulation = followed(
        society(ec.matchings(3), 30), range(30), "reference", seed=seed
    )
    for name, first in following.first.items():
        values = first.tolist()
        for event in following.events:
            if isinstance(event, Changed) and event.column == name:
                assert values[event.agent] == event.before
                values[event.agent] = event.after
        assert values == simulation.column(name).tolist()


@pytest.mark.parametrize("backend", ["reference", "cpu"])
def test_following_changes_nothing(backend):
    """The placebo: the digest is that of the run nobody looked at."""
    _, simulation = followed(TOWN, range(400), backend, seed=3)
    plain = ec.Simulation(TOWN, backend=backend, seed=3)
    while plain.step < simulation.step:
        plain.advance()
    assert plain.digest() == simulation.digest()


def test_who_is_reached_first_hears_from_somebody_who_was_reached_the_step_before():
    following, simulation = followed(TOWN, range(400), "reference", seed=3)
    reached_at = simulation.column("reached_at")
    arrivals = [event for event in following.events if isinstance(event, Reached)]
    assert arrivals
    for event in arrivals:
        assert event.senders
        assert all(
            reached_at[sender] == event.step - 1 or event.step == 0 for sender in event.senders
        )
    told = {event.agent for event in arrivals}
    assert told >= set(np.flatnonzero((reached_at > 0) & (reached_at < 100)).tolist())


def test_an_agent_that_there_is_not_is_refused():
    with pytest.raises(ParameterError, match="agents 0 to 399"):
        Following(ec.Simulation(TOWN, backend="reference"), [400])


# -- an agent's own luck ---------------------------------------------------------------------------


@ec.agent_rule(writes="coin")
def toss(me, env, model, key):
    return me.coin * 2 % 512 + ec.integer(key, 2)


@ec.tie_rule(over="ties", active="on", into="heard", combine="count", luck="each")
def call(me, tie, env, model, key):
    return ec.chance(key, 0.5)


def take(me, tie, payload, env, model, key):
    return payload + ec.integer(key, 4)


@ec.tie_rule(over="ties", active="on", into="taken", combine="sum", luck="each", receive=take)
def give(me, tie, env, model, key):
    return 1


@ec.agent_rule(writes=("calls", "gifts"))
def keep(me, env, model, key):
    return me.calls + me.heard, me.gifts + me.taken


def square(agents=40):
    return ec.Model(
        populations={
            "people": ec.Population(
                agents,
                coin=ec.whole(high=1023),
                calls=ec.whole(high=10_000),
                gifts=ec.whole(high=10_000),
                on=ec.flag(),
            )
        },
        networks={"ties": ec.lattice(1)},
        start=[ec.set_agents(ec.sample_count(agents), on=True)],
        phases=[[toss, call, give], [keep]],
    )


def walked(backend, agent=None, luck=1, steps=4):
    rekeyed = None if agent is None else Rekeyed(agent, luck)
    simulation = ec.Simulation(square(), seed=5, backend=backend, rekeyed=rekeyed)
    for _ in range(steps):
        simulation.advance()
    return {name: simulation.column(name) for name in ("coin", "calls", "gifts")}


def test_a_rekeyed_agent_draws_another_luck_and_nobody_else_does():
    plain, other = walked("reference"), walked("reference", agent=17)
    assert np.flatnonzero(plain["coin"] != other["coin"]).tolist() == [17]
    simulation = ec.Simulation(square(), seed=5, backend="reference")
    neighbours = Senders(simulation, "people").ends("ties", 17, 10)
    # Its ties draw at its end: its neighbours hear otherwise of it, and it takes otherwise itself.
    changed = set(np.flatnonzero(plain["calls"] != other["calls"]))
    assert changed and changed <= set(neighbours)
    assert np.flatnonzero(plain["gifts"] != other["gifts"]).tolist() == [17]


def test_every_backend_rekeys_alike():
    for agent, luck in ((17, 1), (0, 8)):
        one, two = (walked(b, agent, luck) for b in ("reference", "cpu"))
        assert all((one[name] == two[name]).all() for name in one)


def test_another_number_is_another_luck():
    assert walked("reference", 17, 1)["coin"][17] != walked("reference", 17, 8)["coin"][17]


@pytest.mark.parametrize("backend", ["reference", "cpu"])
def test_ties_that_form_tell_who_sent(backend):
    """Of slots an agent's own row is looked at, as it is when the rule runs."""
    simulation = ec.Simulation(circle(30), seed=4, backend=backend)
    following = Following(simulation, range(30), "", Senders(simulation, ""))
    told = 0
    for _ in range(6):
        before, seen = rows(simulation), len(following.events)
        following.advance()
        for event in following.events[seen:]:
            if isinstance(event, Reached):
                tied = {end for end, _ in before[event.agent]}
                assert set(event.senders) <= tied and event.senders
                told += 1
    assert told > 10
