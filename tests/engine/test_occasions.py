"""Whoever looks only where a rule may have written finds all that a look at everybody finds."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ecumene as ec
from ecumene.engine import Changed, Following
from ecumene.engine.occasions import Occasion, occasions
from ecumene.models import MODELS
from ecumene.population import Derived
from ecumene.testing import strategies

from ..towns import EVERY_KIND, town
from ..turnover import turnover

TOWN = MODELS["cascade"].build(agents=400, degree=4, transmission=0.4, seeds=3)


# -- a society in which hardly any rule is for everybody -------------------------------------------


@ec.tie_rule(over="ties", active="loud", into="heard", combine="count", luck="each")
def call(me, tie, env, model, key):
    return ec.chance(key, 0.6)


@ec.agent_rule(on=ec.reached_by(call), writes=("heard_at", "loud", "keen", "wants"))
def hear(me, env, model, key):
    return env.step, ec.chance(key, 0.4), ec.chance(key, 0.5, 1), ec.pick(key, env.open, 0, 2)


@ec.agent_rule(on=ec.flagged("keen"), writes=("coins", "keen"))
def buy(me, env, model, key):
    """Also for those who became keen in this very step."""
    return me.coins + 1, ec.chance(key, 0.5)


@ec.agent_rule(on=ec.flagged("loud"), writes="shouts")
def shout(me, env, model, key):
    return me.shouts + 1


@ec.agent_rule(on=ec.awake("wakes", or_reached_by=call), writes=("wakes", "naps"))
def rise(me, env, model, key):
    return env.step + 1 + ec.integer(key, 4), me.naps + 1


@ec.encounter(over="ties", on=ec.reached_by(call), shows="naps", writes="mood")
def chat(me, other, env, model, key):
    return me.mood * 0.5 + other.naps


@ec.claim(capacity="firms.jobs", into="hired", on=ec.reached_by(call))
def apply(me, env, model, key):
    return (me.wants, 1, me.coins) if me.wants != ec.NOBODY else (0, 0, 0)


@ec.agent_rule(on=ec.reached_by(apply), writes="employer")
def start_work(me, env, model, key):
    return me.wants


@ec.agent_rule(on=ec.changed("employer"), writes="moves")
def move(me, env, model, key):
    return me.moves + 1


@ec.agent_rule(of="firms", on=ec.awake("review"), writes=("review", "present"))
def close(me, env, model, key):
    return env.step + 1 + ec.integer(key, 5), ec.chance(key, 0.7, 1)


@ec.entry(of="firms", on=ec.outside)
def found(env, model, key):
    return ec.integer(key, 2)


PHASES = ([call], [hear, rise], [buy, shout, chat, apply], [start_work, close, found], [move])


def place_of(identity, tables):
    return 0


def square(agents=40, firms=6):
    return ec.Model(
        populations={
            "people": ec.Population(
                agents,
                heard_at=ec.step_column(),
                loud=ec.pulse(),
                keen=ec.flag(),
                wants=ec.link("firms"),
                employer=ec.link("firms"),
                coins=ec.whole(high=10**6),
                shouts=ec.whole(high=10**6),
                naps=ec.whole(high=10**6),
                moves=ec.whole(high=10**6),
                mood=ec.real(),
                wakes=ec.wake_column(first=ec.between(0, 9), ahead=9),
            ),
            "firms": ec.Population(
                ec.Background("firms", firms, {"place": Derived(place_of, "int", ("here",))}, {}),
                capacity=firms + 40,
                jobs=ec.whole(2, high=9),
                review=ec.wake_column(first=ec.between(0, 9), ahead=9),
            ),
        },
        groups={"open": ec.group("place", of="firms")},
        networks={"ties": ec.matchings(3)},
        phases=PHASES,
        start=[ec.set_agents(ec.sample_count(agents // 4), loud=True)],
        measures={"working": ec.count("employer", ec.points)},
    )


# -- the law ---------------------------------------------------------------------------------------


def noticed(model, steps=9, *, touched=(), passed=(), **how):
    """What a follower of everybody tells of each population, beside what a look at all finds.

    Before the steps `touched` the first agents are given values from outside; in the steps
    `passed` time goes on without the follower being asked.
    """
    for of in model.populations:
        simulation = ec.Simulation(model, **how)
        places = np.arange(simulation.size(of))
        following = Following(simulation, places, of)
        now = {name: simulation.values(name, places, of) for name in following.columns}
        found = []
        while simulation.step < steps:
            if simulation.step in touched:
                given = {name: now[name].copy() for name in following.columns}
                flags = [n for n, values in given.items() if values.dtype == bool]
                for name in flags if not model.populations[of].is_open else ():
                    simulation.assign(places[:5], {name: True}, "test", of)
            take = simulation.advance if simulation.step in passed else following.advance
            if not take():
                break
            if simulation.step - 1 in passed:
                continue
            for name, before in now.items():
                now[name] = after = simulation.values(name, places, of)
                for at in np.flatnonzero(before != after).tolist():
                    values = before[at].item(), after[at].item()
                    found.append(Changed(simulation.step - 1, at, name, *values))
        yield [event for event in following.events if isinstance(event, Changed)], found


def holds(model, **how):
    changes = 0
    for told, found in noticed(model, **how):
        assert told == found
        changes += len(found)
    return changes


outside = st.lists(st.integers(0, 8), max_size=2)


@settings(max_examples=25, deadline=None)
@given(strategies.models(), strategies.seeds(), outside, outside)
def test_nothing_is_overlooked_in_generated_models(model, seed, touched, passed):
    holds(model, seed=seed, backend="reference", touched=touched, passed=passed)


@settings(max_examples=10, deadline=None)
@given(st.integers(4, 60), st.integers(1, 8), strategies.seeds(), outside)
def test_nothing_is_overlooked_where_rules_are_for_few(agents, firms, seed, touched):
    holds(square(agents, firms), seed=seed, backend="reference", touched=touched)


@pytest.mark.slow
@settings(max_examples=10, deadline=None)
@given(strategies.models(kinds=["matchings"], rules=["ties"]), strategies.seeds(), outside)
def test_nothing_is_overlooked_on_the_compiled_backend(model, seed, touched):
    holds(model, seed=seed, backend="cpu", touched=touched)


BACKENDS = ["reference", pytest.param("cpu", marks=pytest.mark.slow)]  # it compiles for 10 s


@pytest.mark.parametrize("backend", BACKENDS)
def test_nothing_is_overlooked_where_rules_are_for_few_on_any_backend(backend):
    changes = sum(holds(square(), seed=seed, backend=backend, touched=[3]) for seed in range(6))
    assert changes > 1000


@settings(max_examples=5, deadline=None)
@given(strategies.seeds(), st.sampled_from([0.0, 0.3]))
def test_nothing_is_overlooked_where_agents_enter_and_leave(seed, rate):
    model = turnover(ec.matchings(3), capacity=900, birth=rate, death=rate / 3)
    holds(model, seed=seed, backend="reference")


@settings(max_examples=4, deadline=None)
@given(strategies.seeds())
def test_nothing_is_overlooked_among_people_and_firms(seed):
    holds(town(phases=EVERY_KIND), seed=seed, backend="reference")


CHANGES = [
    ec.at(2, ec.set_column("coins", 77, agents=ec.sample_count(9))),
    ec.at(4, ec.set_column("jobs", 7, agents=ec.sample_count(3), of="firms")),
    ec.at(5, ec.leave(agents=ec.sample_count(2), of="firms")),
]


@pytest.mark.parametrize("backend", BACKENDS)
def test_nothing_is_overlooked_after_an_intervention_or_in_a_branch(backend):
    assert holds(square(), seed=3, backend=backend, interventions=CHANGES) > 100
    parent = ec.Simulation(square(), seed=3, backend=backend)
    for _ in range(3):
        parent.advance()
    how = {"seed": 3, "backend": backend, "interventions": CHANGES, "state": parent.state()}
    assert holds(square(), **how) > 100


# -- that little is looked at ----------------------------------------------------------------------


def test_a_column_is_looked_at_for_those_whom_its_rules_run_for():
    found = occasions({"people": ec.Simulation(TOWN, backend="reference").program}, "people")
    assert found == {
        "reached_at": Occasion(arrived=frozenset(["pass_on"])),
        "reached_now": Occasion(arrived=frozenset(["pass_on"]), up=frozenset(["reached_now"])),
    }


def test_looking_costs_what_happens(backend, monkeypatch):
    """Of a cascade, two looks for who is reached, and one more at the pulse of a step before."""
    simulation = ec.Simulation(TOWN, backend=backend, seed=3)
    following, looks = Following(simulation, range(400)), []
    shard, renew = simulation.only_shard(), type(simulation.only_shard()).renew

    def counted(self, column, places, known, among):
        looks.append(among.size)
        return renew(self, column, places, known, among)

    monkeypatch.setattr(type(shard), "renew", counted)
    while following.advance():
        pass
    reached = [event for event in following.events if not isinstance(event, Changed)]
    ups = [event for event in following.events if isinstance(event, Changed) and event.before]
    assert len(reached) > 200 and sum(looks) <= 2 * len(reached) + len(ups)


@pytest.mark.parametrize("column", ["jobs", "review", "present"])
def test_what_is_claimed_or_comes_and_goes_is_looked_at_for_everybody(column):
    simulation = ec.Simulation(square(), backend="reference")
    programs = {name: one.program for name, one in simulation.inhabitants.items()}
    assert occasions(programs, "firms")[column].everybody == (column == "jobs")
    assert occasions(programs, "people")["employer"].everybody  # firms close
