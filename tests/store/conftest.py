"""A store in a fresh folder, and a run written to it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ecumene.store import RunFolder, Store

ROWS = [{"step": t, "reached": t * t, "reached_share": t * t / 100} for t in range(11)]
SCORECARD = [{"name": "reached_share", "value": 1.0, "met": True}]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "runs")


@pytest.fixture
def keep(store: Store) -> Callable[[str], RunFolder]:
    def write(name: str) -> RunFolder:
        with store.open_partial(name, {"model": "cascade"}) as writer:
            writer.append(ROWS)
            return writer.finish({"model": "cascade", "steps": 10, "seed": 1}, SCORECARD)

    return write
