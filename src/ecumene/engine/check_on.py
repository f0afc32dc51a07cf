"""Whom a rule runs for: whether they are there, and known before its phase."""

from __future__ import annotations

from collections.abc import Mapping

from ..errors import ModelError, unknown
from ..population import LIFE
from ..rules import AgentRule, Claim, Encounter, Entry, Meeting, Parting, Proposal
from .model import Model


def check_on(
    model: Model,
    rule: AgentRule | Claim | Encounter | Meeting | Entry | Proposal | Parting,
    names: Mapping[str, int],
    number: int,
) -> None:
    """Whom a rule runs for is there, and known before its phase."""
    on = rule.on
    if on.kind == "outside" and not isinstance(rule, Entry):
        raise ModelError(f"rule `{rule.name}` is on=ec.outside, where nobody is; only entries are.")
    if on.kind == "reached_by" and names.get(on.of, number) >= number:
        raise ModelError(
            f"rule `{rule.name}` is for those reached by `{on.of}`, which is in no earlier phase; "
            "put it in a later phase than that tie rule."
        )
    if on.kind == "reached_by" and on.of in _untold(model):
        raise ModelError(
            f"rule `{rule.name}` is for those reached by `{on.of}`, an entry that tells nobody "
            "whom it lets in; give it into=, the name of an arrival column."
        )
    if on.kind == "changed" and on.of not in model.population.stored:
        raise ModelError(
            f"rule `{rule.name}`: {unknown('stored column', on.of, model.population.stored)}"
        )
    if on.kind == "awake" and isinstance(rule, AgentRule):
        _check_awake(model, rule, names, number)
    if on.kind == "flagged":
        flags = [n for n, s in model.population.stored.items() if s.kind in ("pulse", "flag")]
        if on.of not in flags:
            raise ModelError(f"rule `{rule.name}`: {unknown('pulse or flag', on.of, flags)}")
    if on.kind == "changed" and model.population.is_open and on.of in LIFE:
        raise ModelError(
            f"rule `{rule.name}` is for those whose `{on.of}` changed; nobody's changes while they "
            "are there: watch another column."
        )
    if on.kind == "changed" and model.population.stored[on.of].kind == "wake":
        raise ModelError(
            f"rule `{rule.name}` is for those whose `{on.of}` changed; a wake column says when an "
            "agent acts: watch a column that says what it did."
        )
    if on.kind == "changed" and model.population.stored[on.of].kind == "pulse":
        raise ModelError(
            f"rule `{rule.name}` is for those whose `{on.of}` changed; a pulse is gone after a "
            "step: write a stored column, and watch that."
        )
    if on.kind == "sample" and on.of not in model.parameters:
        raise ModelError(f"rule `{rule.name}`: {unknown('parameter', on.of, model.parameters)}")
    if on.kind == "sample" and not 0.0 <= model.parameters[on.of] <= 1.0:
        raise ModelError(
            f"rule `{rule.name}` runs for a share of {model.parameters[on.of]} of the agents; "
            f"set `{on.of}` to 0 to 1."
        )


def _untold(model: Model) -> list[str]:
    """The entries that do not tell who causes newcomers whom they let in."""
    entries = [rule for phase in model.phases for rule in phase if isinstance(rule, Entry)]
    return [rule.name for rule in entries if not rule.into]


def _check_awake(
    model: Model, rule: AgentRule | Encounter | Meeting, names: Mapping[str, int], number: int
) -> None:
    """A wake column has one rule, which writes it; and it is called by an earlier tie rule."""
    on, wakes = rule.on, [n for n, s in model.population.stored.items() if s.kind == "wake"]
    if on.of not in wakes:
        raise ModelError(f"rule `{rule.name}`: {unknown('wake column', on.of, wakes)}")
    if on.of not in rule.writes:
        raise ModelError(
            f"rule `{rule.name}` is for those awake by `{on.of}` and does not write it; name it in "
            "`writes=` and give the step in which the agent wakes next, or ec.NEVER."
        )
    others = [r for phase in model.phases for r in phase if isinstance(r, AgentRule)]
    twin = next((r for r in others if r.on.kind == "awake" and r.on.of == on.of), rule)
    if twin.name != rule.name:
        raise ModelError(
            f"rules `{twin.name}` and `{rule.name}` are both for those awake by `{on.of}`; "
            "give each a wake column of its own."
        )
    lists = [r.name for phase in model.phases for r in phase if isinstance(r, Claim | Entry)]
    if on.also in lists:
        raise ModelError(
            f"rule `{rule.name}` is also for those reached by `{on.also}`, a claim or an entry; "
            "or_reached_by= takes a tie rule."
        )
    if on.also and names.get(on.also, number) >= number:
        raise ModelError(
            f"rule `{rule.name}` is also for those reached by `{on.also}`, which is in no earlier "
            "phase; put it in a later phase than that tie rule."
        )
