"""How many agents at once follow the ties of a configuration model: its look-ups in stages.

The names that end in `_once` are free of branches, so that a compiler does eight agents at a time;
those that follow them walk on the few numbers that landed outside.
"""

from __future__ import annotations

from typing import Any

from .classes import class_of
from .lowered import Walk
from .permutation import backward_once, forward_once, keys_at
from .stubs import place_of


def place_once(net: Any, i: int) -> int:
    """Where agent `i` stands in the order of classes, perhaps still beyond its end."""
    return forward_once(i, net.side, net.per_side, keys_at(net.keys, 0))


def place_inside(net: Any, place: int) -> int:
    """The same, walked on until it is inside."""
    while place >= net.agents:
        place = place_once(net, place)
    return place


def class_at(net: Any, place: int) -> int:
    """The class of the agent at `place`."""
    return class_of(net.first_place, net.place_guide, net.place_shift, place)


def degree_in(net: Any, c: int) -> int:
    """How many stubs an agent of class `c` has."""
    return int(net.degrees[c])


def stub_in(net: Any, c: int, place: int, k: int) -> int:
    """The number of stub `k` of the agent at `place`, who is of class `c`."""
    return int(net.first_stub[c]) + (place - int(net.first_place[c])) * int(net.degrees[c]) + k


def position_once(net: Any, stub: int) -> int:
    """Where the stub stands among all, perhaps still beyond their end."""
    return forward_once(stub, net.stub_side, net.per_stub_side, keys_at(net.keys, 1))


def partner(net: Any, position: int) -> int:
    """The position beside the one where it comes to stand; its own for the odd one out."""
    while position >= net.stubs:
        position = position_once(net, position)
    return position ^ 1 if position ^ 1 < net.stubs else position


def stub_once(net: Any, position: int) -> int:
    """The stub that stands there, perhaps still a number beyond the stubs'."""
    return backward_once(position, net.stub_side, net.per_stub_side, keys_at(net.keys, 1))


def place_of_stub(net: Any, stub: int) -> int:
    """The place of the agent whose stub it is, once walked on until it is one."""
    while stub >= net.stubs:
        stub = stub_once(net, stub)
    return place_of(
        net.first_place, net.first_stub, net.degrees, net.stub_guide, net.stub_shift, stub
    )


def agent_once(net: Any, place: int) -> int:
    """Who stands at `place`, perhaps still a number beyond the agents'."""
    return backward_once(place, net.side, net.per_side, keys_at(net.keys, 0))


def agent_inside(net: Any, agent: int) -> int:
    """The same, walked on until it is one."""
    while agent >= net.agents:
        agent = agent_once(net, agent)
    return agent


WALK = Walk(
    stand=(place_once, place_inside),
    row=class_at,
    ties=degree_in,
    end=stub_in,
    follow=(position_once, partner, stub_once, place_of_stub, agent_once, agent_inside),
)
