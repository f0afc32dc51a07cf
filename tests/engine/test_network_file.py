"""Networks as users read them: memory is asked about first, and loops change nothing."""

from pathlib import Path

import numpy as np
import pytest

import ecumene as ec
from ecumene.engine import network_file
from ecumene.errors import InputError, SizeError
from ecumene.networks import reading


@pytest.fixture
def ties(tmp_path: Path) -> Path:
    """A file of 20,000 ties, some of them self-loops and some twice."""
    drawn = np.random.default_rng(1).integers(0, 900, (20_000, 2))
    np.savetxt(tmp_path / "ties.txt", drawn, fmt="%d")
    return tmp_path / "ties.txt"


def test_a_file_too_large_for_the_memory_is_refused_before_it_is_read(ties, monkeypatch):
    monkeypatch.setattr(network_file, "available_memory", lambda: 1_000_000)
    monkeypatch.setattr(reading, "read_network", lambda *_: pytest.fail("it was read"))
    with pytest.raises(SizeError, match=r"about 19,9\d\d ties.* needs about 1.6 MB.* 1 MB free"):
        ec.read_network(ties)


def test_a_file_that_fits_closely_is_read(ties, monkeypatch):
    monkeypatch.setattr(network_file, "available_memory", lambda: 2_000_000)
    assert ec.read_network(ties).agents == 900


def test_a_file_that_is_not_there_is_said_to_be_so(tmp_path):
    with pytest.raises(InputError, match="there is no file"):
        ec.read_network(tmp_path / "ties.txt")


@pytest.mark.parametrize("directed", [None, False, True])
def test_compiled_loops_read_what_numpy_reads(ties, monkeypatch, directed):
    monkeypatch.setattr(network_file, "MANY", 1_000)
    used = []
    monkeypatch.setattr(
        network_file,
        "loops_for",
        lambda n, ask=network_file.loops_for: used.append(ask(n)) or used[-1],
    )
    quick, plain = ec.read_network(ties, directed), reading.read_network(ties, directed)
    assert None not in used and used
    assert (quick.digest(), quick.notices) == (plain.digest(), plain.notices)
    turned = quick.transposed().digest(), plain.transposed().digest()
    assert turned[0] == turned[1]
    frame = np.loadtxt(ties, dtype=np.int64)
    assert ec.network(frame, directed).digest() == plain.digest()


def test_a_few_ties_wait_for_no_compiler(monkeypatch):
    monkeypatch.delitem(network_file.sys.modules, "numba", raising=False)
    assert network_file.loops_for(network_file.MANY - 1) is None
    assert network_file.loops_for(network_file.FEW - 1) is None
