"""Trust: people of all countries play the trust game with strangers, with records, or as partners.

## What it models
Who leads a pair gets 10 dollars and may send some; what is sent is tripled, and the other may give
some back (Berg, Dickhaut, McCabe). How much somebody trusts follows from the country's survey trust
by a shallow slope and from a personal part; receivers are selfish, give a third of what there is,
or half. With a record or a partner, the selfish give back while that pays, and senders look at it.

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

from .measuring import measures
from .playing import LEARNT, play, play_once
from .reputation import ALL_THREE, PARTNERS, RECORDS, find_partner, join, play_in_group
from .returning import SELFISH, equal_sharers
from .scoring import score
from .sending import giving, leanings, sending, usual_odds


def columns(groups, learning, agents):
    """What an agent carries; where it learns, what it met with."""
    own = {
        "earned": ec.whole(high=1_000_000_000),
        "choice": ec.whole(high=11),
        "returned": ec.whole(high=1000),
    }
    if learning or groups:
        own |= {name: ec.whole(high=255) for name in LEARNT}
    if not groups:
        return own
    return {
        **own,
        "arm": ec.whole(high=2),
        "group": ec.whole(high=agents + ALL_THREE),
        "new": ec.wake_column(first=0, ahead=1),
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
        1,
        reshapes=True,
        unit="rounds",
        help="how often they play",
        source="Berg et al. (1995): once",
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
        0.6,
        reshapes=True,
        unit="logits",
        help="SD of trust between people of a country",
        source="chosen",
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
    strangers = [[play if rounds > 1 else play_once]]
    together = [[join], [find_partner], [play_in_group]]
    return ec.Model(
        populations={
            "people": ec.Population(people, capacity=None, **columns(groups, rounds > 1, agents))
        },
        environment={
            "odds": ec.real(cells=usual_odds(people, slope)),
            "leanings": ec.real(cells=leanings(spread)),
            "sharers": ec.real(equal_sharers(returned) / (1.0 - SELFISH)),
        },
        policies={"sending": giving() if dictator else sending()},
        phases=together if groups else strangers,
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
