"""What is timed: one entry a row, each a function of the scale, run in a process of its own."""

import gc
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np

import ecumene as ec
from ecumene.engine.lower import lowered

from . import dense, hands, models
from .luck import luck_of, net_of, threshold
from .shell import billion, cold, everybody, memory
from .timing import SEED, WORKERS, both, in_turn, medians, seconds, verdict

LIMITS = 15  # Rounds of what the machine can do: none of it takes long, and all of it varies.
SMALL = 20_000  # agents that everything is compiled with, before time is taken
HANDS = {
    "cascade": hands.Cascade,
    "edge_list": hands.EdgeList,
    "threshold": hands.Threshold,
    "receiver": hands.Receiver,
    "pick": hands.Pick,
    "two_columns": hands.TwoColumns,
}


@dataclass(frozen=True)
class Row:
    """What it is, what it must reach, and how it is found."""

    title: str
    must: str
    measure: Callable[[float], dict]


# -- spreading, beside loops by hand ---------------------------------------------------------------


def spreading(name: str, agents: float, least: float, times: int) -> Callable[[float], dict]:
    def measure(scale: float) -> dict:
        _spread(name, SMALL)
        found = in_turn(times, _ways(name, int(agents * scale)))
        engine, hand = (median(s for s, _ in found[way]) for way in ("engine", "hand"))
        digests = {digest for way in found.values() for _, digest in way}
        ratio = hand / engine
        return {
            "agents": int(agents * scale),
            "times": times,
            "engine_s": engine,
            "hand_s": hand,
            "ratio": ratio,
            "same_digest": len(digests) == 1,
            "met": verdict(ratio, least) and len(digests) == 1,
        }

    return measure


def _ways(name: str, agents: int) -> dict:
    return {"engine": lambda: _engine(name, agents), "hand": lambda: _hand(name, agents)}


def _spread(name: str, agents: int) -> None:
    for way in _ways(name, agents).values():
        way()


def _engine(name: str, agents: int) -> tuple[float, str]:
    gc.collect()
    simulation = ec.Simulation(getattr(models, name)(agents), seed=SEED, threads=WORKERS)

    def run() -> None:
        while simulation.advance():
            pass

    return seconds(run), simulation.digest()


def _hand(name: str, agents: int) -> tuple[float, str]:
    gc.collect()
    loop = HANDS[name](lowered(getattr(models, name)(agents), SEED))
    steps: list[int] = []
    return seconds(lambda: steps.append(loop.run())), loop.digest(steps[0])


# -- everyone ----------------------------------------------------------------------------------


def dense_rule(scale: float) -> dict:
    agents = int(1e9 * scale)
    pool = ThreadPoolExecutor(WORKERS)
    simulation = ec.Simulation(models.dense(agents), seed=SEED, threads=WORKERS)
    # Written once: fresh zeros are all one page of memory, which a copy would read from its cache.
    old, new = np.ones(agents, np.uint8), np.zeros(agents, np.uint8)
    ways = {
        "engine": simulation.advance,
        "hand": lambda: both(pool, lambda a, b: dense.drift(old, new, a, b), agents),
        "copy": lambda: both(pool, lambda a, b: dense.copy(old, new, a, b), agents),
        "memcpy": lambda: both(pool, lambda a, b: dense.memcpy(old, new, a, b), agents),
        "copyto": lambda: np.copyto(new, old),
    }
    for way in ways.values():
        way()
    found = in_turn(5, {name: lambda way=way: seconds(way) for name, way in ways.items()})
    middle = medians(found)
    ratios = {way: middle[way] / middle["engine"] for way in ("hand", "copy", "memcpy")}
    return {
        "agents": agents,
        "times": 5,
        "engine_s": middle["engine"],
        "hand_s": middle["hand"],
        "copy_s": middle["copy"],
        "memcpy_s": middle["memcpy"],
        "copyto_one_thread_s": middle["copyto"],
        "ratio": ratios["hand"],
        "of_copy": ratios["copy"],
        "of_memcpy": ratios["memcpy"],
        "met": verdict(min(ratios["copy"], ratios["memcpy"]), 0.6),
    }


def dense_draw(scale: float) -> dict:
    agents = int(1e9 * scale)
    pool = ThreadPoolExecutor(WORKERS)
    model = models.dense(agents, models.gamble)
    simulation = ec.Simulation(model, seed=SEED, threads=WORKERS)
    buffers = [np.zeros(agents, np.uint8), np.zeros(agents, np.uint8)]
    below = threshold(0.3)

    def by_hand() -> None:
        luck = luck_of(simulation.program, "gamble", simulation.step - 1)
        both(pool, lambda a, b: dense.gamble(*buffers, a, b, luck, below), agents)
        buffers.reverse()

    ways = {"engine": simulation.advance, "hand": by_hand}
    for way in ways.values():
        way()
    found = in_turn(5, {name: lambda way=way: seconds(way) for name, way in ways.items()})
    middle = medians(found)
    places = np.arange(0, agents, max(1, agents // 100_000))
    same = bool(np.array_equal(simulation.values("mood", places), buffers[0][places]))
    ratio = middle["hand"] / middle["engine"]
    return {
        "agents": agents,
        "times": 5,
        "engine_s": middle["engine"],
        "hand_s": middle["hand"],
        "ratio": ratio,
        "same_digest": same,
        "met": verdict(ratio, 0.9) and same,
    }


def gather(scale: float) -> dict:
    agents = int(1e8 * scale)
    pool = ThreadPoolExecutor(WORKERS)
    simulation = ec.Simulation(models.gather(agents), seed=SEED, threads=WORKERS)
    net = net_of(simulation.program)
    mood = simulation.column("mood").astype(np.uint8)
    around = np.zeros(agents, np.int32)

    def half(first: int, last: int) -> None:
        room = (np.empty(dense.TILE, np.int64), np.empty(dense.TILE, np.int64))
        dense.gather(mood, around, first, last, net, *room)

    ways = {"engine": simulation.advance, "hand": lambda: both(pool, half, agents)}
    for way in ways.values():
        way()
    found = in_turn(5, {name: lambda way=way: seconds(way) for name, way in ways.items()})
    middle = medians(found)
    sums = simulation._shards[0].state.names["acc_show"]
    same = bool(np.array_equal(sums, around))
    reads = agents * models.DEGREE
    ratio, rate = middle["hand"] / middle["engine"], reads / middle["engine"]
    return {
        "agents": agents,
        "times": 5,
        "engine_s": middle["engine"],
        "hand_s": middle["hand"],
        "ratio": ratio,
        "reads_per_s": rate,
        "hand_reads_per_s": reads / middle["hand"],
        "same_digest": same,
        "met": (rate >= 1.2e8 or ratio >= 0.8) and same,
    }


def small_step(scale: float) -> dict:
    """A cascade below its threshold: steps of at most a thousand active agents.

    Most steps of such a cascade have few; those of 500 and more have to meet what must be, too.
    """
    agents = int(1e9 * scale)
    times: list[float] = []
    active: list[int] = []
    for seed in range(3):
        model = models.cascade(agents, transmission=0.1, seeds=900)
        simulation = ec.Simulation(model, seed=seed, threads=WORKERS)
        while True:
            now = len(simulation.up("reached_now"))
            took = seconds(simulation.advance)
            if not 0 < now <= 1000 or len(times) > 500:
                break
            times.append(took)
            active.append(now)
        del simulation
        gc.collect()
    few = [t for t, n in zip(times, active, strict=True) if n <= 100]
    many = [t for t, n in zip(times, active, strict=True) if n >= 500]
    middle = median(times)
    return {
        "agents": agents,
        "times": len(times),
        "engine_s": middle,
        "few_s": median(few) if few else None,
        "many_s": median(many) if many else None,
        "active": median(active),
        "met": verdict(max(middle, median(many) if many else 0), most=50e-6),
    }


# -- what the machine can do -----------------------------------------------------------------------


def limits(scale: float) -> dict:
    """Copy bandwidth, random byte touches, draws; and the cascade's ties by the touch."""
    pool = ThreadPoolExecutor(WORKERS)
    count, agents, copied = int(1e8 * scale), int(1e8 * scale), int((1 << 30) * scale)
    whole = dense.huge(1 << 30)
    new = dense.huge(copied)
    luck = np.uint64(0x9E3779B97F4A7C15)
    ways = {
        "touch": lambda: both(
            pool, lambda a, b: dense.touch(whole, luck + np.uint64(a), b - a), count
        ),
        "draws": lambda: both(
            pool, lambda a, b: dense.draws(luck + np.uint64(a), b - a), 10 * count
        ),
        "copy": lambda: both(pool, lambda a, b: dense.memcpy(whole, new, a, b), copied),
    }
    for way in ways.values():
        way()
    _engine("cascade", SMALL)
    tested: list[int] = []

    def cascade() -> float:
        model = models.cascade(agents)
        simulation = ec.Simulation(model, seed=SEED, threads=WORKERS)

        def run() -> None:
            while simulation.advance():
                pass

        took = seconds(run)
        tested[:] = [simulation.measure()["reached"] * models.DEGREE]
        return took

    timed = {name: lambda way=way: seconds(way) for name, way in ways.items()}
    middle = medians(in_turn(LIMITS, {**timed, "cascade": cascade}))
    touches, ties = count / middle["touch"], tested[0] / middle["cascade"]
    return {
        "agents": agents,
        "times": LIMITS,
        "touches_per_s": touches,
        "draws_per_s": 10 * count / middle["draws"],
        "copy_bytes_per_s": copied / middle["copy"],
        "ties_per_s": ties,
        "ties_per_touch": ties / touches,
        "huge_pages": _huge_pages(),
        "met": verdict(ties / touches, 4.0),
    }


def _huge_pages() -> str:
    setting = Path("/sys/kernel/mm/transparent_hugepage/enabled")
    return setting.read_text().strip() if setting.exists() else "unknown"


ROWS = {
    "limits": Row(
        "the machine: ties tested in `cascade` at 1e8 by random byte touch (1 GB, huge pages)",
        ">= 4 ties a touch",
        limits,
    ),
    "cascade": Row(
        "`cascade` at 1e8", ">= 0.9 of the hand loop", spreading("cascade", 1e8, 0.9, 5)
    ),
    "edge_list": Row(
        "`cascade` over an edge list of 5e6 ties",
        ">= 0.87 of the hand loop",
        spreading("edge_list", 1e6, 0.87, 7),
    ),
    "threshold": Row(
        "threshold with `count`", ">= 0.87 of the hand loop", spreading("threshold", 3e7, 0.87, 5)
    ),
    "receiver": Row(
        "a chance that depends on the receiver",
        ">= 0.87 of the hand loop",
        spreading("receiver", 3e7, 0.87, 5),
    ),
    "pick": Row(
        "a payload with `pick`", ">= 0.87 of the hand loop", spreading("pick", 3e7, 0.87, 5)
    ),
    "two_columns": Row(
        "two columns written", ">= 0.87 of the hand loop", spreading("two_columns", 3e7, 0.87, 5)
    ),
    "dense": Row(
        "everyone at 1e9, a byte read and written", ">= 60 % of a copy loop and memcpy", dense_rule
    ),
    "dense_draw": Row("the same with a draw each", ">= 0.9 of the hand loop", dense_draw),
    "gather": Row(
        "each of 1e8 looks at 10 neighbours",
        ">= 1.2e8 reads/s or >= 0.8 of a hand-tiled loop",
        gather,
    ),
    "small_step": Row("a step of <= 1,000 active among 1e9", "<= 50 us", small_step),
    "memory": Row("`cascade` at 1e8 from the shell", "<= 0.6 GB", memory),
    "billion": Row("`cascade` at 1e9 from the shell", "<= 12 x that of 1e8, <= 2.5 GB", billion),
    "everybody": Row("`cascade` at 8.2e9 from the shell", "<= 300 s, <= 16 GB", everybody),
    "cold": Row("1e6 from the shell: first run; later", "<= 20 s; <= 3 s", cold),
}
