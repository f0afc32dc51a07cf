"""Law 1 over computed networks: backends, threads, shards, push and pull give the same bits.

Networks are generated so that they have self-ties, parallel ties, empty slots, odd ones out and
agents without ties.
"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ecumene as ec

from ..societies import everything

seeds = st.integers(0, 2**40)
chances = st.sampled_from([0.2, 0.7, 1.0])
law = settings(max_examples=8, deadline=None)


@ec.tie_rule(over="ties", active="loud", into="calls", combine="count", luck="once")
def call(me, tie, env, model, key):
    return ec.chance(key, model.chance) and (me.told + tie.number) % 5 != 4


def believe(me, tie, payload, env, model, key):
    return payload + tie.number % 3 if ec.chance(key, 0.9) else ec.NOTHING


@ec.tie_rule(over="ties", active="loud", into="tale", combine="pick", receive=believe)
def tell(me, tie, env, model, key):
    return ec.integer(key, 1000) * 2 + tie.number % 2 if ec.chance(key, 0.8) else ec.NOTHING


@ec.agent_rule(writes=("told", "last", "loud"))
def hear(me, env, model, key):
    told = me.told + me.calls
    last = me.tale % 5000 if me.tale != ec.NOTHING else me.last
    return min(told, 1_000_000), last, me.calls > 0 or ec.chance(key, 0.05)


def gossip(network, agents, chance=0.7, loud=3):
    people = ec.Population(
        agents, loud=ec.pulse(), told=ec.whole(high=1_000_000), last=ec.whole(high=5000)
    )
    return ec.Model(
        name="gossip",
        populations={"people": people},
        networks={"ties": network},
        phases=[[call, tell], [hear]],
        start=[ec.set_agents(ec.sample_count(min(loud, agents)), loud=True)],
        measures={"told": ec.mean("told"), "last": ec.mean("last")},
        parameters={"chance": chance},
    )


def few(low, high):
    return st.integers(low, high)


@st.composite
def configurations(draw, directed=False):
    """Up to 12 ties for up to 30 agents: many of them to oneself or parallel."""
    counts = draw(st.dictionaries(few(0, 12), few(1, 10), min_size=1, max_size=3))
    agents = sum(counts.values())
    return ec.configuration(list(counts.items()), directed=directed), agents


@st.composite
def lattices(draw, ordered=False):
    reach = draw(few(1, 2))
    if draw(st.booleans()):
        return ec.lattice(1, reach=reach, ordered=ordered), draw(few(2 * reach + 1, 40))
    sides = draw(few(2 * reach + 1, 7)), draw(few(2 * reach + 1, 7))
    near = draw(st.sampled_from(["moore", "von_neumann"]))
    return ec.lattice(2, near, reach, sides=sides, ordered=ordered), sides[0] * sides[1]


@st.composite
def small_worlds(draw):
    degree = 2 * draw(few(1, 4))
    share = draw(st.sampled_from([0.0, 0.3, 0.8, 1.0]))
    return ec.small_world(degree, share), draw(few(degree + 1, 30))


@st.composite
def circles(draw):
    sizes = draw(st.sampled_from([{1: 0.3, 2: 0.3, 3: 0.2, 7: 0.2}, {5: 1.0}, {9: 0.5, 2: 0.5}]))
    return ec.circles(sizes), draw(few(1, 40))


@st.composite
def mixtures(draw):
    """Households and a small world, whose ties may be parallel."""
    world, agents = draw(small_worlds())
    return ec.both(ec.circles({2: 0.5, 4: 0.5}), world), agents


everybodies = st.builds(lambda agents: (ec.everybody(), agents), few(1, 25))
KINDS = {
    "configuration": configurations(),
    "directed": configurations(directed=True),
    "lattice": lattices(),
    "ordered lattice": lattices(ordered=True),
    "small world": small_worlds(),
    "circles": circles(),
    "everybody": everybodies,
    "both": mixtures(),
}
QUICK = ("configuration", "small world")  # Every kind has kernels of its own to compile.


@pytest.mark.parametrize(
    "kind",
    [kind if kind in QUICK else pytest.param(kind, marks=pytest.mark.slow) for kind in KINDS],
)
@law
@given(data=st.data(), seed=seeds, chance=chances)
def test_however_it_is_run_it_is_the_same(kind, data, seed, chance):
    network, agents = data.draw(KINDS[kind])
    model = gossip(network, agents, chance)
    oracle = everything(model, 3, seed=seed, backend="reference", direction="push")
    for how in (
        {"backend": "reference", "direction": "pull"},
        {"backend": "reference", "shards": 3},
        {"backend": "cpu", "direction": "push"},
        {"backend": "cpu", "direction": "pull"},
        {"backend": "cpu", "threads": 2},
        {"backend": "cpu", "shards": 3},
        {"backend": "cpu", "shards": 3, "threads": 2},
    ):
        assert everything(model, 3, seed=seed, **how) == oracle, how


@pytest.mark.parametrize("kind", KINDS)
def test_something_is_told(kind):
    """The law above is not about silence."""
    network, agents = {
        "configuration": (ec.configuration({3: 0.5, 4: 0.5}), 30),
        "directed": (ec.configuration({3: 0.5, 4: 0.5}, directed=True), 30),
        "lattice": (ec.lattice(2), 36),
        "ordered lattice": (ec.lattice(2, ordered=True), 36),
        "small world": (ec.small_world(4, 0.3), 30),
        "circles": (ec.circles(5), 30),
        "everybody": (ec.everybody(), 20),
        "both": (ec.both(ec.circles(3), ec.small_world(4, 0.3)), 30),
    }[kind]
    *_, columns = everything(gossip(network, agents), 3, seed=1, backend="reference")
    assert sum(columns["told"]) > 10 and sum(columns["last"]) > 0


LARGE = {
    "configuration": ec.configuration({1: 0.4, 2: 0.4, 12: 0.2}),
    "directed": ec.configuration({1: 0.4, 2: 0.4, 12: 0.2}, directed=True),
    "lattice": ec.lattice(2, "von_neumann", sides=(600, 1000)),
    "small world": ec.small_world(4, 0.2),
    "both": ec.both(ec.circles({1: 0.3, 2: 0.4, 5: 0.3}), ec.matchings(1)),
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", LARGE)
def test_several_blocks_of_agents_come_out_alike(kind):
    """Blocks of receivers are 2**18 agents: with fewer, threads have nothing to share."""
    model = gossip(LARGE[kind], 600_000, loud=50_000)
    found = [
        summary(model, **how)
        for how in ({}, {"threads": 2}, {"shards": 3}, {"direction": "pull"}, {"direction": "push"})
    ]
    assert all(one == found[0] for one in found)


def summary(model, **how):
    simulation = ec.Simulation(model, seed=3, backend="cpu", **how)
    for _ in range(3):
        simulation.advance()
    return simulation.digest(), simulation.measure()


@ec.tie_rule(over="ties", active="loud", into="calls", combine="count")
def all_call(me, tie, env, model, key):
    return True


@ec.agent_rule(on=ec.reached_by(all_call), writes="told")
def note(me, env, model, key):
    return me.calls


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("direction", ["push", "pull"])
def test_a_hub_of_a_million_ties_reaches_all_of_them(direction, threads):
    """Its ties go out in many rounds of bounded bins."""
    agents = 1_000_000
    star = ec.configuration(
        [(0, agents - 1), (1_000_000, 1)], directed=True, in_degrees=[(1, agents)]
    )
    people = ec.Population(agents, loud=ec.pulse(), told=ec.whole(high=10**9))
    model = ec.Model(
        populations={"people": people},
        networks={"ties": star},
        phases=[[all_call], [note]],
        start=[ec.set_agents(ec.sample_count(agents), loud=True)],
        measures={"told": ec.mean("told")},
    )
    simulation = ec.Simulation(model, seed=1, threads=threads, direction=direction)
    simulation.advance()
    told = simulation.column("told")
    assert told.sum() == agents - 1 and told.max() == 1  # the hub's tie to itself is none
