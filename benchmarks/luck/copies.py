"""Search for copies among streams at length: values, xors, sums, bits in another order, halves.

python benchmarks/luck/copies.py [LOG2_DRAWS_OF_EACH_STREAM]
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
from tests import test_random_battery as battery
from tests.luck import drawn_by, fold_as_compiled

CHECKS = [
    battery.no_draw_comes_twice,
    battery.no_stream_is_another_xored_or_added_to,
    battery.no_stream_is_another_with_its_bits_in_another_order,
    battery.halves_collide_as_often_as_chance_has_it,
]


def main() -> None:
    battery.LENGTH = 1 << int(sys.argv[1] if len(sys.argv) > 1 else 14)
    draws = drawn_by(fold_as_compiled())
    streams, length = battery.streams(draws).shape
    print(f"{streams} streams of {length} draws")
    for check in CHECKS:
        print("yes" if check(draws) else "NO ", check.__name__, flush=True)


if __name__ == "__main__":
    main()
