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

AIM = (0.15, 10)  # The transmission and degree for which the target "final size" is stated.


@ec.tie_rule(over="contacts", active="reached_now", into="heard", combine="any", luck="once")
def pass_on(me, tie, env, model, key):
    return ec.chance(key, model.transmission)


@ec.agent_rule(on=ec.reached_by(pass_on), writes=("reached_at", "reached_now"))
def hear(me, env, model, key):
    return (env.step, True) if me.reached_at == ec.NEVER else (me.reached_at, False)


def spread(transmission, degree):
    """The SD of the share between seeds that take off, times the root of the number of agents.

    As if over independent agents, sqrt(S (1 - S)), times 1/(1 - m): m is what one more agent
    missed adds to those missed in the next round, (k - 1) p u**(k - 2).
    """
    p, k, u = transmission, degree, 0.5
    for _ in range(1000):
        u = 1 - p + p * u ** (k - 1)
    m = (k - 1) * p * u ** (k - 2)
    return (u**k * (1 - u**k)) ** 0.5 / max(1 - m, 1e-9)


def score(outcome):
    """The final size with its interval, where the target's condition holds."""
    share = outcome.measures["reached_share"]
    meant = (outcome.parameters["transmission"], outcome.parameters["degree"]) == AIM
    if not meant or outcome.agents < 1_000_000 or share < 0.1:
        return {}
    reach = 1.96 * spread(*AIM) / outcome.agents**0.5
    return {"final size": (share, share - reach, share + reach)}


@ec.model(presets={"dies-out": {"transmission": 0.1}})
def model(
    agents: ec.Count = ec.parameter(
        1_000_000, reshapes=True, unit="agents", help="how many there are", source="chosen"
    ),
    degree: ec.Int[1, 1000] = ec.parameter(
        10, reshapes=True, unit="ties", help="ties per agent", source="chosen, as in the target"
    ),
    transmission: ec.Probability = ec.parameter(
        0.15, help="chance that a tie passes it on", source="chosen: above the threshold 1/9"
    ),
    seeds: ec.Count = ec.parameter(
        10, unit="agents", help="agents who start it, drawn by luck", source="chosen"
    ),
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
        synchrony="All who were reached in one round pass it on in the next, at the same moment; "
        "a round is a generation of the cascade, not a span of hours, and who is reached in the "
        "end does not depend on it.",
        limits=[
            "It can tell how far something gets when every tie passes it on with one chance, and "
            "how that depends on the chance and on the ties.",
            "It cannot tell who would pass on what: all agents are alike, whatever their age, "
            "country or means, and a tie is as good as any other.",
            "Its rounds are no clock: it does not say how many hours or days anything takes.",
        ],
        score=score,
        spread={"final size": spread(transmission, degree)}
        if (transmission, degree) == AIM
        else {},
    )
