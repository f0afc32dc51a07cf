"""A shop: who wants to buy at this price, who gets some of the stock, what is paid.

The utility of a unit is value + taste - price + bandwagon x share + scarcity x S + alarm - luck,
in coins, against nothing (0) or a rival's offer; luck is logistic with `scale`, so that somebody
buys with odds exp(utility without luck / scale). Each unit at home takes `satiety` off, each
further one of the same trip `per_unit`. S is the part of the units asked for that was not to be
had in the last step, 0 when nobody asked.

A draw u has the luck log(u / (1 - u)), in units of `scale`: so who buys when a unit is worth little
buys when it is worth more, too, and how far the worth lies above says how much one would pay. The
first digit of u, of 256, is drawn for everybody; only those go on to weigh the rest whom it might
make buy if they were the keenest of their taste. What became of last week's wish is seen to in the
same pass.
"""

import ecumene as ec

from .curves import normal_quantile

KINDS = 16  # Tastes: as many equally likely quantiles of a normal distribution.
CLASSES = 64  # Of what a unit is worth above its price, each a quarter of `scale` wide.
URGES = 256  # First digits of a draw.
SLICES = 1024  # Of a draw, between whose ends luck goes straight; never more than 0.002 off,
TAIL = 8  # as in so many slices at either end it is worked out.
SMALLEST = 2.0**-54  # Stands for a draw of 0.
MANY = 10**18
WEEKS = 1000  # Where the draws of a step begin among an agent's draws.


BY_TASTE = ("pull", "fear", "lessons", "wears", "for_more", "for_one", "by_taste")


@ec.environment_rule(writes=("stock", "opened", "since", "launches", "learns", *BY_TASTE))
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
    pull = tuple((common + model.taste * z) * per - ec.log(instead) for z in env.tastes)
    told = model.scarcity if model.by_news else model.scarcity * env.shortage
    untold = 0.0 if model.by_news else told
    fear = ((alarm + untold) * per, (alarm + told) * per)
    launches = env.launches + (1 if launched else 0)
    lesson = model.lesson * per if launches > 1 else 0.0
    lessons = (0.0, lesson, -lesson)
    since = 0 if launched else env.since + 1
    keenest = max(lessons) + max(0.0, fear[0], fear[1])
    wears, for_more = 1.0 / model.lifetime, first_digits(max(pull) + keenest - env.full)
    for_one, by_taste = line_over([one + keenest for one in pull])
    return (stock, stock, since, launches, env.launches == 1,
            pull, fear, lessons, wears, for_more, for_one, by_taste)  # fmt: skip


def first_digits(worth):
    """How many first digits of a draw might buy what is worth so much more than its price."""
    odds = ec.exp(worth)
    return 1.0 + URGES * odds / (1.0 + odds)


def line_over(worth):
    """A line that is nowhere below the first digits at the worth of each taste: start and slope."""
    digits = [first_digits(one) for one in worth]
    slope = (digits[KINDS - 1] - digits[0]) / (KINDS - 1)
    return max(digits[kind] - slope * kind for kind in range(KINDS)), slope


@ec.agent_rule(writes=("holds", "asks", "turned", "waited", "memory"), luck="once")
def feel(me, env, model, key):
    """Go home from last week; use up what one has; and let those weigh who might buy.

    Who still asks went without. The first digits that might buy lie below a line over the tastes.
    """
    waited = min(255, me.waited + 1) if me.asks else me.waited
    taught = env.learns and me.asks and not me.scalps and me.memory == 0
    step = ec.fold(key, WEEKS + env.since)  # After a launch the same luck as after the one before.
    used = me.holds > 0 and ec.chance(step, env.wears, 1)
    holds = me.holds - 1 if used else me.holds
    line = env.for_one + env.by_taste * ec.integer(key, KINDS)
    below = line if holds == 0 else env.for_more
    asks = me.scalps or ec.integer(step, URGES) < below
    turned = me.asks and model.by_news and model.talk > 0
    return holds, asks, turned, waited, 1 if taught else me.memory


@ec.tie_rule(over="contacts", active="turned", into="news")
def tell_of_it(me, tie, env, model, key):
    return ec.chance(key, model.talk)


@ec.agent_rule(on=ec.flagged("asks"), writes=("asks", "wants", "bid"), luck="once", stream="feel")
def wish(me, env, model, key):
    """Who asks, for how many, and what one would be worth to whom: `bid`, in classes."""
    if me.scalps:
        worth = env.expected > model.price + model.cost
        wants = min(model.hoard - me.stash, model.limit) if worth else 0
        return wants > 0, wants, CLASSES if wants > 0 else 0  # Scalpers do not bid.
    worth = env.pull[ec.integer(key, KINDS)] + env.lessons[me.memory] - env.full * me.holds
    if not me.calmed:
        worth = worth + env.fear[1 if me.news else 0]
    u = ec.uniform(ec.fold(key, WEEKS + env.since))  # `feel` saw its first digit.
    number = int(u * SLICES)
    luck = env.luck[number] + (u * SLICES - number) * (env.luck[number + 1] - env.luck[number])
    if number < TAIL or number >= SLICES - TAIL:
        luck = logit(u)
    surplus = worth - luck
    if surplus <= 0.0:
        return False, 0, 0
    wants = 1 + int(min(254.0, surplus * env.further))
    return True, min(wants, model.limit), 1 + int(min(CLASSES - 2.0, 4.0 * surplus))


def logit(u):
    """The logistic luck of a draw."""
    return ec.log(max(u, SMALLEST)) - ec.log(1.0 - u)


@ec.claim(capacity="stock", into="got", on=ec.flagged("asks"), asked="wanted")
def queue(me, env, model, key):
    place = me.waited + (model.bots if me.scalps else 0)
    return 0, me.wants, place if model.queueing else 0


@ec.environment_rule(writes="asked")
def count_heads(env, model, key):
    return env.asking


@ec.agent_rule(on=ec.reached_by(queue), writes=("cash", "holds", "stash", "asks", "waited"))
def pay(me, env, model, key):
    cash = me.cash - model.price * me.got
    holds, stash = (0, me.got) if me.scalps else (me.got, 0)
    return cash, me.holds + holds, me.stash + stash, False, 0


@ec.environment_rule(writes=("till", "sold", "buyers", "share", "shortage"))
def close_shop(env, model, key):
    sold = env.opened - env.stock
    waiting = env.asked - env.served
    crowd = env.asked if model.by_crowd else env.holders + waiting
    shortage = (env.wanted - sold) / env.wanted if env.wanted > 0 else 0.0
    share = min(1.0, crowd / model.agents)
    return env.till + sold * model.price, sold, env.served, share, shortage


def described(p, **common):
    """The model of a shop for the parameters `p`."""
    scalpers, having = (round(p[share] * p["agents"]) for share in ("scalpers", "having"))
    return ec.Model(
        populations={"people": people(p["agents"])},
        networks={"contacts": ec.matchings(p["contacts"])},
        environment=environment(p),
        tallies={
            "asking": ec.count("asks"),
            "holders": ec.count("holds"),
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
    """The buyers, with eleven bytes each."""
    return ec.Population(
        agents,
        holds=ec.whole(),
        asks=ec.flag(),
        wants=ec.whole(),
        bid=ec.whole(high=CLASSES),
        waited=ec.whole(),
        memory=ec.whole(high=2),
        turned=ec.flag(),
        calmed=ec.flag(),
        scalps=ec.flag(),
        stash=ec.whole(),
        cash=ec.whole(low=-(10**9), high=10**9),
    )


def environment(p):
    """The shop's values: `tastes`, `luck`, `full` and `further` never change."""
    per, units = 1 / p["scale"], ec.whole(high=MANY)
    ends = [number / SLICES for number in range(1, SLICES)]
    return {
        "tastes": ec.real(cells=[normal_quantile((k + 0.5) / KINDS) for k in range(KINDS)]),
        "luck": ec.real(cells=[0.0, *map(logit, ends), 0.0]),
        "full": ec.real(p["satiety"] * per),
        "further": ec.real(1.0 / max(p["per_unit"] * per, 1e-9)),
        "wears": ec.real(),
        "learns": ec.flag(),
        **dict.fromkeys(["for_one", "by_taste", "for_more"], ec.real()),
        "pull": ec.real(cells=KINDS),
        "fear": ec.real(cells=2),
        "lessons": ec.real(cells=3),
        "share": ec.real(p["having"]),
        "shortage": ec.real(),
        "expected": ec.real(p["hype"]),
        "resale_price": ec.whole(p["price"], high=MANY),
        "launches": ec.whole(),
        **dict.fromkeys(
            ["stock", "opened", "since", "till", "sold", "buyers", "asked", "wanted"], units
        ),
        **dict.fromkeys(["served", "offered", "resale", "floor", "sales"], units),
        "normal": ec.whole(high=MANY, cells=4),
        "highest": ec.whole(high=MANY, cells=2),
    }
