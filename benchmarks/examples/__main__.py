"""How long the examples take: python -m benchmarks.examples [--agents 1e6] [--steps 20] [--write]

Each runs over so many agents on all cores; compiling and allocation stand in a column of their
own. `--write` puts the table into RESULTS.md.
"""

import argparse
import importlib.util
import os
import platform
from pathlib import Path
from statistics import median
from time import perf_counter

import ecumene as ec

from ..peers.section import processor, put
from ..spreading.section import load, now

ROOT = Path(__file__).parents[2]
BEGIN, END = "<!-- examples: begin -->", "<!-- examples: end -->"


def example(name):
    spec = importlib.util.spec_from_file_location(name, ROOT / "examples" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return getattr(module, name)


def measured(name: str, agents: int, steps: int) -> str:
    """A row of the table: set-up, and the median, least and greatest time of a step."""
    values = {"supply": agents * 3 // 10} if name == "market" else {}
    model = example(name).build(agents=agents, **values)
    started = perf_counter()
    simulation = ec.Simulation(model, seed=1, threads=os.cpu_count() or 1)
    ready, times = perf_counter() - started, []
    while len(times) < steps:
        started = perf_counter()
        if not simulation.advance():
            break
        times.append(perf_counter() - started)
    cells = [name, f"{ready:.2f}", f"{median(times):.4f}", f"{min(times):.4f}", f"{max(times):.4f}"]
    return "| " + " | ".join([*cells, f"{sum(times):.2f}", str(len(times))]) + " |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--agents", default="1e6")
    parser.add_argument("--steps", type=int, default=60)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    agents, before = int(float(asked.agents)), load()
    names = sorted(path.stem for path in (ROOT / "examples").glob("*.py"))
    rows = [measured(name, agents, asked.steps) for name in names]
    text = "\n".join(
        [
            BEGIN,
            "## The examples\n",
            "Written by `python -m benchmarks.examples --write`: `examples/` over "
            f"{agents:,} agents, up to {asked.steps} steps, {os.cpu_count()} threads. "
            f"{now()}; {processor()}, Python {platform.python_version()}; "
            f"load {before} to {load()}.\n",
            "| example | compiled and ready, s | a step, s | least | greatest | all, s | steps |",
            "|---|--:|--:|--:|--:|--:|--:|",
            *rows,
            END,
        ]
    )
    print(text)
    if asked.write:
        put(ROOT / "benchmarks" / "RESULTS.md", text, BEGIN, END)


if __name__ == "__main__":
    main()
