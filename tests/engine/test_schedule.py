"""Interventions as they happen: only what they say, at the moment they say, the same everywhere."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ecumene as ec
from ecumene.backends import BACKENDS
from ecumene.models import MODELS

from ..purses import coins, course, ended
from ..societies import NAMES, background, networks, society, strengths


def cascade(**changes):
    return MODELS["cascade"].build(**{"agents": 600, "degree": 4, "transmission": 0.5, **changes})


# -- placebo: what changes nothing leaves every bit as it was ------------------------------------


def test_without_interventions_nothing_is_different(backend):
    assert course(cascade(), [], backend=backend) == course(cascade(), backend=backend)


@pytest.mark.parametrize(
    "nothing",
    [
        ec.at(2, ec.set_parameter(transmission=0.5)),
        ec.during(1, 4, ec.set_parameter(transmission=0.5)),
        ec.when("reached", ec.set_parameter(transmission=0.5), above=20),
        ec.at(1, ec.seed_agents(0)),
        ec.at(40, ec.seed_agents(0)),
        ec.at(40, ec.set_parameter(transmission=0.1)),
        ec.when("reached", ec.seed_agents(5), above=600),
        ec.at(2, ec.broadcast(count=0)),
        ec.at(2, ec.set_column("reached_now", False, agents=ec.sample_share(0.0))),
        ec.at(30, ec.set_column("reached_now", False, agents=ec.sample_count(0))),
    ],
    ids=str,
)
def test_a_placebo_changes_no_bit(backend, nothing):
    with_, without = (ended(cascade(), backend=backend, interventions=i) for i in ([nothing], []))
    assert (with_.step, with_.digest()) == (without.step, without.digest())


@pytest.mark.slow
def test_values_that_agents_have_already_wake_nobody(backend):
    """A rule for those who changed is not run for agents who are given what they have."""
    model = society(ec.matchings(2), 30)
    same = [
        ec.at(0, ec.set_column("wealth", 10, where={"wealth": 10})),
        ec.at(0, ec.set_column("drift", 0.0)),
    ]
    assert course(model, same, backend=backend)[:4] == course(model, backend=backend)[:4]


# -- moments -------------------------------------------------------------------------------------


@ec.agent_rule(on=ec.everyone, writes="coins")
def earn(me, env, model, key):
    return me.coins + model.wage


def earning(**more):
    return coins([[earn]], parameters={"wage": 1}, **more)


def means(model, interventions, steps=6, **how):
    return [row["coins"] for row in course(model, interventions, steps, **how)[2]]


def test_at_a_step_it_happens_before_the_rules_of_that_step(backend):
    change = ec.at(2, ec.set_parameter(wage=10))
    assert means(earning(), [change], 4, backend=backend) == [5, 6, 7, 17, 27]


def test_during_a_span_a_parameter_has_the_value_only_meanwhile(backend):
    change = ec.during(1, 3, ec.set_parameter(wage=10))
    assert means(earning(), [change], 5, backend=backend) == [5, 6, 16, 26, 27, 28]


def test_a_span_lies_over_what_was_set_and_then_leaves_it(backend):
    changes = [ec.during(1, 4, ec.set_parameter(wage=10)), ec.at(2, ec.set_parameter(wage=3))]
    assert means(earning(), changes, 6, backend=backend) == [5, 6, 16, 26, 36, 39, 42]


def test_of_two_spans_the_later_in_the_list_counts(backend):
    spans = [ec.during(0, 3, ec.set_parameter(wage=10)), ec.during(1, 2, ec.set_parameter(wage=7))]
    assert means(earning(), spans, 4, backend=backend) == [5, 15, 22, 32, 33]
    assert means(earning(), spans[::-1], 4, backend=backend) == [5, 15, 25, 35, 36]


def test_during_a_span_any_other_change_is_made_anew_each_step(backend):
    change = ec.during(1, 4, ec.set_column("coins", 0))
    assert means(earning(), [change], 5, backend=backend) == [5, 6, 1, 1, 1, 2]


def test_when_a_measure_crosses_it_happens_once(backend):
    change = ec.when("coins", ec.set_column("coins", 0), above=7)
    assert means(earning(), [change], 13, backend=backend)[:6] == [5, 6, 7, 8, 1, 2]
    assert means(earning(), [change], 13, backend=backend)[-1] == 10


def test_when_it_lies_below_from_a_step_on(backend):
    change = ec.when("coins", ec.set_parameter(wage=0), below=100, after=3)
    assert means(earning(), [change], 5, backend=backend) == [5, 6, 7, 8, 8, 8]


@pytest.mark.parametrize("measure", ["by_town[Brill]", "spread[0.5]", "poor"])
def test_a_measure_by_group_or_of_everybody_is_looked_at_too(backend, measure):
    moment = {"above": 5.5} if measure == "spread[0.5]" else {"below": 0.5}
    change = ec.when(measure, ec.set_parameter(wage=100), **moment)
    first = 1 if measure == "spread[0.5]" else 0
    assert means(earning(), [change], 2, backend=backend)[first + 1] == 105 + first


def test_all_moments_are_looked_at_before_the_first_change(backend):
    changes = [
        ec.at(1, ec.set_column("coins", 200)),
        ec.when("coins", ec.set_parameter(wage=9), above=100),
    ]
    assert means(earning(), changes, 3, backend=backend) == [5, 6, 201, 210]


def test_changes_of_one_step_are_made_in_the_order_of_the_list(backend):
    changes = [ec.at(1, ec.set_column("coins", 50)), ec.at(1, ec.set_column("coins", 20))]
    assert means(earning(), changes, 2, backend=backend)[2] == 21
    assert means(earning(), changes[::-1], 2, backend=backend)[2] == 51


# -- what follows --------------------------------------------------------------------------------


def test_tallies_follow_what_is_set(backend):
    model = society(ec.matchings(3), 40)
    plan = [
        ec.at(1, ec.set_column("wealth", 500, where={"town": "Brill"})),
        ec.at(2, ec.set_column("rich", False, agents=ec.sample_share(0.7))),
        ec.at(3, ec.set_column("reached_at", ec.NEVER, agents=ec.sample_count(15))),
    ]
    simulation = ec.Simulation(model, interventions=plan, backend=backend, seed=5)
    for _ in range(5):
        simulation.advance()
        shown = simulation.measure()
        assert shown["wealth"] == simulation.column("wealth").sum() / 40
        assert shown["reached"] == (simulation.column("reached_at") != ec.NEVER).sum()
        town, rich = simulation.column("town"), simulation.column("rich")
        assert list(shown["rich"].values()) == [rich[town == t].mean() for t in range(3)]


def test_a_rule_for_those_who_changed_runs_for_those_who_were_changed(backend):
    @ec.agent_rule(on=ec.changed("coins"), writes="coins")
    def spend(me, env, model, key):
        return max(me.coins - 1, 5)

    plan = [ec.at(3, ec.set_column("coins", 7, agents=ec.sample_count(4)))]
    rows = course(coins([[spend]]), plan, 20, backend=backend)
    assert [row["coins"] for row in rows[2]] == [5, 5, 5, 5, 5.4, 5, 5]
    assert rows[0] == 6  # the last ones look, change nothing, and all is quiet


def test_a_pulse_is_up_in_the_step_in_which_it_is_set_and_may_be_lowered(backend):
    model = cascade(transmission=1.0, seeds=1)
    lower = ec.at(0, ec.set_column("reached_now", False))
    none = ended(model, backend=backend, interventions=[lower])
    assert (none.step, none.measure()["reached"]) == (1, 1)
    some = ended(
        model,
        backend=backend,
        interventions=[lower, ec.at(9, ec.seed_agents(1))],
    )
    assert some.measure()["reached"] > 500
    assert 10 in some.column("reached_at") and 9 in some.column("reached_at")


def test_a_run_is_kept_going_for_what_is_still_to_come(backend):
    late = ended(cascade(), backend=backend, interventions=[ec.at(45, ec.seed_agents(3))])
    assert late.step > 45 and late.happened[0].agents == 3


def test_steps_are_kept_when_the_clock_has_outgrown_a_byte(backend):
    plan = [ec.at(t, ec.seed_agents(1)) for t in (254, 255, 256, 300)]
    simulation = ec.Simulation(cascade(transmission=0.0), interventions=plan, backend=backend)
    while simulation.advance():
        pass
    assert {254, 255, 256, 300} <= set(simulation.column("reached_at").tolist())


def test_a_change_in_one_group_touches_nobody_else_before_it_spreads(backend):
    model = cascade(agents=900).with_background(background(900))
    plan = [ec.at(3, ec.set_column("reached_now", True, where={"town": "Cope"}))]
    columns = []
    for interventions in (plan, []):
        simulation = ec.Simulation(model, seed=2, interventions=interventions, backend=backend)
        for _ in range(3):
            simulation.advance()
        simulation._schedule.begin_step(simulation)
        columns.append((simulation.column("reached_now"), simulation.column("reached_at")))
    town = simulation.column("town")
    (now, at), (now_, at_) = columns
    assert (at == at_).all() and (now == now_)[town != 2].all() and now[town == 2].all()


# -- the same everywhere -------------------------------------------------------------------------

samples = st.one_of(
    st.none(),
    st.integers(0, 12).map(ec.sample_count),
    st.sampled_from([0.0, 0.1, 0.5, 1.0]).map(ec.sample_share),
)
wheres = st.sampled_from(
    [{}, {"town": "Brill"}, {"town": ("Ashby", "Cope")}, {"rich": True}, {"wealth": 10}]
)
columns = st.sampled_from(
    [
        ("wealth", 700),
        ("wealth", -3),
        ("rich", True),
        ("rich", False),
        ("loud", True),
        ("loud", False),
        ("mood", -0.25),
        ("reached_at", ec.NOW),
        ("reached_at", ec.NEVER),
        ("due", ec.NOW + 3),
        ("changes", 1),
    ]
)
changes = st.one_of(
    st.builds(
        lambda column, where, agents: ec.set_column(*column, where=where, agents=agents),
        columns,
        wheres,
        samples,
    ),
    st.builds(
        lambda name, value: ec.set_parameter(**{name: value}), st.sampled_from(NAMES), strengths
    ),
    st.builds(
        lambda n, where: ec.seed_agents(n, where=where, loud=True, reached_at=ec.NOW),
        st.integers(0, 9),
        wheres,
    ),
    st.builds(lambda n: ec.broadcast(count=n, loud=True), st.integers(0, 3)),
    st.just(ec.broadcast("number", agents=(11, 3), rich=True, wealth=60)),
)
steps = st.integers(0, 5)
interventions = st.one_of(
    st.builds(ec.at, steps, changes),
    st.builds(lambda a, b, c: ec.during(a, a + 1 + b, c), steps, steps, changes),
    st.builds(
        lambda m, c, v: ec.when(m, c, above=v),
        st.sampled_from(["wealth", "reached", "rich[Brill]", "moods[0.5]"]),
        changes,
        st.sampled_from([0, 0.3, 8, 11]),
    ),
)


@settings(max_examples=30, deadline=None)
@given(st.data(), st.lists(interventions, max_size=4), st.integers(0, 2**32))
def test_every_backend_thread_and_shard_does_the_same(data, plan, seed):
    agents = data.draw(st.integers(12, 60))
    model = society(data.draw(networks(agents)), agents, **{n: data.draw(strengths) for n in NAMES})
    ways = [{"backend": b, "shards": s} for b in BACKENDS for s in (1, 3)]
    ways.append({"backend": "cpu", "threads": 2})
    courses = [course(model, plan, 5, seed=seed, **way) for way in ways]
    assert all(each == courses[0] for each in courses[1:])
