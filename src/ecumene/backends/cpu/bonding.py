"""Proposals and partings on the CPU: the rows of slots, and who asks for what change of them.

The rules run in kernels over a list of those who ask; rows are changed by NumPy, at a cost of the
pairs and not of the agents.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ...arrays import Column, Integers
from ...errors import RuleError
from ...networks.permutation import drawn_places
from ...networks.slots import place_type
from ...population import NOBODY
from ...rules import Parting, Proposal
from ..bonds import Bonds
from ..ruled import Bonding
from ..words import column_key, dividing, nobody_text, slots_field
from .module import call
from .storage import Bits

if TYPE_CHECKING:
    from .shard import Shard

CHUNK = 1 << 16  # Agents of a rule for everyone that are asked at a time.
NONE = np.empty(0, np.int64)


class Rows:
    """A shard's rows of every network of slots."""

    def __init__(self, shard: Shard) -> None:
        """Make them empty, and let kernels find them."""
        self.shard = shard
        for name, network in shard.program.networks.items():
            if network.slots:
                size = shard.size * network.slots
                kind = place_type(shard.program.agents)
                shard.state.names |= self._names(name, np.full(size, NOBODY, kind), size)

    def _names(self, name: str, to: Column, size: int) -> dict[str, Any]:
        field = f"n_{slots_field(name, self.shard.program.networks[name])}"
        since = np.zeros(size, np.int32)
        return {f"{field}_to": to, f"{field}_since": since, f"{field}_first": self.shard.part.first}

    def of(self, network: str) -> tuple[Column, Column]:
        """Who is in the slots, and since when; a row for each agent of the shard."""
        lowered = self.shard.program.networks[network]
        field, names = f"n_{slots_field(network, lowered)}", self.shard.state.names
        shape = (self.shard.size, lowered.slots)
        return names[f"{field}_to"].reshape(shape), names[f"{field}_since"].reshape(shape)

    def room(self, network: str, places: Integers) -> Integers:
        """How many slots agents have free."""
        to, _ = self.of(network)
        return (to[places - self.shard.part.first] < 0).sum(axis=1)

    def tie_up(self, network: str, pairs: Bonds, step: int) -> None:
        """Add each pair behind what its ends have."""
        to, since = self.of(network)
        rows, others = self._own_ends(pairs)
        order = np.argsort(rows, kind="stable")
        rows, others = rows[order], others[order]
        behind = np.arange(rows.size) - np.searchsorted(rows, rows)
        slot = (to[rows] >= 0).sum(axis=1) + behind
        to[rows, slot], since[rows, slot] = others, step

    def untie(self, network: str, pairs: Bonds) -> None:
        """Take each pair out, and let later ties move up."""
        to, since = self.of(network)
        rows, others = self._own_ends(pairs)
        at, slot = np.nonzero(to[rows] == others[:, None])
        to[rows[at], slot], since[rows[at], slot] = NOBODY, 0
        rows = np.unique(rows)
        order = np.argsort(to[rows] < 0, axis=1, kind="stable")
        to[rows] = np.take_along_axis(to[rows], order, axis=1)
        since[rows] = np.take_along_axis(since[rows], order, axis=1)

    def digest(self, network: str, run: tuple[int, int]) -> Any:
        """Two 64-bit sums over the ties of agents first..last-1."""
        shard, sums = self.shard, np.zeros(2, np.uint64)
        to, since = (array.ravel() for array in self.of(network))
        own = f"ties:{shard.program.prefix}{network}"
        keys = [np.uint64(column_key(own, half)) for half in (0, 1)]
        known = {"first": run[0], "last": run[1], "slots": shard.program.networks[network].slots}
        known |= {"to": to, "since": since, "sums": sums, "low_key": keys[0], "high_key": keys[1]}
        call(shard.module, shard.kernels["digest_ties"], shard.state.names, known)
        return sums

    def _own_ends(self, pairs: Bonds) -> tuple[Integers, Integers]:
        """The ends of pairs that are the shard's, as local places, in order; and the other ends."""
        ends = np.stack([pairs.places, pairs.others], axis=1).ravel()
        others = np.stack([pairs.others, pairs.places], axis=1).ravel()
        mine = (ends >= self.shard.part.first) & (ends < self.shard.part.last)
        return ends[mine] - self.shard.part.first, others[mine]


def bond(shard: Shard, bonding: Bonding, step: int) -> Bonds:
    """Whom the shard's agents ask for a tie, or part from."""
    shard.state.widen(step)
    luck = shard.program.luck(bonding, step)
    places = _listed(shard, bonding.rule, luck)
    runs = [places[at : at + CHUNK] for at in range(0, places.size, CHUNK)]
    with dividing(bonding.rule.name, step):
        found = shard.workers.each(
            lambda run: _asked(shard, bonding, run, luck, step), runs, len(runs) < 2
        )
    return Bonds.joined([nobody_asks(), *found])


def nobody_asks() -> Bonds:
    """No pairs."""
    return Bonds(NONE, NONE, np.empty(0, np.uint64))


def warm(shard: Shard) -> None:
    """Call the kernels on nobody, so that compiling is over before time is taken."""
    for bonding in [p for phase in shard.program.phases for p in phase if isinstance(p, Bonding)]:
        _asked(shard, bonding, NONE, 0, 0)
    for name, network in shard.program.networks.items():
        if network.slots:
            shard.rows.digest(name, (0, 0))


def _asked(shard: Shard, bonding: Bonding, places: Integers, luck: int, step: int) -> Bonds:
    rule, slots = bonding.rule, shard.program.networks[bonding.rule.over].slots
    wide = slots if isinstance(rule, Parting) else 1
    whom, lucks = np.full(places.size * wide, NOBODY), np.zeros(places.size * wide, np.uint64)
    own = {"places": places, "whom": whom, "lucks": lucks, "luck": np.uint64(luck), "step": step}
    call(shard.module, shard.kernels[f"bond_{rule.name}"], shard.state.names, own)
    asking = np.repeat(places, wide) + shard.part.first
    if isinstance(rule, Proposal):
        _refuse_strangers(shard, rule, asking, whom, step)
        to, _ = shard.rows.of(rule.over)
        known = (to[places] == whom[:, None]).any(axis=1)
        whom[known | (whom == asking)] = NOBODY
    return Bonds(asking, whom, lucks).of(whom >= 0)


def _refuse_strangers(
    shard: Shard, rule: Proposal, asking: Integers, whom: Integers, step: int
) -> None:
    """Raise `RuleError` where somebody is asked who is not there."""
    wrong = np.flatnonzero((whom < NOBODY) | (whom >= shard.program.agents))
    if wrong.size:
        text = nobody_text(rule.name, int(asking[wrong[0]]), int(whom[wrong[0]]), step)
        raise RuleError(text)


def _listed(shard: Shard, rule: Any, luck: int) -> Integers:
    """The local places of those a rule runs for, in order."""
    kind = rule.on.kind
    if kind == "everyone":
        return np.arange(shard.size)
    if kind == "sample":
        count = shard.program.sample_count(rule)
        drawn = np.sort(drawn_places(luck, shard.program.agents, count))
        mine = drawn[(drawn >= shard.part.first) & (drawn < shard.part.last)]
        return mine - shard.part.first
    if kind == "reached_by" and shard.program.claims(rule.on.of):
        return shard.state.names[f"gp_{rule.on.of}"]
    bits = shard.state.arrived[rule.on.of] if kind == "reached_by" else _flag(shard, rule.on.of)
    places = np.empty(int(shard.module.count(*bits.levels)), np.int64)
    shard.module.members_of(*bits.levels, shard.size, places)
    return places


def _flag(shard: Shard, column: str) -> Bits:
    bits = shard.state.columns[column]
    assert isinstance(bits, Bits)
    return bits
