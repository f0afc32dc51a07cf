"""Agents and ties of a graph in memory: numbered like a file's where its nodes allow it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..arrays import Integers
from ..errors import InputError
from .numbering import LARGEST, Pairs, number_codes, number_integers

ATTRIBUTES = "attributes of ties not used; every tie counts once"


def from_edges(nodes: Sequence[Any], edges: Integers) -> Pairs:
    """Ties between nodes, given by their places in `nodes`.

    Nodes that are all whole numbers or all text are ordered as in a file. Others (tuples, say)
    keep the graph's order and are called by what they print as.
    """
    if len(nodes) == 0:
        raise InputError("the graph has no nodes. Give one with agents in it.")
    first, second = edges[:, 0], edges[:, 1]
    if all(type(node) is int and 0 <= node <= LARGEST for node in nodes):
        ids = np.array(nodes, dtype=np.int64)
        return number_integers(ids[first], ids[second], ids)
    if all(isinstance(node, str) for node in nodes) and len(set(nodes)) == len(nodes):
        return number_codes(nodes, first, second)
    return Pairs(len(nodes), first, second, tuple(str(node) for node in nodes))
