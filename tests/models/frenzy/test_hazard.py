"""Bass's adoption: the closed form in the limit of short steps, and what follows from coupling."""

from functools import cache
from math import exp

import numpy as np
import pytest

import ecumene as ec
from ecumene.models import MODELS
from ecumene.models.frenzy.scoring import SPREAD, peak

frenzy = MODELS["frenzy"]
BASS = {"innovation": 0.03, "imitation": 0.38, "contacts": 0}


def courses(agents, steps_per_year, years, seed=1, backend="cpu", **parameters):
    """The adopted share at the end of each year."""
    values = {**BASS, "agents": agents, "steps_per_year": steps_per_year, **parameters}
    simulation = ec.Simulation(frenzy(**values), seed=seed, backend=backend)
    shares = []
    for _ in range(years):
        for _ in range(steps_per_year):
            simulation.advance()
        shares.append(simulation.measure()["adopted_share"])
    return np.array(shares), simulation


def bass(t, p=0.03, q=0.38):
    """F(t) = (1 - e**(-(p+q)t)) / (1 + (q/p) e**(-(p+q)t))."""
    grown = np.exp(-(p + q) * t)
    return (1 - grown) / (1 + q / p * grown)


def expected(steps_per_year, years):
    """The mean course of agents who all see everybody, step by step."""
    share, shares = 0.0, []
    for _ in range(years):
        for _ in range(steps_per_year):
            share += (1 - share) * (1 - exp(-(0.03 + 0.38 * share) / steps_per_year))
        shares.append(share)
    return np.array(shares)


YEARS = np.arange(1, 13)


@cache
def mean_course(steps_per_year):
    return np.mean([courses(20_000, steps_per_year, 12, seed=s)[0] for s in range(6)], 0)


@pytest.mark.parametrize("steps_per_year", [1, 4, 16])
def test_the_mean_of_worlds_is_the_mean_field(steps_per_year):
    found = mean_course(steps_per_year)
    assert found == pytest.approx(expected(steps_per_year, 12), abs=0.012)


def test_the_error_halves_with_the_step():
    """Against the closed form; from a year to a sixteenth of one it falls as the step does."""
    errors = [np.abs(expected(n, 12) - bass(YEARS)).max() for n in (1, 2, 4, 8, 16, 32)]
    ratios = np.array(errors[:-1]) / errors[1:]
    assert ratios == pytest.approx(2.0, abs=0.35)
    found = [np.abs(mean_course(n) - bass(YEARS)).max() for n in (1, 4, 16)]
    assert found[0] > 2.5 * found[1] > 2.5 * 1.5 * found[2]


def test_meetings_with_everybody_are_the_complete_graph():
    model = frenzy(**{**BASS, "agents": 1000, "steps_per_year": 8, "contacts": 1})
    everybody = model.with_network("contacts", ec.everybody())
    simulation = ec.Simulation(everybody, seed=3, backend="reference")
    shares = []
    for step in range(12 * 8):
        simulation.advance()
        if step % 8 == 7:
            shares.append(simulation.measure()["adopted_share"])
    assert np.array(shares) == pytest.approx(bass(YEARS), abs=0.07)


def test_the_fit_finds_the_peak_of_the_closed_form():
    quarters = np.append(np.rint(1e9 * bass(np.arange(41) / 4)), np.zeros(59))
    found = peak(quarters, 1e9)
    assert found["time of the adoption peak"] == pytest.approx(np.log(0.38 / 0.03) / 0.41, abs=0.01)
    assert found["height of the adoption peak"] == pytest.approx(0.41**2 / 1.52, rel=0.002)
    assert found["adopted share at the peak"] == pytest.approx(0.5 - 0.03 / 0.76, abs=0.002)


def test_it_finds_no_peak_where_there_is_none():
    assert peak(np.zeros(100), 1000) is None
    assert peak(np.append(np.rint(1e9 * bass(np.arange(9) / 4)), np.zeros(91)), 1e9) is None


@pytest.mark.slow
def test_the_spread_between_seeds_is_as_stated():
    found = []
    for seed in range(12):
        _, simulation = courses(20_000, 64, 10, seed=seed)
        found.append(list(peak(simulation.environment["by_quarter"], 20_000).values()))
    spread = np.std(found, axis=0, ddof=1) * 20_000**0.5
    stated = np.array([SPREAD[name] for name in list(SPREAD)[:3]])
    assert np.all((spread > 0.5 * stated) & (spread < 1.7 * stated))


def test_more_imitation_only_makes_earlier(backend):
    """Under the same luck nobody adopts later when others persuade more."""
    less, more = (
        courses(300, 12, 4, 1, backend, imitation=q)[1].column("adopted_at") for q in (0.2, 0.9)
    )
    assert np.all(more <= less) and np.any(more < less)


def test_nobody_adopts_without_a_reason(backend):
    shares, _ = courses(300, 4, 3, backend=backend, innovation=0.0)
    assert shares.tolist() == [0, 0, 0]


def test_contacts_who_have_none_to_show_persuade_nobody():
    backend = "reference"
    _, simulation = courses(300, 4, 3, backend=backend, innovation=0.0, contacts=5, starters=0.01)
    reached = simulation.measure()["adopted"]
    _, alone = courses(300, 4, 3, backend=backend, innovation=0.0, contacts=5)
    assert reached > 3 and alone.measure()["adopted"] == 0


def test_two_percent_become_forty_in_a_year():
    shares, _ = courses(
        20_000, 365, 1, innovation=0.0, imitation=3.49, starters=0.02, backend="cpu"
    )
    slow, _ = courses(20_000, 16, 1, starters=0.02)
    assert shares[0] == pytest.approx(0.40, abs=0.04) and slow[0] < 0.08
