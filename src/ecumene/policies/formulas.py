"""Policies from formulas: logit, thresholds, best responses; exact, or to 50 digits.

A formula is a plain function of the numbers that stand for a situation's bins (`Binned.at`). What
it gives is taken exactly as it is; let it use + - * / and fractions, since what `math.exp` gives
differs between machines in the last bit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import product
from typing import Any

from ..errors import ModelError
from .binned import Binned
from .exact import exact, softmax
from .policy import Policy, check_shape
from .table import exact_policy

Formula = Callable[..., Any]


def logit_policy(
    columns: Sequence[Binned],
    actions: Mapping[str, str],
    utility: Formula,
    *,
    precision: float = 1,
    source: str = "a logit formula",
) -> Policy:
    """Chances proportional to exp(precision * utility) (Luce 1959; McFadden 1974).

    `utility(action, *values)` is what an action is worth in a situation. A precision of 0 chooses
    anything alike; the larger it is, the surer is the best. Chances are worked out to 50 digits.
    """
    sharp = exact(precision)
    rows = (
        softmax([exact(utility(action, *values)) for action in actions], sharp)
        for values in _situations(columns, actions)
    )
    return exact_policy(
        columns, actions, rows, source, {"formula": "logit", "precision": precision}
    )


def threshold_policy(
    columns: Sequence[Binned],
    actions: Mapping[str, str],
    score: Formula,
    cuts: Sequence[float],
    *,
    slip: float = 0,
    source: str = "a threshold formula",
) -> Policy:
    """The action whose number is how many of the rising `cuts` the score has reached.

    `score(*values)` is a number (of neighbours who joined, say: Granovetter 1978). With chance
    `slip` any action is taken instead, each alike.
    """
    rising = [exact(cut) for cut in cuts]
    if len(rising) != len(actions) - 1 or rising != sorted(rising):
        raise ModelError(
            f"{len(rising)} cuts between {len(actions)} actions; give {len(actions) - 1}, rising."
        )
    rows = (
        _slipped({sum(exact(score(*values)) >= cut for cut in rising)}, len(actions), slip)
        for values in _situations(columns, actions)
    )
    return exact_policy(columns, actions, rows, source, {"formula": "threshold", "slip": slip})


def best_response_policy(
    columns: Sequence[Binned],
    actions: Mapping[str, str],
    payoff: Formula,
    beliefs: Formula,
    *,
    slip: float = 0,
    source: str = "best responses",
) -> Policy:
    """The action that pays most against what the other is believed to do; ties are split.

    `beliefs(*values)` maps the other's actions to weights, `payoff(action, others_action,
    *values)` is what the agent gets. With chance `slip` any action is taken instead, each alike.
    """
    rows = (
        _slipped(_best(actions, payoff, beliefs(*values), values), len(actions), slip)
        for values in _situations(columns, actions)
    )
    return exact_policy(columns, actions, rows, source, {"formula": "best response", "slip": slip})


def _best(
    actions: Mapping[str, str], payoff: Formula, beliefs: Mapping[str, Any], values: Sequence[Any]
) -> set[int]:
    """Which actions pay most."""
    weights = {other: exact(weight) for other, weight in beliefs.items()}
    worth = [
        sum(weight * exact(payoff(mine, other, *values)) for other, weight in weights.items())
        for mine in actions
    ]
    return {number for number, each in enumerate(worth) if each == max(worth)}


def _slipped(best: set[int], actions: int, slip: float) -> list[Fraction]:
    """Chances of those who choose one of the best, but for a slip."""
    wrong = exact(slip)
    if not 0 <= wrong <= 1:
        raise ModelError(f"slip={slip}; type a chance from 0 to 1.")
    right = (1 - wrong) / len(best)
    return [wrong / actions + (right if number in best else 0) for number in range(actions)]


def _situations(
    columns: Sequence[Binned], actions: Mapping[str, str]
) -> Iterator[tuple[float, ...]]:
    """What stands for each situation, in order."""
    check_shape(columns, actions)
    return product(*(column.at for column in columns))
