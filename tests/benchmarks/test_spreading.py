"""Every row of `benchmarks.spreading` runs, at a tiny size: engine and hand loop come to the same.

The loops run as plain Python, and the engine on the reference backend where a row asks nothing of
another, since to compile them all takes a minute. Nothing is written.
"""

import importlib
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import numba
import numpy as np
import pytest
from click.testing import CliRunner

import ecumene as ec
from ecumene.cli import main

ROOT = Path(__file__).parents[2]
SCALES = {  # such that each has some hundred agents
    "limits": 3e-6,
    "cascade": 3e-6,
    "edge_list": 3e-4,
    "threshold": 1e-5,
    "receiver": 1e-5,
    "pick": 1e-5,
    "two_columns": 1e-5,
    "dense": 3e-7,
    "dense_draw": 3e-7,
    "gather": 3e-6,
    "small_step": 1e-6,
    "memory": 3e-6,
    "billion": 3e-6,
    "everybody": 1e-7,
    "cold": 3e-4,
}
COMPILED = ("gather",)  # It looks into the engine's own sums.
pytestmark = [
    pytest.mark.skipif(not (ROOT / "benchmarks").exists(), reason="there are no benchmarks here"),
    pytest.mark.filterwarnings("ignore:overflow encountered in scalar"),  # As luck is meant to.
]


def in_this_process(command, **how):
    """What a command of `ecumene` prints; the first word is where it lies."""
    del how
    done = CliRunner().invoke(main, command[1:])
    assert done.exit_code == 0, done.output
    return SimpleNamespace(stdout=done.stdout)


@pytest.fixture(scope="module")
def spreading():
    """The benchmark's modules, read with nothing compiled, of few agents, once instead of often."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(ROOT)
        with pytest.MonkeyPatch.context() as reading:
            reading.setattr(numba.config, "DISABLE_JIT", True)
            names = ("rows", "models", "dense", "shell", "section")
            part = {name: importlib.import_module(f"benchmarks.spreading.{name}") for name in names}
        once = partial(part["rows"].in_turn, 1)
        patch.setattr(part["rows"], "in_turn", lambda times, ways: once(ways))
        patch.setattr(part["rows"], "SMALL", 100)
        patch.setattr(part["shell"], "PAIRS", 1)
        patch.setattr(part["models"], "SEEDS", 20)
        patch.setattr(part["models"].cascade, "__defaults__", (0.15, 20))
        patch.setattr(part["dense"], "huge", lambda size: np.zeros(size, np.uint8))
        patch.setattr(part["shell"], "subprocess", SimpleNamespace(run=in_this_process))
        yield SimpleNamespace(**part)


def test_every_row_has_a_size_to_try_it_out(spreading):
    assert SCALES.keys() == spreading.rows.ROWS.keys()


ALIKE = ("receiver", "pick", "two_columns")  # They differ from `threshold` in the rule alone.


@pytest.mark.parametrize(
    "name", [pytest.param(n, marks=[pytest.mark.slow] if n in ALIKE else []) for n in SCALES]
)
def test_a_row_runs_and_both_come_to_the_same(spreading, name, monkeypatch):
    if name not in COMPILED:
        monkeypatch.setattr(ec, "Simulation", partial(ec.Simulation, backend="reference"))
    row = spreading.rows.ROWS[name]
    found = row.measure(SCALES[name])
    assert found["agents"] >= 300 and found.get("same_digest", True)
    said = spreading.section.table({name: found}).splitlines()[-1]
    assert said.startswith(f"| {row.title} | {row.must} | ") and "another digest" not in said
