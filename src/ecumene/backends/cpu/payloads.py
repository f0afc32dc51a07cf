"""In which types payloads travel and are combined: as narrow as their rules' texts allow.

What arrives stands in an array of all agents and is met in no order: the narrower it is, the more
of a block of receivers stays in a core's cache.
"""

from __future__ import annotations

import numpy as np

from ...rules import Bounds, returned
from ..program import Program
from ..ruled import Spreading
from .storage import FLAGS, STEP_WIDTHS, whole_type


def payload_type(program: Program) -> type:
    """The type in which every rule's payloads travel."""
    parts = [p for phase in program.phases for p in phase if isinstance(p, Spreading)]
    types = [_type(_sent(program, part)) for part in parts if part.rule.carries]
    return max(types, key=_width, default=np.uint8)


def arrival_type(program: Program, part: Spreading) -> type:
    """The type in which arrivals are combined; counts no wider than the ties that may count."""
    most = program.networks[part.rule.over].most
    if part.rule.combine == "count":
        fits = (t for t in STEP_WIDTHS if most is not None and most <= np.iinfo(t).max)
        return next(fits, np.int32)
    bounds = _arriving(program, part)
    if part.rule.combine != "sum" or bounds is None:
        return _type(bounds)
    return np.int64 if most is None else whole_type(*(most * bound for bound in _with_0(bounds)))


def arrival_bytes(program: Program, part: Spreading) -> int:
    """What is kept for each agent of what arrives, besides the fact that something did."""
    if part.rule.combine == "any":
        return 0
    return _width(arrival_type(program, part)) + 8 * (part.rule.combine == "pick")


def _sent(program: Program, part: Spreading) -> Bounds | None:
    return returned(part.rule.send, bounds_of(program, part.reads))


def _arriving(program: Program, part: Spreading) -> Bounds | None:
    """What may be combined: what is sent, or what the receiver makes of it."""
    rule, sent = part.rule, _sent(program, part)
    if rule.receive is None:
        return sent
    return returned(rule.receive, bounds_of(program, part.receiver_reads), sent)


def bounds_of(program: Program, reads: tuple[str, ...]) -> dict[str, Bounds]:
    """Between which numbers lies what an agent has in columns whose values are checked."""
    found: dict[str, Bounds] = {}
    for name in reads:
        stored = program.stored.get(name)
        if stored is None or stored.holds_steps or stored.kind == "float":
            continue
        found[name] = (0, 1) if stored.kind in FLAGS else (stored.low, stored.high)
    return found


def _with_0(bounds: Bounds) -> Bounds:
    return min(0, bounds[0]), max(0, bounds[1])


def _type(bounds: Bounds | None) -> type:
    return np.int64 if bounds is None else whole_type(*bounds)


def _width(kind: type) -> int:
    return np.dtype(kind).itemsize
