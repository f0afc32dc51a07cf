"""The country table is whole, and its gaps are gaps."""

from ecumene.evidence.countries import countries, regions


def test_there_are_62_countries_each_once_and_each_in_a_region():
    assert len({country.iso3 for country in countries()}) == 62
    assert {country.region for country in countries()} == set(regions())


def test_the_regions_sum_to_the_published_world_total():
    assert abs(sum(regions().values()) - 8_231_613) <= len(regions())  # thousands, each rounded


def test_no_region_has_fewer_people_than_its_countries():
    for region, people in regions().items():
        assert sum(c.thousands for c in countries() if c.region == region) < people


def test_age_shares_sum_to_a_hundred_within_rounding():
    for c in countries():
        total = c.aged_0_14 + c.aged_15_19 + c.aged_20_39 + c.aged_40_59 + c.aged_60plus
        assert abs(total - 100) < 0.25
        assert c.aged_65plus <= c.aged_60plus


def test_missing_figures_are_none_and_not_zero():
    missing = {c.iso3 for c in countries() if c.trust is None}
    assert missing == {"COD", "AFG", "AGO"}
    assert [c.iso3 for c in countries() if c.gni is None] == ["TWN"]


def test_a_trust_figure_names_its_survey():
    for country in countries():
        assert (country.trust is None) == (not country.trust_survey)
