"""Ties removed while a model runs: paired, given back, the same everywhere, and told when wrong."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ecumene as ec
from ecumene.backends import BACKENDS
from ecumene.engine import checked, parse_intervention, run_name
from ecumene.engine.removing import RemoveTies
from ecumene.errors import InterventionError
from ecumene.testing.networks import gossip_over

from ..societies import background, explicit

EDGES = [(i, i * 5 % 37) for i in range(37)] + [(i, i * 3 % 37) for i in range(37)] + [(1, 2)] * 2
DIRECTED = explicit(37, EDGES, directed=True)


def model_over(network):
    return gossip_over(network, 37).with_background(background(37))


MODEL = model_over(DIRECTED)


def course(model, plan=(), steps=6, **how):
    """All that can be seen: digest after each step, columns, and what happened."""
    simulation = ec.Simulation(model, interventions=plan, **how)
    digests = [simulation.digest()]
    while simulation.step < steps and simulation.advance():
        digests.append(simulation.digest())
    columns = {name: simulation.column(name).tolist() for name in model.population.stored}
    return digests, columns, simulation.happened


towns = st.sampled_from(["Ashby", "Brill", "Cope"])
wheres = st.one_of(
    towns.map(lambda town: {"town": town}),
    st.sampled_from([{"heard": 1}, {"up": True}, {"town": ("Ashby", "Cope"), "heard": 1}]),
)
shares = st.sampled_from([0.0, 0.25, 0.6, 1.0])
removals = st.one_of(
    st.builds(lambda share: ec.remove_ties(share=share), shares),
    st.builds(lambda share, where: ec.remove_ties(share=share, where=where), shares, wheres),
    st.builds(
        lambda share, n, where: ec.remove_ties(share=share, agents=n, where=where),
        shares,
        st.one_of(
            st.integers(0, 20).map(ec.sample_count),
            shares.map(ec.sample_share),
            st.just(ec.these_agents(3, 11)),
        ),
        st.one_of(st.just({}), wheres),
    ),
    st.builds(
        lambda share, groups: ec.remove_ties(share=share, between=groups),
        shares,
        st.lists(wheres, min_size=1, max_size=2),
    ),
)
steps = st.integers(0, 4)
planned = st.one_of(
    st.builds(ec.at, steps, removals),
    st.builds(lambda a, b, c: ec.during(a, a + 1 + b, c), steps, steps, removals),
    st.builds(lambda c: ec.when("up", c, above=0.5), removals),
)


def same_everywhere(network, plan, seed):
    model = model_over(network)
    ways = [{"backend": b, "direction": d} for b in BACKENDS for d in ("push", "pull")]
    ways += [{"backend": b, "shards": 3} for b in BACKENDS] + [{"threads": 2}]
    first, *others = [course(model, plan, 5, seed=seed, **way) for way in ways]
    assert all(other == first for other in others)


plans = st.lists(planned, min_size=1, max_size=3)


@settings(max_examples=12, deadline=None)
@given(plans, st.integers(0, 2**32))
def test_every_backend_thread_shard_and_direction_does_the_same(plan, seed):
    same_everywhere(DIRECTED, plan, seed)


@settings(max_examples=12, deadline=None)
@given(plans, st.integers(0, 5), st.integers(0, 2**32))
def test_a_state_taken_out_at_any_step_goes_on_with_what_is_away(plan, stop, seed):
    how = {"seed": seed, "interventions": plan}
    first = ec.Simulation(MODEL, backend="reference", shards=2, **how)
    while first.step < stop and first.advance():
        pass
    second = ec.Simulation(MODEL, state=first.state(), backend="cpu", **how)
    for simulation in (first, second):
        while simulation.step < 6 and simulation.advance():
            pass
    assert (first.step, first.digest()) == (second.step, second.digest())
    assert first.happened == second.happened


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(st.sampled_from([ec.matchings(3), ec.small_world(4, 0.5)]), plans, st.integers(0, 2**32))
def test_over_computed_networks_too(network, plan, seed):
    same_everywhere(network, plan, seed)


# -- what changes nothing, and what only adds ------------------------------------------------------


@pytest.mark.parametrize(
    "nothing",
    [
        ec.at(1, ec.remove_ties(share=0.0)),
        ec.during(0, 9, ec.remove_ties("ties", share=0.0, where={"town": "Brill"})),
        ec.at(1, ec.remove_ties(agents=ec.sample_count(0))),
        ec.at(1, ec.remove_ties(between=[{"heard": 999}])),
        ec.at(60, ec.remove_ties()),
    ],
    ids=str,
)
def test_a_placebo_changes_no_bit(nothing):
    dosed, bare = (course(MODEL, plan, backend="reference") for plan in ([nothing], []))
    assert dosed[:2] == bare[:2]


@ec.tie_rule(over="ties", active="now", into="heard", luck="once")
def pass_on(me, tie, env, model, key):
    return ec.chance(key, 0.6)


@ec.agent_rule(on=ec.reached_by(pass_on), writes=("at", "now"))
def hear(me, env, model, key):
    return (env.step, True) if me.at == ec.NEVER else (me.at, False)


SPREAD = ec.Model(
    populations={"people": ec.Population(background(400), at=ec.step_column(), now=ec.pulse())},
    networks={"ties": ec.matchings(4)},
    phases=[[pass_on], [hear]],
    start=[ec.set_agents(ec.sample_count(4), at=0, now=True)],
    measures={"reached": ec.count("at", ec.happened)},
)


def reached(*plan, **how):
    simulation = ec.Simulation(SPREAD, interventions=plan, **{"backend": "reference", **how})
    while simulation.advance():
        pass
    return simulation.column("at") != ec.NEVER


@given(st.integers(0, 2**32), st.lists(st.floats(0, 1), min_size=2, max_size=4))
@settings(max_examples=8, deadline=None)
def test_a_larger_share_only_takes_from_those_reached(seed, shares):
    runs = [reached(ec.at(1, ec.remove_ties(share=s)), seed=seed) for s in sorted(shares)]
    assert all((more <= less).all() for less, more in pairwise(runs))


def test_without_ties_nobody_more_is_reached():
    assert reached(ec.at(0, ec.remove_ties())).sum() == 4
    assert reached().sum() > 200


def test_a_group_locked_down_is_reached_by_nobody_and_reaches_nobody():
    found = reached(ec.at(0, ec.remove_ties(where={"town": "Brill"})))
    town = ec.Simulation(SPREAD, backend="reference").column("town")
    assert found[town == 1].sum() <= 4 < found[town != 1].sum()


def test_across_a_border_that_is_closed_nobody_is_reached():
    for groups in (
        [{"town": "Cope"}],
        [{"town": "Cope"}, {"town": ("Ashby", "Brill")}],
    ):
        model_start = {"town": "Cope"}
        plan = [
            ec.at(0, ec.set_column("now", False)),
            ec.at(0, ec.remove_ties(between=groups)),
            ec.at(0, ec.seed_agents(3, where=model_start, at=ec.NOW, now=True)),
        ]
        found = reached(*plan)
        town = ec.Simulation(SPREAD, backend="reference").column("town")
        assert found[town != 2].sum() <= 4 < found[town == 2].sum()


def test_how_many_ties_agents_have_is_told_without_those_away(backend):
    plan = [ec.during(1, 3, ec.remove_ties(where={"town": "Brill"}))]
    simulation = ec.Simulation(MODEL, interventions=plan, backend=backend)
    everybody, counts = np.arange(37), []
    for _ in range(5):
        simulation.advance()
        counts.append(simulation.degrees("ties", everybody))
    town = simulation.column("town")
    assert counts[1][town == 1].sum() == counts[2][town == 1].sum() == 0
    assert 0 < counts[1].sum() < counts[0].sum()
    assert counts[0].tolist() == counts[3].tolist() == counts[4].tolist()


@ec.agent_rule(writes="at")
def stay(me, env, model, key):
    return me.at


def test_the_digest_counts_what_is_away_while_it_is():
    still = replace(SPREAD, phases=[[stay]])
    span = ec.during(1, 3, ec.remove_ties(share=0.5))
    bare, away = (course(still, p, 5, backend="reference")[0] for p in ([], [span]))
    differ = [step for step, (a, b) in enumerate(zip(bare, away, strict=True)) if a != b]
    assert differ == [2, 3]


def test_two_removals_in_one_list_draw_apart():
    half = ec.at(0, ec.remove_ties(share=0.5))

    def ties(*plan):
        simulation = ec.Simulation(SPREAD, interventions=plan, backend="reference")
        simulation.advance()
        return simulation.degrees("ties", np.arange(400)).sum() / 1600

    assert ties(half) == pytest.approx(0.5, abs=0.06)
    assert ties(half, half) == pytest.approx(0.25, abs=0.06)


# -- as it is said ---------------------------------------------------------------------------------


@given(planned)
def test_what_is_said_can_be_read_again(intervention):
    one = intervention.checked(MODEL)
    assert parse_intervention(str(one), MODEL) == one == one.checked(MODEL)


SAID = {
    "at 5: remove 30% of ties": ec.at(5, ec.remove_ties(share=0.3)),
    "at 5: remove all": ec.at(5, ec.remove_ties("ties")),
    "from 5 until 9: remove 0.5 of ties where town = Brill or Cope": ec.during(
        5, 9, ec.remove_ties(share=0.5, where={"town": ("Brill", "Cope")})
    ),
    "at 5: remove all of ties for agents 4, 11": ec.at(
        5, ec.remove_ties(agents=ec.these_agents(4, 11))
    ),
    "at 5: remove all of ties for 10% of agents where heard = 0": ec.at(
        5, ec.remove_ties(agents=ec.sample_share(0.1), where={"heard": 0})
    ),
    "at 5: remove 20% of ties between town = Brill and heard = 0, others": ec.at(
        5, ec.remove_ties(share=0.2, between=[{"town": "Brill", "heard": 0}])
    ),
    "at 5: remove all of ties between town = Brill, town = Cope": ec.at(
        5, ec.remove_ties(between=[{"town": "Brill"}, {"town": "Cope"}])
    ),
}


@pytest.mark.parametrize("line", SAID)
def test_a_line_and_python_say_the_same(line):
    assert parse_intervention(line, MODEL) == SAID[line].checked(MODEL)


WRONG = {
    "at 5: remove": ("            ^", "which share of the ties"),
    "at 5: remove 30": ("             ^", "a share of 30 of the ties; type 0 to 1"),
    "at 5: remove some of ties": ("             ^", "`some` is no number"),
    "at 5: remove 30% of tis": ("                    ^", "Did you mean `ties`?"),
    "at 5: remove all of ties where twon = Brill": (" " * 31 + "^", "Did you mean `town`?"),
    "at 5: remove all of ties between town = Bril, others": (" " * 40 + "^", "mean `Brill`?"),
    "at 5: remove all of ties between town = Brill": (" " * 45 + "^", "`, others`"),
    "at 5: remove all of ties for 1.5 of agents": (" " * 29 + "^", "from 0 to 1"),
}


@pytest.mark.parametrize("line", WRONG)
def test_what_is_wrong_is_pointed_at(line):
    caret, said = WRONG[line]
    with pytest.raises(InterventionError) as error:
        parse_intervention(line, MODEL)
    text, _, pointer = str(error.value).split("\n")
    assert said in text and pointer == "  " + caret


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (ec.remove_ties("tie"), "Did you mean `ties`?"),
        (ec.remove_ties(share=1.5), "type 0 to 1"),
        (ec.remove_ties(share=True), "type 0 to 1"),
        (ec.remove_ties(where={"twn": 1}), "Did you mean `town`?"),
        (ec.remove_ties(between=[{}]), "names no column"),
        (ec.remove_ties(between=[{"heard": 1}] * 3), "give one or two of them"),
        (ec.remove_ties(between=[{"heard": 1}], where={"heard": 1}), "no further agents"),
    ],
)
def test_what_cannot_be_is_refused(change, said):
    with pytest.raises(InterventionError, match=said.replace("?", r"\?")):
        checked([ec.at(1, change)], MODEL)


def test_of_several_networks_one_is_named():
    two = ec.Model(
        populations=MODEL.populations,
        networks={"work": ec.matchings(2), "home": ec.circles(4)},
        phases=[],
    )
    with pytest.raises(InterventionError, match=r"name the network: .*home, work"):
        checked([ec.at(1, ec.remove_ties())], two)
    assert checked([ec.at(1, ec.remove_ties("home"))], two)


def test_the_runs_name_has_it():
    def name(*plan):
        return run_name(MODEL, 1, interventions=checked(plan, MODEL))

    plans = [(), *([ec.at(s, ec.remove_ties(share=x))] for s in (1, 2) for x in (0.0, 0.5))]
    assert len({name(*plan) for plan in plans}) == 5
    assert name(ec.at(1, ec.remove_ties())) == name(ec.at(1, RemoveTies("ties", 1.0)))


def test_what_groups_take_is_in_the_plan():
    bare = ec.plan(MODEL).memory["network ties"]
    dosed = ec.plan(MODEL, interventions=[ec.at(1, ec.remove_ties(where={"heard": 1}))])
    assert dosed.memory["network ties"] - bare == 5 * 8  # four numbers, and a word of bits
