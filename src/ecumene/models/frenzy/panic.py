"""What a surge is made of: normal days before the alarm, and the day on which most is bought."""

import ecumene as ec

SETTLING = 30  # Days in which stocks at home find their level, not counted as normal.


@ec.environment_rule(writes=("normal", "highest"))
def keep_books(env, model, key):
    normal, highest = env.normal, env.highest
    if SETTLING <= env.step < model.alarm_at:
        days, buyers, units, squares = normal
        normal = (days + 1, buyers + env.buyers, units + env.sold, squares + env.sold * env.sold)
    if env.step >= model.alarm_at and env.sold > highest[1]:
        highest = (env.buyers, env.sold)
    return normal, highest
