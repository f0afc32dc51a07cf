"""Why an agent did what it did: each rule's inputs, draws and result, by the reference backend."""

from __future__ import annotations

import sys
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Any, Protocol

import numpy as np

from ..backends import Acting, Bonding, Facing, Governing, Ruled, Spreading
from ..backends.reference import Shard
from ..errors import ParameterError
from ..policies import choose
from ..population import BORN, NEVER
from ..random import below, chance, draw, fold, integer, uniform
from ..rules import Parting, attributes_of
from .interventions import Intervention
from .model import Model
from .plan import SECONDS_PER_AGENT
from .simulation import Simulation

MOST = 5_000_000  # Agents times steps that are gone through in plain Python: two minutes or so.
DRAWS = {f.__code__: f.__name__ for f in (chance, choose, uniform, integer, below, draw, fold)}


@dataclass(frozen=True)
class Draw:
    """A call of `ec.chance`, `ec.choose`, `ec.uniform` or the like: what it took and gave."""

    function: str
    took: Mapping[str, Any]
    gave: Any

    def __str__(self) -> str:
        """As it could be typed, with what it gave."""
        took = ", ".join(f"{n}={_shown(v)}" for n, v in self.took.items())
        return f"{self.function}({took}) gave {_shown(self.gave)}"


@dataclass(frozen=True)
class Called:
    """One call of a rule's function: what it saw, what it drew, what it gave."""

    function: str
    sees: Mapping[str, Mapping[str, Any]]
    draws: tuple[Draw, ...]
    gave: Any
    other: int | None = None  # The agent at the other end of the tie, where a tie was sent along.


@dataclass(frozen=True)
class Ruling:
    """What one rule did with the agent; `why_not` says why it did not run for it."""

    rule: str
    phase: int
    calls: tuple[Called, ...]
    writes: tuple[str, ...]
    why_not: str = ""


@dataclass(frozen=True)
class Explanation:
    """An agent in one step: its columns before and after, and each rule in between."""

    agent: int
    step: int
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    rules: tuple[Ruling, ...]
    population: str = ""  # Of several, whose agent it is.
    let_go: tuple[tuple[str, int], ...] = ()  # Links that pointed to who left, and to whom.

    def __str__(self) -> str:
        """The whole story, one line for each thing."""
        whose = f" of {self.population}" if self.population else ""
        lines = [
            f"agent {self.agent:,}{whose} in step {self.step}",
            f"before: {_fields(self.before)}",
        ]
        for ruling in self.rules:
            lines += _ruling_lines(ruling)
        lines += [f"let go: {link} = {identity}, who left" for link, identity in self.let_go]
        gone = self.before and not self.after
        return "\n".join([*lines, f"after: {'it has left' if gone else _fields(self.after)}"])


class Ran(Protocol):
    """A run: its model, its record, and what was done to it from outside."""

    model: Model
    record: Mapping[str, Any]
    interventions: Sequence[Intervention]


def explain(
    of: Model | Ran, agent: int, step: int, *, seed: int = 0, population: str = ""
) -> Explanation:
    """What each rule saw, drew and gave for one agent in one step; print it, or read its parts.

    `of` is a model, run under `seed`, or a run, which knows its own; `population` says of several
    whose agent it is, the first's if left out. Everything up to the step is
    computed again by the reference backend, one agent after another; raises `ParameterError` where
    that would take more than minutes, or there is no such agent or step.
    """
    model = of if isinstance(of, Model) else of.model
    how: dict[str, Any] = {"seed": seed}
    if not isinstance(of, Model):
        how = {"seed": of.record["seed"], "lane": of.record.get("lane", 0)}
        how["interventions"] = of.interventions
    name = model.named(population)
    _refuse(model, name, agent, step)
    simulation = Simulation(model, **how, backend="reference", direction="push")
    while simulation.step < step and simulation.advance():
        pass
    if simulation.quiet():
        raise ParameterError(
            f"nothing happens in step {step}: the run is over after {simulation.step} steps; "
            "explain an earlier one."
        )
    witness = Witness(simulation, agent, name)
    before = witness.columns()
    if not before and witness.is_gone:
        raise ParameterError(
            f"agent {agent} is not there in step {step}; the column `identity` tells who is."
        )
    simulation.advance()
    rules = tuple(
        witness.ruling(part, phase, before)
        for phase, parts in enumerate(simulation.people(name).program.phases, 1)
        for part in parts
    )
    whose = name if len(model.populations) > 1 else ""
    let_go = tuple(witness.let_go)
    return Explanation(agent, step, before, witness.columns(), rules, whose, let_go)


class Witness:
    """Listens to the calls of rules for one agent."""

    def __init__(self, simulation: Simulation, agent: int, of: str) -> None:
        """Take a reference simulation of one shard before its step."""
        self.simulation, self.agent, self.of = simulation, agent, of
        shard = simulation.only_shard(of)
        assert isinstance(shard, Shard)
        self.shard = shard
        self.calls: dict[str, list[Called]] = {}
        self.shard.call, self._plainly = self._heard, self.shard.call
        self.let_go: list[tuple[str, int]] = []
        self.shard.let_go = self._saw_let_go

    def columns(self) -> dict[str, Any]:
        """The agent's stored columns; none where it is not there."""
        stored = self.simulation.people(self.of).program.lasting
        place = np.array([p for p in self.shard.everyone() if self.shard.who(p) == self.agent])
        if not place.size:
            return {}
        return {name: self.simulation.values(name, place, self.of)[0].item() for name in stored}

    @property
    def is_gone(self) -> bool:
        """Whether the agent is not there."""
        return self.agent not in {self.shard.who(place) for place in self.shard.everyone()}

    def ruling(self, part: Ruled, phase: int, before: Mapping[str, Any]) -> Ruling:
        """What was heard of a rule, or why nothing was."""
        calls = tuple(self.calls.get(part.rule.name, ()))
        writes = part.rule.writes if isinstance(part, Acting | Facing) else ()
        return Ruling(part.rule.name, phase, calls, writes, "" if calls else why_not(part, before))

    def _saw_let_go(self, place: int, link: str, identity: int) -> None:
        if self.shard.who(place) == self.agent:
            self.let_go.append((link, identity))

    def _heard(self, part: Ruled, place: int, step: int, function: Any, *seen: Any) -> Any:
        if place < 0 or self.shard.who(place) != self.agent:
            return self._plainly(part, place, step, function, *seen)
        with listening() as draws:
            gave = self._plainly(part, place, step, function, *seen)
        called = Called(function.__name__, self._sees(part, function, seen), tuple(draws), gave)
        if isinstance(part, Spreading) and function is part.rule.send:
            ends = self.shard.ends(part.rule.over, place)
            called = Called(called.function, called.sees, called.draws, gave, ends[seen[1].number])
        self.calls.setdefault(part.rule.name, []).append(called)
        return gave

    def _sees(self, part: Ruled, function: Any, seen: tuple[Any, ...]) -> dict[str, dict[str, Any]]:
        """What the function reads of its arguments, the key apart."""
        names = ("me", "tie", "payload", "env", "model")[: len(seen) - 1]
        if len(seen) < 6:
            names = ("me", "tie", "env", "model") if len(seen) == 5 else ("me", "env", "model")
        if isinstance(part, Facing):
            names = ("me", "other", "env", "model")
        shown: dict[str, dict[str, Any]] = {}
        for name, value in zip(names, seen, strict=False):
            fields = value._asdict() if hasattr(value, "_asdict") else {"": value}
            read = attributes_of(function, set(fields)) if name in ("env", "model") else set(fields)
            if name == "model":
                read -= set(self.simulation.program.policies)  # What was chosen by them is a draw.
            shown[name] = {field: fields[field] for field in fields if field in read}
        return shown


@contextmanager
def listening() -> Generator[list[Draw]]:
    """Note every draw that a rule, or what it calls, asks for; not those that draws are made of."""
    draws: list[Draw] = []
    asked: list[tuple[FrameType, dict[str, Any]]] = []

    def note(frame: FrameType, event: str, value: Any) -> None:
        name = DRAWS.get(frame.f_code)
        if name is None or (frame.f_back is not None and frame.f_back.f_code in DRAWS):
            return
        if event == "call":
            asked.append((frame, dict(frame.f_locals)))
        elif event == "return":
            _, took = asked.pop()
            draws.append(Draw(name, _took(name, took), value))

    earlier = sys.getprofile()
    sys.setprofile(note)
    try:
        yield draws
    finally:
        sys.setprofile(earlier)


def _took(name: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """A draw's arguments without the key; for a chance also the number that was held against it."""
    took = {n: v for n, v in given.items() if n != "key"}
    if name == "chance":
        took["drew"] = draw(given["key"], given["k"]) / 2**64
    if name == "choose":
        del took["policy"]
        took["up_to"] = _row(given["policy"], given["situation"])
        took["drew"] = draw(given["key"], given["k"]) / 2**64
    return took


def _row(policy: Any, situation: int) -> list[float]:
    """Up to which draw each action, but the last, is chosen in a situation."""
    first = situation * policy.cuts
    return [below / (1 << (64 - policy.shift)) for below in policy.below[first:][: policy.cuts]]


def why_not(part: Ruled, before: Mapping[str, Any]) -> str:
    """Why a rule did not run for an agent with these columns."""
    if isinstance(part, Governing):
        return "it is a rule of the environment, which runs once and for no agent"
    if isinstance(part, Spreading):
        flag = part.rule.active
        return f"its {flag} was down" if not before[flag] else "it has no tie"
    if (
        isinstance(part, Bonding)
        and isinstance(part.rule, Parting)
        and part.rule.on.kind != "sample"
    ):
        return f"it has no tie of {part.rule.over}, or does not look at them"
    on = part.rule.on
    if on.kind == "outside":
        return "it lets agents in whom nobody causes"
    said = {
        "everyone": "it met nobody in this step",
        "reached_by": f"nothing came by {on.of}",
        "changed": f"its {on.of} had not changed",
        "sample": "it was not drawn in this step",
        "flagged": f"its {on.of} was down",
        "awake": f"its {on.of} was {_shown(before.get(on.of))}"
        + (f" and nothing came by {on.also}" if on.also else ""),
    }
    return said.get(on.kind, "it is a rule for others")


def _refuse(model: Model, of: str, agent: int, step: int) -> None:
    size = model.populations[of].size
    everybody = sum(population.places for population in model.populations.values())
    if not 0 <= agent < size and not (model.populations[of].is_open and agent >= BORN):
        raise ParameterError(f"no agent {agent}; there are agents 0 to {size - 1:,}.")
    if step < 0:
        raise ParameterError(f"step {step}; type a step from 0.")
    if everybody * (step + 1) > MOST:
        seconds = everybody * (step + 1) * SECONDS_PER_AGENT["reference"]
        seconds *= sum(len(phase) for phase in model.phases)
        raise ParameterError(
            f"to explain step {step}, {everybody:,} agents would be taken through {step + 1:,} "
            f"steps in plain Python, perhaps {seconds / 60:,.0f} minutes; explain an earlier "
            f"step, or a run of at most {MOST // (step + 1):,} agents."
        )


def _ruling_lines(ruling: Ruling) -> list[str]:
    head = f"phase {ruling.phase}, {ruling.rule}"
    if not ruling.calls:
        return [f"{head}: did not run, {ruling.why_not}"]
    lines = [head + ":"]
    for called in ruling.calls:
        along = "" if called.other is None else f" (to agent {called.other:,})"
        sees = "; ".join(f"{n}: {_fields(v)}" for n, v in called.sees.items() if v)
        lines.append(f"  {called.function} sees {sees or 'nothing'}{along}")
        lines += [f"    {draw}" for draw in called.draws]
        lines.append(f"    gives {_result(called.gave, ruling.writes)}")
    return lines


def _result(gave: Any, writes: tuple[str, ...]) -> str:
    values = gave if len(writes) > 1 else (gave,)
    if not writes:
        return _shown(gave)
    return ", ".join(f"{n} = {_shown(v)}" for n, v in zip(writes, values, strict=True))


def _fields(fields: Mapping[str, Any]) -> str:
    return ", ".join(f"{n} = {_shown(v)}" if n else _shown(v) for n, v in fields.items())


def _shown(value: Any) -> str:
    if value == NEVER and not isinstance(value, float):
        return "NEVER"
    if isinstance(value, list):
        return f"({', '.join(map(_shown, value))})"
    return f"{value:.6g}" if isinstance(value, float) else str(value)
