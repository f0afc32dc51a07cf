"""Numbers, names and sizes as people read them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, cast

BYTES = ("bytes", "KB", "MB", "GB", "TB")
MISSING = "not stated"


def number(value: object) -> str:
    """Thousands separated, four significant digits; a gap in words."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if not isinstance(value, float) or not math.isfinite(value):
        return text(value)
    if not value or 1e-3 <= abs(value) < 1e15:
        whole = abs(value) >= 1000
        return f"{value:,.0f}" if whole else f"{value:.4g}"
    return f"{value:.3e}"


def exact(value: object) -> str:
    """A value as it was set: shortest repr, thousands separated."""
    if isinstance(value, float) and math.isfinite(value):
        return f"{value:,.0f}" if value.is_integer() and abs(value) < 1e15 else repr(value)
    return number(value)


def percent(value: object) -> str:
    """A share in per cent, with as many digits as tell it from none and from all."""
    if value is None or isinstance(value, str) or not math.isfinite(cast("float", value)):
        return text(None)
    share = 100 * cast("float", value)
    if share in (0.0, 100.0):
        return f"{share:.0f} %"
    digits = next((d for d in range(1, 10) if f"{share:.{d}f}" not in _edges(d)), 10)
    return f"{share:.{digits}f} %"


def _edges(digits: int) -> tuple[str, str]:
    """None and all, written with so many digits."""
    return f"{0:.{digits}f}", f"{100:.{digits}f}"


def quantity(name: str, value: object) -> str:
    """The value of a measure: a share in per cent, anything else as a number."""
    return amount(value, is_share(name))


def amount(value: object, share: bool) -> str:
    """A share in per cent, anything else as a number."""
    return percent(value) if share else number(value)


def is_share(name: str) -> bool:
    """Whether a measure's name says that it is a share."""
    return name.removesuffix("]").split("[")[0].lower().split("_by_")[0].endswith("share")


def name(measure: str) -> str:
    """A measure's or parameter's name with spaces."""
    return measure.replace("_", " ")


def seconds(value: float | None) -> str:
    """A duration in its natural unit."""
    if value is None:
        return MISSING
    if value < 0.0995:
        return f"{1000 * value:.2g} ms"
    if value < 99.5:
        return f"{value:.3g} s"
    minutes, rest = divmod(round(value), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"


def size(count: float | None) -> str:
    """Bytes in their natural unit (powers of 1000)."""
    if count is None:
        return MISSING
    power = min(int(math.log10(count) // 3), len(BYTES) - 1) if count >= 1 else 0
    return f"{count / 1000**power:.3g} {BYTES[power]}"


def times(count: int, unit: str) -> str:
    """`1 round`, `12 rounds`; a unit that has its own number (`7 days`) is left as it is."""
    return f"{count:,} {unit if count == 1 else plural(unit)}"


def plural(unit: str) -> str:
    """`rounds` of `round`; a unit that is one already, or ends in no letter, is left as it is."""
    return unit if unit.endswith("s") or not unit[-1:].isalpha() else f"{unit}s"


def happening(change: Mapping[str, Any], unit: str) -> str:
    """When an intervention happened, and to how many agents: `round 8, 100 agents`."""
    if not change["times"]:
        return "did not happen"
    first, last = change["first"], change["last"]
    steps = f"{unit} {first:,}" if first == last else f"{unit} {first:,} to {last:,}"
    if not change["agents"]:
        return steps
    return f"{steps}, {times(change['agents'], 'agent')}"


def text(value: object) -> str:
    """Anything else as text: a list with commas, a gap as a dash's worth of words."""
    if value is None or value == "":
        return MISSING
    if isinstance(value, float) and not math.isfinite(value):
        return "no number"
    if isinstance(value, list | tuple):
        return ", ".join(text(item) for item in cast("Sequence[Any]", value))
    return number(value) if isinstance(value, int | float) else str(value)


def inhabitants(record: Mapping[str, Any]) -> str:
    """How many agents there are: `1,000 agents`, or `1,000 people and 10 firms`."""
    several = record.get("populations") or {"agents": record["agents"]}
    return " and ".join(f"{number(size)} {name}" for name, size in several.items())
