"""Runs the tools one after the other, Ecumene beside each, within limits of time."""

import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from .environments import (
    InstallError,
    clean,
    environment_of,
    environment_of_ecumene,
    version,
)
from .graph import edge_list
from .peers import ECUMENE, Peer

LIMIT = 60.0  # seconds that one process of a tool may take
REPEAT = 20.0  # seconds after which a tool begins no further repetition
WHOLE = 480.0  # seconds after which sizes above MAIN are left out
READINGS, QUICK = 7, 8.0  # How often a tool is measured that takes no more seconds than that.
MAIN = 100_000  # the size of the table
MEASURE = Path(__file__).with_name("adapters") / "measure.py"
WARM_UP = 1000


@dataclass
class Result:
    """What is known of one tool: a measurement by size, or a word why there is none."""

    peer: Peer
    version: str = ""
    problem: str = ""
    load: tuple[float, float] = (0.0, 0.0)  # the machine's load average before and after
    warm: dict[int, Any] = field(default_factory=dict)
    cold: list[float] = field(default_factory=list)  # the first process after install, and a later
    peak: int = 0
    imported: int = 0
    # The tool at MAIN, several times if that is quick, and Ecumene just before and after each.
    readings: list[Any] = field(default_factory=list)
    beside: list[Any] = field(default_factory=list)


@dataclass
class Bench:
    place: Path
    sizes: list[int]
    peers: Mapping[str, Peer]

    def go(self) -> list[Result]:
        """Ecumene's own result first, then one by peer."""
        self.files = {n: edge_list(self.place, n) for n in {*self.sizes, WARM_UP}}
        self.python: dict[str, Path] = {}
        self.began = perf_counter()
        ours = Result(ECUMENE)
        self.prepare(ours)
        self.measure(ours)
        return [ours, *(self.peer(peer, ours) for peer in self.peers.values())]

    def peer(self, peer: Peer, ours: Result) -> Result:
        result = Result(peer)
        self.prepare(result)
        if not result.problem:
            self.alternate(result, ours)
        return result

    def alternate(self, result: Result, ours: Result) -> None:
        """Measure the tool and Ecumene in turn: the machine's speed changes within minutes."""
        result.beside = [self.again(ours)]
        self.measure(result)
        result.readings = [result.warm.get(self.main)]
        result.beside.append(self.again(ours))
        while len(result.readings) < READINGS and _quick(result.readings[0]):
            result.readings.append(self.warm(result, self.main))
            result.beside.append(self.again(ours))

    def prepare(self, result: Result) -> None:
        """Install the tool, or say why not."""
        peer, known = result.peer, "+".join(result.peer.packages)
        print(f"installing {peer.title}", flush=True)
        try:
            if known not in self.python:
                make = environment_of_ecumene if peer is ECUMENE else _maker(peer)
                self.python[known] = make(self.place / peer.adapter)
            result.version = version(self.python[known], peer.packages[0])
        except (InstallError, subprocess.TimeoutExpired) as error:
            result.problem = f"did not install: {error}"

    def measure(self, result: Result) -> None:
        """Cold starts at MAIN, then every size until one would take too long."""
        before = os.getloadavg()[0]
        result.cold = [self.cold(result, self.main) for _ in range(2)]
        for size in self.sizes:
            expected = _next(result.warm, size)
            if size > MAIN and perf_counter() - self.began > WHOLE:
                result.warm[size] = {"problem": "left out for time"}
            elif expected == float("inf"):
                result.warm[size] = {"problem": "left out"}
            elif expected > LIMIT:
                result.warm[size] = {"problem": f"about {expected:.0f} s expected"}
            else:
                result.warm[size] = self.warm(result, size)
        result.load = (before, os.getloadavg()[0])

    @property
    def main(self) -> int:
        return MAIN if MAIN in self.sizes else max(self.sizes)

    def again(self, ours: Result) -> Any:
        return self.warm(ours, self.main)

    def cold(self, result: Result, size: int) -> float:
        """Seconds of one process from its start to its end, with one cascade in it."""
        started = perf_counter()
        found = self.ask(result, str(self.files[size]), str(size), "0")
        seconds = perf_counter() - started
        result.peak = found.get("peak_bytes", 0)
        result.imported = found.get("imported_bytes", 0)
        return seconds if "problem" not in found else float("nan")

    def warm(self, result: Result, size: int) -> Any:
        warm_up = (str(self.files[WARM_UP]), str(WARM_UP))
        return self.ask(result, str(self.files[size]), str(size), str(REPEAT), *warm_up)

    def ask(self, result: Result, *given: str) -> Any:
        """What a process of the tool found, or a problem."""
        print(f"{result.peer.title}: {given[1]} agents", flush=True)
        python = self.python["+".join(result.peer.packages)]
        asked = [str(python), str(MEASURE), result.peer.adapter, *given]
        caches = {"ECUMENE_CACHE": str(self.place / "kernels")}
        try:
            done = subprocess.run(
                asked,
                capture_output=True,
                text=True,
                timeout=LIMIT + REPEAT,
                env=clean() | caches,
                cwd=self.place,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return {"problem": f"more than {LIMIT + REPEAT:.0f} s"}
        if done.returncode:
            return {"problem": done.stderr.strip().splitlines()[-1][:200]}
        return json.loads(done.stdout.strip().splitlines()[-1])


def _maker(peer: Peer) -> Any:
    return lambda folder: environment_of(peer, folder)


def _quick(found: Any) -> bool:
    """Whether a measurement takes so little that it may be repeated."""
    if not found or "problem" in found:
        return False
    return sum(sum(found[part]) for part in ("setup", "begin", "run")) < QUICK


def _next(warm: Mapping[int, Any], size: int) -> float:
    """Seconds that one set-up and run would take at `size`, were cost proportional to size."""
    if not warm:
        return 0.0
    last = max(warm)
    if "problem" in warm[last]:
        return float("inf")
    return seconds(warm[last], "setup", "begin", "run") * size / last


def seconds(found: Any, *parts: str) -> float:
    """The sum of the parts' medians; not a number where there is no measurement."""
    if not found or "problem" in found:
        return float("nan")
    return sum(median(found[part]) for part in parts)
