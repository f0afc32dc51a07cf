"""Lives: the other worlds differ by the change only, and luck is told from it."""

import json
from dataclasses import replace

import pytest

import ecumene as ec
from ecumene.engine import Changed, checked
from ecumene.errors import EcumeneError
from ecumene.lives import lives
from ecumene.lives.worlds import Asked, World, live, live_all, worlds_of
from ecumene.models import MODELS

MODEL = MODELS["cascade"].build(agents=2000, transmission=0.2)


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
    return int(next(i for i in range(2000) if 4 <= at[i] < 100))


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
        ({"agent": 2000}, "agents 0 to 1,999"),
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
