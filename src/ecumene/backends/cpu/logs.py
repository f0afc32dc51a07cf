"""What the lists and logs of encounters and meetings are made of, and what they take of memory."""

from __future__ import annotations

import numpy as np

from ...population import Stored
from ..matching import all_meet
from ..program import Program
from ..ruled import Facing
from .binning import room_bytes
from .facing import logged
from .pairs import MEAN
from .sampling import FEW as SAMPLED_AT_ONCE
from .storage import storage_type

KINDS = {"flag": np.bool_, "pulse": np.bool_, "float": np.float64, "bool": np.bool_}


def log_bytes(program: Program, facing: Facing, size: int) -> int:
    """What the lists and the log of a rule occupy in a shard; who acts by chance counts as none."""
    rule = facing.rule
    place = np.dtype(place_kind(program)).itemsize
    acting = {"everyone": size}.get(rule.on.kind, 0)
    if rule.on.kind == "sample":
        acting = min(size, program.sample_count(rule))
    stored = [program.stored[column] for column in logged(program, facing)]
    each = sum(1 if s.kind in KINDS and s.kind != "float" else width(s) for s in stored)
    if all_meet(rule, program.is_open):
        return acting * each
    each += place
    fixed = 0
    if rule.on.kind == "sample" and acting >= SAMPLED_AT_ONCE:
        fixed = room_bytes(program.sample_count(rule), program.people, size, place)
    if rule.kind == "meeting":  # whom each meets, its bucket, and its group
        each += 2 * place + 8 // MEAN + (8 if rule.within else 0)
    return acting * each + fixed


def width(stored: Stored) -> int:
    """The bytes of one value."""
    return np.dtype(storage_type(stored, 0)).itemsize


def place_kind(program: Program) -> type:
    """The type of a list of places."""
    return np.int32 if program.agents < 1 << 31 else np.int64
