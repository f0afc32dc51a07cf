"""A scenario: a file that says what `ecumene run` would be told, with interventions.

    model = "cascade"
    agents = "1e6"
    seed = 3

    interventions = [
      "at 12: transmission = 0.05",
    ]

    [parameters]
    transmission = 0.2

What is typed on the command line wins over the file; changes after `--do` come after the file's.
Every error names the file and the line.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..errors import EcumeneError, InputError, unknown
from .marked import SUFFIXES, Marked, read_marked

TEXTS = ("model", "preset", "population", "network")
NUMBERS, FLAGS = ("agents", "seed", "steps"), ("directed", "strict")
OPTIONS = (*TEXTS, *NUMBERS, *FLAGS)
KEYS = (*OPTIONS, "parameters", "interventions")


@dataclass(frozen=True)
class Scenario:
    """The options that a file gives, as they would be typed, and where each of them stands."""

    options: Mapping[str, Any] = field(default_factory=dict[str, Any])
    parameters: Mapping[str, str] = field(default_factory=dict[str, str])
    changes: Sequence[tuple[str, str]] = ()  # each line with its place
    places: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True)
class Merged:
    """All options, `places` of those from the file among them, and what to say about them."""

    options: Mapping[str, Any]
    said: Sequence[str]


def is_scenario(name: str) -> bool:
    """Whether what is typed for a model means a scenario file."""
    return Path(name).suffix.lower() in SUFFIXES


def read_scenario(name: str) -> Scenario:
    """The scenario in the file `name`."""
    file = Path(name)
    if not is_scenario(name):
        raise InputError(f"a scenario's file ends in {', '.join(SUFFIXES)}; `{name}` does not.")
    if not file.is_file():
        raise InputError(f"there is no file `{name}`. Check the path.")
    marked = read_marked(file)
    for key in marked.values:
        if key not in KEYS:
            raise InputError(
                f"{unknown('key of a scenario', str(key), KEYS)}\n  {marked.where(key)}"
            )
    options = {key: _option(marked, key) for key in marked.values if key in OPTIONS}
    parameters = _parameters(marked)
    places = {key: marked.where(key) for key in options}
    places |= {f"parameter {p}": marked.where("parameters", p) for p in parameters}
    return Scenario(options, parameters, _changes(marked), places)


def merged(scenario: Scenario, options: Mapping[str, Any], typed: Iterable[str]) -> Merged:
    """What was typed over what the file gives."""
    typed, said, places = set(typed), list[str](), dict(scenario.places)
    settings = [setting.partition("=")[0].strip() for setting in options["settings"]]
    taken = {f"parameter {name}" for name in settings} | typed
    taken |= {"parameter agents"} if "agents" in typed else set()
    taken |= {"agents"} if "agents" in settings else set()
    for name in sorted(taken & places.keys()):
        said.append(f"what is typed for `{name}` wins over {places.pop(name)}")
    given = {n: v for n, v in scenario.options.items() if n in places}
    kept = [f"{n}={v}" for n, v in scenario.parameters.items() if f"parameter {n}" in places]
    changes = [*scenario.changes, *((line, None) for line in options["changes"])]
    if scenario.changes and options["changes"]:
        said.append("the changes after `--do` come after those of the file")
    over = {"settings": [*kept, *options["settings"]], "changes": changes, "places": places}
    return Merged({**options, **given, **over}, said)


@contextmanager
def told(place: str | None) -> Generator[None]:
    """Let an error name the place in a scenario that it is about, if it is about one."""
    try:
        yield
    except EcumeneError as error:
        if place is None or place in str(error):
            raise
        raise type(error)(f"{error}\n  {place}") from error


def _option(marked: Marked, key: str) -> Any:
    """An option's value as it would be typed; a flag as a truth value."""
    value = marked.values[key]
    if key in FLAGS:
        if not isinstance(value, bool):
            raise InputError(f"`{key}` is {value!r}; write true or false.\n  {marked.where(key)}")
        return value
    fits = isinstance(value, str | int | float) if key not in TEXTS else isinstance(value, str)
    if not fits or isinstance(value, bool):
        wanted = "a text" if key in TEXTS else "a number"
        raise InputError(f"`{key}` is {value!r}; write {wanted}.\n  {marked.where(key)}")
    if key in ("population", "network") and (marked.file.parent / value).exists():
        return str(marked.file.parent / value)
    return str(value)


def _parameters(marked: Marked) -> dict[str, str]:
    """The values of parameters as they would be typed."""
    table = marked.values.get("parameters") or {}
    if not isinstance(table, Mapping):
        raise InputError(
            f"`parameters` is {table!r}; write a table of names and values.\n"
            f"  {marked.where('parameters')}"
        )
    found: dict[str, str] = {}
    for name, value in table.items():
        if not isinstance(value, bool | int | float | str):
            where = marked.where("parameters", str(name))
            raise InputError(f"parameter `{name}` is {value!r}; write one value.\n  {where}")
        found[str(name)] = str(value).lower() if isinstance(value, bool) else str(value)
    return found


def _changes(marked: Marked) -> list[tuple[str, str]]:
    """The lines of the interventions, each with its place."""
    lines = marked.values.get("interventions") or []
    if not isinstance(lines, list):
        raise InputError(
            f"`interventions` is {lines!r}; write a list of lines such as "
            f'"at 12: transmission = 0.05".\n  {marked.where("interventions")}'
        )
    return [
        (_line(line, marked.where("interventions", number)), marked.where("interventions", number))
        for number, line in enumerate(lines)
    ]


def _line(line: Any, where: str) -> str:
    """One line; YAML reads `at 12: ...` without quotes as a table of one row, which is as good."""
    if isinstance(line, Mapping) and len(line) == 1:
        ((moment, change),) = line.items()
        if isinstance(change, str):
            return f"{moment}: {change}"
    if not isinstance(line, str):
        raise InputError(
            f'an intervention is a line such as "at 12: seed 100", not {line!r}.\n  {where}'
        )
    return line
