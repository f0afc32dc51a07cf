"""Records and partners: what others did before is known, always or by chance."""

import ecumene as ec

from .playing import LEARNT, PLAYED, after, deal, experience
from .sending import belief

STRANGERS, RECORDS, PARTNERS, ALL_THREE = 0, 1, 2, 3


@ec.agent_rule(on=ec.awake("new"), writes=("arm", "group", "new"))
def join(me, env, model, key):
    """Take one's place in the experiment: strangers, records or partners."""
    arm = model.reputation if model.reputation < ALL_THREE else ec.integer(key, ALL_THREE)
    return arm, arm, ec.NEVER


@ec.meeting(within="arm", shows="arm", writes="group")
def find_partner(me, other, env, model, key):
    """In the first round partners find each other, for good."""
    if env.step > 0 or me.arm != PARTNERS:
        return me.group
    return ALL_THREE + min(me.identity, other.identity)  # after the arms, which are groups too


def record(me, other, model):
    """What the sender of a pair believes by what the other did."""
    kept, broken = (other.kept, other.broken) if me.leads else (me.kept, me.broken)
    return belief(kept, broken, model.aversion)


@ec.meeting(within="group", shows=(*LEARNT, "country"), writes=PLAYED)
def play_in_group(me, other, env, model, key):
    """Two of an arm play, or two partners; records are seen by chance, partners always."""
    seen = 1.0 if me.arm == PARTNERS else (model.looked_up if me.arm == RECORDS else 0.0)
    known = me.arm == PARTNERS or (me.arm == RECORDS and ec.chance(key, model.looked_up, 4))
    believed = record(me, other, model) if known else experience(me, other, model)
    tenths, cents, there, back = deal(me, other, believed, seen, env, model, key)
    return after(me, tenths, cents, there, back)
