"""What a run of one story answers in words: who shared it, through whom, how fast, and one person.

Only those who shared are looked at, so that it costs as much among a billion as among a thousand.
"""

import numpy as np

from .attention import MINUTES

MOST = 5_000_000  # sharers: of more, whom each has it from is not gone through
KNOWN = (100, 1500, 10_000, 100_000)  # people: how long it took to reach so many


FEW = (
    "Nobody passed it on. So most stories end: at the ratio of all links, 0.3, four of five do "
    "(`ecumene run virality --preset links` counts them), and another seed is another story. To "
    "see one that goes far, a rare one, type `--set ratio=12 --set decay=0.2 --set seeds=10`; or "
    'let one with many followers post it: `--set seeds=0 --do "at 0: broadcast by largest 1"`.'
)


def tell(run):
    """Questions and answers about a run that is over."""
    sharers = run.up("shared")
    answers = {"Who shared it?": who(run)}
    if 0 < len(sharers) <= MOST:
        when = run.values("shares_at", sharers).astype(np.int64)
        parents = run.values("parent", sharers).astype(np.int64)
        under, depth = below(sharers, parents)
        first = one_to_tell_of(under, depth)
        if depth.any():
            answers["Through whom?"] = through(run, sharers, under, depth, first)
            answers["How fast?"] = speed(np.sort(when))
        else:
            answers["Is that all?"] = FEW
        answers["What happened to one of them?"] = life(run, sharers, when, parents, under, first)
    return answers


def one_to_tell_of(under, depth):
    """Whoever brought it to most, of those who have it from somebody; else the first of all."""
    return int(np.argmax(np.where(depth > 0, under, 0))) if depth.any() else int(depth.argmin())


def who(run):
    """How many, in which countries, at which ages."""
    total = run.measured("sharers")
    return " ".join([f"{total:,} of {run.agents:,} people.", *by_group(run)])


def by_group(run):
    """How many in the five countries, and at the five ages, that have most."""
    said = []
    for group, name in (("country", "By country"), ("age_band", "By age")):
        if group in run.model.population.derived:
            counts = run.measured("sharers_by_" + group.split("_")[0])
            most = [one for one in sorted(counts.items(), key=lambda one: -one[1]) if one[1]]
            shares = ", ".join(f"{label} {count:,}" for label, count in most[:5])
            said += [f"{name}: {shares}{' and others' if len(most) > 5 else ''}."] if most else []
    return said


def below(sharers, parents):
    """Of each sharer how many have it through them, themselves counted, and how many hops away."""
    up = np.where(parents >= 0, np.searchsorted(sharers, parents), -1)
    depth, at = np.zeros(len(sharers), np.int64), up.copy()
    while (at >= 0).any():
        depth[at >= 0] += 1
        at = np.where(at >= 0, up[at], -1)
    under = np.ones(len(sharers), np.int64)
    for level in range(int(depth.max()), 0, -1):
        here = depth == level
        np.add.at(under, up[here], under[here])
    return under, depth


def through(run, sharers, under, depth, first):
    """How far from the authors they are, and who brought it to most."""
    near = 100.0 * (depth <= 1).sum() / len(sharers)
    said = [
        f"{near:.1f} % of them are authors or have it from one; the others are up to "
        f"{int(depth.max())} hops away."
    ]
    author = int(np.argmax(np.where(depth == 0, under, 0)))
    said.append(
        f"Of those who began, {person(run, sharers[author])} is behind most: "
        f"{under[author] - 1:,} have it through them."
    )
    if depth[first] > 0:
        said.append(
            f"Of those who passed it on, {person(run, sharers[first])} brought it to most: "
            f"{under[first] - 1:,} have it through them."
        )
    return " ".join(said)


def person(run, agent):
    """Somebody in a few words."""
    one = np.array([agent])
    followers = int(run.degrees("followers", one)[0])
    called = f"agent {int(agent):,}"
    if "person" in run.model.population.derived:  # In a feed an agent is somebody with a story.
        called = f"person {int(run.values('person', one)[0]):,}"
    if "country" not in run.model.population.derived:
        return f"{called}, with {followers:,} followers,"
    country = run.labels("country")[run.values("country", one)[0]]
    age = int(run.values("age", one)[0])
    return f"{called} ({country}, {age} years), with {followers:,} followers,"


def speed(when):
    """How long it took to so many people, and to half of all."""
    reached = [f"{many:,} after {lasted(when[many - 1])}" for many in KNOWN if many <= len(when)]
    half = f"half of all after {lasted(when[(len(when) - 1) // 2])}"
    return f"{', '.join([*reached, half])}, the last after {lasted(when[-1])}."


def lasted(step):
    """Steps as hours and minutes."""
    if step <= 0:
        return "less than 10 min"
    hours, minutes = divmod(int(step * MINUTES), 60)
    return f"{hours} h {minutes:02d} min" if hours else f"{minutes} min"


def life(run, sharers, when, parents, under, first):
    """The days of whoever brought it to most."""
    agent, parent = sharers[first], parents[first]
    brought = f"{under[first] - 1:,} have it through them."
    if parent < 0:
        return f"{person(run, agent)} posted it first; {brought}"
    came = when[np.searchsorted(sharers, parent)]
    return (
        f"{person(run, agent)} was shown it {lasted(came)} after it began, by agent {parent:,}, "
        f"and passed it on {lasted(when[first] - came)} later; {brought} "
        f"`ecumene lives RUN --agent {agent}` tells the other lives of the same person."
    )
