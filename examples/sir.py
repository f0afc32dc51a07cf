"""SIR: an infection that everybody catches at most once, over random contacts.

Kermack and McKendrick (1927); over a network, Newman (2002), Phys. Rev. E 66: who is ill for `days`
passes it on along a tie with chance T = 1 - (1 - p)**days in all, and an epidemic reaches a share
S = 1 - u**k of everybody, u = 1 - T + T * u**(k - 1), if T > 1/(k - 1).
"""

import ecumene as ec


@ec.tie_rule(over="contacts", active="ill", into="exposed", combine="any", luck="each")
def infect(me, tie, env, model, key):
    return ec.chance(key, model.transmission)


@ec.agent_rule(on=ec.reached_by(infect), writes=("caught_at", "ill", "well_at"))
def catch(me, env, model, key):
    if me.caught_at != ec.NEVER:
        return me.caught_at, me.ill, me.well_at
    return env.step, True, env.step + model.days + 1


@ec.agent_rule(on=ec.awake("well_at"), writes=("ill", "well_at"))
def recover(me, env, model, key):
    return False, ec.NEVER


@ec.model
def sir(
    agents: ec.Count = ec.parameter(100_000, reshapes=True, help="people"),
    degree: ec.Int[1, 1000] = ec.parameter(10, reshapes=True, help="contacts of each"),
    transmission: ec.Probability = ec.parameter(0.03, help="chance per contact and day"),
    days: ec.Int[1, 1000] = ec.parameter(7, help="for how long one is ill"),
):
    people = ec.Population(
        agents, caught_at=ec.step_column(), ill=ec.flag(), well_at=ec.wake_column(first=ec.NEVER)
    )
    return ec.Model(
        populations={"people": people},
        networks={"contacts": ec.matchings(degree)},
        phases=[[recover], [infect], [catch]],
        start=[ec.set_agents(ec.sample_count(20), caught_at=0, ill=True, well_at=days)],
        measures={"caught": ec.share("caught_at", ec.happened), "ill": ec.mean("ill")},
        step_unit="day",
    )


if __name__ == "__main__":
    run = ec.run(sir(), seed=1)
    chance, u = 1 - (1 - 0.03) ** 7, 0.5
    for _ in range(1000):
        u = 1 - chance + chance * u**9
    print(f"caught it: {run.record['measures']['caught']:.3f} (theory: {1 - u**10:.3f})")
    print(f"most were ill on day {run.series['ill'].argmax()}: {run.series['ill'].max():.1%}")
