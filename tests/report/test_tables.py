"""Tables in words."""

from __future__ import annotations

from ecumene.report import tables


def test_a_changed_parameter_is_marked_and_its_missing_source_is_said():
    row = {"name": "degree", "value": 12, "default": 10, "low": 1, "high": None}
    (shown,) = tables.parameters({"parameter_table": [row]})
    assert (shown["changed"], shown["range"], shown["source"]) == (True, "1 to any", "none stated")
    assert not tables.parameters({"parameter_table": [row | {"value": 10}]})[0]["changed"]


def test_a_plan_may_have_different_keys_per_row():
    heads, cells = tables.grid([{"rule": "a", "reads": ["x", "y"]}, {"rule": "b", "luck": "once"}])
    assert heads == ["rule", "reads", "luck"]
    assert cells == [["a", "x, y", ""], ["b", "", "once"]]


def test_a_seed_is_a_name_and_not_an_amount():
    assert ("seed", "1234567") in tables.origin({"seed": 1234567})
    assert ("seed", "0") in tables.origin({"seed": 0})
