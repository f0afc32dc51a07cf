"""A text in pieces: named by all that is in them and in what they use, shared where it is equal."""

from types import ModuleType

import pytest

from ecumene.backends.cpu.pieces import assembled


@pytest.fixture
def load(monkeypatch):
    """Makes a module of a text, named by nothing but the text, and notes what was loaded."""
    modules = {}

    def loaded(text):
        if text not in modules:
            modules[text] = module = ModuleType(f"piece_{len(modules)}")
            monkeypatch.setitem(__import__("sys").modules, module.__name__, module)
            exec(text, vars(module))
        return modules[text]

    loaded.modules = modules
    return loaded


def test_it_is_as_if_all_stood_in_one_module(load):
    parts = ["one, two = 1, 2", "def f0_more(x):\n    return x + two", "def act(x):\n"]
    parts[2] += "    one = f0_more(x)\n    return one * two"
    whole = assembled(parts, {}, load)
    assert (whole.one, whole.two, whole.f0_more(5), whole.act(5)) == (1, 2, 7, 14)


def test_equal_pieces_are_one_whatever_their_numbers(load):
    one = assembled(
        ["def f3_more(x):\n    return x + 1", "def f4_act(x):\n    return f3_more(x)"], {}, load
    )
    two = assembled(
        [
            "def f0_less(x):\n    return x - 1",
            "def f1_more(x):\n    return x + 1",
            "def f7_act(x):\n    return f1_more(x)",
        ],
        {},
        load,
    )
    assert two.f7_act is one.f4_act and two.f1_more is one.f3_more
    assert len(load.modules) == 3


def test_what_uses_something_else_is_something_else(load):
    """Though its own text is the same, to the letter, and though it is used at second hand."""
    wholes = [
        assembled(
            [
                f"def f0_more(x):\n    return x + {n}",
                "def f1_twice(x):\n    return f0_more(x) * 2",
                "def act(x):\n    return f1_twice(x)",
            ],
            {},
            load,
        )
        for n in (1, 2)
    ]
    assert [whole.act(1) for whole in wholes] == [4, 6]


def test_what_is_behind_a_dot_or_quoted_is_no_name(load):
    """A column may be called as a function is."""
    parts = ["from collections import namedtuple\nMe2 = namedtuple('Me', ['f1_more', 'other'])"]
    parts += ["def f1_more(x):\n    return x + 1", "def act(me):\n    return f1_more(me.f1_more)"]
    whole = assembled(parts, {}, load)
    assert whole.act(whole.Me2(5, 0)) == 6


def test_common_names_are_taken_from_where_they_are(load, monkeypatch):
    common = load("def gather(x):\n    return [x]")
    whole = assembled(
        ["def act(x):\n    return gather(x)"], {"gather": (common.__name__, "gather")}, load
    )
    assert whole.act(3) == [3] and not hasattr(whole, "gather")
