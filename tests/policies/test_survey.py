"""A policy fitted to a survey's file finds what the file was drawn from."""

import numpy as np
import pytest

import ecumene as ec
from ecumene.errors import InputError, ModelError

COLUMNS = (ec.binned("age", (30, 60)), ec.levels("trust", ("no", "yes")))
TWO = {"stay": "stays at home", "vote": "votes"}
TRUE = 1 / (1 + np.exp(-(np.array([-1.0, 0.0, 1.0])[:, None] + np.array([-0.5, 0.5]))))


def survey(size=6000, seed=3):
    """Persons whose chance to vote follows a logit of age and trust."""
    draws = np.random.default_rng(seed)
    age, trust = draws.integers(18, 90, size), draws.integers(0, 2, size)
    votes = draws.random(size) < TRUE[np.digitize(age, (30, 60)), trust]
    weight = draws.choice([0.5, 2.0], size)
    choice = np.where(votes, "vote", "stay").tolist()
    return {"age": age, "trust": trust, "choice": choice, "weight": weight}


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("survey") / "survey.csv"
    people = survey()
    lines = ["age,trust,choice,weight"]
    for age, trust, choice, weight in zip(*people.values(), strict=True):
        lines.append(f"{age},{('no', 'yes')[trust]},{choice},{weight}")
    path.write_text("\n".join([*lines, ",yes,vote,1", "40,maybe,vote,1", "40,yes,dance,1"]) + "\n")
    return path


@pytest.mark.parametrize("how", ["multinomial", "shares"])
def test_the_fit_finds_the_chances_that_people_were_drawn_by(file, how):
    policy = ec.survey_policy(file, COLUMNS, TWO, choice="choice", weight="weight", how=how)
    found = policy.probabilities()[:, 1].reshape(3, 2)
    within = 4 * policy.uncertainty.reshape(3, 2)
    assert np.all(np.abs(found - TRUE) < within) and within.max() < 0.2
    assert policy.about["persons"] == 6000 and policy.about["left_out"] == 3
    assert policy.sources == ("survey.csv",)


def test_weights_count_as_persons():
    people = survey(400)
    twice = {n: [*v, *np.array(v)[np.array(people["weight"]) == 2]] for n, v in people.items()}
    ones = {**people, "weight": np.where(people["weight"] == 2, 2.0, 1.0)}
    how = {"choice": "choice", "how": "shares"}
    one = ec.survey_policy(ones, COLUMNS, TWO, weight="weight", **how)
    two = ec.survey_policy(twice, COLUMNS, TWO, **how)
    assert one.probabilities() == pytest.approx(two.probabilities())


def test_what_everybody_chose_is_certain():
    people = {"age": [20, 40], "trust": [0, 1], "choice": ["vote", "vote"]}
    policy = ec.survey_policy(people, COLUMNS, TWO, choice="choice")
    assert set(policy.probabilities()[:, 1]) == {1.0}


@pytest.mark.parametrize(
    ("change", "how", "said"),
    [
        ({}, {"choice": "chioce"}, "no column named `chioce`.*Did you mean `choice`"),
        ({}, {"weight": "wight"}, "no column named `wight`"),
        ({"weight": [-1.0, 1.0]}, {"weight": "weight"}, "below 0"),
        ({"choice": ["dance", "sing"]}, {}, "nobody in frame has all of age, trust and a `choice`"),
    ],
)
def test_what_is_no_survey_of_it_is_refused(change, how, said):
    people = {"age": [20, 40], "trust": [0, 1], "choice": ["vote", "stay"], "weight": [1.0, 1.0]}
    with pytest.raises(InputError, match=said):
        ec.survey_policy({**people, **change}, COLUMNS, TWO, **{"choice": "choice", **how})


def test_an_unknown_way_and_no_penalty_are_refused():
    people = survey(50)
    with pytest.raises(ModelError, match="no way to fit named `share`"):
        ec.survey_policy(people, COLUMNS, TWO, choice="choice", how="share")
    with pytest.raises(ModelError, match="penalty=0"):
        ec.survey_policy(people, COLUMNS, TWO, choice="choice", penalty=0)
