"""Several populations in one model: one law for all, and a wall between their luck."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ecumene as ec
from ecumene.engine import run_name
from ecumene.errors import EcumeneError, InterventionError, ModelError
from ecumene.testing import check_model

from ..towns import EVERY_KIND, PHASES, everything, listen, order, produce, spend, talk, town, towns

seeds = st.integers(0, 2**40)
HOWS = [{}, {"threads": 2}, {"shards": 3}, {"shards": 9}, {"shards": 2, "backend": "reference"}]


@settings(max_examples=6, deadline=None)
@given(towns(), seeds, st.sampled_from(HOWS))
def test_however_a_town_is_run_it_is_the_same(model, seed, how):
    oracle = everything(model, 4, seed=seed, backend="reference")
    assert everything(model, 4, seed=seed, **how) == oracle


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(towns(EVERY_KIND), seeds, st.sampled_from(HOWS))
def test_a_town_with_rules_of_every_kind_is_the_same(model, seed, how):
    oracle = everything(model, 4, seed=seed, backend="reference")
    assert everything(model, 4, seed=seed, **how) == oracle


@pytest.mark.slow
def test_every_law_that_is_asked_of_a_model_is_asked_of_a_town():
    assert "same bits" in str(check_model(town(), steps=4))


PEOPLE_ONLY = ([talk], [listen], [], [spend])


@settings(max_examples=10, deadline=None)
@given(st.integers(1, 8), st.integers(9, 12), seeds)
def test_another_firm_changes_nobody_among_people(few, more, seed):
    """Nor does it matter to people whether there are firms at all."""
    columns = [
        {
            of_name: c
            for of_name, c in everything(model, 4, seed=seed, backend="reference")[3].items()
        }
        for model in (town(count=few), town(count=more))
    ]
    for name in ("mood", "wealth", "talks"):
        assert columns[0]["people", name] == columns[1]["people", name]
    both = town(phases=[[talk], [listen], [], [spend]], tallies={})
    alone = replace(
        both,
        populations={"people": both.population},
        networks={"friends": both.networks["friends"]},
        among={},
        start=both.start[:1],
        measures={"wealth": both.measures["wealth"]},
    )
    there = everything(both, 4, seed=seed, backend="reference")[3]
    here = everything(alone, 4, seed=seed, backend="reference")
    assert {k: v for k, v in there.items() if k[0] == "people"} == here[3]


def test_the_first_population_keeps_the_digest_that_it_has_alone():
    both = town(phases=PEOPLE_ONLY, tallies={}, start=[town().start[0]])
    idle = {"firms": ec.Population(3, wealth=ec.whole(5)), "people": both.population}
    alone = replace(
        both,
        populations={"people": both.population},
        networks={"friends": both.networks["friends"]},
        among={},
        measures={},
    )
    first = replace(
        both,
        populations={"people": both.population, "firms": idle["firms"]},
        networks=alone.networks,
        among={},
        measures={},
    )
    digests = [everything(m, 3, seed=5, backend="reference")[1] for m in (alone, first)]
    assert digests[0] == digests[1]


def test_columns_of_one_name_are_apart():
    """People and firms both have `wealth`; what is drawn and hashed for one is not the other's."""

    @ec.agent_rule(writes="wealth")
    def earn(me, env, model, key):
        return ec.integer(key, 1000)

    @ec.agent_rule(of="firms", writes="wealth")
    def gain(me, env, model, key):
        return ec.integer(key, 1000)

    pair = {"people": ec.Population(50, wealth=ec.whole(high=1000))}
    pair["firms"] = ec.Population(50, wealth=ec.whole(high=1000))
    simulation = ec.Simulation(
        ec.Model(populations=pair, phases=[[earn, gain]]), backend="reference"
    )
    simulation.advance()
    mine, theirs = simulation.column("wealth").tolist(), simulation.column("wealth", "firms")
    assert sum(a == b for a, b in zip(mine, theirs.tolist(), strict=True)) < 5
    swapped = ec.Model(
        populations={name: pair[name] for name in pair},
        phases=[[replace(earn, of="firms"), replace(gain, of="people")]],
    )
    other = ec.Simulation(swapped, backend="reference")
    other.advance()
    assert other.column("wealth", "firms").tolist() == mine
    assert other.digest() != simulation.digest()


def test_first_wakes_of_two_populations_are_drawn_apart():
    @ec.agent_rule(on=ec.awake("next"), writes="next")
    def rise(me, env, model, key):
        return ec.NEVER

    @ec.agent_rule(of="firms", on=ec.awake("next"), writes="next")
    def open_up(me, env, model, key):
        return ec.NEVER

    each = {"next": ec.wake_column(first=ec.between(0, 900), ahead=999)}
    pair = {"people": ec.Population(40, **each), "firms": ec.Population(40, **each)}
    model = ec.Model(populations=pair, phases=[[rise], [open_up]])
    simulation = ec.Simulation(model, backend="reference")
    assert simulation.column("next").tolist() != simulation.column("next", "firms").tolist()


def test_measures_are_of_the_population_that_they_name():
    measured = ec.Simulation(town(people=30, count=9), backend="reference").measure()
    assert measured["open"] == 3 and measured["loans"] == 3
    assert measured["firms_wealth"] == {"x": 150, "y": 150, "z": 150}
    assert measured["stocks"] == {"0": 5, "0.5": 5, "1": 20}
    assert measured["happy"] == 0.0 and measured["wealth"] == 9.0


def test_the_plan_says_whose_rule_it_is_and_what_each_population_takes():
    chosen = ec.plan(town())
    assert chosen.summary.startswith("40 people and 7 firms, one step is one step; ")
    rows = {row["rule"]: row for row in chosen.table()}
    assert rows["produce"]["of"] == "firms" and rows["talk"]["of"] == "people"
    assert rows["lend"]["of"] == "" and rows["produce"]["reads"].endswith("env.talking")
    assert [row["phase"] for row in chosen.table()] == ["1", "1", "2", "2", "3", "4", "4"]
    assert {"column wealth", "column firms.wealth"} <= set(chosen.memory)


def test_a_run_keeps_and_names_all_populations():
    names = {
        run_name(model, 1)
        for model in (
            town(),
            town(count=8),
            town(among={}),
            town(start=[]),
            town(start=[replace(s, of="firms", values={"wealth": 3}) for s in town().start]),
            town(start=[replace(s, of="people", values={"wealth": 3}) for s in town().start]),
            town(phases=[*PHASES[:3], [replace(spend, of="firms", on=ec.changed("stock"))]]),
        )
    }
    assert len(names) == 7
    said = replace(town().start[0], of="people")
    assert run_name(town(start=[said, town().start[1]]), 1) == run_name(town(), 1)
    run = ec.run(town(), seed=1, steps=2, backend="reference")
    assert run.record["populations"] == {"people": 40, "firms": 7}
    assert "40 people and 7 firms" in run.report_path.read_text()


def test_a_town_goes_on_from_where_it_stood():
    through, half = (ec.Simulation(town(), seed=4, backend="reference") for _ in range(2))
    for _ in range(4):
        through.advance()
    half.advance()
    half.advance()
    how = {"seed": 4, "backend": "reference", "shards": 3}
    resumed = ec.Simulation(town(), state=half.state(), **how)
    resumed.advance()
    resumed.advance()
    assert resumed.digest() == through.digest() and resumed.measure() == through.measure()
    with pytest.raises(ModelError, match="the state is one of 7 agents and the model has 8"):
        ec.Simulation(town(count=8), state=half.state(), **how)


def test_an_agent_of_any_population_is_explained():
    said = ec.explain(town(), agent=2, step=1, population="firms")
    assert said.population == "firms" and set(said.before) == {"stock", "wealth", "open", "next"}
    assert str(said).startswith("agent 2 of firms in step 1\nbefore: stock = ")
    assert [ruling.rule for ruling in said.rules] == ["order", "produce", "audit"]
    with pytest.raises(EcumeneError, match="no agent 7; there are agents 0 to 6"):
        ec.explain(town(), agent=7, step=1, population="firms")


def test_a_background_stands_for_the_first_unless_another_is_named():
    people = town().with_background(ec.world_population(25))
    assert people.agents == 25 and "happy_by_country" in people.measures
    assert people.populations["firms"].size == 7
    plain = ec.Population(7, stock=ec.whole(5), wealth=ec.whole(50, high=10**9))
    pair = {"people": town().population, "firms": plain}
    firms = ec.Model(
        populations=pair,
        phases=[],
        measures={
            "rich": ec.share("wealth", abs, of="firms"),
            "mood": ec.share("mood", abs),
        },
    ).with_background(ec.world_population(25), of="firms")
    assert firms.populations["firms"].size == 25 and firms.agents == 40
    assert "rich_by_country" in firms.measures and "mood_by_country" not in firms.measures


# -- interventions ---------------------------------------------------------------------------------


def columns_after(change, steps=1, **how):
    simulation = ec.Simulation(
        town(phases=[[order], [produce]], tallies={"talking": ec.count("talks")}, measures={}),
        interventions=[ec.at(0, change)],
        **how,
    )
    before = {n: simulation.column(n, "firms").tolist() for n in ("stock", "wealth")}
    people = simulation.column("wealth").tolist()
    for _ in range(steps):
        simulation.advance()
    assert simulation.column("wealth").tolist() == people
    return before, {n: simulation.column(n, "firms").tolist() for n in before}


@pytest.mark.parametrize("shards", [1, 3])
def test_firms_are_given_values_from_outside(backend, shards):
    how = {"backend": backend, "shards": shards}
    before, after = columns_after(ec.set_column("wealth", 900, of="firms"), **how)
    assert all(wealth >= 900 for wealth in after["wealth"]) and max(before["wealth"]) == 50
    some = ec.set_column("wealth", 900, of="firms", where={"trade": "x"})
    _, after = columns_after(some, **how)
    assert [wealth >= 900 for wealth in after["wealth"]] == [i * 5 % 3 == 0 for i in range(7)]
    _, after = columns_after(ec.seed_agents(2, of="firms", wealth=900), **how)
    assert sum(wealth >= 900 for wealth in after["wealth"]) == 2
    hub = ec.broadcast(count=1, over="suppliers", open=True, wealth=900)
    _, after = columns_after(hub, **how)
    assert sum(wealth >= 900 for wealth in after["wealth"]) == 1


def test_ties_of_firms_are_removed_and_survive():
    changes = [ec.at(0, ec.remove_ties("suppliers", share=0.5, where={"trade": ("x", "y")}))]
    how = {"seed": 2, "interventions": changes}
    phases = [[order], [produce]]
    cut, oracle = (
        ec.Simulation(town(phases=phases), **how, backend="reference", shards=n) for n in (3, 1)
    )
    for _ in range(2):
        cut.advance()
        oracle.advance()
    assert cut.digest() == oracle.digest()
    assert cut.happened[0].agents == sum(i * 5 % 3 < 2 for i in range(7))
    resumed = ec.Simulation(town(phases=phases), state=cut.state(), **how, backend="reference")
    resumed.advance()
    oracle.advance()
    assert resumed.digest() == oracle.digest()


LINES = {
    "at 3: stock = 2": ec.set_column("stock", 2, of="firms"),
    "at 3: wealth = 2": ec.set_column("wealth", 2),
    "at 3: wealth = 2 for firms": ec.set_column("wealth", 2, of="firms"),
    "at 3: wealth = 2 for people": ec.set_column("wealth", 2),
    "at 3: wealth = 2 for 0.25 of firms": ec.set_column(
        "wealth", 2, of="firms", agents=ec.sample_share(0.25)
    ),
    "at 3: wealth = 2 for 4 firms where trade = x or z": ec.set_column(
        "wealth", 2, of="firms", agents=ec.sample_count(4), where={"trade": ("x", "z")}
    ),
    "at 3: wealth = 2 for firms 4, 5": ec.set_column(
        "wealth", 2, of="firms", agents=ec.these_agents(4, 5)
    ),
    "at 3: seed 2 firms": ec.seed_agents(2, of="firms"),
    "at 3: seed 2 firms with wealth = 7": ec.seed_agents(2, of="firms", wealth=7),
    "at 3: broadcast by largest 2 over suppliers with open = true": ec.broadcast(
        count=2, over="suppliers", open=True
    ),
    "at 3: remove 0.5 of suppliers for 3 agents where trade = x": ec.remove_ties(
        "suppliers", share=0.5, agents=ec.sample_count(3), where={"trade": "x"}
    ),
    "at 3: broadcast by number firms 4, 5 with open = true": ec.broadcast(
        "number", agents=(4, 5), of="firms", open=True
    ),
}


@pytest.mark.parametrize("line", LINES)
def test_what_is_typed_is_what_python_says_and_is_typed_again(line):
    from ecumene.engine import parse_intervention

    typed = parse_intervention(line, town())
    (said,) = ec.Simulation(
        town(), interventions=[ec.at(3, LINES[line])], backend="reference"
    )._schedule.interventions
    assert str(typed) == str(said)
    assert str(parse_intervention(str(typed), town())) == str(typed)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("at 3: wealth = 2 for 10% of firmz", "no population named `firmz`;"),
        ("at 3: wealth = 2 for 4 firmz", "Did you mean `firms`?"),
        ("at 3: mood = 2 for firms", "no stored column named `mood`;"),
        ("at 3: seed 9 firms with wealth = 7", "9 agents of 7; type a whole number"),
        ("at 3: wealth = 2 for firms where trade = v", "no label of `trade` named `v`"),
    ],
)
def test_what_is_typed_wrong_is_shown(line, words):
    from ecumene.engine import parse_intervention

    with pytest.raises(InterventionError) as caught:
        parse_intervention(line, town())
    assert words in str(caught.value) and str(caught.value).endswith("^")


# -- what is refused -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"populations": {}}, "a model without a population"),
        ({"among": {"supliers": "firms"}}, "among= names no network named `supliers`; there are: "),
        ({"among": {"suppliers": "firm"}}, "network `suppliers` is among no population named `fi"),
        ({"phases": [[replace(produce, of="firmz")]]}, "rule `produce` is of no population named"),
        ({"phases": [[replace(spend, of="firms")]]}, "rule `spend`: no stored column named `mood`"),
        ({"phases": [[listen]]}, "rule `listen` is for those reached by `talk`"),
        ({"measures": {"x": ec.mean("stock")}}, "measure `x` watches no column of whole numbers"),
        ({"measures": {"x": ec.mean("stock", of="firm")}}, "measure `x` is of no population named"),
        ({"tallies": {"x": ec.count("open", of="firm")}}, "tally `x` is of no population named"),
        ({"start": [ec.set_agents(ec.sample_count(9), of="firms")]}, "draws 9 agents of 7"),
        (
            {"start": [ec.set_agents(ec.sample_count(1), of="frms")]},
            "the start is of no population",
        ),
        ({"phases": [[spend], [replace(produce, name="spend")]]}, "two rules are named `spend`"),
    ],
)
def test_what_names_nothing_is_refused(changes, words):
    with pytest.raises(ModelError) as caught:
        ec.plan(town(**changes))
    assert words in str(caught.value)


def test_lanes_are_for_models_of_one_population():
    with pytest.raises(
        ModelError, match="lanes are for models of one population; this one has peo"
    ):
        ec.run_lanes(town(), 3)
