"""Models that lanes can run: societies whose rules are for the reached, and stories with a tree."""

from dataclasses import replace

from hypothesis import strategies as st

import ecumene as ec

from .societies import NAMES, hear, live, networks, notice, pay, society, strengths, wander

NOBODY = -1


@ec.tie_rule(over="ties", active="telling", into="teller", combine="pick", luck="once")
def tell(me, tie, env, model, key):
    return me.identity if ec.chance(key, model.share) else ec.NOTHING


@ec.agent_rule(on=ec.reached_by(tell), writes=("told_at", "told_by", "telling"))
def listen(me, env, model, key):
    if me.told_at != ec.NEVER:
        return me.told_at, me.told_by, False
    return env.step, me.teller, True


def story(network, agents, share=0.3, tellers=1):
    """A story that each agent hears once, from one of those who tell it."""
    return ec.Model(
        name="story",
        populations={
            "people": ec.Population(
                agents,
                told_at=ec.step_column(),
                told_by=ec.whole(NOBODY, low=NOBODY, high=10**10),
                telling=ec.pulse(),
            )
        },
        networks={"ties": network},
        phases=[[tell], [listen]],
        start=[ec.set_agents(ec.sample_count(tellers), told_at=0, telling=True)],
        measures={
            "told": ec.count("told_at", ec.happened),
            "part": ec.share("told_at", ec.happened),
        },
        parameters={"share": share},
    )


def sparse_society(network, agents, **strengths):
    """A society in which nobody acts whom nothing reached; it reads and writes all the same."""
    model = society(network, agents, **strengths)
    reached = replace(live, on=ec.reached_by(pay))
    changed = replace(wander, on=ec.changed("wealth"))
    return replace(model, phases=[model.phases[0], [hear, reached], [notice, changed]])


@st.composite
def sparse_societies(draw, most=40):
    """Any of them, small enough for plain Python; two sets of kernels in all."""
    agents = draw(st.integers(1, most))
    return sparse_society(
        draw(networks(agents)),
        agents,
        loud=draw(st.integers(0, 4)),
        rich=draw(st.integers(0, 6)),
        shift=draw(st.integers(0, 5)),
        **{name: draw(strengths) for name in NAMES},
    )


@st.composite
def stories(draw, most=60):
    """Any story, from one teller or several."""
    agents = draw(st.integers(1, most))
    return story(
        draw(networks(agents)),
        agents,
        share=draw(st.sampled_from([0.0, 0.1, 0.3, 0.6, 1.0])),
        tellers=draw(st.integers(0, min(3, agents))),
    )
