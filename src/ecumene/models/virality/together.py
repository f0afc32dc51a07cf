"""The stories of one feed: what differs between them, who begins them, and the model of them."""

import numpy as np

import ecumene as ec

from .amplifying import worlds
from .counting import measures
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
from .sides import RIGHT, side_of
from .stories import varied
from .telling_feed import tell

MOST = 1000  # stories: each adds as many agents as there are people
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


def begins(people, asked):
    """What a run draws: the stories, their authors, and when they are posted."""

    def drawn(key):
        stories, authors, begun = drawn_stories(people, asked, key)
        agents = authors + people.size * np.arange(asked["stories"])
        posted = ec.these_agents(*agents.tolist())
        values = {name: cells.tolist() for name, cells in {**stories, "begun": begun}.items()}
        return values, [ec.set_agents(posted, shares_at=0, waiting=True)]

    return drawn


def drawn_stories(people, asked, key):
    """What the stories are like, by name; the author of each, and the step in which it is posted.

    `key` is of the run's luck: another seed, other stories by others.
    """
    of = varied(asked, np.arange(asked["stories"]), key)
    luck = np.random.Philox(key=[key, 2]).random_raw(3 * asked["stories"]).reshape(-1, 3)
    authors = (luck[:, 0] % np.uint64(people.size)).astype(np.int64)
    steps = max(1, round(6 * asked["posted_within"]))
    sides = np.array([side_of(author) for author in authors.tolist()])
    hostile_share = np.where(sides == RIGHT, asked["hostile_right"], asked["hostile_left"])
    boost = np.where(of["false"], asked["false_over_true"], 1.0)
    stories = {
        "infectiousness": of["ratio"] * boost / max(asked["ratio"], 1e-9),
        "topics": of["topic"],
        "sides": sides,
        "hostile": (luck[:, 2] >> 11) * 2.0**-53 < hostile_share,
        "false": of["false"],
        "checked": of["false"] if asked["false_share"] > 0.0 else np.ones(len(authors), bool),
    }
    return stories, authors, (luck[:, 1] % np.uint64(steps)).astype(np.int64)


def environment(asked):
    """What the stories are like, one cell for each; a run draws them."""
    cells = [0] * asked["stories"]
    return {
        "infectiousness": ec.real(cells=cells),
        "topics": ec.real(cells=cells),
        "begun": ec.whole(high=100_000, cells=cells),
        "sides": ec.whole(high=RIGHT, cells=cells),
        "hostile": ec.flag(cells=len(cells)),
        "false": ec.flag(cells=len(cells)),
        "checked": ec.flag(cells=len(cells)),
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
        environment=environment(asked),
        tallies={"popularity": ec.count("shared", by="story")},
        reads_anybody={"habits": "people.habit"},
        begin=begins(people, asked),
        measures=measures(asked),
        lanes=worlds(asked),
        tell=tell,
        synchrony=SYNCHRONY,
        **common,
    )
