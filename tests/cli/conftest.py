"""The command line, called in this process, with a store in a fresh folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ecumene.cli import main

Cli = Callable[..., Result]


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """The store's folder; nothing has made it yet."""
    return tmp_path / "runs"


@pytest.fixture
def cli() -> Cli:
    """Type these arguments after `ecumene`; standard output and error are kept apart."""

    def type_(*arguments: object) -> Result:
        return CliRunner().invoke(main, [str(argument) for argument in arguments])

    return type_


@pytest.fixture
def refused(cli: Cli, out: Path) -> Callable[..., str]:
    """Type something wrong; the one text that refuses it, with nothing printed or written."""

    def type_(*arguments: object) -> str:
        store = ["--out", out] if arguments[:1] == ("run",) else []
        result = cli(*arguments, *store)
        assert result.exit_code == 2, result.output
        assert result.stdout == ""
        assert result.stderr.startswith("error: ")
        assert result.stderr.count("error:") == 1
        assert "Traceback" not in result.stderr
        assert not out.exists()
        return result.stderr

    return type_
