"""On which line of a TOML file each key and each item of a list stands.

Python's own reader checks the file and gives its values, but not where they stand; this walks
once over a text that is known to be valid and looks for nothing but lines.
"""

from __future__ import annotations

from collections.abc import Callable

Path = tuple[str | int, ...]
BLANK, BREAKS = " \t", " \t\r\n"


def lines_of(text: str) -> dict[Path, int]:
    """Key or item (as a path of names and numbers from 0) -> line, from 1."""
    walk = _Walk(text)
    walk.document()
    return walk.lines


class _Walk:
    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0
        self.lines: dict[Path, int] = {}

    def document(self) -> None:
        table: Path = ()
        self._skip(BREAKS)
        while self.at < len(self.text):
            if self.text[self.at] == "[":
                opening = "[[" if self.text.startswith("[[", self.at) else "["
                self.at += len(opening)
                table = self._key()
                self._note(table)
                self._skip(BLANK)
                self.at += len(opening)
            else:
                self._pair(table)
            self._skip(BREAKS)

    def _pair(self, table: Path) -> None:
        start = self.at
        path = (*table, *self._key())
        self._note(path, start)
        self.at = self.text.index("=", self.at) + 1
        self._skip(BLANK)
        self._value(path)

    def _value(self, path: Path) -> None:
        first = self.text[self.at]
        if first in "\"'":
            self._string()
        elif first == "[":
            self._several("]", lambda number: self._item((*path, number)))
        elif first == "{":
            self._several("}", lambda number: self._pair(path))
        else:
            while self.at < len(self.text) and self.text[self.at] not in ",]}#\n":
                self.at += 1

    def _several(self, end: str, one: Callable[[int], None]) -> None:
        self.at += 1
        self._skip(BREAKS + ",")
        number = 0
        while self.text[self.at] != end:
            one(number)
            number += 1
            self._skip(BREAKS + ",")
        self.at += 1

    def _item(self, path: Path) -> None:
        self._note(path)
        self._value(path)

    def _key(self) -> Path:
        parts: list[str] = []
        while True:
            self._skip(BLANK)
            start = self.at
            if self.text[self.at] in "\"'":
                self._string()
                parts.append(self.text[start + 1 : self.at - 1])
            else:
                while self.text[self.at] not in " \t.=]":
                    self.at += 1
                parts.append(self.text[start : self.at])
            self._skip(BLANK)
            if self.text[self.at] != ".":
                return tuple(parts)
            self.at += 1

    def _string(self) -> None:
        """Past a string of any of the four kinds."""
        sign = self.text[self.at]
        quote = sign * 3 if self.text.startswith(sign * 3, self.at) else sign
        self.at += len(quote)
        while not self.text.startswith(quote, self.at):
            self.at += 2 if sign == '"' and self.text[self.at] == "\\" else 1
        self.at += len(quote)
        while len(quote) == 3 and self.text.startswith(sign, self.at):
            self.at += 1  # up to two more quotes may end a long string

    def _skip(self, signs: str) -> None:
        """Past these signs, and past comments."""
        while self.at < len(self.text):
            if self.text[self.at] == "#":
                end = self.text.find("\n", self.at)
                self.at = len(self.text) if end < 0 else end
            elif self.text[self.at] not in signs:
                return
            else:
                self.at += 1

    def _note(self, path: Path, at: int | None = None) -> None:
        line = self.text.count("\n", 0, self.at if at is None else at) + 1
        self.lines.setdefault(path, line)
