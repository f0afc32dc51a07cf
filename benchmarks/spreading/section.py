"""The section of RESULTS.md on spreading, written from what is known of every row."""

import os
import platform
from datetime import UTC, datetime

from ..peers.section import processor, put
from .rows import ROWS

__all__ = ["BEGIN", "END", "load", "now", "put", "section", "table"]
BEGIN, END = "<!-- spreading: begin -->", "<!-- spreading: end -->"

NOTES = (
    "Each hand loop (`benchmarks/spreading/hands.py`, `dense.py`) is written for its one rule, "
    "draws the very same 64-bit luck over the same network, compiled from Ecumene's own text, and "
    "ends with the same digest (checked in every repetition). Engine and loop take turns in one "
    "process, two threads each; numbers are medians. Speed is the loop's time over the engine's. "
    "Each row ran in a process of its own; allocation and starting values are in neither's time."
)


def now() -> str:
    return f"{datetime.now(UTC):%d %B %Y, %H:%M} UTC"


def load() -> float:
    return round(os.getloadavg()[0], 2)


def section(known: dict) -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    machine = (
        f"{processor()}, {os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()}, "
        f"Python {platform.python_version()}."
    )
    head = "Written by `python -m benchmarks.spreading --write`, a part of `make bench`."
    parts = [BEGIN, "## Spreading beside loops by hand", f"{head} {machine}", table(known)]
    return "\n\n".join([*parts, NOTES, limits(known), missed(known), END])


def table(known: dict) -> str:
    head = "| work | must | found | met | repeated | measured, load before and after |"
    rows = [row(name, known[name]) for name in ROWS if name in known]
    return "\n".join([head, "|---|---|---|---|--:|---|", *rows])


def row(name: str, found: dict) -> str:
    at = f"{found.get('at', '')}; {found.get('load', 0)} to {found.get('load_after', 0)}"
    if "problem" in found:
        return (
            f"| {ROWS[name].title} | {ROWS[name].must} | {found['problem']} | **no** | 0 | {at} |"
        )
    met = "yes" if found["met"] else "**no**"
    cells = [ROWS[name].title, ROWS[name].must, told(found), met, str(found["times"]), at]
    return "| " + " | ".join(cells) + " |"


def told(found: dict) -> str:
    """What was found, in words."""
    said = {
        "ratio": lambda v: f"**{v:.2f}** of the hand loop's speed",
        "of_copy": lambda v: f"{100 * v:.0f} % of a copy loop",
        "of_memcpy": lambda v: f"{100 * v:.0f} % of memcpy",
        "copyto_one_thread_s": lambda v: f"np.copyto, one thread: {v:.3g} s",
        "reads_per_s": lambda v: f"{v:.3g} reads/s",
        "ties_per_touch": lambda v: f"**{v:.2f}** ties a touch",
        "ties_per_s": lambda v: f"{v:.3g} ties/s",
        "times_of_1e8": lambda v: f"**{v:.1f}** x 1e8",
        "spread": lambda v: f"{v[0]:.1f} to {v[1]:.1f} in single pairs",
        "first_s": lambda v: f"{v:.1f} s",
        "later_s": lambda v: f"{v:.2f} s",
        "engine_s": lambda v: duration(v),
        "hand_s": lambda v: f"hand loop {duration(v)}",
        "process_s": lambda v: f"whole process {v:.1f} s",
        "peak_bytes": lambda v: f"{v / 1e9:.2f} GB",
        "few_s": lambda v: f"{duration(v)} with <= 100 active" if v else "",
        "many_s": lambda v: f"{duration(v)} with 500 and more" if v else "",
        "same_digest": lambda v: "" if v else "**another digest**",
    }
    parts = [say(found[key]) for key, say in said.items() if key in found]
    return "; ".join(part for part in parts if part)


def duration(s: float) -> str:
    return f"{1e6 * s:.0f} us" if s < 1e-3 else f"{s:.3g} s"


def limits(known: dict) -> str:
    found = known.get("limits")
    if not found or "problem" in found:
        return "The machine's limits were not measured."
    return (
        "The machine in the same run, two threads: "
        f"{found['copy_bytes_per_s'] / 1e9:.1f} GB/s copied (memcpy of 1 GB), "
        f"{found['touches_per_s']:.3g} random bytes of 1 GB read and written a second "
        f"(transparent huge pages: {found['huge_pages']}), {found['draws_per_s']:.3g} draws/s."
    )


def missed(known: dict) -> str:
    names = [ROWS[n].title for n in ROWS if n in known and not known[n].get("met")]
    absent = [ROWS[n].title for n in ROWS if n not in known]
    text = f"Missed: {'; '.join(names)}." if names else "All that was measured is met."
    return text + (f" Not measured: {'; '.join(absent)}." if absent else "")
