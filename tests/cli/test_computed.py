"""A computed network typed in Python's words is the one that Python makes."""

import json

import pytest

import ecumene as ec
from ecumene.cli.computed import computed, is_computed
from ecumene.engine.identity import run_name
from ecumene.errors import EcumeneError
from ecumene.models import MODELS

TYPED = {
    "small_world(10, 0.1)": ec.small_world(10, 0.1),
    " circles({1: 0.3, 2: 0.7}) ": ec.circles({1: 0.3, 2: 0.7}),
    "configuration(power_law(2.5, low=2, high=90), directed=True)": ec.configuration(
        ec.power_law(2.5, 2, 90), directed=True
    ),
    "both(circles(3), lattice(2, 'von_neumann'))": ec.both(
        ec.circles(3), ec.lattice(2, "von_neumann")
    ),
}


@pytest.mark.parametrize("typed", TYPED)
def test_it_is_what_python_makes_of_the_same_words(typed):
    assert is_computed(typed)
    assert computed(typed).identity() == TYPED[typed].identity()


@pytest.mark.parametrize("typed", ["ties.txt", "ties (1).csv", "a/b(c)", "ties(2)x", "(3)"])
def test_a_file_is_no_computed_network(typed):
    assert not is_computed(typed)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("smal_world(10, 0.1)", "Did you mean `small_world`"),
        ("power_law(2.5, 2, 9)", "no computed network named `power_law`"),
        ("small_world(10)", "missing 1 required positional argument: 'share'"),
        ("small_world(10, size=3)", "unexpected keyword argument 'size'"),
        ("small_world(10, share)", "type one as in Python"),
        ("small_world(10, 0.1", "type one as in Python"),
        ("small_world(9, 0.1)", "an even one"),
        ("small_world(10, __import__('os').getpid())", "no computed network named"),
        ("both(3, 4)", "`3` is no network"),
    ],
)
def test_what_is_no_computed_network_is_refused(typed, says):
    with pytest.raises(EcumeneError) as refusal:
        computed(typed)
    assert says in str(refusal.value)


def test_a_ready_model_runs_over_it(cli, out):
    options = ("--agents", 300, "--set", "transmission=1", "--backend", "reference", "--out", out)
    for typed, whole in [("circles(30)", 30), ("small_world(4, 0.1)", 300)]:
        ran = cli("run", "cascade", "--network", typed, *options, "--json")
        assert "`degree` has no effect: another network gives `contacts`" in ran.stderr
        record = json.loads(ran.stdout)
        assert record["agents"] == 300 and record["measures"]["reached"] % whole == 0


def test_it_makes_another_run_and_takes_the_targets_away():
    model = MODELS["cascade"](agents=500)
    over = model.with_network("contacts", ec.small_world(10, 0.1))
    assert over.agents == 500 and over.targets == () and model.targets
    assert run_name(over, 1) != run_name(model, 1)


def test_how_to_read_it_is_no_question(refused):
    said = refused("run", "cascade", "--network", "circles(3)", "--directed")
    assert "--network FILE" in said
