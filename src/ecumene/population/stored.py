"""Stored columns: what an agent carries from step to step, and what that costs.

A rule always meets Python's three kinds of value: whole numbers (64 bits), floats (64 bits) and
truth values. How a column lies in memory is the engine's affair: whole numbers take the smallest
storage that holds their range, steps grow wider when the clock does, flags are bits.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import ModelError

NEVER = 1 << 62  # A step that does not come: later than every step, so comparisons read naturally.
MOST = (1 << 62) - 1


@dataclass(frozen=True)
class Stored:
    """A column that is kept: `kind` is one of step, pulse, flag, int, float."""

    kind: str
    default: int | float | bool
    low: int = 0
    high: int = MOST
    ahead: int = 0


def step_column(ahead: int = 0) -> Stored:
    """A column of steps, `NEVER` until it happens.

    A rule may write steps up to `ahead` after the present one (say 14 for "recovers in a
    fortnight"); one byte an agent until step 254, then two, then four.
    """
    if ahead < 0:
        raise ModelError(f"step_column(ahead={ahead}): steps lie ahead or now; type 0 or more.")
    return Stored("step", NEVER, ahead=ahead)


def pulse() -> Stored:
    """A flag that is true for the one step after it is set (two bits an agent)."""
    return Stored("pulse", False)


def flag() -> Stored:
    """A truth value that stays until it is written again; false at first (one bit an agent)."""
    return Stored("flag", False)


def whole(default: int = 0, *, low: int = 0, high: int = 255) -> Stored:
    """A column of whole numbers from `low` to `high`, in the smallest storage that holds them."""
    if not -MOST <= low <= default <= high <= MOST:
        raise ModelError(
            f"whole({default}, low={low}, high={high}): the default must lie in low..high, "
            f"and both within -{MOST}..{MOST}."
        )
    return Stored("int", default, low, high)


def real(default: float = 0.0) -> Stored:
    """A column of 64-bit floats; never NaN."""
    if default != default:
        raise ModelError("real(nan): a column never holds NaN; type a number.")
    return Stored("float", float(default) + 0.0)


def happened(step: int) -> bool:
    """Whether a step column's value is a step that came."""
    return step != NEVER
