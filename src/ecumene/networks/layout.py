"""How a text file of ties is laid out, judged by its first two lines of data.

What separates fields is decided once for all lines: a semicolon, comma or tab where an id may hold
spaces, any run of tabs and spaces otherwise. The first line is a header when it names two known
columns (`source` and `target`, …), and may be one when neither of its ids is a number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from ..errors import InputError
from .fields import split
from .numbering import is_plain
from .text_file import pieces

HEADERS = (
    ("source", "target"),
    ("from", "to"),
    ("src", "dst"),
    ("fromnodeid", "tonodeid"),
    ("source_id", "target_id"),
    ("from_id", "to_id"),
    ("node1", "node2"),
    ("node_1", "node_2"),
    ("id1", "id2"),
    ("id_1", "id_2"),
    ("person1", "person2"),
    ("person_1", "person_2"),
    ("ego", "alter"),
    ("sender", "receiver"),
    ("follower", "followee"),
)
OTHER_FORMATS = {
    "%%MatrixMarket": "a Matrix Market file",
    "graph [": "a GML file",
    "<?xml": "an XML file (GraphML or GEXF)",
    "<graphml": "a GraphML file",
    "*Vertices": "a Pajek file",
    "{": "a JSON file",
}
SEPARATORS = {b"": "tabs or spaces", b",": "commas", b";": "semicolons", b"\t": "tabs"}
LINE = re.compile(rb"[^\r\n]*[^\s][^\r\n]*")
TWO_NUMBERS = re.compile(rb"\s*\d+[ \t]+\d+(\s|$)")
NOT_PLAIN = re.compile(rb'"(?:[^"]|"")*"|\{.*')  # quoted text, and networkx's attributes


WANTED = "Give one tie per line: two ids separated by tabs, spaces or commas."


@dataclass(frozen=True)
class Layout:
    """How the lines of one file are to be read."""

    separator: bytes
    columns: tuple[int, int]
    header: tuple[str, ...]  # of the first line, if it is or may be one
    certain: bool  # that it is one, even if ids are text


def layout_of(path: Path) -> Layout:
    """What the first two data lines say about all."""
    raw = list(islice(_data_lines(path), 2))
    if not raw:
        return Layout(b"", (0, 1), (), certain=False)
    separator = b"\t" if ".tsv" in path.suffixes else _separator(raw)
    lines = [split(line + b"\n", separator).words(0) for line in raw]
    names = [word.lower() for word in lines[0]]
    for one, two in HEADERS:
        if one in names and two in names:
            columns = (names.index(one), names.index(two))
            return Layout(separator, columns, tuple(lines[0]), certain=True)
    if len(lines[0]) < 2 or any(is_plain([word]) for word in lines[0][:2]):
        return Layout(separator, (0, 1), (), certain=False)
    return Layout(separator, (0, 1), tuple(lines[0]), certain=_names_a_number(lines))


def _data_lines(path: Path) -> Iterator[bytes]:
    for number, piece in enumerate(pieces(path, size=1 << 12)):
        if number == 0:
            _refuse_other_formats(path, piece.text)
        for line in LINE.finditer(piece.text):
            if not line.group().lstrip().startswith((b"#", b"%", b"//")):
                yield line.group()


def _refuse_other_formats(path: Path, text: bytes) -> None:
    for mark, name in OTHER_FORMATS.items():
        if text[:200].lstrip().startswith(mark.encode()):
            raise InputError(f"{path} is {name}, not a list of ties. {WANTED}")


def _separator(lines: Sequence[bytes]) -> bytes:
    plain = [NOT_PLAIN.sub(b"x", line) for line in lines]
    if TWO_NUMBERS.match(plain[0]):
        return b""
    found = re.search(rb"[\t,;]", plain[0])
    if found is None or found.group() != b"\t":
        return found.group() if found else b""
    ids = [field.strip() for line in plain for field in line.split(b"\t")[:2]]
    return b"\t" if any(b" " in word or b"," in word for word in ids) else b""


def _names_a_number(lines: Sequence[Sequence[str]]) -> bool:
    """Whether a further column of the first line is a word where the second line has a number."""
    return len(lines) == 2 and any(
        not _is_number(above) and _is_number(below)
        for above, below in zip(lines[0][2:], lines[1][2:], strict=False)
    )


def _is_number(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True
