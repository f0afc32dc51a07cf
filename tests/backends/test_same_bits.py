"""Law 1: the same bits on every backend, with any number of threads and shards, pushed or pulled.

A fast path (bins, pull, staged ties, many threads) leaves work out and never does it differently:
each is held against the reference in one shard, which pushes tie by tie.
"""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ecumene as ec
from ecumene.backends.cpu import passing
from ecumene.models import MODELS
from ecumene.networks.numbering import Pairs
from ecumene.networks.rows import compress

from ..societies import everything, explicit, rows, societies, society

seeds = st.integers(0, 2**40)
small = settings(max_examples=20, deadline=None)


@small
@given(societies(), seeds, st.integers(1, 4))
def test_the_cpu_equals_the_reference(model, seed, steps):
    reference = everything(model, steps, seed=seed, backend="reference")
    assert everything(model, steps, seed=seed, backend="cpu") == reference


@small
@given(societies(most=25), seeds, st.sampled_from([2, 3, 7]), st.sampled_from(["cpu", "reference"]))
def test_shards_leave_everything_as_it_is(model, seed, shards, backend):
    alone = everything(model, 3, seed=seed, backend="cpu")
    assert everything(model, 3, seed=seed, backend=backend, shards=shards) == alone


@small
@given(societies(most=25), seeds, st.sampled_from(["cpu", "reference"]))
def test_pulling_gives_what_pushing_gives(model, seed, backend):
    pushed = everything(model, 3, seed=seed, backend=backend, direction="push")
    assert everything(model, 3, seed=seed, backend=backend, direction="pull") == pushed


@settings(max_examples=10, deadline=None)
@given(societies(most=200), seeds, st.sampled_from([1, 2, 3]))
def test_threads_leave_everything_as_it_is(model, seed, threads):
    alone = everything(model, 3, seed=seed, backend="cpu")
    assert everything(model, 3, seed=seed, backend="cpu", threads=threads) == alone


@pytest.mark.parametrize("how", [{}, {"threads": 2}, {"shards": 3}], ids=str)
def test_crowded_blocks_leave_everything_as_it_is(how, monkeypatch):
    """Upper levels of what arrived are put right when a whole bin has: here, of any bin."""
    model = society(ec.matchings(3), 80)
    oracle = everything(model, 4, seed=5, backend="reference")
    monkeypatch.setattr("ecumene.backends.cpu.arriving.CROWDED", 40)
    assert everything(model, 4, seed=5, backend="cpu", **how) == oracle


@pytest.mark.parametrize("direction", ["push", "pull"])
@pytest.mark.parametrize("agents", [1, 2, 3, 4, 9, 25, 36])
def test_a_grid_without_a_cell_too_many_gives_what_any_grid_gives(agents, direction):
    """Nobody is looked for beyond it, unless their number is odd and one stands beside nobody."""
    model = society(ec.matchings(3), agents, rich=agents, loud=agents, pay=0.9, whisper=0.9)
    oracle = everything(model, 3, seed=5, backend="reference")
    assert everything(model, 3, seed=5, backend="cpu", direction=direction) == oracle


def test_many_at_once_arrive_as_few_do():
    """A bin that is crowded as it comes: some ten thousand messages in one step."""
    model = MODELS["cascade"].build(agents=6000, transmission=0.9, seeds=10)
    oracle = everything(model, 6, seed=2, backend="reference")
    assert everything(model, 6, seed=2, backend="cpu") == oracle


@pytest.fixture
def tiny_bins(monkeypatch):
    """Bins of two messages: nearly every emission ends a round and goes on in the next."""
    monkeypatch.setattr("ecumene.backends.cpu.bins.FEWEST", 2)
    monkeypatch.setattr("ecumene.backends.cpu.bins.ENTRIES", 2)


def lively():
    """Societies in which much happens, of both kinds of network, with a seed for each."""
    ties = [(j * j % 40, j % 40) for j in range(120)]
    for seed, rich in enumerate([40, 7, 1]):
        for network in (ec.matchings(5), explicit(40, ties), explicit(40, ties, directed=True)):
            loud = 12 - rich // 4
            yield society(network, 40, rich=rich, loud=loud, pay=0.9, whisper=0.9), seed


@pytest.mark.parametrize(
    "how",
    [
        {"direction": "push"},
        {"direction": "pull"},
        {"direction": "pull", "backend": "reference"},
        {"shards": 3},
        {"shards": 7, "backend": "reference"},
    ],
    ids=str,
)
def test_however_a_lively_society_is_run_it_is_the_same(how):
    for model, seed in lively():
        oracle = everything(model, 3, seed=seed, backend="reference", direction="push")
        assert everything(model, 3, seed=seed, **how) == oracle


@pytest.mark.parametrize("shards", [1, 2, 3, 7])
def test_full_bins_only_add_rounds(tiny_bins, shards):
    for model, seed in lively():
        oracle = everything(model, 3, seed=seed, backend="reference", direction="push")
        assert everything(model, 3, seed=seed, backend="cpu", shards=shards) == oracle


def test_no_two_threads_share_a_word():
    """Runs are cut at multiples of 2**18 places: 64 flags a word, at each of three levels."""
    simulation = ec.Simulation(MODELS["cascade"].build(agents=2_000_000), threads=3)
    (shard,) = simulation._shards
    runs = shard.workers.runs(2_000_000)
    assert [first for first, _ in runs] == [0, *[last for _, last in runs[:-1]]]
    assert len(runs) == 3 and runs[-1][1] == 2_000_000
    assert all(first % 2**18 == 0 for first, _ in runs)


# Blocks of receivers are 2**18 agents: with fewer, threads have nothing to share.
@pytest.fixture(scope="module")
def spread():
    model = MODELS["cascade"].build(agents=700_000, degree=4, transmission=0.5, seeds=90_000)
    return model, everything_but_columns(model)


def everything_but_columns(model, **how):
    simulation = ec.Simulation(model, seed=8, **how)
    series = [simulation.measure()]
    while simulation.advance():
        series.append(simulation.measure())
    return simulation.digest(), series


@pytest.mark.parametrize(
    "how",
    [
        {"threads": 2},
        {"threads": 3},
        {"shards": 2},
        {"shards": 3, "threads": 2},
        {"shards": 7},
        {"direction": "pull"},
        {"direction": "pull", "threads": 3},
        {"direction": "push", "threads": 2},
    ],
    ids=str,
)
def test_several_blocks_of_agents_come_out_alike(spread, how):
    model, alone = spread
    assert everything_but_columns(model, **how) == alone


def test_a_dense_society_comes_out_alike_with_three_threads():
    model = society(ec.matchings(1), 600_000, share=0.0001, rich=100_000)
    runs = []
    for threads in (1, 3):
        simulation = ec.Simulation(model, seed=1, threads=threads)
        simulation.advance()
        simulation.advance()
        runs.append((simulation.digest(), simulation.measure()))
    assert runs[0] == runs[1]


def test_staged_ties_are_the_ties():
    """Eight ties at a time give what one tie after another gives."""
    model = MODELS["cascade"].build(agents=3001, degree=7, transmission=0.3, seeds=3)
    simple = dataclasses.replace(model, networks={"contacts": Unstaged(ec.matchings(7))})
    for seed in range(3):
        plain = everything(simple, 99, seed=seed, direction="push")
        assert everything(model, 99, seed=seed, direction="push") == plain
        assert everything(model, 99, seed=seed, direction="pull") == plain


@dataclasses.dataclass(frozen=True)
class Unstaged:
    """A network without its fast way of looking at many ties at once."""

    network: object

    @property
    def notices(self):
        return self.network.notices

    def lowered(self, agents, key):
        return dataclasses.replace(
            self.network.lowered(agents, key), stages=None, reverse_stages=None, walk=None
        )

    def identity(self):
        return self.network.identity()


@pytest.mark.parametrize("shards", [1, 3])
def test_a_hub_reaches_all_its_spokes_through_bins_of_any_size(backend, tiny_bins, shards):
    star = rows(500, [(0, j) for j in range(1, 500)], directed=False)
    model = MODELS["cascade"].build(transmission=1.0, seeds=1).with_network("contacts", star)
    simulation = ec.Simulation(model, seed=5, backend=backend, shards=shards)
    while simulation.advance():
        pass
    steps = np.bincount(simulation.column("reached_at"))
    assert steps.tolist() in ([500], [2, 498])


def test_a_hub_of_a_million_is_split_over_many_rounds(monkeypatch):
    """Bins of 4096 messages for a hub with 999,999 ties: memory does not grow with a degree."""
    monkeypatch.setattr("ecumene.backends.cpu.bins.ENTRIES", 1 << 14)
    spokes = np.arange(1, 1_000_000)
    star = compress(Pairs(1_000_000, np.zeros_like(spokes), spokes, None), False, "star")
    model = MODELS["cascade"].build(transmission=1.0, seeds=1).with_network("contacts", star)
    simulation = ec.Simulation(model, seed=5, threads=2)
    (shard,) = simulation._shards
    apply, rounds = passing.apply, []
    monkeypatch.setattr(passing, "apply", lambda *given: rounds.append(1) or apply(*given))
    while simulation.advance():
        pass
    assert np.bincount(simulation.column("reached_at")).tolist() == [2, 999_998]
    assert len(rounds) > 999_999 / (1 << 14)
    assert all(len(b) == 1 << 14 for b in (a["bin_place"] for a in shard.bins._arrays))
