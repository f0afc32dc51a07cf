"""Rules that choose by a policy: the same bits on every backend, in shards, threads and lanes."""

import pytest

import ecumene as ec
from ecumene.errors import RuleError

ACTIONS = {"keep": "keeps all", "half": "gives half", "all": "gives all"}
CHANCES = [[0.5, 0.3, 0.2], [0, 1, 0], [1, 0, 0], [0.1, 0.1, 0.8], [0, 0, 1], [0.25, 0.25, 0.5]]
SEND = ec.table_policy(
    (ec.levels("trust", ("no", "yes")), ec.binned("money", (5, 10))), ACTIONS, CHANCES, source="x"
)
PASS_ON = ec.table_policy(
    (ec.grouped("coins", [0, 1, 1, 2]), ec.binned("mood", (0.25,), at=(0, 1))),
    {"no": "", "yes": ""},
    [[0.2, 0.8], [0.5, 0.5], [0.7, 0.3], [0.1, 0.9], [0.4, 0.6], [0.6, 0.4]],
    source="x",
).narrowed()


@ec.tie_rule(over="ties", active="loud", into="heard", combine="count", luck="each")
def tell(me, tie, env, model, key):
    return ec.choose(model.passing, ec.situation(model.passing, me.coins, me.mood), key) == 1


@ec.agent_rule(on=ec.reached_by(tell), writes=("coins", "loud"))
def hear(me, env, model, key):
    return (me.coins + me.heard) % 4, True


@ec.agent_rule(on=ec.flagged("eager"), writes="money")
def act(me, env, model, key):
    cell = ec.situation(model.send, me.coins - model.fewer, me.money)
    action = ec.choose(model.send, cell, key)
    return me.money + action * 3 + ec.choose(model.passing, action + model.further, key, 1)


def society(phases=((act,),), **parameters):
    """People who tell each other, and act."""
    return ec.Model(
        populations={
            "people": ec.Population(
                400,
                money=ec.whole(0, low=0, high=10**6),
                coins=ec.whole(0, low=0, high=9),
                mood=ec.real(1.0),
                loud=ec.pulse(),
                eager=ec.flag(),
            )
        },
        networks={"ties": ec.matchings(4)},
        phases=phases,
        policies={"send": SEND, "passing": PASS_ON},
        start=[
            ec.set_agents(ec.sample_count(300), loud=True, eager=True),
            ec.set_agents(ec.sample_count(200), coins=1),
        ],
        parameters={"fewer": 0, "further": 0, **parameters},
    )


def digest(steps=6, phases=((act,),), **how):
    simulation = ec.Simulation(society(phases), seed=5, **how)
    for _ in range(steps):
        simulation.advance()
    return simulation.digest()


def test_every_backend_shard_and_thread_chooses_the_same():
    expected = digest(backend="reference")
    assert digest(backend="cpu") == expected
    assert digest(backend="cpu", shards=3, threads=2) == expected
    assert digest(backend="reference", shards=2) == expected


def test_a_lane_chooses_as_the_run_made_alone():
    lanes = ec.run_lanes(society(), lanes=3, max_steps=6, seed=5)
    for lane in range(3):
        assert lanes.digest(lane) == digest(lane=lane, backend="reference")


@pytest.mark.slow
def test_ties_carry_what_a_policy_chooses():
    phases = ((tell,), (hear,))
    expected = digest(phases=phases, backend="reference")
    assert digest(phases=phases, backend="cpu", direction="push", shards=2) == expected
    assert digest(phases=phases, backend="cpu", direction="pull") == expected
    lanes = ec.run_lanes(society(phases), lanes=1, max_steps=6, seed=5)
    assert lanes.digest(0) == expected


@pytest.mark.parametrize(
    "wrong", [{"fewer": 1}, {"fewer": -1}, {"further": 6}, {"further": -3}], ids=str
)
def test_a_situation_that_is_not_there_is_one_error_everywhere(backend, wrong):
    said = "rule `act` reads a cell that is not there in step 0; cells, and the situations of a"
    with pytest.raises(RuleError, match=said):
        ec.Simulation(society(**wrong), backend=backend).advance()
    if backend == "cpu":
        with pytest.raises(RuleError, match=f"lane 0: {said}"):
            ec.run_lanes(society(**wrong), lanes=2, max_steps=3)
