"""What the page's plots show, as plain data: curves over steps, and bars by group."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from ..store import Series
from . import words

POINTS = 2000  # of one curve: more are not seen on a screen
MARKS = 40  # lines across a curve: more hide it
CELLS = 200_000  # of one measure by group, steps times groups; above it only the last step


def figures(record: Mapping[str, Any], series: Series) -> dict[str, Any]:
    """Everything that is plotted."""
    grouped = [n for n, v in (record.get("measures") or {}).items() if isinstance(v, Mapping)]
    return {
        "unit": str(record.get("step_unit") or "step"),
        "marks": _marks(record),
        "curves": [_curve(name, series) for name in series if _is_single(name, grouped)],
        "groups": [_bars(name, record["measures"][name], series) for name in grouped],
    }


def _marks(record: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The steps at which something was changed while it ran: the first and last of a span."""
    changes = [one for one in record.get("interventions") or [] if one["times"]]
    found = {(one[end], str(one["change"])) for one in changes for end in ("first", "last")}
    return [{"step": step, "change": change} for step, change in sorted(found)[:MARKS]]


def _is_single(name: str, grouped: list[str]) -> bool:
    """Whether a column is one number per step, not one of a measure by group."""
    return name != "step" and not any(name.startswith(f"{g}[") for g in grouped)


def _curve(name: str, series: Series) -> dict[str, Any]:
    """One measure over steps."""
    at = thinned(len(series))
    return {
        "title": words.name(name),
        "percent": words.is_share(name),
        "steps": series["step"][at].tolist() if "step" in series else at.tolist(),
        "values": [short(v) for v in series[name][at].tolist()],
        "thinned": len(at) < len(series),
        "rows": len(series),
    }


def _bars(name: str, last: Mapping[str, Any], series: Series) -> dict[str, Any]:
    """One measure by group: its values at every step kept, or at the last one only."""
    groups = series.groups(name)
    names = _ordered(last)
    at = thinned(len(series), most=max(1, CELLS // max(1, len(names))))
    over_steps = [[short(v) for v in groups[g][at].tolist()] for g in names if g in groups]
    whole = len(over_steps) == len(names) and len(at) > 0 and len(series) * len(names) <= CELLS
    return {
        "title": words.name(name),
        "percent": words.is_share(name),
        "names": names,
        "steps": series["step"][at].tolist() if whole else [],
        "values": [list(row) for row in zip(*over_steps, strict=True)]
        if whole
        else [[short(last[g]) for g in names]],
    }


def _ordered(last: Mapping[str, Any]) -> list[str]:
    """Groups as they are when they have an order (ages, numbers), else the largest first."""
    if all(group[:1].isdigit() for group in last):
        return sorted(last, key=_leading)
    return sorted(last, key=lambda g: (-(last[g] if last[g] is not None else -math.inf), g))


def _leading(group: str) -> tuple[float, str]:
    """The number that a group's name begins with (`5-9` before `10-14`)."""
    digits = "".join(c if c.isdigit() or c == "." else " " for c in group).split()
    try:
        return float(digits[0]), group
    except ValueError:
        return math.inf, group


def thinned(rows: int, most: int = POINTS) -> np.ndarray:
    """Evenly spaced rows, the first and the last among them."""
    if rows <= most:
        return np.arange(rows)
    return np.unique(np.linspace(0, rows - 1, most).astype(np.int64))


def short(value: float | None) -> float | None:
    """Six significant digits are more than a plot shows; a gap is None."""
    if value is None or not math.isfinite(value):
        return None
    return value if isinstance(value, int) else float(f"{value:.6g}")
