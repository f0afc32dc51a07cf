"""The loops of networks, compiled once and kept."""

import os
import subprocess
import sys

import numpy as np

from ecumene.backends.cpu.loops import loops
from ecumene.networks import plain_lists

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


def read(scan, text):
    """What a loop over plain lists finds in a text, and where it says that numbers end."""
    letters = np.zeros(len(text) + 128, np.uint8)
    letters[: len(text)] = np.frombuffer(text, np.uint8)
    ends, seen = np.zeros(len(text) + 4, np.int32), np.array([0, 9, 0, 0, 0])
    columns = np.zeros((2, len(text)), np.int64)
    n = scan(letters, len(text), 0, ends, seen, *columns)
    others = sum(not 48 <= letter <= 57 for letter in text)
    return n, ends[:others].tolist(), seen.tolist(), columns.tolist()


def test_any_letter_anywhere_is_to_the_compiled_loop_what_it_is_to_plain_python():
    for letter in range(256):
        text = bytearray(b"12345678 9\n10 2345\n6 7654321\n" * 6)
        text[(letter * 7) % len(text)] = letter
        assert read(loops().scan_plain, text) == read(plain_lists.scan_plain, text)
