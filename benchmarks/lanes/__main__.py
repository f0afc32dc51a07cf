"""How many ties lanes try, and how many stories they run, in a second: two threads, one network.

    python -m benchmarks.lanes [--stories 1000000] [--agents 10000000] [--threads 2]

Each story starts with one of the agents, who has 10 ties; each tie passes it on once with chance
`share`. Seconds of the processor are shown beside those of the clock: on a machine that others use
too, the clock says what they left over.
"""

from __future__ import annotations

import argparse
from time import perf_counter, process_time

import ecumene as ec

DEGREE = 10


@ec.tie_rule(over="friends", active="telling", into="teller", combine="pick", luck="once")
def tell(me, tie, env, model, key):
    return me.identity if ec.chance(key, model.share) else ec.NOTHING


@ec.agent_rule(on=ec.reached_by(tell), writes=("told_at", "told_by", "telling"))
def listen(me, env, model, key):
    if me.told_at != ec.NEVER:
        return me.told_at, me.told_by, False
    return env.step, me.teller, True


def story(agents: int, share: float) -> ec.Model:
    """A story among `agents` people."""
    return ec.Model(
        populations={
            "people": ec.Population(
                agents,
                told_at=ec.step_column(),
                told_by=ec.whole(-1, low=-1, high=10**10),
                telling=ec.pulse(),
            )
        },
        networks={"friends": ec.matchings(DEGREE)},
        phases=[[tell], [listen]],
        start=[ec.set_agents(ec.sample_count(1), told_at=0, telling=True)],
        measures={"told": ec.count("told_at", ec.happened)},
        parameters={"share": share},
    )


def main() -> None:
    """Time stories that die at once, that live a little, and that are nearly critical."""
    options = argparse.ArgumentParser()
    options.add_argument("--stories", type=int, default=1_000_000)
    options.add_argument("--agents", type=int, default=10_000_000)
    options.add_argument("--threads", type=int, default=2)
    asked = options.parse_args()
    print(
        "| share | stories | mean size | largest | tie draws/s | stories/s | per processor second |"
    )
    print("|---|---|---|---|---|---|---|")
    for share in (0.03, 0.05, 0.1):
        model = story(asked.agents, share)
        ec.run_lanes(model, 2, tree="told_by")  # compiled before time is taken
        clock, processor = perf_counter(), process_time()
        lanes = ec.run_lanes(model, asked.stories, tree="told_by", threads=asked.threads)
        clock, processor = perf_counter() - clock, process_time() - processor
        ties = int(lanes["size"].sum()) * DEGREE
        print(
            f"| {share} | {asked.stories:,} | {lanes['size'].mean():.3f} | {lanes['size'].max():,} "
            f"| {ties / clock:.3g} | {asked.stories / clock:.3g} "
            f"| {ties / processor:.3g} ties, {asked.stories / processor:.3g} stories |"
        )


if __name__ == "__main__":
    main()
