"""Ctrl-C while the command loads is quiet; afterwards it is an interrupt as in any program."""

import signal
import subprocess
import sys

import pytest

# Presses Ctrl-C when the module of that name begins to load.
PRESS = """
import os, signal, sys, time

class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == {module!r}:
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(5)

sys.meta_path.insert(0, Finder())
sys.argv = [{program!r}, "models"]
from ecumene.cli import main
main()
"""


def pressed(program: str, module: str) -> subprocess.CompletedProcess[str]:
    code = PRESS.format(program=program, module=module)
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)


@pytest.mark.parametrize("module", ["ecumene.engine", "numpy", "ecumene.cli.entry", "click"])
def test_while_it_loads_the_command_ends_without_a_word(module):
    done = pressed("/usr/bin/ecumene", module)
    assert (done.returncode, done.stdout, done.stderr) == (-signal.SIGINT, "", "")


def test_once_the_command_line_is_read_it_is_said():
    done = pressed("/usr/bin/ecumene", "ecumene.models")
    assert (done.returncode, done.stdout) == (130, "")
    assert done.stderr.lstrip().startswith("stopped by Ctrl-C")


def test_another_program_that_imports_ecumene_is_interrupted_as_ever():
    done = pressed("/usr/bin/my_study.py", "ecumene.engine")
    assert "KeyboardInterrupt" in done.stderr
