"""Two real networks, read as their publishers describe them."""

from pathlib import Path

import networkx
import numpy as np
import pytest

from ecumene.networks import network, read_network

DATA = Path(__file__).parents[3] / "shared" / "data"
FACEBOOK = DATA / "facebook_combined.txt"
EMAIL = DATA / "email-Eu-core.txt"

needs_data = pytest.mark.skipif(not DATA.exists(), reason="the real networks are not here")


@needs_data
def test_facebook_has_the_published_people_and_ties():
    found = read_network(FACEBOOK, directed=False, strict=True)
    assert (found.agents, found.ties, found.notices) == (4_039, 88_234, ())
    graph = networkx.read_edgelist(FACEBOOK, nodetype=int)
    assert np.diff(found.start).tolist() == [graph.degree(i) for i in range(4_039)]
    assert network(graph).ties == 88_234


@needs_data
def test_email_has_the_published_people_and_ties_and_its_self_loops_are_dropped():
    found = read_network(EMAIL, directed=True)
    assert (found.agents, found.ties) == (1_005, 25_571 - 642)
    assert found.notices == ("642 self-loops dropped (the first at 54)",)
    graph = networkx.read_edgelist(EMAIL, nodetype=int, create_using=networkx.DiGraph)
    graph.remove_edges_from(list(networkx.selfloop_edges(graph)))
    assert np.diff(found.start).tolist() == [graph.out_degree(i) for i in range(1_005)]
    assert np.diff(found.reverse_start).tolist() == [graph.in_degree(i) for i in range(1_005)]


@needs_data
def test_email_looks_directed():
    assert any("as it seems" in notice for notice in read_network(EMAIL).notices)
