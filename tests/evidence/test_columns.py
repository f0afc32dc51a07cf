"""Law 7 over the country tables: every number that ships has a source and terms."""

import pytest

from ecumene.evidence.columns import columns
from ecumene.evidence.reading import rows


@pytest.mark.parametrize("table", ["countries", "regions"])
def test_every_column_that_ships_has_a_provenance_and_none_is_left_over(table):
    assert {c.column for c in columns() if c.table == table} == set(rows(table)[0])


def test_every_provenance_names_meaning_provider_licence_and_attribution():
    for column in columns():
        assert column.meaning, column
        assert column.unit, column
        assert column.provider, column
        assert column.year, column
        assert column.licence, column
        assert column.terms_seen, column
        assert column.attribution, column


def test_surveys_whose_terms_could_not_be_seen_are_left_out():
    assert not {"trust_pew2025_pct", "trust_ivs2022_pct"} & set(rows("countries")[0])
