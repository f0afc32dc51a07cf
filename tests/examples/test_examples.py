"""Each example is short, imports only ecumene and numpy, keeps the laws and finds what is known."""

import ast
import importlib.util
from functools import cache
from pathlib import Path

import numpy as np
import pytest

import ecumene as ec
from ecumene.testing import check_model

FOLDER = Path(__file__).parents[2] / "examples"
EXAMPLES = sorted(path.stem for path in FOLDER.glob("*.py"))


@cache
def example(name):
    """The example as a module."""
    spec = importlib.util.spec_from_file_location(name, FOLDER / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", EXAMPLES)
def test_it_is_short_and_imports_only_ecumene_and_numpy(name):
    text = (FOLDER / f"{name}.py").read_text(encoding="utf-8")
    imported = {
        alias.name
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    assert len(text.splitlines()) <= 60
    assert imported <= {"ecumene", "numpy"}
    assert not any(isinstance(node, ast.ImportFrom) for node in ast.walk(ast.parse(text)))


def money_is_kept(simulation):
    paid = sum(10_000 - coins for coins in simulation.column("coins").tolist())
    return paid - simulation.environment["till"]


LAWS = {
    "axelrod": {"agents": 100, "steps": 6},
    "market": {"agents": 60, "supply": 20, "conserved": [money_is_kept]},
    "schelling": {"agents": 100, "conserved": ["red"]},
    "sir": {"agents": 200, "steps": 15, "days": 3, "transmission": 0.1},
    "wealth": {"agents": 101, "conserved": ["money"]},
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_it_keeps_the_laws(name):
    assert not check_model(getattr(example(name), name), **LAWS[name]).broken


def test_wealth_becomes_exponential():
    simulation = ec.Simulation(example("wealth").wealth(agents=50_000), seed=2)
    for _ in range(20):
        simulation.advance()
    money = simulation.column("money")
    assert money.sum() == 50_000 * 100
    for below in (50, 100, 200, 300):  # exponential, cut into units
        assert np.mean(money < below) == pytest.approx(1 - np.exp(-below / 100), abs=0.012)


def test_an_epidemic_has_the_size_of_theory():
    sir = example("sir").sir
    for chance in (0.02, 0.03, 0.05):
        in_all, u = 1 - (1 - chance) ** 7, 0.5
        for _ in range(2000):
            u = 1 - in_all + in_all * u**9
        run = ec.run(sir(agents=50_000, transmission=chance), seed=1)
        assert run.record["measures"]["caught"] == pytest.approx(1 - u**10, abs=0.015)
        assert run.record["measures"]["ill"] == 0


def test_below_the_threshold_an_infection_dies_out():
    run = ec.run(example("sir").sir(agents=50_000, transmission=0.012), seed=1)
    assert run.record["measures"]["caught"] < 0.01


def alike_in_the_end(wanted):
    run = ec.run(example("schelling").schelling(agents=2_500, wanted=wanted), seed=1, steps=60)
    return run.record["measures"]["alike"] / 8, run.record["measures"]["unhappy"]


def test_segregation_rises_with_what_is_asked_for():
    alike = [alike_in_the_end(wanted)[0] for wanted in range(5)]
    assert alike[0] == pytest.approx(0.5, abs=0.02)  # nobody moves: as by luck
    assert alike == sorted(alike)
    assert alike[3] > 0.7 and alike[4] > 0.8  # asked for 3 or 4 of 8, got far more
    assert alike_in_the_end(3)[1] < 0.05  # and nearly everybody is content


@pytest.mark.slow
def test_fewer_regions_with_more_features_and_more_with_more_traits():
    """Axelrod's table 2 has 1.0, 3.2 and 20.0 regions for 5, 10 and 15 traits of 5 features."""
    regions = example("axelrod").regions

    def mean(features, traits):
        return np.mean(
            [regions(steps=3000, features=features, traits=traits, seed=s) for s in range(3)]
        )

    few, some, many = (mean(5, traits) for traits in (5, 10, 15))
    assert few < some < many
    assert mean(2, 10) > some > mean(10, 10)


def test_the_price_goes_where_supply_meets_demand():
    for supply in (1_500, 3_000, 6_000):
        run = ec.run(example("market").market(supply=supply), seed=1, steps=150)
        clearing = 101 - supply / 100
        assert run.series["price"][-20:].mean() == pytest.approx(clearing, abs=2)
        coins = run.record["measures"]["coins"]
        assert run.record["measures"]["till"] == round(10_000 * (10_000 - coins))
