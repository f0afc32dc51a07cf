"""What opinion's docstring claims: camps, closed forms, phases, and what a recommender changes."""

import numpy as np
import pytest

import ecumene as ec
from ecumene.engine import Outcome
from ecumene.errors import EcumeneError
from ecumene.models import MODELS
from ecumene.models.opinion.arithmetic import power, tanh
from ecumene.models.opinion.opinions import ONE, POSTS
from ecumene.models.opinion.radicalising import activities, bin_outwards, middle_of
from ecumene.networks import Explicit
from ecumene.testing import check_model

from ..societies import rows

opinion = MODELS["opinion"]


def after(steps, preset=None, seed=1, backend="cpu", **changes):
    """The simulation some steps later."""
    model = opinion.build(**{**opinion.presets.get(preset, {}), **changes})
    simulation = ec.Simulation(model, seed=seed, backend=backend)
    for _ in range(steps):
        simulation.advance()
    return simulation


def camps(steps, preset, seeds=16, **changes):
    """Camps of 5 % or more and the largest one's share, on average over some seeds."""
    found = [after(steps, preset, seed, **changes).measured("camps") for seed in range(seeds)]
    return tuple(np.mean([one[name] for one in found]) for name in ("number", "largest"))


# The ranges are those of the targets; largest shares as computed from the equations.
@pytest.mark.parametrize(
    ("preset", "tolerance", "low", "high", "largest"),
    [
        ("deffuant", 0.1, 3.5, 5.0, 0.30),
        ("deffuant", 0.2, 1.6, 2.4, 0.55),
        ("deffuant", 0.3, 1.0, 1.2, 0.998),
        ("hegselmann-krause", 0.1, 3.4, 4.6, 0.35),
        ("hegselmann-krause", 0.2, 1.4, 2.2, 0.64),
        ("hegselmann-krause", 0.3, 1.0, 1.2, 1.0),
    ],
)
def test_so_many_camps_remain(preset, tolerance, low, high, largest):
    steps = 120 if preset == "deffuant" else 40
    number, share = camps(steps, preset, tolerance=tolerance)
    assert low <= number <= high
    assert share == pytest.approx(largest, abs=0.12)


@pytest.mark.slow
def test_with_a_tolerance_of_a_half_nobody_stays_apart():
    """Deffuant's threshold of consensus without satellites is 1/2, on any topology."""
    assert camps(300, "deffuant", tolerance=0.5, seeds=4) == (1.0, 1.0)
    number, largest = camps(400, "deffuant", tolerance=0.55, degree=10, seeds=3)
    assert number == 1.0 and largest > 0.99
    assert camps(300, "deffuant", tolerance=0.1, degree=10, seeds=3)[0] > 2


@pytest.mark.parametrize("pull", [0.1, 0.5, 0.37])
def test_meetings_conserve_the_sum_of_opinions(pull):
    simulation = after(1, "deffuant", tolerance=0.4, pull=pull)
    total = simulation.column("opinion").sum()
    assert total == simulation.column("first").sum()
    for _ in range(10):
        simulation.advance()
        assert simulation.column("opinion").sum() == total


def weights(ties, agents):
    """Everybody's weights: oneself and each tie alike."""
    matrix = np.eye(agents)
    for a, b in ties:
        matrix[a, b] += 1
        matrix[b, a] += 1
    return matrix / matrix.sum(axis=1, keepdims=True)


def graph(agents=30, ties=60, seed=5):
    """A connected random graph: a ring and some chords."""
    luck = np.random.default_rng(seed)
    pairs = luck.integers(0, agents, (ties, 2)).tolist()
    chords = {(min(pair), max(pair)) for pair in pairs if pair[0] != pair[1]}
    return sorted(chords | {(i, (i + 1) % agents) for i in range(agents - 1)} | {(0, agents - 1)})


def on(ties, agents, steps, preset, backend="reference", **changes):
    model = opinion.build(**{**opinion.presets[preset], "agents": agents, **changes})
    network = rows(agents, ties, directed=False)
    simulation = ec.Simulation(model.with_network("ties", network), seed=2, backend=backend)
    for _ in range(steps):
        simulation.advance()
    return simulation


@pytest.mark.parametrize("stubbornness", [0.3, 0.8])
def test_friedkin_and_johnsen_reach_their_closed_form(stubbornness):
    ties, n = graph(), 30
    simulation = on(ties, n, 60, "friedkin-johnsen", stubbornness=stubbornness)
    first, openness = simulation.column("first") / ONE, 1 - stubbornness
    system = np.eye(n) - openness * weights(ties, n)
    wanted = np.linalg.solve(system, stubbornness * first)
    assert np.abs(simulation.column("opinion") / ONE - wanted).max() < 2e-5


def test_degroot_agrees_on_the_mean_weighted_by_centrality():
    """By how many one hears, oneself included: the weights' left eigenvector."""
    ties, n = graph(), 30
    simulation = on(ties, n, 150, "degroot")
    values, vectors = np.linalg.eig(weights(ties, n).T)
    centrality = np.real(vectors[:, np.argmax(np.real(values))])
    wanted = centrality @ (simulation.column("first") / ONE) / centrality.sum()
    reached = simulation.column("opinion") / ONE
    assert reached.max() - reached.min() < 1e-4
    assert reached.mean() == pytest.approx(wanted, abs=1e-4)


def test_stubborn_ones_stay_and_open_ones_without_pull_too(backend):
    for changes in ({"stubbornness": 1.0}, {"pull": 0.0}):
        simulation = after(3, "deffuant", agents=60, backend=backend, **changes)
        assert (simulation.column("opinion") == simulation.column("first")).all()


def test_averages_over_everybody_are_those_of_plain_numpy():
    """Hegselmann and Krause's step on the same opinions, to the bins' thousandth of the range."""
    simulation = after(1, "hegselmann-krause", agents=400, tolerance=0.15)
    x = simulation.column("first") / ONE
    near = np.abs(x[:, None] - x[None, :]) <= 0.15
    wanted = (near * x).sum(axis=1) / near.sum(axis=1)
    assert np.abs(simulation.column("opinion") / ONE - wanted).max() < 6e-3


def radical(preset, steps=300, agents=200, **changes):
    return after(steps, preset, agents=agents, backend="reference", **changes)


def test_without_controversy_all_agree_on_nothing():
    early, late = (radical("neutral-consensus", s).measured("variance") for s in (20, 150))
    assert late < early / 5 < 0.1


@pytest.fixture(scope="module")
def polarised():
    return radical("polarised", 250)


def test_controversy_makes_one_side_and_homophily_two(polarised):
    one, two = radical("one-sided", 250), polarised
    above, both = one.measured("above_middle"), two.measured("above_middle")
    assert min(above, 1 - above) < 0.02 and 0.3 < both < 0.7
    assert two.measured("with_what_is_heard") > 0.9  # echo chambers
    assert two.measured("like_minded") > 0.9


def test_who_is_more_active_holds_stronger_opinions(polarised):
    """Baumann et al. (2020): engagement rises with how far out one's opinion lies."""
    activity, far = polarised.column("activity"), np.abs(polarised.column("opinion"))
    most = activity >= np.quantile(activity, 0.9)
    assert far[most].mean() > 2 * far[~most].mean()


def test_outward_bins_hold_what_they_say():
    for b in range(POSTS):
        assert bin_outwards(int(middle_of(b) * ONE)) == b
    assert bin_outwards(100 * ONE) == POSTS - 1 and bin_outwards(-100 * ONE) == 0
    found = [bin_outwards(x) for x in range(-20 * ONE, 20 * ONE, 9_973)]
    assert found == sorted(found)


def test_activities_follow_their_law():
    drawn = np.array(activities(0.01, 2.1)) / 65_535
    assert drawn.min() >= 0.0099 and drawn.max() <= 1 and (np.diff(drawn) >= 0).all()
    above = [(x**-1.1 - 1) / (0.01**-1.1 - 1) for x in (0.02, 0.05, 0.1)]
    assert [np.mean(drawn > x) for x in (0.02, 0.05, 0.1)] == pytest.approx(above, abs=2e-3)


def test_the_arithmetic_is_that_of_numpy():
    y = np.linspace(-30, 20, 301)
    assert [tanh(v) for v in y] == pytest.approx(np.tanh(y), abs=1e-13)
    x = np.geomspace(1e-6, 1e6, 201)
    assert [power(v, -2.5) for v in x] == pytest.approx(x**-2.5, rel=1e-12)
    assert (tanh(1e9), tanh(-1e9)) == (1.0, -1.0)


def exposure(**shares):
    """The like-minded share of what people with even opinions are shown, in one round."""
    simulation = after(1, agents=3000, backend="reference", stubbornness=1.0, **shares)
    return simulation.measured("like_minded")


def test_a_recommender_changes_what_is_seen_as_it_says():
    plain = exposure(chronological=1.0)
    assert plain == pytest.approx(2 * 0.2 - 0.2**2, abs=0.03)  # two of an even spread within 0.2
    assert exposure(similar=1.0) > 0.8
    assert exposure(bridging=1.0, tolerance=0.5) < plain - 0.1
    assert exposure(outraging=1.0) < plain


def test_what_is_seen_may_be_segregated_and_no_opinion_change():
    """The field experiments of 2020: half of what is seen like-minded, a third less, no effect."""
    simulation = after(30, "bubbles", agents=2000, treated=0.5, backend="reference")
    treated = simulation.column("treated") == 1
    seen, alike = simulation.column("seen"), simulation.column("alike")
    share = [alike[who].sum() / seen[who].sum() for who in (~treated, treated)]
    assert share[0] == pytest.approx(0.54, abs=0.05)  # the measure averages over both groups
    assert share[1] == pytest.approx(share[0] * 2 / 3, abs=0.06)
    first, now = (simulation.column(name) / ONE for name in ("first", "opinion"))
    moved = np.abs(now - 0.5) - np.abs(first - 0.5)
    assert abs(moved[treated].mean() - moved[~treated].mean()) / now.std() < 0.03


def test_a_treatment_that_cuts_nothing_is_a_placebo():
    simulations = [
        after(3, "bubbles", agents=200, backend="reference", treated=t, cut=0.0) for t in (0.4, 0.9)
    ]
    columns = [simulation.column("opinion").tolist() for simulation in simulations]
    assert columns[0] == columns[1]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"similar": 0.7, "bridging": 0.7}, "make up 1.4"),
        ({"influence": 3.0, "degree": 4}, "among everybody"),
        ({"averaging": True, "similar": 0.3}, "averages over everybody"),
        ({"degree": 4, "chronological": 0.3}, "over ties"),
        ({"treated": 0.3}, "needs a recommender"),
    ],
)
def test_parameters_without_effect_together_are_refused(wrong, said):
    with pytest.raises(EcumeneError, match=said):
        opinion.build(**wrong)


def test_camps_are_scored_where_the_table_means_them():
    card = opinion.build(**opinion.presets["deffuant"]).score
    found = after(2, "deffuant", backend="reference", agents=50)
    given = {**found.model.parameters}
    scored = card(Outcome(1000, 300, given, {"camps": {"number": 2}}))
    assert scored == {"clusters of 5 percent or more at epsilon 0.20": (2, 2.0, 2.0)}
    assert card(Outcome(999, 300, given, {"camps": {"number": 2}})) == {}
    assert card(Outcome(1000, 300, {**given, "degree": 4}, {"camps": {"number": 2}})) == {}


VARIANTS = {
    "meetings": {},
    "recommender": {"similar": 0.3, "outraging": 0.2, "bridging": 0.2, "treated": 0.5},
    "averages": {"averaging": True},
    "one tie": {"degree": 6, "similar": 0.5, "bridging": 0.2},
    "all ties": {"degree": 6, "averaging": True, "similar": 0.5, "outraging": 0.3},
    "activity": {"influence": 3.0, "lowest": -1.0},
}


@pytest.mark.parametrize(
    "variant",
    [v if v == "meetings" else pytest.param(v, marks=pytest.mark.slow) for v in VARIANTS],
)
def test_it_keeps_the_laws(variant):
    check_model(opinion, agents=120, steps=4, **VARIANTS[variant])


@pytest.mark.slow
@pytest.mark.parametrize("variant", ["meetings", "averages", "activity"])
def test_its_measures_do_not_drift_with_size(variant):
    check_model(
        opinion,
        agents=1000,
        steps=10,
        seeds=6,
        intensive=["variance", "opinion", "like_minded"],
        **VARIANTS[variant],
    )


def test_any_network_may_stand_for_its_ties():
    assert isinstance(on(graph(), 30, 1, "deffuant", degree=3).model.networks["ties"], Explicit)
