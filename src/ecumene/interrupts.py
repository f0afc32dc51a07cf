"""Ctrl-C while the command `ecumene` is still loading: the process ends at once and says nothing.

Python would show where in some library it was. From when the command line is read, Ctrl-C is a
`KeyboardInterrupt` again, which leaves a run marked as unfinished (`cli.entry`).
"""

from __future__ import annotations

import signal
import sys
import threading

COMMANDS = ("ecumene", "ecumene.exe", "-m")  # `-m`: Python is about to run `python -m ecumene`


def end_quietly() -> None:
    """Let Ctrl-C end this process, if it is the command `ecumene` and nobody else decides."""
    name = (sys.argv or [""])[0].replace("\\", "/").rsplit("/", 1)[-1]
    if name in COMMANDS and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        _on_interrupt(signal.SIG_DFL)


def be_told() -> None:
    """Make Ctrl-C a `KeyboardInterrupt` again, if `end_quietly` has changed it."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_DFL:
        _on_interrupt(signal.default_int_handler)


def _on_interrupt(action: object) -> None:
    if threading.current_thread() is threading.main_thread():  # no other may say so
        signal.signal(signal.SIGINT, action)  # pyright: ignore[reportArgumentType]
