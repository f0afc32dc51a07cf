"""Lanes are left-out work and nothing else: each is, bit for bit, the same run made alone."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ecumene as ec
from ecumene.backends import Rekeyed

from ..societies import NAMES, everything, explicit, society
from ..stories import sparse_societies, sparse_society, stories, story

seeds = st.integers(0, 2**40)
numbers = st.lists(st.integers(0, 2**62 - 1) | st.integers(0, 9), max_size=6, unique=True)
STEPS = 4


def assert_same(lanes, others):
    assert lanes.names == others.names
    for name in lanes.names:
        assert np.array_equal(lanes[name], others[name], equal_nan=lanes[name].dtype.kind == "f")


def assert_alone(lanes, row, model, number, seed, backend="reference"):
    """Row `row` of `lanes` is what a run of lane `number` gives."""
    steps, digest, series, _ = everything(model, STEPS, seed=seed, lane=number, backend=backend)
    assert (lanes["steps"][row], lanes.digest(number)) == (steps, digest)
    for name, value in series[-1].items():
        groups = value if isinstance(value, dict) else {None: value}
        for group, one in groups.items():
            column = name if group is None else f"{name}[{group}]"
            if column in lanes:
                assert np.array_equal(lanes[column][row], np.nan if one is None else one, True)


@pytest.mark.slow  # A society of six tie rules takes the compiler half a minute.
@settings(max_examples=20, deadline=None)
@given(sparse_societies(), seeds, numbers, st.sampled_from([1, 2]))
def test_a_lane_is_the_run_made_alone(model, seed, numbers, threads):
    lanes = ec.run_lanes(model, numbers, seed=seed, max_steps=STEPS, threads=threads)
    assert lanes["lane"].tolist() == numbers and len(lanes.alone) == 0
    for row, number in enumerate(numbers):
        assert_alone(lanes, row, model, number, seed)


@settings(max_examples=20, deadline=None)
@given(stories(), seeds, numbers, st.sampled_from([1, 2]))
def test_a_story_is_the_run_made_alone(model, seed, numbers, threads):
    lanes = ec.run_lanes(model, numbers, seed=seed, max_steps=STEPS, threads=threads)
    for row, number in enumerate(numbers):
        assert_alone(lanes, row, model, number, seed)


@pytest.mark.slow
def test_a_model_may_have_more_parameters_than_a_call_has_places():
    many = {f"unused_{n}": n for n in range(40)}
    model = story(ec.matchings(3), 50)
    model = replace(model, parameters={**many, **model.parameters})
    assert_same(ec.run_lanes(model, 3), ec.run_lanes(model, 3, backend="reference"))


def lively():
    """Sparse societies in which much happens."""
    ties = [(j * j % 40, j % 40) for j in range(120)]
    for network in (ec.matchings(5), explicit(40, ties), explicit(40, ties, directed=True)):
        yield sparse_society(network, 40, rich=7, pay=0.9, whisper=0.9, shout=0.9)


@pytest.mark.slow  # A society of six tie rules takes the compiler half a minute.
@pytest.mark.parametrize("threads", [1, 2])
def test_lively_lanes_are_the_runs_made_alone(threads):
    for model in lively():
        lanes = ec.run_lanes(model, 12, seed=5, max_steps=STEPS, threads=threads)
        assert len(set(lanes["digest_low"].tolist())) == 12
        for number in range(12):
            assert_alone(lanes, number, model, number, 5, "reference" if number < 4 else "cpu")


@pytest.mark.slow  # A society of six tie rules takes the compiler half a minute.
def test_the_reference_takes_lanes_one_by_one():
    for model in lively():
        plain = ec.run_lanes(model, 3, seed=5, max_steps=STEPS, backend="reference")
        assert_same(ec.run_lanes(model, 3, seed=5, max_steps=STEPS), plain)


@settings(max_examples=10, deadline=None)
@given(stories(), seeds, st.integers(1, 20))
def test_a_lane_that_grows_too_large_is_run_alone_to_the_same_result(model, seed, largest):
    how = {"seed": seed, "tree": "told_by", "generations": 4}
    lanes = ec.run_lanes(model, 8, **how)
    few = ec.run_lanes(model, 8, largest=largest, **how)
    assert few.alone.tolist() == np.flatnonzero(lanes["size"] > largest).tolist()
    assert_same(few, lanes)


@pytest.mark.slow  # A society of six tie rules takes the compiler half a minute.
def test_a_lane_more_or_fewer_changes_no_other():
    model = next(lively())
    many = ec.run_lanes(model, 300, seed=2, max_steps=STEPS, threads=2)
    chosen = [299, 7, 0, 64]
    few = ec.run_lanes(model, chosen, seed=2, max_steps=STEPS)
    for name in many.names:
        assert np.array_equal(few[name], many[name][chosen], equal_nan=few[name].dtype.kind == "f")


@pytest.mark.slow  # A society of six tie rules takes the compiler half a minute.
def test_a_parameter_that_varies_gives_what_models_with_its_values_give():
    model = next(lively())
    values = np.linspace(0.0, 1.0, 7)
    lanes = ec.run_lanes(
        model, 7, seed=3, max_steps=STEPS, vary={"whisper": values, "noise": values[::-1]}
    )
    for number in range(7):
        own = {"whisper": float(values[number]), "noise": float(values[::-1][number])}
        built = replace(model, parameters={**model.parameters, **own})
        assert_alone(lanes, number, built, number, 3)
    plain = ec.run_lanes(model, 7, seed=3, max_steps=STEPS)
    assert len(set(plain["digest_low"].tolist()) & set(lanes["digest_low"].tolist())) < 3


def test_lanes_of_many_sizes_leave_nothing_behind():
    """One room serves small lanes after large ones, and its table grows and shrinks between."""
    model = story(ec.matchings(6), 3000, share=0.21)
    lanes = ec.run_lanes(model, 200, seed=9, tree="told_by")
    assert lanes["size"].min() == 1 and lanes["size"].max() > 1000
    backwards = ec.run_lanes(model, range(199, -1, -1), seed=9, tree="told_by")
    for name in lanes.names:
        kind = lanes[name].dtype.kind
        assert np.array_equal(lanes[name], backwards[name][::-1], equal_nan=kind == "f")
    for number in np.argsort(lanes["size"])[-3:].tolist():
        alone = ec.Simulation(model, seed=9, lane=number)
        while alone.advance():
            pass
        assert alone.digest() == lanes.digest(number)


@ec.tie_rule(over="ties", active="ill", into="exposed", combine="count", luck="each")
def infect(me, tie, env, model, key):
    return ec.chance(key, model.risk)


@ec.agent_rule(on=ec.reached_by(infect), writes=("ill", "ill_at"))
def fall_ill(me, env, model, key):
    well = me.ill_at == ec.NEVER
    return well or me.ill, env.step if well else me.ill_at


def setback(harm, luck):
    """A day; with harm, for one in forty, what the column cannot hold, or a division by zero."""
    if harm > 0.4:
        return 10 // luck
    return -9 if harm > 0.2 and luck == 0 else 1


@ec.agent_rule(on=ec.flagged("ill"), writes=("ill", "days"))
def recover(me, env, model, key):
    return ec.chance(key, 0.6), me.days + setback(model.harm, ec.integer(key, 40, 1))


def is_so(value):
    return value


def epidemic(network, agents, harm=0.0):
    """Agents pass an illness on while they have it; some drop out of the list of the ill."""
    return ec.Model(
        populations={
            "people": ec.Population(
                agents, ill=ec.flag(), ill_at=ec.step_column(), days=ec.whole(high=999)
            )
        },
        networks={"ties": network},
        phases=[[infect], [fall_ill], [recover]],
        start=[ec.set_agents(ec.sample_count(3), ill=True, ill_at=0)],
        measures={"ill": ec.count("ill", is_so), "days": ec.mean("days")},
        parameters={"risk": 0.3, "harm": harm},
    )


def test_rules_of_the_flagged_run_in_lanes():
    model = epidemic(ec.matchings(3), 60)
    lanes = ec.run_lanes(model, 20, seed=6)
    assert lanes["steps"].max() > 4 and lanes["ill"].max() == 0
    for number in range(20):
        steps, digest, series, _ = everything(
            model, 999, seed=6, lane=number, backend="reference" if number < 9 else "cpu"
        )
        assert (lanes["steps"][number], lanes.digest(number)) == (steps, digest)
        assert lanes["days"][number] == series[-1]["days"]


# -- what goes wrong -------------------------------------------------------------------------------


@pytest.mark.parametrize(("harm", "said"), [(0.3, "outside its range"), (0.5, "divides by zero")])
@pytest.mark.parametrize("threads", [1, 2])
def test_an_error_names_the_first_lane_in_which_it_happens(harm, said, threads):
    model, errors = epidemic(ec.matchings(3), 60, harm), {}
    for lane in range(40):
        try:
            everything(model, 3, seed=1, lane=lane)
        except ec.EcumeneError as error:
            errors[lane] = f"lane {lane}: {error}"
    first = errors[min(errors)]
    assert said in first
    for backend in ("cpu", "reference"):
        with pytest.raises(ec.EcumeneError) as caught:
            ec.run_lanes(model, 40, seed=1, max_steps=3, threads=threads, backend=backend)
        assert str(caught.value) == first


def test_a_start_that_does_not_fit_is_one_error(backend):
    model = story(ec.matchings(2), 20)
    wrong = replace(model, start=[ec.set_agents(ec.these_agents(4), told_by=-5)])
    with pytest.raises(ec.EcumeneError, match="lane 3: rule `start` gave agent 4 the told_by -5"):
        ec.run_lanes(wrong, [3, 5], backend=backend)


@pytest.mark.parametrize(
    ("phases", "said"),
    [
        (slice(1, 2), "rule `live` is for everyone; lanes keep only agents whom something"),
        (slice(2, 3), r"rule `wander` is for sample\(share\); lanes keep only"),
    ],
)
def test_rules_that_look_at_everybody_are_refused(phases, said, backend):
    model = society(ec.matchings(2), 20)
    rest = [phase for phase in model.phases if phase is not model.phases[phases][0]]
    lone = [rule for rule in model.phases[phases][0] if rule.name in ("live", "wander")]
    kept = [[r for r in p if r.name not in ("live", "wander")] for p in rest]
    with pytest.raises(ec.EcumeneError, match=said):
        ec.run_lanes(replace(model, phases=[*kept, lone]), 3, backend=backend)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"environment": {"price": ec.whole(3)}}, "the model has `environment`"),
        (
            {"measures": {"by": ec.count("told_at", ec.happened, by="told_by")}},
            "a measure is by `told_by`, which is stored",
        ),
    ],
)
def test_what_lanes_do_not_know_is_refused_by_name(change, said, backend):
    people = ec.Population(20, told_at=ec.step_column(), told_by=ec.whole(), telling=ec.pulse())
    model = replace(story(ec.matchings(2), 20), populations={"people": people}, **change)
    with pytest.raises(ec.EcumeneError, match=said):
        ec.run_lanes(model, 2, backend=backend)


def test_strengths_are_parameters_and_share_kernels():
    from ecumene.backends.cpu.lane_text import text_of_lanes
    from ecumene.engine.lower import lowered

    texts = {
        text_of_lanes(lowered(sparse_society(ec.matchings(d), n, pay=pay), seed), None)[0]
        for d, n, pay, seed in [(2, 30, 0.5, 1), (4, 90, 0.1, 2)]
    }
    assert len(texts) == 1 and set(NAMES) >= {"pay"}


# -- an agent's own luck ---------------------------------------------------------------------------


def believe(me, tie, payload, env, model, key):
    return ec.chance(key, model.belief)


@ec.tie_rule(over="friends", active="telling", into="heard", combine="count", receive=believe)
def mention(me, tie, env, model, key):
    return ec.chance(key, model.share)


@ec.agent_rule(on=ec.reached_by(mention), writes=("times", "telling"))
def consider(me, env, model, key):
    return min(me.times + me.heard, 1000), me.times < 3 and ec.chance(key, 0.5)


def talk(agents=60, share=0.6, belief=0.7):
    people = ec.Population(agents, times=ec.whole(high=1000), telling=ec.pulse())
    return ec.Model(
        populations={"people": people},
        networks={"friends": ec.matchings(5)},
        phases=[[mention], [consider]],
        start=[ec.set_agents(ec.sample_count(3), telling=True)],
        parameters={"share": share, "belief": belief},
        measures={"times": ec.total("times")},
    )


@settings(max_examples=15, deadline=None)
@given(
    seeds,
    st.lists(st.none() | st.builds(Rekeyed, st.integers(0, 59), st.integers(1, 2**64 - 1))),
)
def test_a_lane_in_which_one_agent_draws_another_luck_is_the_run_made_alone(seed, those):
    """The same lane each time: whoever is re-keyed, at either end of a tie and in a rule."""
    how = {"seed": seed, "max_steps": STEPS}
    lanes = ec.run_lanes(talk(), [7] * len(those), rekeyed=those, **how)
    plain = ec.run_lanes(talk(), [7] * len(those), rekeyed=those, backend="reference", **how)
    assert_same(lanes, plain)
    for row, one in enumerate(those):
        alone = ec.Simulation(talk(), seed=seed, lane=7, backend="reference", rekeyed=one)
        while alone.step < STEPS and alone.advance():
            pass
        found = f"{int(lanes['digest_low'][row]):016x}{int(lanes['digest_high'][row]):016x}"
        assert (lanes["steps"][row], found) == (alone.step, alone.digest())


def test_other_lucks_of_one_agent_are_other_runs():
    those = [None, *(Rekeyed(agent, 5) for agent in range(60))]
    lanes = ec.run_lanes(talk(), [0] * 61, seed=2, rekeyed=those)
    assert len(set(lanes["digest_low"].tolist())) > 20
    plain = ec.run_lanes(talk(), 1, seed=2, backend="reference")
    assert lanes["digest_low"][0] == plain["digest_low"][0]


@pytest.mark.parametrize("those", [[Rekeyed(60, 1)], [Rekeyed(-1, 1)], [None, None]])
def test_who_is_not_there_draws_no_other_luck(those):
    with pytest.raises(ec.EcumeneError, match="rekeyed: give 1 agents from 0 to 59, or None"):
        ec.run_lanes(talk(), 1, rekeyed=those)
