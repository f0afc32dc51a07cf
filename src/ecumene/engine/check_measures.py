"""Whether what measures and tallies watch is there, and can be kept up to date."""

from __future__ import annotations

from ..backends import Tally, holds
from ..errors import ModelError, unknown
from ..population import WHO
from .model import Model

MOST_GROUPS = 4096  # Every worker has cells for all values of a group.
MOST_SUMMED = 1 << 31  # Halves of sums over more agents could pass 64 bits.


def check_measures(model: Model) -> None:
    """Raise `ModelError` unless all that the measures watch is there."""
    for name, measure in model.measures.items():
        for tally in measure.tallies:
            check_tally(model, f"measure `{name}`", tally)
        for value in measure.environment:
            if value not in model.environment:
                what = unknown("environment value", value, model.environment)
                raise ModelError(f"measure `{name}` watches {what}")
        for column in measure.columns:
            model.population.require(column, f"measure `{name}` watches")


def check_tally(model: Model, who: str, tally: Tally, by_link: bool = False) -> None:
    """What is counted from writes is stored and stays; what it is counted by has few values."""
    stored, derived = model.population.stored, model.population.derived
    places, is_open = model.population.places, model.population.is_open
    numbers = tally.predicate in (None, holds)
    kinds = ("int", "flag") if numbers else ("int", "flag", "step", "float")
    known = [c for c, s in stored.items() if s.kind in kinds and not (is_open and c == WHO)]
    what = "column of whole numbers or flags" if numbers else "kept column"
    if tally.column not in known:
        raise ModelError(f"{who} watches {unknown(what, tally.column, known)}")
    of = stored[tally.column]
    if of.link and (tally.predicate is None or tally.predicate is holds):
        raise ModelError(
            f"{who} watches the link `{tally.column}`, whose numbers say who is pointed to; to "
            f'count who points to somebody, type ec.count("{tally.column}", ec.points, ...).'
        )
    summed = tally.predicate is None and of.kind == "int"
    if summed and places > MOST_SUMMED and of.high - of.low > MOST_SUMMED:
        raise ModelError(
            f"{who} sums `{tally.column}` over {places:,} agents; over more than "
            f"{MOST_SUMMED:,} its range must be narrower than that: narrow low and high."
        )
    groups = [c for c, d in derived.items() if d.labels]
    groups += [c for c, s in stored.items() if s.kind == "int" and s.high - s.low < MOST_GROUPS]
    if by_link and model.agents > MOST_SUMMED:
        raise ModelError(
            f"{who} is by a link of {model.agents:,} agents; at most {MOST_SUMMED:,} may be added "
            "up by those they point to."
        )
    if tally.group is not None and tally.group not in groups and not by_link:
        hint = (
            f" A group is a derived column with labels, or a stored one of at most {MOST_GROUPS:,} "
            "whole numbers (see its low and high)."
        )
        raise ModelError(f"{who} is by {unknown('group', tally.group, groups)}{hint}")
