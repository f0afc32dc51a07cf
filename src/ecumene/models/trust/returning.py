"""Who follows: the selfish, those who give a third of what there is, and those who give half."""

import ecumene as ec

SELFISH = 0.2  # Share of receivers who give nothing back: the design's; the others are calibrated.


def equal_sharers(returned):
    """The share who give half of what there is, for a mean share `returned`; all others give back
    a third, or nothing: x/2 + (1 - selfish - x)/3 = returned."""
    return (returned - (1.0 - SELFISH) / 3.0) * 6.0


def given_back(cents, there, background, seen, env, model):
    """Cents that a receiver gives back of what is `there`, when `cents` were sent.

    A selfish one gives back what was sent while that pays: the patience times the chance that the
    next sender knows, times what there is to win, is above what it costs.
    """
    drawn = ec.uniform(background, 2)
    if drawn < model.selfish:
        patience = model.patience * ec.uniform(background, 3) if model.mixed else model.patience
        goes_on = seen > 0.0 and env.step + 1 < model.rounds
        return cents if goes_on and patience * seen * there > cents else 0
    return there // (2 if drawn < model.selfish + (1.0 - model.selfish) * env.sharers else 3)
