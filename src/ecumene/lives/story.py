"""A life as a story in time, and the other lives as a table, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..engine import Event, Reached
from ..population import NEVER
from ..report import plural
from .life import Life
from .luck import Luck

if TYPE_CHECKING:
    from .lives import Lives

MOST_EVENTS = 60  # More are not read; the JSON has them all.
MOST_NAMED = 12  # ties of a network, senders of one arrival


def story(lives: Lives) -> str:
    """Who the agent is, its life in the run, its other lives, and what of that is luck."""
    unit = lives.step_unit
    parts = [f"agent {lives.own.agent:,} in {lives.run}", *_who(lives.own)]
    parts += ["", "in the run:", *_events(lives.own, unit)]
    if lives.others:
        parts += ["", "in other worlds:", *_others(lives, unit)]
    if lives.luck:
        parts += ["", *_luck(lives.luck)]
    return "\n".join(parts)


def _who(life: Life) -> Iterator[str]:
    if life.background:
        yield "  " + ", ".join(f"{n} {_shown(v)}" for n, v in life.background.items())
    for name, degree in life.degree.items():
        ends = life.ties[name]
        named = ", ".join(f"{end:,}" for end in ends[:MOST_NAMED])
        more = ", ..." if degree > min(len(ends), MOST_NAMED) else ""
        yield f"  {degree:,} ties in {name}" + (f": to {named}{more}" if named else "")


def _events(life: Life, unit: str) -> Iterator[str]:
    told = [event for event in life.events if not _fades(life, event)]
    for event in told[:MOST_EVENTS]:
        yield f"  {unit} {event.step}: {_event(event, life)}"
    if len(told) > MOST_EVENTS:
        yield f"  and {len(told) - MOST_EVENTS:,} more events"
    if not told:
        yield "  nothing reached it and nothing about it changed"
    yield f"  the {plural(unit)} end with {life.steps}: {_fields(life.last, life)}"


def _event(event: Event, life: Life) -> str:
    if isinstance(event, Reached):
        told = life.told(event)
        what = "" if told is None else f" with {_shown(told)}"
        named = ", ".join(f"{agent:,}" for agent in event.senders[:MOST_NAMED])
        more = ", ..." if len(event.senders) > MOST_NAMED else ""
        return f"{event.rule} reached it{what}" + (f", from {named}{more}" if named else "")
    return f"{event.column} became {_shown(event.after)} (was {_shown(event.before)})"


def _fades(life: Life, event: Event) -> bool:
    """Whether it is a pulse that goes down by itself, as all do."""
    return not isinstance(event, Reached) and event.column in life.pulses and not event.after


def _fields(values: Mapping[str, Any], life: Life) -> str:
    kept = {name: value for name, value in values.items() if name not in life.pulses}
    return ", ".join(f"{name} {_shown(value)}" for name, value in kept.items())


def _others(lives: Lives, unit: str) -> list[str]:
    parts = lives.parts()
    columns = [name for name in lives.own.last if name not in lives.own.pulses]
    rows = [["world", "life parts in", *columns], ["the run", "", *_last(lives.own, columns)]]
    for name, life in lives.others.items():
        when = "never" if parts[name] is None else f"{unit} {parts[name]}"
        rows.append([name, when, *_last(life, columns)])
    return _table(rows)


def _last(life: Life, columns: Sequence[str]) -> list[str]:
    return [_shown(life.last[column]) for column in columns]


KINDS = {
    "own": "the agent's own luck drawn anew, nobody else's",
    "world": "everybody's luck drawn anew, people and ties the same",
}


def _luck(luck: Sequence[Luck]) -> list[str]:
    lines: list[str] = []
    for kind, said in KINDS.items():
        mine = [one for one in luck if one.kind == kind]
        if not mine:
            continue
        rows = [["outcome", "world", "mean", "effect of the change", "SD by luck alone", "differs"]]
        for one in mine:
            effect = f"{one.effect:+.3g} (SD {one.effect_sd:.3g})"
            own = one.world == "the run"
            rows.append(
                [
                    one.outcome,
                    one.world,
                    f"{one.mean:.3g}",
                    "" if own else effect,
                    f"{one.luck_sd:.3g}" if own else "",
                    "" if own else f"in {100 * one.changed:.0f} %",
                ]
            )
        lines += [f"{said} ({mine[0].draws} draws):", *_table(rows)]
    return lines


def _table(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  " + "  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return "never" if value == NEVER else f"{value:,}"
    return f"{value:.6g}" if isinstance(value, float) else str(value)
