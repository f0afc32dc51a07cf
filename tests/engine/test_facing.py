"""What the engine says of encounters and meetings: misspellings, the plan, a run's name."""

from dataclasses import replace

import pytest

import ecumene as ec
from ecumene.engine import run_name
from ecumene.errors import ModelError, RuleError
from ecumene.report.odd import parts

from ..gatherings import agree, catch, gathering, talk, trade


def model(rule, **columns):
    columns = {"mood": ec.real(), "room": ec.whole(), **columns}
    return ec.Model(
        populations={"people": ec.Population(9, **columns)},
        networks={"ties": ec.matchings(2)},
        phases=[[rule]],
    )


def deal(me, other, env, model, key):
    return other.mood


def wrong(me, other, env, model, key):
    return other.room


def short(me, env, model, key):
    return me.mood


def meets(**how):
    return ec.meeting(**{"shows": "mood", "writes": "mood", **how})(deal)


def encounters(**how):
    return ec.encounter(**{"over": "ties", "shows": "mood", "writes": "mood", **how})(deal)


def leading(rule):
    return model(rule, leads=ec.flag())


WRONG = {
    "runs for the awake or writes a wake column": lambda: model(
        meets(on=ec.awake("next_look")), next_look=ec.wake_column()
    ),
    "encounter `deal` shows no column named `mod`; .* Did you mean `mood`?": lambda: model(
        encounters(shows=("mood", "mod"))
    ),
    "rule `deal`: no network named `tie`; there are: ties": lambda: model(encounters(over="tie")),
    "meets within no column of whole numbers named `mood`; there are: room": lambda: model(
        meets(within="mood")
    ),
    "rule `deal` writes no stored column named `mod`": lambda: model(meets(writes="mod")),
    "column `leads` would hide `me.leads`": lambda: leading(meets()),
    "reads no shown column named `room`; there are: identity, mood": lambda: model(
        ec.meeting(shows="mood", writes="room")(wrong)
    ),
    "it is called with .me, other, env, model, key.": lambda: model(
        ec.meeting(shows="mood", writes="mood")(short)
    ),
    "write `mood` in one phase": lambda: replace(
        model(meets()), phases=[[meets(), replace(encounters(), name="other")]]
    ),
}


@pytest.mark.parametrize("said", WRONG)
def test_what_does_not_fit_is_said_before_anything_is_compiled(said):
    with pytest.raises(ModelError, match=said):
        ec.Simulation(WRONG[said]())


def test_a_column_called_leads_is_fine_where_nobody_meets():
    assert ec.Simulation(leading(encounters()), backend="reference").advance()


@ec.meeting(shows="identity", writes=("room", "mood"))
def overdraw(me, other, env, model, key):
    return 400 if other.identity > me.identity else 1, 0.5


@ec.encounter(over="ties", shows=(), writes="mood")
def divide(me, other, env, model, key):
    return 1.0 / me.mood


@pytest.mark.parametrize("shards", [1, 2])
def test_what_goes_wrong_names_rule_and_agent(backend, shards):
    for rule, said in [(overdraw, "`overdraw` gave agent 0 the room 400"), (divide, "by zero")]:
        simulation = ec.Simulation(
            model(rule) if rule is divide else even(rule), backend=backend, shards=shards
        )
        with pytest.raises(RuleError, match=said):
            simulation.advance()


def even(rule):
    """Two agents: the first is the lower of the pair."""
    columns = {"mood": ec.real(), "room": ec.whole()}
    return ec.Model(populations={"people": ec.Population(2, **columns)}, phases=[[rule]])


def test_the_plan_says_who_faces_whom_what_it_shows_and_what_the_log_takes():
    plan = ec.plan(gathering(ec.matchings(2), [0] * 1000, share=0.1))
    rows = {row["rule"]: row for row in plan.table()}
    assert rows["catch"]["for"] == "everyone, each drawing one tie of ties"
    assert "other.spark" in rows["catch"]["reads"]
    assert rows["talk"]["for"] == "reached by whisper, in pairs within room"
    assert rows["trade"]["luck"] == "each, per pair" and rows["catch"]["luck"] == "each, per agent"
    assert plan.memory["log of talk"] == 0
    assert 0 < plan.memory["log of agree"] < plan.memory["log of trade"] < 40_000


CHANGES = [
    (catch, {"luck": "once"}),
    (catch, {"shows": (*catch.shows, "coins")}),
    (agree, {"within": "place"}),
    (agree, {"within": None}),
    (talk, {"on": ec.everyone}),
    (trade, {"function": talk.function}),
]


@pytest.mark.parametrize("number", range(len(CHANGES)))
def test_what_changes_who_meets_whom_changes_the_name_of_a_run(number):
    rule, change = CHANGES[number]
    one = replace(gathering(ec.matchings(2), [0, 1]), phases=[[rule]])
    other = replace(one, phases=[[replace(rule, **change)]])
    assert run_name(one, 1) != run_name(other, 1)


def test_an_odd_page_says_which_kind_a_rule_is():
    @ec.model
    def society() -> ec.Model:
        return model(encounters())

    assert "### `deal`, encounter" in parts(society)["submodels"]


def test_nobody_reached_is_quiet():
    gathered = replace(gathering(ec.matchings(2), [0, 1, 0]), phases=[[talk]])
    other = replace(gathering(ec.matchings(2), [0, 1, 0]), phases=[[agree]])
    whisper = gathering(ec.matchings(2), [0]).phases[0]
    quiet = replace(gathered, phases=[whisper, [talk]], start=[])
    assert ec.Simulation(quiet, backend="reference").quiet()
    assert not ec.Simulation(other, backend="reference").quiet()
