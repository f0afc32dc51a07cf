"""Whom an agent rule runs for in a step: the values of `on=`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .tie_rule import TieRule


@dataclass(frozen=True)
class Activity:
    """Who acts: `kind` is one of everyone, reached_by, changed, sample; `of` says of what."""

    kind: str
    of: str = ""

    def __str__(self) -> str:
        """As it is spelled in a rule."""
        return f"{self.kind}({self.of})" if self.of else self.kind


everyone = Activity("everyone")


def reached_by(rule: TieRule) -> Activity:
    """The agents for whom `rule` brought something in an earlier phase of this step."""
    return Activity("reached_by", rule.name)


def changed(column: str) -> Activity:
    """The agents whose `column` took another value since this rule last ran."""
    return Activity("changed", column)


def sample(share: str) -> Activity:
    """A fresh share of all agents each step, drawn by luck; `share` names a parameter."""
    return Activity("sample", share)
