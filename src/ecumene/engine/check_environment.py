"""Environment values and tallies: whether a rule can read them."""

from __future__ import annotations

from collections.abc import Sequence
from keyword import iskeyword

from ..errors import ModelError
from ..population import Stored
from .check_measures import check_tally
from .linking import link_of, readable
from .model import SUMS, Model
from .populations import alone


def check_environment(model: Model) -> None:
    """Environment values are called by names that a rule can type; none is a pulse."""
    for name, stored in model.environment.items():
        if not isinstance(stored, Stored):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise ModelError(
                f"environment value `{name}` is {stored!r}; declare it with ec.whole(...), "
                "ec.real(...), ec.flag() or ec.step_column()."
            )
        if stored.kind == "wake":
            raise ModelError(
                f"environment value `{name}` is a wake column, which only agents have; type "
                "ec.step_column()."
            )
        if stored.kind == "pulse":
            raise ModelError(
                f"environment value `{name}` is a pulse, which only agents have; type ec.flag()."
            )
        _check_readable(name, ["step"])
    for name in (*model.reads_anybody, *model.groups):
        others = readable(model)
        others.remove(name)
        _check_readable(name, others)
    for name, measure in model.tallies.items():
        _check_readable(name, ["step", *model.environment])
        kind = getattr(measure, "kind", "")
        if kind not in SUMS:
            raise ModelError(
                f"tally `{name}` is neither a count nor a total; type ec.count(...) or "
                "ec.total(...), and divide where you read it."
            )
        for tally in measure.tallies:
            one = alone(model, measure.of)
            by_link = bool(link_of(model, tally))
            check_tally(one, f"tally `{name}`", tally, by_link)
            stored = one.population.stored.get(tally.group or "")
            if stored is not None and stored.low and not by_link:
                raise ModelError(
                    f"tally `{name}` is by `{tally.group}`, whose values begin at {stored.low}; "
                    f"declare it with low=0, so that env.{name}[me.{tally.group}] is its cell."
                )


def _check_readable(name: str, taken: Sequence[str]) -> None:
    """Raise `ModelError` unless a rule can read `env.name`, and it is the only one."""
    if not name.isidentifier() or iskeyword(name) or name[0] == "_" or name in taken:
        raise ModelError(
            f"an environment value cannot be called `{name}`: rules read it as env.{name}. "
            f"Give it a name that Python can read and that is not taken: {', '.join(taken)}."
        )
