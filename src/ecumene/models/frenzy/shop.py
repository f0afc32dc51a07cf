"""A shop: who wants to buy at this price, who gets some of the stock, what is paid.

The utility of a unit is value + taste - price + bandwagon x share + scarcity x S + alarm + luck,
in coins, against nothing (0) or a rival's offer; luck is logistic with `scale`, so that somebody
buys with odds exp(utility without luck / scale). Each unit at home takes `satiety` off, each
further one of the same trip `per_unit`. S is the part of the units asked for that was not to be
had in the last step, 0 when nobody asked.

A draw u buys where u / (1 - u) lies below the odds: so who buys at low odds buys at higher ones
too, and how far below says how much more the unit was worth.
"""

import ecumene as ec

from .curves import normal_quantile

KINDS = 16  # Tastes: as many equally likely quantiles of a normal distribution.
CLASSES = 64  # Of what a unit is worth above its price, each a quarter of `scale` wide.
MANY = 10**18
WEEKS = 1000  # Where the draws of a step begin among an agent's draws.


@ec.environment_rule(writes=("stock", "opened", "since", "launches", "pull", "fear", "lessons"))
def open_shop(env, model, key):
    again = model.second_launch > 0 and env.step == model.second_launch
    launched = env.step == 0 or again
    first = int(model.first_stock * model.agents) if launched else 0
    came = int(model.delivery * model.agents) + first
    stock = came if again else env.stock + came
    alarmed = model.alarm_at <= env.step < model.alarm_at + model.alarm_lasts
    alarm = model.alarm if alarmed else 0.0
    common = model.value - model.price + model.bandwagon * env.share
    per = 1.0 / model.scale
    instead = 1.0 + (ec.exp(model.rival * per) if model.rival > 0 else 0.0)
    pull = tuple(ec.exp((common + model.taste * z) * per) / instead for z in env.tastes)
    told = model.scarcity if model.by_news else model.scarcity * env.shortage
    untold = 0.0 if model.by_news else told
    fear = (ec.exp((alarm + untold) * per), ec.exp((alarm + told) * per))
    launches = env.launches + (1 if launched else 0)
    lesson = ec.exp(model.lesson * per) if launches > 1 else 1.0
    since = 0 if launched else env.since + 1
    return stock, stock, since, launches, pull, fear, (1.0, lesson, 1.0 / lesson)


@ec.agent_rule(writes=("holds", "asks", "wants", "surplus"), luck="once")
def wish(me, env, model, key):
    step = ec.fold(key, WEEKS + env.since)  # After a launch the same luck as after the one before.
    used = me.holds > 0 and ec.chance(step, 1.0 / model.lifetime, 1)
    holds = me.holds - 1 if used else me.holds
    if me.scalps:
        worth = env.expected > model.price + model.cost
        wants = min(model.hoard - me.stash, model.limit) if worth else 0
        return holds, wants > 0, wants, 0
    odds = env.pull[ec.integer(key, KINDS)] * env.lessons[me.memory]
    if not me.calmed:
        odds = odds * env.fear[1 if me.news else 0]
    for _ in range(holds):
        odds = odds * env.full
    u = ec.uniform(step)
    drawn = u / (1.0 - u)
    if drawn >= odds:
        return holds, False, 0, 0
    wants, more = 1, odds * env.further
    while wants < model.limit and drawn < more:
        wants, more = wants + 1, more * env.further
    surplus, more = 0, odds * env.notch
    while surplus < CLASSES - 2 and drawn < more:
        surplus, more = surplus + 1, more * env.notch
    return holds, True, wants, surplus


@ec.claim(capacity="stock", into="got", on=ec.flagged("asks"))
def queue(me, env, model, key):
    place = me.waited + (model.bots if me.scalps else 0)
    return 0, me.wants, place if model.queueing else 0


@ec.agent_rule(on=ec.reached_by(queue), writes=("cash", "holds", "stash"))
def pay(me, env, model, key):
    cash = me.cash - model.price * me.got
    return (cash, me.holds, me.stash + me.got) if me.scalps else (cash, me.holds + me.got, me.stash)


@ec.agent_rule(on=ec.flagged("asks"), writes="bid")
def go_without(me, env, model, key):
    if me.got > 0:
        return 0
    return CLASSES if me.scalps else me.surplus + 1  # Scalpers go without, and do not bid.


@ec.agent_rule(on=ec.flagged("asks"), writes=("turned", "waited", "memory", "bid"))
def go_home(me, env, model, key):
    served = me.got + me.bought > 0
    waited = 0 if served else min(255, me.waited + 1)
    memory = me.memory
    if env.launches == 1 and not me.scalps:
        memory = 2 if me.bought > 0 else max(memory, 0 if served else 1)
    return not served and model.talk > 0, waited, memory, 0


@ec.tie_rule(over="contacts", active="turned", into="news")
def tell_of_it(me, tie, env, model, key):
    return ec.chance(key, model.talk)


@ec.environment_rule(writes=("till", "sold", "buyers", "asked", "share", "shortage"))
def close_shop(env, model, key):
    sold = env.opened - env.stock
    waiting = env.asking - env.served
    crowd = env.asking if model.by_crowd else env.holders + waiting
    shortage = (env.wanted - sold) / env.wanted if env.wanted > 0 else 0.0
    share = min(1.0, crowd / model.agents)
    return env.till + sold * model.price, sold, env.served, env.asking, share, shortage


def described(p, **common):
    """The model of a shop for the parameters `p`."""
    scalpers, having = (round(p[share] * p["agents"]) for share in ("scalpers", "having"))
    return ec.Model(
        populations={"people": people(p["agents"])},
        networks={"contacts": ec.matchings(p["contacts"])},
        environment=environment(p),
        tallies={
            "asking": ec.count("asks"),
            "wanted": ec.total("wants"),
            "holders": ec.count("holds"),
            "without": ec.count("bid"),
            "bids": ec.count("bid", by="bid"),
            "stashed": ec.total("stash"),
        },
        start=[
            ec.set_agents(ec.sample_count(scalpers), scalps=True),
            ec.set_agents(ec.sample_count(having), holds=1),
        ],
        measures={
            "asked": ec.value("asked"),
            "sold": ec.value("sold"),
            "buyers": ec.value("buyers"),
            "shortage": ec.value("shortage"),
            "holders": ec.count("holds"),
            "stock": ec.value("stock"),
            "resold": ec.value("offered"),
            "resale_price": ec.value("resale_price"),
            "till": ec.value("till"),
            "normal": ec.value("normal"),
            "highest": ec.value("highest"),
        },
        **common,
    )


def people(agents):
    """The buyers, with 13 bytes each."""
    return ec.Population(
        agents,
        holds=ec.whole(),
        asks=ec.flag(),
        wants=ec.whole(),
        surplus=ec.whole(high=CLASSES - 1),
        bid=ec.whole(high=CLASSES),
        waited=ec.whole(),
        memory=ec.whole(high=2),
        turned=ec.pulse(),
        calmed=ec.flag(),
        scalps=ec.flag(),
        stash=ec.whole(),
        cash=ec.whole(low=-(10**9), high=10**9),
    )


def environment(p):
    """The shop's values: `tastes`, `full`, `further` and `notch` never change."""
    per, units = 1 / p["scale"], ec.whole(high=MANY)
    return {
        "tastes": ec.real(cells=[normal_quantile((k + 0.5) / KINDS) for k in range(KINDS)]),
        "full": ec.real(ec.exp(-p["satiety"] * per)),
        "further": ec.real(ec.exp(-p["per_unit"] * per)),
        "notch": ec.real(ec.exp(-0.25)),
        "pull": ec.real(cells=KINDS),
        "fear": ec.real(cells=2),
        "lessons": ec.real(cells=3),
        "share": ec.real(p["having"]),
        "shortage": ec.real(),
        "expected": ec.real(p["hype"]),
        "resale_price": ec.whole(p["price"], high=MANY),
        "launches": ec.whole(),
        **dict.fromkeys(["stock", "opened", "since", "till", "sold", "buyers", "asked"], units),
        **dict.fromkeys(["served", "offered", "resale", "floor", "sales"], units),
        "normal": ec.whole(high=MANY, cells=4),
        "highest": ec.whole(high=MANY, cells=2),
    }
