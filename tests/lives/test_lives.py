"""Lives: the other worlds differ by the change only, and luck is told from it."""

import json
import re
from dataclasses import replace

import numpy as np
import pytest

import ecumene as ec
from ecumene.engine import Changed, checked, run_name
from ecumene.errors import EcumeneError
from ecumene.lives import lives
from ecumene.lives.worlds import Asked, World, live, live_all, worlds_of
from ecumene.models import MODELS

MODEL = MODELS["cascade"].build(agents=800, transmission=0.2)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return ec.run(MODEL, seed=4, backend="reference", out=tmp_path_factory.mktemp("runs"))


@pytest.fixture(scope="module")
def reached(run):
    """Somebody who was reached late."""
    simulation = ec.Simulation(MODEL, seed=4, backend="reference")
    while simulation.advance():
        pass
    at = simulation.column("reached_at")
    return int(next(i for i in range(800) if 4 <= at[i] < 100))


def asked(run, agent):
    return Asked(
        run.model,
        4,
        0,
        100_000,
        tuple(run.interventions),
        agent,
        "people",
        {"backend": "reference"},
    )


def test_a_life_is_told_from_its_beginning_to_its_end(run, reached):
    told = lives(run, reached)
    (became,) = [e for e in told.own.changes if e.column == "reached_at"]
    assert became.after == became.step and told.own.last["reached_at"] == became.step
    assert told.own.degree == {"contacts": 10} and len(told.own.ties["contacts"]) == 10
    assert f"round {became.step}: pass_on reached it, from" in str(told)


def test_a_unit_of_several_gets_no_second_s(run, reached):
    told = str(replace(lives(run, reached), step_unit="minutes"))
    assert "the minutes end with" in told and "minutess" not in told


def test_a_world_without_a_change_is_the_run(run, reached):
    """The placebo: the value that the parameter has already."""
    told = lives(run, reached, vary={"transmission": [0.2]})
    assert told.parts() == {"transmission = 0.2": None}
    assert told.others["transmission = 0.2"].events == told.own.events


def test_where_nobody_passes_it_on_nothing_reaches_the_agent(run, reached):
    told = lives(run, reached, vary={"transmission": [0.0]})
    (other,) = told.others.values()
    assert other.events == () and other.last["reached_at"] == ec.NEVER
    assert told.parts()["transmission = 0.0"] is not None


@pytest.mark.parametrize("step", [0, 2, 3])
def test_a_past_that_is_shared_is_the_past_computed_anew(run, reached, step):
    worlds = worlds_of(run.model, {"transmission": [0.5, 0.01]}, (), step)
    common = asked(run, reached)
    for world, life in zip(worlds, live_all(common, worlds)[1:], strict=True):
        whole = live(common.simulation(world), reached, "people", 100_000)
        assert (life.events, life.last, life.steps) == (whole.events, whole.last, whole.steps)


def test_a_change_that_dies_out_is_followed_no_further(run, reached):
    """Setting a column to what it is changes nothing: the next step finds the run's own digest."""
    change = checked([ec.at(2, ec.set_column("reached_at", 0, agents=ec.sample_count(0)))], MODEL)
    common, world = asked(run, reached), World("nothing", change)
    own, other = live_all(common, [world])
    assert other.events == own.events and other.last == own.last and other.steps == own.steps
    past, simulation = common.past([world]), common.simulation(world)
    for _ in range(4):
        simulation.advance()
    past.note(simulation)
    assert world.is_over(simulation) and past.met(simulation)


def test_a_parameter_that_stays_changed_is_not_over(run):
    (world,) = worlds_of(run.model, {"transmission": [0.3]}, (), 0)
    simulation = asked(run, 1).simulation(world)
    for _ in range(3):
        simulation.advance()
    assert not world.is_over(simulation)


def test_luck_and_effect_are_told_apart(run, reached):
    quoted = []
    told = lives(run, reached, vary={"transmission": [0.0]}, draws=4, quote=quoted.append)
    assert quoted[0].runs == 2 * (2 + 4 + 4) and quoted[0].lanes == 0
    found = {(one.kind, one.world): one for one in told.luck}
    own, world = found["own", "transmission = 0.0"], found["world", "transmission = 0.0"]
    # Its own luck does not decide whether others reach it; whatever the luck, nothing comes now.
    assert found["own", "the run"].luck_sd == 0.0
    assert own.mean == world.mean == 0.0
    assert own.effect == -1.0 and world.effect <= 0.0
    assert found["world", "the run"].effect == 0.0


def test_an_agents_luck_drawn_anew_is_the_same_each_time(run, reached):
    one, two = (lives(run, reached, draws=2).luck for _ in range(2))
    assert one == two


def test_lives_are_json(run, reached):
    told = lives(run, reached, vary={"transmission": [0.1]}, draws=1)
    said = json.loads(json.dumps(told.as_json(), allow_nan=False))
    assert said["agent"] == reached and said["parts_at"].keys() == {"transmission = 0.1"}
    kinds = {event["kind"] for event in said["life"]["events"]}
    assert kinds == {"reached", "changed"}
    assert len(said["life"]["events"]) == len(told.own.events)
    assert sum(isinstance(e, Changed) for e in told.own.events) == len(told.own.changes)


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"agent": 800}, "agents 0 to 799"),
        ({"agent": 1, "vary": {"transmision": [0.1]}}, "Did you mean `transmission`"),
        ({"agent": 1, "vary": {"degree": [5]}}, "degree"),
        ({"agent": 1, "at": 10_000}, "`at` is a step from 0 to"),
        ({"agent": 1, "draws": -1}, "from 0"),
        ({"agent": 1, "population": "firms"}, "people"),
    ],
)
def test_what_there_is_not_is_refused(run, how, said):
    with pytest.raises(EcumeneError, match=said):
        lives(run, **how)


def test_a_plot_is_drawn(run, reached, tmp_path):
    from ecumene.lives.figure import draw

    told = lives(run, reached, vary={"transmission": [0.1, 0.3]})
    assert draw(told, tmp_path / "lives.svg").read_text().count("<g id=") > 10
    with pytest.raises(EcumeneError, match="cannot be written"):
        draw(told, tmp_path / "lives.nothing")


def test_of_many_stories_at_once_no_life_is_told(tmp_path):
    model = MODELS["virality"].build(agents=300, stories=3)
    many = ec.run(model, backend="reference", out=tmp_path)
    with pytest.raises(EcumeneError, match=r"3 stories run at once.*lane=0"):
        lives(many, 5)
    assert ec.compare(many, many).agents == ()


# -- how what came reads ---------------------------------------------------------------------------


def lot(me, tie, payload, env, model, key):
    return ec.integer(key, 1 << 20) * (1 << 20) + payload


@ec.tie_rule(over="ties", active="on", into="came", combine="min", receive=lot)
def bring(me, tie, env, model, key):
    return me.identity


@ec.agent_rule(on=ec.reached_by(bring), writes="source")
def keep(me, env, model, key):
    return me.came % (1 << 20)


def told_by(tell):
    return ec.Model(
        name="bringing",
        populations={"people": ec.Population(9, on=ec.flag(), source=ec.whole(high=8))},
        networks={"ties": ec.lattice(1)},
        phases=[[replace(bring, tell=tell)], [keep]],
        start=[ec.set_agents(ec.these_agents(2), on=True)],
    )


@pytest.mark.parametrize(
    ("tell", "said", "read"),
    [
        (None, "bring reached it with ", None),
        (lambda came: f"word of {came % (1 << 20)}", "reached it with word of 2,", {"word of 2"}),
        (lambda came: came % (1 << 20), "bring reached it with 2, from 2", {2}),
        (lambda came: None, "bring reached it, from 2", {None}),
    ],
    ids=["as it is", "words", "a number", "nothing"],
)
def test_a_rule_says_how_what_it_brought_reads_and_the_data_stay_whole(tell, said, read, tmp_path):
    model = told_by(tell)
    run = ec.run(model, seed=1, steps=2, backend="reference", out=tmp_path)
    beside = ec.Simulation(model, seed=1, backend="reference")
    beside.advance()
    told = lives(run, int(np.flatnonzero(beside.column("source") == 2)[0]))
    assert said in str(told)
    events = [one for one in told.as_json()["life"]["events"] if one["kind"] == "reached"]
    assert len(events) == 2 and all(one["value"] % (1 << 20) == 2 for one in events)
    assert any(one["value"] >= 1 << 20 for one in events)
    assert read == ({one["told"] for one in events} if tell else None)


def test_how_it_reads_takes_no_part_in_a_run():
    plain, words = told_by(None), told_by(str)
    assert run_name(plain, 1, 0, ()) == run_name(words, 1, 0, ())


def test_a_life_with_news_reads_without_the_luck_that_came_along(tmp_path):
    model = MODELS["virality"].build(agents=300, ratio=2.0, seeds=10)
    run = ec.run(model, seed=1, steps=40, backend="reference", out=tmp_path)
    at = ec.Simulation(model, seed=1, backend="reference")
    for _ in range(40):
        at.advance()
    agent = int(np.flatnonzero(at.column("parent") >= 0)[0])
    told = str(lives(run, agent, vary={"fact_check": [0.5]}))
    parent = int(at.column("parent")[agent])
    assert f"show reached it with the post of {parent:,}, from" in told
    assert not re.search(r"\d{1,3}(,\d{3}){3}", told)  # no lot of twelve digits
