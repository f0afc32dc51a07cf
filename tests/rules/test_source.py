"""What a rule reaches is found, kept as text, and refused where machines would disagree."""

import importlib.util
import math
import re

import numpy as np
import pytest

import ecumene as ec
from ecumene.engine.lower import lowered
from ecumene.errors import ModelError
from ecumene.rules import Reach, attributes_of, source, uses

THRESHOLD = 12


def helper(x):
    return x * THRESHOLD + 1


def powerful(x):
    return x**3


def rule_with_power(me, env, model, key):
    return me.coins**2


def rule_with_math(me, env, model, key):
    return math.exp(me.coins)


def rule_with_numpy(me, env, model, key):
    return np.sqrt(me.coins)


def rule_with_a_constant_of_math(me, env, model, key):
    return me.coins * math.pi


def rule_with_a_powerful_helper(me, env, model, key):
    return powerful(me.coins)


def rule_with_a_list(me, env, model, key):
    return max([me.coins, 1])


def rule_with_a_text(me, env, model, key):
    return me.coins if "a" else 0


def rule_with_a_lambda(me, env, model, key):
    return (lambda x: x)(me.coins)


def rule_with_try(me, env, model, key):
    try:
        return me.coins
    except ZeroDivisionError:
        return 0


def rule_with_pow(me, env, model, key):
    return pow(me.coins, 2)


def rule_with_round(me, env, model, key):
    return round(me.coins)


def rule_with_an_unknown_name(me, env, model, key):
    return me.coins + absent  # noqa: F821


def rule_with_an_unknown_attribute(me, env, model, key):
    return ec.absent(key)


def rule_in_power_of_assignment(me, env, model, key):
    coins = me.coins
    coins **= 2
    return coins


def rule_that_turns_bits(me, env, model, key):
    return ~(me.coins > 2)


def rule_that_shifts_by_a_number_of_its_own(me, env, model, key):
    return 1 + (me.coins >> me.coins)


def rule_that_shifts_too_far(me, env, model, key):
    coins = me.coins
    coins <<= FAR
    return coins


def rule_that_names_in_passing(me, env, model, key):
    return (coins := me.coins + 1) * coins


def rule_that_asserts(me, env, model, key):
    assert me.coins > 2
    return 1


FAR = 64
REFUSED = {
    rule_that_turns_bits: "`~`",
    rule_that_shifts_by_a_number_of_its_own: "a shift by what is no constant from 0 to 63",
    rule_that_shifts_too_far: "a shift by what is no constant from 0 to 63",
    rule_with_power: "`**`",
    rule_in_power_of_assignment: "`**`",
    rule_with_math: "`math.exp`",
    rule_with_numpy: "`np.sqrt`",
    rule_with_a_constant_of_math: "`math.pi`",
    rule_with_a_powerful_helper: "`powerful`, used by `rule_with_a_powerful_helper`, uses `**`",
    rule_with_a_list: "a list",
    rule_with_a_text: "the constant 'a'",
    rule_with_a_lambda: "a lambda",
    rule_with_try: "try",
    rule_that_names_in_passing: "`:=`",
    rule_that_asserts: "assert",
    rule_with_pow: "`pow`",
    rule_with_round: "`round`",
    rule_with_an_unknown_name: "`absent`, which is not defined",
    rule_with_an_unknown_attribute: "`ec.absent`, which does not exist",
}


def model(function):
    return ec.Model(
        populations={"people": ec.Population(3, coins=ec.whole())},
        phases=[[ec.agent_rule(writes="coins")(function)]],
    )


@pytest.mark.parametrize("function", REFUSED, ids=lambda f: f.__name__)
def test_what_differs_between_machines_is_refused_with_its_line(function):
    """The error comes when the model is looked at, before any compiler."""
    with pytest.raises(ModelError) as caught:
        lowered(model(function), 0)
    text = str(caught.value)
    assert REFUSED[function] in text
    file, line = re.search(r"\n  (.*):(\d+)$", text).groups()
    assert file == __file__
    body = function if function is not rule_with_a_powerful_helper else powerful
    first = body.__code__.co_firstlineno
    assert first < int(line) <= first + 4


def test_the_line_is_the_one_that_is_wrong():
    with pytest.raises(ModelError, match=rf":{rule_with_power.__code__.co_firstlineno + 1}$"):
        Reach().add(rule_with_power, "rule `x`")


def test_helpers_and_constants_are_in_the_text():
    def rule(me, env, model, key):
        return helper(me.coins)

    reach = Reach()
    name = reach.add(rule, "rule")
    assert "x * 12 + 1" in reach.text
    assert reach.text.index("def f1_helper") < reach.text.index(f"def {name}")


def test_a_function_reached_twice_stands_once():
    reach = Reach()
    assert reach.add(helper, "a") == reach.add(helper, "b")
    assert len(reach.definitions) == 1


def test_a_function_without_source_says_what_to_do():
    space = {}
    exec("def ghost(me, env, model, key): return 1", space)
    with pytest.raises(ModelError, match="has no source text to compile"):
        Reach().add(space["ghost"], "rule `ghost`")


def test_a_lambda_is_no_rule():
    with pytest.raises(ModelError, match="must be a function written with `def`"):
        Reach().add(lambda me: me, "rule `x`")


def test_what_a_rule_reads_is_found_through_its_helpers():
    def wealth_of(me):
        return me.coins + 1

    def rule(me, env, model, key):
        return wealth_of(me) + me.mood

    assert attributes_of(rule, {"coins", "mood", "age"}) == {"coins", "mood"}
    first = rule.__code__.co_firstlineno
    assert uses(rule, "me") == [("mood", f"{__file__}:{first + 1}")]


def test_negative_constants_and_annotations_survive():
    low: int = -5

    def rule(x):
        y: int = low // 2 - low
        return y - x

    reach = Reach()
    name = reach.add(rule, "rule")
    space = {}
    exec(reach.text, space)
    assert space[name](1) == rule(1) == 1


# -- what was written before is taken again, as long as it would be written the same ---------------

AGAIN = """
LIMIT = 0.0

def inner(x):
    return x + 1

def outer(x):
    return inner(x) + LIMIT

def count_down(x):
    return count_down(x - 1) if x > 0 else x
"""


@pytest.fixture
def module(tmp_path):
    """A module that a test may change, as a notebook changes its own."""
    path = tmp_path / "again.py"
    path.write_text(AGAIN)
    spec = importlib.util.spec_from_file_location("again", path)
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


def written(function):
    reach = Reach()
    reach.add(function, "the rule")
    return reach.text


def test_a_text_is_written_once(module, monkeypatch):
    first = written(module.outer)
    monkeypatch.setattr(source, "_parsed", lambda *_: pytest.fail("it was parsed again"))
    assert written(module.outer) == first


@pytest.mark.parametrize("value", [-0.0, 0, False, 1.5])
def test_another_constant_is_another_text(module, value):
    written(module.outer)
    module.LIMIT = value
    assert f" + {value!r}" in written(module.outer)


def test_another_helper_of_the_same_name_is_another_text(module):
    written(module.outer)
    module.inner = module.count_down
    assert "count_down" in written(module.outer)


def test_a_helper_that_is_gone_is_missed(module):
    written(module.outer)
    del module.inner
    with pytest.raises(ModelError, match="`inner`, which is not defined"):
        written(module.outer)


def test_a_function_may_call_itself(module):
    assert written(module.count_down).count("f0_count_down") == 2


def test_another_value_in_a_closure_is_another_text():
    def made(limit):
        def rule(x):
            return x + limit

        return rule

    assert written(made(2)) != written(made(3))
