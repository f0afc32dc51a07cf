"""Wealth: people meet in pairs and share out at random what the two have.

Dragulescu and Yakovenko (2000), Statistical mechanics of money, Eur. Phys. J. B 17: money is
conserved in every exchange and its distribution becomes exponential, whatever it was at first:
a share 1 - 1/e = 63 % of people end below the mean, and the Gini coefficient goes to one half.
"""

import numpy as np

import ecumene as ec


@ec.meeting(shows="money", writes="money")
def exchange(me, other, env, model, key):
    pot = me.money + other.money
    share = ec.integer(key, pot + 1)
    return share if me.leads else pot - share


@ec.model
def wealth(
    agents: ec.Count = ec.parameter(100_000, reshapes=True, help="people"),
    money: ec.Int[1, 10_000] = ec.parameter(100, reshapes=True, help="what each has at first"),
):
    return ec.Model(
        populations={"people": ec.Population(agents, money=ec.whole(money, high=1_000_000_000))},
        phases=[[exchange]],
        measures={"mean": ec.mean("money"), "gini": ec.gini("money", every=10)},
        step_unit="meeting",
    )


if __name__ == "__main__":
    simulation = ec.Simulation(wealth(), seed=1)
    for _ in range(20):
        simulation.advance()
    money = simulation.column("money")
    print(f"each has {money.mean():.1f} on average, as at first; nobody made or lost a unit")
    print(f"below the mean: {np.mean(money < 100):.3f} (exponential: 0.632)")
    print(f"Gini coefficient: {simulation.measure()['gini']:.3f} (exponential: 0.5)")
