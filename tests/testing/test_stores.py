"""The contract of stores holds for the one that is shipped, and sees those that break it."""

import pytest

from ecumene.store import Store
from ecumene.testing import StoreContract


class TestStore(StoreContract):
    store = Store


class Hasty(Store):
    """A store that takes what is still written for whole."""

    def stored(self, name):
        found = super().stored(name)
        return found or next((run for run in self.list() if run.name == name), None)


class Blind(Store):
    """A store that looks at no checksum."""

    def find(self, run):
        found = super().find(run)
        found._check = lambda name: None
        return found


class Eager(Store):
    """A store that makes its folder at once."""

    def __init__(self, path):
        super().__init__(path)
        self.path.mkdir()


class Hoarder(Store):
    """A store that keeps a later run of the same name under another."""

    def open_partial(self, name, record):
        return super().open_partial(f"{name}-{len(self.list())}" if self.list() else name, record)


@pytest.mark.parametrize(
    ("broken", "test"),
    [
        (Hasty, "test_what_is_unfinished_is_never_taken_for_a_result"),
        (Blind, "test_a_run_that_is_damaged_is_seen"),
        (Eager, "test_nothing_is_touched_before_a_run_is_written"),
        (Hoarder, "test_a_run_computed_again_takes_the_place_of_the_earlier_one"),
    ],
)
def test_a_broken_store_is_seen(broken, test):
    contract = type("Mine", (StoreContract,), {"store": broken})()
    with pytest.raises(AssertionError):
        getattr(contract, test)()


def test_a_contract_for_nothing_is_seen():
    with pytest.raises(AssertionError, match="name it"):
        StoreContract().test_there_is_a_store_to_hold()
