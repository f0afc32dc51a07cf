"""Every ready model: found by name, documented, with sources; law 7."""

import pytest

from ecumene.engine import plan
from ecumene.engine.identity import run_name
from ecumene.models import MODELS

every_model = pytest.mark.parametrize("name", sorted(MODELS))


@every_model
def test_every_parameter_says_what_it_is(name):
    for parameter in MODELS[name].parameters.values():
        assert parameter.help and parameter.source, parameter.name
        assert parameter.unit or (parameter.low, parameter.high) == (0.0, 1.0), parameter.name
        assert parameter.low is not None or parameter.kind == "bool", parameter.name


@every_model
def test_every_target_has_a_source_a_role_and_a_status(name):
    model = MODELS[name]
    for preset in [None, *model.presets]:
        for target in (
            model.build(**model.presets.get(preset, {})).targets if preset is None else ()
        ):
            assert target.source and target.role and target.status
            assert target.low <= target.high


@every_model
def test_the_documentation_has_its_headings(name):
    doc = MODELS[name].doc
    for heading in ("## What it models", "## What to look for", "## Sources"):
        assert heading in doc
    assert MODELS[name].summary.endswith(".")


@every_model
def test_it_says_its_step_and_what_synchrony_and_it_cannot_tell(name):
    model = MODELS[name].build()
    assert model.step_unit != "step" and model.synchrony and model.limits


@every_model
def test_its_plan_and_its_name_can_be_made_without_running(name):
    model = MODELS[name].build()
    assert plan(model).memory_bytes > 0
    assert len(run_name(model, 0)) == 64


def test_an_unknown_model_is_no_key():
    with pytest.raises(KeyError):
        MODELS["cascades"]
    assert len(MODELS) == len(list(MODELS))
