"""Arrays of a checkpoint as `.npy` files, each named by the BLAKE3 of what is in it.

A block that did not change since an earlier checkpoint has the same name, and is not written
again. Nothing is ever unpickled: a file from a stranger is numbers or an error.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import numpy as np
from blake3 import blake3

from ..arrays import Column
from ..errors import StoreError
from . import disk

SUFFIX = ".npy"


class Blocks:
    """A folder of blocks; what this process wrote or read whole is not looked at again."""

    def __init__(self, path: Path) -> None:
        """Take the folder; nothing is touched yet."""
        self.path = path
        self._sound: set[str] = set()

    def write(self, values: Column) -> str:
        """Keep an array, truth values as bits; gives the name under which it is read."""
        array = np.packbits(values, bitorder="little") if values.dtype == np.bool_ else values
        array = np.ascontiguousarray(array)
        head = BytesIO()
        np.lib.format.write_array_header_1_0(head, np.lib.format.header_data_from_array_1_0(array))
        data = array.view(np.uint8).data
        name = blake3(head.getvalue()).update(data).hexdigest()
        if name not in self._sound and self.fault(name) is not None:
            _write(self._file(name), head.getvalue(), data)
        self._sound.add(name)
        return name

    def read(self, name: str, count: int, bits: bool) -> Column:
        """An array of `count` numbers, or of `count` truth values; `StoreError` if damaged."""
        content = self._content(name)
        if content is None or blake3(content).hexdigest() != name:
            raise StoreError(
                f"{self._file(name)} {self.fault(name) or 'changed while it was read'}"
            )
        self._sound.add(name)
        try:
            array = np.load(BytesIO(content), allow_pickle=False)
        except ValueError as error:
            raise StoreError(f"{self._file(name)} holds no array of numbers: {error}.") from error
        return (
            np.unpackbits(array, count=count, bitorder="little").view(np.bool_) if bits else array
        )

    def fault(self, name: str) -> str | None:
        """What is wrong with a block, or None; it is read once."""
        if name in self._sound:
            return None
        content = self._content(name)
        if content is None:
            return "is missing"
        if blake3(content).hexdigest() != name:
            return "is not what was written"
        self._sound.add(name)
        return None

    def keep_only(self, names: Iterable[str]) -> None:
        """Remove all others, and what a killed process left half-written."""
        kept = {name + SUFFIX for name in names}
        for path in list(self.path.iterdir()):
            if path.name not in kept:
                path.unlink(missing_ok=True)
                self._sound.discard(path.name.removesuffix(SUFFIX))

    def _content(self, name: str) -> bytes | None:
        try:
            return self._file(name).read_bytes()
        except FileNotFoundError:
            return None

    def _file(self, name: str) -> Path:
        return self.path / (name + SUFFIX)


def _write(path: Path, *pieces: bytes | memoryview) -> None:
    """Write a whole block; the folder is flushed once, after all of them."""
    temporary = path.with_name(path.name + disk.TEMPORARY)
    try:
        with temporary.open("wb") as file:
            for piece in pieces:
                file.write(piece)
        disk.flush(temporary)
        temporary.replace(path)
    except OSError:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise
