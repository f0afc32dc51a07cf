"""The shape of a tree of who heard from whom: size, depth, breadth, structural virality.

Structural virality is the mean distance between all pairs of nodes (Goel, Anderson, Hofman and
Watts 2016, Management Science 62): a tie of the tree with s nodes below it lies between s (n - s)
of them, so one pass over the nodes from the deepest up suffices.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import Integers


@dataclass(frozen=True)
class Shape:
    """Nodes, generations, and the sum of distances over pairs of one tree, with their number.

    `levels` holds the nodes of generation 0, 1, ...; with several roots all trees count together.
    """

    levels: Integers
    distances: int
    pairs: int

    @property
    def size(self) -> int:
        """How many nodes there are."""
        return int(self.levels.sum())

    @property
    def depth(self) -> int:
        """The last generation."""
        return max(0, len(self.levels) - 1)

    @property
    def breadth(self) -> int:
        """The most nodes of one generation."""
        return int(self.levels.max(initial=0))


class OrphanError(Exception):
    """Somebody whose parent is not in the tree: the agent and that parent."""


def shape_of(agents: Integers, parents: Integers, roots: Integers) -> Shape:
    """The shape of the trees under `roots` in which agent `agents[k]` has parent `parents[k]`.

    Raises `OrphanError` when somebody does not hang on a root.
    """
    nodes = np.union1d(agents, roots)
    own = np.searchsorted(nodes, agents)
    up = np.searchsorted(nodes, parents)
    if up.size and (up.max() == nodes.size or (nodes[up] != parents).any()):
        lost = int(
            np.argmax((up == nodes.size) | (nodes[np.minimum(up, nodes.size - 1)] != parents))
        )
        raise OrphanError(int(agents[lost]), int(parents[lost]))
    by_parent = np.argsort(up, kind="stable")
    first = np.searchsorted(up[by_parent], np.arange(nodes.size + 1))
    levels = [np.searchsorted(nodes, roots)]
    parent = np.full(nodes.size, -1, np.int64)
    parent[own] = up
    while levels[-1].size:
        levels.append(_children(levels[-1], first, own[by_parent]))
    seen = np.zeros(nodes.size, bool)
    seen[np.concatenate(levels)] = True
    if not seen.all():
        lost = int(np.argmin(seen))
        raise OrphanError(int(nodes[lost]), int(nodes[parent[lost]]))
    return _weighed(levels[:-1], parent)


def _children(level: Integers, first: Integers, of: Integers) -> Integers:
    """All children of the nodes of a level; node i's are `of[first[i]:first[i + 1]]`."""
    counts = first[level + 1] - first[level]
    starts = np.repeat(first[level] - np.concatenate(([0], counts.cumsum()[:-1])), counts)
    return of[starts + np.arange(counts.sum())]


def _weighed(levels: list[Integers], parent: Integers) -> Shape:
    """Sizes of subtrees from the deepest level up, and of whole trees from the roots down."""
    under = np.ones(parent.size, np.int64)
    for level in reversed(levels[1:]):
        np.add.at(under, parent[level], under[level])
    whole = under.copy()
    for level in levels[1:]:
        whole[level] = whole[parent[level]]
    below = under[parent >= 0], whole[parent >= 0]
    distances = _dot(below[0], below[1]) - _dot(below[0], below[0])
    roots = under[levels[0]] if levels else under[:0]
    pairs = (_dot(roots, roots) - int(roots.sum())) // 2
    return Shape(np.array([level.size for level in levels], np.int64), distances, pairs)


def _dot(a: Integers, b: Integers) -> int:
    """The exact sum of products of numbers below 2**34, without passing 2**63 on the way."""
    total = 0
    for shift, part in ((17, a >> 17), (0, a & ((1 << 17) - 1))):
        for at in range(0, a.size, 2048):  # 2**11 products below 2**51
            total += int((part[at : at + 2048] * b[at : at + 2048]).sum()) << shift
    return total
