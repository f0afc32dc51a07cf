"""Five spreading rules, one over two networks, each as a loop one would write by hand for it alone.

Fronts are lists of places (four bytes each), columns plain arrays in their smallest type, and what
arrives is worked into the columns at once, without a stop in between: what a rule's own loop may
know and an engine must find out. Both halves of a step run on two threads: each emits what its
own blocks of receivers found last, and receives for its own blocks (`emitting` says how).
"""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numba import njit

from ecumene.backends.words import PICKS, RECEIVES

from .emitting import (
    SHIFT,
    bins_of,
    emit_numbers,
    emit_places,
    emit_rows,
    emit_strains,
    list_room,
    room_of,
)
from .luck import digest, fold, luck_of, net_of, threshold
from .models import AGE_KEY

NEVER = 255  # reached_at in one byte, for the cascades that end before step 254
WORKERS = 2
INLINE = 1 << 12  # agents in a front below which handing over to a thread costs more


class Loop:
    """What all share: network, luck, fronts, bins, two threads, and the rounds of a step."""

    def __init__(self, program, rule: str, numbers=False, payloads=False) -> None:
        agents = program.agents
        self.program, self.agents, self.net = program, agents, net_of(program)
        self.luck = luck_of(program, rule)
        self.parameters = program.parameters
        self.pool = ThreadPoolExecutor(WORKERS)
        self.bins = [bins_of(agents, numbers, payloads) for _ in range(WORKERS)]
        self.rooms = [room_of() for _ in range(WORKERS)]
        blocks = -(-agents >> SHIFT)
        self.blocks = [(blocks * w // WORKERS, blocks * (w + 1) // WORKERS) for w in range(WORKERS)]
        self.fronts = [self._front() for _ in range(WORKERS)]
        self.nexts = [self._front() for _ in range(WORKERS)]
        self.seeds = program.starters(program.start[0])
        middle = self.blocks[1][0] << SHIFT
        for w, mine in enumerate(
            (self.seeds[self.seeds < middle], self.seeds[self.seeds >= middle])
        ):
            places, size = self.fronts[w]
            places[: mine.size] = mine
            size[0] = mine.size

    def _front(self):
        """Room for all agents of half the blocks; pages never touched cost nothing."""
        return np.empty((self.agents >> 1) + (1 << SHIFT), np.uint32), np.zeros(1, np.int64)

    def run(self) -> int:
        """Steps until nobody is active; how many."""
        step = 0
        while any(size[0] for _, size in self.fronts):
            self.step(step)
            self.fronts, self.nexts = self.nexts, self.fronts
            for _, size in self.nexts:
                size[0] = 0
            step += 1
        return step

    def step(self, step: int) -> None:
        few = sum(int(size[0]) for _, size in self.fronts) < INLINE
        each = map if few else self.pool.map
        cursors = [np.zeros(3, np.int64) for _ in range(WORKERS)]
        done = False
        while not done:
            for bins in self.bins:
                bins[0][:] = 0
            done = all(list(each(lambda w: self.emit(w, cursors[w]), range(WORKERS))))
            list(each(lambda w: self.apply(w, step), range(WORKERS)))

    def emit(self, w: int, cursor) -> bool:
        front, size = self.fronts[w]
        return self.emitting(
            front, size[0], cursor, self.net, self.luck, self.below, self.rooms[w], self.bins[w]
        )

    def apply(self, w: int, step: int) -> None:
        front, size = self.nexts[w]
        first, last = self.blocks[w]
        for bins in self.bins:
            size[0] = self.applying(first, last, bins, front, size[0], step)


class Cascade(Loop):
    """`cascade`: the first message that finds an agent unreached sets its step."""

    emitting = staticmethod(emit_places)

    def __init__(self, program) -> None:
        super().__init__(program, "pass_on")
        self.below = threshold(self.parameters["transmission"])
        self.reached_at = np.full(self.agents, NEVER, np.uint8)
        self.reached_at[self.seeds] = 0

    def applying(self, first, last, bins, front, size, step):
        return apply_cascade(first, last, bins, front, size, step, self.reached_at)

    def digest(self, steps: int) -> str:
        return digest({"reached_at": (self.reached_at, NEVER)}, steps)


class EdgeList(Cascade):
    """The same over rows of an edge list."""

    emitting = staticmethod(emit_rows)

    def __init__(self, program) -> None:
        super().__init__(program)
        self.rooms = [list_room() for _ in range(WORKERS)]


@njit(nogil=True)
def apply_cascade(first, last, bins, front, n, step, reached_at):
    counts, capacity, places, _, _ = bins
    for b in range(first, last):
        for e in range(b * capacity, b * capacity + counts[b]):
            j = places[e]
            if reached_at[j] == NEVER:
                reached_at[j] = step
                front[n] = j
                n += 1
    return n


class Threshold(Loop):
    """`threshold`: voices are added up as they come; who passes its threshold is in the front."""

    emitting = staticmethod(emit_places)

    def __init__(self, program) -> None:
        super().__init__(program, "speak")
        self.below = threshold(self.parameters["audible"])
        self.needs = luck_of(program, "adopt"), threshold(self.parameters["easy"])
        self.heard = np.zeros(self.agents, np.uint8)
        self.heard[self.seeds] = 2

    def applying(self, first, last, bins, front, size, step):
        return apply_threshold(first, last, bins, front, size, *self.needs, self.heard)

    def digest(self, steps: int) -> str:
        return digest({"heard": (self.heard, 0)}, steps)


@njit(nogil=True)
def apply_threshold(first, last, bins, front, n, luck, easy, heard):
    counts, capacity, places, _, _ = bins
    for b in range(first, last):
        for e in range(b * capacity, b * capacity + counts[b]):
            j = places[e]
            before = heard[j]
            if before < 255:
                heard[j] = before + 1
            if before < 2 and (before == 0) == (fold(luck, np.uint64(j)) < easy):
                front[n] = j
                n += 1
    return n


class Receiver(Loop):
    """`receiver`: only an agent still unreached draws at all, with the chance of its age."""

    emitting = staticmethod(emit_numbers)

    def __init__(self, program) -> None:
        super().__init__(program, "tell", numbers=True)
        p = self.parameters
        self.below = threshold(p["talk"])
        self.chances = threshold(p["young"]), threshold(p["old"]), np.uint64(AGE_KEY)
        self.reached_at = np.full(self.agents, NEVER, np.uint8)
        self.reached_at[self.seeds] = 0

    def applying(self, first, last, bins, front, size, step):
        luck, reached_at = self.luck, self.reached_at
        return apply_receiver(first, last, bins, front, size, step, luck, *self.chances, reached_at)

    def digest(self, steps: int) -> str:
        return digest({"reached_at": (self.reached_at, NEVER)}, steps)


@njit(nogil=True)
def apply_receiver(first, last, bins, front, n, step, luck, young, old, age_key, reached_at):
    counts, capacity, places, numbers, _ = bins
    for b in range(first, last):
        for e in range(b * capacity, b * capacity + counts[b]):
            j = places[e]
            if reached_at[j] == NEVER:
                draw = fold(fold(luck, np.uint64(numbers[e])), np.uint64(RECEIVES))
                high = fold(age_key, np.uint64(j)) >> np.uint64(32)
                age = (high * np.uint64(100)) >> np.uint64(32)
                if draw < (young if age < np.uint64(30) else old):
                    reached_at[j] = step
                    front[n] = j
                    n += 1
    return n


class Pick(Loop):
    """`pick`: an agent without a strain takes that of the tie with the lowest draw of the step.

    `low` keeps the lowest draw so far; at 2**64 - 1 nothing has arrived. Who is in the front of
    this step is told by `since`, as messages may come in several rounds.
    """

    def __init__(self, program) -> None:
        super().__init__(program, "infect", numbers=True, payloads=True)
        self.below = threshold(self.parameters["transmission"])
        self.mutates = threshold(self.parameters["mutation"])
        self.strain = np.zeros(self.agents, np.uint16)
        self.strain[self.seeds] = 1
        self.since = np.full(self.agents, NEVER, np.uint8)
        self.since[self.seeds] = 254
        self.low = np.empty(self.agents, np.uint64)

    def emitting(self, *given):
        return emit_strains(*given, self.strain, self.mutates)

    def applying(self, first, last, bins, front, size, step):
        luck, low, since = self.luck, self.low, self.since
        return apply_pick(first, last, bins, front, size, step, luck, low, since, self.strain)

    def digest(self, steps: int) -> str:
        return digest({"strain": (self.strain, 0)}, steps)


@njit(nogil=True)
def apply_pick(first, last, bins, front, n, step, luck, low, since, strain):
    counts, capacity, places, numbers, payloads = bins
    for b in range(first, last):
        for e in range(b * capacity, b * capacity + counts[b]):
            j = places[e]
            if since[j] == NEVER:
                since[j] = step
                front[n] = j
                n += 1
                low[j] = fold(fold(luck, np.uint64(numbers[e])), np.uint64(PICKS))
                strain[j] = payloads[e]
            elif since[j] == step:
                draw = fold(fold(luck, np.uint64(numbers[e])), np.uint64(PICKS))
                if draw < low[j] or (draw == low[j] and payloads[e] < strain[j]):
                    low[j] = draw
                    strain[j] = payloads[e]
    return n


class TwoColumns(Loop):
    """`two_columns`: as `cascade`, and the newly reached draw a side."""

    emitting = staticmethod(emit_places)

    def __init__(self, program) -> None:
        super().__init__(program, "mention")
        self.below = threshold(self.parameters["transmission"])
        self.reached_at = np.full(self.agents, NEVER, np.uint8)
        self.reached_at[self.seeds] = 0
        self.side = np.zeros(self.agents, np.uint8)
        self.side[self.seeds] = 1

    def applying(self, first, last, bins, front, size, step):
        luck = luck_of(self.program, "take_sides", step)
        columns = self.reached_at, self.side
        return apply_two_columns(first, last, bins, front, size, step, luck, *columns)

    def digest(self, steps: int) -> str:
        columns = {"reached_at": (self.reached_at, NEVER), "side": (self.side, 0)}
        return digest(columns, steps)


@njit(nogil=True)
def apply_two_columns(first, last, bins, front, n, step, luck, reached_at, side):
    counts, capacity, places, _, _ = bins
    for b in range(first, last):
        for e in range(b * capacity, b * capacity + counts[b]):
            j = places[e]
            if reached_at[j] == NEVER:
                reached_at[j] = step
                high = fold(luck, np.uint64(j)) >> np.uint64(32)
                side[j] = 1 + ((high * np.uint64(5)) >> np.uint64(32))
                front[n] = j
                n += 1
    return n
