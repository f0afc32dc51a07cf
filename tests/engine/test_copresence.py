"""Places: who has the same value of a column now is tied, whoever computes it; nobody else is."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ecumene as ec
from ecumene.engine.following import Following, Reached
from ecumene.engine.senders import Senders
from ecumene.errors import InterventionError, ModelError, RuleError

BARS = 6


@ec.agent_rule(writes="venue")
def go_out(me, env, model, key):
    return ec.integer(key, BARS, 1) if ec.chance(key, model.going) and not me.home else -1


@ec.tie_rule(over="together", active="up", into="told", combine="sum", luck="each")
def tell(me, tie, env, model, key):
    return 1 + (me.heard + tie.number) % 7 if ec.chance(key, 0.7) else ec.NOTHING


@ec.tie_rule(over="together", active="everyone", into="company", combine="count")
def count(me, tie, env, model, key):
    return True


@ec.encounter(over="together", shows="heard", writes="seen")
def look(me, other, env, model, key):
    return (other.heard + 10 * other.degree) % 1000


@ec.agent_rule(writes=("heard", "up", "company_kept"))
def hear(me, env, model, key):
    return (me.heard * 3 + me.told) % 65_536, me.up or me.told > 0, me.company


def society(agents=40, going=0.6, most=40, **how):
    people = ec.Population(
        agents,
        venue=ec.whole(-1, low=-1, high=BARS - 1),
        heard=ec.whole(1, high=65_535),
        seen=ec.whole(high=1000),
        company_kept=ec.whole(high=100),
        home=ec.flag(),
        up=ec.flag(),
        everyone=ec.flag(),
        **how,
    )
    return ec.Model(
        populations={"people": people},
        networks={"together": ec.copresence("venue", most=most)},
        phases=[[go_out], [tell, count, look], [hear]],
        start=[
            ec.set_agents(ec.sample_count(min(3, agents)), up=True),
            ec.set_agents(ec.sample_count(agents), everyone=True),
        ],
        measures={"degree": ec.mean_degree("together"), "heard": ec.mean("heard")},
        parameters={"going": going},
    )


def course(model, steps=4, **how):
    simulation = ec.Simulation(model, **how)
    seen = []
    while simulation.step < steps and simulation.advance():
        seen.append((simulation.digest(), simulation.measure()))
    return seen, {n: simulation.column(n).tolist() for n in model.population.stored}


WAYS = (
    {"backend": "reference", "direction": "pull"},
    {"backend": "reference", "shards": 3},
    {"backend": "cpu", "direction": "push"},
    {"backend": "cpu", "direction": "pull"},
    {"backend": "cpu", "threads": 2},
    {"backend": "cpu", "shards": 3},
    {"backend": "cpu", "shards": 3, "threads": 2},
)


@settings(deadline=None, max_examples=12)
@given(st.integers(1, 40), st.sampled_from([0.0, 0.2, 0.7, 1.0]), st.integers(0, 2**32))
def test_however_it_is_run_it_is_the_same(agents, going, seed):
    model = society(agents, going)
    oracle = course(model, seed=seed, backend="reference", direction="push")
    for how in WAYS:
        assert course(model, seed=seed, **how) == oracle, how


def test_everybody_hears_from_those_who_are_there_and_from_nobody_else(backend):
    simulation = ec.Simulation(society(going=0.8), seed=3, backend=backend)
    moved = 0
    before = None
    for _ in range(4):
        simulation.advance()
        venue, company = simulation.column("venue"), simulation.column("company_kept")
        same = (venue[:, None] == venue[None, :]) & (venue >= 0)[:, None]
        assert company.tolist() == (same.sum(axis=1) - (venue >= 0)).tolist()
        assert simulation.measure()["degree"] == company.mean() > 0
        moved += 0 if before is None else (before != venue).sum()
        before = venue
    assert moved > 20, "they go elsewhere, and leave the old place behind"


def test_a_ties_number_is_one_from_both_ends_and_another_the_next_time():
    simulation = ec.Simulation(society(going=1.0), seed=3, backend="reference")
    seen = []
    for _ in range(3):
        simulation.advance()
        ends = {i: simulation.only_shard().ends("together", i) for i in range(40)}
        assert all(ends[j][number] == i for i, known in ends.items() for number, j in known.items())
        venue = simulation.column("venue").tolist()
        pairs = {(i, j) for i, known in ends.items() for j in known.values()}
        assert pairs == {
            (i, j) for i in range(40) for j in range(40) if i != j and venue[i] == venue[j]
        }
        numbers = {number for known in ends.values() for number in known}
        assert 2 * len(numbers) == len(pairs) and all(0 <= n < 2**63 for n in numbers)
        seen.append(numbers)
    assert not seen[0] & seen[1] and not seen[1] & seen[2]


def test_whom_something_came_from_is_whom_one_was_with(backend):
    simulation = ec.Simulation(society(going=0.8), seed=3, backend=backend)
    following = Following(simulation, range(40), senders=Senders(simulation, "people"))
    for _ in range(3):
        following.advance()
        venue, step = simulation.column("venue"), simulation.step - 1
        came = [e for e in following.events if isinstance(e, Reached) and e.step == step]
        counted = {e.agent: e.senders for e in came if e.rule == "count"}
        for agent, senders in counted.items():
            others = set(np.flatnonzero(venue == venue[agent]).tolist()) - {agent}
            assert set(senders) == others
        assert len(counted) > 20 and any(e.senders for e in came if e.rule == "tell")


def test_explain_names_whom_a_tie_leads_to():
    model = society(going=1.0)
    simulation = ec.Simulation(model, seed=3, backend="reference")
    simulation.advance()
    venue = simulation.column("venue")
    told = ec.explain(model, 7, 0, seed=3)
    sent = next(ruling for ruling in told.rules if ruling.rule == "count").calls
    others = set(np.flatnonzero(venue == venue[7]).tolist()) - {7}
    assert {call.other for call in sent} == others and others


def test_it_follows_from_the_column_when_a_run_goes_on(backend):
    model = society()
    whole = ec.Simulation(model, seed=5, backend=backend)
    for _ in range(2):
        whole.advance()
    later = ec.Simulation(model, seed=5, backend=backend, state=whole.state())
    assert later.measure() == whole.measure()
    for simulation in (whole, later):
        simulation.advance()
    assert later.digest() == whole.digest()


def test_who_stays_away_changes_nothing_for_those_elsewhere():
    there, away = (ec.Simulation(society(), seed=9, backend="reference") for _ in range(2))
    stays = int(_advanced(there).column("venue").argmax())
    away.assign(np.array([stays]), {"home": True}, "test")
    _advanced(away)
    changed = set()
    for name in ("heard", "seen", "company_kept"):
        changed |= set(np.flatnonzero(there.column(name) != away.column(name)).tolist())
    here = np.flatnonzero(there.column("venue") == there.column("venue")[stays])
    assert stays in changed and changed == set(here.tolist())


def _advanced(simulation):
    simulation.advance()
    return simulation


# -- what it says ----------------------------------------------------------------------------------


@pytest.mark.parametrize("shards", [1, 3])
def test_a_place_too_full_is_told_with_what_to_type(backend, shards):
    simulation = ec.Simulation(society(going=1.0, most=3), backend=backend, shards=shards)
    with pytest.raises(RuleError, match=r'have the venue \d in step 0.*copresence\("venue", most='):
        simulation.advance()


def test_the_plan_says_what_it_takes():
    said = ec.plan(society())
    row = next(row for row in said.rows if row["rule"] == "tell")
    assert "sorting those who have a venue" in row["cost"]
    assert said.memory["network together"] >= 40 * 4 * 4


def test_what_cannot_be_is_refused():
    for most in (1, 0, 2.5, 10**7):
        with pytest.raises(ModelError, match="from 2 to"):
            ec.copresence("venue", most=most)
    model = society()
    with pytest.raises(ModelError, match="Did you mean `venue`"):
        ec.plan(replace(model, networks={"together": ec.copresence("venu", most=3)}))
    with pytest.raises(ModelError, match="apart"):
        ec.both(ec.copresence("venue", most=3), ec.matchings(2)).lowered(10, 1)
    with pytest.raises(InterventionError, match="cannot be removed"):
        ec.plan(model, interventions=[ec.at(1, ec.remove_ties(over="together", share=0.5))])
    with pytest.raises(ModelError, match="capacity="):
        ec.plan(society(capacity=60))
    with pytest.raises(ModelError, match="which changes"):
        ec.run_lanes(LANES, lanes=2, seed=1)


@ec.tie_rule(over="together", active="up", into="told", combine="any")
def pass_on(me, tie, env, model, key):
    return True


LANES = ec.Model(
    populations={"people": ec.Population(9, venue=ec.whole(-1, low=-1, high=3), up=ec.pulse())},
    networks={"together": ec.copresence("venue", most=5)},
    phases=[[pass_on]],
    start=[ec.set_agents(ec.sample_count(1), up=True)],
)
