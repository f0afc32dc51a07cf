"""How a lane's room is laid out: which arrays there are, and the lines that keep them in order.

A set of slots is a byte per slot with a list of the members, so that passing through it costs
what there is. The sets: pulses up (c) and raised (u), flags that make agents active (c), arrivals
(a), changes collected (y) and taken up (x).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ...population import Stored
from ...rules import NOTHING
from ..program import Program
from ..ruled import Acting, Spreading
from .storage import FLAGS
from .text import Writer

TAKEN = ("changed", "flagged")  # Kinds of `on=` whose agents are listed before the phase.
TREE = ("up", "depth", "root", "under", "order", "level")


@dataclass(frozen=True)
class Field:
    """One array of a room: its name, its type, and how many entries; -1 is one for each slot."""

    name: str
    kind: Any
    entries: int = -1


class Layout:
    """The arrays of a room, by the names under which the text reads them."""

    def __init__(self, program: Program, tree: bool) -> None:
        """Lay out a room for lanes of `program`, with what a tree takes if there is one."""
        self.program = program
        rules = [part for phase in program.phases for part in phase]
        self.spreadings = [part for part in rules if isinstance(part, Spreading)]
        self.actings = [part for part in rules if isinstance(part, Acting)]
        self.watching = [a.rule.name for a in self.actings if a.rule.on.kind == "changed"]
        self.flagged = {
            a.rule.name: a.rule.on.of for a in self.actings if a.rule.on.kind == "flagged"
        }
        self.listed = self._listed()
        self.fields = [*self._own(tree), *self._columns(), *self._sets(), *self._given()]

    @property
    def rekeyed(self) -> list[str]:
        """The line that says who draws another luck in the lane, where anybody may."""
        line = "own_place, own_luck = room.own_place[0], room.own_luck[0]"
        return [line] if self.program.rekeyed else []

    # -- lines of text --------------------------------------------------------------------------

    def size(self, prefix: str, name: str) -> str:
        """Where the number of members of a set is kept."""
        return f"n[{2 + self.listed.index((prefix, name))}]"

    def put(self, prefix: str, name: str) -> list[str]:
        """Add slot `i` to a set, unless it is in."""
        size = self.size(prefix, name).replace("n[", "room.n[")
        return [
            f"if room.{prefix}_{name}[i] == 0:",
            f"    room.{prefix}_{name}[i] = 1",
            f"    room.{prefix}l_{name}[{size}] = i",
            f"    {size} += 1",
        ]

    def empty(self, prefix: str, name: str) -> list[str]:
        """Take everybody out of a set."""
        size = self.size(prefix, name)
        return [
            f"for s in range({size}):",
            f"    room.{prefix}_{name}[room.{prefix}l_{name}[s]] = 0",
            f"{size} = 0",
        ]

    def kept(self, column: str) -> str:
        """A stored column's value at slot `i`."""
        stored = self.program.stored[column]
        return f"room.c_{column}[i]" + (" != 0" if stored.kind in FLAGS else "")

    def keep(self, column: str) -> list[str]:
        """Let a column that is no pulse hold `v` in place of `old`, from which it differs."""
        if ("c", column) not in self.listed:
            return [f"room.c_{column}[i] = v"]
        size = self.size("c", column).replace("n[", "room.n[")
        return [
            "if v:",
            *self.put("c", column)[1:3],
            f"    room.cat_{column}[i] = {size}",
            f"    {size} += 1",
            "else:",
            f"    room.c_{column}[i] = 0",
            f"    {size} -= 1",
            f"    moved = room.cl_{column}[{size}]",
            f"    room.cl_{column}[room.cat_{column}[i]] = moved",
            f"    room.cat_{column}[moved] = room.cat_{column}[i]",
        ]

    def tallied(self, writer: Writer, column: str) -> list[str]:
        """Count `v` in place of `old` in the tallies of the column."""
        lines: list[str] = []
        first = 0
        for tally, cells in zip(self.program.tallies, self.program.groups, strict=True):
            if tally.column == column:
                cell = str(first)
                if tally.group:
                    group = self.program.derived[tally.group].function
                    called = writer.call(group, f"column `{tally.group}`")
                    cell = f"{first} + {called}(who, tables)"
                amounts = ["int(v)", "int(old)"]
                if tally.predicate:
                    what = f"the predicate of a measure of `{column}`"
                    count = writer.call(tally.predicate, what)
                    amounts = [f"int({count}(v))", f"int({count}(old))"]
                lines.append(f"room.cells[{cell}] += {amounts[0]} - {amounts[1]}")
            first += cells
        return lines

    def changed(self, writer: Writer, column: str) -> list[str]:
        """What follows from a column's new value `v` in place of `old`."""
        told = [self.put("y", watcher) for watcher in self.program.watchers(column)]
        return [*self.tallied(writer, column), *(line for lines in told for line in lines)]

    def me(self, writer: Writer, reads: tuple[str, ...]) -> str:
        """What a rule sees of the agent `who` at slot `i`."""
        return f"{writer.shape(reads)}({', '.join(self._seen(writer, name) for name in reads)})"

    def _seen(self, writer: Writer, name: str) -> str:
        if name in self.program.stored:
            return self.kept(name)
        spreading = self.program.arrivals.get(name)
        if spreading is None:
            function = self.program.derived[name].function
            return f"{writer.call(function, f'column `{name}`')}(who, tables)"
        rule = spreading.rule.name
        here = f"room.a_{rule}[i] != 0"
        if spreading.rule.combine == "any":
            return here
        none = 0 if spreading.rule.combine in ("count", "sum") else NOTHING
        return f"(room.acc_{rule}[i] if {here} else int({none}))"

    @property
    def order(self) -> list[tuple[str, Acting | Spreading]]:
        """The functions of a step, one after the other, with the rule of each."""
        found: list[tuple[str, Acting | Spreading]] = []
        for phase in self.program.phases:
            spreadings = [part for part in phase if isinstance(part, Spreading)]
            found += [(f"spread_{part.rule.name}", part) for part in spreadings]
            found += self.calls([part for part in phase if isinstance(part, Acting)])
        return found

    def calls(self, group: list[Acting]) -> list[tuple[str, Acting]]:
        """The functions that one phase's agent rules make, in order, with the rule of each."""
        taken = [(f"take_{a.rule.name}", a) for a in group if a.rule.on.kind in TAKEN]
        if not any(a.snapshots for a in group):
            return [*taken, *((f"act_{a.rule.name}", a) for a in group)]
        work = [(f"work_{a.rule.name}", a) for a in group]
        return [*taken, *work, *((f"keep_{a.rule.name}", a) for a in group)]

    # -- arrays ---------------------------------------------------------------------------------

    def defaults(self) -> list[tuple[str, str]]:
        """What a fresh slot holds, field by field."""
        found: list[tuple[str, str]] = []
        for name, stored in self.program.stored.items():
            default = "0" if stored.kind in FLAGS else repr(stored.default)
            found.append((f"c_{name}", default))
        marks = [(p, name) for p, name in self.listed if p not in ("c", "x")]
        return [*found, *((f"{p}_{name}", "0") for p, name in marks)]

    def _listed(self) -> list[tuple[str, str]]:
        stored = self.program.stored
        pulses = [name for name, s in stored.items() if s.kind == "pulse"]
        seen = {*(s.rule.active for s in self.spreadings), *self.flagged.values()}
        flags = {name for name in seen if stored[name].kind == "flag"}
        listed = [(prefix, name) for name in pulses for prefix in ("c", "u")]
        listed += [("c", name) for name in sorted(flags)]
        listed += [("a", s.rule.name) for s in self.spreadings]
        listed += [(prefix, rule) for rule in self.watching for prefix in ("y", "x")]
        return listed + [("x", rule) for rule in self.flagged]

    def _own(self, tree: bool) -> list[Field]:
        cells = max(1, sum(self.program.groups))
        fields = [
            Field("table", np.int32, 0),
            Field("agent", np.int64),
            Field("n", np.int64, 2 + len(self.listed)),
            Field("cells", np.int64, cells),
            Field("error", np.int64, 3),
            Field("progress", np.int64, 3),
        ]
        if self.program.rekeyed:
            fields += [Field("own_place", np.int64, 1), Field("own_luck", np.uint64, 1)]
        if tree:
            kinds = {"under": np.int64}
            fields += [Field(name, kinds.get(name, np.int32)) for name in TREE]
        return fields

    def _columns(self) -> list[Field]:
        return [Field(f"c_{name}", _type(s)) for name, s in self.program.stored.items()] + [
            Field(f"w_{name}", np.int64)
            for name, s in self.program.stored.items()
            if s.kind == "float"
        ]

    def _sets(self) -> list[Field]:
        fields: list[Field] = []
        for prefix, name in self.listed:
            if prefix in ("u", "a", "y"):
                fields.append(Field(f"{prefix}_{name}", np.uint8))
            fields.append(Field(f"{prefix}l_{name}", np.int32))
            if prefix == "c" and self.program.stored[name].kind == "flag":
                fields.append(Field(f"cat_{name}", np.int32))
        for rule in [s.rule for s in self.spreadings]:
            if rule.combine != "any":
                fields.append(Field(f"acc_{rule.name}", np.int64))
            if rule.combine == "pick":
                fields.append(Field(f"low_{rule.name}", np.uint64))
        return fields

    def _given(self) -> list[Field]:
        """Room for what rules gave, in phases where another rule still reads what was before."""
        fields: list[Field] = []
        for phase in self.program.phases:
            group = [part for part in phase if isinstance(part, Acting)]
            if any(a.snapshots for a in group):
                fields += [
                    Field(f"given_{a.rule.name}_{k}", _type(self.program.stored[column]))
                    for a in group
                    for k, column in enumerate(a.rule.writes)
                ]
        return fields


def _type(stored: Stored) -> Any:
    return {"float": np.float64, "flag": np.uint8, "pulse": np.uint8}.get(stored.kind, np.int64)
