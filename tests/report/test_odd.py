from dataclasses import replace
from pathlib import Path

import pytest

import ecumene as ec
from ecumene.errors import ModelError
from ecumene.models import MODELS
from ecumene.report.odd import parts, refreshed

PAGES = Path(__file__).parents[2] / "docs" / "odd"
ELEMENTS = (
    "## 1 Purpose and patterns",
    "## 2 Entities, state variables and scales",
    "## 3 Process overview and scheduling",
    "## 4 Design concepts",
    "## 5 Initialisation",
    "## 6 Input data",
    "## 7 Submodels",
)


def page(name: str) -> str:
    """The ODD page of a ready model."""
    return (PAGES / f"{name}.md").read_text(encoding="utf-8")


def double(number):
    return number + number


@ec.tie_rule(over="streets", active="awake", into="noise", combine="count", luck="each")
def shout(me, tie, env, model, key):
    return ec.chance(key, model.voice)


@ec.agent_rule(on=ec.reached_by(shout), writes=("awake", "anger"))
def wake(me, env, model, key):
    return True, min(9, me.anger + double(me.noise))


@ec.model(presets={"loud": {"voice": 1.0}})
def town(
    agents: ec.Count = ec.parameter(50, reshapes=True),
    voice: ec.Probability = ec.parameter(0.5, help="how far it carries", unit="chance"),
) -> ec.Model:
    return ec.Model(
        populations={"people": ec.Population(agents, awake=ec.flag(), anger=ec.whole(high=9))},
        networks={"streets": ec.matchings(3)},
        phases=[[shout], [wake]],
        start=[ec.set_agents(ec.sample_count(2), awake=True)],
        measures={"anger": ec.mean("anger"), "spread": ec.quantiles("anger", [0.5], every=7)},
        step_unit="night",
    )


@pytest.mark.parametrize("name", MODELS)
def test_every_ready_model_has_a_page_of_seven_elements(name: str):
    headings = [line for line in page(name).splitlines() if line.startswith("## ")]
    assert tuple(headings) == ELEMENTS


@pytest.mark.parametrize("name", MODELS)
def test_the_generated_parts_are_what_the_code_says_now(name: str):
    assert refreshed(page(name), MODELS[name]) == page(name), "run `make odd`"


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("entities", "| `awake` | true or false | false |"),
        ("entities", "| `anger` | whole number from 0 to 9 | 0 |"),
        ("entities", "| `noise` | what `shout` brought in this step (count) | nothing |"),
        ("entities", "| `streets` | kind matchings, degree 3 |"),
        ("entities", "One step is one night"),
        ("parameters", "| `agents` | int, 0 to 10,000,000,000 | 50 |"),
        ("parameters", "| `voice` | float, 0 to 1 | 0.5 | chance | how far it carries | none"),
        ("parameters", "- preset `loud`: `voice` = 1.0"),
        ("schedule", "| 1 | shout | agents whose awake is up, along streets |"),
        ("schedule", "| 2 | wake | reached by shout | anger, noise | awake, anger |"),
        ("observation", "| `spread` | `anger` | every 7 steps |"),
        ("initialisation", "- everybody: `awake` false, `anger` 0"),
        ("initialisation", "- 2 agents drawn by luck: `awake` = true"),
        ("submodels", "### `shout`, tie rule"),
        ("submodels", "### `wake`, agent rule"),
        ("submodels", "def double(number):\n    return number + number"),
        ("submodels", "return True, min(9, me.anger + double(me.noise))"),
    ],
)
def test_every_column_rule_and_parameter_is_named(part: str, said: str):
    assert said in parts(town)[part]


def voice(model):
    return double(model.voice)


@ec.agent_rule(on=ec.flagged("awake"), writes=("anger",))
def calm(me, env, model, key):
    return 1 if voice(model) > 0.5 else me.anger


def test_a_function_may_have_the_name_of_a_parameter_that_it_reads():
    quiet = replace(town, function=lambda **_: replace(town.build(), phases=[[calm]]))
    said = parts(quiet)["submodels"]
    assert said.count("def voice(") == said.count("def double(") == 1


@pytest.mark.parametrize("name", MODELS)
def test_a_page_of_another_code_is_stale(name: str):
    assert refreshed(page(name), town) != page(name)


def test_a_page_without_a_place_for_a_part_is_refused():
    with pytest.raises(ModelError, match="no place for: entities"):
        refreshed(page("cascade").replace("generated: entities", "entities"), MODELS["cascade"])


def test_a_place_for_a_part_that_nothing_writes_is_refused():
    stray = "<!-- generated: weather -->\n<!-- end of generated -->\n"
    with pytest.raises(ModelError, match="weather"):
        refreshed(page("cascade") + stray, MODELS["cascade"])
