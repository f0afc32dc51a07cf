"""Ties that rules form and dissolve: both ends know them, none is lost, the same everywhere."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ecumene as ec
from ecumene.backends import BACKENDS
from ecumene.errors import ModelError, RuleError
from ecumene.networks.slots import number_of


@ec.meeting(shows=(), writes="met")
def meet(me, other, env, model, key):
    return other.identity


@ec.proposal(over="friends")
def befriend(me, env, model, key):
    return me.met if ec.chance(key, model.eager) else ec.NOBODY


@ec.parting(over="friends", on=ec.sample("part"))
def quarrel(me, tie, env, model, key):
    return (
        ec.chance(key, model.leave) or env.step - tie.since > 5 or (tie.other + me.heard) % 9 == 0
    )


@ec.tie_rule(over="friends", active="up", into="told", combine="sum")
def tell(me, tie, env, model, key):
    return me.heard % 7 + tie.number % 5 + 1 if ec.chance(key, 0.8) else ec.NOTHING


@ec.encounter(over="friends", shows="heard", writes="taste")
def copy(me, other, env, model, key):
    return (me.taste + other.heard) % 100


@ec.agent_rule(writes=("heard", "up"))
def listen(me, env, model, key):
    return (me.heard * 3 + me.told) % 65_536, me.up or ec.chance(key, 0.2)


def circle(agents, slots=3, eager=0.7, leave=0.2, part=0.6, **changes):
    people = ec.Population(
        agents,
        met=ec.whole(-1, low=-1, high=1 << 40),
        taste=ec.whole(high=100),
        heard=ec.whole(1, high=65_535),
        up=ec.flag(),
    )
    model = ec.Model(
        populations={"people": people},
        networks={"friends": ec.slots(slots)},
        phases=[[meet], [befriend, tell, copy], [listen], [quarrel]],
        start=[ec.set_agents(ec.sample_count(min(4, agents)), up=True)],
        measures={"degree": ec.mean_degree("friends"), "heard": ec.mean("heard")},
        parameters={"eager": eager, "leave": leave, "part": part},
    )
    return replace(model, **changes)


def course(model, plan=(), steps=6, **how):
    simulation = ec.Simulation(model, interventions=plan, **how)
    seen = [(simulation.digest(), simulation.measure())]
    while simulation.step < steps and simulation.advance():
        seen.append((simulation.digest(), simulation.measure()))
    return seen, {n: simulation.column(n).tolist() for n in model.population.stored}


def rows(simulation):
    """By agent: whom it is tied to and since when, in order."""
    kept = {block.label: block.values for block in simulation.state().blocks()}
    slots = range(simulation.model.networks["friends"].most)
    to, since = ([kept[f"{f}:friends:{k}"].tolist() for k in slots] for f in ("to", "since"))
    return [
        [(to[k][i], since[k][i]) for k in slots if to[k][i] >= 0] for i in range(simulation.agents)
    ]


strengths = st.sampled_from([0.0, 0.3, 0.8, 1.0])
circles = st.builds(circle, st.integers(1, 40), st.integers(1, 5), strengths, strengths, strengths)
seeds = st.integers(0, 2**40)


@settings(max_examples=12, deadline=None)
@given(circles, seeds)
def test_every_backend_thread_shard_and_direction_does_the_same(model, seed):
    ways = [{"backend": b, "direction": d} for b in BACKENDS for d in ("push", "pull")]
    ways += [{"backend": b, "shards": 3} for b in BACKENDS] + [{"threads": 2}]
    first, *others = [course(model, seed=seed, **way) for way in ways]
    assert all(other == first for other in others)


@settings(max_examples=20, deadline=None)
@given(circles, seeds)
def test_both_ends_know_a_tie_and_nobody_has_more_than_slots(model, seed):
    simulation = ec.Simulation(model, seed=seed, backend="reference", shards=2)
    for step in range(6):
        simulation.advance()
        found = rows(simulation)
        for i, row in enumerate(found):
            assert len(row) <= model.networks["friends"].most
            assert len({other for other, _ in row} - {i}) == len(row)
            assert all((i, since) in found[other] and since <= step for other, since in row)
            assert [since for _, since in row] == sorted(since for _, since in row)
        assert simulation.measure()["degree"] == sum(map(len, found)) / simulation.agents


@settings(max_examples=15, deadline=None)
@given(circles, seeds)
def test_formed_less_dissolved_is_what_lives(model, seed):
    """A tie is formed in the one step that its number says, and dissolved once or never."""
    simulation = ec.Simulation(model, seed=seed, backend="reference")
    before, gone = set(), set()
    for step in range(6):
        simulation.advance()
        now = {
            (number_of(i, other, since), since)
            for i, row in enumerate(rows(simulation))
            for other, since in row
        }
        assert all(since == step for _, since in now - before)
        assert not now & gone
        gone |= before - now
        before = now


@settings(max_examples=8, deadline=None)
@given(circles, seeds, st.integers(0, 5), st.sampled_from([(1, 3), (2, 1)]))
def test_a_state_taken_out_at_any_step_goes_on_elsewhere(model, seed, stop, shards):
    for one, two in (("reference", "cpu"), ("cpu", "reference")):
        first = ec.Simulation(model, seed=seed, backend=one, shards=shards[0])
        for _ in range(stop):
            first.advance()
        second = ec.Simulation(model, seed=seed, backend=two, shards=shards[1], state=first.state())
        for _ in range(3):
            first.advance()
            second.advance()
        assert first.digest() == second.digest() and rows(first) == rows(second)


def test_a_placebo_changes_no_bit():
    eager = circle(30, eager=0.0)
    none = replace(eager, phases=[[meet], [tell, copy], [listen]])
    assert course(eager, backend="reference") == course(none, backend="reference")


# -- by inspection ---------------------------------------------------------------------------------


def wishes(asks, slots=2, leaves=(), mutual=False, agents=6):
    """Agents ask whom `asks` says, in step 0; those in `leaves` part from all, in step 2."""

    @ec.proposal(over="friends", mutual=mutual)
    def ask(me, env, model, key):
        return me.wish if env.step == 0 else ec.NOBODY

    @ec.parting(over="friends", on=ec.flagged("leaves"))
    def leave(me, tie, env, model, key):
        return env.step == 2

    people = ec.Population(agents, wish=ec.whole(-1, low=-9, high=99), leaves=ec.flag())
    model = ec.Model(
        populations={"people": people},
        networks={"friends": ec.slots(slots)},
        phases=[[ask], [leave]],
    )
    plan = [ec.at(0, ec.set_column("wish", j, agents=ec.these_agents(i))) for i, j in asks.items()]
    plan += [ec.at(0, ec.set_column("leaves", True, agents=ec.these_agents(i))) for i in leaves]
    return ec.Simulation(model, interventions=plan, backend="reference")


def friends(simulation):
    return [[other for other, _ in row] for row in rows(simulation)]


def test_who_asks_is_tied_if_both_have_room():
    simulation = wishes({0: 1, 2: 1, 5: 5, 4: 3, 3: 4})
    simulation.advance()
    found = friends(simulation)
    assert [found[0], found[2], found[3], found[4], found[5]] == [[1], [1], [4], [3], []]
    assert sorted(found[1]) == [0, 2]


def test_with_mutual_only_those_who_ask_each_other_are_tied():
    simulation = wishes({0: 1, 2: 1, 4: 3, 3: 4}, mutual=True)
    simulation.advance()
    assert friends(simulation) == [[], [], [], [4], [3], []]


def test_of_too_many_luck_draws_some_and_each_is_drawn_alike():
    chosen = np.zeros(6)
    for seed in range(300):
        simulation = wishes({i: 0 for i in range(1, 6)})
        simulation = ec.Simulation(
            simulation.model,
            interventions=simulation._schedule.interventions,
            seed=seed,
            backend="reference",
        )
        simulation.advance()
        (found,) = friends(simulation)[:1]
        assert len(found) == 2
        chosen[found] += 1
    assert chosen[0] == 0 and chosen[1:].min() > 85 and chosen[1:].max() < 155


def test_either_end_dissolves_a_tie_for_both():
    simulation = wishes({0: 1, 2: 1, 3: 4}, leaves=(0, 4))
    simulation.advance()
    simulation.advance()
    assert sum(map(len, friends(simulation))) == 6
    simulation.advance()
    assert friends(simulation) == [[], [2], [1], [], [], []]


def test_one_agent_more_leaves_the_ties_and_numbers_of_the_others():
    few, more = (wishes({0: 1, 2: 1, 3: 1, 4: 1}, agents=n) for n in (6, 7))
    few.advance()
    more.advance()
    assert rows(more)[:6] == rows(few) and rows(more)[6] == []


def test_ties_that_are_away_are_kept_and_given_back():
    span = ec.during(1, 3, ec.remove_ties("friends"))
    model = circle(30, leave=0.0, part=0.0)
    simulation = ec.Simulation(model, interventions=[span], backend="reference")
    degrees, kept = [], []
    for _ in range(5):
        simulation.advance()
        degrees.append(simulation.measure()["degree"])
        kept.append(sum(map(len, rows(simulation))) / 30)
    assert degrees[1] == degrees[2] == 0 < degrees[0]
    assert kept[0] < kept[2] <= kept[3] == degrees[3] <= degrees[4]


@pytest.mark.slow
@settings(max_examples=8, deadline=None)
@given(
    circles, seeds, st.sampled_from([ec.remove_ties(share=0.5), ec.remove_ties(where={"up": True})])
)
def test_ties_that_are_away_are_so_everywhere(model, seed, change):
    ways = [{"backend": b, "direction": d} for b in BACKENDS for d in ("push", "pull")]
    ways += [{"backend": b, "shards": 3} for b in BACKENDS]
    first, *others = [course(model, [ec.during(2, 4, change)], seed=seed, **way) for way in ways]
    assert all(other == first for other in others)


# -- what cannot be --------------------------------------------------------------------------------


def test_who_is_not_there_cannot_be_asked():
    model = circle(9)
    plan = [ec.during(1, 3, ec.set_column("met", 77, agents=ec.these_agents(4)))]
    model = replace(model, phases=[[befriend, tell, copy], [listen], [quarrel]])
    model = replace(model, parameters={**model.parameters, "eager": 1.0})
    simulation = ec.Simulation(model, interventions=plan, backend="reference")
    with pytest.raises(RuleError, match="asks agent 77 for agent 4 in step 1, who is not there"):
        for _ in range(3):
            simulation.advance()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"networks": {"friends": ec.matchings(3)}}, "no network of ec.slots named `friends`"),
        ({"phases": [[befriend, quarrel]]}, "write `the ties of friends` in one phase"),
    ],
)
def test_a_model_that_does_not_fit_is_refused(changes, said):
    with pytest.raises(ModelError, match=said):
        ec.Simulation(circle(9, **changes), backend="reference")


def test_rules_that_cannot_be_listed_are_refused():
    awake = replace(befriend, on=ec.changed("met"))
    with pytest.raises(ModelError, match=r"raise a flag, and type on=ec.flagged"):
        ec.Simulation(circle(9, phases=[[awake]]), backend="reference")


def test_what_a_tie_has_is_said():
    @ec.parting(over="friends")
    def part(me, tie, env, model, key):
        return tie.age > 3

    with pytest.raises(
        ModelError, match="no property of a tie named `age`; there are: number, oth"
    ):
        ec.Simulation(circle(9, phases=[[part]]), backend="reference")


def test_other_refusals():
    with pytest.raises(ModelError, match="from 1 to 1,000"):
        ec.slots(0)
    with pytest.raises(ModelError, match="ties in slots change"):
        ec.both(ec.slots(2), ec.matchings(1)).lowered(9, 1)
    with pytest.raises(ModelError, match="slots, whose ties change"):
        ec.run_lanes(circle(9, phases=[[tell]]), 3)
    with pytest.raises(ModelError, match="Did you mean `friends`"):
        measures = {"degree": ec.mean_degree("frends")}
        ec.Simulation(circle(9, measures=measures), backend="reference").measure()


def test_the_plan_says_what_they_do_and_take():
    plan = ec.plan(circle(1000, slots=7))
    assert plan.memory["network friends"] == 1000 * 7 * 8
    row = next(row for row in plan.table() if row["rule"] == "quarrel")
    assert row["writes"] == "ties of friends" and "per tie" in row["luck"]
