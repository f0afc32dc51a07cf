"""Parts are written and read through one database, and none that failed is asked again."""

import duckdb
import numpy as np
import pytest

from ecumene.store import parts

ROWS = {"reached": np.arange(5), "share[yes]": np.linspace(0.0, 1.0, 5)}


@pytest.fixture
def opened(monkeypatch):
    """Every database that is opened from now on."""
    found, connect = [], duckdb.connect
    monkeypatch.setattr(duckdb, "connect", lambda **how: found.append(connect(**how)) or found[-1])
    parts._database.cache_clear()
    return found


def same(paths, *tables):
    """Whether what is read back is these tables, one after the other."""
    read = parts.read(paths)
    assert read.keys() == tables[0].keys()
    return all((read[n] == np.concatenate([t[n] for t in tables])).all() for n in read)


def test_many_parts_are_written_and_read_through_one_database(opened, tmp_path):
    """None sees what another was written from."""
    tables = [{name: column + n for name, column in ROWS.items()} for n in range(4)]
    paths = [tmp_path / f"{n}.parquet" for n in range(4)]
    for path, table in zip(paths, tables, strict=True):
        parts.write(path, table)
    assert same(paths, *tables) and len(opened) == 1
    with parts.connected() as database, pytest.raises(duckdb.CatalogException):
        database.sql("from part")


def test_after_a_failure_there_is_another_database(opened, tmp_path):
    with pytest.raises(duckdb.IOException):
        parts.read([tmp_path / "none.parquet"])
    parts.write(tmp_path / "one.parquet", ROWS)
    assert same([tmp_path / "one.parquet"], ROWS) and len(opened) == 2
