"""Adoption by hazard (Bass 1969): some by themselves, the more the more have it already.

An agent's hazard is `innovation` + `imitation` times the adopted share, per year; in a step of
length dt it adopts with chance 1 - exp(-hazard dt). The share is that of all agents, or, with
`contacts`, that of its contacts: each step it meets one of them, and one who has it persuades
with chance 1 - exp(-imitation dt).
"""

import ecumene as ec

from .ways import change_setting, comply, dare

QUARTERS = 100  # For how many quarters of a year the number of adopters is kept.


@ec.environment_rule(writes=("alone", "persuaded", "bothered", "by_quarter"))
def look_around(env, model, key):
    share = 0.0 if model.contacts > 0 else env.adopters / model.agents
    step = 1.0 / model.steps_per_year
    alone = 1.0 - ec.exp(-(model.innovation + model.imitation * share) * step)
    persuaded = 1.0 - ec.exp(-model.imitation * step)
    bothered = 1.0 - ec.exp(-model.bother * step)
    quarter = 4 * env.step // model.steps_per_year
    begins = env.step == 0 or 4 * (env.step - 1) // model.steps_per_year < quarter
    counts = env.by_quarter
    if begins and quarter < QUARTERS:
        counts = tuple(env.adopters if q == quarter else counts[q] for q in range(QUARTERS))
    return alone, persuaded, bothered, counts


@ec.agent_rule(writes="adopted_at")
def adopt(me, env, model, key):
    if me.adopted_at != ec.NEVER:
        return me.adopted_at
    return env.step if ec.chance(key, env.alone) else ec.NEVER


@ec.encounter(over="contacts", shows="adopted_at", writes="adopted_at")
def be_persuaded(me, other, env, model, key):
    if me.adopted_at != ec.NEVER or other.adopted_at >= env.step:
        return me.adopted_at
    return env.step if ec.chance(key, env.persuaded) else ec.NEVER


def described(p, **common):
    """The model of this mechanism for the parameters `p`."""
    rule = adopt
    if p["districts"]:
        rule = comply
    elif p["bother"]:
        rule = change_setting
    elif p["trusting"] < 1:
        rule = dare
    share = 1.0 if p["default_on"] else p["starters"]
    return ec.Model(
        populations={"people": ec.Population(p["agents"], adopted_at=ec.step_column())},
        networks={"contacts": ec.matchings(p["contacts"])} if p["contacts"] else {},
        environment={
            "alone": ec.real(),
            "persuaded": ec.real(),
            "bothered": ec.real(),
            "by_quarter": ec.whole(high=10**10, cells=QUARTERS),
        },
        tallies={"adopters": ec.count("adopted_at", ec.happened)},
        phases=[[look_around], [rule], *([[be_persuaded]] if p["contacts"] else [])],
        start=[ec.set_agents(ec.sample_count(round(share * p["agents"])), adopted_at=0)],
        measures={
            "adopted": ec.count("adopted_at", ec.happened),
            "adopted_share": ec.share("adopted_at", ec.happened),
            "adopted_by_quarter": ec.value("by_quarter"),
        },
        **common,
    )
