"""The few global values: declared, read, written, measured, digested; the same on every backend."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ecumene as ec
from ecumene.backends.cpu import module as cpu_module
from ecumene.backends.words import name_number, value_word
from ecumene.engine import run_name
from ecumene.engine.lower import lowered
from ecumene.errors import ModelError, RuleError
from ecumene.models import MODELS
from ecumene.random import MASK, fold

from ..societies import everything

GOODS = 3


def take(me, tie, payload, env, model, key):
    return payload > env.floor[me.good]


@ec.tie_rule(over="ties", active="loud", into="heard", combine="count", receive=take)
def tell(me, tie, env, model, key):
    return ec.chance(key, env.rate) and env.open


@ec.agent_rule(writes=("coins", "good", "loud"))
def choose(me, env, model, key):
    good = ec.integer(key, 3)
    gain = env.floor[good] - env.price if env.since != ec.NEVER else me.heard
    return min(max(me.coins + gain, 0), 900), good, me.coins > env.price


@ec.environment_rule(writes=("price", "floor", "since", "open"))
def steer(env, model, key):
    floor = tuple((f * 7 + ec.integer(key, 5, i)) % 11 for i, f in enumerate_cells(env.floor))
    since = env.step if ec.chance(key, 0.5, 9) else env.since
    return env.price + len(floor) - 2 * (env.price > 5), floor, since, not env.open


@ec.environment_rule(writes="rate")
def cool(env, model, key):
    return env.rate * model.cooling if env.open else env.rate


def enumerate_cells(cells):
    return tuple((i, cells[i]) for i in range(len(cells)))


ENVIRONMENT = {
    "price": ec.whole(2, high=10**9),
    "floor": ec.whole(high=10, cells=[0, 4, 9]),
    "rate": ec.real(0.7),
    "open": ec.flag(),
    "since": ec.step_column(),
}


def model(agents=30, degree=3, cooling=0.5, phases=([tell], [choose, steer], [cool]), **more):
    return ec.Model(
        populations={
            "people": ec.Population(
                agents, coins=ec.whole(high=1000), good=ec.whole(), loud=ec.flag()
            )
        },
        networks={"ties": ec.matchings(degree)},
        environment={**ENVIRONMENT, **more},
        phases=phases,
        start=[ec.set_agents(ec.sample_count(agents // 2), loud=True)],
        measures={name: ec.value(name) for name in ENVIRONMENT} | {"coins": ec.mean("coins")},
        parameters={"cooling": cooling},
    )


@settings(max_examples=15, deadline=None)
@given(
    agents=st.integers(1, 60),
    degree=st.integers(0, 4),
    cooling=st.sampled_from([0.0, 0.25, 1.0]),
    floor=st.lists(st.integers(0, 10), min_size=GOODS, max_size=GOODS),
    price=st.integers(0, 50),
    seed=st.integers(0, 2**40),
    how=st.sampled_from([{}, {"threads": 2}, {"shards": 3}, {"shards": 2, "backend": "reference"}]),
)
def test_every_backend_sees_the_same_environment(agents, degree, cooling, floor, price, seed, how):
    society = model(
        agents, degree, cooling, price=ec.whole(price, high=10**9), floor=ec.whole(cells=floor)
    )
    oracle = everything(society, 4, seed=seed, backend="reference")
    assert everything(society, 4, seed=seed, **how) == oracle


def test_rules_of_a_phase_see_the_moment_before_it(backend):
    @ec.agent_rule(writes="seen")
    def look(me, env, model, key):
        return env.price

    @ec.environment_rule(writes="price")
    def rise(env, model, key):
        return env.price + 1

    @ec.environment_rule(writes="twice")
    def double(env, model, key):
        return 2 * env.price

    one = ec.Model(
        populations={"people": ec.Population(2, seen=ec.whole())},
        environment={"price": ec.whole(10), "twice": ec.whole()},
        phases=[[look, rise, double]],
    )
    simulation = ec.Simulation(one, backend=backend)
    for step in range(3):
        simulation.advance()
        assert simulation.column("seen").tolist() == [10 + step] * 2
        assert dict(simulation.environment) == {"price": 11 + step, "twice": 20 + 2 * step}
    assert not simulation.quiet()


def test_the_luck_of_an_environment_rule_is_its_own_in_each_step(backend):
    @ec.environment_rule(writes="drawn")
    def each(env, model, key):
        return ec.integer(key, 1000)

    @ec.environment_rule(writes="kept", luck="once")
    def once(env, model, key):
        return ec.integer(key, 1000)

    one = ec.Model(
        populations={"people": ec.Population(2)},
        environment={"drawn": ec.whole(high=999), "kept": ec.whole(high=999)},
        phases=[[each, once]],
        measures={"drawn": ec.value("drawn"), "kept": ec.value("kept")},
    )
    series = everything(one, 6, seed=4, backend=backend)[2][1:]
    assert len({row["drawn"] for row in series}) == 6
    assert len({row["kept"] for row in series}) == 1


# -- set from outside ------------------------------------------------------------------------------


@pytest.mark.parametrize("shards", [1, 3])
def test_a_value_set_between_steps_is_seen_by_every_rule(backend, shards):
    quiet = model(degree=0, phases=[[tell], [choose]])
    simulation = ec.Simulation(quiet, backend=backend, shards=shards)
    simulation.advance()
    assert set(simulation.column("coins").tolist()) == {0}
    simulation.environment["since"] = 0
    simulation.environment["floor"] = [7, 7, 7]
    simulation.advance()
    assert set(simulation.column("coins").tolist()) == {5}
    assert simulation.environment["floor"] == (7, 7, 7)


def test_what_cannot_be_set_is_said():
    environment = ec.Simulation(model(), backend="reference").environment
    for name, value, words in [
        ("prise", 1, "no environment value named `prise`; .* Did you mean `price`?"),
        ("price", -1, "gave the environment the price -1, outside its range 0..1000000000"),
        ("floor", [1, 2, 11], r"the floor\[2\] 11, outside its range 0..10; widen low and high"),
        ("floor", 3, r"the environment's floor 3; give it a tuple of its 3 cells"),
        ("price", (3, 4), r"the price \(3, 4\); give it one number"),
        ("rate", float("nan"), "the rate nan; a value never holds NaN"),
        ("since", 1, "the since 1, outside its range 0..0; write a step from 0 to the present"),
    ]:
        with pytest.raises(ec.EcumeneError, match=words):
            environment[name] = value
    assert environment["floor"] == (0, 4, 9)


# -- digest and name -------------------------------------------------------------------------------


def test_a_value_counts_in_the_digest_when_it_is_not_the_declared_one(backend):
    def digest(**values):
        simulation = ec.Simulation(model(), seed=1, backend=backend)
        for name, value in values.items():
            simulation.environment[name] = value
        return simulation.digest()

    plain = replace(model(phases=[]), environment={}, measures={})
    assert digest() == ec.Simulation(plain, seed=1, backend=backend).digest()
    assert digest(price=2) == digest()
    changed = [digest(price=3), digest(floor=(0, 4, 8)), digest(floor=(0, 5, 9)), digest(open=True)]
    assert len({digest(), *changed}) == 5
    halves = [int(digest()[:16], 16), int(digest()[16:], 16)]
    for half in (0, 1):
        key = fold(fold(name_number("environment:price"), half), 0)
        halves[half] = (halves[half] + fold(key, value_word(3))) & MASK
    assert digest(price=3) == f"{halves[0]:016x}{halves[1]:016x}"


def test_the_environment_and_its_rules_are_in_the_name():
    def steady(env, model, key):
        return 1

    names = {
        run_name(model(), 0),
        run_name(model(price=ec.whole(3, high=10**9)), 0),
        run_name(model(phases=[[tell], [choose], [steer]]), 0),
        run_name(model(phases=[[ec.environment_rule(writes="price")(steady)]]), 0),
    }
    assert len(names) == 4


def test_a_model_without_an_environment_keeps_its_digest_and_name():
    cascade = MODELS["cascade"].build(agents=300, degree=4, transmission=0.5)
    simulation = ec.Simulation(cascade, seed=1)
    while simulation.advance():
        pass
    assert simulation.digest() == DIGEST
    assert run_name(cascade, 1) == NAME


DIGEST = "c15b6e636f3b980fde1fca61b374dc7f"
NAME = "f01e0c9122eec9bb37ec5c5bb611c468f9f23eb6b13100fb240e1c2f2a05e2bb"


def test_a_rule_that_reads_no_environment_keeps_its_kernel():
    cascade = MODELS["cascade"].build(agents=30)
    with_price = replace(cascade, environment={"price": ec.whole(cells=4)})
    assert text_of(with_price) == text_of(cascade)


def text_of(society):
    return cpu_module.text_of(lowered(society, 0))[0]


# -- what is refused -------------------------------------------------------------------------------


def said(**changes):
    with pytest.raises(ModelError) as caught:
        ec.Simulation(replace(model(), **changes))
    return str(caught.value)


def test_a_misspelt_value_is_named_with_file_and_line():
    def wrong(env, model, key):
        return env.prize

    text = said(phases=[[ec.environment_rule(writes="price")(wrong)]])
    words = "rule `wrong` reads no environment value named `prize`; there are: floor, open, price, "
    assert text.startswith(words + "rate, since, step. Did you mean `price`?\n  ")
    assert text.endswith(f"{__file__}:{wrong.__code__.co_firstlineno + 1}")

    def agent(me, env, model, key):
        return env.flor[0]

    text = said(phases=[[ec.agent_rule(writes="coins")(agent)]])
    assert "no environment value named `flor`" in text and "Did you mean `floor`?" in text


def one(env, model, key):
    return 1


def two(env, model, key):
    return 2


def test_an_environment_rule_writes_what_there_is():
    rule = ec.environment_rule(writes="prise")(one)
    assert "rule `one` writes no environment value named `prise`" in said(phases=[[rule]])
    rules = [ec.environment_rule(writes="price")(f) for f in (one, two)]
    text = "rules `one` and `two` write `price` in one phase; put them in two phases."
    assert said(phases=[rules]) == text
    with pytest.raises(ModelError, match="name each written value once, at least one"):
        ec.environment_rule(writes=())


def test_an_environment_rule_may_not_use_what_differs_between_machines():
    import math

    def grow(env, model, key):
        return math.exp(env.rate)

    def power(env, model, key):
        return env.rate**2

    for function, words in [(grow, "`math.exp`"), (power, "`**`")]:
        text = said(phases=[[ec.environment_rule(writes="rate")(function)]])
        assert f"rule `{function.__name__}` uses {words}" in text or words in text


def test_a_measure_of_a_value_that_is_not_there():
    text = said(measures={"m": ec.value("prise")})
    assert "measure `m` watches no environment value named `prise`" in text and "`price`?" in text


@pytest.mark.parametrize(
    ("name", "stored", "words"),
    [
        ("beat", ec.pulse(), "`beat` is a pulse, which only agents have"),
        ("step", ec.whole(), "cannot be called `step`"),
        ("a b", ec.whole(), "cannot be called `a b`"),
        ("_x", ec.whole(), "cannot be called `_x`"),
        ("rate", 0.5, "`rate` is 0.5; declare it with ec.whole"),
    ],
)
def test_a_value_that_cannot_be_declared(name, stored, words):
    assert words in said(environment={name: stored})


def test_cells_are_for_the_environment_and_not_too_many():
    with pytest.raises(ModelError, match="column `coins` has 3 cells; only environment values"):
        ec.Population(3, coins=ec.whole(cells=3))
    with pytest.raises(ModelError, match=r"cells=\[\]"):
        ec.whole(cells=[])
    with pytest.raises(ModelError, match="must lie in low"):
        ec.whole(high=5, cells=[1, 6])


# -- what goes wrong while it runs -----------------------------------------------------------------


@pytest.mark.parametrize("shards", [1, 3])
def test_a_cell_that_is_not_there_is_an_error(backend, shards):
    @ec.agent_rule(writes="coins")
    def reach(me, env, model, key):
        return env.floor[me.coins + 3]

    simulation = ec.Simulation(model(phases=[[reach]]), backend=backend, shards=shards)
    with pytest.raises(RuleError) as caught:
        simulation.advance()
    assert str(caught.value) == (
        "rule `reach` reads a cell that is not there in step 0; cells, and the situations of a "
        "policy, are numbered from 0."
    )


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("-1", "rule `f` gave the environment the price -1, outside its range 0..1000000000; "),
        ("(1, 2)", "rule `f` gave the environment the price (1, 2); give it one number."),
        ("1 // 0", "rule `f` divides by zero in step 0"),
        ("env.floor[3]", "rule `f` reads a cell that is not there in step 0"),
    ],
)
def test_what_an_environment_rule_may_not_give(backend, given, words, tmp_path):
    file = tmp_path / "rule.py"
    file.write_text(f"def f(env, model, key):\n    return {given}\n")
    names = {}
    exec(compile(file.read_text(), str(file), "exec"), names)
    simulation = ec.Simulation(
        model(phases=[[ec.environment_rule(writes="price")(names["f"])]]), backend=backend
    )
    with pytest.raises(RuleError) as caught:
        simulation.advance()
    assert str(caught.value).startswith(words)


def test_a_rule_of_two_values_gives_two(backend):
    rule = ec.environment_rule(writes=("price", "open"))(one)
    with pytest.raises(RuleError, match="it writes price, open: give a tuple of 2"):
        ec.Simulation(model(phases=[[rule]]), backend=backend).advance()
