"""Graphs of networkx and igraph arrive with their agents, direction and names."""

import igraph
import networkx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecumene.errors import InputError
from ecumene.networks import network, read_network

edges = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=30)


@settings(max_examples=60, deadline=None)
@given(edges, st.booleans())
def test_networkx_and_igraph_give_one_network(edges, directed):
    one = networkx.MultiDiGraph() if directed else networkx.MultiGraph()
    one.add_nodes_from(range(10))
    one.add_edges_from(edges)
    ends = [tuple(edge[:2]) for edge in one.edges]
    other = igraph.Graph(n=10, edges=ends, directed=directed)
    assert network(one).digest() == network(other).digest()
    assert network(one).agents == 10


def test_a_graphs_own_direction_is_taken_without_a_notice():
    directed = network(networkx.DiGraph([(0, 1), (1, 0), (1, 2)]))
    assert (directed.directed, directed.ties, directed.notices) == (True, 3, ())
    assert not network(networkx.path_graph(3)).directed


def test_a_directed_graph_can_be_taken_as_undirected():
    found = network(networkx.DiGraph([(0, 1), (1, 0), (1, 2)]), directed=False)
    assert (found.directed, found.ties) == (False, 2)


def test_an_undirected_graph_cannot_be_taken_as_directed():
    with pytest.raises(InputError, match="undirected, and directed=True"):
        network(networkx.path_graph(3), directed=True)


def test_agents_without_ties_are_kept_and_names_are_in_order():
    graph = networkx.Graph([("Bo", "Cy")])
    graph.add_node("Ann")
    found = network(graph)
    assert found.names == ("Ann", "Bo", "Cy")
    assert np.diff(found.start).tolist() == [0, 1, 1]


def test_a_graph_is_numbered_like_the_file_it_was_read_from(tmp_path):
    (tmp_path / "ties.txt").write_text("30 20\n10 30\n2 10\n")
    graph = networkx.read_edgelist(tmp_path / "ties.txt")
    assert network(graph).names.tolist() == read_network(tmp_path / "ties.txt").names.tolist()


def test_nodes_of_other_kinds_keep_the_graphs_order():
    found = network(networkx.grid_2d_graph(2, 2))
    assert found.names == ("(0, 0)", "(0, 1)", "(1, 0)", "(1, 1)")


def test_names_of_vertices_are_taken_from_igraph():
    graph = igraph.Graph(edges=[(0, 1)])
    graph.vs["name"] = ["Bo", "Ann"]
    assert network(graph).names == ("Ann", "Bo")


def test_attributes_of_ties_are_noticed():
    graph = networkx.Graph()
    graph.add_edge(0, 1, weight=5)
    assert "attributes of ties not used; every tie counts once" in network(graph).notices


def test_a_class_derived_from_a_graph_is_a_graph():
    class Town(networkx.Graph):
        pass

    assert network(Town([(0, 1)])).ties == 1


def test_a_graph_without_nodes_is_refused():
    with pytest.raises(InputError, match="has no nodes"):
        network(networkx.Graph())
