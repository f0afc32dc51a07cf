"""Who leads: how much somebody trusts, what is believed of the other, and what is sent."""

import ecumene as ec

LEVELS = 20  # Of trust, from 0 to 1: rows of the table of what is sent.
GROUPS = 200  # Of each country's people, equally large, by how much they trust.


def trusting(background, country, env):
    """How much somebody trusts, 0 to 1: logit-normal around what is usual in the country."""
    odds = env.odds[country] * env.leanings[ec.integer(background, GROUPS)]
    return odds / (1.0 + odds)


def belief(good, bad, weight):
    """A Beta-Bernoulli belief from 0 to 1; bad experience counts `weight` times."""
    return (1.0 + good) / (2.0 + good + weight * bad)


def sent(background, country, believed, env, model, key):
    """Tenths that a sender sends, whose partner is `believed` to give back enough."""
    if model.rational and not model.dictator:
        return 10 if expected_back(env, model) > 1.0 else 0
    wish = trusting(background, country, env) + model.learning * (believed - 0.5)
    level = int(min(1.0, max(0.0, wish)) * LEVELS + ec.uniform(key))
    return ec.choose(model.sending, 0 if model.dictator else level, key, 2)


def expected_back(env, model):
    """What a cent sent brings back on average from those who give back whether it pays or not."""
    each = env.sharers * model.multiplier / 2.0 + (1.0 - env.sharers) * model.multiplier / 3.0
    return (1.0 - model.selfish) * each


def leanings(spread):
    """The odds of trusting in each group over those usual in the country, at the group's middle."""
    return [ec.exp(spread * ec.quantile((group + 0.5) / GROUPS)) for group in range(GROUPS)]


def usual_odds(background, slope):
    """The odds of the mean share sent in each country: 0.50 + slope (trust - 0.25), clipped."""
    below = background.tables["trust_below"].reshape(-1, 100)[:, 18:81]
    means = [0.5 + slope * (float(b.sum()) / b.size / 2**30 - 0.25) for b in below]
    clipped = [min(0.6, max(0.4, mean)) for mean in means]
    return [mean / (1.0 - mean) for mean in clipped]


def sending():
    """What is sent at each level of trust: masses at nothing, half and all, and a mean that is the
    level (between 0.15 and 0.85).

    A middle distribution (0.15 nothing, 0.25 half, 0.15 all, the rest even) is mixed with a lower
    or a higher one.
    """
    middle = [0.15, *[0.05625] * 4, 0.25, *[0.05625] * 4, 0.15]
    low = [0.4, *[0.15] * 4, *[0.0] * 6]
    high = low[::-1]
    rows = []
    for level in range(LEVELS + 1):
        mean = min(0.85, max(0.15, level / LEVELS))
        share = abs(mean - 0.5) / 0.35
        other = high if mean > 0.5 else low
        rows += [[(1 - share) * m + share * o for m, o in zip(middle, other, strict=True)]]
    return ec.table_policy(
        [ec.levels("trust", LEVELS + 1)],
        {f"tenths_{n}": f"send {n} of 10 dollars" for n in range(11)},
        rows,
        source="masses of Berg, Dickhaut, McCabe (1995), from memory; means by construction",
    )


def giving():
    """What a dictator gives: masses at nothing and half, a mean of 28 % (Engel 2011)."""
    few, many = 0.0855, 0.0185
    row = [0.36, *[few] * 4, 0.17, *[many] * 4, 0.054]
    return ec.table_policy(
        [ec.levels("situation", ["dictator"])],
        {f"tenths_{n}": f"give {n} of 10 dollars" for n in range(11)},
        [row],
        source="calibrated on Engel (2011): mean 28 %, masses at nothing and half",
    )
