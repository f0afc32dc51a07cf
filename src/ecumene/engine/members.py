"""One population's agents of one shard."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from ..backends import Program, Shard


class Member(NamedTuple):
    """A population's agents of one shard, with the program that says what they do."""

    program: Program
    shard: Shard


Members = Mapping[str, Member]  # All of one shard, by the names of their populations.
