"""Resale: scalpers sell what they bought to those who went without, at the price that clears.

Who went without bids what a unit is worth to them, known to a quarter of `scale`. The price is
the highest at which all that scalpers hold finds a buyer, or the shop's, if too few want it. What
buyers pay, sellers receive: both sides are granted the same number of units at the same price.
"""

import ecumene as ec

from .shop import CLASSES


@ec.environment_rule(writes=("served", "offered", "resale", "floor", "resale_price", "expected"))
def clear(env, model, key):
    bidders = env.without
    served = env.asking - bidders
    floor, demand = CLASSES, 0
    while floor > 1 and demand < env.stashed:
        floor = floor - 1
        demand = demand + env.bids[floor]
    offered = min(env.stashed, demand)
    price = model.price + int((floor - 1) * 0.25 * model.scale)
    if offered == 0:
        cooled = env.expected + model.learning * (model.price - env.expected)
        return served, 0, 0, CLASSES, env.resale_price, cooled
    expected = env.expected + model.learning * (price - env.expected)
    return served, offered, offered, floor, price, expected


@ec.claim(capacity="resale", into="bought", on=ec.flagged("asks"))
def bid_for(me, env, model, key):
    return 0, 1 if env.floor <= me.bid < CLASSES else 0, me.bid


@ec.agent_rule(on=ec.reached_by(bid_for), writes=("cash", "holds"))
def pay_more(me, env, model, key):
    return me.cash - env.resale_price * me.bought, me.holds + me.bought


@ec.environment_rule(writes="sales")
def hand_over(env, model, key):
    return env.offered - env.resale


@ec.claim(capacity="sales", into="sold_on", on=ec.flagged("scalps"))
def sell(me, env, model, key):
    return 0, me.stash, 0


@ec.agent_rule(on=ec.reached_by(sell), writes=("cash", "stash"))
def earn(me, env, model, key):
    return me.cash + env.resale_price * me.sold_on, me.stash - me.sold_on
