from collections.abc import Callable
from pathlib import Path

import pytest

from ecumene.networks import Rows, read_network


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Rows]:
    """Write a file of ties and read it."""

    def written(text: str, name: str = "ties.txt", **options: bool) -> Rows:
        (tmp_path / name).write_bytes(text.encode())
        return read_network(tmp_path / name, **options)

    return written
