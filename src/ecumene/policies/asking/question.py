"""A question: the words in which a situation is put to a language model, and what it may answer.

A TOML file says it:

    text = "You are {who}, and your trust in strangers is {trust}. You hold 10 dollars."
    personas = ["who"]                # columns that make a person; held out as wholes
    rewordings = ["..."]              # other words for the same, for `ecumene policy check`
    actions = {keep = "You keep all", give = "You give half"}
    columns = [{name = "who", labels = ["a student", "a nurse"]}, {name = "trust", labels = [...]}]
    monotone = [{action = "give", column = "trust", rises = true}]
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any

from ...errors import EcumeneError, InputError, unknown
from ..binned import Binned, binned, grouped, levels
from ..policy import Policy, check_shape

KNOWN = ("actions", "columns", "monotone", "personas", "rewordings", "text")


@dataclass(frozen=True)
class Monotone:
    """An action that must not become rarer (or more frequent) from bin to bin of a column."""

    action: str
    column: str
    rises: bool = True


@dataclass(frozen=True)
class Question:
    """Situations in words; `{name}` in `text` stands for the label of a column's bin."""

    columns: tuple[Binned, ...]
    actions: Mapping[str, str]
    text: str
    personas: tuple[str, ...] = ()
    rewordings: tuple[str, ...] = ()
    monotone: tuple[Monotone, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what names a column or an action that is not there, or leaves one out."""
        check_shape(self.columns, self.actions)
        names = [column.name for column in self.columns]
        if len(self.actions) > 26:
            raise InputError(f"{len(self.actions)} actions; a question may have up to 26.")
        for text in (self.text, *self.rewordings):
            named = set(re.findall(r"\{([^{}]*)\}", text))
            for name in sorted(named - set(names)):
                raise InputError(f"the text names {unknown('column', name, names)}")
            if set(names) - named:
                missing = ", ".join(sorted(set(names) - named))
                raise InputError(
                    f"the text does not say {missing}: situations that differ in it would be one "
                    f"question. Put {{{sorted(set(names) - named)[0]}}} into it."
                )
        for name in (*self.personas, *(m.column for m in self.monotone)):
            if name not in names:
                raise InputError(unknown("column", name, names))
        for monotone in self.monotone:
            if monotone.action not in self.actions:
                raise InputError(unknown("action", monotone.action, self.actions))

    @property
    def cells(self) -> int:
        """How many situations there are."""
        return prod(column.size for column in self.columns)

    def bins(self, cell: int) -> tuple[int, ...]:
        """The bin of each column in a situation."""
        places: list[int] = []
        for column in reversed(self.columns):
            cell, place = divmod(cell, column.size)
            places.append(place)
        return tuple(reversed(places))

    def words(self, cell: int, wording: int = 0) -> str:
        """The situation in words; `wording` 0 is the text itself, others are rewordings."""
        text = (self.text, *self.rewordings)[wording]
        for column, place in zip(self.columns, self.bins(cell), strict=True):
            text = text.replace(f"{{{column.name}}}", column.labels[place])
        return text

    def persona(self, cell: int) -> tuple[int, ...]:
        """Who is asked in a situation: the bins of the columns that make a person."""
        named = zip(self.columns, self.bins(cell), strict=True)
        return tuple(place for column, place in named if column.name in self.personas)


def read_question(path: str | Path) -> Question:
    """The question that a TOML file says, or a policy's JSON file was built from."""
    path = Path(path)
    if path.suffix == ".json":
        from ..saving import read_policy

        return question_of(read_policy(path))
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"cannot open the question `{path}`: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"`{path.name}` is not TOML: {error}.") from error
    for name in sorted(set(said) - set(KNOWN)):
        raise InputError(f"`{path.name}`: {unknown('key', name, KNOWN)}")
    for name in ("actions", "columns", "text"):
        if name not in said:
            raise InputError(f"`{path.name}` has no `{name}`; see `ecumene policy --help`.")
    try:
        return as_question(said)
    except (EcumeneError, TypeError, KeyError) as error:
        raise InputError(f"`{path.name}`: {error}") from error


def as_question(said: Mapping[str, Any]) -> Question:
    """A question from plain data."""
    return Question(
        tuple(_column(dict(column)) for column in said["columns"]),
        dict(said["actions"]),
        str(said["text"]),
        tuple(said.get("personas", ())),
        tuple(said.get("rewordings", ())),
        tuple(Monotone(**one) for one in said.get("monotone", ())),
    )


def as_plain(question: Question) -> dict[str, Any]:
    """The question as plain data, as `as_question` reads it."""
    return {
        "columns": [column.as_json() for column in question.columns],
        "actions": dict(question.actions),
        "text": question.text,
        "personas": list(question.personas),
        "rewordings": list(question.rewordings),
        "monotone": [vars(one) for one in question.monotone],
    }


def question_of(policy: Policy) -> Question:
    """The question that a policy was built from, or one made of its columns' and actions' words."""
    if "question" in policy.about:
        return as_question(policy.about["question"])
    said = "; ".join(f"your {c.name.replace('_', ' ')}: {{{c.name}}}" for c in policy.columns)
    return Question(policy.columns, policy.actions, f"You are a person. {said}. What do you do?")


def _column(said: dict[str, Any]) -> Binned:
    name = said.pop("name")
    given = {key: said.pop(key) for key in ("labels", "at") if key in said}
    edges, groups = said.pop("edges", None), said.pop("groups", None)
    if said:
        raise InputError(f"column `{name}`: no key `{next(iter(said))}`.")
    if edges:
        return binned(name, edges, **given)
    if groups:
        return grouped(name, groups, **given)
    return levels(name, given["labels"], at=given.get("at", ()))
