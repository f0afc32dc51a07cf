"""Ecumene's luck and its matchings for the loops written by hand: the same text, compiled alone."""

from collections import namedtuple

import numpy as np
from numba import njit

import ecumene as ec
from ecumene.backends import name_number
from ecumene.backends.words import column_key
from ecumene.networks import ends
from ecumene.random import MASK
from ecumene.random import fold as plain_fold
from ecumene.rules.source import Reach

Net = namedtuple("Net", "agents side per_side ties keys")
Listed = namedtuple("Listed", "start target number")
MATCHING = ("row", "locate", "settle", "number", "other", "settle_other")


def _compiled():
    """The functions by name; each call inlined, as one who writes a loop by hand would have it."""
    reach = Reach()
    stages = ec.matchings(1).lowered(2, 0).stages
    wanted = {"fold": plain_fold} | {name: getattr(stages, name) for name in MATCHING}
    names = {name: reach.add(function, name) for name, function in wanted.items()}
    space = {"int": np.int64, "float": np.float64, "unsigned": np.uint64}
    space["jit"] = njit(nogil=True, forceinline=True)
    exec("\n".join(f"@jit\n{d}" for d in reach.definitions), space)
    return {name: space[spelled] for name, spelled in names.items()}


_functions = _compiled()
fold, row, locate = (_functions[n] for n in ("fold", "row", "locate"))
settle, number, other = (_functions[n] for n in ("settle", "number", "other"))
settle_other = _functions["settle_other"]


def net_of(program, name="contacts") -> Net | Listed:
    lowered_net = program.networks[name]
    if lowered_net.kind == "rows":
        start, both = (lowered_net.arrays[field] for field in ("start", "ends"))
        return Listed(start, ends.whom(both), ends.tie(both))
    return Net(**lowered_net.numbers, **lowered_net.arrays)


def luck_of(program, rule: str, step: int = 0) -> np.uint64:
    """The key of a rule's luck; the step matters where it draws anew each step."""
    parts = [p for phase in program.phases for p in phase if p.rule.name == rule]
    return np.uint64(program.luck(parts[0], step))


def threshold(p: float) -> np.uint64:
    """The 64-bit number below which a draw passes with chance `p`, for 0 < p < 1."""
    return np.uint64(int(p * 2.0**64))


@njit(nogil=True)
def digest_column(values, default, low_key, high_key):
    """The two sums of a column's hashes over agents whose value is not the default."""
    low, high = np.uint64(0), np.uint64(0)
    for i in range(values.shape[0]):
        if values[i] != default:
            word = np.uint64(values[i])
            low += fold(fold(low_key, np.uint64(i)), word)
            high += fold(fold(high_key, np.uint64(i)), word)
    return low, high


def digest(columns: dict, step: int) -> str:
    """The digest of columns, each with its default, as `Simulation.digest` says it."""
    halves = [0, 0]
    for name, (values, default) in columns.items():
        keys = [np.uint64(column_key(name, half)) for half in (0, 1)]
        for half, total in enumerate(digest_column(values, default, *keys)):
            halves[half] += int(total)
    at = name_number("environment:step")
    ends = [plain_fold(plain_fold(at, half), step) for half in (0, 1)]
    return "".join(f"{(h + e) & MASK:016x}" for h, e in zip(halves, ends, strict=True))
