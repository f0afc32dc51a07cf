"""Every slot of a computed network, by plain Python or compiled; and what every one must keep."""

from collections import Counter
from dataclasses import dataclass
from functools import cache

import networkx as nx
import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, shortest_path

import ecumene as ec
from ecumene.backends import net_of
from ecumene.backends.cpu.text import HEAD
from ecumene.rules import Reach

LISTING = """\
@kernel
def list_ties({fields}, all_agents, source, target, number):
    net = Net({fields})
    at = 0
    for i in range(all_agents):
        for k in range({degree}(net, i)):
            if at < len(source):
                source[at] = i
                target[at] = {neighbour}(net, i, k)
                number[at] = {tie}(net, i, k)
            at += 1
    return at


@kernel
def ask_ties({fields}, source, slot, target, number):
    net = Net({fields})
    for at in range(len(source)):
        target[at] = {neighbour}(net, source[at], slot[at])
        number[at] = {tie}(net, source[at], slot[at])
"""


@dataclass(frozen=True)
class Ties:
    """Slots of all agents in order: who, with whom (-1: nobody), and the tie's number."""

    agents: int
    source: np.ndarray
    target: np.ndarray
    number: np.ndarray

    @property
    def present(self):
        """Those slots that hold a tie."""
        keep = self.target >= 0
        return Ties(self.agents, self.source[keep], self.target[keep], self.number[keep])

    @property
    def degrees(self):
        return np.bincount(self.source, minlength=self.agents)

    @property
    def rows(self):
        return list(
            zip(*(a.tolist() for a in (self.source, self.target, self.number)), strict=True)
        )

    def pairs(self):
        """Each tie once, as (lower, higher)."""
        once = self.present.source < self.present.target
        return list(
            zip(self.present.source[once].tolist(), self.present.target[once].tolist(), strict=True)
        )


def slowly(lowered, agents, reverse=False):
    """Every slot as (agent, other, number), by plain Python."""
    net = net_of(lowered)
    degree, neighbour, tie = looks(lowered, reverse)
    return [
        (i, neighbour(net, i, k), tie(net, i, k))
        for i in range(agents)
        for k in range(degree(net, i))
    ]


def quickly(lowered, agents, reverse=False):
    """Every slot, by compiled functions."""
    values = [*lowered.numbers.values(), *lowered.arrays.values()]
    listed, _ = compiled(looks(lowered, reverse), (*lowered.numbers, *lowered.arrays))
    none = np.empty(0, np.int64)
    arrays = [np.empty(listed(*values, agents, none, none, none), np.int64) for _ in range(3)]
    listed(*values, agents, *arrays)
    return Ties(agents, *arrays)


def asked(lowered, source, slot, reverse=False):
    """Others and numbers in some slots of some agents, by compiled functions."""
    values = [*lowered.numbers.values(), *lowered.arrays.values()]
    _, ask = compiled(looks(lowered, reverse), (*lowered.numbers, *lowered.arrays))
    target, number = np.empty_like(source), np.empty_like(source)
    ask(*values, source, slot, target, number)
    return target, number


def looks(lowered, reverse):
    return lowered.backwards if reverse else lowered.outwards


@cache
def compiled(functions, names):
    reach = Reach()
    parts = {
        part: reach.add(function, part)
        for part, function in zip(("degree", "neighbour", "tie"), functions, strict=True)
    }
    fields = ", ".join(f"n_{name}" for name in names)
    shape = f"Net = namedtuple('Net', {list(names)!r})"
    definitions = [f"@jit\n{definition}" for definition in reach.definitions]
    text = "\n\n".join([HEAD, shape, *definitions, LISTING.format(fields=fields, **parts)])
    space = {}
    exec(text.replace("cache=True", "cache=False"), space)
    return space["list_ties"], space["ask_ties"]


# -- laws that every computed network keeps --------------------------------------------------------


def check_both_ends(lowered, agents):
    """Outwards and backwards are one network, ties have numbers of their own, nobody is its own."""
    forth = [row for row in slowly(lowered, agents) if row[1] >= 0]
    back = [row for row in slowly(lowered, agents, reverse=True) if row[1] >= 0]
    assert Counter(forth) == Counter((j, i, number) for i, j, number in back)
    assert all(0 <= j < agents and j != i for i, j, _ in forth)
    assert len(set(forth)) == len(forth), "a slot each"
    ends = Counter(number for *_, number in forth)
    assert set(ends.values()) <= {2 if lowered.outwards == lowered.backwards else 1}


def check_compiled(lowered, agents):
    """Plain Python and the compiler say the same of every slot, `ties` are all slots."""
    for reverse in (False, True):
        rows = slowly(lowered, agents, reverse)
        assert quickly(lowered, agents, reverse).rows == rows
    assert lowered.ties == len(slowly(lowered, agents))


def check_stages(lowered, agents):
    """Stages together are tie and neighbour."""
    net, stages = net_of(lowered), lowered.stages
    for i in range(agents):
        for k in range(lowered.degree(net, i)):
            row = stages.row(net, k)
            at = stages.settle(net, row, stages.locate(net, row, i))
            other = stages.settle_other(net, row, at, stages.other(net, row, at))
            assert stages.number(net, k, at) == lowered.tie(net, i, k)
            assert other == lowered.neighbour(net, i, k)


def check_walk(lowered, agents):
    """Stage after stage a walk is degree and neighbour."""
    net, walk = net_of(lowered), lowered.walk
    for i in range(agents):
        standing = _after(walk.stand, net, i)
        row = walk.row(net, standing)
        assert walk.ties(net, row) == lowered.degree(net, i)
        for k in range(walk.ties(net, row)):
            j = _after(walk.follow, net, walk.end(net, row, standing, k))
            assert (j if j != i else -1) == lowered.neighbour(net, i, k)


def _after(stages, net, number):
    for stage in stages:
        number = stage(net, number)
    return number


def check_far_agents(lowered, agents, slots, seed=1):
    """Among very many agents, compiled and plain agree, and the other end has the same tie."""
    luck = np.random.default_rng(seed)
    source = np.append(luck.integers(0, agents, 300), [0, agents - 1])
    slot = luck.integers(0, slots, len(source))
    for reverse in (False, True):
        degree, neighbour, tie = looks(lowered, reverse)
        net = net_of(lowered)
        have = np.array([degree(net, i) for i in source.tolist()])
        who, which = source[have > 0], (slot % np.maximum(have, 1))[have > 0]
        target, number = asked(lowered, who, which, reverse)
        for i, k, j, t in zip(*(a.tolist() for a in (who, which, target, number)), strict=True):
            assert (neighbour(net, i, k), tie(net, i, k)) == (j, t)
            assert -1 <= j < agents and t >= 0
            back = looks(lowered, not reverse)
            if j >= 0 and back[0](net, j) < 2000:
                ends = [(back[1](net, j, m), back[2](net, j, m)) for m in range(back[0](net, j))]
                assert (i, t) in ends


# -- what a graph looks like -----------------------------------------------------------------------


def matrix_of(ties):
    """Who is tied to whom how often; of a networkx graph the same is `matrix_from`."""
    here = ties.present
    ones = np.ones(len(here.source), np.int64)
    return csr_array((ones, (here.source, here.target)), shape=(ties.agents, ties.agents))


def matrix_from(graph):
    """The same of a networkx graph, whose self-loops are left out."""
    matrix = nx.to_scipy_sparse_array(graph, dtype=np.int64, weight=None, format="csr")
    matrix.setdiag(0)
    matrix.eliminate_zeros()
    return matrix


def parallel(matrix):
    """Ties beyond the first between two agents."""
    return int((matrix.data - 1).sum()) // 2


def transitivity(matrix):
    """The share of pairs of ties of one agent that are closed; parallel ties count once."""
    single = (matrix > 0).astype(np.int64)
    degrees = single.sum(axis=1)
    return ((single @ single) * single).sum() / (degrees * (degrees - 1)).sum()


def giant(matrix, connection="weak"):
    """The share of agents in the largest component."""
    found = connected_components(matrix, connection=connection)[1]
    return np.bincount(found).max() / matrix.shape[0]


def path_length(matrix, sources=60):
    """The mean length of shortest paths from some agents to all that they can reach."""
    agents = matrix.shape[0]
    chosen = np.random.default_rng(0).choice(agents, sources, replace=False)
    lengths = shortest_path(matrix, indices=chosen, unweighted=True)
    return lengths[np.isfinite(lengths)].mean()


def adjacent(ties):
    """How many ties join agents whose numbers are one apart, and how many chance would."""
    pairs = np.array(ties.pairs())
    return int((pairs[:, 1] - pairs[:, 0] == 1).sum()), 2 * len(pairs) / ties.agents


def check_no_order(ties):
    """Neighbouring numbers are tied, and have like degrees, as often as chance has it."""
    seen, expected = adjacent(ties)
    assert abs(seen - expected) < 4.5 * np.sqrt(expected) + 1
    degrees, n = ties.degrees, ties.agents
    if degrees.std() > 0:
        assert abs(np.corrcoef(degrees, np.arange(n))[0, 1]) < 4.5 / np.sqrt(n)
        assert abs(np.corrcoef(degrees[1:], degrees[:-1])[0, 1]) < 4.5 / np.sqrt(n)


def check_no_country(network, agents=100_000, largest=12):
    """Among the world's people: degrees and ties do not know of countries."""
    model = ec.Model(
        populations={"people": ec.Population(ec.world_population(agents), loud=ec.pulse())},
        phases=[],
        networks={"ties": network},
    )
    simulation = ec.Simulation(model, seed=5, backend="cpu")
    country = simulation.column("country")
    ties = quickly(simulation.program.networks["ties"], agents).present
    degrees, sizes = ties.degrees, np.bincount(country)
    for code in np.argsort(-sizes)[:largest]:
        off = degrees[country == code].mean() - degrees.mean()
        assert abs(off) <= 4.5 * degrees.std() / np.sqrt(sizes[code]) + 1e-12
    shares = sizes / agents
    expected = (shares**2).sum()
    same = (country[ties.source] == country[ties.target]).mean()
    # Ties that share an agent are not independent: a few times the plain standard error.
    assert abs(same - expected) < 10 * np.sqrt(expected / len(ties.source))
