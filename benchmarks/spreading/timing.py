"""Two ways in turn, A B A B, in one process; the median of each."""

from concurrent.futures import ThreadPoolExecutor
from statistics import median
from time import perf_counter

SEED = 1
WORKERS = 2


def both(pool: ThreadPoolExecutor, work, size: int) -> None:
    """`work(first, last)` for the two halves of 0..size-1, a thread each."""
    middle = size // 2
    list(pool.map(lambda part: work(*part), [(0, middle), (middle, size)]))


def seconds(work) -> float:
    started = perf_counter()
    work()
    return perf_counter() - started


def in_turn(times: int, ways: dict) -> dict:
    """Each way's seconds, `times` times, one way after the other."""
    found: dict = {name: [] for name in ways}
    for _ in range(times):
        for name, way in ways.items():
            found[name].append(way())
    return found


def medians(found: dict) -> dict:
    return {name: median(values) for name, values in found.items()}


def verdict(value: float, least: float | None = None, most: float | None = None) -> bool:
    return (least is None or value >= least) and (most is None or value <= most)
