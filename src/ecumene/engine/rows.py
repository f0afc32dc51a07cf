"""A rule as a row of the plan: for whom it is, what it reads and writes, its luck, its cost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..backends import (
    Acting,
    Bonding,
    Claiming,
    Entering,
    Facing,
    Governing,
    Program,
    Ruled,
    Spreading,
)
from ..rules import Activity, AgentRule, Encounter, Meeting, Proposal
from .copresence import sorting_cost

Row = Mapping[str, str]


def row_of(programs: Mapping[str, Program], name: str, number: int, part: Ruled) -> Row:
    """A rule of the population `name` in phase `number`; of several populations it says whose."""
    whose = "" if isinstance(part, Governing) else name
    head = {"phase": str(number), **({"of": whose} if len(programs) > 1 else {})}
    row = _rest(part)
    costs = dict.fromkeys([row["cost"], *filter(None, _costs(programs, name, part))])
    return {**head, "rule": part.rule.name, **row, "cost": "; ".join(costs)}


def _costs(programs: Mapping[str, Program], name: str, part: Ruled) -> Iterator[str]:
    """What it takes to read of agents that are not its own, and to keep links to those there."""
    for read in (*part.all_reads, *part.env):
        yield programs[name].brought.cost(read)
    yield sorting_cost(programs[name], part)
    if isinstance(part, Acting | Facing | Entering):
        entered = part.rule.enters if isinstance(part, Entering) else ""
        yield programs[entered or name].brought.loosening(part.rule.writes)


def _rest(part: Ruled) -> Row:
    if isinstance(part, Governing):
        return _governing(part)
    if isinstance(part, Spreading):
        return _spreading(part)
    if isinstance(part, Facing):
        return _facing(part)
    if isinstance(part, Claiming):
        return _claiming(part)
    if isinstance(part, Entering):
        return _entering(part)
    return _bonding(part) if isinstance(part, Bonding) else _acting(part)


def _governing(part: Governing) -> Row:
    return {
        "for": "the environment",
        "reads": _names(_env(part)),
        "writes": ", ".join(f"env.{name}" for name in part.rule.writes),
        "luck": f"{part.rule.luck}, one key",
        "cost": "once per step",
    }


def _spreading(part: Spreading) -> Row:
    rule = part.rule
    return {
        "for": f"agents whose {rule.active} is up, along {rule.over}",
        "reads": _names(part.reads, part.receiver_reads, _env(part)),
        "writes": f"{rule.into} ({rule.combine})",
        "luck": f"{rule.luck}, per tie",
        "cost": "per active agent and tie",
    }


def _facing(part: Facing) -> Row:
    shown = tuple(f"other.{name}" for name in part.shows)
    meets, dense = isinstance(part.rule, Meeting), part.rule.on.kind == "everyone"
    return {
        "for": f"{_for_whom(part.rule.on)}, {_with_whom(part.rule)}",
        "reads": _names(part.reads, shown, _env(part)),
        "writes": ", ".join(part.rule.writes),
        "luck": f"{part.rule.luck}, per {'pair' if meets else 'agent'}",
        "cost": f"per agent{'' if dense else ' it runs for'}; a log of what it writes",
    }


def _claiming(part: Claiming) -> Row:
    told = [f"env.{name}" for name in (part.rule.asked, part.rule.last) if name]
    capacity = f"{'' if part.column else 'env.'}{part.rule.capacity}"
    return {
        "for": _for_whom(part.rule.on),
        "reads": _names(part.reads, _env(part)),
        "writes": ", ".join((part.rule.into, capacity, *told)),
        "luck": f"{part.rule.luck}, per agent",
        "cost": "per agent it asks, and k log k for k claims",
    }


def _entering(part: Entering) -> Row:
    rule = part.rule
    of = "from outside" if rule.from_outside else f"of {_for_whom(rule.on)}"
    whose = "once per step" if rule.from_outside else "per agent it runs for"
    place = f"a place of {rule.enters}" if rule.enters else "a place"
    return {
        "for": f"newcomers {of}",
        "reads": _names(part.reads, part.begins_reads, _env(part)),
        "writes": ", ".join((place, *rule.writes, *([rule.into] if rule.into else []))),
        "luck": f"{rule.luck}, per agent; each, per newcomer",
        "cost": f"{whose}, and per newcomer",
    }


def _bonding(part: Bonding) -> Row:
    proposes, for_whom = isinstance(part.rule, Proposal), _for_whom(part.rule.on)
    return {
        "for": for_whom if proposes else f"{for_whom}, each of their ties of {part.rule.over}",
        "reads": _names(part.reads, _env(part)),
        "writes": f"ties of {part.rule.over}",
        "luck": f"{part.rule.luck}, per {'agent' if proposes else 'tie'}",
        "cost": "per agent it asks, and k log k for k that say so",
    }


def _acting(part: Acting) -> Row:
    dense = part.rule.on.kind == "everyone"
    copies = f"; a copy of {', '.join(part.snapshots)}" if part.snapshots else ""
    return {
        "for": _for_whom(part.rule.on),
        "reads": _names(part.reads, _env(part)),
        "writes": ", ".join(part.rule.writes),
        "luck": f"{part.rule.luck}, per agent{_drawn_again(part.rule)}",
        "cost": ("per agent" if dense else "per agent it runs for") + copies,
    }


def _drawn_again(rule: AgentRule) -> str:
    return f", as `{rule.stream}` draws it" if rule.stream else ""


def _env(part: Ruled) -> tuple[str, ...]:
    return tuple(f"env.{name}" for name in part.env)


def _for_whom(on: Activity) -> str:
    also = f", or reached by {on.also}" if on.also else ""
    said = {
        "everyone": "everyone",
        "sample": f"a share {on.of}, drawn each step",
        "awake": f"awake by {on.of}{also}",
        "flagged": f"agents whose {on.of} is up",
    }
    return said.get(on.kind, f"{on.kind.replace('_', ' ')} {on.of}")


def _with_whom(rule: Encounter | Meeting) -> str:
    if isinstance(rule, Encounter):
        return f"each drawing one tie of {rule.over}"
    return f"in pairs within {rule.within}" if rule.within else "in pairs"


def _names(*reads: tuple[str, ...]) -> str:
    return ", ".join(dict.fromkeys(name for some in reads for name in some)) or "nothing"
