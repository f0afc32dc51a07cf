"""The stories of one feed: what differs between them, who begins them, and what is measured."""

import numpy as np

import ecumene as ec

from .feed import (
    HABITS,
    offer,
    picked_slots,
    post,
    put_in_feed,
    recommend,
    refill_attention,
    refill_picks,
    scroll,
    see,
    show,
    take_habit,
)
from .passing import LONGEST
from .stories import varied

MOST = 1000  # stories: each adds as many agents as there are people
AUTHORS = 0x417574686F7273  # "Authors" in ASCII: the luck of who begins a story, and when
SYNCHRONY = (
    "All that is posted within ten minutes comes into feeds at the same moment; feeds are opened "
    "after it. Of several who post one story the newest puts it where it stands in the feed."
)


def populations(people, asked):
    """A person with each of the stories, and the persons, whose attention it is."""
    agents = people.size * asked["stories"]
    picks = picked_slots(asked["slots"], asked["recommended"])
    most = max(1, asked["slots"])
    return {
        "readers": ec.Population(
            ec.repeated_people(people, asked["stories"], "story"),
            shares_at=ec.step_column(ahead=LONGEST),
            parent=ec.whole(-1, low=-1, high=max(1, agents - 1)),
            tempter=ec.whole(-1, low=-1, high=max(1, agents - 1)),
            offered_at=ec.step_column(),
            seen_at=ec.step_column(),
            offered=ec.flag(),
            waiting=ec.flag(),
            shared=ec.flag(),
            sharing=ec.pulse(),
        ),
        "people": ec.Population(
            people.size,
            begins=ec.wake_column(first=0, ahead=1),
            habit=ec.whole(high=HABITS - 1),
            picks=ec.whole(picks, high=most),
            attention=ec.whole(asked["slots"] - picks, high=most),
        ),
    }


def beginnings(people, asked):
    """The author of each story, and the step in which it is posted, within the hours asked."""
    draws = np.random.Philox(key=[AUTHORS, 2]).random_raw(2 * asked["stories"]).reshape(-1, 2)
    steps = max(1, round(6 * asked["posted_within"]))
    authors = np.array([int(d) % people.size for d in draws[:, 0].tolist()])
    return authors, np.array([int(d) % steps for d in draws[:, 1].tolist()])


def start(people, asked):
    """Authors wait until their story is due."""
    agents = beginnings(people, asked)[0] + people.size * np.arange(asked["stories"])
    return [ec.set_agents(ec.these_agents(*agents.tolist()), shares_at=0, waiting=True)]


def environment(people, asked):
    """What the stories are like, one cell for each."""
    numbers = np.arange(asked["stories"])
    of = varied(asked, numbers, AUTHORS)
    boost = np.where(of["false"], asked["false_over_true"], 1.0)
    multiples = of["ratio"] * boost / max(asked["ratio"], 1e-9)
    return {
        "infectiousness": ec.real(cells=multiples.tolist()),
        "topics": ec.real(cells=of["topic"].tolist()),
        "begun": ec.whole(high=100_000, cells=beginnings(people, asked)[1].tolist()),
    }


class OverStories:
    """A measure: a number made of a count by story, such as how unequal it is."""

    of, columns, environment, every = "", (), (), 1

    def __init__(self, counted, function):
        """Take the count by story, and what makes a number of an array of them."""
        self.counted, self.function = counted, function

    @property
    def tallies(self):
        """The sums that it reads."""
        return self.counted.tallies

    def value(self, view):
        """The number, now."""
        return self.function(np.array(list(self.counted.value(view).values()), np.float64))

    def grouped(self, group):
        """Nothing by group."""


def gini(counts):
    """0 where all stories have as much, or nothing; near 1 where one has everything."""
    return ec.gini_of(counts) or 0.0


def measures():
    shares = ec.count("shared", by="story")
    sights = ec.count("seen_at", ec.happened, by="story")
    return {
        "sharers": ec.count("shared"),
        "seen": ec.count("seen_at", ec.happened),
        "largest_size": OverStories(shares, lambda counts: int(counts.max())),
        "gini_of_sharers": OverStories(shares, gini),
        "gini_of_attention": OverStories(sights, gini),
        "sharers_by_country": ec.count("shared", by="country"),
        "sharers_by_age": ec.count("shared", by="age_band"),
    }


def check(asked):
    """Raise `EcumeneError` for what a feed cannot hold."""
    if asked["stories"] > MOST:
        raise ec.EcumeneError(
            f"{asked['stories']:,} stories in one feed; at most {MOST:,} compete together. Leave "
            "feed=true out, and each is on its own."
        )
    if asked["threshold"] > 1 or asked["fraction"] > 0.0:
        raise ec.EcumeneError(
            "a feed is for simple contagion; leave threshold and fraction out, or feed=true."
        )


def described(people, asked, network, **common):
    """The model of stories that compete in one feed over that network."""
    check(asked)
    return ec.Model(
        populations=populations(people, asked),
        networks={"followers": ec.repeated(network, asked["stories"])},
        phases=[
            [offer, show],
            [put_in_feed, take_habit],
            [recommend],
            [scroll],
            [see],
            [post],
            [refill_attention, refill_picks],
        ],
        environment=environment(people, asked),
        tallies={"popularity": ec.count("shared", by="story")},
        reads_anybody={"habits": "people.habit"},
        start=start(people, asked),
        measures=measures(),
        synchrony=SYNCHRONY,
        **common,
    )
