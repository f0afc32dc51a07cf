"""Virality: how one piece of news reaches many, and why most reach no one.

## What it models
Somebody posts a story; followers may see it and pass it on to theirs, each at most once. Followers
are many for few and few for most (a power law); most follow people of their own country. Whether
somebody passes it on hangs on their age, their interests, on how much else they are shown, and on
how fresh the story is; they do so after a while. A step is ten minutes.

## What to look for
Four of five stories are passed on by nobody, and hardly any goes deeper than one hop: there is no
epidemic. What is large is mostly one large broadcast. False stories are made to differ from true
ones in how infectious they are and in nothing else; at one size both have the same shape. Where
stories compete in one feed, a recommender that ranks by engagement shows more that is hostile to
the other side than the order of time does, though nobody tells it to.

## Sources
Goel, Anderson, Hofman and Watts (2016), The structural virality of online diffusion, Management
Science 62; Goel, Watts and Goldstein (2012), The structure of online diffusion networks, EC'12;
Wu and Huberman (2007), Novelty and collective attention, PNAS 104; Weng, Flammini, Vespignani and
Menczer (2012), Competition among memes in a world with limited attention, Scientific Reports 2;
Vosoughi, Roy and Aral (2018), The spread of true and false news online, Science 359; Juul and
Ugander (2021), Comparing information diffusion mechanisms by matching on cascade size, PNAS 118;
Rathje, Van Bavel and van der Linden (2021), Out-group animosity drives engagement on social media,
PNAS 118; Huszár and others (2022), Algorithmic amplification of politics on Twitter, PNAS 119;
Milli and others (2023), Engagement, user satisfaction, and the amplification of divisive content on
social media, arXiv 2305.16941; Wojcieszak and others (2022), Most users do not follow political
elites on Twitter, Science Advances 8.
"""

import ecumene as ec

from . import amplifying, together
from .attention import solve
from .passing import LONGEST, decide, decide_when_enough, expose, share, show, sign
from .stories import score, stories
from .telling import tell

ONLINE = (
    "whether people are online is not known: no table of internet use with a source is at hand. "
    "Everybody of 13 years or more is taken to be (from memory, about two thirds of mankind were "
    "in 2023, far fewer in poor countries: their share of what is passed on comes out too large)."
)
# The highest identity that a column holds: of two, so that more or fewer people compile nothing.
FEW, MANY = 2**31 - 1, 10**10

# A thousand stories of one day among a thousand people, who follow 27 others on average and look at
# three stories a day: attention is what is scarce. All of it is a recommender's, which ranks by the
# engagement expected and by nothing else.
FEED = {
    "feed": True,
    "agents": 1000,
    "stories": 1000,
    "worlds": 8,
    "networks": 8,
    "fewest_followers": 24,
    "ratio": 2.0,
    "sigma": 1.0,
    "slots": 1,
    "hours_away": 8.0,
    "recommended": 1.0,
    "by_similarity": 0.0,
    "by_popularity": 0.0,
    "by_age": 0.0,
    "hostile_left": 0.38,
    "hostile_right": 0.38,
    "across": 0.08,
}

LIMITS = (
    "It can tell how sizes and shapes of cascades hang on infectiousness, on the spread of "
    "followers, on attention and on delays, and what a change does under the same luck.",
    "It cannot tell which story will spread: what a story says is one number, its "
    "infectiousness, and the number is put in.",
    "Nobody follows or unfollows anybody while it runs, and nobody shares one story twice.",
)


def followers(people, asked):
    """Who is followed by how many; most ties stay within a country, where it is known."""
    most = max(asked["fewest_followers"], min(asked["most_followers"], people.size // 10))
    sizes = people.ranges.get("country")
    return ec.configuration(
        ec.power_law(asked["exponent"], asked["fewest_followers"], most),
        directed=True,
        in_degrees=ec.log_normal(sigma=asked["followed_spread"], high=asked["most_followed"]),
        groups=sizes if sizes else [people.size],
        inside=asked["home"] if sizes else 0.0,
    )


def population(people, simple):
    """What is kept of a person: six bytes and a few bits; more once there are 2**31 of them."""
    alone = ec.Population(
        people,
        shares_at=ec.step_column(ahead=LONGEST),
        parent=ec.whole(-1, low=-1, high=FEW if people.size <= FEW else MANY),
        waiting=ec.flag(),
        shared=ec.flag(),
        sharing=ec.pulse(),
    )
    return alone if simple else alone.also(heard=ec.whole(high=2**30))


def check_alone(asked):
    """Raise `EcumeneError` for what only stories of one feed have."""
    plain = {"worlds": 1, "hostile_left": 0.0, "hostile_right": 0.0, "across": 1.0}
    for name, value in plain.items():
        if asked[name] != value:
            raise ec.EcumeneError(
                f"{name}={asked[name]} is for stories that compete in one feed; type feed=true and "
                f"how many stories there are, say stories=200, or leave {name} out."
            )


def built(people, asked):
    """The model over these people."""
    described = together.described if asked["feed"] else alone
    return described(
        people,
        asked,
        followers(people, asked),
        step_unit="10-minute step",
        limits=LIMITS,
        over=lambda people: built(people, asked),
        solve=solve,
        score=amplifying.score if asked["feed"] else score,
    )


def alone(people, asked, network, **common):
    """The model of one story, or of many of which each is on its own."""
    check_alone(asked)
    simple = asked["threshold"] == 1 and asked["fraction"] == 0.0
    first = ec.sample_count(asked["seeds"])
    return ec.Model(
        populations={"people": population(people, simple)},
        networks={"followers": network},
        phases=[[show], [decide], [share]]
        if simple
        else [[expose, sign], [decide_when_enough], [share]],
        start=[ec.set_agents(first, shares_at=0, shared=True, sharing=True)],
        measures={
            "sharers": ec.count("shared"),
            "sharers_by_country": ec.count("shared", by="country"),
            "sharers_by_age": ec.count("shared", by="age_band"),
        },
        lanes=stories(asked),
        tell=tell,
        synchrony="All that is posted within ten minutes is shown at the same moment; who sees a "
        "story from several people in one step hears it from one of them, drawn by luck.",
        **common,
    )


@ec.model(
    presets={
        "links": {"stories": 2_000_000, "ratio": 0.3, "decay": 0.0, "networks": 4},
        "rumours": {
            "stories": 40_000,
            "ratio": 2.0,
            "sigma": 1.4,
            "false_share": 0.5,
            "networks": 4,
        },
        "feed": FEED,
    }
)
def model(
    agents: ec.Count = ec.parameter(
        1_000_000, reshapes=True, unit="people", help="people of 13 or more", source="chosen"
    ),
    stories: ec.Int[1, 100_000_000] = ec.parameter(
        1, unit="stories", help="each on its own; of several, a table is kept", source="chosen"
    ),
    networks: ec.Int[1, 100] = ec.parameter(
        1,
        unit="networks",
        help="over which several stories are spread, each of a seed of its own",
        source="chosen",
    ),
    seeds: ec.Count = ec.parameter(
        1, unit="people", help="who post the story first, drawn by luck", source="chosen"
    ),
    ratio: ec.Float[0, 1000] = ec.parameter(
        0.3,
        unit="followers",
        help="how many followers of a fresh post pass it on, on average",
        source="calibrated on stories of 100 adopters or more, Goel et al. (2016)",
    ),
    sigma: ec.Float[0, 5] = ec.parameter(
        0.0,
        unit="standard deviation of the logarithm",
        help="of the ratio between stories, whose mean it leaves as it is",
        source="chosen: all alike",
    ),
    false: bool = ec.parameter(
        False, unit="true or false", help="whether the story is false", source="chosen"
    ),
    false_share: ec.Probability = ec.parameter(
        0.0, help="of several stories, the share that is false", source="chosen"
    ),
    false_over_true: ec.Float[0, 100] = ec.parameter(
        1.7,
        unit="times",
        help="how much more infectious false ones are",
        source="Vosoughi, Roy and Aral (2018): 70 percent more likely to be retweeted",
    ),
    decay: ec.Float[0, 10] = ec.parameter(
        0.4,
        unit="per minutes to the power 0.4",
        help="how fast novelty decays; 0 for not at all",
        source="Wu and Huberman (2007)",
    ),
    delay: ec.Float[1, 100_000] = ec.parameter(
        60.0, unit="minutes", help="median from seeing to sharing", source="from memory"
    ),
    delay_spread: ec.Float[0, 5] = ec.parameter(
        1.5, unit="standard deviation of the logarithm", help="of that delay", source="from memory"
    ),
    slow: ec.Float[1, 1000] = ec.parameter(
        1.0, unit="times", help="by which sharing is slowed down", source="chosen: not at all"
    ),
    fact_check: ec.Probability = ec.parameter(
        0.0,
        help="share of those about to pass it on whom a fact-check keeps from it",
        source="chosen: none",
    ),
    fact_check_at: ec.Int[0, 100_000] = ec.parameter(
        0, unit="steps", help="when the fact-check appears", source="chosen"
    ),
    topic: ec.Probability = ec.parameter(
        0.0, help="the story's place on a circle of interests", source="chosen"
    ),
    narrowness: ec.Probability = ec.parameter(
        0.5, help="how much less those of opposite interests care", source="chosen"
    ),
    posts: ec.Float[0, 10_000] = ec.parameter(
        2.0, unit="posts a day", help="of everybody whom one follows", source="from memory"
    ),
    hours_away: ec.Float[0, 1000] = ec.parameter(
        2.0, unit="hours", help="mean time until one looks", source="from memory"
    ),
    feed: bool = ec.parameter(
        False,
        reshapes=True,
        unit="true or false",
        help="whether the stories compete for the slots; then `posts` plays no part",
        source="chosen: each on its own",
    ),
    posted_within: ec.Float[0, 1000] = ec.parameter(
        24.0, unit="hours", help="within which the stories of a feed are posted", source="chosen"
    ),
    worlds: ec.Int[1, 1000] = ec.parameter(
        1,
        unit="worlds",
        help="of a feed; each of several is also run in order of time, under the same luck",
        source="chosen",
    ),
    hostile_left: ec.Probability = ec.parameter(
        0.0,
        help="of a feed's stories of the left, the share that is hostile to the right",
        source="chosen: none; 0.38 in the preset, from memory of Milli and others (2023)",
    ),
    hostile_right: ec.Probability = ec.parameter(
        0.0,
        help="of a feed's stories of the right, the share that is hostile to the left",
        source="chosen: none; in the preset as on the left, for want of a number",
    ),
    hostile_over_other: ec.Float[1, 100] = ec.parameter(
        1.67,
        unit="times",
        help="as often people pass on their own side's story if it is hostile to the other",
        source="Rathje, Van Bavel and van der Linden (2021): 67 percent for a word on the others",
    ),
    across: ec.Float[0, 1] = ec.parameter(
        1.0,
        unit="times",
        help="as often people pass on a story of the other side as one of their own",
        source="chosen: as often; 1 in 13 by Wojcieszak and others (2022), in the preset",
    ),
    recommended: ec.Probability = ec.parameter(
        0.0,
        help="share of the slots that a recommender fills; the newest fill the others",
        source="chosen: none",
    ),
    chronological: bool = ec.parameter(
        False, unit="true or false", help="whether the recommender is off", source="chosen"
    ),
    by_engagement: ec.Float[0, 1000] = ec.parameter(
        1.0, unit="points", help="for a story as infectious as the mean", source="chosen"
    ),
    by_similarity: ec.Float[0, 1000] = ec.parameter(
        1.0, unit="points", help="for a story at one's own interest", source="chosen"
    ),
    by_popularity: ec.Float[0, 1000] = ec.parameter(
        0.5, unit="points", help="for e times as many sharers", source="chosen"
    ),
    by_age: ec.Float[0, 1000] = ec.parameter(
        0.1, unit="points", help="less for each hour in the feed", source="chosen"
    ),
    slots: ec.Int[1, 10_000] = ec.parameter(
        20, unit="posts", help="that one looks at", source="10 to 50 in models of attention"
    ),
    threshold: ec.Int[1, 1000] = ec.parameter(
        1,
        unit="posts",
        help="of how many people one must see it; above 1 the ratio plays no part",
        source="chosen: simple contagion",
    ),
    fraction: ec.Probability = ec.parameter(
        0.0,
        help="share of those followed who must post it; above 0 the ratio plays no part",
        source="chosen: simple contagion",
    ),
    youngest: ec.Int[0, 99] = ec.parameter(
        13, unit="years", help="who is younger takes no part", source="terms of most networks"
    ),
    exponent: ec.Float[2.05, 5] = ec.parameter(
        2.3,
        reshapes=True,
        unit="exponent",
        help="of the power law of followers",
        source="from memory: that of the simulations of Goel et al. (2016)",
    ),
    fewest_followers: ec.Int[1, 100_000] = ec.parameter(
        10, reshapes=True, unit="followers", help="that anybody has", source="chosen"
    ),
    most_followers: ec.Int[1, 10_000_000] = ec.parameter(
        1_000_000,
        reshapes=True,
        unit="followers",
        help="that anybody has, and at most a tenth of all people",
        source="chosen",
    ),
    followed_spread: ec.Float[0.01, 5] = ec.parameter(
        1.0,
        reshapes=True,
        unit="standard deviation of the logarithm",
        help="of how many one follows",
        source="from memory",
    ),
    most_followed: ec.Int[1, 1_000_000] = ec.parameter(
        5000, reshapes=True, unit="people", help="that anybody follows", source="from memory"
    ),
    home: ec.Probability = ec.parameter(
        0.85, reshapes=True, help="share of ties within one's country", source="from memory"
    ),
) -> ec.Model:
    people = ec.world_population(agents, from_age=13).noted(ONLINE)
    return built(people, dict(locals()))
