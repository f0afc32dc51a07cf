"""Many stories at once: what differs between them, and what is measured over all of them."""

import numpy as np

import ecumene as ec

from .novelty import highest_ratio

CELLS = 1 << 16  # Stories have one of so many degrees of infectiousness, evenly over the law.
SUBCRITICAL = 0.95  # Where novelty does not bound a story, its ratio is cut here.
LARGE = 100  # sharers: Goel et al. (2016) look at stories of that many adopters
KNOWN = 1500  # people: Vosoughi, Roy and Aral (2018) time stories up to there


def stories(asked):
    """All the stories of a run, or None where there is one."""
    if asked["stories"] == 1:
        return None
    both = asked["false_share"] > 0.0
    return ec.in_lanes(
        asked["stories"],
        {**OF_ALL, **(OF_BOTH if both else {})},
        name="stories",
        vary=lambda numbers, seed: varied(asked, numbers, seed),
        tree="parent",
        generations=2,
        reaching={"steps_to_100": ("sharers", LARGE), "steps_to_1500": ("sharers", KNOWN)},
        keep=("steps", "size", "depth", "breadth", "virality"),
        networks=asked["networks"],
        curves={"stories of at least so many sharers": at_least},
    )


def varied(asked, numbers, seed):
    """How infectious each story is, what it is about, and whether it is false."""
    draws = np.random.Philox(key=[seed, 1]).random_raw(3 * (int(numbers.max(initial=0)) + 1))
    luck = draws.reshape(-1, 3)[numbers]
    false = (luck[:, 2] >> 11) * 2.0**-53 < asked["false_share"]
    boost = np.where(false, asked["false_over_true"], 1.0)
    ratios = asked["ratio"] * spread(asked["sigma"])[luck[:, 0] >> 48]
    return {
        "ratio": np.minimum(ratios, highest(asked) / np.maximum(boost, 1e-9)),
        "topic": (luck[:, 1] >> 11) * 2.0**-53,
        "false": false,
    }


def highest(asked):
    """Where ratios are cut: novelty ends every story, and below 1 it ends by itself."""
    if asked.get("feed"):
        return np.inf  # Stories that compete are bounded by attention.
    if asked["decay"] == 0.0:
        return SUBCRITICAL
    return highest_ratio(*(asked[name] for name in ("agents", "decay", "delay", "delay_spread")))


def spread(sigma):
    """Multiples of the mean ratio, log-normal with mean 1, at the middles of equal shares."""
    if sigma == 0.0:
        return np.ones(CELLS)
    draws = [ec.quantile((cell + 0.5) / CELLS) for cell in range(CELLS)]
    return np.array([ec.exp(sigma * z - sigma * sigma / 2.0) for z in draws])


# -- over all stories ------------------------------------------------------------------------------


def mean_size(lanes):
    return lanes["size"].mean()


def share_no_adopter(lanes):
    return (lanes["size"] == 1).mean()


def share_deeper_than_one(lanes):
    return (lanes["depth"] > 1).mean()


def share_100(lanes):
    return (lanes["size"] >= LARGE).mean()


def share_within_one_hop(lanes):
    """Of all who share a story: those who post it first and their followers."""
    return (lanes["generation_0"].sum() + lanes["generation_1"].sum()) / lanes["size"].sum()


def largest_size(lanes):
    return lanes["size"].max()


def median_structural_virality_100(lanes):
    shapes = large(lanes, "virality")
    return np.median(shapes) if len(shapes) else None


def correlation_size_virality_100(lanes):
    """Of the logarithm of the size with structural virality."""
    return correlation(np.log(large(lanes, "size")), large(lanes, "virality"))


def broadcast_over_virality_100(lanes):
    """How much better the largest generation goes along with the size than the shape does."""
    sizes = large(lanes, "size")
    by_breadth = correlation(sizes, large(lanes, "breadth"))
    by_shape = correlation(sizes, large(lanes, "virality"))
    return None if by_breadth is None or by_shape is None else by_breadth - by_shape


def large(lanes, name):
    return lanes[name][lanes["size"] >= LARGE]


def correlation(one, two):
    if len(one) < 3 or one.std() == 0.0 or two.std() == 0.0:
        return None
    return np.corrcoef(one, two)[0, 1]


# -- true and false ones ---------------------------------------------------------------------------


def top_size(lanes, false):
    """The size that one story in a hundred of a kind reaches."""
    sizes = lanes["size"][lanes["false"] == false]
    return np.quantile(sizes, 0.99, method="inverted_cdf") if len(sizes) else None


def top_size_false(lanes):
    return top_size(lanes, True)


def top_size_true(lanes):
    return top_size(lanes, False)


def time_true_over_false_1500(lanes):
    """How many times as long true stories take to 1,500 sharers, of those that get there."""
    known = lanes["steps_to_1500"] >= 0
    false, true = (lanes["steps_to_1500"][known & (lanes["false"] == kind)] for kind in (1, 0))
    if not len(false) or not len(true) or false.mean() == 0.0:
        return None
    return true.mean() / false.mean()


def virality_false_over_true_matched(lanes):
    """How much larger structural virality of false stories is than of true ones of equal size.

    Sizes are cut into twenty bands a decade; in each, false and true weigh as the rarer kind does.
    """
    some = lanes["size"] >= 10
    band = np.floor(20.0 * np.log10(lanes["size"][some])).astype(np.int64)
    shapes, kind = lanes["virality"][some], lanes["false"][some]
    over = weights = 0.0
    for one in np.unique(band):
        false, true = (shapes[(band == one) & (kind == k)] for k in (1, 0))
        weight = min(len(false), len(true))
        if weight:
            over += weight * (false.mean() / true.mean() - 1.0)
            weights += weight
    return over / weights if weights else None


def at_least(lanes):
    """Sizes, and the share of stories that are at least as large."""
    sizes, counts = np.unique(lanes["size"], return_counts=True)
    shares = counts[::-1].cumsum()[::-1] / counts.sum()
    chosen = np.unique(np.geomspace(1, len(sizes), 200).astype(np.int64)) - 1
    return sizes[chosen].tolist(), shares[chosen].tolist()


OF_ALL = {
    "stories": lambda lanes: len(lanes["size"]),
    "mean_size": mean_size,
    "share_no_adopter": share_no_adopter,
    "share_deeper_than_one": share_deeper_than_one,
    "share_within_one_hop": share_within_one_hop,
    "share_100": share_100,
    "largest_size": largest_size,
    "median_structural_virality_100": median_structural_virality_100,
    "correlation_size_virality_100": correlation_size_virality_100,
    "broadcast_over_virality_100": broadcast_over_virality_100,
}
OF_BOTH = {
    "top_size_false": top_size_false,
    "top_size_true": top_size_true,
    "time_true_over_false_1500": time_true_over_false_1500,
    "virality_false_over_true_matched": virality_false_over_true_matched,
}
ROWS = {  # What each row of the scorecard is held by.
    "stories with 100 adopters or more": "share_100",
    "stories nobody passes on": "share_no_adopter",
    "stories deeper than one hop": "share_deeper_than_one",
    "adoptions within one hop of the seed": "share_within_one_hop",
    "median structural virality of stories with 100 adopters or more": (
        "median_structural_virality_100"
    ),
    "correlation of log size and structural virality": "correlation_size_virality_100",
    "correlation of size with largest broadcast minus correlation with structural virality": (
        "broadcast_over_virality_100"
    ),
    "time of true over false to 1500 people": "time_true_over_false_1500",
    "size of the top 1 percent of false stories": "top_size_false",
    "size of the top 1 percent of true stories": "top_size_true",
    "relative difference in structural virality of false and true at equal size": (
        "virality_false_over_true_matched"
    ),
}


def score(outcome):
    """Each row with its interval over stories and networks; what was put in is what it is."""
    found = {row: outcome.scored(measure) for row, measure in ROWS.items()}
    put_in = outcome.parameters["false_over_true"]
    found["infectiousness of false over true"] = (put_in, put_in, put_in)
    return {row: value for row, value in found.items() if value is not None}
