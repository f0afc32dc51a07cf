"""The change that takes ties away, and what of them is away at a moment of a run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from blake3 import blake3

from ..arrays import Column, Integers
from ..backends import Program, name_number, value_word
from ..errors import InterventionError, unknown
from ..networks import Copresence, Removal, thinned, thinning, words_of
from ..networks.thinned import ANY, AT, BETWEEN, LEAVING
from ..random import MASK, fold
from .choosing import (
    Options,
    People,
    Who,
    checked_of,
    chosen,
    codes_of,
    said_sample,
    said_where,
)
from .fitting import Values
from .for_group import ForAgents
from .model import Model
from .populations import alone
from .spelling import quoted

ENDS, GROUP = 1, 2  # A removal's luck is folded with one of these: for its ties, for its agents.


@dataclass(frozen=True)
class RemoveTies(ForAgents):
    """Takes a share of the ties of a network away: of all, of those at some agents, or between.

    `who` are the agents whose ties are meant; `between` is one group, of whose ties to all others
    it takes, or two, of whose ties with each other.
    """

    over: str = ""
    share: float = 1.0
    who: Who = field(default_factory=Who)
    between: tuple[Mapping[str, Options], ...] = ()
    of: str = ""  # The population of the network, empty for the first.
    parameters: Values = field(default_factory=dict[str, Any], init=False)
    moves = False
    redraws = False

    @property
    def stream(self) -> str:
        """One for each network."""
        return f"intervention:remove:{self.over}"

    @property
    def ends(self) -> int:
        """Which ties are meant, as networks say it."""
        if self.between:
            return BETWEEN if len(self.between) == 2 else LEAVING
        return AT if self.who.where or self.who.sample is not None else ANY

    @property
    def groups(self) -> tuple[Who, ...]:
        """The groups by which the ties are told."""
        if self.between:
            return tuple(Who(where) for where in self.between)
        return (self.who,) if self.ends == AT else ()

    def checked(self, model: Model, first: int) -> RemoveTies:
        """A network that there is, a share, groups that there are."""
        del first
        over = self.over
        if not over and len(model.networks) == 1:
            over = next(iter(model.networks))
        if over not in model.networks:
            said = unknown("network", over, model.networks)
            raise InterventionError(said if over else f"name the network: {said}", f"over:{over}")
        if isinstance(model.networks[over], Copresence):
            raise InterventionError(
                f"ties of `{over}` are those of who is together now, and cannot be removed; let "
                "agents stay away, or remove ties of another network.",
                f"over:{over}",
            )
        of = checked_of(model, model.home(over))
        model = alone(model, of)
        share = self.share
        if type(share) not in (int, float) or not 0 <= share <= 1:
            raise InterventionError(f"a share of {share!r} of the ties; type 0 to 1.", "share")
        if len(self.between) > 2 or (self.between and self.who != Who()):
            raise InterventionError(
                "ties are between one group and all others, or between two groups; give one or "
                "two of them, and no further agents.",
                "between",
            )
        between = tuple(Who(where).checked(model).where for where in self.between)
        if not all(between):
            raise InterventionError(
                "a group between which and others ties are removed names no column; give, say, "
                '{"country": "NGA"}.',
                "between",
            )
        return RemoveTies(over, float(share), self.who.checked(model), between, of)

    def values(self, step: int) -> Values:
        """Nothing of agents."""
        del step
        return {}

    def places(self, model: Model, people: People, key: int) -> Iterator[Integers]:
        """Nobody gets anything."""
        del model, people, key
        return iter(())

    def __str__(self) -> str:
        """As it is typed."""
        many = "all" if self.share == 1.0 else repr(self.share)
        said = f"remove {many} of {quoted(self.over)}"
        if not self.between:
            return said + said_sample(self.who.sample) + said_where(self.who.where)
        groups = [said_where(where).removeprefix(" where ") for where in self.between]
        return f"{said} between {', '.join([*groups, 'others'][:2])}"


class Removed:
    """The ties that are away at a moment, over all networks; of each removal what it takes."""

    def __init__(self, changes: Sequence[Any]) -> None:
        """Nothing is away yet; `changes` are those of all interventions, in order."""
        self.changes = {n: c for n, c in enumerate(changes) if isinstance(c, RemoveTies)}
        self.now = {n: Removal(change.ends) for n, change in self.changes.items()}

    def thin(self, program: Program) -> Program:
        """The program with room for the removals in its networks."""
        networks = {
            name: thinned(network, program.agents, self._of(name)) if self._of(name) else network
            for name, network in program.networks.items()
        }
        return replace(program, networks=networks)

    def take(self, n: int, model: Model, people: People, key: int) -> int:
        """Let the removal of intervention `n` be in force; gives how many agents it names."""
        change, before = self.changes[n], self.now[n]
        words, named = before.members, 0
        if not words or _may_change(change, model):
            found = [
                _words(model, people, who, fold(fold(key, GROUP), number))
                for number, who in enumerate(change.groups)
            ]
            words = tuple(members for members, _ in found)
            named = sum(count for _, count in found)
        self.now[n] = Removal(change.ends, change.share, fold(key, ENDS), words)
        return named

    def give_back(self, n: int) -> bool:
        """Let the removal of intervention `n` be over; whether it was in force."""
        was = self.now[n].share > 0.0
        self.now[n] = replace(self.now[n], share=0.0)
        return was

    def arrays(self, size: Callable[[str], int]) -> Iterator[tuple[str, Mapping[str, Column]]]:
        """For each network, what its functions read of the removals; `size` is of populations."""
        for name, of in dict.fromkeys((c.over, c.of) for c in self.changes.values()):
            yield name, thinning(self._of(name), size(of))

    def home(self, label: str) -> str:
        """The population whose agents a group is of."""
        return self.changes[self.groups[label][0]].of

    # -- kept and taken back --------------------------------------------------------------------

    @property
    def groups(self) -> dict[str, tuple[int, int]]:
        """By label: the groups in force, as an intervention's number and which of its groups."""
        return {
            f"removed:{n}:{number}": (n, number)
            for n, removal in self.now.items()
            for number in range(len(removal.members))
        }

    def facts(self) -> dict[str, list[Any]]:
        """Of the removals that were ever in force all but who is in their groups."""
        return {
            str(n): [float(removal.share).hex(), removal.luck, len(removal.members)]
            for n, removal in self.now.items()
            if removal.luck
        }

    def go_on(self, facts: Mapping[str, Sequence[Any]]) -> None:
        """Go on from where others stood; who is in their groups is told by `hold`."""
        for n, (share, luck, groups) in facts.items():
            empty = tuple(np.empty(0, np.uint64) for _ in range(groups))
            ends = self.changes[int(n)].ends
            self.now[int(n)] = Removal(ends, float.fromhex(share), luck, empty)

    def held(self, label: str, first: int, last: int) -> Column:
        """Whether agents first..last-1 are in a group; `first` begins a byte."""
        n, number = self.groups[label]
        bits = self.now[n].members[number].view(np.uint8)[first >> 3 : (last + 7) >> 3]
        return np.unpackbits(bits, bitorder="little")[: last - first].view(np.bool_)

    def hold(self, label: str, first: int, values: Column, agents: int) -> None:
        """Take back who of the agents from `first` on is in a group; `first` begins a byte."""
        n, number = self.groups[label]
        words = list(self.now[n].members)
        if not words[number].size:
            words[number] = np.zeros(words_of(agents), np.uint64)
        bits = np.packbits(values, bitorder="little")
        words[number].view(np.uint8)[first >> 3 : (first >> 3) + bits.size] = bits
        self.now[n] = replace(self.now[n], members=tuple(words))

    def digest(self, half: int) -> int:
        """A 64-bit sum over the removals in force; 0 when no tie is away."""
        total = 0
        for n, removal in self.now.items():
            groups = [int.from_bytes(blake3(w.tobytes()).digest()[:8]) for w in removal.members]
            takes = removal.share > 0.0 and all(words.any() for words in removal.members)
            if takes:
                word = fold(name_number(f"removed:{self.changes[n].over}"), half)
                for part in (removal.luck, value_word(removal.share), removal.ends, *groups):
                    word = fold(word, part)
                total += word
        return total & MASK

    def _of(self, network: str) -> list[Removal]:
        return [self.now[n] for n, change in self.changes.items() if change.over == network]


def _may_change(change: RemoveTies, model: Model) -> bool:
    """Whether who is in its groups may be otherwise in another step."""
    return any(column in model.population.stored for who in change.groups for column in who.where)


def _words(model: Model, people: People, who: Who, key: int) -> tuple[Column, int]:
    """A group as 64-bit words, one bit per agent, and how many are in it."""
    bits = np.zeros(8 * words_of(people.places), np.uint8)
    count = 0
    for places in chosen(people, who, key, codes_of(model, who)):
        np.bitwise_or.at(bits, places >> 3, (1 << (places & 7)).astype(np.uint8))
        count += places.size
    return bits.view("<u8"), count
