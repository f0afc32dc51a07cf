"""Two-party policies: what I do depends on who I am, who you are, and how we stand.

Ten thousand archetypes on either side are a hundred million pairs. They are put into groups that
act alike and are treated alike, so that the table has as many rows as there are pairs of groups;
how far that is from the full table is measured on pairs drawn by luck, and said.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import prod
from typing import Any

import numpy as np

from ..arrays import Column, Integers
from ..errors import ModelError
from ..random import fold, integer
from .binned import Binned, grouped
from .fitting import sklearn
from .policy import Policy, check_shape
from .table import table_policy

PROBES = 24  # Partners against whom each archetype is looked at.
MEMBERS = 4  # Archetypes of a group that stand for it: 16 pairs for a cell.
DRAWN = 20_000  # Pairs and states on which the error is measured.
PAIR_KEY = 0x70616972

Chances = Callable[..., Column]


def pair_policy(
    archetypes: int,
    states: Sequence[Binned],
    actions: Mapping[str, str],
    chances: Chances,
    *,
    source: str,
    groups: int = 100,
    mine: str = "mine",
    yours: str = "yours",
    actor_groups: Sequence[int] = (),
    partner_groups: Sequence[int] = (),
) -> Policy:
    """A policy of the columns `mine`, `yours` (archetypes) and `states`, through groups of them.

    `chances(i, j, *bins)` takes equally long arrays (my archetype, yours, the states' bins) and
    gives the shape (that, actions). Groups are k-means of what each archetype does to, and gets
    from, some others (scikit-learn), unless `actor_groups` and `partner_groups` say them. The
    policy's `about["error"]` is the total variation distance from `chances` on drawn pairs.
    """
    sizes = [s.size for s in states]
    first = actor_groups or _alike(archetypes, sizes, chances, groups, acting=True)
    second = partner_groups or _alike(archetypes, sizes, chances, groups, acting=False)
    if len(first) != archetypes or len(second) != archetypes:
        raise ModelError(f"groups of other than {archetypes:,} archetypes; give one for each.")
    columns = (grouped(mine, first), grouped(yours, second), *states)
    check_shape(columns, actions)
    table = _table(columns, np.asarray(first), np.asarray(second), chances)
    off = _off(columns, table, archetypes, chances)
    error = {
        "measure": "total variation distance from the full table",
        "pairs": DRAWN,
        "mean": float(off.mean()),
        "95 %": float(np.quantile(off, 0.95)),
        "largest": float(off.max()),
    }
    about = {"error": error, "full_cells": archetypes**2 * prod(sizes)}
    return table_policy(
        columns, actions, table, source=source, uncertainty=error["95 %"], about=about
    )


def _alike(
    archetypes: int, sizes: Sequence[int], chances: Chances, groups: int, acting: bool
) -> list[int]:
    """The group of each archetype: by what it does, or by what is done to it."""
    probes = np.linspace(0, archetypes - 1, min(PROBES, archetypes)).astype(np.int64)
    who = np.repeat(np.arange(archetypes), len(probes))
    others = np.tile(probes, archetypes)
    pair = (who, others) if acting else (others, who)
    parts: list[Column] = []
    for state in np.ndindex(*sizes):
        bins = [np.full(len(who), b) for b in state]
        parts.append(chances(*pair, *bins)[:, :-1].reshape(archetypes, -1))
    profiles = np.concatenate(parts, axis=1)
    kept = min(groups, len(np.unique(profiles, axis=0)))
    means = sklearn("cluster").KMeans(kept, n_init=1, random_state=0, max_iter=30).fit(profiles)
    return means.labels_.tolist()


def _table(
    columns: Sequence[Binned], first: Integers, second: Integers, chances: Chances
) -> Column:
    """The mean over pairs of members, cell by cell."""
    actors, partners = (_members(groups, MEMBERS) for groups in (first, second))
    cells = np.indices([c.size for c in columns]).reshape(len(columns), -1)
    found = [
        chances(actors[cells[0], a], partners[cells[1], b], *cells[2:])
        for a in range(MEMBERS)
        for b in range(MEMBERS)
    ]
    return np.mean(found, axis=0)


def _members(groups: Integers, count: int) -> Integers:
    """So many archetypes of each group, evenly out of those there are; some twice if few."""
    chosen: list[Column] = []
    for group in range(int(groups.max()) + 1):
        members = np.flatnonzero(groups == group)
        if members.size == 0:
            raise ModelError(f"group {group} has no archetype; number groups from 0, all used.")
        chosen.append(members[np.linspace(0, members.size - 1, count).astype(np.int64)])
    return np.stack(chosen)


def _off(columns: Sequence[Binned], table: Column, archetypes: int, chances: Chances) -> Column:
    """How far the table is from the full one, on pairs and states drawn by luck."""
    limits = [archetypes, archetypes, *(c.size for c in columns[2:])]
    drawn = [
        np.array([integer(fold(fold(PAIR_KEY, side), d), limit) for d in range(DRAWN)])
        for side, limit in enumerate(limits)
    ]
    bins = [c.bins(drawn[0] if n == 0 else drawn[1]) for n, c in enumerate(columns[:2])]
    cells = np.ravel_multi_index((*bins, *drawn[2:]), [c.size for c in columns])
    exact: Any = chances(*drawn)
    return np.abs(table[cells] - exact).sum(axis=1) / 2
