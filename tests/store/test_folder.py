"""A damaged folder is noticed and said, whichever byte of it is damaged."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ecumene.errors import StoreError
from ecumene.store import RunFolder


def read_all(path) -> tuple:
    folder = RunFolder(path)
    return folder.whole, folder.record, folder.scorecard, folder.series.numpy()


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(where=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7), data=st.data())
def test_one_flipped_bit_anywhere_is_noticed(keep, where, bit, data):
    folder = keep("a")
    path, record = folder.path, folder.record
    file = data.draw(st.sampled_from(sorted(p for p in path.rglob("*") if p.is_file())))
    content = bytearray(file.read_bytes())
    content[int(where * len(content))] ^= 1 << bit
    file.write_bytes(content)
    # White space between JSON tokens carries nothing: there a flip may give the same record.
    with suppress(StoreError):
        assert read_all(path)[1] == record


@pytest.mark.parametrize("file", ["run.json", "scorecard.json", "series/part-000000.parquet"])
@pytest.mark.parametrize("length", [0, 0.5])
def test_a_file_cut_short_is_noticed(keep, file, length):
    path = keep("a").path / file
    content = path.read_bytes()
    path.write_bytes(content[: int(length * len(content))])
    with pytest.raises(StoreError, match="damaged"):
        read_all(path.parents[file.count("/")])


def test_a_missing_part_is_noticed(keep):
    path = keep("a").path
    (path / "series/part-000000.parquet").unlink()
    with pytest.raises(StoreError, match="missing: the run is damaged"):
        read_all(path)


def test_another_format_names_the_version_that_wrote_it(keep):
    path = keep("a").path / "run.json"
    record = json.loads(path.read_bytes()) | {"format": 2, "ecumene_version": "9.9"}
    path.write_text(json.dumps(record))
    with pytest.raises(StoreError, match=r"format 2.*9\.9"):
        read_all(path.parent)


def test_a_changed_number_is_noticed_and_the_list_says_damaged(keep, store):
    path = keep("a").path / "run.json"
    path.write_text(path.read_text().replace('"steps": 10', '"steps": 11'))
    assert [run.status for run in store.list()] == ["damaged"]
    with pytest.raises(StoreError, match="was changed"):
        store.find("a")
    with pytest.raises(StoreError, match="was changed"):
        store.stored("a")


@pytest.mark.parametrize("content", ["[]", "{}", "null", "\x00\x01", "{"])
def test_a_record_of_something_else_is_refused(keep, content):
    path = keep("a").path / "run.json"
    path.write_text(content)
    with pytest.raises(StoreError, match=r"run\.json"):
        read_all(path.parent)
