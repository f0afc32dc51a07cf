"""Three other ways into use: trust, a mandate, a default.

Who has to trust it first dares when enough others have it (doctors and a free assistant); where it
is ordered, everybody of a district has it within a time (schools); where it is on by default, it
stays on unless somebody who does not want it bothers to turn it off.
"""

import ecumene as ec

STEPS = 1000  # Where the draws of a step begin among an agent's draws for life.


@ec.agent_rule(writes="adopted_at", luck="once")
def dare(me, env, model, key):
    if me.adopted_at != ec.NEVER:
        return me.adopted_at
    trusted = model.trusting + model.proof * env.adopters / model.agents
    ready = ec.uniform(key) < trusted and ec.chance(ec.fold(key, STEPS + env.step), env.alone)
    return env.step if ready else ec.NEVER


@ec.agent_rule(writes="adopted_at", luck="once")
def comply(me, env, model, key):
    if me.adopted_at != ec.NEVER:
        return me.adopted_at
    ordered = model.rollout * ec.integer(key, model.districts, 1) / model.districts
    due = (ordered + model.within * ec.uniform(key, 2)) * model.steps_per_year
    if env.step >= due or ec.chance(ec.fold(key, STEPS + env.step), env.alone):
        return env.step
    return ec.NEVER


@ec.agent_rule(writes="adopted_at", luck="once")
def change_setting(me, env, model, key):
    wants = ec.chance(key, model.keen)
    has = me.adopted_at != ec.NEVER
    if wants == has or not ec.chance(ec.fold(key, STEPS + env.step), env.bothered):
        return me.adopted_at
    return env.step if wants else ec.NEVER
