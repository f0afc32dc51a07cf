"""Claims: units are conserved, priority and luck decide, and every backend grants alike."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ecumene as ec
from ecumene.engine import run_name
from ecumene.errors import ModelError, RuleError

from ..societies import everything

PRIORITIES = 3


@ec.claim(capacity="stock", into="granted", asked="wanted", last="lowest")
def ask(me, env, model, key):
    wanted = ec.integer(key, model.most + 1, 1) if ec.chance(key, model.eager, 2) else 0
    return ec.integer(key, 4, 3), wanted, ec.integer(key, PRIORITIES, 4) - 1


@ec.agent_rule(writes="times", on=ec.reached_by(ask))
def thank(me, env, model, key):
    return me.times + 1


@ec.agent_rule(writes=("held", "last"))
def keep(me, env, model, key):
    return me.held + me.granted, me.granted


@ec.claim(capacity="left", into="given", on=ec.reached_by(ask), partial=False, luck="once")
def share(me, env, model, key):
    return 0, me.granted, env.stock[1]


@ec.claim(capacity="left", into="more", on=ec.changed("held"))
def again(me, env, model, key):
    return 0, me.given % 2, me.held


@ec.claim(capacity="left", into="drawn", on=ec.sample("part"))
def draw(me, env, model, key):
    return 0, 1 + me.more, 0


@ec.claim(capacity="left", into="raised", on=ec.flagged("rich"), asked="pressed", last="latest")
def insist(me, env, model, key):
    return 0, 2, me.times


@ec.agent_rule(writes=("got", "rich"))
def collect(me, env, model, key):
    return me.got + me.given + me.more + me.drawn + me.raised, me.granted > 2


@ec.environment_rule(writes="stock")
def refill(env, model, key):
    return tuple(units + env.step % 3 for units in env.stock)


PHASES = ([ask], [keep, thank], [share], [again], [draw], [insist], [collect, refill])


def model(agents, stock=(5, 0, 9, 30), most=4, eager=0.7, partial=True, phases=PHASES):
    stored = {name: ec.whole(high=10**9) for name in ("held", "last", "times", "got")}
    phases = [[replace(r, partial=partial) if r is ask else r for r in p] for p in phases]
    return ec.Model(
        populations={"people": ec.Population(agents, **stored, rich=ec.flag())},
        environment={
            "stock": ec.whole(high=10**9, cells=stock),
            "left": ec.whole(40, low=-5, high=10**9),
            "wanted": ec.whole(high=10**9, cells=len(stock)),
            "lowest": ec.whole(low=-1, high=PRIORITIES - 2, cells=len(stock)),
            "pressed": ec.whole(high=10**9),
            "latest": ec.whole(7, high=10**9),
        },
        phases=phases,
        measures={
            "held": ec.total("held"),
            "got": ec.total("got"),
            "left": ec.value("left"),
            "stock": ec.value("stock"),
        },
        parameters={"most": most, "eager": eager, "part": 0.4},
    )


HOWS = [{}, {"threads": 2}, {"shards": 3}, {"shards": 3, "backend": "reference"}, {"shards": 7}]


@settings(max_examples=15, deadline=None)
@given(
    agents=st.integers(1, 60),
    stock=st.lists(st.integers(0, 40), min_size=4, max_size=4),
    most=st.integers(0, 9),
    eager=st.sampled_from([0.0, 0.3, 1.0]),
    partial=st.booleans(),
    seed=st.integers(0, 2**40),
    how=st.sampled_from(HOWS),
)
def test_every_backend_grants_alike_and_nothing_is_lost(
    agents, stock, most, eager, partial, seed, how
):
    society = model(agents, stock, most, eager, partial)
    oracle = everything(society, 4, seed=seed, backend="reference")
    assert everything(society, 4, seed=seed, **how) == oracle
    for step, row in enumerate(oracle[2]):
        refilled = 4 * sum(s % 3 for s in range(step))
        assert row["held"] + sum(row["stock"].values()) == sum(stock) + refilled
        assert row["got"] + row["left"] == 40 and row["left"] >= 0
        assert min(row["stock"].values()) >= 0


@ec.claim(capacity="stock", into="granted", luck="once")
def want(me, env, model, key):
    return 0, model.most, me.rank


@ec.agent_rule(writes="held")
def take(me, env, model, key):
    return me.held + me.granted


def rank_of(identity, tables):
    return identity * 5 % 7 - 3


def queue(agents, stock, most=1, partial=True):
    from ecumene.population import Derived

    people = ec.Background("queue", agents, {"rank": Derived(rank_of, "int")}, {})
    return ec.Model(
        populations={"people": ec.Population(people, held=ec.whole(high=10**9))},
        environment={"stock": ec.whole(stock, high=10**9)},
        phases=[[replace(want, partial=partial)], [take]],
        parameters={"most": most},
    )


def held(society, seed, backend="cpu", **how):
    simulation = ec.Simulation(society, seed=seed, backend=backend, **how)
    simulation.advance()
    ranks = [rank_of(place, None) for place in range(society.agents)]
    return simulation.column("held").tolist(), ranks, simulation.environment["stock"]


@settings(max_examples=12, deadline=None)
@given(
    agents=st.integers(1, 50),
    stock=st.integers(0, 60),
    most=st.integers(1, 5),
    partial=st.booleans(),
    seed=st.integers(0, 2**40),
)
def test_the_larger_priority_comes_first_as_far_as_the_capacity_goes(
    agents, stock, most, partial, seed
):
    got, ranks, rest = held(queue(agents, stock, most, partial), seed)
    assert sum(got) + rest == stock
    assert set(got) <= ({*range(most + 1)} if partial else {0, most})
    full = [rank for rank, units in zip(ranks, got, strict=True) if units == most]
    none = [rank for rank, units in zip(ranks, got, strict=True) if units < most]
    assert not full or not none or min(full) >= max(none)
    assert not none or rest < most


@settings(max_examples=12, deadline=None)
@given(agents=st.integers(2, 50), stock=st.integers(1, 49), seed=st.integers(0, 2**40))
def test_one_claimant_more_takes_the_place_of_one_at_most(agents, stock, seed):
    """Nobody else's luck changes: those who got something are the same but for one."""
    before, _, _ = held(queue(agents, stock), seed)
    after, _, _ = held(queue(agents + 1, stock), seed)
    lost = [p for p in range(agents) if before[p] and not after[p]]
    assert not any(after[p] and not before[p] for p in range(agents))
    assert len(lost) == (1 if after[agents] and sum(before) == stock else 0)


def test_many_claims_on_little_are_granted_as_if_all_of_them_were_kept(monkeypatch):
    def granted(**how):
        simulation = ec.Simulation(queue(300_000, 30_000), seed=3, **how)
        simulation.advance()
        return simulation.column("held")

    few = granted(threads=1)
    assert few.sum() == 30_000 and {rank_of(int(i), None) for i in few.nonzero()[0]} == {3}
    assert (granted(threads=2) == few).all() and (granted(shards=2) == few).all()
    monkeypatch.setattr("ecumene.backends.cpu.claiming.ROOM", 300_000)
    assert (granted(threads=1) == few).all()


@settings(max_examples=12, deadline=None)
@given(
    agents=st.integers(1, 50),
    stock=st.integers(0, 60),
    most=st.integers(0, 5),
    partial=st.booleans(),
    how=st.sampled_from(HOWS),
)
def test_the_environment_is_told_what_was_asked_and_who_was_last(agents, stock, most, partial, how):
    told = {"wanted": ec.whole(5, high=10**9), "lowest": ec.whole(-9, low=-9, high=9)}
    society = queue(agents, stock, most, partial)
    rule = replace(want, partial=partial, asked="wanted", last="lowest")
    society = replace(society, environment={**society.environment, **told}, phases=[[rule], [take]])
    simulation = ec.Simulation(society, seed=5, **how)
    simulation.advance()
    got, ranks = simulation.column("held"), [rank_of(place, None) for place in range(agents)]
    served = [rank for rank, units in zip(ranks, got, strict=True) if units]
    assert simulation.environment["wanted"] == agents * most
    assert simulation.environment["lowest"] == min(served, default=-9)


def test_what_all_ask_for_together_does_not_wrap(backend):
    most = (1 << 62) - 1
    told = {"wanted": ec.whole(high=most)}
    society = queue(9, 0, most)
    rule = replace(want, asked="wanted")
    society = replace(society, environment={**society.environment, **told}, phases=[[rule], [take]])
    with pytest.raises(RuleError, match=f"`want` gave the environment the wanted {9 * most}, out"):
        ec.Simulation(society, seed=3, backend=backend).advance()


def test_among_equals_luck_decides_and_not_the_number(backend):
    @ec.claim(capacity="stock", into="granted")
    def equal(me, env, model, key):
        return 0, 1, 0

    one = replace(queue(40, 10), phases=[[equal], [take]])
    winners = [{p for p, g in enumerate(held(one, seed, backend)[0]) if g} for seed in range(6)]
    assert all(len(w) == 10 for w in winners)
    assert len({frozenset(w) for w in winners}) == 6
    assert max(max(w) for w in winners) > 30 and not all(0 in w for w in winners)


def test_what_does_not_fit_whole_is_passed_over(backend):
    @ec.claim(capacity="stock", into="granted", partial=False)
    def stairs(me, env, model, key):
        return 0, me.identity + 1, me.identity

    one = replace(queue(5, 8), phases=[[stairs], [take]])
    assert held(one, 1, backend)[0] == [0, 0, 3, 0, 5]


def test_a_claim_of_the_largest_numbers_does_not_wrap(backend):
    most = (1 << 62) - 1
    society = replace(queue(9, 0, most), environment={"stock": ec.whole(most, low=-1, high=most)})
    population = ec.Population(society.population.background, held=ec.whole(high=most))
    society = replace(society, populations={"people": population})
    got, ranks, rest = held(society, 3, backend)
    assert sorted(got) == [0] * 8 + [most] and rest == 0
    assert ranks[got.index(most)] == max(ranks)


def test_what_was_granted_is_gone_in_the_next_step(backend):
    simulation = ec.Simulation(queue(3, 3), seed=1, backend=backend)
    simulation.advance()
    simulation.advance()
    assert simulation.column("held").tolist() == [1, 1, 1]
    assert not simulation.quiet()


def test_a_claim_is_in_the_name():
    society = queue(3, 3)
    rules = (want, replace(want, partial=False), replace(want, asked="stock"),
             replace(want, last="stock"))  # fmt: skip
    names = {run_name(replace(society, phases=[[rule], [take]]), 0) for rule in rules}
    assert len(names) == 4


def test_explain_says_what_was_asked_and_granted():
    said = ec.explain(model(9), agent=4, step=1)
    assert "ask" in str(said) and "granted" in str(said)


# -- what is refused -------------------------------------------------------------------------------


def said(phases, **changes):
    with pytest.raises(ModelError) as caught:
        ec.Simulation(replace(model(5), phases=phases, measures={}, **changes))
    return str(caught.value)


def nothing(me, env, model, key):
    return 0, 0, 0


def test_what_is_claimed_is_an_environment_value_of_whole_numbers():
    words = "rule `nothing` claims no environment value of whole numbers from 0 named `stok`; "
    text = said([[ec.claim(capacity="stok", into="x")(nothing)]])
    assert text.startswith(words) and "Did you mean `stock`?" in text
    real = {"stok": ec.real()}
    assert words in said([[ec.claim(capacity="stok", into="x")(nothing)]], environment=real)


def test_what_a_claim_tells_has_a_place_in_the_environment():
    text = said([[replace(ask, asked="wantd")]])
    assert text.startswith("claim `ask` tells no environment value of whole numbers in 4 cells ")
    assert "Did you mean `wanted`?" in text
    assert "claim `ask` tells no environment value" in said([[replace(ask, last="left")]])
    assert "claim `ask` writes `stock` twice" in said([[replace(ask, last="stock")]])
    assert "write `wanted` in one phase" in said([[ask, wipe]])
    inn = ec.Population(2, rooms=ec.whole(3))
    people = {"people": model(5).population, "inns": inn}
    text = said([[replace(ask, capacity="inns.rooms")]], populations=people)
    assert "tells `wanted` of units of `inns.rooms`, which agents have" in text


@ec.environment_rule(writes="wanted")
def wipe(env, model, key):
    return (0, 0, 0, 0)


def test_one_rule_of_a_phase_writes_the_capacity():
    text = "rules `ask` and `refill` write `stock` in one phase; put them in two phases."
    assert said([[ask, refill]]) == text


def test_what_was_granted_is_read_in_a_later_phase():
    assert "`thank` is for those reached by `ask`, which is in no earlier" in said([[ask, thank]])
    assert "reads no column named `granted`" in said([[ask, keep]])
    into = ec.claim(capacity="stock", into="held")(nothing)
    assert "arrive into `held`, which exists already" in said([[into]])


def test_a_claim_does_not_wake_nor_call_anybody():
    asleep = replace(ask, on=ec.awake("held"))
    assert "claim `ask` is for those awake by `held`" in said([[asleep]])
    on = ec.awake("next", or_reached_by=ask)
    rule = ec.agent_rule(on=on, writes="next")(nothing)
    people = {"people": ec.Population(5, next=ec.wake_column())}
    assert "or_reached_by= takes a tie rule" in said([[ask], [rule]], populations=people)


@pytest.mark.parametrize("shards", [1, 3])
@pytest.mark.parametrize(
    ("cell", "units", "words"),
    [
        (4, 1, "asks for cell 4 for agent 2 in step 0, which is not there; cells are numbered"),
        (0, -3, "asks for -3 units for agent 2 in step 0; ask for 0 (nothing) or more."),
    ],
)
def test_what_cannot_be_asked_for_is_an_error(backend, shards, cell, units, words):
    @ec.claim(capacity="stock", into="granted")
    def wrong(me, env, model, key):
        return (model.cell, model.units, 0) if me.identity > 1 else (model.cell, 0, 0)

    society = replace(model(9, phases=[[wrong]]), parameters={"cell": cell, "units": units})
    with pytest.raises(RuleError) as caught:
        ec.Simulation(society, backend=backend, shards=shards).advance()
    assert str(caught.value).startswith(f"rule `wrong` {words}")
