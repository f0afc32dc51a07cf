"""Stored columns: what an agent carries from step to step, and what that costs.

A rule always meets Python's three kinds of value: whole numbers (64 bits), floats (64 bits) and
truth values. How a column lies in memory is the engine's affair: whole numbers take the smallest
storage that holds their range, steps grow wider when the clock does, flags are bits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..errors import ModelError

NEVER = 1 << 62  # A step that does not come: later than every step, so comparisons read naturally.
NOBODY = -1  # A link that points to no agent.
MOST = (1 << 62) - 1
MOST_CELLS = 1 << 20  # A value's cells go to every shard at every phase: few, not one an agent.
LATEST = 4_000_000_000  # The last step that four bytes hold, rounded down.


@dataclass(frozen=True)
class Stored:
    """A column that is kept: `kind` is one of step, wake, pulse, flag, int, float.

    Of a wake column `low` and `high` are the range of first steps when those are drawn. An
    environment value may have `cells`; they begin with the values `first`, or all with the
    default.
    """

    kind: str
    default: int | float | bool
    low: int = 0
    high: int = MOST
    ahead: int = 0
    cells: int = 0
    first: tuple[int | float, ...] = ()
    link: str = ""  # The population of which it holds identities, and what it shows of them.
    shows: tuple[str, ...] = ()

    @property
    def holds_steps(self) -> bool:
        """Whether its values are steps, `NEVER` among them."""
        return self.kind in ("step", "wake")

    @property
    def drawn(self) -> bool:
        """Whether it begins with steps drawn by luck, for each agent its own."""
        return self.kind == "wake" and self.default == NEVER and self.high != MOST


def step_column(ahead: int = 0, *, cells: int = 0) -> Stored:
    """A column of steps, `NEVER` until it happens.

    A rule may write steps up to `ahead` after the present one (say 14 for "recovers in a
    fortnight"); one byte an agent until step 254, then two, then four.
    """
    if ahead < 0:
        raise ModelError(f"step_column(ahead={ahead}): steps lie ahead or now; type 0 or more.")
    return Stored("step", NEVER, ahead=ahead, cells=_counted(cells))


@dataclass(frozen=True)
class Between:
    """Whole numbers from `low` to `high`, one for each agent by its own luck."""

    low: int
    high: int


def between(low: int, high: int) -> Between:
    """A step from `low` to `high` for each agent, drawn by its luck: all are equally likely."""
    if not 0 <= low <= high < 1 << 31:
        raise ModelError(f"between({low}, {high}): type two steps, the earlier first, from 0 on.")
    return Between(low, high)


def wake_column(first: int | Between = 0, *, ahead: int = 1_000_000_000) -> Stored:
    """When an agent wakes next: a step to come, or `NEVER`; see `ec.awake`.

    `first` is the step in which everybody wakes first, `ec.between(0, 29)` for steps drawn by luck,
    or `NEVER`. A rule may write steps up to `ahead` after the present one. Four bytes an agent;
    two when `ahead=` and all steps stay below 65,535, one below 255.
    """
    low, high = (first.low, first.high) if isinstance(first, Between) else (first, first)
    if not 1 <= ahead <= LATEST or not (low == NEVER or 0 <= low <= high <= ahead):
        raise ModelError(
            f"wake_column(first={first}, ahead={ahead}): first wake in a step from 0 to `ahead` "
            f"(or ec.NEVER), and `ahead` is from 1 to {LATEST:,}."
        )
    if isinstance(first, Between):
        return Stored("wake", NEVER, low, high, ahead)
    return Stored("wake", first, ahead=ahead)


def pulse() -> Stored:
    """A flag that is true for the one step after it is set (two bits an agent)."""
    return Stored("pulse", False)


def flag(*, cells: int = 0) -> Stored:
    """A truth value that stays until it is written again; false at first (one bit an agent)."""
    return Stored("flag", False, cells=_counted(cells))


def whole(
    default: int = 0, *, low: int = 0, high: int = 255, cells: int | Sequence[int] = 0
) -> Stored:
    """A column of whole numbers from `low` to `high`, in the smallest storage that holds them.

    `cells` is for environment values: how many there are, or what each of them begins with.
    """
    first = () if isinstance(cells, int) else tuple(cells)
    for value in first or (default,):
        if not -MOST <= low <= value <= high <= MOST:
            raise ModelError(
                f"whole({value}, low={low}, high={high}): the default must lie in low..high, "
                f"and both within -{MOST}..{MOST}."
            )
    return Stored("int", default, low, high, 0, _counted(cells), first)


def link(population: str, *, shows: Sequence[str] | str = ()) -> Stored:
    """A column that points to agents of `population`: an identity, or `ec.NOBODY` (as at first).

    Rules read it as a number, and each column `shows` of whom it points to as `me.LINK_COLUMN`
    (`me.employer_wage` of `employer=ec.link("firms", shows="wage")`) as it was before the phase:
    0, false, `ec.NEVER` or, of a link, `ec.NOBODY` where it points to nobody.
    """
    shown = (shows,) if isinstance(shows, str) else tuple(shows)
    return Stored("int", NOBODY, NOBODY, MOST, link=population, shows=shown)


def real(default: float = 0.0, *, cells: int | Sequence[float] = 0) -> Stored:
    """A column of 64-bit floats; never NaN. `cells` as those of `ec.whole`."""
    first = () if isinstance(cells, int) else tuple(float(value) + 0.0 for value in cells)
    if any(value != value for value in (default, *first)):
        raise ModelError("real(nan): a column never holds NaN; type a number.")
    return Stored("float", float(default) + 0.0, cells=_counted(cells), first=first)


def happened(step: int) -> bool:
    """Whether a step column's value is a step that came."""
    return step != NEVER


def points(identity: int) -> bool:
    """Whether a link's value points to somebody."""
    return identity != NOBODY


def _counted(cells: int | Sequence[float]) -> int:
    """How many cells there are; 0 stands for one value without cells."""
    count = cells if isinstance(cells, int) else len(cells) or -1
    if not 0 <= count <= MOST_CELLS:
        raise ModelError(f"cells={cells!r}: type 1 to {MOST_CELLS:,} cells, or their values.")
    return count
