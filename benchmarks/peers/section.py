"""The section of RESULTS.md on the peers, written anew by each run."""

import math
import os
import platform
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from statistics import mean, median
from typing import Any

from .bench import MAIN, Result, seconds
from .graph import DEGREE, share_reached, spread

BEGIN, END = "<!-- peers: begin -->", "<!-- peers: end -->"
TIMES, NONE = "\N{MULTIPLICATION SIGN}", "\N{EN DASH}"
RUN_AIM, WHOLE_AIM = 50, 10  # times as fast as any peer: the run, and with set-up
WHOLE = ("setup", "begin", "run")


def put(file: Path, text: str, begin: str = BEGIN, end: str = END) -> None:
    """Replace the section between two marks in a file, or add it at the end."""
    old = file.read_text(encoding="utf-8") if file.exists() else "# Results\n"
    if begin in old and end in old:
        before, rest = old.split(begin, 1)
        new = before + text + rest.split(end, 1)[1]
    else:
        new = f"{old.rstrip()}\n\n{text}\n"
    file.write_text(new, encoding="utf-8")


def section(results: list[Result], started: datetime) -> str:
    size = MAIN if any(MAIN in result.warm for result in results) else max(results[0].warm)
    parts = [
        BEGIN,
        "## A cascade beside the peers",
        workload(size),
        machine(started),
        main_table(results, size),
        NOTES,
        verdict(results),
        "![Seconds of set-up and run against the number of agents](peers.svg)",
        size_table(results),
        uses(results),
        missing(results),
        quiet(results),
        END,
    ]
    return "\n\n".join(part for part in parts if part)


def workload(size: int) -> str:
    share = 100 * share_reached()
    return (
        "Written by `python -m benchmarks.peers`, a part of `make bench`. The same cascade on the "
        f"same edge list for every tool: a random graph G(n, m) of {size:,} agents with a mean "
        f"degree of {DEGREE}, a chance of 0.2 per tie, tried once in the step after an agent is "
        "reached, 10 starters, until nobody is newly reached. A share S = 1 - exp(-2 S) = "
        f"{share:.2f} % should be reached, with an SD of {100 * spread(size):.2f} points between "
        "cascades."
    )


def machine(started: datetime) -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    ended = datetime.now(UTC)
    return (
        f"{started:%d %B %Y, %H:%M} to {ended:%H:%M} UTC; {processor()}, {os.cpu_count()} cores, "
        f"{memory:.0f} GiB, {platform.system()}, Python {platform.python_version()}."
    )


def processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def main_table(results: list[Result], size: int) -> str:
    head = (
        "| tool | set-up, s | run, s | runs | Ecumene's run is faster by | with set-up by | "
        "cold start, s: first; later | peak memory, MB (of it imports) | reached | as theory says |"
    )
    rows = [row(result, size) for result in results if not result.problem]
    return "\n".join([head, "|---|--:|--:|--:|--:|--:|--:|--:|--:|---|", *rows])


def row(result: Result, size: int) -> str:
    found = result.warm.get(size, {"problem": "not tried"})
    name = f"{result.peer.title} {result.version}"
    if "problem" in found:
        return f"| {name} | {found['problem']} " + f"| {NONE} " * 8 + "|"
    shares = [reached / size for reached in found["reached"]]
    off = (mean(shares) - share_reached()) / spread(size)
    cells = [
        name,
        f"{seconds(found, 'setup', 'begin'):.3g}",
        f"{seconds(found, 'run'):.3g}",
        str(len(found["run"])),
        times(ratio(result, "run")) + reach(result, "run"),
        times(ratio(result, *WHOLE)) + reach(result, *WHOLE),
        "; ".join(NONE if math.isnan(s) else f"{s:.1f}" for s in result.cold),
        f"{result.peak / 1e6:.0f} ({result.imported / 1e6:.0f})",
        f"{100 * mean(shares):.2f} %",
        f"{'yes' if abs(off) < 4 else '**no**'} ({off:+.1f} SD)",
    ]
    return "| " + " | ".join(cells) + " |"


def ratio(result: Result, *parts: str) -> float:
    """How often Ecumene, measured just before and after, does it in the tool's time; of several
    readings the median.
    """
    found = ratios(result, *parts)
    return median(found) if found else float("nan")


def ratios(result: Result, *parts: str) -> list[float]:
    """The same, reading by reading."""
    beside = [seconds(found, *parts) for found in result.beside]
    around = zip(result.readings, pairwise(beside), strict=False)
    return [seconds(found, *parts) / mean(pair) for found, pair in around]


def times(number: float) -> str:
    return NONE if math.isnan(number) else f"{number:.3g} {TIMES}"


def reach(result: Result, *parts: str) -> str:
    """From where to where several readings go."""
    found = ratios(result, *parts)
    return f" ({min(found):.3g} to {max(found):.3g})" if len(found) > 1 else ""


NOTES = (
    "Set-up is reading the edge list and building the network (median of up to five) and making "
    "the model ready to run (median); run is the median of the runs; both in a warm process that "
    "has run a small cascade before. Cold start is a whole process with one cascade, from its "
    "start to its end: the first after installation, compiling included, and a later one. Peak "
    "memory is that of the later one. Ratios are against Ecumene measured directly before and "
    "after the tool; of a quick tool there are several readings in turn with Ecumene's, and their "
    "median is given. Files are in the system's cache."
)


def verdict(results: list[Result]) -> str:
    """Whether the aims are met, tool by tool."""
    lines = [
        f"Aims: the run {RUN_AIM} {TIMES} as fast as any peer's, {WHOLE_AIM} {TIMES} with set-up."
    ]
    for aim, parts, what in ((RUN_AIM, ("run",), "run"), (WHOLE_AIM, WHOLE, "with set-up")):
        known = {r.peer.title: ratio(r, *parts) for r in results[1:] if not r.problem}
        known = {name: value for name, value in known.items() if not math.isnan(value)}
        missed = [f"{name} ({times(value)})" for name, value in known.items() if value < aim]
        met = [name for name, value in known.items() if value >= aim]
        lines.append(
            f"- {what}, {aim} {TIMES}: met against {', '.join(met) or 'none'}; "
            f"**missed** against {', '.join(missed)}."
            if missed
            else f"- {what}, {aim} {TIMES}: met against all ({', '.join(met) or 'none measured'})."
        )
    return "\n".join(lines[:1]) + "\n\n" + "\n".join(lines[1:])


def size_table(results: list[Result]) -> str:
    """Set-up + run by number of agents."""
    sizes = list(results[0].warm)
    head = "| set-up + run, s (runs) | " + " | ".join(f"{n:,} agents" for n in sizes) + " |"
    rows = [
        f"| {r.peer.title} | " + " | ".join(cell(r.warm.get(n)) for n in sizes) + " |"
        for r in results
        if not r.problem
    ]
    return "\n".join([head, "|---|" + "--:|" * len(sizes), *rows])


def cell(found: Any) -> str:
    if not found or "problem" in found:
        return found["problem"] if found else NONE
    whole, run = seconds(found, "setup", "begin"), seconds(found, "run")
    return f"{whole:.3g} + {run:.3g} ({len(found['run'])})"


def uses(results: list[Result]) -> str:
    lines = [f"- {r.peer.title}: {r.peer.uses}; it takes {r.peer.graph}." for r in results]
    return "What of each tool was used:\n\n" + "\n".join(lines)


def missing(results: list[Result]) -> str:
    gone = [f"- {r.peer.title} {r.problem}" for r in results if r.problem]
    return "Not compared:\n\n" + "\n".join(gone) if gone else "Every tool installed and ran."


def quiet(results: list[Result]) -> str:
    cores, loads = os.cpu_count(), [load for r in results for load in r.load if r.version]
    told = "; ".join(
        f"{r.peer.title} {r.load[0]:.1f} to {r.load[1]:.1f}" for r in results if r.version
    )
    again = [seconds(found, "run") for r in results for found in r.beside]
    drift = (
        f" Ecumene's run, measured anew {len(again)} times, had medians from "
        f"{1000 * min(again):.0f} to {1000 * max(again):.0f} ms."
        if again
        else ""
    )
    calm = max(loads, default=0) < 1.5
    return (
        "What was quiet and what was not: nothing was done to keep the machine quiet. Load average "
        f"over one minute on {cores} cores, before and after each tool (the comparison itself is "
        f"one busy process, some libraries more): {told}. "
        + ("Nothing else of weight ran." if calm else "Other work ran at the time.")
        + drift
    )
