"""What virality's docstring claims: branching, shapes, and what differs between true and false."""

from dataclasses import replace

import numpy as np
import pytest

import ecumene as ec
from ecumene.errors import EcumeneError
from ecumene.models import MODELS
from ecumene.models.virality.attention import activity, freshness
from ecumene.models.virality.novelty import delays, highest_ratio, mean_size
from ecumene.models.virality.stories import spread, varied, virality_false_over_true_matched
from ecumene.networks.permutation import drawn_places

virality = MODELS["virality"]
PLAIN = {"agents": 500, "decay": 0.0}  # few, since the reference asks every tie


def final(seed=1, backend="reference", lane=0, **parameters):
    """The simulation when nothing can change any more."""
    simulation = ec.Simulation(
        virality.build(**{**PLAIN, **parameters}), seed=seed, lane=lane, backend=backend
    )
    while simulation.advance():
        pass
    return simulation


def sharers(**how):
    return set(np.flatnonzero(final(**how).column("shared")).tolist())


def tree(count, backend="reference", agents=500, network=None, **parameters):
    """Many stories as lanes, with the shapes of their trees."""
    model = virality.build(**{**PLAIN, "agents": agents, **parameters})
    if network is not None:
        model = model.with_network("followers", network)
    model = replace(model, measures={"sharers": model.measures["sharers"]})
    kept = ("size", "depth", "digest")
    return ec.run_lanes(model, count, seed=1, tree="parent", keep=kept, backend=backend)


# -- the chance and what it hangs on ---------------------------------------------------------------


def test_a_fresh_post_is_passed_on_by_as_many_as_the_ratio_says():
    """The first generation of 60 stories, in one country: nobody hears one twice in it."""
    people = ec.country("IND", 20_000, from_age=13)
    model = virality.build(agents=700, decay=0.0, ratio=1.0, seeds=60).with_background(people)
    assert model.parameters["mean_followers"] == pytest.approx(33, abs=1)
    simulation = ec.Simulation(model, seed=2, backend="reference")
    simulation.advance()
    first = simulation.column("parent")[simulation.column("parent") >= 0]
    assert len(first) == pytest.approx(60, abs=4 * np.sqrt(60) * 1.7)  # authors differ in followers


def test_who_is_too_young_takes_no_part_and_the_old_less():
    assert activity(12, 13) == 0.0 and activity(13, 13) > activity(70, 13) > 0.0


def test_novelty_halves_what_a_story_gets_at_69_minutes():
    """Wu and Huberman (2007): half of all attention within 69 minutes."""
    minutes = np.arange(0, 60_000)
    rates = np.exp(-0.4 * minutes**0.4)
    assert rates.cumsum()[69] / rates.sum() == pytest.approx(0.5, abs=0.02)
    assert freshness(12, 0.4) == pytest.approx(np.exp(-0.4 * 120**0.4), rel=1e-12)
    assert freshness(0, 0.4) == freshness(50, 0.0) == 1.0


def test_stories_differ_by_a_law_whose_mean_is_the_ratio():
    assert spread(0.0).tolist()[:2] == [1.0, 1.0]
    assert spread(1.0).mean() == pytest.approx(1.0, abs=0.01)
    asked = {"ratio": 0.5, "sigma": 1.0, "decay": 0.0, "false_share": 0.25, "false_over_true": 1.0}
    numbers = np.arange(20_000)
    found = varied(asked, numbers, 7)
    assert found["ratio"].max() == 0.95 and 0.4 < found["ratio"].mean() < 0.5
    assert found["false"].mean() == pytest.approx(0.25, abs=0.02)
    kept = {"agents": 10**6, "decay": 0.4, "delay": 60.0, "delay_spread": 1.5}
    rumours = varied({**asked, **kept, "sigma": 3.0, "false_over_true": 1.7}, numbers, 7)
    infectious = rumours["ratio"] * np.where(rumours["false"], 1.7, 1.0)
    assert infectious.max() == pytest.approx(highest_ratio(*kept.values()))
    few = varied(asked, numbers[100:200], 7)
    assert all(np.array_equal(few[name], found[name][100:200]) for name in found)


def test_how_large_a_story_gets_on_average_is_worked_out_beforehand():
    """Without decay 1 / (1 - r); with it, first and second generation of a ratio near nothing."""
    assert mean_size(0.5, 0.0, 60.0, 0.1) == pytest.approx(2.0, rel=1e-6)
    after = delays(60.0, 1.5)
    assert after.sum() == 1.0 and after[0] == 0.0
    assert after[:7].sum() == pytest.approx(0.5, abs=0.06)
    fresh = np.exp(-0.4 * (10.0 * np.arange(len(after))) ** 0.4)
    small = mean_size(0.01, 0.4, 60.0, 1.5)
    assert small == pytest.approx(1.01 + 0.01**2 * (after * fresh).sum(), abs=1e-6)


def test_a_rumour_is_ended_by_novelty_and_not_by_the_number_of_people():
    """The ratio at which the mean story has a hundredth of all people, and no more."""
    few, many = (highest_ratio(agents, 0.4, 60.0, 1.5) for agents in (10**4, 10**6))
    assert 0.95 < few < many
    assert mean_size(many, 0.4, 60.0, 1.5) <= 10**4 < mean_size(many + 0.1, 0.4, 60.0, 1.5)


# -- laws ------------------------------------------------------------------------------------------


def test_a_fact_check_that_convinces_nobody_changes_nothing():
    plain, placebo = (final(ratio=1.5, seeds=4, **c).digest() for c in ({}, {"fact_check_at": 30}))
    assert plain == placebo


def test_a_stronger_fact_check_only_takes_sharers_away():
    """Nobody shares who would not have; and what happened before it stays."""
    found = [sharers(ratio=2.0, seeds=4, fact_check=c, fact_check_at=12) for c in (0.0, 0.4, 1.0)]
    assert found[0] > found[1] > found[2]


def test_more_infectious_only_adds_where_nothing_else_depends_on_when():
    assert sharers(ratio=0.8, seeds=4) <= sharers(ratio=1.5, seeds=4)


def test_a_false_story_is_a_true_one_of_a_higher_ratio_and_nothing_else():
    assert final(ratio=1.0, false=True, seeds=4).digest() == final(ratio=1.7, seeds=4).digest()


def test_slower_sharing_reaches_fewer_when_novelty_decays():
    quick, slow = (
        np.mean([len(sharers(ratio=3.0, decay=0.4, slow=s, seeds=20, lane=n)) for n in range(3)])
        for s in (1.0, 6.0)
    )
    assert slow < 0.9 * quick


def test_everybody_who_shares_has_it_from_somebody_who_shared_before():
    simulation = final(ratio=1.5, seeds=3)
    when, parent = simulation.column("shares_at"), simulation.column("parent")
    shared = np.flatnonzero(simulation.column("shared"))
    passed = shared[parent[shared] >= 0]
    assert len(shared) - len(passed) == 3
    assert np.all(when[passed] >= when[parent[passed]])


@pytest.mark.parametrize("how", [{"threshold": 3}, {"fraction": 0.2}], ids=str)
def test_complex_contagion_needs_several(how):
    """Few authors reach nobody; where many share, others join them."""
    assert len(sharers(agents=300, seeds=1, **how)) < 6
    assert len(sharers(agents=300, seeds=60, **how)) > 61


# -- shapes ----------------------------------------------------------------------------------------


def test_most_stories_are_passed_on_by_nobody():
    lanes = tree(60, ratio=0.3)
    assert 0.6 < (lanes["size"] == 1).mean() < 0.95
    assert (lanes["depth"] > 1).mean() < 0.25


@pytest.mark.slow  # lanes take the compiler half a minute
def test_an_undirected_network_of_the_same_exponent_is_super_critical():
    """There those who are reached have many ties; the same ratio then reaches a good part."""
    ties = ec.configuration(ec.power_law(2.3, 10, 10_000))
    small = {"backend": "cpu", "agents": 100_000, "ratio": 0.5}
    directed, both = (tree(200, network=n, **small)["size"] for n in (None, ties))
    assert directed.max() < 1000 and both.max() > 10_000


def test_who_shares_hangs_on_who_they_are():
    """Drawn with other people the same ties give other counts by age and country."""
    people = ec.country("JPN", 700, from_age=13)
    model = virality.build(**PLAIN, ratio=1.0, seeds=50)
    shuffled = ec.country("NGA", 700, from_age=13)
    counts = []
    for background in (people, shuffled):
        simulation = ec.Simulation(model.with_background(background), seed=1, backend="reference")
        while simulation.advance():
            pass
        counts.append(simulation.measure()["sharers_by_age"])
    old = [one["65+"] / sum(one.values()) for one in counts]
    assert old[0] > 2 * old[1]


def test_sizes_are_matched_before_shapes_are_compared():
    """False ones of a larger size have another shape; at one size there is no difference."""
    size = np.array([10, 10, 10, 100, 100, 100])
    table = {
        "size": size,
        "virality": np.where(size == 10, 2.0, 4.0),
        "false": np.array([True, False, False, True, True, False]),
    }
    assert virality_false_over_true_matched(table) == 0.0


# -- many stories in one run -----------------------------------------------------------------------


def test_many_stories_are_one_run_with_a_table_and_intervals(tmp_path):
    few = {"agents": 250, "stories": 20, "networks": 3, "sigma": 0.5, "false_share": 0.5}
    model = virality.build(**few)
    run = ec.run(model, seed=3, backend="reference", out=tmp_path)
    measures = run.record["measures"]
    assert measures["stories"] == 20 and 0.4 < measures["share_no_adopter"] < 1.0
    low, high = run.record["intervals"]["share_no_adopter"]
    assert low < measures["share_no_adopter"] < high
    again = ec.run(model, seed=3, backend="reference", out=tmp_path, fresh=True)
    assert again.record["digest"] == run.record["digest"]
    assert (
        ec.run(model, seed=4, backend="reference", out=tmp_path).record["digest"]
        != (run.record["digest"])
    )
    assert (run.path / "stories.parquet").stat().st_size > 0
    one = ec.run(model, seed=3, lane=5, backend="reference", out=tmp_path)
    assert one.record["measures"]["sharers"] >= 1 and one.record["digest"] != run.record["digest"]


def test_what_lanes_cannot_do_is_refused(tmp_path):
    model = virality.build(agents=2000, stories=10)
    change = ec.at(3, ec.set_parameter(ratio=0.1))
    with pytest.raises(EcumeneError, match="would change 10 stories while they run"):
        ec.run(model, interventions=[change], backend="reference", out=tmp_path)


@pytest.mark.slow  # lanes take the compiler half a minute
def test_stories_are_as_large_as_novelty_lets_a_branching_process_be():
    stories = tree(20_000, backend="cpu", agents=1_000_000, ratio=3.0, decay=0.4)
    expected = mean_size(3.0, 0.4, 60.0, 1.5)
    assert stories["size"].mean() == pytest.approx(expected, rel=0.1)


@pytest.mark.slow  # lanes take the compiler half a minute
def test_stories_are_those_of_a_branching_process():
    """Galton and Watson at a ratio of 0.3: nobody beyond the author 0.825, deeper than one 0.040.

    Computed for the degrees of as many people; a lane is the run made alone.
    """
    model = virality.build(agents=1_000_000, ratio=0.3, decay=0.0)
    degrees, counts = ec.power_law(2.3, 10, 100_000).classes(10**9)
    p = 0.3 / (degrees * counts).sum() * counts.sum()
    nobody = (counts * np.exp(-p * degrees)).sum() / counts.sum()
    lanes = tree(200_000, backend="cpu", agents=1_000_000, ratio=0.3)
    assert (lanes["size"] == 1).mean() == pytest.approx(nobody, abs=0.01)
    assert (lanes["size"] == 1).mean() == pytest.approx(0.825, abs=0.015)
    assert (lanes["depth"] > 1).mean() == pytest.approx(0.040, abs=0.006)
    for lane in (0, 7, 4711):
        alone = ec.Simulation(model, seed=1, lane=lane)
        while alone.advance():
            pass
        assert alone.digest() == lanes.digest(lane)


# -- backgrounds shuffled over the same people -----------------------------------------------------


def shuffled(people, key):
    """The same people with their ages and countries dealt out anew."""
    dealt = drawn_places(key, people.size, people.size)
    tables = {**people.tables, "dealt": dealt}

    def column_of(function):
        def value(identity, tables):
            return function(tables.dealt[identity], tables)

        return value

    derived = {n: replace(c, function=column_of(c.function)) for n, c in people.derived.items()}
    return replace(people, derived=derived, tables=tables)


def test_shuffled_backgrounds_change_who_shares_and_not_how_many():
    """The same ties, the same people dealt over them anew: other countries, other ages; as many."""
    people = ec.countries(["JPN", "NGA"], 700, from_age=13)
    other = shuffled(people, 5)
    for column in people.derived:
        assert sorted(people.values(column, range(700))) == sorted(other.values(column, range(700)))
    model = virality.build(**PLAIN, ratio=1.2, seeds=40)
    one, two = (final_over(model.with_background(who)) for who in (people, other))
    assert one["sharers_by_country"] != two["sharers_by_country"]
    assert one["sharers_by_age"] != two["sharers_by_age"]
    assert two["sharers"] == pytest.approx(one["sharers"], rel=0.25)


def final_over(model):
    simulation = ec.Simulation(model, seed=1, backend="reference")
    while simulation.advance():
        pass
    return simulation.measure()
