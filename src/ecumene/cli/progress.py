"""How far a run is: a moving line on a terminal, plain lines elsewhere, always standard error."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from typing import Any

from .output import number, say

SECONDS_BETWEEN_LINES = 2.0

Progress = Callable[[int, Mapping[str, Any]], None]


@contextmanager
def progress(steps: int | None, step_unit: str) -> Generator[Progress]:
    """A function to call after every step; `steps` is how many there will be, if known."""
    if not sys.stderr.isatty():
        yield _lines(step_unit)
        return
    with _bar(steps, step_unit) as show:
        yield show


def _lines(step_unit: str) -> Progress:
    """Say a line when the last one is some seconds old: quick runs stay quiet."""
    said: float | None = None

    def show(step: int, measures: Mapping[str, Any]) -> None:
        nonlocal said
        now = time.monotonic()
        said = now if said is None else said
        if now - said >= SECONDS_BETWEEN_LINES:
            said = now
            say(f"{step_unit} {step:,}  {_measures(measures)}")

    return show


@contextmanager
def _bar(steps: int | None, step_unit: str) -> Generator[Progress]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    parts = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*parts, console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task(f"{step_unit} 0", total=steps)

        def show(step: int, measures: Mapping[str, Any]) -> None:
            text = f"{step_unit} {step:,}  {_measures(measures)}"
            bars.update(task, completed=step, description=text)

        yield show


def _measures(measures: Mapping[str, Any]) -> str:
    """The first few measures that are one number each."""
    single = [(name, value) for name, value in measures.items() if isinstance(value, int | float)]
    return "  ".join(f"{name} {number(value)}" for name, value in single[:3])
