"""The first half of every spreading loop written by hand: draw the ties of a front, fill bins.

A front is a list of places. Up to 1024 of them go through one matching at a time in short loops
that the compiler vectorises: where each stands, its tie's number, its 64-bit draw, those that
fire packed together, who stands beside them. Each message goes into the bin of its receiver's
block of 2**18 agents, so that the other half touches memory that fits the second-level cache. A
full bin ends the round; the cursor says where the next one goes on.
"""

import numpy as np
from numba import njit

from .luck import fold, locate, number, other, row, settle, settle_other

TILE, SHIFT, ENTRIES = 1024, 18, 1 << 22
LIST = 2048  # ties of an edge list that are drawn in one loop


def bins_of(agents: int, numbers: bool = False, payloads: bool = False):
    """One worker's bins: counts, capacity, places, tie numbers, payloads."""
    bins = -(-agents >> SHIFT)
    capacity = max(256, min(ENTRIES // bins, 10 * agents + 1))
    entries = bins * capacity
    return (
        np.zeros(bins, np.int64),
        capacity,
        np.empty(entries, np.uint32),
        np.empty(entries if numbers else 1, np.int64),
        np.empty(entries if payloads else 1, np.int64),
    )


def room_of():
    return tuple(np.empty(TILE, np.int64) for _ in range(5))


@njit(nogil=True, forceinline=True)
def draw_tile(front, at, n, k, net, luck, below, room):
    """Tie k of front[at:at+n]: the fired ones' index, position and neighbour; how many fired."""
    located, firing, standing, others, passed = room
    keys = row(net, k)
    for s in range(n):
        s = np.uint64(s)
        located[s] = locate(net, keys, np.int64(front[np.uint64(at) + s]))
    for s in range(n):
        if located[s] >= net.agents:
            located[s] = settle(net, keys, located[s])
    for s in range(n):
        s = np.uint64(s)
        passed[s] = np.int64(fold(luck, number(net, k, located[s])) < below)
    fired = 0
    for s in range(n):
        firing[np.uint64(fired)] = s
        standing[np.uint64(fired)] = located[np.uint64(s)]
        fired += passed[s]
    for f in range(fired):
        f = np.uint64(f)
        others[f] = other(net, keys, standing[f])
    return fired


@njit(nogil=True)
def emit_places(front, size, cursor, net, luck, below, room, bins):
    """Messages that say only whom they reach. True when the front is through."""
    counts, capacity, places, _, _ = bins
    _, _, standing, others, _ = room
    at, k, q = cursor
    while at < size:
        n = min(TILE, size - at)
        while k < net.ties:
            keys = row(net, k)
            fired = draw_tile(front, at, n, k, net, luck, below, room)
            while q < fired:
                j = settle_other(net, keys, standing[q], others[q])
                if j >= 0:
                    b = j >> SHIFT
                    here = counts[b]
                    if here == capacity:
                        cursor[0], cursor[1], cursor[2] = at, k, q
                        return False
                    places[b * capacity + here] = j
                    counts[b] = here + 1
                q += 1
            q = 0
            k += 1
        k = 0
        at += n
    cursor[0], cursor[1], cursor[2] = size, 0, 0
    return True


@njit(nogil=True)
def emit_numbers(front, size, cursor, net, luck, below, room, bins):
    """The same with the tie's number, for a receiver that draws luck of its own."""
    counts, capacity, places, numbers, _ = bins
    _, _, standing, others, _ = room
    at, k, q = cursor
    while at < size:
        n = min(TILE, size - at)
        while k < net.ties:
            keys = row(net, k)
            fired = draw_tile(front, at, n, k, net, luck, below, room)
            while q < fired:
                j = settle_other(net, keys, standing[q], others[q])
                if j >= 0:
                    b = j >> SHIFT
                    here = counts[b]
                    if here == capacity:
                        cursor[0], cursor[1], cursor[2] = at, k, q
                        return False
                    places[b * capacity + here] = j
                    numbers[b * capacity + here] = number(net, k, standing[q])
                    counts[b] = here + 1
                q += 1
            q = 0
            k += 1
        k = 0
        at += n
    cursor[0], cursor[1], cursor[2] = size, 0, 0
    return True


@njit(nogil=True)
def emit_strains(front, size, cursor, net, luck, below, room, bins, strain, mutates):
    """The same with a strain: the sender's, or with a small chance a new one."""
    counts, capacity, places, numbers, payloads = bins
    _, firing, standing, others, _ = room
    at, k, q = cursor
    while at < size:
        n = min(TILE, size - at)
        while k < net.ties:
            keys = row(net, k)
            fired = draw_tile(front, at, n, k, net, luck, below, room)
            while q < fired:
                j = settle_other(net, keys, standing[q], others[q])
                if j >= 0:
                    b = j >> SHIFT
                    here = counts[b]
                    if here == capacity:
                        cursor[0], cursor[1], cursor[2] = at, k, q
                        return False
                    e = b * capacity + here
                    tie = number(net, k, standing[q])
                    key = fold(luck, tie)
                    payload = np.int64(strain[front[at + firing[q]]])
                    if fold(key, np.uint64(4)) < mutates:
                        high = fold(key, np.uint64(3)) >> np.uint64(32)
                        payload = 2 + np.int64((high * np.uint64(999)) >> np.uint64(32))
                    places[e], numbers[e], payloads[e] = j, tie, payload
                    counts[b] = here + 1
                q += 1
            q = 0
            k += 1
        k = 0
        at += n
    cursor[0], cursor[1], cursor[2] = size, 0, 0
    return True


def list_room():
    """For ties listed one agent's behind another's: numbers, who is there, whether it passes."""
    return np.empty(LIST, np.uint32), np.empty(LIST, np.uint32), np.empty(LIST, np.uint8)


@njit(nogil=True)
def emit_rows(front, size, cursor, net, luck, below, room, bins):
    """Messages over rows of an edge list, of which many agents' are drawn in one loop."""
    counts, capacity, places, _, _ = bins
    numbers, ends, passes = room
    at, k, q = cursor
    while at < size:
        s, c, n = at, k, 0
        while s < size and n < LIST:
            first, last = net.start[front[s]] + c, net.start[front[s] + np.uint32(1)]
            take = min(last - first, LIST - n)
            for e in range(take):
                numbers[np.uint64(n + e)] = net.number[np.uint64(first + e)]
                ends[np.uint64(n + e)] = net.target[np.uint64(first + e)]
            n += take
            s, c = (s + 1, 0) if first + take == last else (s, c + take)
        for e in range(n):
            e = np.uint64(e)
            passes[e] = fold(luck, np.uint64(numbers[e])) < below
        fired = 0
        for e in range(n):
            ends[np.uint64(fired)] = ends[np.uint64(e)]
            fired += passes[np.uint64(e)]
        while q < fired:
            j = np.int64(ends[q])
            b = j >> SHIFT
            here = counts[b]
            if here == capacity:
                cursor[0], cursor[1], cursor[2] = at, k, q
                return False
            places[b * capacity + here] = j
            counts[b] = here + 1
            q += 1
        at, k, q = s, c, 0
    cursor[0], cursor[1], cursor[2] = size, 0, 0
    return True
