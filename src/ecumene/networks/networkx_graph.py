"""Ties from a networkx graph; every node is an agent, tied or not."""

from __future__ import annotations

from typing import Any

import numpy as np

from .graph import ATTRIBUTES, from_edges
from .numbering import Pairs


def read_networkx(graph: Any) -> tuple[Pairs, bool, list[str]]:
    """The ties, whether they are directed, and what there is to say about them."""
    nodes = list(graph.nodes)
    place = {node: i for i, node in enumerate(nodes)}
    ends = [(place[one], place[two]) for one, two in graph.edges()]
    edges = np.array(ends, dtype=np.int64).reshape(-1, 2)
    weighted = any(data for _, _, data in graph.edges(data=True))
    return from_edges(nodes, edges), bool(graph.is_directed()), [ATTRIBUTES] * weighted
