"""Resale: scalpers sell what they bought to those who went without, at the price that clears.

Who went without bids what a unit is worth to them, known to a quarter of `scale`. All that scalpers
hold goes to the highest bids, and all pay the lowest of those: the highest price at which it all
finds a buyer; or the shop's, if too few want it. What buyers pay, sellers receive: both sides are
granted the same number of units at the same price.
"""

import ecumene as ec

from .shop import CLASSES


@ec.environment_rule(writes=("served", "resale"))
def offer(env, model, key):
    return env.asked - env.asking, env.stashed


@ec.claim(capacity="resale", into="bought", on=ec.flagged("asks"), last="floor")
def bid_for(me, env, model, key):
    return 0, 1 if me.bid < CLASSES else 0, me.bid


@ec.environment_rule(writes=("offered", "sales", "floor", "resale_price", "expected"))
def clear(env, model, key):
    offered = env.stashed - env.resale
    if offered == 0:
        cooled = env.expected + model.learning * (model.price - env.expected)
        return 0, 0, CLASSES, env.resale_price, cooled
    floor = env.floor if env.resale == 0 else 1
    price = model.price + int((floor - 1) * 0.25 * model.scale)
    expected = env.expected + model.learning * (price - env.expected)
    return offered, offered, floor, price, expected


@ec.agent_rule(on=ec.reached_by(bid_for), writes=("cash", "holds", "asks", "waited", "memory"))
def pay_more(me, env, model, key):
    memory = 2 if env.launches == 1 else me.memory
    return me.cash - env.resale_price * me.bought, me.holds + me.bought, False, 0, memory


@ec.claim(capacity="sales", into="sold_on", on=ec.flagged("scalps"))
def sell(me, env, model, key):
    return 0, me.stash, 0


@ec.agent_rule(on=ec.reached_by(sell), writes=("cash", "stash"))
def earn(me, env, model, key):
    return me.cash + env.resale_price * me.sold_on, me.stash - me.sold_on
