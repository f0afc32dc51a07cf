"""A branch beside the run that it branched off from: what the change did, under the same luck."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from ..errors import StoreError
from .task import Task


def beside_parent(task: Task, record: Mapping[str, Any]) -> dict[str, Any]:
    """The measures of both that differ, as the branch's record keeps them; none without a parent.

    Runs that ended at different steps because they were stopped are not held against each other.
    """
    if not task.branch or not task.branch.get("changes"):
        return {}
    with suppress(StoreError):
        parent = task.store.find(str(task.branch["parent"])).record
        quiet = record["ended"] == parent["ended"] == "quiet"
        if quiet or record["steps"] == parent["steps"]:
            return {"against_parent": _pairs(parent["measures"], record["measures"])}
    return {}


def _pairs(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Of each number, by group too: what it was in the parent, and what it is."""
    found: dict[str, list[Any]] = {}
    for name in before.keys() & after.keys():
        one, two = before[name], after[name]
        if isinstance(one, Mapping) and isinstance(two, Mapping):
            nested = _pairs(one, two)
            found |= {f"{name}[{group}]": pair for group, pair in nested.items()}
        elif _is_number(one) and _is_number(two):
            found[name] = [one, two]
    return dict(sorted(found.items()))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
