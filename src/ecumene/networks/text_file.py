"""A text file as pieces of whole lines, plain or gzipped; or one clear error saying why not."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import BinaryIO

from ..errors import InputError

PIECE = 1 << 24  # bytes; more would only take memory
GZIP = b"\x1f\x8b"
PLAIN = bytes(c for c in range(256) if c >= 32 or c in b"\t\n\v\f\r")  # what text consists of
OTHERS = {
    b"PK\x03\x04": "a zip archive or a spreadsheet; unpack it, or save the sheet as CSV",
    b"BZh": "packed with bzip2; unpack it with `bunzip2`",
    b"\xfd7zXZ": "packed with xz; unpack it with `unxz`",
    b"\x28\xb5\x2f\xfd": "packed with zstd; unpack it with `unzstd`",
    b"\xff\xfe": "not UTF-8 but UTF-16; save it as UTF-8",
    b"\xfe\xff": "not UTF-8 but UTF-16; save it as UTF-8",
}


@dataclass(frozen=True)
class Piece:
    """Whole lines of a file; `cut` says that a line end was missing and has been added."""

    text: bytes
    line: int
    cut: bool

    def line_at(self, offset: int) -> int:
        """The number, in the file, of the line that the byte at `offset` is in."""
        return self.line + line_ends(self.text[:offset])


def existing_file(path: Path) -> Path:
    """`path`, if it is an ordinary file with something in it."""
    if path.is_dir():
        raise InputError(f"{path} is a folder, not a file of ties. Name a file in it.")
    if not path.exists():
        raise InputError(f"there is no file {path}.{_near(path)} Check the name and the folder.")
    if not path.is_file():
        raise InputError(f"{path} is not an ordinary file. Write what it gives to a file first.")
    if path.stat().st_size == 0:
        raise InputError(f"{path} is empty. Give a file with one tie per line.")
    return path


def _near(path: Path) -> str:
    there = [file.name for file in path.parent.iterdir()] if path.parent.is_dir() else []
    near = get_close_matches(path.name, there, n=1)
    return f" Did you mean `{near[0]}`?" if near else ""


def opening(path: Path, count: int = 8) -> bytes:
    """The first bytes of a file, which say what kind it is."""
    try:
        with path.open("rb") as file:
            return file.read(count)
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from None


def pieces(path: Path, size: int = PIECE) -> Iterator[Piece]:
    """The lines of a file of UTF-8 text, some megabytes at a time."""
    rest, line, line_end = b"", 1, None
    for chunk in _chunks(path, size):
        text = rest + chunk
        line_end = line_end or _line_end(chunk)
        end = 1 + text.rfind(line_end)
        if end:
            yield _checked(path, Piece(text[:end], line, cut=False))
            line += line_ends(text[:end])
        rest = text[end:]
    if rest:
        yield _checked(path, Piece(rest + b"\n", line, cut=not rest.endswith(b"\r")))


def _line_end(chunk: bytes) -> bytes:
    """What ends a line: a carriage return only where no line feed can follow it."""
    return b"\r" if b"\n" not in chunk and b"\r" in chunk[:-2] else b"\n"


def line_ends(text: bytes) -> int:
    """How many lines end in `text`; a lone carriage return ends one where nothing else does."""
    return text.count(b"\n") or text.count(b"\r")


def _chunks(path: Path, size: int) -> Iterator[bytes]:
    try:
        with _opened(path) as file:
            chunk = file.read(size).removeprefix(b"\xef\xbb\xbf")  # the mark some editors write
            if not chunk:
                raise InputError(f"{path} is empty. Give a file with one tie per line.")
            while chunk:
                _refuse_binary(path, chunk)
                yield chunk
                size = max(size, min(2 * size, PIECE))  # Long lines are joined a few times.
                chunk = file.read(size)
    except EOFError:
        raise InputError(f"{path} is cut off: its gzip data ends too soon. {_AGAIN}") from None
    except (gzip.BadGzipFile, zlib.error) as error:
        raise InputError(f"{path} is damaged gzip data ({error}). {_AGAIN}") from None
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from None


_AGAIN = "Fetch or write it again."


def _opened(path: Path) -> BinaryIO:
    first = opening(path)
    for mark, what in OTHERS.items():
        if first.startswith(mark):
            raise InputError(f"{path} is {what}.")
    return gzip.open(path) if first.startswith(GZIP) else path.open("rb")  # pyright: ignore[reportReturnType]


def _refuse_binary(path: Path, chunk: bytes) -> None:
    if chunk.translate(None, PLAIN):
        raise InputError(
            f"{path} is a binary file. Give ties as text (one per line: two ids separated by "
            "tabs, spaces or commas), gzipped text, or Parquet."
        )


def _checked(path: Path, piece: Piece) -> Piece:
    try:
        if not piece.text.isascii():
            piece.text.decode()
    except UnicodeDecodeError as error:
        byte = piece.text[error.start]
        raise InputError(
            f"{path}, line {piece.line_at(error.start)}: byte 0x{byte:02x} is not UTF-8. "
            "Save the file as UTF-8."
        ) from None
    return piece
