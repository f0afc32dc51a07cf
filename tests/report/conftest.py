"""A run's record with everything in it, hostile names among it, and the run's folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ecumene.store import RunFolder, Store

EVIL = "</script><img src=x onerror=\"document.title='taken over'\">"
COUNTRIES = {"IND": 0.9, "USA": 0.25, EVIL: 0.5}


@pytest.fixture
def record() -> dict[str, Any]:
    return {
        "model": "cascade",
        "title": "Cascade: something spreads from agent to agent.",
        "agents": 1000,
        "steps": 5,
        "step_unit": "round",
        "ended": "quiet",
        "seed": 1,
        "digest": "9f" * 16,
        "seconds": 0.5,
        "peak_memory_bytes": 212_000_000,
        "command": f"ecumene run cascade --set name={EVIL}",
        "measures": {
            "reached": 910,
            "reached_share": 0.91,
            "reached_share_by_country": COUNTRIES,
            "reached_by_age": {"10-14": 3, "5-9": 2, "0-4": 1},
        },
        "parameter_table": [
            {"name": "degree", "value": 12, "default": 10, "low": 1, "high": 1000, "help": EVIL}
        ],
        "population": {"name": "world", "notes": [f"Ages of {EVIL} are imputed."]},
        "network_notices": ["2 self-loops dropped"],
        "plan": [{"phase": 1, "rule": "pass_on", "reads": ["a", "b"]}, {"phase": 2, "luck": EVIL}],
        "plan_summary": "About 50 MB.",
        "synchrony": "All agents of a round see the same moment.",
        "doc": f"## What it models\nOne `thing`, {EVIL}\n\n## Sources\nhttps://doi.org/10.1/x",
        "limits": ["It cannot tell how ties change."],
        "ecumene_version": "0.1.0",
        "numbers_version": 1,
    }


@pytest.fixture
def run(record: dict[str, Any], tmp_path: Path) -> RunFolder:
    rows = [
        {"step": t, "reached": t * 182, "reached_share": t * 0.182}
        | {f"reached_share_by_country[{c}]": v * t / 5 for c, v in COUNTRIES.items()}
        for t in range(6)
    ]
    scorecard = [
        {
            "name": "reached_share",
            "value": 0.91,
            "low": 0.9,
            "high": 0.92,
            "target_low": 0.8,
            "target_high": 0.95,
            "role": "held-out",
            "status": "published",
            "met": True,
            "source": EVIL,
        }
    ]
    with Store(tmp_path / "runs").open_partial("cascade-1", record) as writer:
        writer.append(rows)
        return writer.finish(record, scorecard)
