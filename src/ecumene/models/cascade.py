"""Cascade: something spreads from agent to agent, each tie tried once.

## What it models
Each newly reached agent passes it along each of its ties with chance `transmission`, once.

## What to look for
Below `transmission` = 1/(degree - 1) it dies out near its seeds; above, it reaches a share S of
everybody, S = 1 - u**k with u = 1 - p + p*u**(k - 1), where k is the degree and p the transmission.

## Sources
Newman (2002), Spread of epidemic disease on networks, Physical Review E 66, 016128.
"""

import ecumene as ec


@ec.tie_rule(over="contacts", active="reached_now", into="heard", combine="any", luck="once")
def pass_on(me, tie, env, model, key):
    return ec.chance(key, model.transmission)


@ec.agent_rule(on=ec.reached_by(pass_on), writes=("reached_at", "reached_now"))
def hear(me, env, model, key):
    return (env.step, True) if me.reached_at == ec.NEVER else (me.reached_at, False)


@ec.model(presets={"dies-out": {"transmission": 0.1}, "spreads": {"transmission": 0.15}})
def model(
    agents: ec.Count = ec.parameter(1_000_000, reshapes=True, unit="agents"),
    degree: ec.Int[1, 1000] = ec.parameter(10, reshapes=True, help="ties per agent"),
    transmission: ec.Probability = ec.parameter(0.15, help="chance that a tie passes it on"),
    seeds: ec.Count = ec.parameter(10, help="agents who start it, drawn by luck"),
) -> ec.Model:
    return ec.Model(
        populations={
            "people": ec.Population(agents, reached_at=ec.step_column(), reached_now=ec.pulse())
        },
        networks={"contacts": ec.matchings(degree)},
        phases=[[pass_on], [hear]],
        start=[ec.set_agents(ec.sample_count(seeds), reached_at=0, reached_now=True)],
        measures={
            "reached": ec.count("reached_at", ec.happened),
            "reached_share": ec.share("reached_at", ec.happened),
        },
        stop=ec.quiet(),
        step_unit="round",
    )
