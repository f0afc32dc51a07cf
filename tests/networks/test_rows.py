"""The laws of compressed rows, on networks with self-loops and duplicates made on purpose."""

from collections import Counter

import networkx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecumene.errors import InputError
from ecumene.networks import rows as rows_module
from ecumene.networks.numbering import Pairs
from ecumene.networks.rows import Rows, compress

AGENTS = 7


def pairs_of(ties: list[tuple[int, int]], agents: int = AGENTS) -> Pairs:
    ends = np.array(ties, dtype=np.int64).reshape(-1, 2)
    return Pairs(agents, ends[:, 0], ends[:, 1], None)


def stored(network: Rows) -> list[tuple[int, int, int]]:
    """Every (source, target, tie) that stands in the rows."""
    source = np.repeat(np.arange(network.agents), np.diff(network.start))
    return list(zip(source.tolist(), network.target.tolist(), network.tie.tolist(), strict=True))


agent = st.integers(0, AGENTS - 1)
ties = st.lists(st.tuples(agent, agent), max_size=40)
laws = settings(max_examples=80, deadline=None)


@laws
@given(ties, st.booleans())
def test_the_transpose_of_the_transpose_is_the_network(ties, directed):
    network = compress(pairs_of(ties), directed, "made")
    again = network.transposed().transposed()
    assert stored(again) == stored(network)
    assert again.digest() == network.digest()


@laws
@given(ties, st.booleans())
def test_the_transpose_holds_every_tie_turned_round_with_its_number(ties, directed):
    network = compress(pairs_of(ties), directed, "made")
    turned = [(j, i, tie) for i, j, tie in stored(network)]
    assert sorted(stored(network.transposed())) == sorted(turned)


@laws
@given(ties, st.booleans())
def test_degrees_add_up_to_the_ties(ties, directed):
    network = compress(pairs_of(ties), directed, "made")
    ends = int(np.diff(network.start).sum())
    assert ends == int(np.diff(network.reverse_start).sum())
    assert ends == (network.ties if directed else 2 * network.ties)


@laws
@given(ties)
def test_an_undirected_tie_has_one_number_from_both_ends_and_shares_its_arrays(ties):
    network = compress(pairs_of(ties), False, "made")
    ends = Counter((min(i, j), max(i, j), tie) for i, j, tie in stored(network))
    assert set(ends.values()) <= {2}
    assert network.reverse_start is network.start
    assert network.reverse_ends is network.ends


@laws
@given(ties, st.booleans())
def test_exactly_the_different_ties_are_kept_in_the_order_of_the_source(ties, directed):
    network = compress(pairs_of(ties), directed, "made")
    wanted = [tie for tie in ties if tie[0] != tie[1]]
    wanted = list(dict.fromkeys(tie if directed else tuple(sorted(tie)) for tie in wanted))
    found = {tie: (i, j) for i, j, tie in stored(network) if directed or i < j}
    assert [found[k] for k in range(len(wanted))] == wanted
    assert len(found) == network.ties == len(wanted)


@laws
@given(ties, st.booleans())
def test_rows_are_ascending_without_repeats(ties, directed):
    network = compress(pairs_of(ties), directed, "made")
    for i in range(AGENTS):
        row = network.target[network.start[i] : network.start[i + 1]].tolist()
        assert row == sorted(set(row))
        assert i not in row


@laws
@given(ties, st.booleans(), st.permutations(range(AGENTS)))
def test_relabelling_agents_relabels_the_rows_and_nothing_else(ties, directed, new):
    before = compress(pairs_of(ties), directed, "made")
    after = compress(pairs_of([(new[i], new[j]) for i, j in ties]), directed, "made")
    assert sorted(stored(after)) == sorted((new[i], new[j], tie) for i, j, tie in stored(before))


@laws
@given(ties, st.booleans())
def test_networkx_sees_the_same_neighbours(ties, directed):
    network = compress(pairs_of(ties), directed, "made")
    graph = (networkx.DiGraph if directed else networkx.Graph)(ties)
    graph.add_nodes_from(range(AGENTS))
    graph.remove_edges_from(list(networkx.selfloop_edges(graph)))
    for i in range(AGENTS):
        row = network.target[network.start[i] : network.start[i + 1]]
        assert row.tolist() == sorted(graph.neighbors(i))


@laws
@given(ties, st.booleans())
def test_notices_count_what_is_dropped(ties, directed):
    network = compress(pairs_of(ties), directed, "made")
    loops = sum(i == j for i, j in ties)
    dropped = len(ties) - loops - network.ties
    said = "\n".join(network.notices)
    assert (f"{loops} self-loop" in said) == (loops > 0)
    assert (f"{dropped} duplicate tie" in said) == (dropped > 0)


def test_a_large_random_graph_agrees_with_networkx():
    graph = networkx.gnm_random_graph(2_000, 12_000, seed=4)
    network = compress(pairs_of(list(graph.edges), 2_000), False, "made")
    assert np.diff(network.start).tolist() == [graph.degree(i) for i in range(2_000)]
    assert {(i, j) for i, j, _ in stored(network) if i < j} == set(graph.edges)


def test_duplicates_say_how_many_are_the_other_way_round():
    network = compress(pairs_of([(0, 1), (1, 0), (0, 1), (2, 3)]), False, "made")
    assert network.notices == (
        "2 duplicate ties dropped (1 of them the other way round, the first between 1 and 0)",
    )


def test_a_directed_tie_and_its_reverse_are_two_ties():
    network = compress(pairs_of([(0, 1), (1, 0)]), True, "made")
    assert (network.ties, network.notices) == (2, ())


def test_the_arrays_are_small_and_cannot_be_written():
    network = compress(pairs_of([(0, 1)]), False, "made")
    assert network.start.dtype == np.int64
    assert network.target.dtype == network.tie.dtype == np.uint32
    assert network.ends.dtype == np.uint64
    with pytest.raises(ValueError, match="read-only"):
        network.ends[0] = 3


@pytest.mark.parametrize(
    "other", [[(0, 1), (1, 2)], [(1, 2), (0, 1), (2, 3)], [(0, 1), (1, 2), (2, 4)]]
)
def test_the_digest_tells_networks_apart(other):
    network = compress(pairs_of([(0, 1), (1, 2), (2, 3)]), False, "made")
    assert network.digest() != compress(pairs_of(other), False, "made").digest()


def test_the_digest_sees_direction_and_names():
    pairs = pairs_of([(0, 1)], 2)
    named = Pairs(2, pairs.first, pairs.second, ("Ann", "Bo"))
    digests = {compress(p, d, "made").digest() for p in (pairs, named) for d in (False, True)}
    assert len(digests) == 4


@pytest.mark.parametrize(
    ("ties", "what"),
    [([(0, 0), (0, 1)], "1 self-loop"), ([(0, 1), (1, 0)], "1 duplicate tie")],
)
def test_strict_makes_them_errors_that_say_how_to_go_on(ties, what):
    with pytest.raises(InputError, match=f"^made: {what}.*`--strict`"):
        compress(pairs_of(ties), False, "made", strict=True)


def test_strict_takes_a_clean_network():
    assert compress(pairs_of([(0, 1), (1, 2)]), False, "made", strict=True).ties == 2


def test_too_many_agents_are_refused_before_anything_is_allocated():
    pairs = pairs_of([(0, 1)], rows_module.MOST_AGENTS + 1)
    with pytest.raises(InputError, match=r"made: 3,000,000,001 agents; .* up to 3,000,000,000"):
        compress(pairs, False, "made")


def test_too_many_ties_are_refused(monkeypatch):
    monkeypatch.setattr(rows_module, "MOST_TIES", 2)
    compress(pairs_of([(0, 1), (1, 2)]), None, "friends.csv")
    with pytest.raises(InputError, match=r"friends.csv: 3 ties; a network may have up to 2"):
        compress(pairs_of([(0, 1), (1, 2), (2, 3)]), None, "friends.csv")
