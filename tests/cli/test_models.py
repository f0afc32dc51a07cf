"""`ecumene models`: every ready model, and all that can be set."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from click.testing import Result

from ecumene.models import MODELS

Cli = Callable[..., Result]


def test_each_model_has_a_line(cli: Cli):
    lines = cli("models").stdout.splitlines()
    for name in MODELS:
        assert any(line.split()[:1] == [name] for line in lines)


def test_json_is_one_object_of_all_models(cli: Cli):
    listed = json.loads(cli("models", "--json").stdout)["models"]
    assert [model["name"] for model in listed] == list(MODELS)
    assert all(model["summary"] and model["parameters"] for model in listed)


@pytest.mark.parametrize("name", MODELS)
def test_a_models_page_names_every_parameter_and_preset(cli: Cli, name: str):
    page = cli("models", name).stdout
    for one in (*MODELS[name].parameters, *MODELS[name].presets):
        assert f"\n  {one} " in page
    assert f"ecumene run {name}" in page


@pytest.mark.parametrize("name", MODELS)
def test_a_models_json_says_the_same(cli: Cli, name: str):
    described = json.loads(cli("models", name, "--json").stdout)
    assert set(described["parameters"]) == set(MODELS[name].parameters)


def test_an_unknown_model_is_guessed(refused: Callable[..., str]):
    assert "Did you mean `cascade`?" in refused("models", "cascad")


def test_a_file_of_ones_own_is_sent_to_python(refused: Callable[..., str]):
    assert "A model of your own runs from Python: ec.run(MODEL)." in refused("run", "mine.py")
