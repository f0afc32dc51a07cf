"""Everyone, every step: the loops by hand, plain copies, and the machine's limits."""

import ctypes
import mmap

import numpy as np
from numba import njit

from .luck import fold, locate, other, row, settle, settle_other

TILE = 1024


@njit(nogil=True)
def drift(mood, new, first, last):
    """One byte read from one buffer, one written to another: no luck."""
    for i in range(first, last):
        i = np.uint64(i)
        old = mood[i]
        new[i] = old + np.uint8(3) if old < 200 else np.uint8(0)


@njit(nogil=True)
def gamble(mood, new, first, last, luck, below):
    """The same with a draw for each agent."""
    for i in range(first, last):
        i = np.uint64(i)
        old = np.int64(mood[i])
        new[i] = min(old + 1, 200) if fold(luck, i) < below else old


@njit(nogil=True)
def copy(old, new, first, last):
    for i in range(first, last):
        new[np.uint64(i)] = old[np.uint64(i)]


@njit(nogil=True)
def gather(mood, around, first, last, net, located, others):
    """Sums over neighbours, a tile of agents and a matching at a time: loops that vectorise."""
    for at in range(first, last, TILE):
        n = min(TILE, last - at)
        for s in range(n):
            around[at + s] = 0
        for k in range(net.ties):
            keys = row(net, k)
            for s in range(n):
                s = np.uint64(s)
                located[s] = locate(net, keys, at + np.int64(s))
            for s in range(n):
                if located[s] >= net.agents:
                    located[s] = settle(net, keys, located[s])
            for s in range(n):
                s = np.uint64(s)
                others[s] = other(net, keys, located[s])
            for s in range(n):
                j = settle_other(net, keys, located[s], others[s])
                if j >= 0:
                    around[at + s] += mood[j]


@njit(nogil=True)
def touch(bytes_, luck, count):
    """Read and write `count` bytes at random places of 2**30."""
    for i in range(count):
        j = fold(luck, np.uint64(i)) >> np.uint64(34)
        bytes_[j] += np.uint8(1)


@njit(nogil=True)
def draws(luck, count):
    total = np.uint64(0)
    for i in range(count):
        total += fold(luck, np.uint64(i))
    return total


def huge(size: int):
    """`size` bytes in huge pages, if the machine gives any."""
    if hasattr(mmap, "MADV_HUGEPAGE"):  # memory that is shared, as it is otherwise, gets none
        room = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        room.madvise(mmap.MADV_HUGEPAGE)
    else:
        room = mmap.mmap(-1, size)
    whole = np.frombuffer(room, np.uint8)
    whole[:] = 0
    return whole


def memcpy(old, new, first, last) -> None:
    """The C library's, without the interpreter's lock."""
    ctypes.memmove(new.ctypes.data + first, old.ctypes.data + first, last - first)
