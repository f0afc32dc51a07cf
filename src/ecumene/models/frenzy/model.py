"""Frenzy: why a phone sets off a rush to buy, and why the next one does not.

## What it models
How people take something up because others do. Without a preset, a phone is sold at a shop: who
wants it weighs price, taste, how many have it or wait for it, and whether it was sold out; there
is a queue, scalpers, and a market of theirs. Presets choose other mechanisms, each in a file of
its own: panic buying, Bass's adoption by hazard, thresholds, the Music Lab, trust, a mandate, a
default.

## What to look for
Demand is pulled up by itself when `bandwagon` plus what scarcity adds passes four times `scale`:
then few wanting it and nearly all wanting it are both stable, and a small stock tips one into the
other. A second launch finds people who own the first phone and have learnt from its queue.

## Sources
Bass (1969) Management Science 15:215. Watts (2002) PNAS 99:5766. Brock and Durlauf (2001) Review
of Economic Studies 68:235, on bandwagons in logit choice. Centola (2010) Science 329:1194.
Salganik, Dodds and Watts (2006) Science 311:854. O'Connell, de Paula and Smith (2021) Fiscal
Studies 42:249, on panic buying.
"""

import ecumene as ec

from . import hazard, shop, songs, thresholds
from .panic import keep_books
from .presets import PRESETS
from .resale import bid_for, clear, earn, offer, pay_more, sell
from .scoring import score
from .words import LIMITS, SYNCHRONY

UNITS = {1: "year", 12: "month", 52: "week", 365: "day"}  # by their number in a year
SELLING = (
    [shop.open_shop],
    [shop.feel],
    [shop.tell_of_it],
    [shop.wish],
    [shop.queue, shop.count_heads],
    [shop.pay],
    [offer],
    [bid_for],
    [clear],
    [pay_more, sell],
    [earn, shop.close_shop],
    [keep_books],
)


@ec.model(presets=PRESETS)
def model(
    agents: ec.Count = ec.parameter(
        1_000_000, reshapes=True, unit="agents", help="how many there are", source="chosen"
    ),
    contacts: ec.Int[0, 1000] = ec.parameter(
        10,
        reshapes=True,
        unit="ties",
        help="contacts of each agent; for adoption by hazard, 0 is everybody",
        source="chosen",
    ),
    clustered: bool = ec.parameter(
        False,
        reshapes=True,
        unit="true or false",
        help="contacts are the nearest on a ring, not random",
        source="Centola (2010)",
    ),
    equal: bool = ec.parameter(
        False,
        reshapes=True,
        unit="true or false",
        help="all have as many random contacts, not a Poisson number",
        source="chosen",
    ),
    steps_per_year: ec.Int[1, 100_000] = ec.parameter(
        52, unit="steps", help="how long a step is", source="chosen: a week"
    ),
    years: ec.Float[0, 1000] = ec.parameter(
        1.0, unit="years", help="how long it is watched, unless steps are given", source="chosen"
    ),
    innovation: ec.Float[0, 1000] = ec.parameter(
        0.0,
        unit="per year",
        help="hazard to adopt by oneself (Bass's p); 0 with imitation 0: no adoption by hazard",
        source="Bass (1969)",
    ),
    imitation: ec.Float[0, 1000] = ec.parameter(
        0.0,
        unit="per year",
        help="hazard that the adopted share adds (Bass's q)",
        source="Bass (1969)",
    ),
    starters: ec.Probability = ec.parameter(
        0.0, help="share that has it at the beginning", source="chosen"
    ),
    trusting: ec.Probability = ec.parameter(
        1.0, help="share that would trust it unseen; 1: nobody has to be convinced", source="chosen"
    ),
    proof: ec.Float[0, 100] = ec.parameter(
        1.0,
        unit="share per share",
        help="how many more trust it per share that has it",
        source="chosen",
    ),
    districts: ec.Int[0, 100_000] = ec.parameter(
        0,
        unit="districts",
        help="where it is ordered, one after another; 0: nowhere",
        source="chosen",
    ),
    rollout: ec.Float[0, 1000] = ec.parameter(
        0.0, unit="years", help="from the first district's order to the last one's", source="chosen"
    ),
    within: ec.Float[0, 1000] = ec.parameter(
        1.0,
        unit="years",
        help="within which an order is followed",
        source="article 2: every school of a district in a year",
    ),
    default_on: bool = ec.parameter(
        False,
        unit="true or false",
        help="everybody has it at first, who does not want it has to turn it off",
        source="article 2",
    ),
    keen: ec.Probability = ec.parameter(
        0.5, help="share that wants it, of those who can turn it on or off", source="chosen"
    ),
    bother: ec.Float[0, 1000] = ec.parameter(
        0.0,
        unit="per year",
        help="hazard to change a setting that is not as wanted; 0: nobody can",
        source="chosen",
    ),
    threshold: ec.Probability = ec.parameter(
        0.0, help="share of one's contacts that has to have it (Watts's phi)", source="Watts (2002)"
    ),
    enough: ec.Int[0, 1000] = ec.parameter(
        0,
        unit="contacts",
        help="how many contacts have to have it",
        source="Centola and Macy (2007)",
    ),
    friends_first: bool = ec.parameter(
        False,
        unit="true or false",
        help="the first adopters' contacts try it whatever their threshold",
        source="Centola (2010): the seed's neighbours",
    ),
    seeds: ec.Count = ec.parameter(
        1,
        unit="agents",
        help="who has it first, drawn by luck, for thresholds",
        source="Watts (2002)",
    ),
    cascades: ec.Int[1, 100_000_000] = ec.parameter(
        1,
        unit="cascades",
        help="each from seeds of its own; of several, a table is kept",
        source="chosen",
    ),
    networks: ec.Int[1, 100] = ec.parameter(
        1, unit="networks", help="over which several cascades are spread", source="chosen"
    ),
    price: ec.Int[0, 1_000_000] = ec.parameter(
        1000, unit="coins", help="of a unit in the shop", source="chosen"
    ),
    value: ec.Float[-1_000_000, 1_000_000] = ec.parameter(
        480.0,
        unit="coins",
        help="what a unit is worth to people of average taste",
        source="chosen: one in 180 would buy in an ordinary week",
    ),
    taste: ec.Float[0, 1_000_000] = ec.parameter(
        150.0,
        unit="coins",
        help="standard deviation of what it is worth between people",
        source="chosen",
    ),
    scale: ec.Float[0.001, 1_000_000] = ec.parameter(
        100.0, unit="coins", help="scale of the logistic luck of each step", source="chosen"
    ),
    bandwagon: ec.Float[-1_000_000, 1_000_000] = ec.parameter(
        600.0,
        unit="coins",
        help="what a unit is worth more if all have it or wait for it",
        source="chosen: above four times scale",
    ),
    by_crowd: bool = ec.parameter(
        False,
        unit="true or false",
        help="people look at who asks in a step, not at who has it or waits",
        source="chosen",
    ),
    scarcity: ec.Float[-1_000_000, 1_000_000] = ec.parameter(
        250.0, unit="coins", help="what a unit is worth more if none was to be had", source="chosen"
    ),
    by_news: bool = ec.parameter(
        False,
        unit="true or false",
        help="only who hears from a contact that it is sold out counts it as scarce",
        source="chosen",
    ),
    talk: ec.Probability = ec.parameter(
        0.2, help="chance to tell a contact that one went without", source="chosen"
    ),
    rival: ec.Float[0, 1_000_000] = ec.parameter(
        0.0,
        unit="coins",
        help="what a rival's offer is worth above its price; 0: there is none",
        source="chosen",
    ),
    first_stock: ec.Float[0, 100] = ec.parameter(
        0.01, unit="units per agent", help="in the shop at a launch", source="chosen"
    ),
    delivery: ec.Float[0, 100] = ec.parameter(
        0.01, unit="units per agent", help="that come in each step", source="chosen"
    ),
    queueing: bool = ec.parameter(
        True,
        unit="true or false",
        help="who waited longest comes first; else luck decides",
        source="chosen",
    ),
    limit: ec.Int[1, 255] = ec.parameter(
        255, unit="units", help="that one may buy in a step", source="chosen: none"
    ),
    satiety: ec.Float[0, 1_000_000] = ec.parameter(
        100_000.0,
        unit="coins",
        help="what a unit is worth less for each one at home",
        source="chosen: one phone is enough",
    ),
    per_unit: ec.Float[0, 1_000_000] = ec.parameter(
        100_000.0,
        unit="coins",
        help="what each further unit of one trip is worth less",
        source="chosen: one phone is enough",
    ),
    lifetime: ec.Float[1, 1_000_000] = ec.parameter(
        156.0, unit="steps", help="that a unit lasts on average", source="chosen: three years"
    ),
    having: ec.Probability = ec.parameter(
        0.0, help="share that has a unit at the beginning", source="chosen"
    ),
    scalpers: ec.Probability = ec.parameter(0.002, help="share that buys to sell", source="chosen"),
    hoard: ec.Int[0, 255] = ec.parameter(
        5, unit="units", help="that a scalper holds at most", source="chosen"
    ),
    bots: ec.Int[0, 255] = ec.parameter(
        2, unit="steps", help="of waiting that scalpers are ahead in the queue", source="chosen"
    ),
    cost: ec.Float[0, 1_000_000] = ec.parameter(
        50.0, unit="coins", help="what reselling a unit costs a scalper", source="chosen"
    ),
    hype: ec.Float[0, 1_000_000] = ec.parameter(
        1500.0, unit="coins", help="the price that scalpers expect at first", source="chosen"
    ),
    learning: ec.Probability = ec.parameter(
        0.5, help="weight of the last price in what scalpers expect", source="chosen"
    ),
    alarm: ec.Float[-1_000_000, 1_000_000] = ec.parameter(
        0.0,
        unit="coins",
        help="what a unit is worth more while there is alarm",
        source="chosen: none",
    ),
    alarm_at: ec.Int[0, 1_000_000] = ec.parameter(
        0, unit="step", help="in which the alarm begins", source="chosen"
    ),
    alarm_lasts: ec.Int[0, 1_000_000] = ec.parameter(
        0, unit="steps", help="that it lasts", source="chosen: none"
    ),
    second_launch: ec.Int[0, 1_000_000] = ec.parameter(
        0, unit="step", help="in which the next phone comes; 0: none does", source="chosen: none"
    ),
    lesson: ec.Float[-1_000_000, 1_000_000] = ec.parameter(
        100.0,
        unit="coins",
        help="worth of the next phone: more to who went without, less to who paid a scalper",
        source="chosen",
    ),
    songs: ec.Int[0, 60] = ec.parameter(
        0,
        reshapes=True,
        unit="songs",
        help="in the Music Lab; 0: there is none",
        source="Salganik, Dodds and Watts (2006): 48",
    ),
    worlds: ec.Int[1, 400] = ec.parameter(
        8,
        unit="worlds",
        help="of weak and as many of strong influence",
        source="Salganik, Dodds and Watts (2006)",
    ),
    songs_heard: ec.Float[0, 40] = ec.parameter(
        4.0, unit="songs", help="that a listener hears, mean of a Poisson number", source="chosen"
    ),
    quality: ec.Float[-20, 20] = ec.parameter(
        -0.9, unit="logit", help="of the chance that an average song is liked", source="chosen"
    ),
    quality_spread: ec.Float[0, 20] = ec.parameter(
        0.5,
        unit="logit",
        help="standard deviation of that between songs",
        source="calibrated to the Gini coefficient without influence",
    ),
    weak_floor: ec.Float[0.001, 1_000_000] = ec.parameter(
        10.0,
        unit="downloads",
        help="added to those seen, where influence is weak",
        source="calibrated to the Gini coefficient of experiment 1",
    ),
    weak_power: ec.Float[0, 10] = ec.parameter(
        1.0,
        unit="power",
        help="of downloads that are seen, where influence is weak",
        source="calibrated to the Gini coefficient of experiment 1",
    ),
    strong_floor: ec.Float[0, 1_000_000] = ec.parameter(
        0.1,
        unit="weight",
        help="of any rank, where influence is strong",
        source="calibrated to the Gini coefficient of experiment 2",
    ),
    strong_reach: ec.Float[0.1, 1000] = ec.parameter(
        12.0,
        unit="ranks",
        help="within which the weight of a rank falls by e",
        source="calibrated to the Gini coefficient of experiment 2",
    ),
) -> ec.Model:
    p = locals()
    return mechanism(p)(
        p,
        max_steps=round(years * steps_per_year),
        step_unit=UNITS.get(steps_per_year, "step"),
        score=score,
        synchrony=SYNCHRONY,
        limits=LIMITS,
    )


def mechanism(p):
    """What the parameters `p` ask for: the Music Lab, thresholds, a hazard, or else a shop."""
    hazards = ("innovation", "imitation", "districts", "bother")
    wanted = {
        "the Music Lab (`songs`)": p["songs"] > 0,
        "thresholds (`threshold`, `enough`)": p["threshold"] > 0 or p["enough"] > 0,
        f"a hazard (`{'`, `'.join(hazards)}`)": any(p[name] > 0 for name in hazards),
    }
    if sum(wanted.values()) > 1:
        asked = " and ".join(name for name, is_wanted in wanted.items() if is_wanted)
        raise ec.EcumeneError(f"frenzy runs one mechanism, and {asked} are set; set one to 0.")
    described = (songs.described, thresholds.described, hazard.described)
    chosen = [one for one, is_wanted in zip(described, wanted.values(), strict=True) if is_wanted]
    return chosen[0] if chosen else sell_phones


def sell_phones(p, **common):
    """A shop with scalpers and books."""
    return shop.described(p, phases=SELLING, **common)
