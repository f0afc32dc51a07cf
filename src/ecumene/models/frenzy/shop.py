"""A shop: who wants to buy at this price, who gets some of the stock, what is paid.

The utility of a unit is value + taste - price + bandwagon x share + scarcity x S + alarm + luck,
in coins, against nothing (0) or a rival's offer; luck is logistic with `scale`, so that somebody
buys with odds exp(utility without luck / scale). Each unit at home takes `satiety` off, each
further one of the same trip `per_unit`. S is the part of the units asked for that was not to be
had in the last step, 0 when nobody asked.

A draw u buys where u / (1 - u) lies below the odds: so who buys at low odds buys at higher ones
too, and how far below says how much more the unit was worth. The first digit of u, of 256, is drawn
for everybody (`urge`); only those whom it might make buy at the odds of the keenest go on to weigh
the rest, so that most people cost next to nothing in most weeks.
"""

import ecumene as ec

from .curves import normal_quantile

KINDS = 16  # Tastes: as many equally likely quantiles of a normal distribution.
CLASSES = 64  # Of what a unit is worth above its price, each a quarter of `scale` wide.
URGES = 256  # First digits of a draw.
MANY = 10**18
WEEKS = 1000  # Where the draws of a step begin among an agent's draws.


BY_TASTE = ("pull", "fear", "lessons", "wears", "for_one", "for_more")


@ec.environment_rule(writes=("stock", "opened", "since", "launches", *BY_TASTE))
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
    lessons = (1.0, lesson, 1.0 / lesson)
    since = 0 if launched else env.since + 1
    keenest = max(pull) * max(lessons) * max(1.0, fear[0], fear[1])
    for_one, for_more = (1 + int(URGES * o / (1.0 + o)) for o in (keenest, keenest * env.full))
    wears = 1.0 / model.lifetime
    return stock, stock, since, launches, pull, fear, lessons, wears, for_one, for_more


@ec.agent_rule(writes=("holds", "urge", "asks"), luck="once")
def feel(me, env, model, key):
    """Use up what one has; and let those weigh a purchase who might make one."""
    step = ec.fold(key, WEEKS + env.since)  # After a launch the same luck as after the one before.
    used = me.holds > 0 and ec.chance(step, env.wears, 1)
    holds = me.holds - 1 if used else me.holds
    urge = ec.integer(step, URGES)
    return holds, urge, me.scalps or urge < (env.for_one if holds == 0 else env.for_more)


@ec.agent_rule(on=ec.flagged("asks"), writes=("asks", "wants", "bid"), luck="once")
def wish(me, env, model, key):
    """Who asks, for how many, and what one would be worth to whom: `bid`, in classes."""
    if me.scalps:
        worth = env.expected > model.price + model.cost
        wants = min(model.hoard - me.stash, model.limit) if worth else 0
        return wants > 0, wants, CLASSES if wants > 0 else 0  # Scalpers do not bid.
    odds = env.pull[ec.integer(key, KINDS)] * env.lessons[me.memory]
    if not me.calmed:
        odds = odds * env.fear[1 if me.news else 0]
    for _ in range(me.holds):
        odds = odds * env.full
    u = (me.urge + ec.uniform(ec.fold(key, WEEKS + env.since))) / URGES
    if u >= odds * (1.0 - u):
        return False, 0, 0
    drawn = u / (odds * (1.0 - u))
    wants, more = 1, env.further
    while wants < model.limit and drawn < more:
        wants, more = wants + 1, more * env.further
    surplus, half = 0, CLASSES // 2
    while half > 0:  # How often a quarter of `scale` could be taken off.
        surplus = surplus + half if drawn < env.notches[surplus + half] else surplus
        half = half // 2
    return True, wants, surplus + 1


@ec.claim(capacity="stock", into="got", on=ec.flagged("asks"))
def queue(me, env, model, key):
    place = me.waited + (model.bots if me.scalps else 0)
    return 0, me.wants, place if model.queueing else 0


@ec.agent_rule(on=ec.reached_by(queue), writes=("cash", "holds", "stash", "bid"))
def pay(me, env, model, key):
    cash = me.cash - model.price * me.got
    holds, stash = (0, me.got) if me.scalps else (me.got, 0)
    return cash, me.holds + holds, me.stash + stash, 0


@ec.agent_rule(on=ec.flagged("asks"), writes=("turned", "waited", "memory", "bid", "wants"))
def go_home(me, env, model, key):
    served = me.got + me.bought > 0
    waited = 0 if served else min(255, me.waited + 1)
    memory = me.memory
    if env.launches == 1 and not me.scalps:
        memory = 2 if me.bought > 0 else max(memory, 0 if served else 1)
    return not served and model.by_news and model.talk > 0, waited, memory, 0, 0


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
        urge=ec.whole(high=URGES - 1),
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
    """The shop's values: `tastes`, `full`, `further` and `notches` never change."""
    per, units = 1 / p["scale"], ec.whole(high=MANY)
    notches = [ec.exp(-0.25 * taken_off) for taken_off in range(CLASSES - 1)]
    return {
        "tastes": ec.real(cells=[normal_quantile((k + 0.5) / KINDS) for k in range(KINDS)]),
        "full": ec.real(ec.exp(-p["satiety"] * per)),
        "further": ec.real(ec.exp(-p["per_unit"] * per)),
        "notches": ec.real(cells=[*notches, 0.0]),
        "wears": ec.real(),
        "for_one": ec.whole(high=URGES),
        "for_more": ec.whole(high=URGES),
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
