"""The page's tables and key numbers, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..store import Series
from . import headline, words

Record = Mapping[str, Any]
Pairs = list[tuple[str, str]]


def key_numbers(record: Record, series: Series) -> Pairs:
    """The handful of numbers that a reader wants first: (what, how much)."""
    unit = record.get("step_unit") or "step"
    sizes = record.get("populations") or {"agents": record.get("agents")}
    shown: Pairs = [(name, words.number(size)) for name, size in sizes.items()]
    for name, value in (record.get("measures") or {}).items():
        if not isinstance(value, Mapping):
            shown.append((words.name(name), words.quantity(name, value)))
    if "reached" in series and "step" in series:
        half = headline.half_way(series["step"], series["reached"])
        peak = headline.fastest(series["step"], series["reached"])
        shown += [("half of that by", f"{unit} {half:,}")] if half is not None else []
        shown += [(f"most in one {unit}", f"{peak[1]:,} ({unit} {peak[0]:,})")] if peak else []
    spent = record.get("seconds")
    return shown if spent is None else [*shown, ("computed in", words.seconds(spent))]


def parameters(record: Record) -> list[dict[str, Any]]:
    """Every parameter: its value, default, range, unit, source, and whether it was changed."""
    table: Sequence[Record] = record.get("parameter_table") or [
        {"name": name, "value": value} for name, value in (record.get("parameters") or {}).items()
    ]
    return [_parameter(row) for row in table]


def _parameter(row: Record) -> dict[str, Any]:
    """One parameter in words."""
    has_default = "default" in row
    low, high = row.get("low"), row.get("high")
    between = "" if low is None and high is None else f"{_end(low)} to {_end(high)}"
    return {
        "name": str(row.get("name", "")),
        "value": words.exact(row.get("value")),
        "default": words.exact(row["default"]) if has_default else "",
        "range": between,
        "unit": row.get("unit") or "",
        "help": row.get("help") or "",
        "source": row.get("source") or "none stated",
        "reshapes": bool(row.get("reshapes")),
        "changed": has_default and row.get("value") != row["default"],
    }


def _end(value: object) -> str:
    """One end of a range."""
    return "any" if value is None else words.exact(value)


def interventions(record: Record) -> Pairs:
    """Every change that was planned: its line, and when it happened."""
    unit = record.get("step_unit") or "step"
    changes: Sequence[Record] = record.get("interventions") or []
    return [(str(one["change"]), words.happening(one, unit)) for one in changes]


def grid(rows: Sequence[Record]) -> tuple[list[str], list[list[str]]]:
    """Any list of dicts as heads and cells; what a row lacks is empty."""
    heads = list(dict.fromkeys(name for row in rows for name in row))
    cells = [
        ["" if row.get(h) in (None, "") else words.text(row[h]) for h in heads] for row in rows
    ]
    return [words.name(head) for head in heads], cells


def origin(record: Record) -> Pairs:
    """What is needed, beside the command, to get the same bits again."""
    rows = [
        ("seed", record.get("seed")),
        ("lane", record.get("lane")),
        ("digest of the final state", record.get("digest")),
        ("run", record.get("run")),
        ("model", record.get("model")),
        ("preset", record.get("preset")),
        ("Ecumene", record.get("ecumene_version")),
        ("numbers version", record.get("numbers_version")),
        ("backend", record.get("backend")),
        ("threads", record.get("threads")),
        ("shards", record.get("shards")),
        ("machine", _machine(record.get("machine"))),
        ("written", record.get("created")),
    ]
    # a seed is a name, not an amount: no thousands separators
    return [(name, str(value)) for name, value in rows if value not in (None, "")]


def _machine(machine: object) -> str | None:
    """The machine as text, whether it was given as text or as a mapping."""
    if isinstance(machine, Mapping):
        return ", ".join(f"{words.name(str(n))} {words.text(v)}" for n, v in machine.items())
    return None if machine is None else str(machine)


def cost(record: Record) -> Pairs:
    """Where the time went, and how much memory was used at most."""
    heads = ("set-up", "compiling", "steps and measures", "writing")
    names = ("setup_seconds", "compile_seconds", "seconds", "write_seconds")
    given = [(head, record.get(name)) for head, name in zip(heads, names, strict=True)]
    spent = [(head, words.seconds(value)) for head, value in given if value is not None]
    return [*spent, ("peak memory", words.size(record.get("peak_memory_bytes")))]


def limits(record: Record) -> list[str]:
    """What this page can and cannot tell: the model's own sentences, then what holds always."""
    own = [str(sentence) for sentence in record.get("limits") or []]
    return [
        *own,
        f"This is one run with one seed ({record.get('seed', 'not stated')}): one of many courses "
        "that the same model can take. How far they differ is seen only by running other seeds.",
        "An agent does what the model's rules say and nothing else. The page shows what follows "
        "from these rules and parameters; whether people behave so, it cannot show.",
    ]
