"""Every kernel of a run leaves the same bits on a GPU; skipped where there is none.

A model runs on the CPU. Before each call of a kernel all that it is given is copied; the copies go
through the same kernel in one thread of a GPU, and must come out as the CPU leaves the originals.
"""

import re
from collections import Counter
from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest

import ecumene as ec
from ecumene.backends.cpu import shard as shard_room
from ecumene.backends.cpu.module import generated, text_of
from ecumene.models import MODELS
from ecumene.random import MASK

from ...networks.test_same_bits_of_networks import LARGE, gossip
from ...on_gpu import space_of, unfused
from ...societies import explicit, society

KERNEL = re.compile(r"^@kernel\ndef (\w+)\(", re.MULTILINE)
SEVERAL = 5_000


class Beside:
    """Calls of kernels on the CPU, each made on a GPU as well while it is `on`."""

    def __init__(self, cuda, jit):
        self.cuda, self.jit, self.on = cuda, jit, False
        self.calls, self.differ = Counter(), {}

    def generated(self, program):
        """A program's module with kernels that are watched."""
        module, kernels = generated(program)
        text = text_of(program)[0]
        space, room = space_of(self.cuda, text), shard_room.scratch(program).keys()
        watched = {}
        for name in KERNEL.findall(text):
            names = kernels[name].arguments if name in kernels else ()
            left = {j for j, argument in enumerate(names) if argument in room}
            watched[name] = self.watched(name, getattr(module, name), space, left)
        return SimpleNamespace(**{**vars(module), **watched}), kernels

    def watched(self, name, kernel, space, left):
        """The kernel, called on both; what it leaves in the arguments `left` is nobody's business.

        That is the room in which it works on a few agents at a time: several at once on the CPU.
        """
        entries = {}

        def called(*values):
            if not self.on:
                return kernel(*values)
            sent = self.sent(values)
            given = kernel(*values)
            several = given if isinstance(given, tuple) else () if given is None else (given,)
            kinds = "".join("real" if isinstance(g, float) else "whole" for g in several)
            if kinds not in entries:
                entries[kinds] = self.jit(entry(name, len(values), given, space))
            self.calls[name] += 1
            self.compare(name, entries[kinds], values, sent, several, left)
            return given

        return called

    def sent(self, values):
        """The values with copies of arrays on the GPU; one that is given twice is copied once."""
        copies = {}
        for value in values:
            if isinstance(value, np.ndarray) and at(value) not in copies:
                copies[at(value)] = self.cuda.to_device(value)
        spans = sorted((a[0], a[0] + a[1]) for a in copies if a[1])
        assert all(a[1] <= b[0] for a, b in pairwise(spans)), "arrays that overlap"
        return [copies[at(v)] if isinstance(v, np.ndarray) else v for v in values]

    def compare(self, name, on_gpu, values, sent, given, left):
        whole = self.cuda.to_device(np.zeros(len(given) + 1, np.int64))
        real = self.cuda.to_device(np.zeros(len(given) + 1, np.float64))
        on_gpu[1, 1](whole, real, *sent)
        whole, real = whole.copy_to_host(), real.copy_to_host()
        for j, value in enumerate(given):
            there = real[j] if isinstance(value, float) else int(whole[j]) & MASK
            here = value if isinstance(value, float) else int(value) & MASK
            if here != there:
                self.differ.setdefault((name, "gives"), (here, there))
        for j, value in enumerate(values):
            if isinstance(value, np.ndarray) and value.size and j not in left:
                self.compare_array((name, j), value, sent[j].copy_to_host())

    def compare_array(self, what, here, there):
        bits = [np.ascontiguousarray(a).reshape(-1).view(np.uint8) for a in (here, there)]
        other = np.flatnonzero(bits[0] != bits[1])
        if other.size:
            first = other[0] // here.itemsize
            found = here.reshape(-1)[first], there.reshape(-1)[first]
            self.differ.setdefault(what, (here.dtype, here.shape, other.size, first, *found))


def at(array):
    """Where an array's memory is, how much it is, and of what kind."""
    return array.ctypes.data, array.nbytes, array.dtype.str, array.shape


def entry(name, count, given, space):
    """A kernel that calls the function `name` and puts what it gives where it can be read."""
    names = ", ".join(f"a{j}" for j in range(count))
    lines = [f"def entry(whole, real, {names}):", f"    given = {name}({names})"]
    several = given if isinstance(given, tuple) else () if given is None else (given,)
    for j, value in enumerate(several):
        one = f"given[{j}]" if isinstance(given, tuple) else "given"
        kind = ("real", "float") if isinstance(value, float) else ("whole", "int")
        lines.append(f"    {kind[0]}[{j}] = {kind[1]}({one})")
    exec("\n".join(lines), space)
    return space["entry"]


@pytest.fixture(scope="module")
def beside():
    with unfused() as jit, pytest.MonkeyPatch.context() as patch:
        from numba import cuda

        watch = Beside(cuda, jit)
        patch.setattr(shard_room, "generated", watch.generated)
        yield watch


def run_beside(beside, model, steps, **how):
    """Which kernels were called how often in so many steps, each on both."""
    beside.calls.clear()
    beside.differ.clear()
    simulation = ec.Simulation(model, seed=1, backend="cpu", **how)
    beside.on = True
    try:
        for _ in range(steps):
            if not simulation.advance():
                break
            simulation.measure()
        for column in model.population.names:
            simulation.column(column)
        simulation.digest()
    finally:
        beside.on = False
    assert not beside.differ, beside.differ
    return beside.calls


def ready(name, preset=None, **changes):
    model = MODELS[name]
    return model.build(**{**model.presets.get(preset, {}), "agents": SEVERAL, **changes})


READY = {
    "cascade": lambda: ready("cascade", transmission=0.2),
    "virality": lambda: ready("virality", ratio=12.0, decay=0.2, seeds=10),
    "virality, a feed": lambda: ready("virality", "feed"),
    "frenzy": lambda: ready("frenzy"),
    "frenzy, panic": lambda: ready("frenzy", "panic"),
    "frenzy, bass": lambda: ready("frenzy", "bass"),
    "frenzy, trust": lambda: ready("frenzy", "trust-gated"),
    "frenzy, default-on": lambda: ready("frenzy", "default-on"),
    "frenzy, centola": lambda: ready("frenzy", "centola"),
    "frenzy, music lab": lambda: ready("frenzy", "music-lab"),
    "opinion": lambda: ready("opinion"),
    "opinion, hegselmann-krause": lambda: ready("opinion", "hegselmann-krause", agents=500),
    "opinion, friedkin-johnsen": lambda: ready("opinion", "friedkin-johnsen"),
    "opinion, bubbles": lambda: ready("opinion", "bubbles"),
    "opinion, polarised": lambda: ready("opinion", "polarised"),
    "stance": lambda: ready("stance"),
    "trust": lambda: ready("trust"),
    "trust, reputation": lambda: ready("trust", "reputation"),
}


@pytest.mark.slow
@pytest.mark.parametrize("what", READY)
def test_every_kernel_of_a_ready_model_is_the_same(beside, what):
    assert run_beside(beside, READY[what](), 8)


@pytest.mark.parametrize("direction", ["push", "pull"])
def test_a_cascade_of_many_is_the_same(beside, direction):
    calls = run_beside(beside, ready("cascade", agents=50_000, seeds=200), 20, direction=direction)
    assert {"act_hear", "emit_pass_on" if direction == "push" else "pull_pass_on"} <= calls.keys()


OTHERS = {
    "society": lambda: society(ec.matchings(3), SEVERAL, loud=500, rich=2000),
    "society over rows": lambda: society(
        explicit(SEVERAL, [(i, i * i % SEVERAL) for i in range(SEVERAL)]), SEVERAL, loud=500
    ),
    **{
        f"gossip over {kind}": lambda network=network: gossip(network, 6000, loud=1000)
        for kind, network in LARGE.items()
        if kind != "lattice"
    },
}


@pytest.mark.slow
@pytest.mark.parametrize("direction", ["push", "pull"])
@pytest.mark.parametrize("what", OTHERS)
def test_every_kernel_of_other_models_is_the_same(beside, what, direction):
    assert run_beside(beside, OTHERS[what](), 4, direction=direction)
