"""What `ec.explain` says is what happens: held to the run itself, value by value."""

import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ecumene as ec
from ecumene.errors import ParameterError
from ecumene.models import MODELS
from ecumene.models.cascade import hear, pass_on

from ..societies import societies


@ec.agent_rule(on=ec.awake("next_look"), writes=("next_look", "coins"))
def look(me, env, model, key):
    lucky = ec.chance(key, model.luck, 1)
    return env.step + 1 + ec.integer(key, 3), me.coins + (5 if lucky else model.wage)


@ec.agent_rule(on=ec.flagged("up"), writes="coins")
def lose(me, env, model, key):
    return 0


def town(agents=20, luck=0.5):
    return ec.Model(
        populations={
            "people": ec.Population(
                agents, next_look=ec.wake_column(2), coins=ec.whole(3), up=ec.flag()
            )
        },
        phases=[[look], [lose]],
        parameters={"luck": luck, "wage": 1, "unused": 7},
    )


def rules(explanation):
    return {ruling.rule: ruling for ruling in explanation.rules}


def test_inputs_draws_and_result_of_a_rule():
    told = ec.explain(town(), 7, 2, seed=4)
    (called,) = rules(told)["look"].calls
    assert called.sees["me"] == {"coins": 3}
    assert called.sees["env"] == {"step": 2}
    assert called.sees["model"] == {"luck": 0.5, "wage": 1}
    lucky, drawn = called.draws
    assert lucky.function == "chance" and lucky.took["p"] == 0.5 and lucky.took["k"] == 1
    assert lucky.gave == (lucky.took["drew"] < 0.5)
    assert drawn.function == "integer" and drawn.took == {"n": 3, "k": 0}
    assert called.gave == (3 + drawn.gave, 8 if lucky.gave else 4)
    assert told.before == {"next_look": 2, "coins": 3, "up": False}
    assert told.after == {"next_look": called.gave[0], "coins": called.gave[1], "up": False}


def test_a_rule_that_did_not_run_says_why():
    told = rules(ec.explain(town(), 7, 1))
    assert told["look"].why_not == "its next_look was 2" and not told["look"].calls
    assert told["lose"].why_not == "its up was down"
    quiet = rules(ec.explain(MODELS["cascade"].build(agents=50, degree=2, seeds=1), 3, 0))
    assert quiet["pass_on"].why_not in ("its reached_now was down", "")
    assert hear.name in quiet and pass_on.name in quiet


def test_it_reads_as_a_story():
    told = str(ec.explain(town(luck=1.0), 0, 2, seed=1)).splitlines()
    assert told[:3] == [
        "agent 0 in step 2",
        "before: next_look = 2, coins = 3, up = False",
        "phase 1, look:",
    ]
    assert told[3] == ("  look sees me: coins = 3; env: step = 2; model: luck = 1, wage = 1")
    assert told[4].startswith("    chance(p=1, k=1, drew=0.") and told[4].endswith("gave True")
    assert told[-2:] == [
        "phase 2, lose: did not run, its up was down",
        f"after: next_look = {told[-3].split(' = ')[1].split(',')[0]}, coins = 8, up = False",
    ]


def test_who_spreads_is_shown_along_each_tie():
    model = MODELS["cascade"].build(agents=200, degree=4, transmission=0.9, seeds=1)
    simulation = ec.Simulation(model, seed=3, backend="reference")
    seed = int(simulation.column("reached_now").argmax())
    told = rules(ec.explain(model, seed, 0, seed=3))["pass_on"]
    assert len(told.calls) == 4 and all(called.sees["tie"]["number"] >= 0 for called in told.calls)
    reached = {called.other for called in told.calls if called.gave}
    simulation.advance()
    now = (simulation.column("reached_at") == 0).nonzero()[0].tolist()
    assert set(now) == reached | {seed}
    for other in reached - {seed}:
        heard = rules(ec.explain(model, other, 0, seed=3))["hear"]
        assert heard.calls[0].sees["me"]["reached_at"] == ec.NEVER


@settings(max_examples=15, deadline=None)
@given(societies(most=12), st.integers(0, 99), st.integers(0, 2), st.integers(0, 11))
def test_what_is_told_is_what_the_run_does(model, seed, step, agent):
    agent %= model.agents
    simulation = ec.Simulation(model, seed=seed, backend="reference")
    while simulation.step <= step:
        simulation.advance()
    told = ec.explain(model, agent, step, seed=seed)
    columns = {name: simulation.column(name)[agent] for name in model.population.stored}
    assert dict(told.after) == columns
    assert str(told).startswith(f"agent {agent} in step {step}\n")


def test_a_run_knows_its_own_seed(tmp_path):
    run = ec.run(town(), seed=9, steps=4, out=tmp_path, backend="reference")
    assert ec.explain(run, 3, 2) == ec.explain(town(), 3, 2, seed=9)
    assert ec.explain(run, 3, 2) != ec.explain(town(), 3, 2, seed=10)


def test_a_run_knows_what_was_done_to_it(tmp_path):
    paid = [ec.at(1, ec.set_parameter(wage=9)), ec.at(1, ec.set_column("coins", 50))]
    how = {"seed": 9, "steps": 4, "out": tmp_path, "backend": "reference"}
    run = ec.run(town(luck=0.0), interventions=paid, **how)
    told = rules(ec.explain(run, 3, 2))["look"].calls[0]
    assert told.sees["me"] == {"coins": 50} and told.sees["model"]["wage"] == 9
    assert told.gave[1] == 59


def test_what_cannot_be_explained_is_refused():
    for agent, step in [(20, 0), (-1, 0), (0, -1)]:
        with pytest.raises(ParameterError):
            ec.explain(town(), agent, step)
    with pytest.raises(ParameterError, match="taken through 11 steps in plain Python"):
        ec.explain(town(1_000_000), 5, 10)
    over = MODELS["cascade"].build(agents=50, transmission=0.0)
    with pytest.raises(ParameterError, match="over after 1 steps; explain an earlier one"):
        ec.explain(over, 1, 30)


def test_listening_leaves_no_trace():
    def profile(*_):
        return None

    sys.setprofile(profile)
    try:
        ec.explain(town(), 1, 2)
        assert sys.getprofile() is profile
    finally:
        sys.setprofile(None)
