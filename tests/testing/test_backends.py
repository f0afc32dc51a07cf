"""The contract of backends holds for those that are shipped, and sees those that break it."""

import pytest

from ecumene.backends import SHARDS
from ecumene.backends.reference import Shard
from ecumene.testing import BackendContract


class TestReference(BackendContract):
    backend = "reference"
    ways = ({"shards": 3}, {"direction": "pull"})
    examples = 5


@pytest.mark.slow
class TestCpu(BackendContract):
    backend = "cpu"


class Lossy(Shard):
    """A backend that lets the last message of each box fall."""

    def apply(self, spreading, boxes, step, unseen=False):
        super().apply(spreading, [box[:-1] for box in boxes], step)


class Deaf(Shard):
    """A backend that goes on with the parameters it began with."""

    def set_parameters(self, parameters):
        pass


class Forgetful(Shard):
    """A backend that takes back no flags."""

    def hold(self, what, first, values, step):
        if values.dtype != bool:
            super().hold(what, first, values, step)


class Solitary(Shard):
    """A backend on which the first of those who meet misses it."""

    def settle(self, group, step):
        del self.faced[:1]
        super().settle(group, step)


class Generous(Shard):
    """A backend that grants everything."""

    def grant(self, claiming, boxes, left, size, first=0):
        replies, _, last = super().grant(claiming, boxes, [100 for _ in left], size, first)
        return replies, [0 for _ in left], last


class Careless(Shard):
    """A backend on which nothing is ever out of range."""

    def _left(self, rule, place, column, value):
        return True


BREAKS = {
    Lossy: "test_rules_along_ties_give_the_bits_of_the_reference",
    Deaf: "test_interventions_do_what_they_do_in_the_reference",
    Forgetful: "test_a_state_taken_out_goes_on_here_and_in_the_reference",
    Solitary: "test_meetings_and_encounters_give_the_bits_of_the_reference",
    Generous: "test_claims_sleepers_and_the_environment_give_the_bits_of_the_reference",
    Careless: "test_what_does_not_fit_its_column_is_refused_alike",
}


@pytest.fixture
def shards(monkeypatch):
    kept = dict(SHARDS)
    yield
    SHARDS.clear()
    SHARDS.update(kept)


@pytest.mark.parametrize("broken", BREAKS, ids=lambda shard: shard.__name__)
def test_a_broken_backend_is_seen(shards, broken):
    mine = {"backend": "mine", "shard": broken, "ways": (), "shrinks": False}
    contract = type("Mine", (BackendContract,), mine)()
    with pytest.raises(BaseException) as error:
        getattr(contract, BREAKS[broken])()
    assert "AssertionError" in repr(error.value) or isinstance(error.value, AssertionError)


def test_a_contract_for_nothing_is_seen():
    with pytest.raises(AssertionError, match="name it"):
        BackendContract().test_there_is_a_backend_to_hold()
