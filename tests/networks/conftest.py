from collections.abc import Callable
from pathlib import Path

import pytest

from ecumene.networks import Rows, loops, read_network
from ecumene.networks.quick import numpy_alone

WAYS = {"numpy": numpy_alone, "loops": lambda ties: loops}


@pytest.fixture(params=WAYS)
def read(request, tmp_path: Path) -> Callable[..., Rows]:
    """Write a file of ties and read it, by NumPy alone and with the loops as they stand."""

    def written(text: str, name: str = "ties.txt", **options: bool) -> Rows:
        (tmp_path / name).write_bytes(text.encode())
        return read_network(tmp_path / name, **options, choose=WAYS[request.param])

    return written
