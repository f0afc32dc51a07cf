"""One cascade through Ecumene and through its peers, in one run; the numbers go into RESULTS.md.

    python -m benchmarks.peers [--sizes 1e3,1e4] [--only mesa,eon] [--out FILE]

Each tool runs in an environment of its own that is thrown away afterwards; Ecumene is measured
again beside each of them, since a machine's speed does not stay the same.
"""

import argparse
import shutil
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from .bench import Bench
from .peers import PEERS
from .plot import draw
from .section import put, section

HERE = Path(__file__).resolve().parent
SIZES = "1e3,1e4,1e5,1e6"


def main() -> int:
    if sys.platform == "win32":
        print("The comparison with the peers needs Linux or macOS.")
        return 0
    asked = arguments()
    sizes = [int(float(size)) for size in asked.sizes.split(",")]
    names = asked.only.split(",") if asked.only else list(PEERS)
    started = datetime.now(UTC)
    place = Path(tempfile.mkdtemp(prefix="ecumene-peers-"))
    try:
        results = Bench(place, sizes, {name: PEERS[name] for name in names}).go()
    finally:
        shutil.rmtree(place, ignore_errors=True)
    text = section(results, started)
    print(text)
    put(Path(asked.out), text)
    draw(results, Path(asked.out).with_name("peers.svg"))
    return 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.peers", description=__doc__)
    parser.add_argument("--sizes", default=SIZES, help="numbers of agents")
    parser.add_argument("--only", default="", help=f"of {', '.join(PEERS)}")
    parser.add_argument("--out", default=str(HERE.parent / "RESULTS.md"))
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
