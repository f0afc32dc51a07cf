"""What a shard holds: columns, sets, arrivals; and the names under which kernels find them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import numpy as np

from ...arrays import Column, Integers
from ...networks.lowered import Lowered
from ...population import NEVER, WHO
from ..program import Part, Program
from ..register import Register
from ..ruled import Acting, Claiming, Entering, ForAgents, Spreading
from ..values import Group, Seen, nobodys
from .bins import Bins
from .finding import REGISTER
from .payloads import arrival_type
from .storage import Bits, Wheel, fresh, widened

CALLED = ("awake", "flagged")  # Kinds of `on=` whose agents are listed anew before a phase.


class State:
    """One shard's arrays; `names` is kept equal to them, so that a call only looks names up."""

    def __init__(self, program: Program, part: Part, bins: Bins) -> None:
        """Allocate everything at its default."""
        self.program, self.size = program, part.last - part.first
        self.retyped = 0  # How often what kernels find may have become of another type.
        self.turn = 0  # A bit for each two sets that take turns: which of them is which.
        self._widens = 0  # The first step that some step column does not hold as it is.
        rules = [s for phase in program.phases for s in phase]
        stored = program.stored
        self.columns: dict[str, Column | Bits] = {
            name: fresh(column, self.size) for name, column in stored.items()
        }
        self.raised = self._sets(n for n, s in stored.items() if s.kind == "pulse")
        self.arrived = self._sets(s.rule.name for s in rules if isinstance(s, Spreading))
        acting = [a for a in rules if isinstance(a, ForAgents)]
        changed = [a for a in acting if a.rule.on.kind == "changed"]
        self.altered = self._sets(a.rule.name for a in changed)
        self.altering = self._sets(a.rule.name for a in changed)
        called = [
            a
            for a in rules
            if isinstance(a, Acting | Claiming | Entering) and a.rule.on.kind in CALLED
        ]
        self.called = self._sets(a.rule.name for a in called)
        turning = [f"c_{name}" for name in self.raised] + [f"x_{rule}" for rule in self.altered]
        self._turns = {name: 1 << bit for bit, name in enumerate(turning)}
        self.wheels = {n: Wheel(self.size) for n, s in stored.items() if s.kind == "wake"}
        self.names: dict[str, Any] = {
            "place0": part.first,
            "shard_size": part.size,
            "shard_blocks": bins.shard_blocks,
            **{f"p_{name}": value for name, value in program.parameters.items()},
            **{f"t_{name}": table for name, table in program.tables.items()},
            **_network_names(program.networks),
            **policy_names(program),
            **_rekeyed_names(program),
            **self._accumulators(rules),
        }
        self.names["people"] = program.people
        self._seen: dict[str, Seen] = {}
        self.leaving = Bits.none(self.size if program.is_open else 0)
        self.free = Bits.none(self.size if program.is_open else 0)
        self.see(program.environment_at_first)
        for name, look in program.brought.looks.items():
            self.names[f"l_{name}"] = nobodys(look.kind)
        for name in program.brought.linked:
            self.names[f"l_{name}"] = nobodys("int")
        for of in program.brought.registers:
            self.know(of, Register.empty())
        self.forget_grants()
        self._name_everything()

    def see(self, values: Mapping[str, Seen]) -> None:
        """Put environment values under the names by which rules read them."""
        for name, value in values.items():
            if self._seen.get(name) is value:  # Cells cost some to lay out anew.
                continue
            cells = isinstance(value, tuple) and not isinstance(value, Group)
            self.names[f"e_{name}"] = np.array(value) if cells else value
            self._seen[name] = value

    def know(self, of: str, register: Register) -> None:
        """Put a register under the names by which agents of the population `of` are found."""
        self.names |= {f"r_{of}_{part}": getattr(register, part) for part in REGISTER}

    @property
    def who(self) -> Integers:
        """The identities of those at each place of an open population."""
        identities = self.columns[WHO]
        assert isinstance(identities, np.ndarray)
        return identities

    def grant(self, rule: str, places: Integers, units: Integers) -> None:
        """Keep what a claim brought: local places in order, and their units."""
        self.names[f"gp_{rule}"], self.names[f"gu_{rule}"] = places, units

    def forget_grants(self) -> None:
        """Let no claim have brought anything."""
        for claiming in self.program.grants.values():
            self.grant(claiming.rule.name, np.empty(0, np.int64), np.empty(0, np.int64))

    def swap_pulse(self, name: str) -> Bits:
        """Let what was raised be up; gives the set that was up, to be emptied."""
        up = self.columns[name]
        assert isinstance(up, Bits)
        self.columns[name], self.raised[name] = self.raised[name], up
        self._take_turns(f"c_{name}", f"u_{name}")
        return up

    def swap_changes(self, rule: str) -> None:
        """Begin a new set of changes for `rule`; the collected one is whom it runs for."""
        self.altering[rule], self.altered[rule] = self.altered[rule], self.altering[rule]
        self._take_turns(f"x_{rule}", f"y_{rule}")

    def _take_turns(self, one: str, two: str) -> None:
        """Let each of two sets have the other's names."""
        names, (a0, a1, a2), (b0, b1, b2) = self.names, levels_of(one), levels_of(two)
        names[a0], names[b0] = names[b0], names[a0]
        names[a1], names[b1] = names[b1], names[a1]
        names[a2], names[b2] = names[b2], names[a2]
        self.turn ^= self._turns[one]

    def written(self, mine: Integers | None) -> None:
        """Hear that agents were given values: those at these local places, or who knows who."""

    def put(self, names: Mapping[str, Any]) -> None:
        """Let kernels find these under their names from now on."""
        self.names |= names
        self.retyped += 1

    def widen(self, step: int) -> None:
        """Make step columns hold `step`."""
        if step < self._widens:
            return
        for name, stored in self.program.stored.items():
            column = self.columns[name]
            if stored.holds_steps and not isinstance(column, Bits):
                wide = widened(column, stored, step)
                if wide is not column:
                    self.columns[name] = wide
                    self._name(f"c_{name}", wide)
                    self.retyped += 1
        self._widens = self._holds_until()

    def _holds_until(self) -> int:
        """The first step that some step column does not hold as it is."""
        kept = [(s, self.columns[name]) for name, s in self.program.stored.items()]
        return min(
            (
                int(np.iinfo(column.dtype).max) - stored.ahead
                for stored, column in kept
                if stored.holds_steps and not isinstance(column, Bits)
            ),
            default=NEVER,
        )

    @property
    def holds_before(self) -> int:
        """The first step that step columns do not hold as they are."""
        return self._widens

    def snapshot(self, column: str) -> dict[str, Column]:
        """A copy of a column under the name by which a rule reads it as it was."""
        kept = self.columns[column]
        if isinstance(kept, Bits):
            return {f"s_{column}_0": kept.levels[0].copy()}
        return {f"s_{column}": kept.copy()}

    def _sets(self, names: Iterable[str]) -> dict[str, Bits]:
        return {name: Bits.none(self.size) for name in names}

    def _accumulators(self, rules: list[Any]) -> dict[str, Column]:
        found: dict[str, Column] = {}
        for part in [s for s in rules if isinstance(s, Spreading)]:
            rule = part.rule
            if rule.combine != "any":
                found[f"acc_{rule.name}"] = np.empty(self.size, arrival_type(self.program, part))
            if rule.combine == "pick":
                found[f"low_{rule.name}"] = np.empty(self.size, np.uint64)
        return found

    def _name_everything(self) -> None:
        for name, column in self.columns.items():
            self._name(f"c_{name}", column)
        prefixed = {"u": self.raised, "a": self.arrived, "y": self.altered}
        prefixed["x"] = {**self.altering, **self.called}
        for prefix, sets in prefixed.items():
            for name, bits in sets.items():
                self._name(f"{prefix}_{name}", bits)
        self._name("leaving", self.leaving)
        for name, wheel in self.wheels.items():
            self.names |= {f"b_{name}_{level}": b for level, b in enumerate(wheel.bounds, 1)}

    def _name(self, name: str, column: Column | Bits) -> None:
        if isinstance(column, Bits):
            self.names.update(zip(levels_of(name), column.levels, strict=True))
            return
        self.names[name] = column
        stored = self.program.stored[name.removeprefix("c_")]
        if stored.holds_steps:
            self.names[f"top_{name.removeprefix('c_')}"] = int(np.iinfo(column.dtype).max)


@cache
def levels_of(name: str) -> tuple[str, str, str]:
    """The names of a set's three levels of words."""
    return f"{name}_0", f"{name}_1", f"{name}_2"


def _rekeyed_names(program: Program) -> dict[str, Any]:
    one = program.rekeyed
    return {} if one is None else {"own_place": one.place, "own_luck": np.uint64(one.luck)}


def policy_names(program: Program) -> dict[str, Any]:
    """What policies hold, under the names by which kernels take them."""
    return {
        f"q_{name}_{field}": value
        for name, fields in program.policies.items()
        for field, value in fields.items()
    }


def _network_names(networks: Mapping[str, Lowered]) -> dict[str, Any]:
    names: dict[str, Any] = {}
    for name, net in networks.items():
        fields = {**net.numbers, **net.arrays}
        names |= {f"n_{name}_{field}": value for field, value in fields.items()}
        names |= _network_names({f"{name}_{part}": low for part, low in net.parts.items()})
    return names
