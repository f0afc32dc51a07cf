"""Trust: people of all countries play the trust game with strangers, with records, or as partners.

## What it models
Who leads a pair gets 10 dollars and may send some; what is sent is tripled, and the other may give
some back (Berg, Dickhaut, McCabe). How much somebody trusts follows from the country's survey trust
by a shallow slope and from a personal part; receivers are selfish, give what was sent, or share
equally. With a record or a partner, the selfish give back while that pays, and senders look at it.

## What to look for
Half is sent and 37 % of what there is given back: put in and calibrated. Regions differ less than
surveys do, and otherwise. Trust grows from strangers to records to partners (preset reputation).

## Sources
Berg, Dickhaut, McCabe (1995), Games and Economic Behavior 10. Johnson, Mislin (2011), Trust games:
a meta-analysis, J. Economic Psychology 32. Engel (2011), Dictator games: a meta study, Experimental
Economics 14. Bolton, Katok, Ockenfels (2004), Management Science 50. Nowak, Sigmund (1998),
Evolution of indirect reciprocity by image scoring, Nature 393. Survey trust: as in
`ec.world_population`.
"""

import ecumene as ec

STAKE = 1000  # Cents that a sender gets.
TENTH = STAKE // 10
LEVELS = 20  # Of trust, from 0 to 1: rows of the table of what is sent.
SELFISH = 0.2  # Share of receivers who give nothing back: the design's; the others are calibrated.
STRANGERS, RECORDS, PARTNERS, ALL_THREE = 0, 1, 2, 3
NORTH, SOUTH = "Northern America", "Africa"


def anybody(value):
    """True: counts agents."""
    return True


def is_above_none(choice):
    """Whether one led and sent something; a choice is 1 more than the tenths sent."""
    return choice > 1


def is_half(choice):
    """Whether one led and sent half."""
    return choice == 6


def is_all(choice):
    """Whether one led and sent all."""
    return choice == 11


def equal_sharers(returned):
    """The share who give half of what there is, for a mean share `returned`; all others give back
    what was sent, a third, or nothing: x/2 + (1 - selfish - x)/3 = returned."""
    return (returned - (1.0 - SELFISH) / 3.0) * 6.0


def trusting(background, middle, spread):
    """How much somebody trusts, 0 to 1: logit-normal around the country's `middle` logit."""
    return 1.0 / (1.0 + ec.exp(-(middle + spread * ec.normal(background, 1))))


def sent(trust, believed, model, key):
    """Tenths that a sender sends, whose partner is `believed` to give back enough."""
    wish = min(1.0, max(0.0, trust + model.learning * (believed - 0.5)))
    return ec.choose(model.sending, int(wish * LEVELS + ec.uniform(key, 1)), key, 2)


def given_back(cents, there, background, seen, env, model):
    """Cents that a receiver gives back of what is `there`, when `cents` were sent.

    A selfish one gives back what was sent while that pays: the patience times the chance that the
    next sender knows, times what there is to win, is above what it costs.
    """
    drawn = ec.uniform(background, 2)
    if drawn < model.selfish:
        patience = model.patience * ec.uniform(background, 3) if model.mixed else model.patience
        goes_on = env.step + 1 < model.rounds
        return cents if goes_on and patience * seen * there > cents else 0
    if drawn < model.selfish + (1.0 - model.selfish) * env.sharers:
        return there // 2
    return min(there, cents)


def expected_back(env, model):
    """What a cent sent brings back on average from those who give back whether it pays or not."""
    return (1.0 - model.selfish) * (env.sharers * model.multiplier / 2.0 + 1.0 - env.sharers)


def belief(good, bad, weight):
    """A Beta-Bernoulli belief from 0 to 1; bad experience counts `weight` times."""
    return (1.0 + good) / (2.0 + good + weight * bad)


def deal(me, other, known, seen, env, model, key):
    """What the two of a pair have in the end: of `me` the choice, what came back, and cents."""
    mine, its = ec.fold(model.draw, me.identity), ec.fold(model.draw, other.identity)
    first, second = (mine, its) if me.leads else (its, mine)
    country = me.country if me.leads else other.country
    trust = trusting(first, env.middles[country], model.spread)
    kept, broken = (other.kept, other.broken) if me.leads else (me.kept, me.broken)
    good, bad = (me.good, me.bad) if me.leads else (other.good, other.bad)
    believed = belief(kept, broken, model.aversion) if known else belief(good, bad, model.aversion)
    if model.dictator:
        tenths = ec.choose(model.giving, 0, key, 2)
    elif model.rational:
        tenths = 10 if expected_back(env, model) > 1.0 else 0
    else:
        tenths = sent(trust, believed, model, key)
    cents = TENTH * tenths
    there = model.multiplier * cents
    back = 0 if model.dictator else given_back(cents, there, second, seen, env, model)
    return tenths, cents, there, back


def after(me, tenths, cents, there, back):
    """The next values of one of the two."""
    per_mille = 1000 * back // there if there > 0 else 0
    fair, asked = back >= cents, cents > 0
    if me.leads:
        earned = me.earned + STAKE - cents + back
        good, bad = int(asked and fair), int(asked and not fair)
        return earned, 1 + tenths, 0, False, me.good + good, me.bad + bad, me.kept, me.broken
    kept, broken = int(asked and fair), int(asked and not fair)
    earned = me.earned + there - back
    return earned, 0, per_mille, asked, me.good, me.bad, me.kept + kept, me.broken + broken


SHOWN = ("good", "bad", "kept", "broken", "country")
PLAYED = ("earned", "choice", "returned", "received", "good", "bad", "kept", "broken")


@ec.meeting(shows=SHOWN, writes=PLAYED)
def play(me, other, env, model, key):
    """Two strangers play, paired anew in each round."""
    tenths, cents, there, back = deal(me, other, False, 0.0, env, model, key)
    return after(me, tenths, cents, there, back)


@ec.agent_rule(on=ec.awake("new"), writes=("arm", "group", "new"))
def join(me, env, model, key):
    """Take one's place in the experiment: strangers, records or partners."""
    arm = model.reputation if model.reputation < ALL_THREE else ec.integer(key, ALL_THREE)
    return arm, arm, ec.NEVER


@ec.meeting(within="arm", shows="arm", writes="group")
def find_partner(me, other, env, model, key):
    """In the first round partners find each other, for good."""
    if env.step > 0 or me.arm != PARTNERS:
        return me.group
    return ALL_THREE + min(me.identity, other.identity)  # after the arms, which are groups too


@ec.meeting(within="group", shows=SHOWN, writes=PLAYED)
def play_in_group(me, other, env, model, key):
    """Two of an arm play, or two partners; records are seen by chance, partners always."""
    seen = 1.0 if me.arm == PARTNERS else (model.looked_up if me.arm == RECORDS else 0.0)
    known = me.arm == PARTNERS or (me.arm == RECORDS and ec.chance(key, model.looked_up, 4))
    tenths, cents, there, back = deal(me, other, known, seen, env, model, key)
    return after(me, tenths, cents, there, back)


def sending():
    """What is sent at each level of trust: masses at nothing, half and all, and a mean that is the
    level (between 0.15 and 0.85).

    A middle distribution (0.15 nothing, 0.25 half, 0.15 all, the rest even) is mixed with a lower
    or a higher one.
    """
    middle = [0.15, *[0.05625] * 4, 0.25, *[0.05625] * 4, 0.15]
    low = [0.4, *[0.15] * 4, *[0.0] * 6]
    high = low[::-1]
    rows = []
    for level in range(LEVELS + 1):
        mean = min(0.85, max(0.15, level / LEVELS))
        share = abs(mean - 0.5) / 0.35
        other = high if mean > 0.5 else low
        rows += [[(1 - share) * m + share * o for m, o in zip(middle, other, strict=True)]]
    return ec.table_policy(
        [ec.levels("trust", LEVELS + 1)],
        {f"tenths_{n}": f"send {n} of 10 dollars" for n in range(11)},
        rows,
        source="masses of Berg, Dickhaut, McCabe (1995), from memory; means by construction",
    )


def giving():
    """What a dictator gives: masses at nothing and half, a mean of 28 % (Engel 2011)."""
    few, many = 0.0855, 0.0185
    row = [0.36, *[few] * 4, 0.17, *[many] * 4, 0.054]
    return ec.table_policy(
        [ec.levels("situation", ["dictator"])],
        {f"tenths_{n}": f"give {n} of 10 dollars" for n in range(11)},
        [row],
        source="calibrated on Engel (2011): mean 28 %, masses at nothing and half",
    )


def middle_logits(background, slope):
    """The logit of the mean share sent in each country: 0.50 + slope (trust - 0.25), clipped."""
    below = background.tables["trust_below"].reshape(-1, 100)[:, 18:81]
    means = [0.5 + slope * (float(b.sum()) / b.size / 2**30 - 0.25) for b in below]
    clipped = [min(0.6, max(0.4, mean)) for mean in means]
    return [ec.log(mean / (1.0 - mean)) for mean in clipped]


def score(outcome):
    """The experiment's means with their intervals, by what was played."""
    m, p = outcome.measures, outcome.parameters
    pairs = max(1, outcome.agents // 2)
    reach = 1.96 * 0.33 / pairs**0.5  # a share sent has an SD of about 0.33
    if p["dictator"]:
        return {"given over endowment": (m["sent"], m["sent"] - reach, m["sent"] + reach)}
    if p["reputation"] == ALL_THREE:
        trust = [m["sent_by_arm"][str(arm)] / 10 / m["led_by_arm"][str(arm)] for arm in range(3)]
        wide = reach * 6**0.5  # differences between thirds
        gains = (trust[1] - trust[0], trust[2] - trust[1])
        names = ("feedback minus strangers", "partners minus feedback")
        return {
            f"{name} in buyers' trust": (gain, gain - wide, gain + wide)
            for name, gain in zip(names, gains, strict=True)
        }
    if p["reputation"] or m["sent"] is None or m["returned"] is None:
        return {}
    some = m["sent_something"]
    near = 1.96 * (some * (1 - some) / pairs) ** 0.5
    found = {
        "sent over endowment": (m["sent"], m["sent"] - reach, m["sent"] + reach),
        "returned over available": (m["returned"], m["returned"] - reach, m["returned"] + reach),
        "senders who send something": (some, some - near, some + near),
    }
    return {**found, **by_region(m, reach * pairs**0.5)}


def by_region(m, one):
    """What is sent in the regions of the meta-analysis; `one` is the reach of a single sender."""
    means = {
        region: (m["tenths_by_region"][region] / 10 / led, one / led**0.5)
        for region, led in m["led_by_region"].items()
        if led
    }
    names = {"Europe": "Europe", "Northern America": "North America", "Asia": "Asia"}
    found = {
        f"sent in {names[r]}": (means[r][0], means[r][0] - means[r][1], means[r][0] + means[r][1])
        for r in names
        if r in means
    }
    if SOUTH in means and NORTH in means:
        gap = means[SOUTH][0] - means[NORTH][0]
        wide = (means[SOUTH][1] ** 2 + means[NORTH][1] ** 2) ** 0.5
        found["sent in Africa minus North America"] = (gap, gap - wide, gap + wide)
    return found


def columns(groups, agents):
    """What an agent carries."""
    own = {
        "earned": ec.whole(high=1_000_000_000),
        "choice": ec.whole(high=11),
        "returned": ec.whole(high=1000),
        "received": ec.flag(),
        "good": ec.whole(high=255),
        "bad": ec.whole(high=255),
        "kept": ec.whole(high=255),
        "broken": ec.whole(high=255),
    }
    if not groups:
        return own
    return {
        **own,
        "arm": ec.whole(high=2),
        "group": ec.whole(high=agents + ALL_THREE),
        "new": ec.wake_column(first=0, ahead=1),
    }


def tenths(choice):
    """Tenths sent, by who led."""
    return choice - (choice > 0)


def led(choice):
    """Whether one led."""
    return choice > 0


def measures(groups):
    """Means over senders and receivers of the last round, masses, regions and arms."""
    senders = ec.count("choice", led)
    arms = {
        "sent_by_arm": ec.count("choice", tenths, by="arm"),
        "led_by_arm": ec.count("choice", led, by="arm"),
    }
    return {
        "sent": ec.ratio(ec.count("choice", tenths), senders, unit=10),
        "returned": ec.ratio(ec.total("returned"), ec.count("received"), unit=1000),
        "sent_something": ec.ratio(ec.count("choice", is_above_none), senders),
        "sent_half": ec.ratio(ec.count("choice", is_half), senders),
        "sent_all": ec.ratio(ec.count("choice", is_all), senders),
        "earned": ec.total("earned"),
        "tenths_by_region": ec.count("choice", tenths, by="region"),
        "led_by_region": ec.count("choice", led, by="region"),
        **(arms if groups else {}),
    }


ROUNDS = {"rounds": 20, "agents": 60_000}


@ec.model(
    presets={
        "dictator": {"dictator": True, "multiplier": 1},
        "triple-dictator": {"dictator": True},
        "feedback": {**ROUNDS, "reputation": RECORDS},
        "partners": {**ROUNDS, "reputation": PARTNERS},
        "reputation": {**ROUNDS, "reputation": ALL_THREE},
        "selfish": {"selfish": 1.0, "rational": True},
    }
)
def model(
    agents: ec.Int[2, 8_300_000_000] = ec.parameter(
        100_000, reshapes=True, unit="agents", help="adults of all countries", source="chosen"
    ),
    draw: ec.Int[0, 1_000_000] = ec.parameter(
        0,
        reshapes=True,
        unit="number",
        help="which draw of the countries' uncertain trust and of who is what; never the seed",
        source="0 takes the surveys at their word",
    ),
    rounds: ec.Int[1, 250] = ec.parameter(
        1, unit="rounds", help="how often they play", source="Berg et al. (1995): once"
    ),
    reputation: ec.Int[0, 3] = ec.parameter(
        0,
        reshapes=True,
        unit="arm",
        help="0 strangers, 1 strangers with records, 2 partners, 3 a third of people in each",
        source="Bolton, Katok, Ockenfels (2004)",
    ),
    dictator: bool = ec.parameter(
        False,
        reshapes=True,
        unit="yes or no",
        help="nothing can be given back: what is sent is a gift",
        source="Engel (2011)",
    ),
    multiplier: ec.Int[1, 10] = ec.parameter(
        3, unit="times", help="by what is sent grows", source="Berg, Dickhaut, McCabe (1995)"
    ),
    returned: ec.Float[0.27, 0.4] = ec.parameter(
        0.37,
        reshapes=True,
        unit="share",
        help="mean share given back, by which the equal sharers are calibrated",
        source="Johnson, Mislin (2011)",
    ),
    selfish: ec.Probability = ec.parameter(
        SELFISH, help="share of receivers who give back only where it pays", source="chosen"
    ),
    rational: bool = ec.parameter(
        False,
        unit="yes or no",
        help="senders maximise what they expect to have: all, or nothing",
        source="the game's equilibrium among the selfish: nothing is sent",
    ),
    slope: ec.Float[0, 1] = ec.parameter(
        0.15,
        reshapes=True,
        unit="1",
        help="of the share sent on the share who say that most people can be trusted",
        source="chosen: shallow, the literature is split (Sapienza, Toldra, Zingales 2013)",
    ),
    spread: ec.Float[0, 3] = ec.parameter(
        0.6, unit="logits", help="SD of trust between people of a country", source="chosen"
    ),
    learning: ec.Probability = ec.parameter(
        0.8, help="how much belief moves what is sent", source="chosen"
    ),
    aversion: ec.Float[1, 10] = ec.parameter(
        2.0, unit="times", help="bad experience over good (betrayal aversion)", source="chosen"
    ),
    patience: ec.Probability = ec.parameter(
        1.0, help="largest patience of the selfish: the worth of a next round", source="chosen"
    ),
    mixed: bool = ec.parameter(
        True,
        unit="yes or no",
        help="patience is even from 0 up to it, not the same for all",
        source="chosen",
    ),
    looked_up: ec.Probability = ec.parameter(
        0.6, help="chance that a record is looked at (q of image scoring)", source="chosen"
    ),
) -> ec.Model:
    if reputation and dictator:
        raise ec.EcumeneError("a dictator's gift has no reputation; set reputation=0.")
    groups = reputation > 0
    people = ec.world_population(agents, draw=draw, from_age=18)
    middles = middle_logits(people, slope)
    together = [[join], [find_partner], [play_in_group]]
    return ec.Model(
        populations={"people": ec.Population(people, capacity=None, **columns(groups, agents))},
        environment={
            "middles": ec.real(cells=middles),
            "sharers": ec.real(equal_sharers(returned) / (1.0 - SELFISH)),
        },
        policies={"sending": sending(), "giving": giving()},
        phases=together if groups else [[play]],
        measures=measures(groups),
        max_steps=rounds,
        step_unit="round",
        synchrony="All pairs of a round play at once. Who leads is drawn anew in each round; in "
        "the laboratory roles are often fixed.",
        limits=[
            "It can tell what the game's known means make of the world's people when survey trust "
            "matters little, and what records and partners change.",
            "It cannot tell how a country plays: survey trust is one answer per country, the slope "
            "is chosen, and regional means of the laboratory are missed where surveys differ.",
            "The share sent and the share given back are put in or fitted; only what follows from "
            "them is a finding.",
        ],
        score=score,
    )
