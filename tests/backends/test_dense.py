"""A rule for everyone that only writes numbers goes through tiles; it stays the rule."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ecumene as ec
from ecumene.errors import RuleError


@ec.agent_rule(writes=("coins", "mood", "since", "keen", "told"))
def live(me, env, model, key):
    lucky = ec.chance(key, model.p) and not me.told
    coins = me.coins + 3 if lucky else me.coins - 1
    mood = me.mood * 0.5 + ec.uniform(key, 1)
    since = env.step + 2 if coins > me.coins else me.since
    return coins, mood, since, me.keen != lucky, lucky and me.keen


def model(agents: int, p: float, measured: bool, low: int = -100) -> ec.Model:
    columns = {"coins": ec.whole(low=low, high=100), "mood": ec.real(0.25)}
    columns |= {"keen": ec.flag(), "told": ec.pulse()}
    measures = {"coins": ec.mean("coins"), "late": ec.count("since", ec.happened)}
    measures |= {"keen": ec.count("keen")}
    return ec.Model(
        populations={"people": ec.Population(agents, **columns, since=ec.step_column(ahead=2))},
        phases=[[live]],
        start=[ec.set_agents(ec.sample_count(agents // 2), mood=-1.5, coins=7, keen=True)],
        measures=measures if measured else {},
        parameters={"p": p},
    )


def digest(of: ec.Model, seed: int, **how) -> str:
    simulation = ec.Simulation(of, seed=seed, **how)
    for _ in range(5):
        simulation.advance()
    return simulation.digest()


def measured(of: ec.Model, seed: int, backend: str):
    simulation = ec.Simulation(of, seed=seed, backend=backend)
    for _ in range(4):
        simulation.advance()
    return simulation.measure()


@settings(max_examples=10, deadline=None)
@given(agents=st.integers(1, 3000), p=st.floats(0, 1), seed=st.integers(0, 2**32))
def test_a_dense_rule_is_the_rule(agents: int, p: float, seed: int):
    unwatched = model(agents, p, measured=False)
    once = digest(unwatched, seed)
    assert once == digest(unwatched, seed, backend="reference")
    assert once == digest(unwatched, seed, shards=3)
    watched = model(agents, p, measured=True)
    assert once == digest(watched, seed)
    counted = [measured(watched, seed, backend) for backend in ("cpu", "reference")]
    assert counted[0] == counted[1]


@pytest.mark.parametrize("measured", [False, True])
@pytest.mark.parametrize("backend", ["reference", "cpu"])
def test_what_does_not_fit_is_said_for_the_first_agent(backend: str, measured: bool):
    simulation = ec.Simulation(model(2500, 0.0, measured, low=-2), seed=3, backend=backend)
    simulation.advance()
    simulation.advance()
    with pytest.raises(RuleError, match=r"gave agent \d+ the coins -3, outside its range -2..100"):
        simulation.advance()


# -- rules that give few bits: worked out in 16, and checked once a tile is there ------------------


@ec.agent_rule(writes="mood")
def drift(me, env, model, key):
    return me.mood + 3 if me.mood < 200 else 0


@ec.agent_rule(writes="coins")
def swing(me, env, model, key):
    return (17 - me.coins if me.coins < 90 else me.coins - 7) - me.keen


@ec.agent_rule(writes="mood")
def swell(me, env, model, key):
    return me.mood * 2 - 1


@ec.agent_rule(writes="mood")
def rise(me, env, model, key):
    return me.mood + 3


@ec.agent_rule(writes="mood")
def burst(me, env, model, key):
    return me.mood * 1024  # 64 times that is 0 in 16 bits.


@ec.agent_rule(writes="wide")
def sink(me, env, model, key):
    return me.mood - 3


@ec.agent_rule(writes="far")
def leap(me, env, model, key):
    return me.mood - 25_700  # 65,536 less than a number that fits.


@ec.agent_rule(writes="mood")
def forget(me, env, model, key):
    return ec.NOTHING if me.mood == 9 else me.mood


@ec.agent_rule(writes="mood", luck="once")
def scatter(me, env, model, key):
    return ec.integer(key, 200)


def short_model(agents: int, *rules, mood: int = 1) -> ec.Model:
    columns = {"coins": ec.whole(low=-110, high=130), "mood": ec.whole(), "keen": ec.flag()}
    columns |= {"wide": ec.whole(high=65_535), "far": ec.whole(40_000, low=40_000, high=40_255)}
    return ec.Model(
        populations={"people": ec.Population(agents, **columns)},
        phases=[[rule] for rule in rules],
        start=[ec.set_agents(ec.sample_count(agents // 2), mood=mood, coins=60, keen=True)],
        measures={"coins": ec.mean("coins"), "mood": ec.total("mood")},
    )


@settings(max_examples=10, deadline=None)
@given(agents=st.integers(1, 3000), seed=st.integers(0, 2**32))
def test_a_rule_of_few_bits_is_the_rule(agents: int, seed: int):
    of = short_model(agents, scatter, drift, swing)
    once = digest(of, seed)
    assert once == digest(of, seed, backend="reference") == digest(of, seed, shards=3)
    assert measured(of, seed, "cpu") == measured(of, seed, "reference")


WRONG = [(swell, 130), (swell, 0), (rise, 253), (burst, 64), (forget, 9), (sink, 1), (leap, 164)]


@pytest.mark.parametrize("rule, mood", WRONG)
def test_what_does_not_fit_few_bits_is_said_as_by_the_reference(rule, mood: int):
    said = []
    for backend in ("cpu", "reference"):
        simulation = ec.Simulation(short_model(2500, rule, mood=mood), seed=3, backend=backend)
        with pytest.raises(RuleError, match=r"outside its range \d+\.\.\d+") as error:
            simulation.advance()
        said.append(str(error.value))
    assert said[0] == said[1]
