"""Stance: a few influencers and many who listen, up to a billion, each with one of 10,000 profiles.

## What it models
In each round a sampled share of people each draw one neighbour. If that one is an influencer (of
the best connected fifth), they may move one step towards its stance: against, neutral, for. The
chance is looked up by both profiles and both stances. Chances are synthetic: made up for
demonstration. The network is a configuration model of exponent 3, a stand-in for Barabasi and
Albert's.

## What to look for
After 100 rounds of 1 % part of the people was never reached: a transient, no equilibrium. The share
follows from the degrees alone, and is held against the run.

## Sources
The setting is that of arXiv 2506.12078, section on opinion diffusion: 10^9 nodes, 20 % influencers,
10,000 profiles, 3 stances, 100 rounds of 1 %. Its table is not public; this one is not it.
"""

import numpy as np

import ecumene as ec

PROFILES, ARCHETYPES, STANCES = 10_000, 100, 3
SIDE = 10  # Archetypes stand on a square of 10 x 10: two traits.
MOST_TIES = 1_000_000
AIM = (0.01, 0.2, 3.0, 5)  # For which the share never reached is a target: see `score`.


def anybody(value):
    """True: counts agents."""
    return True


def never(state):
    """Whether nobody ever reached the agent."""
    return state == 0


def is_for(state):
    """Whether a reached agent is for it now."""
    return state > 0 and (state - 1) % 3 == 2


def was_for(state):
    """Whether a reached agent was for it at first."""
    return state > 0 and (state - 1) // 3 == 2


def is_against(state):
    """Whether a reached agent is against it now."""
    return state > 0 and (state - 1) % 3 == 0


def was_against(state):
    """Whether a reached agent was against it at first."""
    return state > 0 and (state - 1) // 3 == 0


def first_stance(background):
    """An agent's first stance, each with a chance of a third; it is never stored."""
    return ec.integer(background, STANCES, 1)


def archetype(background):
    """The archetype of an agent's profile, one of 10,000; it is never stored."""
    return ec.integer(background, PROFILES, 2) // (PROFILES // ARCHETYPES)


def stance_of(state, background):
    """The stance now: of who was never reached the first."""
    return first_stance(background) if state == 0 else (state - 1) % 3


@ec.encounter(over="ties", shows="state", writes="state", on=ec.sample("sampled"))
def listen(me, other, env, model, key):
    """Meet one neighbour, and be moved if it is an influencer."""
    theirs = ec.fold(model.draw, other.identity)
    leads = other.degree > env.cut or (
        other.degree == env.cut and ec.chance(theirs, env.part_of_cut, 3)
    )
    if not leads:
        return me.state
    mine = ec.fold(model.draw, me.identity)
    first, now = first_stance(mine), stance_of(me.state, mine)
    its = stance_of(other.state, theirs)
    if its != now:
        pair = archetype(mine) * ARCHETYPES + archetype(theirs)
        moved = ec.choose(model.persuasion, pair * 9 + now * 3 + its, key)
        now += moved if its > now else -moved
    return 1 + 3 * first + now


def persuasion(most):
    """Chances to move: `most` among the same archetype, less with distance and from afar.

    Synthetic. A tenth of `most` less for every two steps between archetypes, half where a stance
    is two steps away, nothing where stances agree.
    """
    place = np.arange(ARCHETYPES)
    across = np.abs(place[:, None] // SIDE - place[None, :] // SIDE)
    along = np.abs(place[:, None] % SIDE - place[None, :] % SIDE)
    near = most * (20 - across - along) / 20
    gap = np.abs(np.arange(STANCES)[:, None] - np.arange(STANCES)[None, :])
    share = np.where(gap == 0, 0.0, np.where(gap == 1, 1.0, 0.5))
    chances = (near[:, :, None, None] * share[None, None]).reshape(-1)
    stances = ("against", "neutral", "for")
    return ec.table_policy(
        [
            ec.levels("listener's archetype", ARCHETYPES),
            ec.levels("source's archetype", ARCHETYPES),
            ec.levels("listener's stance", stances),
            ec.levels("source's stance", stances),
        ],
        {"stay": "keep the stance", "move": "one step towards the source's stance"},
        np.stack([1 - chances, chances], axis=1),
        source="synthetic: made up for demonstration, from no human data",
    )


def cut_of(degrees, counts, share):
    """The degree at which influencers begin, and the share of its agents who are among them."""
    above = np.cumsum(counts[::-1])[::-1]
    wanted = share * above[0]
    at = int(np.flatnonzero(above >= wanted)[-1])
    more = above[at] - counts[at]
    return int(degrees[at]), float((wanted - more) / counts[at])


def never_reached(degrees, counts, share, sampled, rounds):
    """The share expected never to have met an influencer, from the degrees alone.

    An agent of degree k has m influencers among its neighbours, m binomial with the influencers'
    share of all ties; in a round it meets one with chance `sampled` m / k.
    """
    cut, part = cut_of(degrees, counts, share)
    ties = (degrees * counts).astype(float)
    leading = float(ties[degrees > cut].sum() + part * ties[degrees == cut].sum()) / ties.sum()
    missed = 0.0
    for k, count in zip(degrees.tolist(), counts.tolist(), strict=True):
        if k > 200:  # So many neighbours are like the average.
            missed += count * (1 - sampled * leading) ** rounds
            continue
        chance, total = (1 - leading) ** k, 0.0
        for m in range(k + 1):
            total += chance * (1 - sampled * m / k) ** rounds
            chance *= (k - m) / (m + 1) * leading / (1 - leading)
        missed += count * total
    return missed / counts.sum()


def score(outcome):
    """The share never reached, where the target's condition holds."""
    p = outcome.parameters
    meant = (p["sampled"], p["influencers"], p["exponent"], p["fewest_ties"]) == AIM
    if not meant or outcome.steps != 100 or outcome.agents < 100_000:
        return {}
    share = outcome.measures["never_reached"]
    reach = 1.96 * (share * (1 - share) / outcome.agents) ** 0.5
    return {"never reached after 100 rounds": (share, share - reach, share + reach)}


@ec.model(presets={})
def model(
    agents: ec.Count = ec.parameter(
        1_000_000, reshapes=True, unit="agents", help="how many there are", source="chosen"
    ),
    exponent: ec.Float[2, 5] = ec.parameter(
        3.0,
        reshapes=True,
        unit="1",
        help="of the power law of degrees",
        source="Barabasi, Albert (1999), Science 286",
    ),
    fewest_ties: ec.Int[1, 100] = ec.parameter(
        5, reshapes=True, unit="ties", help="of the least connected", source="chosen"
    ),
    influencers: ec.Probability = ec.parameter(
        0.2, reshapes=True, help="the share of the best connected who lead", source="2506.12078"
    ),
    sampled: ec.Probability = ec.parameter(
        0.01, help="share of people who meet somebody in a round", source="2506.12078"
    ),
    most: ec.Probability = ec.parameter(
        0.2,
        reshapes=True,
        help="chance to be moved by one's own archetype one step away",
        source="synthetic",
    ),
    draw: ec.Int[0, 1_000_000] = ec.parameter(
        0,
        reshapes=True,
        unit="number",
        help="which people these are: profiles and first stances, under every seed the same",
        source="chosen",
    ),
    rounds: ec.Int[1, 1_000_000] = ec.parameter(
        100, unit="rounds", help="how long a run takes unless told otherwise", source="2506.12078"
    ),
) -> ec.Model:
    law = ec.power_law(exponent, fewest_ties, max(fewest_ties, min(MOST_TIES, agents // 10)))
    cut, part = cut_of(*law.classes(agents), influencers)
    return ec.Model(
        populations={"people": ec.Population(agents, state=ec.whole(high=9))},
        networks={"ties": ec.configuration(law)},
        environment={"cut": ec.whole(cut, high=MOST_TIES), "part_of_cut": ec.real(part)},
        policies={"persuasion": persuasion(most)},
        phases=[[listen]],
        measures={
            "never_reached": ec.share("state", never),
            "now_for": ec.share("state", is_for),
            "first_for": ec.share("state", was_for),
            "now_against": ec.share("state", is_against),
            "first_against": ec.share("state", was_against),
        },
        max_steps=rounds,
        step_unit="round",
        synchrony="All who are sampled in a round meet somebody as that one was before the round.",
        limits=[
            "It shows that a billion agents can each choose by a table, and who is reached in how "
            "many rounds; both follow from the degrees and the sample.",
            "It cannot tell what anybody would think of anything: the chances are synthetic. A "
            "policy from data or from a language model may take their place.",
            "A configuration model has no order of arrival and no correlation of degrees, which "
            "Barabasi and Albert's growing network has.",
        ],
        score=score,
    )
