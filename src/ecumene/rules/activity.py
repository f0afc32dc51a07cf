"""Whom an agent rule runs for in a step: the values of `on=`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .claim import Claim
    from .entry import Entry
    from .tie_rule import TieRule


@dataclass(frozen=True)
class Activity:
    """Who acts: `kind` is one of everyone, reached_by, changed, sample, awake, flagged.

    `of` says of what; `also` is the tie rule that calls further agents, if any.
    """

    kind: str
    of: str = ""
    also: str = ""

    def __str__(self) -> str:
        """As it is spelled in a rule."""
        also = f", or_reached_by={self.also}" if self.also else ""
        return f"{self.kind}({self.of}{also})" if self.of else self.kind


everyone = Activity("everyone")
outside = Activity("outside")  # Of an entry: newcomers whom nobody causes who is there.


def reached_by(rule: TieRule | Claim | Entry) -> Activity:
    """The agents for whom `rule` brought something earlier in this step: a tie rule or a claim.

    Of an entry with `into=`: those who caused newcomers.
    """
    return Activity("reached_by", rule.name)


def changed(column: str) -> Activity:
    """The agents whose `column` took another value since this rule last ran."""
    return Activity("changed", column)


def sample(share: str) -> Activity:
    """A fresh share of all agents each step, drawn by luck; `share` names a parameter."""
    return Activity("sample", share)


def awake(column: str, *, or_reached_by: TieRule | None = None) -> Activity:
    """The agents whose wake column `column` holds the present step; the rule writes the next one.

    With `or_reached_by` also those for whom that tie rule brought something in an earlier phase.
    """
    return Activity("awake", column, or_reached_by.name if or_reached_by else "")


def flagged(column: str) -> Activity:
    """The agents whose flag or pulse `column` is up."""
    return Activity("flagged", column)
