"""Adoption by thresholds: when enough of one's contacts have it (Watts 2002; Centola 2010).

`threshold` is a share of an agent's contacts, `enough` a number of them; both have to be met. Each
new adopter shows it once along each of its ties.
"""

import ecumene as ec

from .curves import poisson

GLOBAL = 0.1  # A cascade is global when it reaches more than this share; they are far larger or far
# smaller (Watts 2002, figure 2).


@ec.tie_rule(over="contacts", active="shows", into="shown", combine="count", luck="once")
def show(me, tie, env, model, key):
    return True


def own_ties(me, tie, payload, env, model, key):
    return tie.in_degree


@ec.tie_rule(
    over="contacts", active="shows", into="ties", combine="max", luck="once", receive=own_ties
)
def count_ties(me, tie, env, model, key):
    return 0


@ec.agent_rule(on=ec.reached_by(show), writes=("seen", "adopted_at", "shows"))
def decide(me, env, model, key):
    seen = me.seen + me.shown
    if me.adopted_at != ec.NEVER:
        return seen, me.adopted_at, False
    tried = env.step == 0 and model.friends_first
    if tried or (seen >= model.enough and seen >= model.threshold * me.ties):
        return seen, env.step, True
    return seen, ec.NEVER, False


def described(p, **common):
    """The model of this mechanism for the parameters `p`."""
    common.update(max_steps=100_000, step_unit="round")
    return ec.Model(
        populations={
            "people": ec.Population(
                p["agents"],
                adopted_at=ec.step_column(),
                shows=ec.pulse(),
                seen=ec.whole(high=1_000_000),
            )
        },
        networks={"contacts": network(p["contacts"], p["clustered"], p["equal"])},
        phases=[[show, count_ties], [decide]],
        start=[ec.set_agents(ec.sample_count(p["seeds"]), adopted_at=0, shows=True)],
        measures={
            "adopted": ec.count("adopted_at", ec.happened),
            "adopted_share": ec.share("adopted_at", ec.happened),
        },
        lanes=cascades(p),
        **common,
    )


def cascades(p):
    """Many cascades, each a lane from a seed of its own; None where there is one."""
    if p["cascades"] == 1:
        return None
    return ec.in_lanes(
        p["cascades"],
        {"global_share": global_share, "mean_adopted_share": mean_adopted_share},
        name="cascades",
        keep=("steps", "adopted", "adopted_share"),
        networks=p["networks"],
    )


def global_share(lanes):
    """The share of cascades that reach more than a tenth of everybody."""
    return (lanes["adopted_share"] > GLOBAL).mean()


def mean_adopted_share(lanes):
    return lanes["adopted_share"].mean()


def network(contacts, clustered, equal):
    """A ring of neighbours, or random ties: as many for all, or a Poisson number of them."""
    if clustered:
        return ec.lattice(1, reach=max(1, contacts // 2))
    return ec.matchings(contacts) if equal else ec.configuration(poisson(contacts))
