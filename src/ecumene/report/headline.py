"""The answer first: what spread, how far, how fast, and why it ended, in plain sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from . import words

Record = Mapping[str, Any]

ENDED = {
    "quiet": "Then it ended by itself: nothing could change any more.",
    "steps": "It was stopped after the {steps} asked for; it might have gone further.",
    "max_steps": "It was stopped at the model's limit of {steps}; it might have gone further.",
    "interrupted": "It was interrupted there: this is not the end of the run.",
}


def short_title(record: Record) -> str:
    """The model's title up to its colon, or its name."""
    title = str(record.get("title") or record.get("model") or "This run")
    short = title.split(":")[0].strip().rstrip(".")
    return short[:1].upper() + short[1:]


def headline(record: Record) -> str:
    """One sentence: what came out of the run."""
    if record.get("headline"):
        return str(record["headline"])
    measures = record.get("measures") or {}
    lasted = words.times(record.get("steps") or 0, record.get("step_unit") or "step")
    reached, agents = measures.get("reached"), record.get("agents")
    if isinstance(reached, int) and agents:
        share = words.percent(reached / agents)
        whom = f"{words.number(reached)} of {words.number(agents)} agents{where(record)}"
        return f"{short_title(record)} reached {whom} ({share}) in {lasted}."
    agents = words.inhabitants(record) if agents else "its agents"
    return f"{short_title(record)} ran for {lasted} over {agents}{where(record)}."


def where(record: Record) -> str:
    """Of whom: ` of IND`, ` of the world`, or nothing when the model reads no background."""
    population = record.get("population") or {}
    place = population.get("name") if isinstance(population, Mapping) else None
    if not place:
        return ""
    return " of the world" if place == "world" else f" of {place}"


def ending(record: Record) -> str:
    """Why the run stopped where it did."""
    lasted = words.times(record.get("steps") or 0, record.get("step_unit") or "step")
    return ENDED.get(str(record.get("ended")), "").format(steps=lasted)


def half_way(steps: np.ndarray, reached: np.ndarray) -> int | None:
    """The first step at which at least half of the final number was reached."""
    if not len(reached) or not reached[-1] > reached[0]:
        return None
    return int(steps[int(np.argmax(reached >= reached[-1] / 2))])


def fastest(steps: np.ndarray, reached: np.ndarray) -> tuple[int, int] | None:
    """The step with the most newly reached, and how many they were."""
    new = np.diff(reached)
    if not len(new) or not new.max() > 0:
        return None
    at = int(np.argmax(new))
    return int(steps[at + 1]), int(new[at])
