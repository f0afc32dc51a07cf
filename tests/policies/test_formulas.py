"""Formulas give exactly what theory says, on every machine the same."""

from fractions import Fraction

import pytest

import ecumene as ec
from ecumene.errors import ModelError

LEVELS = (ec.levels("wealth", 3), ec.levels("trust", 2))
TWO = {"keep": "keeps", "give": "gives"}


def worth(action, wealth, trust):
    return wealth * Fraction(1, 2) + trust if action == "give" else 1


def test_a_logit_follows_its_formula_and_stays_what_it_is():
    policy = ec.logit_policy(LEVELS, TWO, worth, precision=2)
    assert policy.chances(1, 1)["give"] == pytest.approx(0.7310585786300049, abs=1e-15)
    assert policy.chances(2, 0)["give"] == 0.5
    # 1 / (1 + e) times 2**63, by 50 digits.
    assert policy.thresholds[3, 0] == 2480546785415990427
    assert policy.digest()[:16] == "17caf12d113124ea"


def test_without_precision_anything_is_alike_and_with_much_the_best_is_sure():
    assert set(ec.logit_policy(LEVELS, TWO, worth, precision=0).probabilities().ravel()) == {0.5}
    sharp = ec.logit_policy(LEVELS, TWO, worth, precision=1000)
    assert sharp.chances(0, 0)["keep"] == 1.0 and sharp.chances(2, 1)["give"] == 1.0


def test_better_pay_never_makes_an_action_rarer():
    chances = [
        ec.logit_policy(LEVELS, TWO, worth, precision=p).chances(2, 1)["give"] for p in (0, 1, 2, 9)
    ]
    assert chances == sorted(chances)


def test_a_threshold_is_reached_where_it_is_met():
    joined = ec.threshold_policy(
        (ec.levels("neighbours", 5),),
        {"wait": "", "join": "", "lead": ""},
        lambda n: n / 4,
        (0.25, 1),
    )
    assert joined.probabilities().argmax(axis=1).tolist() == [0, 1, 1, 1, 2]
    assert set(joined.probabilities().ravel()) == {0.0, 1.0}
    slips = ec.threshold_policy(LEVELS, TWO, lambda w, t: w, (2,), slip=0.5)
    assert slips.chances(0, 0) == {"keep": 0.75, "give": 0.25}


def test_a_best_response_is_best_and_ties_are_split():
    def pays(mine, other, wealth, trust):
        return {"keep": 1, "give": 3 if other == "give" else 0}[mine]

    def believes(wealth, trust):
        return {"give": Fraction(1, 3) if wealth == 1 else trust, "keep": Fraction(2, 3)}

    best = ec.best_response_policy(LEVELS, TWO, pays, believes)
    assert best.chances(0, 0)["give"] == 0  # nobody gives: keeping pays 2/3, giving nothing
    assert best.chances(1, 0)["give"] == 0.5  # a third of three is as much as one
    assert best.chances(0, 1)["give"] == 1


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: ec.logit_policy(LEVELS, TWO, lambda a, w, t: float("nan")), "no finite number"),
        (lambda: ec.logit_policy(LEVELS, TWO, lambda a, w, t: None), "None is no finite"),
        (lambda: ec.threshold_policy(LEVELS, TWO, lambda w, t: w, (1, 2)), "2 cuts between 2"),
        (lambda: ec.threshold_policy(LEVELS, TWO, lambda w, t: w, (1,), slip=2), "slip=2"),
    ],
)
def test_what_is_no_formula_is_refused(make, said):
    with pytest.raises(ModelError, match=said):
        make()
