"""Opinion: people move towards those they listen to, and a recommender says whom they hear.

## What it models
Opinions are numbers. People hear one partner in a step (Deffuant-Weisbuch) or all at once
(Hegselmann-Krause, DeGroot, Friedkin-Johnsen), listen to those within `tolerance`, move a share
`pull` of the way, and are held by their first opinion with `stubbornness`. Partners are anybody, or
one's ties in a network. A recommender may fill a share of what is seen with similar, outraging or
bridging posts. With `influence` above 0 it is the activity-driven model of radicalisation instead.

## What to look for
About 1/(2 tolerance) camps remain, one from a tolerance of 0.3 on. Strong segregation of what is
seen changes no opinion within months where people are stubborn (preset bubbles). Under
radicalisation, controversy makes one side of all, and homophily two (presets one-sided, polarised).

## Sources
Deffuant, Neau, Amblard, Weisbuch (2000), Mixing beliefs among interacting agents, Advances in
Complex Systems 3. Hegselmann, Krause (2002), Opinion dynamics and bounded confidence, JASSS 5(3).
Friedkin, Johnsen (1990), Social influence and opinions, J. Mathematical Sociology 15. Baumann,
Lorenz-Spreen, Sokolov, Starnini (2020), Modeling echo chambers and polarization dynamics in social
networks, Phys. Rev. Letters 124. Nyhan et al. (2023), Like-minded sources on Facebook, Nature 620.
"""

import ecumene as ec

from .averaging import average, count_below
from .feed import rank_posts
from .opinions import FINE, LIMIT, ONE, POSTS, anybody, be_born
from .over_ties import average_ties, read_tie, tell_gap, tell_heeded, tell_one, tell_shown
from .pairs import meet, meet_who_do_not_read, read
from .radicalising import FULL, activities, closeness, engage, find_contacts, take_part
from .scoring import score

GAP = ONE // 50  # Camps are apart when no opinion lies on a stretch of 0.02 between them.
ALL_TIES = {"averaging": True, "degree": 10, "tolerance": 1.0, "pull": 1.0, "rounds": 100}
ACTIVE = {"influence": 3.0, "lowest": -1.0, "rounds": 1000}
PRESETS = {
    "deffuant": {"agents": 1000, "rounds": 300},
    "hegselmann-krause": {"agents": 1000, "averaging": True, "pull": 1.0, "rounds": 100},
    "degroot": ALL_TIES,
    "friedkin-johnsen": {**ALL_TIES, "stubbornness": 0.3},
    "bubbles": {
        "stubbornness": 0.9,
        "tolerance": 0.5,
        "pull": 0.1,
        "chronological": 0.63,
        "similar": 0.37,
        "treated": 0.3,
        "rounds": 90,
    },
    "neutral-consensus": {**ACTIVE, "controversy": 0.05, "homophily": 2.0},
    "one-sided": {**ACTIVE, "homophily": 0.0},
    "polarised": {**ACTIVE, "homophily": 3.0},
}


def refuse(averaging, network, shown, chronological, treated, influence):
    """Raise `EcumeneError` where parameters are given that would have no effect together."""
    faults = {
        f"chronological, similar, outraging and bridging make up {shown:.4g} of what is seen; "
        "lower them to 1 in all.": shown > 1.0,
        "the activity-driven model (influence above 0) draws contacts among everybody, by "
        "homophily; set degree=0, averaging=False and the recommender's shares to 0.": influence
        and (averaging or network or shown > 0.0 or treated > 0.0),
        "who averages over everybody is shown nothing by a recommender; give a degree, or "
        "averaging=False.": averaging and not network and shown > 0.0,
        "over ties the chronological share is what the others leave; set chronological=0.": network
        and chronological > 0.0,
        "the field experiment needs a recommender among everybody; give chronological or another "
        "share of what is seen, and degree=0.": treated > 0.0 and (network or shown == 0.0),
    }
    for fault, found in faults.items():
        if found:
            raise ec.EcumeneError(fault)


def phases(averaging, network, recommender, influence):
    """The rules, by whom one listens to."""
    if influence:
        return [[take_part], [find_contacts], [engage]]
    if network and averaging:
        return [[be_born], [tell_gap, tell_heeded, tell_shown], [average_ties]]
    if network:
        return [[be_born], [tell_one], [read_tie]]
    if averaging:
        return [[be_born], [count_below], [average]]
    if recommender:
        return [[be_born], [rank_posts], [read], [meet_who_do_not_read]]
    return [[be_born], [meet]]


def columns(network, recommender, influence):
    """What an agent carries."""
    own = {
        "opinion": ec.whole(low=-LIMIT, high=LIMIT),
        "first": ec.whole(low=-LIMIT, high=LIMIT),
        "heard": ec.whole(low=-LIMIT, high=LIMIT),
        "bin": ec.whole(high=FINE - 1),
        "seen": ec.whole(high=10_000),
        "alike": ec.whole(high=10_000),
        "born": ec.wake_column(first=0, ahead=1),
    }
    if influence:
        return {**own, "activity": ec.whole(high=FULL)}
    own["treated"] = ec.whole(high=1)
    if network:
        own["speaks"] = ec.flag()
    if recommender:
        own["meets"] = ec.flag()
    return own


def environment(averaging, network, recommender, influence, homophily, activity):
    """The histogram's tables, where anybody may be heard."""
    feed = {"feed": ec.real(cells=(POSTS + 1) * POSTS), "posts": opinions(POSTS)}
    if influence:
        return {
            **feed,
            "feed": ec.real(cells=POSTS * POSTS),
            "urges": ec.real(cells=POSTS),
            "back": ec.real(cells=POSTS),
            "closeness": ec.real(cells=closeness(homophily)),
            "activities": ec.whole(high=FULL, cells=activities(*activity)),
        }
    bins = {"bins": ec.whole(FINE if averaging and not network else POSTS, high=FINE)}
    if network:
        return bins
    if averaging:
        below = ec.whole(low=-(10**17), high=10**17, cells=FINE + 1)
        return {**bins, "people_below": below, "opinions_below": below}
    return {**bins, **feed} if recommender else bins


def opinions(cells):
    """An opinion for each cell."""
    return ec.whole(low=-LIMIT, high=LIMIT, cells=cells)


def tallies(histogram, influence):
    """The histogram of opinions, where rules read it."""
    if not histogram:
        return {}
    active = {"activity_in": ec.total("activity", by="bin")} if influence else {}
    return {
        "people_in": ec.count("opinion", anybody, by="bin"),
        "opinions_in": ec.total("opinion", by="bin"),
        **active,
    }


def measures(lowest, influence, treated, network):
    """The metrics: of opinions, of what is seen, and of both."""
    low, middle = int(lowest * ONE), int((1.0 + lowest) / 2 * ONE)
    ends = (-3 * ONE, 3 * ONE) if influence else (low, ONE)
    found = {
        "opinion": ec.mean("opinion", unit=ONE),
        "variance": ec.variance("opinion", unit=ONE * 1.0, every=10),
        "bimodality": ec.bimodality("opinion", every=10),
        "polarization": ec.polarization("opinion", *ends, every=10),
        "camps": ec.clusters("opinion", GAP, every=10),
        "above_middle": ec.share("opinion", above_zero if influence else above_half),
        "like_minded": ec.ratio(ec.total("alike"), ec.total("seen")),
        "with_what_is_heard": ec.correlation("opinion", "heard", every=10),
        "with_the_first": ec.correlation("opinion", "first", every=10),
    }
    away = ec.contrast("opinion", by="treated", away_from=middle, every=10)
    walks = ec.controversy("opinion", "ties", middle, every=50)
    return {
        **found,
        **({"effect_of_treatment": away} if treated else {}),
        **({"controversy": walks} if network else {}),
    }


@ec.model(presets=PRESETS)
def model(
    agents: ec.Count = ec.parameter(
        100_000, reshapes=True, unit="agents", help="how many there are", source="chosen"
    ),
    degree: ec.Int[0, 1000] = ec.parameter(
        0,
        reshapes=True,
        unit="ties",
        help="ties of each agent in a random network; 0: anybody may be heard",
        source="chosen: all with all, as in Deffuant et al. (2000)",
    ),
    averaging: bool = ec.parameter(
        False,
        reshapes=True,
        unit="yes or no",
        help="hear all one reaches in a step, not one partner",
        source="Hegselmann, Krause (2002) against Deffuant et al. (2000)",
    ),
    lowest: ec.Float[-1, 0] = ec.parameter(
        0.0,
        reshapes=True,
        unit="opinion",
        help="first opinions are drawn evenly from here to 1",
        source="Deffuant et al. (2000): 0; Baumann et al. (2020): -1",
    ),
    tolerance: ec.Float[0, 2] = ec.parameter(
        0.2, unit="opinion", help="how far away those are who are listened to", source="chosen"
    ),
    pull: ec.Probability = ec.parameter(
        0.5,
        help="share of the way that one moves towards them (at most a half where two meet)",
        source="Deffuant et al. (2000)",
    ),
    stubbornness: ec.Probability = ec.parameter(
        0.0,
        help="how strongly one's first opinion holds (1 less Friedkin and Johnsen's openness)",
        source="chosen; in bubbles 0.9: opinions hardly move within months, Nyhan et al. (2023)",
    ),
    chronological: ec.Probability = ec.parameter(
        0.0, help="share of a day's partners that are posts by anybody", source="chosen"
    ),
    similar: ec.Probability = ec.parameter(
        0.0,
        help="share that a recommender fills with similar posts",
        source="in bubbles calibrated on like-minded share of what is seen, Nyhan et al. (2023)",
    ),
    outraging: ec.Probability = ec.parameter(
        0.0, help="share that a recommender fills with extreme posts", source="chosen"
    ),
    bridging: ec.Probability = ec.parameter(
        0.0, help="share that a recommender fills with distant, heeded posts", source="chosen"
    ),
    reach: ec.Float[0.01, 2] = ec.parameter(
        0.1, unit="opinion", help="how fast similarity falls with distance", source="chosen"
    ),
    alike_within: ec.Float[0, 2] = ec.parameter(
        0.2, unit="opinion", help="up to which distance a post is like-minded", source="chosen"
    ),
    treated: ec.Probability = ec.parameter(
        0.0, help="share of agents in a field experiment", source="chosen"
    ),
    cut: ec.Probability = ec.parameter(
        1 / 3,
        help="share of their like-minded posts that others replace",
        source="Nyhan et al. (2023): by about a third",
    ),
    influence: ec.Float[0, 10] = ec.parameter(
        0.0,
        reshapes=True,
        unit="1",
        help="K of the activity-driven model; 0: bounded confidence instead",
        source="Baumann et al. (2020): 3",
    ),
    controversy: ec.Float[0, 10] = ec.parameter(
        3.0, unit="1", help="alpha: how steeply opinions urge", source="Baumann et al. (2020)"
    ),
    homophily: ec.Float[0, 5] = ec.parameter(
        3.0,
        reshapes=True,
        unit="1",
        help="beta: how fast contacts fall with distance",
        source="Baumann et al. (2020)",
    ),
    contacts: ec.Int[1, 100] = ec.parameter(
        10, unit="contacts", help="whom an active agent hears", source="Baumann et al. (2020)"
    ),
    reciprocity: ec.Probability = ec.parameter(
        0.5, help="chance to be heard back", source="Baumann et al. (2020)"
    ),
    activity_exponent: ec.Float[1.1, 5] = ec.parameter(
        2.1,
        reshapes=True,
        unit="1",
        help="gamma of the law of activities",
        source="Baumann et al. (2020)",
    ),
    least_activity: ec.Float[0.001, 0.5] = ec.parameter(
        0.01,
        reshapes=True,
        unit="chance per step",
        help="the least active agents' activity",
        source="Baumann et al. (2020)",
    ),
    rounds: ec.Int[1, 1_000_000] = ec.parameter(
        200, unit="steps", help="how long a run takes unless told otherwise", source="chosen"
    ),
) -> ec.Model:
    shown = chronological + similar + outraging + bridging
    network, recommender, active = degree > 0, shown > 0.0, influence > 0.0
    refuse(averaging, network, shown, chronological, treated, active)
    people = ec.Population(agents, capacity=None, **columns(network, recommender, active))
    speaking = [ec.set_agents(ec.sample_count(agents), speaks=True)]
    return ec.Model(
        populations={"people": people},
        networks={"ties": ec.matchings(degree)} if network and not active else {},
        environment=environment(
            averaging,
            network,
            recommender,
            active,
            homophily,
            (least_activity, activity_exponent),
        ),
        tallies=tallies(active or ((recommender or averaging) and not network), active),
        phases=phases(averaging, network, recommender, active),
        start=speaking if network and not active else [],
        measures=measures(lowest, active, treated > 0.0, network and not active),
        max_steps=rounds,
        step_unit="round",
        synchrony="All who average, read or engage see the opinions of the last round at once; who "
        "meet are paired anew in each round and meet once in it, where the classical model draws "
        "one pair at a time, N/2 of which make a round.",
        limits=[
            "It can tell which camps a way of listening leaves, and what a recommender changes in "
            "what is seen and in what is thought, which are not the same.",
            "It cannot tell what anybody thinks about anything: opinions are numbers on one line, "
            "without topic, argument, fact or event, and first opinions are drawn evenly.",
            "A round is no day unless a preset says so (bubbles): the speed of opinion is put in.",
        ],
        score=score,
    )


def above_half(opinion):
    """Whether an opinion is above 1/2."""
    return opinion > 500_000


def above_zero(opinion):
    """Whether an opinion is above 0."""
    return opinion > 0
