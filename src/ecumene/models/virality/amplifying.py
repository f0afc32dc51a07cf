"""What ranking by engagement amplifies: worlds with it, each beside itself in order of time.

An amplification is how often something is seen where a recommender ranks, over how often it is
where the newest come first: as Huszar and others (2022) define it. Both have the same people, ties,
stories and luck.
"""

import numpy as np

import ecumene as ec

BESIDE = "chronological"


def worlds(asked):
    """All the worlds of a run, or None where there is one."""
    if asked["worlds"] == 1:
        return None
    return ec.in_worlds(
        asked["worlds"],
        OVER_WORLDS,
        against={BESIDE: {"chronological": True}},
        keep=("sharers", "seen", "hostile_seen", "right_seen", "largest_size", "gini_of_sharers"),
        networks=asked["networks"],
    )


def in_all(worlds, name, beside=False):
    """A count over all worlds: as they are, or in order of time."""
    return int(worlds[f"{BESIDE}:{name}" if beside else name].sum())


def share(worlds, name, beside=False):
    """What part of all that is seen; None where nothing is."""
    seen = in_all(worlds, "seen", beside)
    return in_all(worlds, name, beside) / seen if seen else None


def hostile_share_ranked(worlds):
    return share(worlds, "hostile_seen")


def hostile_share_chronological(worlds):
    return share(worlds, "hostile_seen", beside=True)


def hostile_share_added(worlds):
    """Ranked minus in order of time."""
    ranked, timely = hostile_share_ranked(worlds), hostile_share_chronological(worlds)
    return None if ranked is None or timely is None else ranked - timely


def hostile_share_added_in_deviations(worlds):
    """The same in standard deviations of whether a story seen in order of time is hostile."""
    added, timely = hostile_share_added(worlds), hostile_share_chronological(worlds)
    if added is None or timely is None or not 0.0 < timely < 1.0:
        return None
    return added / np.sqrt(timely * (1.0 - timely))


def amplification(worlds, name):
    before = in_all(worlds, name, beside=True)
    return in_all(worlds, name) / before if before else None


def amplification_of_all(worlds):
    return amplification(worlds, "seen")


def amplification_of_hostile(worlds):
    return amplification(worlds, "hostile_seen")


def right_over_left(worlds):
    """The right's amplification over the left's."""
    right, ranked = in_all(worlds, "right_seen"), in_all(worlds, "seen")
    right_before, before = in_all(worlds, "right_seen", True), in_all(worlds, "seen", True)
    left, left_before = ranked - right, before - right_before
    if not (left and left_before and right_before):
        return None
    return (right / right_before) / (left / left_before)


OVER_WORLDS = {
    "worlds": lambda worlds: len(worlds["seen"]),
    "seen": lambda worlds: in_all(worlds, "seen"),
    "seen_chronological": lambda worlds: in_all(worlds, "seen", beside=True),
    "sharers": lambda worlds: in_all(worlds, "sharers"),
    "sharers_chronological": lambda worlds: in_all(worlds, "sharers", beside=True),
    "hostile_share_ranked": hostile_share_ranked,
    "hostile_share_chronological": hostile_share_chronological,
    "hostile_share_added": hostile_share_added,
    "hostile_share_added_in_deviations": hostile_share_added_in_deviations,
    "amplification_of_all": amplification_of_all,
    "amplification_of_hostile": amplification_of_hostile,
    "right_over_left": right_over_left,
}
ROWS = {  # What each row of the scorecard is held by.
    "hostile share of what is seen, ranked by engagement minus in time order": (
        "hostile_share_added"
    ),
    "amplification of the right over the left": "right_over_left",
}


def score(outcome):
    """Each row with its interval over worlds; what was put in is what it is."""
    found = {row: outcome.scored(measure) for row, measure in ROWS.items()}
    put_in = outcome.parameters["hostile_over_other"]
    found["sharing of hostile stories over others"] = (put_in, put_in, put_in)
    return {row: value for row, value in found.items() if value is not None}
