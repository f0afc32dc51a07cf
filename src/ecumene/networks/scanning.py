"""Ties from a plain text file by one loop over its letters, instead of NumPy over all of them.

It takes numbers between spaces, tabs, commas or semicolons, with comments and a header. Whatever
else a file holds, it says nothing about that and gives up, and `edge_file` begins anew.
"""

from __future__ import annotations

import gzip
import sys
import zlib
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import numpy as np

from ..arrays import Column, Integers
from .layout import Layout
from .loops import HEADER, LEAST
from .quick import Loops
from .text_file import GZIP, opening

PIECE = 1 << 18  # bytes: they stay in the second-level cache between being read and scanned
SHORTEST = 4  # bytes of a line with a tie, `0 1` and its end
BEYOND = 128  # bytes after a piece that may be looked at
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
NONE_YET = 1 << 30


def scanned(
    path: Path, layout: Layout, loops: Loops, piece: int = PIECE
) -> tuple[Integers, Integers, Integers] | None:
    """The ids of all ties, and what was seen in the order of `loops`; None if it is not plain."""
    try:
        size, file = _opened(path)
        with file:
            return _scanned(file, size, layout, loops, piece)
    except (OSError, EOFError, zlib.error):  # said by the general reader, which meets it too
        return None


def _opened(path: Path) -> tuple[int, BinaryIO]:
    """How many bytes of text there are, and a file to read them from."""
    if not opening(path).startswith(GZIP):
        return path.stat().st_size, path.open("rb", buffering=0)
    with gzip.open(path) as packed:
        text = packed.read()
    return len(text), BytesIO(text)


def _scanned(
    file: BinaryIO, size: int, layout: Layout, loops: Loops, piece: int
) -> tuple[Integers, Integers, Integers] | None:
    most = size // SHORTEST + 2  # memory is taken only for those that there are
    first, second, n = np.empty(most, np.int64), np.empty(most, np.int64), 0
    seen = np.array([0, NONE_YET, 0, bool(layout.header)], np.int64)
    room, kept = _Room(min(piece, size + 1)), 0
    letters = room.letters
    while True:
        got = file.readinto(letters[kept:-1].data)  # pyright: ignore[reportAttributeAccessIssue]
        if kept == 0 and n == 0 and letters[:3].tobytes() == BYTE_ORDER_MARK:
            letters[:3] = ord(" ")
        least = int(seen[LEAST])
        end = _last_line_end(letters, kept + got) if got else _ended(letters, kept)
        if end == 0 and got:
            kept += got
            if kept == len(letters) - 1:
                return None  # a line longer than a piece
            continue
        found = _ties(loops, layout, room, end, seen, first[n:], second[n:])
        if found < 0 or (not got and least > seen[LEAST] and n):
            return None  # not plain, or cut off in the last line
        n += found
        if not got:
            return (first[:n], second[:n], seen) if n else None
        kept += got - end
        letters[:kept] = letters[end : end + kept]


class _Room:
    """Room for a piece of so many letters, also as words of eight, and for where numbers end."""

    def __init__(self, size: int) -> None:
        self.words = np.zeros((size + BEYOND) // 8 + 1, np.uint64)
        self.letters = self.words.view(np.uint8)[:size]
        self.ends = np.empty(size + 1, np.int32)


def _ties(
    loops: Loops,
    layout: Layout,
    room: _Room,
    size: int,
    seen: Integers,
    first: Integers,
    second: Integers,
) -> int:
    """The ties of the first `size` letters, by the quicker loop where they are plain enough."""
    if size == 0:
        return 0
    separator = layout.separator[0] if layout.separator else 0
    if not seen[HEADER] and sys.byteorder == "little":
        letters = room.words.view(np.uint8)
        own = (letters, room.words, size, separator, room.ends, seen, first, second)
        found = int(loops.scan_plain(*own))
        if found >= 0:
            return found
    return int(loops.scan(room.letters[:size], separator, *layout.columns, seen, first, second))


def _last_line_end(letters: Column, size: int) -> int:
    """The place after the last line feed."""
    begin = max(0, size - 4096)
    return begin + 1 + found if (found := letters[begin:size].tobytes().rfind(b"\n")) >= 0 else 0


def _ended(letters: Column, size: int) -> int:
    """The size of what is left at the end of the file, with a line end."""
    if size == 0:
        return 0
    letters[size] = ord("\n")
    return size + 1
