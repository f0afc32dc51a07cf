"""Axelrod's culture: the more alike two neighbours are, the likelier they become more so.

Axelrod (1997), The dissemination of culture, J. Conflict Resolution 41, table 2: local convergence
leaves fewer regions the more features a culture has, and more the more traits a feature has.
"""

import numpy as np

import ecumene as ec


@ec.agent_rule(on=ec.awake("born"), writes=("culture", "born"))
def be_born(me, env, model, key):
    culture = 0
    for feature in range(model.features):
        culture = culture * model.traits + ec.integer(key, model.traits, feature)
    return culture, ec.NEVER


@ec.encounter(over="land", shows="culture", writes="culture")
def meet(me, other, env, model, key):
    alike, copied, place, drawn = 0, me.culture, 1, 1.0
    for feature in range(model.features):
        gap = other.culture // place % model.traits - me.culture // place % model.traits
        if gap == 0:
            alike += 1
        elif ec.uniform(key, feature + 2) < drawn:  # of those that differ, one drawn by luck
            drawn, copied = ec.uniform(key, feature + 2), me.culture + gap * place
        place *= model.traits
    return copied if ec.chance(key, alike / model.features, 1) else me.culture


@ec.model
def axelrod(
    agents: ec.Count = ec.parameter(100, reshapes=True, help="villages on a torus"),
    features: ec.Int[1, 10] = ec.parameter(5, reshapes=True, help="what a culture consists of"),
    traits: ec.Int[2, 30] = ec.parameter(10, reshapes=True, help="values of a feature"),
):
    culture = ec.whole(high=traits**features - 1)
    return ec.Model(
        populations={"villages": ec.Population(agents, culture=culture, born=ec.wake_column())},
        networks={"land": ec.lattice(2, "von_neumann", ordered=True)},
        phases=[[be_born], [meet]],
    )


def regions(agents=100, steps=3000, seed=1, **parameters):
    """How many areas of one culture there are in the end."""
    simulation = ec.Simulation(axelrod(agents=agents, **parameters), seed=seed)
    while simulation.step < steps:
        simulation.advance()
    return len(np.unique(simulation.column("culture")))


if __name__ == "__main__":
    for features, traits in ((2, 10), (5, 5), (5, 10), (5, 15), (10, 10)):
        found = [regions(features=features, traits=traits, seed=s) for s in range(5)]
        print(f"{features} features, {traits} traits: {np.mean(found):.1f} regions")
