"""How many agents encounter a neighbour, or meet, in a second: `python -m benchmarks.meetings`.

    python -m benchmarks.meetings [agents] [threads]

Each row is the median of seven steps after two; the compiler's time is not in it.
"""

from __future__ import annotations

import sys
from statistics import median
from time import perf_counter

import ecumene as ec

STEPS = 7


@ec.encounter(over="friends", shows="mood", writes="mood")
def catch_up(me, other, env, model, key):
    return other.mood if ec.chance(key, 0.5) else me.mood


@ec.meeting(shows="money", writes="money")
def exchange(me, other, env, model, key):
    pot = me.money + other.money
    share = ec.integer(key, pot + 1)
    return share if me.leads else pot - share


@ec.meeting(within="room", shows="money", writes="money")
def exchange_in_rooms(me, other, env, model, key):
    pot = me.money + other.money
    share = ec.integer(key, pot + 1)
    return share if me.leads else pot - share


@ec.agent_rule(writes="room")
def go(me, env, model, key):
    return ec.integer(key, model.rooms)


def society(rule, agents: int, rooms: int) -> ec.Model:
    return ec.Model(
        populations={
            "people": ec.Population(
                agents,
                mood=ec.whole(),
                money=ec.whole(100, high=10**9),
                room=ec.whole(high=10**9),
            )
        },
        networks={"friends": ec.matchings(10)},
        phases=[[rule], [go]] if rooms else [[rule]],
        start=[ec.set_agents(ec.sample_count(agents // 2), mood=1)],
        parameters={"rooms": rooms},
    )


def seconds(model: ec.Model, threads: int) -> float:
    """The median duration of a step."""
    simulation = ec.Simulation(model, seed=1, threads=threads)
    durations: list[float] = []
    for _ in range(STEPS + 2):
        started = perf_counter()
        simulation.advance()
        durations.append(perf_counter() - started)
    return median(durations[2:])


def main() -> None:
    agents = int(float(sys.argv[1])) if len(sys.argv) > 1 else 1_000_000
    threads = int(sys.argv[2]) if len(sys.argv) > 2 else 2
    print(f"{agents:,} agents, {threads} threads; moving between rooms is in the rows with rooms")
    rows = {
        "encounter over matchings(10)": (catch_up, 0),
        "meeting, all with all": (exchange, 0),
        "meeting within 100 rooms": (exchange_in_rooms, 100),
        "meeting within rooms of three": (exchange_in_rooms, max(1, agents // 3)),
    }
    for name, (rule, rooms) in rows.items():
        taken = seconds(society(rule, agents, rooms), threads)
        print(f"{name:32} {taken:8.4f} s a step {agents / taken:12.3g} agents a second")


if __name__ == "__main__":
    main()
