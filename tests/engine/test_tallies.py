"""Counts and totals of agents that rules read as `env.NAME`; measures by stored columns."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ecumene as ec
from ecumene.engine import run_name
from ecumene.errors import ModelError, RuleError
from ecumene.population import Derived

from ..societies import everything

WIDE = 10**15


def town_of(identity, tables):
    return identity % 3


def up(wants):
    return wants


def poor(cash):
    return cash < 40


@ec.tie_rule(over="ties", active="wants", into="offers", combine="count")
def offer(me, tie, env, model, key):
    return env.demand > 2 and ec.chance(key, 0.5)


@ec.agent_rule(writes=("cash", "good", "wants"))
def trade(me, env, model, key):
    good = ec.integer(key, 5)
    richer = env.by_good[good] * 7 + me.offers - env.demand + env.of_town[me.town] % 3
    step = (ec.integer(key, 9, 1) - 4) * model.stride
    return min(max(me.cash + richer + step, -500), 5 * WIDE), good, ec.chance(key, 0.4, 2)


@ec.agent_rule(on=ec.sample("share"), writes=("good", "hoard"))
def move(me, env, model, key):
    hoard = env.money % 1000 * WIDE + me.hoard // 2
    return (me.good + 1) % 5, min(hoard, 999 * WIDE)


@ec.environment_rule(writes="price")
def clear(env, model, key):
    return max(0, env.price + (env.demand > env.by_good[0]) - env.poor_by_good[1])


TALLIES = {
    "demand": ec.count("wants"),
    "money": ec.total("cash"),
    "by_good": ec.count("wants", by="good"),
    "money_by_good": ec.total("cash", by="good"),
    "poor_by_good": ec.count("cash", poor, by="good"),
    "of_town": ec.total("good", by="town"),
    "hoarded": ec.total("hoard", by="good"),
    "where": ec.total("good", by="good"),
}


def model(agents, degree=2, stride=1, share=0.5, rich=3, tallies=TALLIES, phases=None):
    people = ec.Background(
        "three towns", agents, {"town": Derived(town_of, "int", ("A", "B", "C"))}, {}
    )
    return ec.Model(
        populations={
            "people": ec.Population(
                people,
                cash=ec.whole(50, low=-500, high=5 * WIDE),
                good=ec.whole(2, high=4),
                wants=ec.flag(),
                hoard=ec.whole(high=999 * WIDE),
            )
        },
        networks={"ties": ec.matchings(degree)},
        environment={"price": ec.whole(5, high=10**9)},
        tallies=tallies,
        phases=phases or [[offer], [trade, clear], [move]],
        start=[
            ec.set_agents(ec.sample_count(min(rich, agents)), cash=WIDE, good=4, wants=True),
            ec.set_agents(ec.sample_count(min(2, agents)), good=1),
        ],
        measures={
            **tallies,
            "price": ec.value("price"),
            "mean_by_good": ec.mean("cash", by="good"),
            "wanting": ec.share("wants", up, by="good"),
        },
        parameters={"stride": stride, "share": share},
    )


def recount(simulation):
    """The tallies, from the columns."""
    cash, good, wants, town, hoard = (
        simulation.column(name).tolist() for name in ("cash", "good", "wants", "town", "hoard")
    )

    def by(groups, amounts, names):
        cells = dict.fromkeys(names, 0)
        for group, amount in zip(groups, amounts, strict=True):
            cells[names[group]] += int(amount)
        return cells

    goods = ["0", "1", "2", "3", "4"]
    sizes, money = by(good, [1] * len(good), goods), by(good, cash, goods)
    asked = by(good, wants, goods)
    return {
        "demand": sum(wants),
        "money": sum(cash),
        "by_good": asked,
        "money_by_good": money,
        "poor_by_good": by(good, [c < 40 for c in cash], goods),
        "of_town": by(town, good, ["A", "B", "C"]),
        "hoarded": by(good, hoard, goods),
        "where": by(good, good, goods),
        "mean_by_good": {g: money[g] / sizes[g] if sizes[g] else None for g in goods},
        "wanting": {g: asked[g] / sizes[g] if sizes[g] else None for g in goods},
    }


HOWS = [{}, {"threads": 2}, {"shards": 3}, {"shards": 2, "backend": "reference"}]


@settings(max_examples=12, deadline=None)
@given(
    agents=st.integers(1, 40),
    stride=st.sampled_from([0, 1, 10**14]),
    share=st.sampled_from([0.0, 0.3, 1.0]),
    rich=st.integers(0, 9),
    seed=st.integers(0, 2**40),
    how=st.sampled_from(HOWS),
)
def test_what_rules_read_is_what_there_is_on_every_backend(agents, stride, share, rich, seed, how):
    society = model(agents, stride=stride, share=share, rich=rich)
    oracle = everything(society, 4, seed=seed, backend="reference")
    assert everything(society, 4, seed=seed, **how) == oracle


@pytest.mark.parametrize("how", HOWS, ids=str)
def test_what_is_kept_up_to_date_is_what_a_recount_gives(how):
    for seed in range(3):
        simulation = ec.Simulation(model(37, stride=10**14), seed=seed, **how)
        for _ in range(5):
            measured = simulation.measure()
            assert {name: measured[name] for name in recount(simulation)} == recount(simulation)
            simulation.advance()


def test_values_given_from_outside_are_counted_too():
    simulation = ec.Simulation(model(30), seed=1, shards=2)
    for _ in range(2):
        for shard in simulation._shards:
            places = np.array([3, 20, 29])
            shard.assign(places, {"good": 0, "cash": 7, "wants": True}, simulation.step, "test")
        measured = simulation.measure()
        assert {name: measured[name] for name in recount(simulation)} == recount(simulation)
        simulation.advance()


def test_rules_see_the_tally_as_it_was_before_their_phase(backend):
    @ec.agent_rule(writes=("up", "seen"))
    def rise(me, env, model, key):
        return True, env.ups

    @ec.agent_rule(writes="later")
    def look(me, env, model, key):
        return env.ups

    one = ec.Model(
        populations={"people": ec.Population(6, up=ec.flag(), seen=ec.whole(), later=ec.whole())},
        tallies={"ups": ec.count("up")},
        phases=[[rise], [look]],
    )
    simulation = ec.Simulation(one, backend=backend)
    simulation.advance()
    assert simulation.column("seen").tolist() == [0] * 6
    assert simulation.column("later").tolist() == [6] * 6


MOST = (1 << 62) - 1


@pytest.mark.parametrize("shards", [1, 3])
def test_a_sum_beyond_64_bits_is_measured_exactly_and_never_handed_to_a_rule(backend, shards):
    @ec.agent_rule(writes="cash")
    def fill(me, env, model, key):
        return MOST

    @ec.agent_rule(writes="seen")
    def look(me, env, model, key):
        return env.money > 0

    one = ec.Model(
        populations={
            "people": ec.Population(5, cash=ec.whole(low=-MOST, high=MOST), seen=ec.flag())
        },
        tallies={"money": ec.total("cash")},
        phases=[[fill], [look]],
        measures={"money": ec.total("cash")},
    )
    simulation = ec.Simulation(one, backend=backend, shards=shards)
    with pytest.raises(RuleError) as caught:
        simulation.advance()
    assert str(caught.value) == (
        f"the tally `money` is {5 * MOST} in step 0; a rule reads whole numbers below 2**63. "
        "Count in larger units."
    )
    assert simulation.measure() == {"money": 5 * MOST}


def test_tallies_that_rules_read_are_in_the_name_and_measures_are_not():
    plain = model(9, phases=[[move]], tallies={"money": ec.total("cash")})
    other = replace(plain, tallies={"money": ec.total("good")})
    assert run_name(plain, 0) != run_name(other, 0)
    assert run_name(plain, 0) == run_name(replace(plain, measures={}), 0)


@pytest.mark.parametrize(
    ("tallies", "words"),
    [
        ({"m": ec.mean("cash")}, "tally `m` is neither a count nor a total; type ec.count(...)"),
        ({"m": ec.gini("cash")}, "tally `m` is neither a count nor a total"),
        ({"m": ec.total("cas")}, "tally `m` watches no column of whole numbers or flags named"),
        ({"m": ec.total("cash", by="hoard")}, "tally `m` is by no group named `hoard`"),
        ({"m": ec.count("at")}, "tally `m` watches no column of whole numbers or flags named `at`"),
        ({"m": ec.count("wants", by="level")}, "`level`, whose values begin at -2; declare it"),
        ({"price": ec.total("cash")}, "cannot be called `price`"),
        ({"step": ec.total("cash")}, "cannot be called `step`"),
    ],
)
def test_a_tally_that_cannot_be_kept(tallies, words):
    whole = model(9, phases=[[clear]])
    people = ec.Population(
        9, **whole.population.stored, at=ec.step_column(), level=ec.whole(low=-2, high=2)
    )
    broken = replace(whole, populations={"people": people}, tallies=tallies, measures={}, phases=[])
    with pytest.raises(ModelError) as caught:
        ec.Simulation(broken)
    assert words in str(caught.value)


def test_a_misspelt_tally_is_named():
    def wrong(env, model, key):
        return env.demnd

    with pytest.raises(ModelError, match=r"named `demnd`; .*Did you mean `demand`"):
        ec.Simulation(model(9, phases=[[ec.environment_rule(writes="price")(wrong)]]))
