"""What a run begins with by its own luck: drawn once, the same whatever the run is made of."""

from dataclasses import replace

import pytest

import ecumene as ec
from ecumene.engine import run_name
from ecumene.errors import ModelError

from ..stories import story

AGENTS = 60


def begins(key):
    """A chance, the weights of three goods, and who tells the story."""
    goods = [ec.integer(key, 100, good) for good in range(3)]
    teller = ec.integer(key, AGENTS, 9)
    start = ec.set_agents(ec.these_agents(teller), told_at=0, telling=True)
    return {"eager": ec.uniform(key, 8), "goods": goods}, [start]


@ec.agent_rule(on=ec.changed("told_at"), writes="keen")
def weigh(me, env, model, key):
    return env.goods[1] if ec.chance(key, env.eager) else 0


def drawn(begin=begins):
    model = story(ec.matchings(4), AGENTS, share=0.5, tellers=0)
    people = model.population.also(keen=ec.whole(high=1000))
    return replace(
        model,
        populations={"people": people},
        phases=[*model.phases, [weigh]],
        environment={"eager": ec.real(), "goods": ec.whole(high=100, cells=3)},
        start=[],
        begin=begin,
    )


def ended(seed=1, **how):
    simulation = ec.Simulation(drawn(), seed=seed, **how)
    while simulation.advance():
        pass
    return simulation


def test_another_seed_or_lane_begins_otherwise_and_the_same_one_alike():
    begun = [
        (tuple(s.environment["goods"]), s.column("told_at").tolist())
        for seed, lane in ((1, 0), (1, 0), (2, 0), (1, 5))
        if (s := ec.Simulation(drawn(), seed=seed, lane=lane, backend="reference"))
    ]
    assert begun[0] == begun[1] and len({goods for goods, _ in begun}) == 3
    assert all(told.count(0) == 1 for _, told in begun)
    assert len({told.index(0) for _, told in begun}) > 1


def test_it_is_the_same_on_every_backend_and_in_shards(backend):
    assert ended(backend=backend, shards=2).digest() == ended(backend="reference").digest()


def test_it_is_in_the_digest_and_in_the_runs_name():
    seen = {ec.Simulation(drawn(), seed=seed, backend="reference").digest() for seed in range(4)}
    assert len(seen) == 4
    assert run_name(drawn(), 1) != run_name(replace(drawn(), begin=None), 1)


def test_a_state_is_gone_on_from_and_not_drawn_again():
    first = ec.Simulation(drawn(), seed=1, backend="reference")
    first.advance()
    first.environment["goods"] = (7, 7, 7)
    second = ec.Simulation(drawn(), seed=1, backend="reference", state=first.state())
    assert second.environment["goods"] == (7, 7, 7) and second.digest() == first.digest()


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"good": [1, 2, 3]}, "no environment value named `good`"),
        ({"goods": [1, 2]}, "declared with 3"),
        ({"goods": 5}, "declared with 3"),
        ({"eager": [0.5]}, "draws 1 cells"),
        ({"goods": [1, 2, 101]}, "outside its range 0..100"),
    ],
)
def test_what_does_not_fit_is_refused(values, told):
    with pytest.raises(ec.EcumeneError, match=told):
        ec.Simulation(drawn(lambda key: (values, [])), backend="reference")


def test_lanes_refuse_it():
    model = replace(drawn(), environment={}, phases=drawn().phases[:-1])
    with pytest.raises(ModelError, match="draws what it begins with"):
        ec.run_lanes(model, 3, backend="reference")
