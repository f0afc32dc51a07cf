"""A run that is kept: its record, its series, its report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..engine import Intervention, Model
from ..report import summary_html
from ..store import RunFolder, Series, plain
from .scorecard import scorecard_of


class Run:
    """A model, a seed, a number of steps, and what came out, kept in a folder."""

    def __init__(
        self,
        folder: RunFolder,
        stored: bool,
        model: Model,
        interventions: Sequence[Intervention] = (),
    ) -> None:
        """Take a whole run's folder and what was run; `stored` says that it was there before.

        Its measures are held against the targets as they are now, whenever they were taken.
        """
        self._folder, self.model, self.interventions = folder, model, interventions
        self.record: Mapping[str, Any] = {
            **folder.record,
            "stored": stored,
            "scorecard": scorecard_of(model, folder.record),
        }

    @property
    def rescored(self) -> bool:
        """Whether targets, or how they are scored, have changed since the run was made."""
        return plain(self.scorecard) != self._folder.scorecard

    @property
    def path(self) -> Path:
        """The run's folder."""
        return self._folder.path

    @property
    def report_path(self) -> Path:
        """The run's report, one HTML page."""
        return self.path / "report.html"

    @property
    def series(self) -> Series:
        """Every measure over the steps: `.arrow()`, `.pandas()`, `.polars()`, `["name"]`."""
        return self._folder.series

    @property
    def scorecard(self) -> list[dict[str, Any]]:
        """Each target with the run's value, its interval, and whether it is met."""
        return self.record["scorecard"]

    def __repr__(self) -> str:
        """Name, size, steps and last measures."""
        r = self.record
        return f"Run({r['run']}: {r['agents']:,} agents, {r['steps']} steps, {r['measures']})"

    def _repr_html_(self) -> str:
        return summary_html(self.record)
