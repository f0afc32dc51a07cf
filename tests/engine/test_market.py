"""A tiny market: who values the good most gets it, the price finds its level, nothing is lost."""

import pytest

import ecumene as ec

CASH, HIGHEST = 10_000, 100


@ec.agent_rule(writes="worth", luck="once")
def value_it(me, env, model, key):
    return 1 + ec.integer(key, 100)


@ec.agent_rule(writes="wants")
def wish(me, env, model, key):
    return me.worth >= env.price and me.cash >= env.price


@ec.claim(capacity="stock", into="bought")
def ask(me, env, model, key):
    return 0, int(me.wants), me.worth


@ec.agent_rule(on=ec.reached_by(ask), writes=("cash", "goods"))
def pay(me, env, model, key):
    return me.cash - env.price * me.bought, me.goods + me.bought


@ec.environment_rule(writes=("till", "stock", "price"))
def close(env, model, key):
    sold = model.supply - env.stock
    move = 1 if env.demand > model.supply else -1 if env.demand < model.supply else 0
    return env.till + sold * env.price, model.supply, max(1, env.price + move)


def market(agents=1000, supply=300, price=20):
    return ec.Model(
        populations={
            "people": ec.Population(
                agents,
                worth=ec.whole(high=HIGHEST),
                cash=ec.whole(CASH, high=CASH),
                goods=ec.whole(high=10**6),
                wants=ec.flag(),
            )
        },
        environment={
            "price": ec.whole(price, low=1, high=CASH),
            "stock": ec.whole(supply, high=10**9),
            "till": ec.whole(high=10**12),
        },
        tallies={"demand": ec.count("wants")},
        phases=[[value_it], [wish], [ask], [pay], [close]],
        measures={
            "price": ec.value("price"),
            "till": ec.value("till"),
            "demand": ec.count("wants"),
            "cash": ec.total("cash"),
            "goods": ec.total("goods"),
        },
        parameters={"supply": supply},
    )


@pytest.mark.parametrize("how", [{}, {"shards": 3}, {"threads": 2}], ids=str)
def test_goods_and_money_are_conserved_to_the_unit(how):
    simulation = ec.Simulation(market(), seed=2, **how)
    sold = 0
    for _ in range(60):
        simulation.advance()
        row = simulation.measure()
        sold += min(row["demand"], 300)
        assert row["goods"] == sold
        assert row["cash"] + row["till"] == 1000 * CASH


@pytest.mark.parametrize("start", [20, 95])
def test_the_price_finds_the_level_at_which_as_many_want_it_as_there_is(start):
    simulation = ec.Simulation(market(price=start), seed=1)
    for _ in range(90):
        simulation.advance()
    worth = sorted(simulation.column("worth").tolist(), reverse=True)
    assert abs(simulation.measure()["price"] - worth[299]) <= 1


def test_a_market_is_the_same_on_every_backend():
    runs = []
    for how in ({"backend": "reference"}, {}, {"shards": 3}, {"shards": 2, "backend": "reference"}):
        simulation = ec.Simulation(market(agents=80, supply=20), seed=7, **how)
        rows = []
        for _ in range(12):
            simulation.advance()
            rows.append(simulation.measure())
        runs.append((simulation.digest(), rows))
    assert all(run == runs[0] for run in runs)
