"""How many ties a file holds and how much memory reading them takes, judged before it is read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .fields import split
from .layout import layout_of
from .numbering import is_plain
from .parquet import count_rows
from .reading import is_parquet
from .text_file import GZIP, existing_file, opening, pieces

SAMPLE = 1 << 16  # bytes of text that say how long lines are and what ids are like
NUMBER_BYTES, WORD_BYTES, ROW_BYTES = 80, 250, 120  # memory per tie, measured and rounded up
MOST_PER_BYTE = WORD_BYTES // 4  # a line of text has four bytes at least


@dataclass(frozen=True)
class Expected:
    """About how many ties a file holds, and how many bytes of memory are held at once for them."""

    ties: int
    memory_bytes: int


def expected_ties(path: str | Path) -> Expected:
    """What the file at `path` will take, from its size and first lines or its own count of rows."""
    file = existing_file(Path(path))
    if is_parquet(file):
        rows = count_rows(file)
        return Expected(rows, rows * ROW_BYTES)
    size = text_bytes(file)
    piece = next(pieces(file, SAMPLE)).text
    layout = layout_of(file)
    fields = split(piece, layout.separator)
    lines = len(fields.first)
    if lines == 0 or int(fields.count[-1]) <= max(layout.columns):
        return Expected(0, 0)  # what is wrong is said when it is read
    last = [fields.word(int(fields.first[-1]) + column) for column in layout.columns]
    ties = max(lines, int(size * lines / len(piece)))
    return Expected(ties, ties * (NUMBER_BYTES if is_plain(last) else WORD_BYTES))


def text_bytes(file: Path) -> int:
    """The size of a file of text, unpacked if it is gzipped."""
    packed = file.stat().st_size
    if not opening(file).startswith(GZIP):
        return packed
    with file.open("rb") as ending:
        ending.seek(-min(4, packed), 2)
        size = int(np.frombuffer(ending.read().ljust(4, b"\0"), "<u4")[0])
    while size < packed:  # gzip says it modulo 2**32, and text does not grow in it
        size += 1 << 32
    return size


def is_small(file: Path, free: int) -> bool:
    """Whether `free` bytes are enough for the file, whatever it holds, so that nobody need look."""
    size = file.stat().st_size
    packed = opening(file).startswith(GZIP) or is_parquet(file)
    return size * MOST_PER_BYTE * (100 if packed else 1) < free
