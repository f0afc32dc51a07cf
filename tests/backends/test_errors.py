"""What goes wrong in a rule is one error, with one text, on every backend and in any shards."""

import pytest

import ecumene as ec
from ecumene.errors import RuleError

WAYS = [
    {"backend": "reference"},
    {"backend": "reference", "shards": 3},
    {"backend": "cpu"},
    {"backend": "cpu", "threads": 3},
    {"backend": "cpu", "shards": 3},
    {"backend": "cpu", "shards": 7},
]
every_way = pytest.mark.parametrize("how", WAYS, ids=str)


@ec.agent_rule(writes=("other", "coins", "late", "mood"))
def spoil(me, env, model, key):
    late = env.step + model.ahead if me.place >= model.first else env.step
    coins = me.place * model.coins if me.place >= model.first else 0
    mood = me.mood
    if model.nan and me.place >= model.first:
        mood = 1e308 * 10.0
        mood = mood - mood
    return False, coins, late, mood


@ec.agent_rule(writes="coins")
def divide(me, env, model, key):
    if model.how == 0:
        return int(1.0 / (me.mood * model.zero))
    if model.how == 1:
        return 7 // model.zero
    return 7 % model.zero


@ec.tie_rule(over="ties", active="up", into="heard", combine="sum")
def divide_on_ties(me, tie, env, model, key):
    return 1 // model.zero


def place_of(identity, tables):
    return identity


def model(phases, agents=20, **parameters):
    from ecumene.population import Derived

    people = ec.Background("people", agents, {"place": Derived(place_of, "int")}, {})
    return ec.Model(
        populations={
            "people": ec.Population(
                people,
                up=ec.flag(),
                other=ec.flag(),
                coins=ec.whole(low=-5, high=200),
                late=ec.step_column(ahead=2),
                mood=ec.real(1.0),
            )
        },
        networks={"ties": ec.matchings(2)},
        phases=phases,
        start=[ec.set_agents(ec.sample_count(agents), up=True)],
        parameters=parameters,
    )


def said(model, how, error=RuleError):
    simulation = ec.Simulation(model, seed=1, **how)
    with pytest.raises(error) as caught:
        simulation.advance()
    return str(caught.value)


@every_way
def test_an_overflow_names_rule_agent_value_and_range(how):
    text = said(model([[spoil]], first=4, coins=100, ahead=0, nan=False), how)
    assert text == (
        "rule `spoil` gave agent 4 the coins 400, outside its range -5..200; "
        "widen low and high of the column."
    )


@every_way
def test_a_value_below_the_range_is_named_too(how):
    text = said(model([[spoil]], first=11, coins=-1, ahead=0, nan=False), how)
    assert text.startswith("rule `spoil` gave agent 11 the coins -11, outside its range -5..200;")


@every_way
def test_a_step_too_far_ahead_is_named(how):
    text = said(model([[spoil]], first=7, coins=0, ahead=3, nan=False), how)
    assert text == (
        "rule `spoil` gave agent 7 the late 3, outside its range 0..2; "
        "write a step from 0 to the present one, or say ec.step_column(ahead=...)."
    )


@every_way
def test_not_a_number_is_refused(how):
    text = said(model([[spoil]], first=13, coins=0, ahead=0, nan=True), how)
    assert text == "rule `spoil` gave agent 13 the mood nan; a column never holds NaN."


@every_way
@pytest.mark.parametrize("way", [0, 1, 2])
def test_division_by_zero_is_an_error(how, way):
    text = said(model([[divide]], zero=0, how=way), how)
    assert text == "rule `divide` divides by zero in step 0; test the divisor before dividing."


@every_way
def test_division_by_zero_along_a_tie_is_an_error(how):
    text = said(model([[divide_on_ties]], zero=0), how)
    assert text.startswith("rule `divide_on_ties` divides by zero")


@every_way
def test_a_start_outside_the_range_names_the_first_agent(how):
    start = [ec.set_agents(ec.sample_count(5), coins=999)]
    broken = model([[divide]], zero=1, how=1)
    with pytest.raises(RuleError) as caught:
        ec.Simulation(
            ec.Model(populations=broken.populations, phases=[], start=start), seed=3, **how
        )
    first = int(min(chosen(3, broken.agents, 5)))
    assert str(caught.value) == (
        f"rule `start` gave agent {first} the coins 999, outside its range -5..200; "
        "widen low and high of the column."
    )


def chosen(seed, agents, count):
    """The agents that a start draws, read off a run that goes well."""
    fine = ec.Model(
        populations={"people": ec.Population(agents, coins=ec.whole(high=1000))},
        phases=[],
        start=[ec.set_agents(ec.sample_count(count), coins=999)],
    )
    column = ec.Simulation(fine, seed=seed, backend="reference").column("coins")
    return [place for place, coins in enumerate(column.tolist()) if coins]
