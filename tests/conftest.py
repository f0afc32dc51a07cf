"""One fixture runs a test on every backend; kernels are compiled once for all tests."""

import gc
import os

import pytest
from hypothesis import HealthCheck, settings
from xdist.scheduler import LoadFileScheduling

from ecumene.backends import BACKENDS

# Files whose tests compile the same: two processes at once would each do it.
TOGETHER = {"tests/engine/test_schedule.py": "tests/backends/test_same_bits.py"}


class OfOneProcess(LoadFileScheduling):
    """Tests of a file, and of those that belong together, run in one process."""

    def _split_scope(self, nodeid):
        file = super()._split_scope(nodeid)
        return TOGETHER.get(file, file)


def pytest_xdist_make_scheduler(config, log):
    return OfOneProcess(config, log) if config.getoption("dist") == "loadfile" else None


def pytest_configure(config):
    # Kept between sessions like pytest's own cache, and handed on to processes that tests start.
    os.environ["ECUMENE_CACHE"] = str(config.cache.mkdir("kernels"))
    gc.set_threshold(100_000, 20, 20)  # Else much time goes into looking for garbage.
    # No test fails because somebody else's work makes this machine slow.
    settings.register_profile(
        "patient", deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
    settings.load_profile("patient")


def pytest_collection_finish():
    gc.freeze()  # What was imported and collected stays.


@pytest.fixture(params=BACKENDS)
def backend(request):
    return request.param
