"""A finished run in a few lines, or as the JSON record that scripts read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..report import answers, happening, times
from .output import columns, number

KEYS = (
    "run",
    "model",
    "preset",
    "parameters",
    "agents",
    "steps",
    "step_unit",
    "seed",
    "interventions",
    "digest",
    "stored",
    "seconds",
    "setup_seconds",
    "compile_seconds",
    "write_seconds",
    "peak_memory_bytes",
    "measures",
    "scorecard",
)
ROW_KEYS = (
    "name",
    "value",
    "low",
    "high",
    "target_low",
    "target_high",
    "role",
    "status",
    "met",
    "source",
)
VERDICTS = {True: "met", False: "missed", None: "cannot tell"}
CHANGED = (
    "targets: none is scored, as they are of the model left to itself, and this run was changed"
)
MOST_GROUPS = 5


def json_record(record: Mapping[str, Any]) -> dict[str, Any]:
    """The run's record with exactly the keys that are promised."""
    scorecard = [{key: row[key] for key in ROW_KEYS} for row in record["scorecard"]]
    known = {"interventions": [], **record}  # runs kept before there were any have no list
    return {**{key: known[key] for key in KEYS}, "scorecard": scorecard}


def summary(record: Mapping[str, Any], report: Path) -> str:
    """Key numbers, targets met or not, and lastly where the report is."""
    parts = [
        _headline(record),
        *_branch(record),
        *_changes(record),
        columns(_measures(record["measures"])),
        *(f"{question} {told}" for question, told in answers(record)),
    ]
    if record.get("interventions") and record["scorecard"]:
        parts.append(CHANGED)
    elif record["scorecard"]:
        parts += [_verdict(record["scorecard"]), columns(list(map(_row, record["scorecard"])))]
    return "\n".join([*parts, f"report: {report}"])


def _headline(record: Mapping[str, Any]) -> str:
    spent = f"{record['seconds']:.2f} s"
    how = f"found in the store (it took {spent}; `--fresh` computes it again)"
    return (
        f"{record['model']}: {_who(record)}, {times(record['steps'], record['step_unit'])}, "
        f"seed {record['seed']}, {how if record['stored'] else f'in {spent}'}\n"
        f"  run {record['run']}  digest {record['digest']}"
    )


def _who(record: Mapping[str, Any]) -> str:
    several = record.get("populations") or {"agents": record["agents"]}
    return " and ".join(f"{size:,} {name}" for name, size in several.items())


def _branch(record: Mapping[str, Any]) -> list[str]:
    """Of which run it is a branch, and from where it was computed."""
    said: list[str] = []
    if record.get("branch"):
        parent, at = record["branch"]["parent"], record["branch"]["at"]
        said.append(f"  branch of {parent} at {record['step_unit']} {at:,}")
    if "went_on_from" in record and not record["stored"]:
        said.append(
            f"  went on from a checkpoint at {record['step_unit']} {record['went_on_from']:,}"
        )
    return said


def _changes(record: Mapping[str, Any]) -> list[str]:
    """What was changed while it ran, and when it happened."""
    return [
        f"  {change['change']} ({happening(change, record['step_unit'])})"
        for change in record.get("interventions", [])
    ]


def _measures(measures: Mapping[str, Any]) -> list[list[str]]:
    """One row per measure, single numbers first; of one by group, the largest few groups."""
    single = {name: value for name, value in measures.items() if not isinstance(value, Mapping)}
    rows = [[name, number(value)] for name, value in single.items()]
    for name in (name for name in measures if name not in single):
        groups = sorted(measures[name].items(), key=lambda item: -(item[1] or 0))
        rows += [[f"{name}[{group}]", number(value)] for group, value in groups[:MOST_GROUPS]]
        if len(groups) > MOST_GROUPS:
            rows.append([name, f"the largest {MOST_GROUPS} of {len(groups)}; all in the report"])
    return rows or [["no measures", ""]]


def _verdict(scorecard: Sequence[Mapping[str, Any]]) -> str:
    """The headline counts held-out rows only: what was put in or fitted is not found."""
    roles = Counter(row["role"] for row in scorecard)
    held_out = [row for row in scorecard if row["role"] == "held-out"]
    met = sum(row["met"] is True for row in held_out)
    others = [f"{count} {role}" for role, count in roles.items() if role != "held-out"]
    found = f"{met} of {len(held_out)} held-out met" if held_out else "none held-out"
    return "; ".join([f"targets: {found}", *others])


def _row(row: Mapping[str, Any]) -> list[str]:
    interval = "" if row["low"] is None else f" ({number(row['low'])} to {number(row['high'])})"
    value = "has no value here" if row["value"] is None else number(row["value"]) + interval
    return [
        VERDICTS[row["met"]],
        f"{row['name']} {value}",
        f"target {number(row['target_low'])} to {number(row['target_high'])}",
        row["role"],
        row["status"],
        f"where {row['condition']}" if row["value"] is None and row.get("condition") else "",
    ]
