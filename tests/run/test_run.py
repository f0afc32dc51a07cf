"""A run from end to end: kept once, found again, computed again on request, never half."""

import json

import pytest

import ecumene as ec
from ecumene.errors import DigestError, SizeError
from ecumene.models import MODELS


def cascade(**changes):
    return MODELS["cascade"].build(**{"agents": 3000, "degree": 4, "transmission": 0.5, **changes})


@pytest.fixture
def go(tmp_path):
    def run(model=None, **how):
        return ec.run(model or cascade(), **{"seed": 1, "out": tmp_path, **how})

    return run


def folders(path):
    return sorted(p.name for p in path.iterdir() if not p.name.startswith("."))


def test_what_came_out_is_what_a_simulation_gives(go):
    run = go()
    simulation = ec.Simulation(cascade(), seed=1)
    series = [simulation.measure()["reached"]]
    while simulation.advance():
        series.append(simulation.measure()["reached"])
    assert run.record["digest"] == simulation.digest()
    assert run.record["steps"] == simulation.step
    assert run.record["measures"] == simulation.measure()
    assert list(run.series["reached"]) == series
    assert run.record["ended"] == "quiet"


def test_the_same_run_is_never_run_twice(go, tmp_path):
    first, again = go(), go(threads=2, shards=3)
    assert (first.record["stored"], again.record["stored"]) == (False, True)
    assert again.path == first.path and len(folders(tmp_path)) == 1


def test_fresh_computes_again_and_finds_the_same(go):
    first, again = go(), go(fresh=True, shards=2)
    assert not again.record["stored"]
    assert again.record["digest"] == first.record["digest"]


def test_fresh_refuses_another_digest(go, monkeypatch):
    path = go().path
    kept = (path / "run.json").read_text()
    monkeypatch.setattr(ec.Simulation, "digest", lambda simulation: "0" * 32)
    with pytest.raises(DigestError, match="the stored one is kept"):
        go(fresh=True)
    assert json.loads((path / "run.json").read_text())["digest"] == json.loads(kept)["digest"]


def test_another_seed_or_parameter_is_another_run(go, tmp_path):
    digests = {run.record["digest"] for run in (go(), go(seed=2), go(cascade(transmission=0.4)))}
    assert len(digests) == 3 and len(folders(tmp_path)) == 3


def test_steps_end_it_early_and_a_whole_run_answers_for_a_shorter_one_only_if_it_ended(go):
    short = go(steps=2)
    assert short.record["steps"] == 2 and short.record["ended"] == "steps"
    whole = go()
    assert not whole.record["stored"] and whole.record["steps"] > 2
    assert go(steps=10_000).record["stored"]
    assert list(whole.series["reached"])[:3] == list(short.series["reached"])


def test_no_step_is_a_run_too(go):
    assert go(steps=0).record["steps"] == 0


def test_a_run_that_is_stopped_is_never_taken_for_a_whole_one(go, tmp_path):
    def stop(step, measures):
        if step == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        go(progress=stop)
    (name,) = folders(tmp_path)
    assert name.endswith(".partial")
    record = json.loads((tmp_path / name / "run.json").read_text())
    assert record["status"] != "finished"
    assert not go().record["stored"]


def test_a_rule_that_fails_leaves_nothing_whole(go, tmp_path):
    @ec.agent_rule(writes="coins")
    def overdo(me, env, model, key):
        return me.coins + 200

    model = ec.Model(
        populations={"people": ec.Population(5, coins=ec.whole())}, phases=[[overdo]], name="overdo"
    )
    with pytest.raises(ec.EcumeneError, match="gave agent 0 the coins 400"):
        go(model, backend="reference")
    assert all(name.endswith(".partial") for name in folders(tmp_path))


def test_progress_sees_every_step_and_the_plan_comes_first(go):
    seen = []
    run = go(
        before=lambda plan: seen.append(plan.agents), progress=lambda step, m: seen.append(step)
    )
    assert seen == [3000, *range(run.record["steps"] + 1)]


def test_more_memory_than_there_is_is_refused_before_anything_is_written(go, tmp_path, monkeypatch):
    monkeypatch.setattr("ecumene.engine.memory.available_memory", lambda: 1000)
    with pytest.raises(SizeError, match="this run needs"):
        go()
    assert folders(tmp_path) == []


def test_other_measures_of_the_same_run_are_taken_anew(go):
    from dataclasses import replace

    go()
    model = cascade()
    watched = replace(model, measures={**model.measures, "when": ec.quantiles("reached_at", [0.5])})
    run = go(watched)
    assert not run.record["stored"] and "when" in run.record["measures"]


def test_the_scorecard_holds_the_targets(go):
    said = {"value", "low", "high", "target_low", "target_high", "role", "status", "met", "source"}
    card = go().scorecard
    assert {row["name"] for row in card} == {target.name for target in cascade().targets}
    assert all(said <= row.keys() for row in card)


def test_it_shows_itself(go):
    run = go()
    assert "3,000 agents" in repr(run) and "<" in run._repr_html_()
    assert run.report_path.exists()


def test_the_record_is_plain_json(go):
    assert json.loads(json.dumps(go().record, allow_nan=False))["agents"] == 3000


def test_interventions_make_another_run_and_are_kept_with_it(go):
    plan = [ec.at(2, ec.set_parameter(transmission=0.1)), ec.at(4, ec.seed_agents(7))]
    alone, changed = go(), go(interventions=plan)
    assert changed.path != alone.path and changed.record["digest"] != alone.record["digest"]
    assert go(interventions=plan).record["stored"] and go().record["stored"]
    kept = json.loads((changed.path / "run.json").read_text())["interventions"]
    assert [one["change"] for one in kept] == [
        "at 2: parameter transmission = 0.1",
        "at 4: seed 7 with reached_at = now, reached_now = true",
    ]
    assert [(one["first"], one["agents"]) for one in kept] == [(2, 0), (4, 7)]
    assert list(changed.series["reached"])[:3] == list(alone.series["reached"])[:3]


def test_targets_are_not_held_against_a_run_with_interventions(go):
    card = go(interventions=[ec.at(4, ec.seed_agents(0))]).scorecard
    assert card and all(row["value"] is None and row["met"] is None for row in card)


def test_the_report_tells_what_was_changed_and_marks_it(go):
    page = go(interventions=[ec.at(4, ec.seed_agents(7))]).report_path.read_text()
    assert "What was changed while it ran" in page and "step 4, 7 agents" not in page
    assert "round 4, 7 agents" in page
    assert '"marks":[{"step":4,"change":"at 4: seed 7 ' in page
    assert "What was changed" not in go().report_path.read_text()
