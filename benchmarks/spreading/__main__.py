"""The engine beside loops written by hand for one rule each, and beside the machine's limits.

    python -m benchmarks.spreading [--rows cascade,threshold] [--scale 0.1] [--write]

Every row runs in a process of its own, engine and hand loop in turn, two threads for both, and is
kept as soon as it is known (`measured.json`), so that a run may be interrupted and taken up row by
row. `--write` puts all known rows into RESULTS.md. `--scale` shrinks every size, to try it out;
what it finds is shown and not kept.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path

from .rows import ROWS
from .section import BEGIN, END, load, now, put, section, table

HERE = Path(__file__).resolve().parent
KEPT = HERE / "measured.json"
LIMIT = 900  # seconds that one row may take


def main() -> int:
    asked = arguments()
    if asked.row:
        print(json.dumps(ROWS[asked.row].measure(asked.scale)))
        return 0
    known = json.loads(KEPT.read_text()) if KEPT.exists() else {}
    names = asked.rows.split(",") if asked.rows else list(ROWS)
    for name in names:
        print(f"{name} ...", flush=True)
        found = measured(name, asked.scale)
        print(table({name: found}), flush=True)
        known[name] = found
        if asked.scale == 1.0 and "problem" not in found:
            KEPT.write_text(json.dumps(known, indent=1, sort_keys=True) + "\n")
    if asked.write:
        put(Path(asked.out), section(known), BEGIN, END)
    return 0


def measured(name: str, scale: float) -> dict:
    """What a process of its own found for one row, with when and under what load it did."""
    command = [sys.executable, "-m", "benchmarks.spreading", "--row", name, "--scale", str(scale)]
    before = {"at": now(), "load": load()}
    try:
        done = subprocess.run(
            command, stdout=subprocess.PIPE, text=True, timeout=LIMIT, cwd=HERE.parents[1]
        )
    except subprocess.TimeoutExpired:
        return {**before, "problem": f"more than {LIMIT} s"}
    if done.returncode:
        return {**before, "problem": f"ended with status {done.returncode}"}
    return {**before, **json.loads(done.stdout.splitlines()[-1]), "load_after": load()}


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.spreading", description=__doc__)
    parser.add_argument("--rows", default="", help=f"of {', '.join(ROWS)}")
    parser.add_argument("--scale", type=float, default=1.0, help="shrinks all sizes")
    parser.add_argument("--write", action="store_true", help="put what is known into --out")
    parser.add_argument("--out", default=str(HERE.parent / "RESULTS.md"))
    parser.add_argument("--row", choices=list(ROWS), help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
