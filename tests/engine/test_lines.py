"""Interventions as lines: every one can be said and read again, and every mistake is pointed at."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ecumene as ec
from ecumene.engine import parse_intervention
from ecumene.errors import InterventionError
from ecumene.models import MODELS

from ..societies import society
from .test_schedule import interventions

CASCADE = MODELS["cascade"].build(agents=3000).with_background(ec.world_population(3000))
SOCIETY = society(ec.matchings(3), 60)


MARKET = ec.Model(
    populations={"people": ec.Population(20, coins=ec.whole(5), seed=ec.whole(1), open=ec.flag())},
    phases=[],
    environment={
        "price": ec.whole(10, high=100),
        "stock": ec.whole(5, cells=3),
        "open": ec.flag(),
        "until": ec.step_column(ahead=5),
    },
    measures={"price": ec.value("price"), "stock": ec.value("stock")},
)


@given(interventions)
def test_what_is_said_can_be_read_again(intervention):
    checked = intervention.checked(SOCIETY)
    assert parse_intervention(str(checked), SOCIETY) == checked
    assert checked.checked(SOCIETY) == checked


SAID = {
    "at 12: transmission = 0.05": ec.at(12, ec.set_parameter(transmission=0.05)),
    "AT 12 : transmission=5%": ec.at(12, ec.set_parameter(transmission=0.05)),
    "from 5 until 20: transmission = 0.05": ec.during(5, 20, ec.set_parameter(transmission=0.05)),
    "when reached_share > 0.1: transmission = 1": ec.when(
        "reached_share", ec.set_parameter(transmission=1), above=0.1
    ),
    "when reached below 1k after 7: seed 1e2": ec.when(
        "reached", ec.seed_agents(100), below=1000, after=7
    ),
    "when reached_share_by_country[NGA] > 10%: seed 3": ec.when(
        "reached_share_by_country[NGA]", ec.seed_agents(3), above=0.1
    ),
    "at 8: seed 100 with reached_now = true, reached_at = now": ec.at(8, ec.seed_agents(100)),
    "at 8: seed 100 where reached_at = never": ec.at(
        8, ec.seed_agents(100, where={"reached_at": ec.NEVER})
    ),
    "at 3: reached_now = true where country = NGA": ec.at(
        3, ec.set_column("reached_now", True, where={"country": "NGA"})
    ),
    "at 3: reached_now = yes for 10% where country = NGA or GHA and urban = true": ec.at(
        3,
        ec.set_column(
            "reached_now",
            True,
            where={"country": ("GHA", "NGA"), "urban": True},
            agents=ec.sample_share(0.1),
        ),
    ),
    "at 3: reached_now = true for 7 agents where region = 'Northern America'": ec.at(
        3,
        ec.set_column(
            "reached_now", True, where={"region": "Northern America"}, agents=ec.sample_count(7)
        ),
    ),
    "at 3: reached_now = true for agents 9, 4": ec.at(
        3, ec.set_column("reached_now", True, agents=ec.these_agents(4, 9))
    ),
    "at 4: broadcast by largest": ec.at(4, ec.broadcast()),
    "at 4: broadcast by largest 3 over contacts": ec.at(4, ec.broadcast(count=3)),
    "at 4: broadcast by number 12, 471": ec.at(4, ec.broadcast("number", agents=(471, 12))),
}


@pytest.mark.parametrize("line", SAID)
def test_a_line_and_python_say_the_same(line):
    assert parse_intervention(line, CASCADE) == SAID[line].checked(CASCADE)


def test_names_of_several_things_are_told_apart():
    said = {
        "at 1: price = 12, stock[2] = 0": ec.at(
            1, ec.set_environment(**{"price": 12, "stock[2]": 0})
        ),
        "at 1: environment stock[0] = 1, stock[1] = 2, stock[2] = 3": ec.at(
            1, ec.set_environment(stock=(1, 2, 3))
        ),
        "at 1: environment open = true": ec.at(1, ec.set_environment(open=True)),
        "at 1: column open = true": ec.at(1, ec.set_column("open", True)),
        "at 1: seed = 2": ec.at(1, ec.set_column("seed", 2)),
        "at 1: until = now + 4": ec.at(1, ec.set_environment(until=ec.NOW + 4)),
        "when stock[1] < 2: price = 1": ec.when("stock[1]", ec.set_environment(price=1), below=2),
    }
    for line, intervention in said.items():
        found = parse_intervention(line, MARKET)
        assert found == intervention.checked(MARKET)
        assert parse_intervention(str(found), MARKET) == found


WRONG = {
    "": ("^", "the line ends where should stand when it happens"),
    "at": ("  ^", "a step"),
    "att 12: transmission = 0.05": ("^", "no moment named `att`; there are: at, from, when. Did"),
    "at x: seed 3": ("   ^", "`x` is not a whole number"),
    "at -1: seed 3": ("   ^", "`-1` is below zero"),
    "at 12 transmission = 0.05": ("      ^", "but should stand `:`"),
    "at 12: transmision = 0.05": ("       ^", "Did you mean `transmission`?"),
    "at 12: transmission = 5": ("                      ^", "outside its range 0 to 1"),
    "at 12: transmission = much": ("                      ^", "`much` is no value"),
    "at 12: transmission 5": ("                    ^", "but should stand `=`"),
    "at 12: transmission = ": ("                     ^", "the line ends"),
    "at 12: degree = 5": ("       ^", "`degree` reshapes"),
    "at 12: seeds = 5": ("       ^", "no rule reads parameter `seeds`"),
    "at 12: enlarge ties": (
        "       ^",
        "no change named `enlarge`; there are: broadcast, enter, leave, remove, s",
    ),
    "at 12: remove ties": ("              ^", "`ties` is no number"),
    "at 12: sed 100": ("       ^", "Did you mean `seed`?"),
    "at 12: seed": ("           ^", "how many agents to seed"),
    "at 12: seed 1e9": ("            ^", "1000000000 agents of 3,000"),
    "at 12: seed 9 with mod = 2": ("                   ^", "no stored column named `mod`"),
    "at 12: seed 9 please": ("              ^", "one word too many"),
    "at 12: seed 9 & more": ("              ^", "one word too many"),
    "from 9 until 5: seed 3": ("             ^", "let it end at 10 or later"),
    "from 9 to 12: seed 3": ("       ^", "should stand `until`"),
    "when reched > 1: seed 3": ("     ^", "Did you mean `reached`?"),
    "when reached = 1: seed 3": ("             ^", "type `>` or `<`"),
    "when reached > some: seed 3": ("               ^", "`some` is no number"),
    "when reached_share_by_country > 1: seed 3": ("     ^", "name one: reached_share_by_country["),
    "when reached_share_by_country[NGX] > 1: seed 3": ("     ^", "named `NGX`"),
    "when reached[NGA] > 1: seed 3": ("     ^", "without groups"),
    "at 3: reached_now = true where contry = NGA": (
        "                               ^",
        "Did you mean `country`?",
    ),
    "at 3: reached_now = true where country = NGR": (
        "                                         ^",
        "no label of `country` named `NGR`; there are: AFG",
    ),
    "at 3: reached_now = true where age = old": (
        "                                     ^",
        "`age` holds no labels",
    ),
    "at 3: reached_now = 1": ("                    ^", "type true or false"),
    "at 3: reached_at = 9": ("                   ^", "never, now, or a step from 0 to 3"),
    "at 3: age = 9": ("      ^", "cannot be set; the columns that can: reached_at, reached_now"),
    "at 3: reached_now = true for 150%": ("                             ^", "from 0 to 1"),
    "at 3: reached_now = true for 10": ("                               ^", "`agents`"),
    "at 3: reached_now = true for agents 3000": (
        "                                    ^",
        "numbered 0 to 2,999",
    ),
    "at 3: transmission = 1, reached_now = true": ("                        ^", "two lines"),
    "at 3: broadcast": ("               ^", "`by`"),
    "at 3: broadcast by biggest": ("                   ^", "there are: largest, number"),
    "at 3: broadcast by number 5000": ("                          ^", "no agent 5000"),
    "at 3: broadcast by largest over ties": ("                                ^", "contacts"),
    "at 3: broadcast by largest with reached_at = now": (" " * 48 + "^", "reaches nobody"),
}


@pytest.mark.parametrize("line", WRONG)
def test_what_is_wrong_is_pointed_at(line):
    caret, said = WRONG[line]
    with pytest.raises(InterventionError) as error:
        parse_intervention(line, CASCADE)
    text, shown, pointer = str(error.value).split("\n")
    assert said in text
    assert (shown, pointer) == ("  " + line, "  " + caret)


MARKET_WRONG = {
    "at 1: open = true": "is 2 things; type `column open = ...` or `environment open = ...`",
    "at 1: prise = 1": "Did you mean `price`?",
    "at 1: price = 101": "type a whole number from 0 to 100",
    "at 1: stock = 3": "has 3 cells",
    "at 1: stock[3] = 3": "has the cells 0 to 2",
    "at 1: price[0] = 3": "is one number, without cells",
    "at 1: until = now + 6": "now + 1 to now + 5",
    "at 1: coins = 1, price = 3": "`price` is of the kind environment",
    "at 1: seed 3": "starts in 0 ways",
    "when stock > 3: price = 1": "name one: stock[0]",
}


@pytest.mark.parametrize("line", MARKET_WRONG)
def test_what_is_wrong_with_other_names_is_said(line):
    with pytest.raises(InterventionError) as error:
        parse_intervention(line, MARKET)
    assert MARKET_WRONG[line] in str(error.value)


@given(st.text(max_size=40))
def test_no_line_whatever_is_a_bug(text):
    try:
        parse_intervention(text, CASCADE)
    except InterventionError as error:
        assert str(error).count("^") >= 1


WORDS = (
    "at from until when > < = : , 3 5 -1 0.1 10% seed broadcast by largest number over contacts "
    "with where and or for agents transmission reached_now reached_at country NGA now never + true "
    "reached_share parameter column after remove all of between others"
)
words = st.sampled_from(WORDS.split())


@given(st.lists(words, max_size=12))
def test_no_words_in_any_order_are_a_bug(line):
    try:
        intervention = parse_intervention(" ".join(line), CASCADE)
    except InterventionError:
        return
    assert parse_intervention(str(intervention), CASCADE) == intervention
