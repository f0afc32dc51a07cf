"""Times one adapter in the environment of its tool, and prints what it found as JSON.

    python measure.py ADAPTER FILE AGENTS SECONDS [WARM_UP_FILE WARM_UP_AGENTS]

With a file to warm up on, set-ups and runs are repeated until there are enough or SECONDS are
spent; without one, there is one of each. Needs the standard library only.
"""

import importlib
import json
import platform
import sys
from pathlib import Path
from time import perf_counter
from typing import Any

ENOUGH, PLENTY = 5, 15  # repetitions wanted, and at most where they cost little


def main(adapter: str, file: str, agents: str, seconds: str, *warm_up: str) -> None:
    tool = importlib.import_module(adapter)
    imported = peak()
    if warm_up:
        once(tool, warm_up[0], int(warm_up[1]), 0)
    end = perf_counter() + float(seconds) if warm_up else 0.0
    found = repeated(tool, file, int(agents), end)
    said = {"python": platform.python_version(), "imported_bytes": imported, "peak_bytes": peak()}
    print("\n" + json.dumps(found | said))


def once(tool: Any, file: str, agents: int, seed: int) -> int:
    return int(tool.run(tool.begin(tool.setup(file, agents), seed)))


def repeated(tool: Any, file: str, agents: int, end: float) -> dict[str, list[Any]]:
    """Set-ups and runs, at least one; a set-up is repeated with each of the first runs."""
    found: dict[str, list[Any]] = {"setup": [], "begin": [], "run": [], "reached": []}
    for seed in range(1, PLENTY + 1):
        if seed <= ENOUGH:
            network = None  # the one before is let go first
            network = timed(found["setup"], tool.setup, file, agents)
        model = timed(found["begin"], tool.begin, network, seed)
        found["reached"].append(int(timed(found["run"], tool.run, model)))
        del model
        spent, round_cost = perf_counter(), sum(found[part][-1] for part in ("setup", "run"))
        if spent + round_cost > end or (seed >= ENOUGH and round_cost > 0.5):
            break
    return found


def timed(into: list[float], work: Any, *given: Any) -> Any:
    started = perf_counter()
    result = work(*given)
    into.append(perf_counter() - started)
    return result


def peak() -> int:
    """The most memory this process has held, in bytes; 0 where Linux's /proc is not there."""
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(x.split()[1]) * 1024 for x in lines if x.startswith("VmHWM")), 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
