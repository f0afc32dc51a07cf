"""Law 6: steps on rolls, in whatever turn with others, are the steps of the long way."""

from dataclasses import replace
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ecumene as ec
from ecumene.backends.cpu import one_call, roll_call, rolls
from ecumene.backends.cpu.roll_loops import BASES, COUNT, LIVE
from ecumene.engine.lower import lowered
from ecumene.errors import RuleError

from ...societies import explicit

AGENTS = 90


@ec.tie_rule(over="ties", active="loud", into="calls", combine="count", luck="each")
def shout(me, tie, env, model, key):
    return ec.chance(key, model.shout)


@ec.agent_rule(on=ec.reached_by(shout), writes=("heard", "loud", "keen"))
def listen(me, env, model, key):
    heard = me.heard + me.calls + 6 // (model.poison - me.heard)
    return heard, ec.chance(key, model.again), ec.chance(key, 0.4, 1) and not me.keen


def trusts(me, tie, payload, env, model, key):
    trusted = me.calls > 1 or (ec.chance(key, 0.9) and not me.loud)
    return payload + me.heard % 3 if trusted else ec.NOTHING


@ec.tie_rule(over="ties", active="keen", into="teller", combine="pick", luck="once", receive=trusts)
def tell(me, tie, env, model, key):
    return me.heard if ec.chance(key, model.tell) else ec.NOTHING


@ec.tie_rule(over="ties", active="loud", into="latest", combine="max", luck="once")
def date(me, tie, env, model, key):
    return me.at + ec.integer(key, 3) if ec.chance(key, model.tell, 1) else ec.NOTHING


@ec.agent_rule(on=ec.reached_by(tell), writes=("told", "loud", "at"))
def believe(me, env, model, key):
    return me.teller + me.calls, ec.chance(key, model.again), env.step


@ec.agent_rule(on=ec.reached_by(date), writes=("dated", "keen"))
def note(me, env, model, key):
    return max(me.latest, 0) % 100, ec.chance(key, 0.1)


def rumour(ties, **parameters):
    return ec.Model(
        populations={
            "people": ec.Population(
                AGENTS,
                heard=ec.whole(high=60),
                told=ec.whole(high=999),
                dated=ec.whole(high=99),
                loud=ec.pulse(),
                keen=ec.pulse(),
                at=ec.step_column(),
            )
        },
        networks={"ties": explicit(AGENTS, ties)},
        phases=[[shout], [listen], [tell, date], [believe, note]],
        start=[ec.set_agents(ec.sample_count(3), loud=True, at=0)],
        measures={"told": ec.count("told"), "heard": ec.total("heard")},
        parameters={"shout": 0.5, "tell": 0.5, "again": 0.5, "poison": 99, **parameters},
    )


def drawn_ties(seed):
    drawn = np.random.default_rng(seed)
    return drawn.integers(0, AGENTS, (int(drawn.integers(20, 200)), 2)).tolist()


def on_rolls(model, **how):
    """A simulation that takes steps of few on rolls, however few agents it has."""
    with patch.object(one_call, "MANY", 0):
        return ec.Simulation(model, **how)


def rolls_of(simulation):
    (shard,) = simulation._all_shards
    return shard._rolls


def looked(simulation, look):
    if look == "digest":
        return simulation.digest()
    if look == "up":
        return [simulation.up(pulse).tolist() for pulse in ("loud", "keen")]
    if look == "values":
        return simulation.column("loud").tolist()
    return simulation.measure() if look == "measure" else None


def history(simulation, does):
    """What is seen after each step, until a rule fails: and what was said then. Of how many steps
    on rolls may be taken if few are active is part of what is done; and how many were.
    """
    found, calls, taken = [], rolls_of(simulation) if does[0][0] else None, 0
    try:
        for most, look in does:
            if calls is not None and calls._given["most"] != most:
                calls._given["most"] = most
                calls._shard.state.bring_back()
            if not simulation.advance():
                break
            taken += calls is not None and calls.hold
            found.append(looked(simulation, look))
        found.append(simulation.digest())
    except RuleError as error:
        found.append(str(error))
    return found, taken


LOOKS = st.sampled_from(["nothing", "digest", "up", "values", "measure"])
DOES = st.lists(st.tuples(st.sampled_from([45, 45, 4]), LOOKS), min_size=9, max_size=9)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**40), st.sampled_from([99, 99, 8]), DOES)
def test_steps_on_rolls_and_others_in_turn_are_the_steps(seed, poison, does):
    """Whatever is looked at in between, and where a rule divides by zero in the midst of one."""
    model = rumour(drawn_ties(seed), poison=poison)
    changes = [ec.at(2, ec.seed_agents(4, loud=True)), ec.at(4, ec.set_parameter(shout=0.9))]
    how = {"seed": seed, "interventions": changes}
    oracle = ec.Simulation(model, backend="reference", **how)
    expected, _ = history(oracle, [(0, look) for _, look in does])
    simulation = on_rolls(model, **how)
    found, taken = history(simulation, does)
    assert found == expected
    assert taken > 0 or does[0][0] < 45 or len(simulation.up("loud")) == 0


def test_rolls_hold_until_somebody_asks_for_more_than_who_is_up():
    simulation = on_rolls(rumour(drawn_ties(1), again=0.9), seed=1)
    calls, asked = rolls_of(simulation), ec.Simulation(rumour(drawn_ties(1), again=0.9), seed=1)
    assert not calls.hold
    for _ in range(2):
        assert simulation.advance() and asked.advance()
        assert calls.hold and simulation.up("loud").tolist() == asked.up("loud").tolist()
        assert simulation.measure() == asked.measure() and calls.hold
    assert simulation.digest() == asked.digest() and not calls.hold
    assert simulation.advance() and calls.hold


def seated(simulation):
    """How many have a seat; none where columns are used."""
    seats = rolls_of(simulation)._seats._seats
    return int(seats[COUNT]) if seats[LIVE] else None


def test_columns_are_not_touched_until_somebody_asks_for_one():
    """What agents have meanwhile is at the seats of those who were met."""
    model = rumour(drawn_ties(1), again=0.9)
    simulation, asked = on_rolls(model, seed=1), ec.Simulation(model, seed=1, backend="reference")
    told = simulation._all_shards[0].state.names["c_told"]
    for _ in range(4):
        assert simulation.advance() and asked.advance()
        assert simulation.measure() == asked.measure()
    assert seated(simulation) > 3 and simulation.measure()["told"] > 0 and not told.any()
    assert simulation.column("told").tolist() == asked.column("told").tolist() == told.tolist()
    assert simulation.advance() and asked.advance() and seated(simulation) is None
    assert simulation.digest() == asked.digest()


@pytest.mark.parametrize("most", [0, 3, 20, 60])
def test_of_more_than_may_sit_columns_are_used(most, monkeypatch):
    monkeypatch.setattr(rolls, "MOST_SEATED", most)
    model = rumour(drawn_ties(1), again=0.9)
    simulation, asked = on_rolls(model, seed=1), ec.Simulation(model, seed=1, backend="reference")
    sat = []
    for _ in range(7):
        assert simulation.advance() == asked.advance()
        sat.append(seated(simulation))
    assert (sat[0] is None) == (most < 3) and (sat[-1] is None) == (most < 60)
    assert simulation.digest() == asked.digest()


@pytest.mark.parametrize("given", [0, 1, 2])
def test_who_was_given_values_is_kept_of_no_more_than_may_sit(given, monkeypatch):
    """A start of a billion would be kept in eight gigabytes until the first step of few."""
    monkeypatch.setattr(rolls, "MOST_SEATED", 6)
    simulation = on_rolls(rumour(drawn_ties(1)), seed=1)  # Three are given values.
    state = rolls_of(simulation)._shard.state
    for _ in range(given):
        state.written(np.arange(3))
    assert (state.take_written() is None) == (given == 2)


@pytest.mark.parametrize("before", ["all were active", "a state was taken up", "given twice"])
def test_whose_values_differ_at_first_is_known_or_columns_are_used(before):
    model = rumour(drawn_ties(1), again=0.9)
    changes = [ec.at(0, ec.seed_agents(5, told=7)), ec.at(0, ec.seed_agents(9, told=8))]
    how = {"seed": 1, "interventions": changes}
    state = None
    if before == "a state was taken up":
        state = ec.Simulation(model, **how).state()
    simulation = on_rolls(model, state=state, **how)
    asked = ec.Simulation(model, backend="reference", state=state, **how)
    if before == "all were active":
        most, rolls_of(simulation)._given["most"] = rolls_of(simulation)._given["most"], 0
        assert simulation.advance() and asked.advance()
        rolls_of(simulation)._given["most"] = most
    for _ in range(3):
        assert simulation.advance() and asked.advance()
    assert (seated(simulation) is None) == (before != "given twice")
    assert simulation.digest() == asked.digest()


@ec.agent_rule(on=ec.reached_by(shout), writes=("heard", "loud", "at"))
def remember(me, env, model, key):
    return me.heard + 1, ec.chance(key, model.again), env.step if me.heard > 0 else me.at


def test_columns_that_are_wider_from_the_first_step_on_are_used():
    """What none of them holds yet, `ec.NEVER`, is another number there."""
    model = replace(rumour(drawn_ties(1), again=0.9), phases=[[shout], [remember]])
    simulation, asked = on_rolls(model, seed=1), ec.Simulation(model, seed=1, backend="reference")
    simulation.step = asked.step = 300
    for _ in range(3):
        assert simulation.advance() and asked.advance()
    assert rolls_of(simulation).hold
    assert simulation.column("at").tolist() == asked.column("at").tolist()
    assert simulation.digest() == asked.digest()


def test_bases_rise_no_further_than_they_may(monkeypatch):
    monkeypatch.setattr(roll_call, "MOST", 3)
    model = rumour(drawn_ties(3), again=0.9)
    oracle, _ = history(ec.Simulation(model, seed=3), [(0, "up")] * 12)
    simulation = on_rolls(model, seed=3)
    found, taken = history(simulation, [(45, "up")] * 12)
    assert found == oracle and taken > 6
    assert rolls_of(simulation)._rolls[:, 1].max() <= 7 * BASES


def test_a_state_between_steps_on_rolls_goes_on():
    model = rumour(drawn_ties(2))
    whole = on_rolls(model, seed=5)
    for _ in range(3):
        whole.advance()
    assert rolls_of(whole).hold
    again = on_rolls(model, seed=5, state=whole.state())
    other = ec.Simulation(model, seed=5, backend="reference", state=whole.state())
    for simulation in (whole, again, other):
        simulation.advance()
    assert whole.digest() == again.digest() == other.digest()


@pytest.mark.parametrize("room", [1, 5, 40])
def test_what_does_not_fit_a_roll_is_taken_the_long_way_from_there(room, monkeypatch):
    """A hub among few: in the midst of a step, or from its first rule on."""
    monkeypatch.setattr(rolls, "ROOM", room)
    for seed in range(4):
        model = rumour(drawn_ties(seed) + [(0, 1 + j % (AGENTS - 1)) for j in range(100)])
        changes = [ec.at(1, ec.seed_agents(room // 2 + 1, loud=True))]
        oracle = ec.Simulation(model, seed=seed, backend="reference", interventions=changes)
        simulation = on_rolls(model, seed=seed, interventions=changes)
        most = rolls_of(simulation)._given["most"]
        expected, _ = history(oracle, [(0, "digest")] * 8)
        assert history(simulation, [(most, "digest")] * 8)[0] == expected


@ec.tie_rule(over="ties", active="loud", into="more", combine="count", luck="each")
def repeat(me, tie, env, model, key):
    return ec.chance(key, 0.9 if me.keen else 0.3)


@ec.tie_rule(over="ties", active="often", into="more", combine="count", luck="each")
def insist(me, tie, env, model, key):
    return ec.chance(key, model.shout)


@ec.agent_rule(on=ec.changed("heard"), writes="told")
def notice(me, env, model, key):
    return me.told + 1


@pytest.mark.parametrize(
    "phases",
    [[[shout, repeat], [listen]], [[shout, insist], [listen]], [[shout], [listen], [notice]]],
    ids=["who sends looks at a pulse", "a flag that stays up is active", "changes are looked at"],
)
def test_what_is_not_all_on_rolls_keeps_its_sets(phases):
    columns = {"heard": ec.whole(), "told": ec.whole(), "often": ec.flag()}
    model = replace(
        rumour(drawn_ties(1)),
        populations={"people": ec.Population(AGENTS, **columns, loud=ec.pulse(), keen=ec.pulse())},
        phases=phases,
        start=[ec.set_agents(ec.sample_count(3), loud=True)],
    )
    with patch.object(one_call, "MANY", AGENTS):
        assert rolls.covers(lowered(replace(model, phases=[[shout], [listen]]), 0))
        assert not rolls.covers(lowered(model, 0))
    assert not rolls.covers(lowered(replace(model, phases=[[shout], [listen]]), 0))
