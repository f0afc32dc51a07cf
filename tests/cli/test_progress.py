"""Progress on standard error: a line now and then, a bar on a terminal."""

import io
import sys

import pytest

from ecumene.cli import progress as module
from ecumene.cli.progress import progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_quick_run_says_nothing(capsys: pytest.CaptureFixture[str]):
    with progress(10, "round") as show:
        for step in range(10):
            show(step, {"reached": step})
    assert capsys.readouterr() == ("", "")


def test_a_slow_one_says_plain_lines(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(module, "SECONDS_BETWEEN_LINES", 0.0)
    with progress(None, "round") as show:
        show(1, {"reached": 1234, "reached_share": 0.5, "by_country": {"IND": 7}})
    assert capsys.readouterr() == ("", "round 1  reached 1,234  reached_share 0.5\n")


@pytest.mark.parametrize("steps", [None, 3])
def test_a_terminal_gets_a_bar(monkeypatch: pytest.MonkeyPatch, steps: int | None):
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with progress(steps, "day") as show:
        show(3, {"reached": 12})
    assert "day 3" in terminal.getvalue()
