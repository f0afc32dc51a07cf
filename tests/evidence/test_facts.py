"""The claims of the articles keep their status."""

import pytest

from ecumene.errors import InputError
from ecumene.evidence.facts import KINDS, STATUSES, _fact, facts
from ecumene.evidence.reading import rows


def test_every_claim_has_an_id_of_its_own_a_kind_and_a_status():
    assert len({fact.id for fact in facts()}) == len(facts()) == 137
    assert {fact.kind for fact in facts()} == set(KINDS)
    assert {fact.status for fact in facts()} == set(STATUSES)


def test_a_quote_is_a_locator_of_at_most_20_characters():
    assert max(len(fact.quote) for fact in facts()) <= 20
    assert all(fact.quote and fact.line > 0 for fact in facts())


def test_a_status_outside_the_list_is_an_error():
    row = rows("facts")[0] | {"status": "true"}
    with pytest.raises(InputError, match=r"facts.csv, F001: no status named `true`"):
        _fact(row)


def test_a_contradicted_claim_says_by_what():
    assert all(fact.note for fact in facts() if fact.status in ("contradicted", "doubtful"))
