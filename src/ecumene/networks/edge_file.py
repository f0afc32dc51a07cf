"""Ties from text: CSV, TSV or SNAP's lists, one tie per line, comments and blank lines between.

Every line is looked at twice at most: once taking ids for numbers, and again if one of them turns
out to be text. What cannot be a tie ends the reading, with the number of the line.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from ..arrays import Column, Integers
from ..errors import InputError
from .fields import Fields, split, unquoted, whole_numbers
from .halves import Halves
from .layout import SEPARATORS, WANTED, Layout, layout_of
from .loops import COMMENTS, LARGEST, LEAST, MOST
from .numbering import Pairs, encode, number_codes, number_integers
from .quick import Choose, numpy_alone
from .rows import counted
from .scanning import NONE_YET, scanned
from .text_file import Piece, pieces

TIE_BYTES = 12  # of text, about


@dataclass
class Tally:
    """What was seen while reading, for the notices."""

    comments: int = 0
    least: int = NONE_YET
    most: int = 0


def read_edge_file(path: Path, choose: Choose = numpy_alone) -> tuple[Pairs, list[str]]:
    """The ties of a text file, and what there is to say about how it was read."""
    layout, tally = layout_of(path), Tally()
    pairs = _plain_numbers(path, layout, tally, choose) or _numbers(path, layout, tally)
    if pairs is None or (len(pairs.first) == 0 and not layout.certain):
        layout = layout if layout.certain else replace(layout, header=())
        tally = Tally()
        pairs = _texts(path, layout, tally)
    if len(pairs.first) == 0:
        raise InputError(f"{path} holds no ties, only {_what(layout, tally)}. {WANTED}")
    return pairs, _notices(layout, tally)


def _what(layout: Layout, tally: Tally) -> str:
    parts = [counted(tally.comments, "comment line")] if tally.comments else []
    parts += [f"a header ({', '.join(layout.header)})"] if layout.header else []
    return " and ".join(parts) or "blank lines"


def _notices(layout: Layout, tally: Tally) -> list[str]:
    said = [f"{counted(tally.comments, 'comment line')} skipped"] if tally.comments else []
    header, (i, j) = layout.header, layout.columns
    if header:
        said.append(f"the first line is a header; ids are in `{header[i]}` and `{header[j]}`")
    if tally.least != tally.most:
        said.append(f"lines have from {tally.least} to {tally.most} fields; two of them are used")
    if tally.most > 2:
        names = ", ".join(header[k] for k in range(len(header)) if k not in (i, j))
        further = counted(tally.most - 2, "further column") + (f" ({names})" if names else "")
        said.append(f"{further} not used; every tie counts once")
    return said


def _plain_numbers(path: Path, layout: Layout, tally: Tally, choose: Choose) -> Pairs | None:
    """The ties, if there are loops for so many and the file is as plain as they want it."""
    expected = path.stat().st_size // TIE_BYTES
    loops = choose(expected)
    if loops is None:
        return None
    with Halves(expected) as halves:
        found = scanned(path, layout, loops, halves)
        if found is None:
            return None
        first, second, seen = found
        tally.comments, tally.least, tally.most = map(int, seen[[COMMENTS, LEAST, MOST]])
        largest = int(seen[LARGEST])
        pairs = number_integers(first, second, loops=loops, halves=halves, largest=largest)
    room = first.base  # of both columns, the first of which has one half to itself
    if pairs.first is not first or room is None:
        return pairs
    return replace(pairs, room=room[: room.size // 2])


def _numbers(path: Path, layout: Layout, tally: Tally) -> Pairs | None:
    """The ties, if every id is a number."""
    columns: tuple[list[Integers], list[Integers]] = ([], [])
    for fields, at in _read(path, layout, tally):
        for column, ids in zip(columns, at, strict=True):
            numbers = whole_numbers(fields.text, fields.start[ids], fields.end[ids])
            if numbers is None:
                return None
            column.append(numbers)
    return number_integers(_joined(columns[0]), _joined(columns[1]))


def _texts(path: Path, layout: Layout, tally: Tally) -> Pairs:
    """The ties, when an id is text or in quotes."""
    codes: dict[bytes, int] = {}
    columns: tuple[list[Integers], list[Integers]] = ([], [])
    for fields, at in _read(path, layout, tally):
        for column, ids in zip(columns, at, strict=True):
            spans = zip(fields.start[ids].tolist(), fields.end[ids].tolist(), strict=True)
            column.append(encode(codes, (fields.text[start:end] for start, end in spans)))
    words: dict[str, int] = {}
    again = encode(words, (unquoted(word) for word in codes))  # `"7"` and `7` are one id
    return number_codes(tuple(words), again[_joined(columns[0])], again[_joined(columns[1])])


def _joined(parts: Sequence[Integers]) -> Integers:
    return np.concatenate([np.empty(0, dtype=np.int64), *parts])


def _read(
    path: Path, layout: Layout, tally: Tally
) -> Iterator[tuple[Fields, tuple[Integers, Integers]]]:
    """The checked fields of each piece, and which of them are the ids."""
    header = bool(layout.header)
    for piece in pieces(path):
        fields = split(piece.text, layout.separator)
        tally.comments += fields.comments
        if header and len(fields.first):
            fields, header = fields.after_header(), False
        if len(fields.first):
            _check(path, piece, fields, layout, tally)
            tally.least = min(tally.least, int(fields.count.min()))
            tally.most = max(tally.most, int(fields.count.max()))
            i, j = layout.columns
            yield fields, (fields.first + i, fields.first + j)


def _check(path: Path, piece: Piece, fields: Fields, layout: Layout, tally: Tally) -> None:
    """Refuse a piece with a line that does not hold two ids, naming the line."""
    _refuse_cut(path, piece, fields, tally)
    enough = fields.count > max(layout.columns)
    if not enough.all():
        raise _without_two(path, piece, fields, layout, int(np.argmin(enough)))
    filled = np.ones(len(enough), dtype=bool)
    for column in layout.columns:
        at = fields.first + column
        filled &= fields.start[at] < fields.end[at]
    if not filled.all():
        raise _without_two(path, piece, fields, layout, int(np.argmin(filled)))
    for column in layout.columns:
        _refuse_mixed(path, piece, fields, layout, fields.first + column)


def _refuse_cut(path: Path, piece: Piece, fields: Fields, tally: Tally) -> None:
    """A last line without its end and with fewer fields than any other was cut off."""
    if not piece.cut:
        return
    last = int(fields.count[-1])
    least = int(np.min(fields.count[:-1], initial=tally.least))
    start = int(fields.start[fields.first[-1]])
    if last < least < NONE_YET and b"\n" not in piece.text[start:-1]:
        raise InputError(
            f"{path}, line {piece.line_at(start)}: the file is cut off in its last line, which "
            f"has {counted(last, 'field')} and no line end; every other has {least} or more. "
            "Fetch or write it again."
        )


def _without_two(path: Path, piece: Piece, fields: Fields, layout: Layout, line: int) -> InputError:
    start = int(fields.start[fields.first[line]])
    end = int(fields.end[fields.first[line] + fields.count[line] - 1])
    text = unquoted(fields.text[start : min(end, start + 60)].strip())
    return InputError(
        f"{path}, line {piece.line_at(start)}: `{text}` does not hold two ids separated by "
        f"{SEPARATORS[layout.separator]}, as the first line does. Mend or remove the line."
    )


def _refuse_mixed(path: Path, piece: Piece, fields: Fields, layout: Layout, ids: Integers) -> None:
    """Where tabs or spaces separate, a comma at an id is another separator or wants quotes."""
    if layout.separator not in (b"", b"\t") or b"," not in fields.text:
        return
    commas = np.cumsum(np.frombuffer(fields.text, dtype=np.uint8) == ord(","), dtype=np.int64)
    before: Column = np.where(fields.start[ids] > 0, commas[fields.start[ids] - 1], 0)
    mixed = commas[fields.end[ids] - 1] > before
    if mixed.any():
        field = int(ids[np.argmax(mixed)])
        raise InputError(
            f"{path}, line {piece.line_at(int(fields.start[field]))}: a comma in "
            f"`{fields.word(field)}`, where {SEPARATORS[layout.separator]} separate ids. Use one "
            'separator throughout; put an id that holds a comma in quotes ("…").'
        )
