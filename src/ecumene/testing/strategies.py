"""Hypothesis strategies: populations, networks and models, for laws of your own.

from hypothesis import given
from ecumene.testing import strategies

@given(strategies.models(), strategies.seeds())
def test_a_law(model, seed): ...

Hypothesis (`pip install hypothesis`) is imported when a strategy is first asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..engine import Model
from ..errors import ModelError, unknown
from ..networks import (
    Explicit,
    Network,
    both,
    circles,
    configuration,
    everybody,
    lattice,
    matchings,
    small_world,
)
from ..networks.numbering import Pairs
from ..networks.rows import compress
from ..population import Population, flag, pulse, real, step_column, wake_column, whole
from .village import RULES, STRENGTHS, TOWNS, village

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

MOST = 60  # Agents, few enough for plain Python.


def seeds() -> SearchStrategy[int]:
    """Seeds of runs."""
    return _hypothesis().integers(0, 2**63 - 1)


def populations(most: int = MOST) -> SearchStrategy[Population]:
    """Populations of 1 to `most` agents with a column of every kind, their defaults and ranges.

    Those that the models below read are always there: `reached_at`, `loud`, `rich`, `wealth`,
    `mood`, `changes`, `town` and `wakes`; further ones, `spare_0` and so on, sometimes.
    """
    st = _hypothesis()
    wholes = st.integers(-(2**40), 2**40).flatmap(
        lambda low: st.integers(low, 2**41).flatmap(
            lambda high: st.integers(low, high).map(lambda at: whole(at, low=low, high=high))
        )
    )
    reals = st.floats(allow_nan=False, allow_infinity=False).map(real)
    spare = st.one_of(wholes, reals, st.builds(flag), st.builds(pulse))
    spares = st.lists(spare, max_size=2).map(
        lambda columns: {f"spare_{n}": column for n, column in enumerate(columns)}
    )

    def people(agents: int, wealth: int, mood: float, more: Mapping[str, Any]) -> Population:
        return Population(
            agents,
            reached_at=step_column(),
            loud=pulse(),
            rich=flag(),
            wealth=whole(wealth, low=-1_000_000, high=1_000_000),
            mood=real(mood),
            changes=whole(),
            town=whole(high=TOWNS - 1),
            wakes=wake_column(ahead=3),
            **more,
        )

    return st.builds(people, st.integers(1, most), st.integers(-5, 20), st.floats(-1, 1), spares)


def networks(agents: int, kinds: Sequence[str] | None = None) -> SearchStrategy[Network]:
    """Networks that fit `agents` agents: of any kind, or of those in `kinds` (see `KINDS`).

    Self-ties, parallel ties, agents without ties and odd ones out are made on purpose. A kind that
    needs more agents than there are is left out; raises `ModelError` for one that there is not.
    """
    for kind in kinds or ():
        if kind not in KINDS:
            raise ModelError(unknown("kind of network", kind, KINDS))
    found = [make(agents) for kind, make in KINDS.items() if kinds is None or kind in kinds]
    return _hypothesis().one_of(*(strategy for strategy in found if strategy is not None))


def models(
    most: int = MOST,
    kinds: Sequence[str] | None = ("matchings", "explicit"),
    rules: Sequence[str] = tuple(RULES),
) -> SearchStrategy[Model]:
    """Models of up to `most` agents, with all kinds of rules and columns.

    `rules` are sets of them: `ties` (tie rules, with agent rules for those reached, changed and
    all), `pairs` (meetings, encounters), `claims` (claims, sleepers, the environment, tallies);
    `kinds` the kinds of networks, None for all. Each set over each kind is compiled once, in some
    seconds.
    """
    st = _hypothesis()
    for one in rules:
        if one not in RULES:
            raise ModelError(unknown("set of rules", one, RULES))
    strengths = st.fixed_dictionaries(
        {name: st.sampled_from([0.0, 0.2, 0.5, 0.9, 1.0]) for name in STRENGTHS}
    )

    def over(people: Population) -> SearchStrategy[Model]:
        return st.builds(
            village,
            st.sampled_from(list(rules)),
            st.just(people),
            networks(people.size, kinds),
            strengths,
            loud=st.integers(0, 6),
            rich=st.integers(0, 20),
        )

    return populations(most).flatmap(over)


def _hypothesis() -> Any:
    try:
        from hypothesis import strategies
    except ImportError as error:
        raise ModelError(
            "strategies are made with hypothesis, which is not installed: `pip install hypothesis`."
        ) from error
    return strategies


def _explicit(agents: int) -> Any:
    st = _hypothesis()
    place = st.integers(0, agents - 1)
    pairs = st.lists(st.tuples(place, place), max_size=3 * agents)

    def rows(ties: list[tuple[int, int]], directed: bool) -> Network:
        first, second = (np.array([tie[end] for tie in ties], np.int64) for end in (0, 1))
        return Explicit(compress(Pairs(agents, first, second, None), directed, "generated"))

    return st.builds(rows, pairs, st.booleans())


def _circles(agents: int) -> Any:
    del agents
    st = _hypothesis()
    return st.integers(1, 7).map(circles)


def _configuration(agents: int) -> Any:
    st = _hypothesis()
    cuts = st.lists(st.integers(0, agents), max_size=2).map(lambda c: [0, *sorted(c), agents])
    degrees = st.lists(st.integers(0, 9), min_size=3, max_size=3, unique=True)

    def drawn(cuts: list[int], degrees: list[int], directed: bool) -> Network:
        sizes = np.diff(cuts).tolist()
        pairs = [(k, n) for k, n in zip(degrees, sizes, strict=False) if n]
        return configuration(pairs, directed=directed)

    return st.builds(drawn, cuts, degrees, st.booleans())


def _lattice(agents: int) -> Any:
    st = _hypothesis()
    most = min(3, (agents - 1) // 2)
    if most < 1:
        return None
    return st.builds(lambda reach: lattice(1, reach=reach), st.integers(1, most))


def _small_world(agents: int) -> Any:
    st = _hypothesis()
    most = min(3, (agents - 1) // 2)
    if most < 1:
        return None
    shares = st.sampled_from([0.0, 0.1, 0.5, 1.0])
    return st.builds(lambda half, share: small_world(2 * half, share), st.integers(1, most), shares)


def _both(agents: int) -> Any:
    st = _hypothesis()
    del agents
    return st.builds(
        lambda a, b: both(circles(a), matchings(b)), st.integers(1, 5), st.integers(0, 4)
    )


def _matchings(agents: int) -> Any:
    del agents
    return _hypothesis().integers(0, 6).map(matchings)


def _everybody(agents: int) -> Any:
    del agents
    return _hypothesis().builds(everybody)


KINDS: Mapping[str, Callable[[int], Any]] = {
    "matchings": _matchings,
    "explicit": _explicit,
    "circles": _circles,
    "configuration": _configuration,
    "lattice": _lattice,
    "small_world": _small_world,
    "both": _both,
    "everybody": _everybody,
}
