"""A tiny market: a price that only reacts to what is left over finds where supply meets demand.

Walras (1874), Elements of pure economics: the price rises when all is sold and falls when some is
left. Everybody values one unit a day at 1 to 100 coins, once for life; at a price P a share of
(101 - P) / 100 buys. A day's delivery is enough for some share of the people: that sets the price.
"""

import ecumene as ec


@ec.claim(capacity="stock", into="bought", luck="once")
def ask(me, env, model, key):
    value = 1 + ec.integer(key, 100)
    wants = value >= env.price and me.coins >= env.price
    return 0, 1 if wants else 0, 0


@ec.agent_rule(on=ec.reached_by(ask), writes=("coins", "goods"))
def pay(me, env, model, key):
    return me.coins - env.price * me.bought, me.goods + me.bought


@ec.environment_rule(writes=("price", "till", "stock"))
def close_the_day(env, model, key):
    till = env.till + env.price * (model.supply - env.stock)
    price = env.price + 1 if env.stock == 0 else env.price - 1
    return max(1, price), till, model.supply


@ec.model
def market(
    agents: ec.Count = ec.parameter(10_000, reshapes=True, help="people"),
    supply: ec.Count = ec.parameter(3_000, help="units delivered a day"),
    coins: ec.Count = ec.parameter(10_000, reshapes=True, help="what each has at first"),
):
    return ec.Model(
        populations={
            "people": ec.Population(
                agents, coins=ec.whole(coins, high=coins), goods=ec.whole(high=1_000_000)
            )
        },
        environment={
            "price": ec.whole(20, low=1, high=1_000_000),
            "stock": ec.whole(supply, high=10**10),
            "till": ec.whole(high=10**15),
        },
        phases=[[ask], [pay, close_the_day]],
        measures={"price": ec.value("price"), "till": ec.value("till"), "coins": ec.mean("coins")},
        step_unit="day",
    )


if __name__ == "__main__":
    run = ec.run(market(), seed=1, steps=120)
    print(f"price in the end: {run.series['price'][-20:].mean():.1f} (theory: 71, where 30 % buy)")
    paid = 10_000 * (10_000 - run.record["measures"]["coins"])
    print(f"paid: {paid:.0f} coins; in the till: {run.record['measures']['till']}")
