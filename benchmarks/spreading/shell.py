"""Whole runs from the shell: their memory, a billion, everybody, and the first run of all."""

import json
import os
import subprocess
import sys
import tempfile
from itertools import pairwise
from pathlib import Path
from statistics import median

from .timing import SEED, WORKERS, seconds, verdict

PAIRS = 5  # Runs at 1e9, each between two at 1e8.


def from_shell(agents: int, cache: str | None = None, threads: int = WORKERS) -> dict:
    """`ecumene run cascade` in a process of its own: its record, and the seconds it took."""
    with tempfile.TemporaryDirectory() as folder:
        command = [Path(sys.executable).with_name("ecumene"), "run", "cascade"]
        command += ["--agents", str(agents), "--seed", str(SEED), "--fresh", "--json"]
        command += ["--threads", str(threads), "--out", folder]
        # Python keeps what it has read, as in a user's shell: some shells forbid it.
        environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
        if cache:  # nothing is left of an earlier run, of that neither
            environment |= {"ECUMENE_CACHE": cache, "PYTHONPYCACHEPREFIX": f"{cache}/bytecode"}
        out: list[str] = []

        def run() -> None:
            done = subprocess.run(
                command, capture_output=True, text=True, check=True, env=environment
            )
            out.append(done.stdout)

        took = seconds(run)
        return {**json.loads(out[0]), "process_s": took}


def memory(scale: float) -> dict:
    found = from_shell(int(1e8 * scale))
    return {
        **_of_run(found),
        "met": verdict(found["peak_memory_bytes"], most=0.6e9),
    }


def billion(scale: float) -> dict:
    """1e9 and 1e8 in turn; each run of the former beside those of the latter around it."""
    small, large = [from_shell(int(1e8 * scale))["seconds"]], list[dict]()
    for _ in range(PAIRS):
        large.append(from_shell(int(1e9 * scale)))
        small.append(from_shell(int(1e8 * scale))["seconds"])
    ratios = [
        found["seconds"] / ((before + after) / 2)
        for found, (before, after) in zip(large, pairwise(small), strict=True)
    ]
    found = sorted(large, key=lambda one: one["seconds"])[PAIRS // 2]
    peak = max(one["peak_memory_bytes"] for one in large)
    times = median(ratios)
    return {
        **_of_run(found),
        "times": PAIRS,
        "peak_bytes": peak,
        "times_of_1e8": times,
        "spread": [min(ratios), max(ratios)],
        "met": verdict(times, most=12.0) and verdict(peak, most=2.5e9),
    }


def everybody(scale: float) -> dict:
    found = from_shell(int(8.2e9 * scale))
    met = verdict(found["seconds"], most=300.0) and verdict(found["peak_memory_bytes"], most=16e9)
    return {**_of_run(found), "met": met}


def _of_run(found: dict) -> dict:
    return {
        "agents": found["agents"],
        "times": 1,
        "engine_s": found["seconds"],
        "setup_s": found["setup_seconds"],
        "process_s": found["process_s"],
        "peak_bytes": found["peak_memory_bytes"],
        "reached_share": found["measures"]["reached_share"],
        "digest": found["digest"],
    }


def cold(scale: float) -> dict:
    """The first run after installation, compiling included, and later ones."""
    agents = int(1e6 * scale)
    with tempfile.TemporaryDirectory() as cache:
        first = from_shell(agents, cache)["process_s"]
        later = [from_shell(agents, cache)["process_s"] for _ in range(5)]
    met = verdict(first, most=20.0) and verdict(median(later), most=3.0)
    return {"agents": agents, "times": 5, "first_s": first, "later_s": median(later), "met": met}
