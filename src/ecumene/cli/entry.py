"""The group of commands, and what each ending means to the shell.

| status | meaning |
|---|---|
| 0 | done: of a run, that it finished |
| 1 | `--fresh` computed another digest than the stored one |
| 2 | something typed or given was wrong; one text on standard error says what and what to type |
| 70 | a bug in Ecumene, with its traceback |
| 130 | stopped by Ctrl-C |
| 141 | whoever read the output went away |

A command's module is imported only when it is asked for, and imports what it needs when it runs:
`ecumene --help` loads no compiler.
"""

from __future__ import annotations

import errno
import gc
import shlex
import sys
import traceback
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import click

from ..errors import DigestError, EcumeneError, ParameterError, unknown
from ..interrupts import be_told

PROGRAM = "ecumene"
STOPPED = (
    "stopped by Ctrl-C; what was computed so far is marked unfinished. If it kept checkpoints, "
    "`ecumene resume last` goes on from there."
)
COLLECT_AFTER = 50_000  # new objects
COMMANDS = {
    "models": ".models",
    "run": ".run",
    "resume": ".resume",
    "branch": ".branch",
    "compare": ".compare",
    "lives": ".lives",
    "report": ".report",
    "runs": ".runs",
    "policy": ".policy",
    "interview": ".interview",
}


class Entry(click.Group):
    """A group whose commands are modules, loaded by name; every ending becomes a status."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of the commands, in the order in which a user meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, from its module."""
        if cmd_name not in COMMANDS:
            return None
        return import_module(COMMANDS[cmd_name], __package__).command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the first argument names; an unknown one is guessed at."""
        if args and not args[0].startswith("-") and args[0] not in COMMANDS:
            said = unknown("command", args[0], COMMANDS)
            raise ParameterError(f"{said} Type `ecumene --help` for what each does.")
        return super().resolve_command(ctx, args)

    def main(self, args: Sequence[str] | None = None, *_: Any, **extra: Any) -> Any:
        """Run the command line and leave with the status that its ending means."""
        be_told()
        if args is None:  # a process of our own, which ends soon: modules that load are no garbage
            gc.set_threshold(COLLECT_AFTER)  # 0.15 s of 1.2 that a run of 1e6 agents takes
        typed = list(sys.argv[1:] if args is None else args)
        extra |= {"standalone_mode": False, "prog_name": PROGRAM}
        extra["obj"] = shlex.join([PROGRAM, *typed])  # kept with a run: what made it
        sys.exit(_status(lambda: super(Entry, self).main(typed, **extra)))


@click.group(
    cls=Entry, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(package_name="ecumene", prog_name=PROGRAM)
def main() -> None:
    """Ecumene simulates societies, up to every living person, on one machine.

    Begin with `ecumene models`, then `ecumene run cascade --agents 1e6`.
    """


def _status(run: Any) -> int:
    """Do `run`, put any error into one text on standard error, and return the exit status."""
    try:
        result = run()
        sys.stdout.flush()
        return result if isinstance(result, int) else 0
    except click.exceptions.NoArgsIsHelpError as help_instead:
        return _refuse(help_instead.format_message(), prefix="")
    except click.UsageError as error:
        return _refuse(_usage(error))
    except (click.Abort, KeyboardInterrupt):
        click.echo(STOPPED, err=True)
        return 130
    except SystemExit:  # Click leaves so when nobody reads on, as in `ecumene models | head -1`
        return 141
    except DigestError as error:
        _refuse(str(error))
        return 1
    except EcumeneError as error:
        return _refuse(str(error))
    except MemoryError:
        return _refuse("this machine has no memory left. Run fewer agents (`--agents`).")
    except OSError as error:
        return _system(error)
    except Exception:
        traceback.print_exc()
        click.echo("internal error: this is a bug in Ecumene, not in what you typed.", err=True)
        return 70


def _refuse(text: str, prefix: str = "error: ") -> int:
    click.echo(prefix + text, err=True)
    return 2


def _usage(error: click.UsageError) -> str:
    """Click's own message, with what to type."""
    command = error.ctx.command_path if error.ctx else PROGRAM
    said = error.format_message()
    end = "" if said.endswith((".", "?")) else "."
    return f"{said}{end} Type `{command} --help` for what there is."


def _system(error: OSError) -> int:
    """An error of the operating system, said in a user's words."""
    if error.errno == errno.ENOSPC:
        return _refuse("the disk is full. Free some space, or type `--out` with another folder.")
    where = f": {error.filename}" if error.filename else ""
    return _refuse(f"{error.strerror or error}{where}. Check that the path is there and yours.")
