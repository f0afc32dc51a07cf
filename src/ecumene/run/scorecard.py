"""A finished run held against its model's targets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..engine import Model, Outcome


def scorecard_of(model: Model, record: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Each of the model's targets with the run's value; met only if the whole interval fits.

    Targets are stated for the model left to itself: of a run with interventions they have no value.
    """
    outcome = Outcome(
        record["agents"],
        record["steps"],
        record["parameters"],
        record["measures"],
        record.get("intervals", {}),
    )
    alone = not record.get("interventions")
    scored = model.score(outcome) if model.score and alone else {}
    return [
        {
            "name": target.name,
            **_held_against(scored.get(target.name, (None, None, None)), target.low, target.high),
            "role": target.role,
            "status": target.status,
            "source": target.source,
            "unit": target.unit,
            "condition": target.condition,
        }
        for target in model.targets
    ]


def _held_against(scored: tuple[Any, Any, Any], low: float, high: float) -> dict[str, Any]:
    value, least, most = scored
    met = None
    if least is not None and most is not None:
        inside, outside = low <= least and most <= high, most < low or high < least
        met = True if inside else False if outside else None
    ends = {"value": value, "low": least, "high": most}
    return {**ends, "target_low": low, "target_high": high, "met": met}
