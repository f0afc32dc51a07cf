"""Small loops that every module of lanes starts with (its text is copied, not imported).

A lane knows only the agents whom something happened to: each has a slot, found by its identity
in a table of open addresses. Slot 0 stays at the defaults and stands for everybody else.
"""

# pyright: basic

from __future__ import annotations

from ...random import unsigned


def jit(function):
    """Compiles, in the generated module; here the functions stay plain."""
    return function


def plain(function):
    """Compiles without being written into its callers: it is long, or seldom called."""
    return function


SLOTS, MASK_AT = 0, 1  # Where `n` keeps the number of slots, and the table's size less one.
SMALLEST = 63  # The mask of a lane's first table.
SPREAD = 0x9E3779B97F4A7C15
UNKNOWN, OPEN, OUTSIDE = -1, -2, -3  # Depths of nodes not yet seen, being seen, and of no node.


@jit
def home(agent, mask):
    """Where in the table an agent is looked for first."""
    return int((unsigned(agent) * unsigned(SPREAD)) >> unsigned(32)) & mask


@jit
def find(agents, table, n, agent):
    """The agent's slot, or 0."""
    mask = n[MASK_AT]
    at = home(agent, mask)
    slot = int(table[at])
    while slot != 0 and agents[slot] != agent:
        at = (at + 1) & mask
        slot = int(table[at])
    return slot


@plain
def enter(agents, table, n, agent):
    """A new slot for an agent who has none, or 0 when there is no room; the table grows by fours.

    Beyond its present size the table is zero everywhere.
    """
    slot = n[SLOTS] + 1
    if slot >= agents.shape[0]:
        return 0
    n[SLOTS] = slot
    agents[slot] = agent
    mask = n[MASK_AT]
    first = slot
    if 2 * slot > mask:
        for at in range(mask + 1):
            table[at] = 0
        mask = 4 * mask + 3
        n[MASK_AT] = mask
        first = 1
    for other in range(first, slot + 1):
        at = home(agents[other], mask)
        while table[at] != 0:
            at = (at + 1) & mask
        table[at] = other
    return slot


@plain
def forget(table, n):
    """Take everybody out: what it costs is what there is."""
    for at in range(n[MASK_AT] + 1):
        table[at] = 0
    for k in range(n.shape[0]):
        n[k] = 0
    n[MASK_AT] = SMALLEST


@plain
def grow_tree(agents, table, n, parents, nobody, starters, up, depth, root, under, order, level):
    """Depths and subtree sizes of the lane's trees: how many nodes, or -slot of one without parent.

    A node's parent is whom its column names; a starter without one is a root.
    """
    slots = n[SLOTS]
    for i in range(1, slots + 1):
        depth[i] = UNKNOWN
        if parents[i] == nobody:
            up[i] = 0
            root[i] = i
            depth[i] = 0 if i <= starters else OUTSIDE
        else:
            up[i] = find(agents, table, n, parents[i])
            if up[i] == 0:
                return -i
        under[i] = 1
        level[i] = 0
    level[0] = 0
    size = 0
    for i in range(1, slots + 1):
        # Up to a node whose depth is known, and down again: every node is passed twice.
        top = 0
        j = i
        while depth[j] == UNKNOWN:
            depth[j] = OPEN
            order[top] = j
            top += 1
            j = up[j]
        if top > 0 and depth[j] < 0:
            return -j if depth[j] == OPEN else -int(order[top - 1])
        while top > 0:
            top -= 1
            child = order[top]
            depth[child] = depth[j] + 1
            root[child] = root[j]
            j = child
        if depth[i] >= 0:
            level[depth[i]] += 1
            size += 1
    return size


@plain
def weigh_tree(n, up, depth, root, under, order, level, size):
    """Depth, breadth, and the sum of distances over pairs of nodes of one tree, with their number.

    A tie of the tree with s nodes below it lies between s (n - s) pairs (Goel, Anderson, Hofman
    and Watts 2016, The structural virality of online diffusion, Management Science 62).
    """
    deepest = 0
    widest = 0
    first = 0
    while first < size:  # levels have no gaps
        widest = max(widest, int(level[deepest]))
        first += int(level[deepest])
        deepest += 1
    deepest -= 1
    # Nodes in order of depth: `order[at]`, a level beginning where the one above it ends.
    start = 0
    for d in range(deepest + 1):
        here = int(level[d])
        level[d] = start
        start += here
    for i in range(1, n[SLOTS] + 1):
        if depth[i] >= 0:
            order[level[depth[i]]] = i
            level[depth[i]] += 1
    for at in range(size - 1, -1, -1):
        i = order[at]
        if depth[i] > 0:
            under[up[i]] += under[i]
    distances = 0
    pairs = 0
    for at in range(size):
        i = order[at]
        if depth[i] > 0:
            distances += under[i] * (under[root[i]] - under[i])
        else:
            pairs += under[i] * (under[i] - 1) // 2
    return deepest, widest, distances, pairs
