"""Schelling: who wants only some neighbours of their kind ends with mostly neighbours of it.

Schelling (1971), Dynamic models of segregation, J. Math. Sociology 1. Homes lie on a torus, each
with eight neighbours, and are all taken; those who are not content trade homes in pairs. Nobody
asks for a majority (3 of 8), yet most neighbours end alike; the more are asked for, the more.
"""

import ecumene as ec


@ec.tie_rule(over="homes", active="red", into="reds", combine="count")
def be_seen(me, tie, env, model, key):
    return True


@ec.agent_rule(writes=("alike", "unhappy"))
def look_around(me, env, model, key):
    alike = me.reds if me.red else 8 - me.reds
    return alike, alike < model.wanted


@ec.meeting(on=ec.flagged("unhappy"), shows="red", writes="red")
def trade_homes(me, other, env, model, key):
    return other.red


@ec.model
def schelling(
    agents: ec.Count = ec.parameter(10_000, reshapes=True, help="homes, all taken"),
    wanted: ec.Int[0, 8] = ec.parameter(3, help="of eight neighbours, how many must be alike"),
):
    return ec.Model(
        populations={
            "people": ec.Population(
                agents, red=ec.flag(), unhappy=ec.flag(), alike=ec.whole(high=8)
            )
        },
        networks={"homes": ec.lattice(2, "moore", ordered=True)},
        phases=[[be_seen], [look_around], [trade_homes]],
        start=[ec.set_agents(ec.sample_count(agents // 2), red=True)],
        measures={"alike": ec.mean("alike"), "unhappy": ec.mean("unhappy")},
        step_unit="round of trades",
    )


if __name__ == "__main__":
    for wanted in range(6):
        run = ec.run(schelling(wanted=wanted), seed=1, steps=60)
        print(f"{wanted} of 8 wanted: {run.record['measures']['alike'] / 8:.0%} alike")
