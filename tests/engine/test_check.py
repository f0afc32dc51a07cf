"""What a rule, start or measure misspells is found before any compiler, with the nearest name."""

import re

import pytest

import ecumene as ec
from ecumene.errors import ModelError


@ec.tie_rule(over="contacts", active="awake", into="heard", combine="count")
def tell(me, tie, env, model, key):
    return ec.chance(key, model.eagerness)


@ec.agent_rule(on=ec.reached_by(tell), writes="wealth")
def earn(me, env, model, key):
    return me.wealth + me.heard


def model(
    rules=((tell,), (earn,)),
    start=(),
    measures=None,
    parameters=None,
    networks=("contacts",),
):
    background = ec.Background("b", 9, {}, {})
    return ec.Model(
        populations={
            "people": ec.Population(
                background, wealth=ec.whole(), mood=ec.real(), awake=ec.pulse(), at=ec.step_column()
            )
        },
        networks={name: ec.matchings(2) for name in networks},
        phases=rules,
        start=start,
        measures=measures or {},
        parameters=parameters or {"eagerness": 0.5, "share": 0.5},
    )


def said(**changes):
    with pytest.raises(ModelError) as caught:
        ec.Simulation(model(**changes))
    return str(caught.value)


def at_line(text, function, below=1):
    file, line = re.search(r"\n  (.*):(\d+)$", text).groups()
    first = function.__code__.co_firstlineno
    assert (file, int(line)) == (__file__, first + below)


def test_the_model_as_it_stands_is_fine():
    assert ec.Simulation(model()).step == 0


def test_a_misspelt_column():
    def rule(me, env, model, key):
        return me.welth

    text = said(rules=[[ec.agent_rule(writes="wealth")(rule)]])
    assert text.startswith(
        "rule `rule` reads no column named `welth`; there are: at, awake, identity, mood, "
        "wealth. Did you mean `wealth`?"
    )
    at_line(text, rule)


def test_a_misspelt_parameter():
    def rule(me, env, model, key):
        return me.wealth if model.eagernes > 0.5 else 0

    text = said(rules=[[ec.agent_rule(writes="wealth")(rule)]])
    assert "reads no parameter named `eagernes`" in text and "Did you mean `eagerness`?" in text
    at_line(text, rule)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ("env.stepp", "no environment value named `stepp`; there are: step. Did you mean `step`?"),
        ("tie.numbr", "no property of a tie named `numbr`; there are: number."),
    ],
)
def test_a_misspelt_environment_or_tie(wrong, words):
    def over_env(me, tie, env, model, key):
        return env.stepp > 0

    def over_tie(me, tie, env, model, key):
        return tie.numbr > 0

    send = over_env if wrong.startswith("env") else over_tie
    rule = ec.tie_rule(over="contacts", active="awake", into="heard")(send)
    text = said(rules=[[rule]])
    assert words in text
    at_line(text, send)


def test_a_column_misspelt_at_the_receiver():
    def take(me, tie, payload, env, model, key):
        return me.wealt > 3

    rule = ec.tie_rule(over="contacts", active="awake", into="heard", receive=take)(tell.send)
    text = said(rules=[[rule]])
    assert "Did you mean `wealth`?" in text
    at_line(text, take)


def test_a_misspelt_network():
    rule = ec.tie_rule(over="contact", active="awake", into="heard")(tell.send)
    assert "no network named `contact`; there are: contacts. Did you mean" in said(rules=[[rule]])


def test_a_misspelt_written_column():
    rule = ec.agent_rule(writes="welth")(earn.function)
    text = said(rules=[[tell], [rule]])
    assert "rule `earn` writes no stored column named `welth`" in text and "`wealth`?" in text


def test_the_active_column_is_a_flag_or_a_pulse():
    for wrong in ("awakee", "wealth"):
        rule = ec.tie_rule(over="contacts", active=wrong, into="heard")(tell.send)
        assert f"no pulse or flag named `{wrong}`; there are: awake." in said(rules=[[rule]])


@pytest.mark.parametrize(
    ("measure", "words"),
    [
        (ec.count("att", ec.happened), "no kept column named `att`; there are: at, mood, wealth"),
        (ec.share("awake", bool), "no kept column named `awake`"),
        (ec.mean("wealt"), "no column of whole numbers or flags named `wealt`"),
        (ec.mean("mood"), "no column of whole numbers or flags named `mood`"),
        (ec.mean("at"), "no column of whole numbers or flags named `at`"),
        (ec.mean("wealth", by="country"), "is by no group named `country`"),
        (ec.gini("welth"), "Did you mean `wealth`?"),
        (ec.quantiles("moood", [0.5]), "Did you mean `mood`?"),
    ],
    ids=["typo", "pulse", "mean-typo", "mean-real", "mean-step", "by", "gini", "quantiles"],
)
def test_a_measure_of_what_is_not_there(measure, words):
    text = said(measures={"m": measure})
    assert text.startswith("measure `m` ") and words in text


def test_a_start_of_what_is_not_there():
    text = said(start=[ec.set_agents(ec.sample_count(1), wealt=1)])
    assert text.startswith("the start sets no stored column named `wealt`") and "`wealth`?" in text


@pytest.mark.parametrize("count", [-1, 10])
def test_a_start_of_more_agents_than_there_are(count):
    assert "agents of 9" in said(start=[ec.set_agents(ec.sample_count(count), wealth=1)])


def test_two_rules_of_a_phase_may_not_write_one_column():
    @ec.agent_rule(writes="wealth")
    def lose(me, env, model, key):
        return 0

    text = said(rules=[[tell], [earn, lose]])
    assert text == "rules `earn` and `lose` write `wealth` in one phase; put them in two phases."


def test_two_rules_may_not_share_a_name():
    assert said(rules=[[tell], [earn], [earn]]) == "two rules are named `earn`; rename one."


def test_what_arrives_is_seen_in_a_later_phase_only():
    text = said(rules=[[tell, earn]])
    assert "`earn` is for those reached by `tell`, which is in no earlier phase" in text
    plain = ec.agent_rule(writes="wealth")(earn.function)
    assert "reads no column named `heard`" in said(rules=[[tell, plain]])


def test_an_arrival_column_may_not_take_the_place_of_another():
    rule = ec.tie_rule(over="contacts", active="awake", into="mood")(tell.send)
    assert "arrive into `mood`, which exists already" in said(rules=[[rule]])


def test_changed_is_of_a_stored_column_that_stays():
    for wrong, words in [("welth", "Did you mean `wealth`?"), ("awake", "a pulse is gone")]:
        rule = ec.agent_rule(on=ec.changed(wrong), writes="mood")(zero)
        assert words in said(rules=[[rule]])


def test_a_share_is_a_parameter():
    rule = ec.agent_rule(on=ec.sample("shar"), writes="mood")(zero)
    assert "no parameter named `shar`" in said(rules=[[rule]])


def test_a_share_lies_from_nought_to_one():
    rule = ec.agent_rule(on=ec.sample("share"), writes="mood")(zero)
    text = said(rules=[[rule]], parameters={"share": 1.5})
    assert text.startswith("rule `zero` runs for a share of 1.5 of the agents")


def zero(me, env, model, key):
    return 0.0


def test_a_rule_takes_what_it_is_given():
    def rule(me, env, key):
        return 0

    text = said(rules=[[ec.agent_rule(writes="wealth")(rule)]])
    assert text == "rule `rule` takes (me, env, key); it is called with (me, env, model, key)."


def test_a_model_has_a_population():
    with pytest.raises(ModelError, match="a model without a population"):
        ec.Model(populations={}, phases=[])


@pytest.mark.parametrize("flag", [ec.flag(), ec.pulse()])
def test_a_column_with_the_name_of_a_part_of_a_flag_is_refused(flag):
    """Compiled, `knows_1` was a part of `knows`, and came out as something else."""

    def people(**columns):
        return ec.Model(populations={"people": ec.Population(5, knows=flag, **columns)}, phases=[])

    with pytest.raises(ModelError, match="`knows_1` has the name of a part of the flag"):
        ec.Simulation(people(knows_1=ec.whole()))
    for others in ({"knows_3": ec.whole()}, {"knows_1": ec.flag()}, {"roll": ec.whole()}):
        assert not ec.Simulation(people(**others)).column("knows").any()
