"""The oracle's own small print, which every backend shares."""

import pytest

import ecumene as ec

from ..societies import everything


@ec.agent_rule(writes=("mood", "coins"))
def sink(me, env, model, key):
    return me.mood * -0.0 if env.step > 0 else 5.0, -7 // 2 + me.coins % -3


def model(start=()):
    return ec.Model(
        populations={
            "people": ec.Population(
                6, mood=ec.real(-0.0), coins=ec.whole(low=-99, high=99), up=ec.flag()
            )
        },
        phases=[[sink]],
        start=start,
        measures={
            "coins": ec.mean("coins"),
            "many": ec.count("coins", above_three),
            "up": ec.mean("up"),
        },
    )


def above_three(coins):
    return coins > 3


def test_nought_below_nought_is_nought(backend):
    """-0.0 equals 0.0, so a digest that tells them apart would hang on the backend."""
    start, two = (everything(model(), steps, backend=backend) for steps in (0, 2))
    assert str(two[3]["mood"]) == str([0.0] * 6)
    assert start[3]["mood"] == two[3]["mood"]
    simulation = ec.Simulation(model(), backend="reference")
    simulation.advance()
    simulation.advance()
    assert two[1] == simulation.digest()


def test_whole_numbers_divide_downwards(backend):
    assert everything(model(), 1, backend=backend)[3]["coins"] == [-4] * 6


@pytest.mark.parametrize("shards", [1, 3])
def test_a_later_start_overrides_an_earlier_one_and_counts_once(backend, shards):
    overlapping = model(
        [
            ec.set_agents(ec.sample_count(5), coins=9, up=True),
            ec.set_agents(ec.sample_count(4), coins=2),
            ec.set_agents(ec.sample_count(3), up=False),
        ]
    )
    simulation = ec.Simulation(overlapping, seed=4, backend=backend, shards=shards)
    coins, up = simulation.column("coins"), simulation.column("up")
    measured = simulation.measure()
    assert measured == {"coins": coins.mean(), "many": (coins > 3).sum(), "up": up.mean()}
    assert everything(overlapping, 0, seed=4, backend="reference")[1] == simulation.digest()


def test_the_order_of_phases_is_what_a_rule_sees(backend):
    @ec.agent_rule(writes="coins")
    def swap(me, env, model, key):
        return me.other

    @ec.agent_rule(writes="other")
    def swap_back(me, env, model, key):
        return me.coins

    def after(*phases):
        people = ec.Population(3, coins=ec.whole(1), other=ec.whole(2))
        return everything(ec.Model(populations={"p": people}, phases=phases), 1, backend=backend)[3]

    assert after([swap, swap_back]) == {"coins": [2] * 3, "other": [1] * 3}  # one moment
    assert after([swap], [swap_back]) == {"coins": [2] * 3, "other": [2] * 3}
