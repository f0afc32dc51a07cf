"""Which process writes an unfinished folder: a lock that ends with the process, however it ends.

The system takes the lock back when its process is killed, so an unfinished folder without an owner
is one that nobody writes any more. Where there are no such locks every folder is taken as free.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

try:
    import fcntl
except ImportError:  # not on Windows
    fcntl = None

LOCK = "owner.lock"


class Owner:
    """This process's hold on a folder."""

    def __init__(self, number: int, path: Path) -> None:
        """Take the open lock file."""
        self._number, self._path = number, path

    @classmethod
    def of(cls, folder: Path) -> Owner | None:
        """The hold on `folder`, or None while another process writes it."""
        path = folder / LOCK
        number = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            if fcntl is not None:
                fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(number)
            return None
        except OSError:  # a file system without locks
            pass
        try:
            same = os.fstat(number).st_ino == path.stat().st_ino
        except OSError:
            same = False
        if not same:  # its owner left, and took the file along, while we waited for nothing
            os.close(number)
            return cls.of(folder)
        return cls(number, path)

    def release(self) -> None:
        """Let go of the folder, and leave no trace."""
        if self._number >= 0:
            with suppress(OSError):
                self._path.unlink(missing_ok=True)
            os.close(self._number)
            self._number = -1


def owned(folder: Path) -> bool:
    """Whether some process writes `folder` now."""
    if fcntl is None or not (folder / LOCK).exists():
        return False
    with suppress(OSError):
        owner = Owner.of(folder)
        if owner is None:
            return True
        owner.release()
    return False
