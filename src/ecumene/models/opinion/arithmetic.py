"""Powers and tanh by Ecumene's exponential and logarithm, the same bits everywhere."""

import ecumene as ec


def power(x, exponent):
    """x**exponent for x above 0."""
    return ec.exp(exponent * ec.log(x))


def tanh(y):
    """The hyperbolic tangent."""
    if y > 20.0:
        return 1.0
    if y < -20.0:
        return -1.0
    doubled = ec.exp(2.0 * y)
    return (doubled - 1.0) / (doubled + 1.0)
