"""Distributions worked out before a run, by `ec.exp`: the same bits anywhere."""

import ecumene as ec

PER_ROOT_2_PI = 0.3989422804014327  # 1 / sqrt(2 pi)


def normal_share(x):
    """The share of a standard normal distribution below x, by a series of odd powers.

    Marsaglia (2004), Evaluating the normal distribution, J. Stat. Softw. 11(4).
    """
    if abs(x) > 8.0:
        return 1.0 if x > 0.0 else 0.0
    term = total = x
    n = 1
    while abs(term) > 1e-17:
        n += 2
        term = term * x * x / n
        total = total + term
    return 0.5 + total * PER_ROOT_2_PI * ec.exp(-0.5 * x * x)


def normal_quantile(share):
    """The x below which a share of a standard normal distribution lies, by bisection."""
    low, high = -8.0, 8.0
    for _ in range(60):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if normal_share(middle) < share else (low, middle)
    return 0.5 * (low + high)


def poisson(mean):
    """Number -> share of a Poisson distribution, as far as a share is above 1e-12."""
    shares, share, number = {}, ec.exp(-mean), 0
    while number <= mean or share > 1e-12:
        shares[number] = share
        number += 1
        share = share * mean / number
    total = sum(shares.values())
    return {number: share / total for number, share in shares.items()}
