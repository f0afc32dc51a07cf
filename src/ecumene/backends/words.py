"""What every backend spells alike: the 64-bit words that go into a digest, and its errors."""

from __future__ import annotations

import struct
from typing import Any

from ..errors import RuleError
from ..networks.lowered import Lowered
from ..population import Stored
from ..random import MASK, fold
from .values import limits

RECEIVES = 0x726563656976  # Of a tie's draws the receiver's; no rule draws it on its own.
PICKS = 0x7069636B6564  # Of a tie's draws the one by which `pick` chooses; nor this.
CLAIM_ORDER = 0x6F7264657220  # Draws the order among claims of one priority; no rule draws it.


def name_number(name: str) -> int:
    """A 64-bit number for a name, the same for ever (FNV-1a, Fowler, Noll and Vo, then mixed)."""
    number = 0xCBF29CE484222325
    for byte in name.encode():
        number = ((number ^ byte) * 0x100000001B3) & MASK
    return fold(number, len(name))


def column_key(name: str, half: int) -> int:
    """The key under which a column's values enter one half of a digest."""
    return fold(name_number("column:" + name), half)


def value_word(value: int | float | bool) -> int:
    """A value as 64 bits."""
    if isinstance(value, float):
        return int.from_bytes(struct.pack("<d", value), "little")
    return int(value) & MASK


NO_WHOLE = "cannot convert float"  # as Python's error begins where `int` gets no number


class dividing:  # noqa: N801
    """Turns what goes wrong inside `rule` into the one error that every backend gives.

    A class, since a step of few agents enters it three times, and a generator costs it 5 us.
    """

    __slots__ = ("rule", "step")

    def __init__(self, rule: str, step: int) -> None:
        """Remember which rule runs, and when."""
        self.rule, self.step = rule, step

    def __enter__(self) -> None:
        """Nothing yet."""

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        """Say what went wrong in a modeller's words."""
        if isinstance(error, ZeroDivisionError):
            raise RuleError(
                f"rule `{self.rule}` divides by zero in step {self.step}; test the divisor "
                "before dividing."
            ) from error
        if isinstance(error, OverflowError | ValueError) and str(error).startswith(NO_WHOLE):
            raise RuleError(
                f"rule `{self.rule}` makes a whole number of one that is infinite or none in step "
                f"{self.step}; test it before `int`."
            ) from error
        if isinstance(error, IndexError):
            raise RuleError(
                f"rule `{self.rule}` reads a cell that is not there in step {self.step}; cells, "
                "and the situations of a policy, are numbered from 0."
            ) from error


HINTS = {
    "step": "write a step from 0 to the present one, or say ec.step_column(ahead=...)",
    "wake": "write the step to wake in, after the present one, or ec.NEVER",
}


def overflow_text(
    rule: str,
    place: int,
    column: str,
    value: float,
    stored: Stored,
    step: int,
    given: bool = False,
) -> str:
    """Say that a rule wrote a value that its column cannot hold."""
    return f"rule `{rule}` gave agent {place} the {column} {value}" + _limits(
        "column", value, *limits(stored, step, given), stored.kind, stored.link
    )


def environment_overflow_text(rule: str, name: str, value: float, stored: Stored, step: int) -> str:
    """Say that a rule wrote an environment value, or a cell of it, that does not fit."""
    return f"rule `{rule}` gave the environment the {name} {value}" + _limits(
        "value", value, *limits(stored, step), stored.kind
    )


def claim_text(rule: str, place: int, cell: int, units: int, step: int) -> str:
    """Say that an agent asked for what cannot be asked for."""
    if units < 0:
        return (
            f"rule `{rule}` asks for {units} units for agent {place} in step {step}; "
            "ask for 0 (nothing) or more."
        )
    return (
        f"rule `{rule}` asks for cell {cell} for agent {place} in step {step}, which is not there; "
        "cells are numbered from 0."
    )


def stray_text(link: str, of: str, place: int, identity: int, step: int) -> str:
    """Say that an agent points to what nobody is."""
    return (
        f"agent {place} points by `{link}` to {identity} in step {step}, which is nobody's "
        f"identity; write the identity of one of {of}, or ec.NOBODY."
    )


def newcomers_text(rule: str, many: int, step: int, place: int | None = None) -> str:
    """Say that an entry gave less than no newcomers."""
    whom = "" if place is None else f" for agent {place}"
    return f"entry `{rule}` gave {many} newcomers{whom} in step {step}; give 0 or more."


def nobody_text(rule: str, place: int, whom: int, step: int) -> str:
    """Say that an agent asked somebody for a tie who is not there."""
    return (
        f"rule `{rule}` asks agent {whom} for agent {place} in step {step}, who is not there; give "
        "an identity, such as other.identity of a meeting, or ec.NOBODY."
    )


def slots_field(name: str, network: Lowered) -> str:
    """What the fields of a network's rows of slots begin with; `whole` where ties may be away."""
    return f"{name}_whole" if "whole" in network.parts else name


def _limits(what: str, value: float, low: int, high: int, kind: str, link: str = "") -> str:
    if kind == "float":
        return f"; a {what} never holds NaN."
    hint = HINTS.get(kind, f"widen low and high of the {what}")
    if link:
        hint = f"write the identity of one of {link}, or ec.NOBODY"
    return f", outside its range {low}..{high}; {hint}."


def treeless_text(agent: int, column: str, parent: int) -> str:
    """Say that somebody's parent is not in the tree."""
    return (
        f"agent {agent} has the {column} {parent}, who is not in its tree (or below the "
        "agent itself); let a rule write it once, when the agent is first reached."
    )
