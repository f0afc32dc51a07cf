"""What a run of one feed answers in words: who shared, which stories took most, what was seen.

An agent is a person with one of the stories; those who shared are looked at, and nobody else.
"""

import numpy as np

from .feed import picked_slots
from .telling import MOST, below, by_group, lasted, one_to_tell_of, person, through

TOLD = 3  # stories: of so many is told what they are and what became of them
SIDE = ("left", "right")


def tell(run):
    """Questions and answers about a run that is over."""
    sharers = run.up("shared")
    answers = {"Who shared?": who(run, sharers)}
    if not 0 < len(sharers) <= MOST:
        return answers
    people = int(run.size("people"))
    stories, parents = sharers // people, run.values("parent", sharers).astype(np.int64)
    begun = np.array(run.environment["begun"])[stories]
    # Authors have no step of sharing: they post when their story begins.
    when = np.where(parents < 0, begun, run.values("shares_at", sharers).astype(np.int64))
    under, depth = below(sharers, parents)
    first = one_to_tell_of(under, depth)
    answers["Which stories took most?"] = largest(run, sharers, stories, parents, when - begun)
    if depth.any():
        answers["Through whom?"] = through(run, sharers, under, depth, first)
        answers["How fast?"] = speed_of_shares(np.sort((when - begun)[parents >= 0]))
    answers["What was seen?"] = seen(run, people)
    answers["What happened to one of them?"] = life(
        run, sharers[first], parents[first], under[first]
    )
    return answers


def who(run, sharers):
    """How often somebody shared, how many did, in which countries, at which ages."""
    people, stories = int(run.size("people")), len(run.environment["begun"])
    once = len(np.unique(sharers % people))
    said = (
        f"{stories:,} stories were shared {len(sharers):,} times, by {once:,} of {people:,} people."
    )
    return " ".join([said, *by_group(run)])


def largest(run, sharers, stories, parents, since):
    """The stories that most shared: whose, of what kind, how far and how fast."""
    counts = np.bincount(stories, minlength=len(run.environment["begun"]))
    alone, posted = int((counts == 1).sum()), int((counts > 0).sum())
    said = []
    for story in np.argsort(-counts, kind="stable")[: min(TOLD, posted)].tolist():
        ones = stories == story
        author = sharers[ones & (parents < 0)]
        of = f"story {story:,}{kind(run, story)}"
        by = f" by {person(run, author[0])}" if len(author) else ""
        half = int(np.sort(since[ones])[(int(counts[story]) - 1) // 2])
        said.append(
            f"{of}{by} was shared {counts[story]:,} times, half of them within {lasted(half)}."
        )
    most = int(np.sort(counts)[::-1][: max(1, len(counts) // 10)].sum())
    said.append(
        f"The largest tenth of all stories has {100.0 * most / len(sharers):.0f} % of the shares; "
        f"{alone:,} of {posted:,} posted were passed on by nobody."
    )
    return " ".join(s[0].upper() + s[1:] for s in said)


def speed_of_shares(since):
    """When stories were passed on, told from the beginning of each."""
    half, most = (lasted(since[(len(since) * part - 1) // 10]) for part in (5, 9))
    return (
        f"Of those who passed a story on, half did within {half} of its beginning, nine of ten "
        f"within {most}, the last after {lasted(since[-1])}."
    )


def kind(run, story):
    """What a story is, where that means anything."""
    political, false = "hostile_seen" in run.model.measures, run.environment["false"]
    said = ["false" if false[story] else "true"] if any(false) else []
    if political:
        said.append(f"of the {SIDE[run.environment['sides'][story]]}")
        said += ["hostile to the other side"] if run.environment["hostile"][story] else []
    return f" ({', '.join(said)})" if said else ""


def seen(run, people):
    """How much people saw, by whose choice, and what of it was hostile or false."""
    total = run.measured("seen")
    said = [f"{total / people:.1f} stories by each person on average, {by_whom(run)}."]
    for name, what in (("hostile", "hostile to the other side"), ("false", "false")):
        measure = f"{name}_share_of_seen"
        if measure in run.model.measures and total:
            part = 100.0 * run.measured(measure)
            every = 100.0 * float(np.mean(run.environment[name]))
            said.append(f"{part:.1f} % of what was seen was {what}, of the stories {every:.1f} %.")
    return " ".join(said)


def by_whom(run):
    """How many at a time, and who picked them."""
    asked = run.model.parameters
    picked = picked_slots(asked["slots"], asked["recommended"])
    if asked["chronological"] or not picked:
        return f"the newest {asked['slots']:,} at a time"
    part = "all" if picked == asked["slots"] else f"{picked:,} of them"
    return f"{asked['slots']:,} at a time, {part} by the recommender's choice while it is on"


def life(run, agent, parent, under):
    """What became of one story with the person who brought it to most."""
    at, brought = np.array([agent]), f"{under - 1:,} have it through them."
    if parent < 0:
        return f"{person(run, agent)} posted it first; {brought}"
    offered, saw, shared = (
        int(run.values(name, at)[0]) for name in ("offered_at", "seen_at", "shares_at")
    )
    people = int(run.size("people"))
    return (
        f"{person(run, agent)} had story {agent // people:,} in the feed, saw it "
        f"{lasted(saw - offered)} later and passed it on {lasted(shared - saw)} after that; it "
        f"came from person {parent % people:,}; {brought} `ecumene lives RUN --agent {agent}` "
        "tells the other lives of the same person with that story."
    )
