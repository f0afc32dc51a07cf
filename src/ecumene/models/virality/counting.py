"""What is measured of the stories of one feed, kept up to date from counts by story."""

import numpy as np

import ecumene as ec


class OverStories:
    """A measure: a number made of a count by story, such as how unequal it is."""

    of, columns, every = "", (), 1

    def __init__(self, counted, function, *environment):
        """Take the count by story, and what makes a number of it and of these cells by story."""
        self.counted, self.function, self.environment = counted, function, environment

    @property
    def tallies(self):
        """The sums that it reads."""
        return self.counted.tallies

    def value(self, view):
        """The number, now."""
        counts = np.array(list(self.counted.value(view).values()), np.int64)
        return self.function(counts, *(np.array(view.environment[e]) for e in self.environment))

    def grouped(self, group):
        """Nothing by group."""


def gini(counts):
    """0 where all stories have as much, or nothing; near 1 where one has everything."""
    return ec.gini_of(counts.astype(np.float64)) or 0.0


def largest(counts):
    return int(counts.max())


def of_kind(counts, kind):
    """How many of the counts are of stories of a kind, told by a flag or a number above 0."""
    return int(counts[kind > 0].sum())


def share_of_kind(counts, kind):
    """Their share of all; None where there is nothing."""
    return of_kind(counts, kind) / int(counts.sum()) if counts.any() else None


def measures(asked):
    """What every feed has, and what is of sides or falsehood where stories have such."""
    shares = ec.count("shared", by="story")
    seen = ec.count("seen_at", ec.happened, by="story")
    found = {
        "sharers": ec.count("shared"),
        "seen": ec.count("seen_at", ec.happened),
        "largest_size": OverStories(shares, largest),
        "gini_of_sharers": OverStories(shares, gini),
        "gini_of_attention": OverStories(seen, gini),
    }
    if is_political(asked):
        found["hostile_seen"] = OverStories(seen, of_kind, "hostile")
        found["right_seen"] = OverStories(seen, of_kind, "sides")
        found["hostile_share_of_seen"] = OverStories(seen, share_of_kind, "hostile")
        found["hostile_share_of_shares"] = OverStories(shares, share_of_kind, "hostile")
    if asked["false_share"] > 0.0:
        found["false_share_of_seen"] = OverStories(seen, share_of_kind, "false")
        found["false_share_of_shares"] = OverStories(shares, share_of_kind, "false")
    return {
        **found,
        "sharers_by_country": ec.count("shared", by="country"),
        "sharers_by_age": ec.count("shared", by="age_band"),
    }


def is_political(asked):
    """Whether sides mean anything to anybody."""
    return asked["hostile_left"] > 0.0 or asked["hostile_right"] > 0.0 or asked["across"] < 1.0
