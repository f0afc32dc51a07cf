"""Who agents are: the table's marginals, compiled bits equal to plain Python's."""

import numpy as np
import pytest
from scipy.stats import spearmanr

from ecumene.population import country, people, world_population
from ecumene.population.places import world
from ecumene.population.tables import age_below

N = 10**6
LARGE = 1000  # people of a place, for shares to be as good as normal


@pytest.fixture(scope="module")
def background():
    return world_population(N)


@pytest.fixture(scope="module")
def columns(background, evaluate):
    return {name: evaluate(background, name) for name in background.names}


@pytest.fixture(scope="module")
def counts(background):
    return np.diff(background.tables["place_start"])


def scores(columns, counts, values, shares, who=None):
    """Standard scores of each larger place's share of `values` against the table's `shares`."""
    who = np.ones(N, bool) if who is None else who
    wanted = np.array([float(share) for share in shares])
    n = np.bincount(columns["country"], who, len(counts))
    found = np.bincount(columns["country"], who & values, len(counts))
    some = (n >= LARGE) & (wanted > 0) & (wanted < 1)
    wanted, found, n = wanted[some], found[some], n[some]
    return (found / n - wanted) / np.sqrt(wanted * (1 - wanted) / n)


def assert_like_noise(scores):
    """Scores of right marginals: their squares average 1 and none is far.

    Of hundreds of right ones some lie beyond 3 standard errors, so they are judged together.
    """
    assert np.abs(scores).max() < 4.5
    assert np.mean(scores**2) == pytest.approx(1, abs=3 * np.sqrt(2 / len(scores)))


@pytest.mark.parametrize("name", world_population(1).names)
def test_compiled_columns_hold_the_bits_of_plain_python(background, columns, name):
    some = range(0, N, 4999)
    assert background.values(name, some) == columns[name][some].tolist()


def test_a_country_is_a_contiguous_range_of_exactly_its_count(columns, counts):
    assert (np.diff(columns["country"]) >= 0).all()
    assert (np.bincount(columns["country"]) == counts).all()
    total = sum(p.thousands for p in world())
    for count, p in zip(counts, world(), strict=True):
        assert abs(count - N * p.thousands / total) < 1


def test_ages_are_the_tables_in_every_place(columns, counts):
    assert_like_noise(
        np.concatenate(
            [
                scores(columns, counts, columns["age"] < years, [p.ages[i] for p in world()])
                for i, years in enumerate((15, 20, 40, 60, 65))
            ]
        )
    )


def test_age_bands_are_the_ages_they_name(columns):
    edges = [15, 20, 40, 60, 65]
    assert (columns["age_band"] == np.searchsorted(edges, columns["age"], side="right")).all()
    assert len(people.AGE_BANDS) == len(edges) + 1


def test_urban_shares_are_the_tables_in_every_place(columns, counts):
    assert_like_noise(scores(columns, counts, columns["urban"] > 0, [p.urban for p in world()]))


def test_adults_trust_as_the_table_says_and_children_do_not(columns, counts):
    adult = columns["age"] >= 18
    trusting = columns["trust"] > 0
    assert not trusting[~adult].any()
    assert_like_noise(scores(columns, counts, trusting, [p.trust for p in world()], adult))


def test_nobody_was_at_school_before_6_or_for_longer_than_since(columns):
    assert (columns["schooling"] <= np.maximum(columns["age"] - 6, 0)).all()
    assert columns["schooling"].max() == 20
    assert columns["schooling"].min() == 0


def test_mean_schooling_from_25_on_is_the_tables(columns, counts):
    grown = columns["age"] >= 25
    n = np.bincount(columns["country"], grown, len(counts))
    years = columns["schooling"]
    means = np.bincount(columns["country"], grown * years, len(counts)) / n
    squares = np.bincount(columns["country"], grown * years**2, len(counts)) / n
    errors = np.sqrt((squares - means**2) / n)
    some = n >= LARGE
    wanted = np.array([float(p.schooling) for p in world()])
    assert_like_noise((means[some] - wanted[some]) / errors[some])


@pytest.mark.parametrize("code", ["IND", "NGA", "SWE"])
def test_a_country_alone_is_within_three_standard_errors(evaluate, code):
    n = 200_000
    alone, (figures,) = country(code, n), [p for p in world() if p.code == code]
    age = evaluate(alone, "age")
    found = [(age < y).mean() for y in (15, 20, 40, 60, 65)] + [evaluate(alone, "urban").mean()]
    wanted = np.array([float(share) for share in (*figures.ages, figures.urban)])
    assert (np.abs(found - wanted) < 3 * np.sqrt(wanted * (1 - wanted) / n)).all()
    adult, wanted = age >= 18, float(figures.trust)
    error = np.sqrt(wanted * (1 - wanted) / adult.sum())
    assert abs(evaluate(alone, "trust")[adult].mean() - wanted) < 3 * error


def test_mean_income_and_its_gini_are_the_tables(columns):
    for name, gni, gini in (("India", 6951, 0.404), ("United States", 65565, 0.461)):
        number = next(i for i, p in enumerate(world()) if p.name == name)
        income = np.sort(columns["income"][columns["country"] == number]).astype(float)
        n = len(income)
        assert abs(income.mean() - gni) < 4 * income.std() / np.sqrt(n)
        ranks = np.arange(1, n + 1)
        found = 2 * (ranks * income).sum() / (n * income.sum()) - (n + 1) / n
        assert found == pytest.approx(gini, abs=0.01)


def test_ranks_of_income_and_schooling_correlate_by_two_fifths(evaluate):
    india = country("IND", 200_000)
    grown = evaluate(india, "age") >= 26  # whoever is older was not cut short by age
    found = spearmanr(evaluate(india, "schooling")[grown], evaluate(india, "income")[grown])[0]
    assert found == pytest.approx(0.4, abs=0.02)  # a hundredth is lost to ties in schooling


def test_other_columns_of_a_person_are_independent(columns):
    here = columns["country"] == 0
    some = [columns[c][here] for c in ("age", "urban", "income")]
    assert np.abs(np.corrcoef(some) - np.eye(3)).max() < 4 / np.sqrt(here.sum())


def test_the_world_matches_the_population_weighted_table(columns, counts):
    trust, urban = (np.array([float(getattr(p, f)) for p in world()]) for f in ("trust", "urban"))
    below = np.array([age_below(p) for p in world()]) / people.ONE
    adults = counts * (1 - below[:, 17])
    adult = columns["age"] >= 18
    wanted = (adults * trust).sum() / adults.sum()
    found = columns["trust"][adult].mean()
    assert abs(found - wanted) < 3 * np.sqrt(wanted * (1 - wanted) / adult.sum())
    wanted = (counts * urban).sum() / N
    assert abs(columns["urban"].mean() - wanted) < 3 * np.sqrt(wanted * (1 - wanted) / N)
    mixed = np.concatenate(([0], counts @ below / N))
    median = np.interp(0.5, mixed, np.arange(101))
    density = np.interp(median + 0.5, np.arange(101), mixed) - np.interp(
        median - 0.5, np.arange(101), mixed
    )
    ages = np.concatenate(([0], np.cumsum(np.bincount(columns["age"], minlength=100)) / N))
    found = np.interp(0.5, ages, np.arange(101))
    assert abs(found - median) < 3 * 0.5 / (np.sqrt(N) * density)
