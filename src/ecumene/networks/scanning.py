"""Ties from a plain text file by one loop over its letters, instead of NumPy over all of them.

It takes numbers between spaces, tabs, commas or semicolons, with comments and a header. Whatever
else a file holds, it says nothing about that and gives up, and `edge_file` begins anew.
"""

from __future__ import annotations

import gzip
import sys
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import numpy as np

from ..arrays import Column, Integers
from .halves import Halves
from .layout import Layout
from .loops import COMMENTS, HEADER, LEAST
from .quick import Loops
from .text_file import GZIP, opening

PIECE = 1 << 18  # bytes: they stay in the second-level cache between being read and scanned
LINE = 1 << 12  # bytes in which the end of a line is looked for
SHORTEST = 4  # bytes of a line with a tie, `0 1` and its end
BEYOND = 128  # bytes after a piece that may be looked at
LISTED = 64  # ends of numbers that are listed at a time, at most
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
NONE_YET = 1 << 30


def scanned(
    path: Path, layout: Layout, loops: Loops, halves: Halves, piece: int = PIECE
) -> tuple[Integers, Integers, Integers] | None:
    """The ids of all ties, and what was seen in the order of `loops`; None if it is not plain."""
    try:
        return _scanned(*_text(path), layout, loops, piece, halves)
    except (OSError, EOFError, zlib.error):  # said by the general reader, which meets it too
        return None


def _text(path: Path) -> tuple[int, Callable[[], BinaryIO]]:
    """How many bytes of text there are, and what opens a file to read them from."""
    if not opening(path).startswith(GZIP):
        return path.stat().st_size, lambda: path.open("rb", buffering=0)
    with gzip.open(path) as packed:
        text = packed.read()
    return len(text), lambda: BytesIO(text)


def _scanned(
    size: int,
    opens: Callable[[], BinaryIO],
    layout: Layout,
    loops: Loops,
    piece: int,
    halves: Halves,
) -> tuple[Integers, Integers, Integers] | None:
    middle = _middle(size, opens) if halves.at_once else size
    parts = [(0, middle), (middle, size)]
    begins = [0, middle // SHORTEST + 2]  # no more ties than that stand before the middle
    most = begins[1] + (size - middle) // SHORTEST + 2
    # Taken only as far as there are ties; in one piece, which the allocator gives back later than
    # two, so that a list of some megabytes finds its pages again instead of new ones.
    room = np.empty(2 * most, np.int64)
    columns = room[:most], room[most:]
    seen = np.array([[0, NONE_YET, 0, bool(layout.header), 0], [0, NONE_YET, 0, 0, 0]], np.int64)

    def scan(half: int) -> int:
        mine = [column[begins[half] :] for column in columns]
        with opens() as file:
            return _scanned_part(file, *parts[half], layout, loops, piece, seen[half], *mine)

    some, more = halves.each(scan)
    if some < 0 or more < 0 or some + more == 0:
        return None
    if some and more == 1 and seen[1, LEAST] < seen[0, LEAST]:
        return None  # perhaps cut off in the last line, which is all of the second half

    def close_up(half: int) -> None:
        column = columns[half]
        column[some : some + more] = column[begins[1] : begins[1] + more]

    halves.each(close_up)
    both = seen.max(axis=0)
    both[COMMENTS], both[LEAST], both[HEADER] = seen[:, COMMENTS].sum(), seen[:, LEAST].min(), 0
    return columns[0][: some + more], columns[1][: some + more], both


def _middle(size: int, opens: Callable[[], BinaryIO]) -> int:
    """The place after the line that stands in the middle; the end where none is found."""
    with opens() as file:
        file.seek(size // 2)
        end = 1 + file.read(LINE).find(b"\n")
    return size // 2 + end if end else size


def _scanned_part(
    file: BinaryIO,
    begin: int,
    end: int,
    layout: Layout,
    loops: Loops,
    piece: int,
    seen: Integers,
    first: Integers,
    second: Integers,
) -> int:
    """The ties of the lines between two places: how many, or -1 to give up."""
    room, kept, n, left = _Room(min(piece, end - begin + 2)), 0, 0, end - begin
    letters = room.letters
    file.seek(begin)
    while True:
        wanted = letters[kept : min(len(letters) - 1, kept + left)]
        got = file.readinto(wanted.data)  # pyright: ignore[reportAttributeAccessIssue]
        left -= got
        if begin == 0 and kept == 0 and n == 0 and letters[:3].tobytes() == BYTE_ORDER_MARK:
            letters[:3] = ord(" ")
        least = int(seen[LEAST])
        whole = _last_line_end(letters, kept + got) if got else _ended(letters, kept)
        if whole == 0 and got:
            kept += got
            if kept == len(letters) - 1:
                return -1  # a line longer than a piece
            continue
        found = _ties(loops, layout, room, whole, seen, first[n:], second[n:])
        if found < 0 or (not got and least > seen[LEAST] and n):
            return -1  # not plain, or cut off in the last line
        n += found
        if not got:
            return n
        kept += got - whole
        letters[:kept] = letters[whole : whole + kept]


class _Room:
    """Room for a piece of so many letters, with some beyond, and for where numbers end."""

    def __init__(self, size: int) -> None:
        self.beyond = np.zeros(size + BEYOND, np.uint8)
        self.letters = self.beyond[:size]
        self.ends = np.empty(size + LISTED, np.int32)


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
        found = int(loops.scan_plain(room.beyond, size, separator, room.ends, seen, first, second))
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
