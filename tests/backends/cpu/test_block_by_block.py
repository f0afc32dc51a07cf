"""Law 6: what arrives and whom it reaches, block by block, is what it is rule by rule."""

from dataclasses import replace
from unittest.mock import patch

import pytest

import ecumene as ec
from ecumene.backends.cpu import block_by_block, block_text, one_call
from ecumene.engine.following import Following
from ecumene.engine.lower import lowered
from ecumene.errors import RuleError

AGENTS = 300_000  # Two blocks, the second of them not whole.


def trusts(me, tie, payload, env, model, key):
    return payload if me.doubts < 2 and ec.chance(key, 0.8) else ec.NOTHING


@ec.tie_rule(over="ties", active="keen", into="teller", combine="pick", luck="each", receive=trusts)
def tell(me, tie, env, model, key):
    return me.told % 7 if ec.chance(key, model.tell) else ec.NOTHING


@ec.agent_rule(on=ec.reached_by(tell), writes=("told", "doubts", "keen"))
def believe(me, env, model, key):
    fresh = me.told == 0
    return me.told + me.teller + 1, me.doubts + ec.chance(key, 0.3), fresh


def rumour(most=10_000):
    people = {"told": ec.whole(high=most), "doubts": ec.whole(high=99), "keen": ec.pulse()}
    return ec.Model(
        populations={"people": ec.Population(AGENTS, **people)},
        networks={"ties": ec.matchings(6)},
        phases=[[tell], [believe]],
        start=[ec.set_agents(ec.sample_count(20_000), keen=True)],
        measures={"told": ec.total("told"), "doubts": ec.total("doubts")},
        parameters={"tell": 0.3},
    )


def digests(model, threads, steps=6, **given):
    """Digest and measures after each step, and how often a rule was run for what waited."""
    with (
        patch.object(block_text, "MANY", 1),
        patch.object(block_by_block, "INLINE", 0),
        patch.object(ec.Simulation, "_take_at_once", lambda self, most: 0),
    ):
        simulation = ec.Simulation(model, seed=3, threads=threads, direction="push", **given)
        blocks = simulation._shards[0]._blocks
        waited, act = [], blocks.act
        blocks.act = lambda acting, step: waited.append(act(acting, step)) or waited[-1]
        found = []
        while simulation.step < steps and simulation.advance():
            found.append((simulation.digest(), simulation.measure()))
        return found, sum(waited)


def rule_by_rule(model, steps=6):
    with patch.object(block_text, "MANY", 1 << 62):
        simulation = ec.Simulation(model, seed=3, direction="push")
        found = []
        while simulation.step < steps and simulation.advance():
            found.append((simulation.digest(), simulation.measure()))
        return found


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("capacity", [None, 700])  # A small bin lets most arrive in rounds before.
def test_block_by_block_is_rule_by_rule(threads, capacity):
    rule_wise = rule_by_rule(rumour())
    with patch("ecumene.backends.cpu.bins.capacity", lambda *_: capacity or 200_000):
        found, waited = digests(rumour(), threads)
    assert found == rule_wise
    assert waited == len(found) == 6


def refused(model):
    """What is said block by block, and rule by rule."""
    told = []
    for most in (1, 1 << 62):
        with patch.object(block_text, "MANY", most), pytest.raises(RuleError) as error:
            simulation = ec.Simulation(model, seed=3, threads=2, direction="push")
            while simulation.advance():
                pass
        told.append(str(error.value))
    return told


def test_the_first_value_that_cannot_be_kept_is_named():
    told = refused(rumour(most=8))
    assert told[0] == told[1]


def doubts_too_much(me, tie, payload, env, model, key):
    return payload // (3 - me.doubts)


def believes_anything(me, tie, payload, env, model, key):
    return payload


@ec.agent_rule(on=ec.reached_by(tell), writes=("told", "doubts", "keen"))
def believe_less(me, env, model, key):
    return me.told + 1 // (3 - me.doubts), me.doubts, me.told == 0


DIVIDES = {"tell": (doubts_too_much, believe), "believe_less": (believes_anything, believe_less)}


@pytest.mark.parametrize("rule", DIVIDES)
def test_a_division_by_zero_names_the_rule_that_divides(rule):
    receive, acting = DIVIDES[rule]
    model, doubtful = rumour(), ec.set_agents(ec.sample_count(100_000), doubts=3)
    phases = [[replace(tell, receive=receive)], [acting]]
    told = refused(replace(model, phases=phases, start=[*model.start, doubtful]))
    assert told[0] == told[1] and f"rule `{rule}` divides by zero" in told[0]


@ec.agent_rule(on=ec.reached_by(tell), writes="doubts")
def doubt(me, env, model, key):
    return me.doubts + 1


@ec.agent_rule(on=ec.changed("told"), writes="doubts")
def look_back(me, env, model, key):
    return me.teller % 5 + 1


@ec.tie_rule(over="ties", active="keen", into="again", combine="any", luck="each")
def ask(me, tie, env, model, key):
    return ec.chance(key, 0.5)


@ec.tie_rule(over="ties", active="keen", into="again", combine="any", luck="each")
def pass_on(me, tie, env, model, key):
    return me.teller > 3


def told_before(me, tie, payload, env, model, key):
    return me.teller == ec.NOTHING


OTHERS = {
    "runs for them": doubt,
    "reads it": look_back,
    "sends it": pass_on,
    "receives by it": replace(ask, receive=told_before),
}


@pytest.mark.parametrize("other", OTHERS)
def test_arrivals_that_others_ask_for_do_not_wait(other):
    model = rumour()
    with patch.object(block_text, "MANY", 1):
        assert [*block_text.pairs(lowered(model, 0))] == ["believe"]
        asked = replace(model, phases=[[tell], [believe], [OTHERS[other]]])
        assert block_text.pairs(lowered(asked, 0)) == {}


@ec.tie_rule(over="ties", active="keen", into="shouts", combine="count", luck="each")
def shout(me, tie, env, model, key):
    return ec.chance(key, 0.2)


@ec.agent_rule(on=ec.reached_by(shout), writes=("doubts", "keen"))
def listen(me, env, model, key):
    return me.doubts + me.shouts, me.told > 3


@ec.agent_rule(on=ec.reached_by(shout), writes="doubts")
def wonder(me, env, model, key):
    return me.doubts + 2 * me.keen


@ec.agent_rule(on=ec.reached_by(shout), writes="doubts")
def hush(me, env, model, key):
    return me.doubts + me.shouts


@ec.agent_rule(on=ec.reached_by(tell), writes=("told", "keen"))
def repeat(me, env, model, key):
    return me.told + 1, not me.keen


@pytest.mark.parametrize(
    ("phases", "expected"),
    [
        ([[tell], [believe]], {"believe": ["keen"]}),
        ([[tell], [repeat]], {"repeat": []}),  # It looks at the pulse itself,
        ([[tell], [believe], [shout], [hush]], {"believe": [], "hush": []}),  # as ties do
        ([[shout], [wonder], [tell], [believe]], {"believe": ["keen"], "wonder": []}),
        (
            [[tell], [believe], [shout], [listen]],
            {"believe": [], "listen": []},
        ),  # or more raise it.
    ],
    ids=["nobody", "itself", "later", "before", "two"],
)
def test_a_pulse_stays_in_one_set_where_nobody_looks_at_it_any_more(phases, expected):
    model = replace(rumour(), phases=phases)
    with patch.object(block_text, "MANY", 1):
        program = lowered(model, 0)
        found = block_text.pairs(program).items()
        assert {n: block_text.renewed(program, acting) for n, (_, acting) in found} == expected
    assert digests(model, 2)[0] == rule_by_rule(model)


def test_whoever_is_followed_sees_what_arrives():
    noted = []
    for most in (1, 1 << 62):
        with patch.object(block_text, "MANY", most), patch.object(block_by_block, "INLINE", 0):
            following = Following(ec.Simulation(rumour(), seed=3, threads=2), range(2000))
            for _ in range(5):
                following.advance()
            noted.append(following.events)
    assert noted[0] == noted[1]
    assert noted[0]


def test_steps_on_rolls_know_what_blocks_wrote():
    """A step of too many for rolls goes block by block; those met in it, and met again once few
    are active, no longer have what everybody began with.
    """
    start = [ec.set_agents(ec.sample_count(8000), keen=True)]  # Fewer than may have seats.
    model, ends = replace(rumour(), start=start, parameters={"tell": 0.1}), []
    for most in (1, 1 << 62):
        with (
            patch.object(block_text, "MANY", most),
            patch.object(one_call, "MANY", most),
            patch.object(block_by_block, "INLINE", 0),
        ):
            simulation, on_rolls = ec.Simulation(model, seed=3), []
            shard = simulation.only_shard()
            with patch.object(shard._blocks, "_call", wraps=shard._blocks._call) as blocks:
                while simulation.advance():
                    on_rolls.append(shard._rolls is not None and shard._rolls.hold)
            ends.append((simulation.digest(), simulation.measure()))
        if most == 1:
            assert blocks.called and not on_rolls[0] and any(on_rolls)
    assert ends[0] == ends[1]
