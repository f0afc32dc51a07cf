"""The loops of networks, compiled once and kept."""

import os
import subprocess
import sys

import numpy as np

PROGRAM = """
import numba.core.event as event
compiled = []
listener = event.register("numba:compile", type("L", (event.Listener,), {
    "on_start": lambda self, e: compiled.append(str(e.data["dispatcher"].py_func.__name__)),
    "on_end": lambda self, e: None,
})())
from ecumene.backends.cpu.loops import compiled_before, loops
from ecumene.networks import halves, read_network
halves.WORTH = 30_000
before = compiled_before()
for file in ("ties.txt", "plain.txt"):
    for directed in (False, True):
        rows = read_network(file, directed, choose=lambda ties: loops())
        assert rows.digest() == read_network(file, directed).digest()
print(before, len(compiled), rows.digest())
"""


def test_a_second_process_finds_the_first_ones_machine_code(tmp_path):
    (tmp_path / "ties.txt").write_text("# said before\n0 1\n1 2\n0 2\n0 1\n3 3\n")
    drawn = 3 * np.random.default_rng(1).integers(0, 400_000, (50_000, 2))
    # So many that two threads read them, each half of them.
    (tmp_path / "plain.txt").write_text("".join(f"{i} {j}\n" for i, j in drawn))
    environment = {**os.environ, "ECUMENE_CACHE": str(tmp_path / "kernels")}
    seen = [
        subprocess.run(
            [sys.executable, "-c", PROGRAM],
            env=environment,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.split()
        for _ in range(2)
    ]
    assert seen[0][0] == "False" and seen[1][0] == "True"
    assert int(seen[0][1]) > 0 and int(seen[1][1]) == 0
    assert seen[0][2] == seen[1][2]
