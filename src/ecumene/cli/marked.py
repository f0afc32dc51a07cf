"""A TOML or YAML file as plain values, with the line of each of them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import InputError
from . import toml_lines
from .toml_lines import Path as Place

SUFFIXES = (".toml", ".yaml", ".yml")


@dataclass(frozen=True)
class Marked:
    """A file's values, and where they stand: `file:line`."""

    file: Path
    values: Mapping[str, Any]
    lines: Mapping[Place, int]

    def where(self, *place: str | int) -> str:
        """The file and the line of a key, or of an item of a list."""
        line = next((self.lines[place[:n]] for n in _shorter(place) if place[:n] in self.lines), 1)
        return f"{self.file}:{line}"


def read_marked(file: Path) -> Marked:
    """The values of `file`, which must be a table; `InputError` names the line."""
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise InputError(f"{file} is not text in UTF-8 (byte {error.start}).") from error
    except OSError as error:
        raise InputError(f"{file} cannot be read: {error.strerror}.") from error
    read = _toml if file.suffix.lower() == ".toml" else _yaml
    values, lines = read(file, text)
    return Marked(file, values, lines)


def _toml(file: Path, text: str) -> tuple[Mapping[str, Any], Mapping[Place, int]]:
    text = text.replace("\r\n", "\n")
    try:
        return tomllib.loads(text), toml_lines.lines_of(text)
    except tomllib.TOMLDecodeError as error:
        said, _, where = str(error).partition(" (at ")
        numbers = [word for word in where.replace(",", " ").replace(")", " ").split()]
        line = numbers[1] if len(numbers) > 1 and numbers[0] == "line" else text.count("\n") + 1
        raise InputError(f"this is not TOML: {said}.\n  {file}:{line}") from error


def _yaml(file: Path, text: str) -> tuple[Mapping[str, Any], Mapping[Place, int]]:
    try:
        import yaml
    except ImportError as error:
        raise InputError(
            f"reading {file} needs PyYAML: type `pip install 'ecumene[yaml]'`, or write the file "
            "as TOML."
        ) from error
    loader = yaml.SafeLoader(text)
    try:
        node = loader.get_single_node()
        lines = dict(_nodes(file, node, ()))
        values: Any = loader.construct_document(node) if node is not None else {}
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        said = getattr(error, "problem", None) or "it cannot be read"
        line = mark.line + 1 if mark is not None else 1
        raise InputError(f"this is not YAML: {said}.\n  {file}:{line}") from error
    finally:
        loader.dispose()
    if not isinstance(values, dict):
        raise InputError(f"a scenario is a table of `name: value`, not {values!r}.\n  {file}:1")
    return values, lines


def _nodes(file: Path, node: Any, place: Place) -> Iterator[tuple[Place, int]]:
    """Each key and each item of a YAML document with its line; a key may stand there once."""
    kind = type(node).__name__
    if kind == "MappingNode":
        seen: set[str] = set()
        for key, value in node.value:
            here = (*place, str(key.value))
            if str(key.value) in seen:
                raise InputError(
                    f"`{key.value}` stands there twice; leave one out.\n"
                    f"  {file}:{key.start_mark.line + 1}"
                )
            seen.add(str(key.value))
            yield here, key.start_mark.line + 1
            yield from _nodes(file, value, here)
    if kind == "SequenceNode":
        for number, item in enumerate(node.value):
            yield (*place, number), item.start_mark.line + 1
            yield from _nodes(file, item, (*place, number))


def _shorter(place: Place) -> Iterator[int]:
    yield from range(len(place), 0, -1)
