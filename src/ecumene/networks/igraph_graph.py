"""Ties from an igraph graph; every vertex is an agent, called by its `name` if it has one."""

from __future__ import annotations

from typing import Any

import numpy as np

from .graph import ATTRIBUTES, from_edges
from .numbering import Pairs


def read_igraph(graph: Any) -> tuple[Pairs, bool, list[str]]:
    """The ties, whether they are directed, and what there is to say about them."""
    named = "name" in graph.vs.attributes()
    nodes = list(graph.vs["name"]) if named else list(range(graph.vcount()))
    edges = np.array(graph.get_edgelist(), dtype=np.int64).reshape(-1, 2)
    notices = [ATTRIBUTES] * bool(graph.es.attributes())
    return from_edges(nodes, edges), bool(graph.is_directed()), notices
