"""The group of commands: what an ending means to the shell, and how fast it starts."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import click
import pytest
from click.testing import CliRunner, Result

from ecumene.cli import main
from ecumene.cli.entry import COMMANDS, Entry
from ecumene.errors import DigestError, InputError

SLOW_TO_LOAD = ("numba", "llvmlite", "scipy", "pydantic", "rich")


def ending(error: BaseException) -> Result:
    """What the shell sees of a command that ends with `error`."""

    class Failing(Entry):
        def invoke(self, ctx: click.Context) -> None:
            raise error

    @click.group(cls=Failing)
    def group() -> None: ...

    return CliRunner().invoke(group, ["run"])


def test_a_users_error_is_one_text_and_status_2():
    result = ending(InputError("`ties.txt` is empty."))
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "error: `ties.txt` is empty.\n"


def test_another_digest_is_status_1():
    assert ending(DigestError("digests differ")).exit_code == 1


def test_control_c_is_status_130_and_says_that_the_run_is_unfinished():
    result = ending(KeyboardInterrupt())
    assert (result.exit_code, result.stdout) == (130, "")
    assert "unfinished" in result.stderr


def test_a_full_disk_says_what_to_do():
    result = ending(OSError(28, "No space left on device"))
    assert result.exit_code == 2
    assert result.stderr.startswith("error: the disk is full.")


def test_a_folder_of_others_is_named():
    result = ending(PermissionError(13, "Permission denied", "/srv/runs"))
    assert result.exit_code == 2
    assert "Permission denied: /srv/runs" in result.stderr


def test_no_memory_left_is_status_2():
    assert ending(MemoryError()).exit_code == 2


def test_a_bug_shows_its_traceback_and_is_not_taken_for_a_users_error():
    result = ending(ZeroDivisionError("a bug"))
    assert result.exit_code == 70
    assert "Traceback" in result.stderr
    assert "bug in Ecumene" in result.stderr


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (["rnu", "cascade"], "Did you mean `run`?"),
        (["run", "cascade", "--agnts", "5"], "Did you mean '--agents'?"),
        (["run"], "Missing argument 'MODEL'"),
        (["run", "cascade", "cascade"], "unexpected extra argument"),
        (["runs", "--jsno"], "--json"),
        (["report"], "Missing argument 'RUN'"),
    ],
)
def test_what_is_mistyped_is_guessed_or_pointed_to_help(
    refused: Callable[..., str], typed: list[str], said: str
):
    text = refused(*typed)
    assert said in text
    assert "--help` for what" in text


def test_alone_it_shows_its_commands(cli: Callable[..., Result]):
    result = cli()
    assert result.exit_code == 2
    assert all(name in result.stderr for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_and_json(cli: Callable[..., Result], name: str):
    command = main.get_command(click.Context(main), name)
    within = command.commands if isinstance(command, click.Group) else [""]
    for inner in within:  # A group is asked about the commands in it.
        result = cli(name, *filter(None, [inner]), "--help")
        assert result.exit_code == 0
        assert "--json" in result.stdout


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *arguments], capture_output=True, text=True)


def test_help_loads_nothing_that_is_slow():
    program = f"""
import sys
from ecumene.cli import main
try:
    main(["run", "--help"])
except SystemExit:
    print([name for name in {SLOW_TO_LOAD} if name in sys.modules])
"""
    assert run("-c", program).stdout.splitlines()[-1] == "[]"


def test_the_module_is_the_command():
    done = run("-m", "ecumene", "--version")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("ecumene, version ")


def test_a_reader_who_goes_away_is_no_error():
    program = f"{sys.executable} -m ecumene run --help | true; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", program], capture_output=True, text=True)
    assert done.returncode in (0, 141)  # 0 when the text was written before the reader left
    assert done.stderr == ""
