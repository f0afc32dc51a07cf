"""What a finished run is scored on: values with the ends of their 95 % intervals."""

import numpy as np

import ecumene as ec

# The SD between seeds times the root of the number of agents, measured over 30 seeds of 20,000
# agents; tests/models/frenzy/test_hazard.py holds them.
SPREAD = {
    "time of the adoption peak": 12.5,
    "height of the adoption peak": 0.19,
    "adopted share at the peak": 0.62,
    "share after one year from 2 percent": 1.55,
}
WINDOW = (1.02, 5.76)  # Watts (2002): mean degrees with global cascades at a threshold of 0.18.
WATTS = {
    "threshold": 0.18,
    "enough": 0,
    "clustered": False,
    "equal": False,
    "friends_first": False,
    "seeds": 1,
}
STUDENT = (12.71, 4.30, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31)  # 95 %, of 2, 3, ... 9 worlds.


def peak(by_quarter, agents):
    """When adoption is fastest (years), how fast (share a year) and what share has adopted then.

    The rates of all quarters are fitted by h / cosh(a (t - t*))**2, which Bass's curve is, by
    Gauss and Newton's least squares; None where that finds no peak within what was watched.
    """
    counts = np.trim_zeros(np.asarray(by_quarter, np.float64), "b")
    rates = np.diff(counts) * 4 / agents
    if rates.size < 12 or rates.max() <= 0:
        return None
    times = (np.arange(rates.size) + 0.5) / 4
    height, narrow = float(rates.max()), 0.2
    at = float(times[np.argmax(np.convolve(rates, np.ones(5) / 5, "same"))])
    for _ in range(30):
        bell = 1 / np.cosh(narrow * (times - at)) ** 2
        slope = 2 * height * bell * np.tanh(narrow * (times - at))
        columns = np.stack([bell, slope * narrow, -slope * (times - at)], 1)
        more = np.linalg.lstsq(columns, rates - height * bell)[0]
        height, at, narrow = height + more[0], at + more[1], narrow + more[2]
    if not (0 < at < times[-1] and height > 0):
        return None
    share = np.interp(4 * at, np.arange(counts.size), counts) / agents
    return {
        "time of the adoption peak": float(at),
        "height of the adoption peak": float(height),
        "adopted share at the peak": float(share),
    }


def score(outcome):
    """The rows that the run's mechanism can be held against."""
    if "adopted_by_quarter" in outcome.measures:
        return score_hazard(outcome)
    if "downloads" in outcome.measures:
        return score_songs(outcome)
    if "global_share" in outcome.measures:
        return score_cascades(outcome)
    return score_surge(outcome) if "highest" in outcome.measures else {}


def score_cascades(outcome):
    """How many cascades are global, for the mean degree that the run has, where Watts's rule holds.

    The interval is Wilson's, or that over lanes and networks where it reaches further.
    """
    asked = outcome.parameters
    if asked["cascades"] < 1000 or any(asked[name] != value for name, value in WATTS.items()):
        return {}
    share, *ends = outcome.scored("global_share")
    low, high = wilson(share, asked["cascades"])
    low, high = (min(low, ends[0]), max(high, ends[1])) if None not in ends else (low, high)
    where = "inside" if WINDOW[0] < asked["contacts"] < WINDOW[1] else "outside"
    name = f"global cascades at mean degree {where} the window"
    return {name: (share, max(0.0, low), min(1.0, high))}


def wilson(share, n):
    """The ends of Wilson's 95 % interval of a share of `n`: of some width for none and all too."""
    z2 = 1.96**2
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    reach = 1.96 * (share * (1 - share) / n + z2 / (4 * n * n)) ** 0.5 / (1 + z2 / n)
    return middle - reach, middle + reach


def score_hazard(outcome):
    """The peak of Bass's curve; after one year, the share."""
    cells = outcome.measures["adopted_by_quarter"]
    by_quarter = [cells[str(quarter)] for quarter in range(len(cells))]
    found = {"share after one year from 2 percent": by_quarter[4] / outcome.agents}
    scored = {}
    for name, value in {**found, **(peak(by_quarter, outcome.agents) or {})}.items():
        reach = 1.96 * SPREAD[name] / outcome.agents**0.5
        scored[name] = (value, value - reach, value + reach)
    return scored


def score_surge(outcome):
    """How much more was bought on the highest day than on normal ones, and by whom.

    The extensive margin is the part of the surge, in logarithms, that more buyers explain:
    log(buyers / normal buyers) / log(units / normal units). Intervals are from the spread of
    normal days, both days' luck counted.
    """
    days, buyers, units, squares = (outcome.measures["normal"][str(n)] for n in range(4))
    most_buyers, most_units = (outcome.measures["highest"][str(n)] for n in range(2))
    if days < 2 or most_units == 0 or units == 0:
        return {}
    daily, daily_buyers = units / days, buyers / days
    spread = max(0.0, squares / days - daily * daily) ** 0.5 / daily
    surge = most_units / daily - 1
    scored = {"surge of staples over the normal day": around(surge, 1.96 * spread * (1 + surge))}
    if surge > 0.05:
        margin = np.log(most_buyers / daily_buyers) / np.log(1 + surge)
        name = "extensive margin of the surge"
        scored[name] = around(float(margin), 1.96 * 2**0.5 * spread / float(np.log(1 + surge)))
    return scored


def around(value, reach):
    """A value with the ends of its interval."""
    return value, value - reach, value + reach


def gini(counts):
    """The Gini coefficient of each row's counts."""
    return np.apply_along_axis(ec.gini_of, -1, counts)


def apart(counts):
    """Unpredictability: by how much a song's share of a world's downloads differs between two."""
    shares = counts / counts.sum(-1, keepdims=True)
    pairs = [abs(one - two).mean() for i, one in enumerate(shares) for two in shares[:i]]
    return float(np.mean(pairs))


def worlds_of(outcome):
    """The downloads by world and song: of weak influence, of strong, of none."""
    cells, worlds = outcome.measures["downloads"], outcome.parameters["worlds"]
    counts = np.array([cells[str(c)] for c in range(len(cells))], np.float64)
    counts = counts.reshape(-1, outcome.parameters["songs"])
    return counts[:worlds], counts[worlds : 2 * worlds], counts[2 * worlds :]


def score_songs(outcome):
    """Inequality and unpredictability of success in the three kinds of worlds."""
    weak, strong, alone = worlds_of(outcome)
    if min(weak.sum(-1).min(), strong.sum(-1).min(), alone.sum(-1).min()) == 0 or len(weak) < 3:
        return {}
    pairs = np.array([alone[0] + alone[1], alone[2] + alone[3]])  # As many as in the experiments.
    kinds = {
        "without influence": pairs,
        "with weak influence": weak,
        "with strong influence": strong,
    }
    scored = {f"Gini {kind}": between(gini(counts)) for kind, counts in kinds.items()}
    scored["unpredictability strong over weak influence"] = ratio(strong, weak)
    scored["unpredictability weak influence over none"] = ratio(weak, alone)
    return scored


def between(values):
    """The mean of some worlds, and its 95 % interval by Student's t."""
    error = np.std(values, ddof=1) / len(values) ** 0.5
    wide = STUDENT[len(values) - 2] if len(values) - 2 < len(STUDENT) else 2.0
    return around(float(np.mean(values)), wide * float(error))


def ratio(one, two):
    """How many times less predictable one kind of worlds is; the interval by leaving one out."""
    variance = sum(jackknife(worlds) for worlds in (one, two))
    value = apart(one) / apart(two)
    reach = float(np.exp(1.96 * variance**0.5))
    return value, value / reach, value * reach


def jackknife(worlds):
    """The variance of the logarithm of their unpredictability, leaving out one after another."""
    n = len(worlds)
    left = np.log([apart(np.delete(worlds, world, 0)) for world in range(n)])
    return float((n - 1) / n * np.sum((left - left.mean()) ** 2))
