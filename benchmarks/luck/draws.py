"""Write a run's raw 64-bit draws to standard output, without end: for PractRand or TestU01.

python benchmarks/luck/draws.py agents|steps|streams|ties|seeds|strided | ...
"""

import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2] / "tests"))
from luck import BLOCK, fold_as_compiled, orders


def main() -> None:
    fill = orders(fold_as_compiled())[sys.argv[1]]
    out, block = np.empty(BLOCK, np.uint64), 0
    while True:
        fill(out, block)
        block += 1
        try:
            sys.stdout.buffer.write(out.data)
        except BrokenPipeError:
            sys.stderr.close()
            return


if __name__ == "__main__":
    main()
