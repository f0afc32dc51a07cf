"""What reading a file will take is known about right before it is read."""

import gzip
from pathlib import Path

import pytest

from ecumene.networks import expected_ties, is_small
from ecumene.networks.expected import NUMBER_BYTES, WORD_BYTES

TIES = 30_000
NUMBERS = "# from somewhere\n" + "".join(f"{i} {i * 7919 % TIES}\n" for i in range(TIES))
NAMES = "".join(f"person{i},friend{i * 7919 % TIES}\n" for i in range(TIES))


@pytest.mark.parametrize(
    ("name", "content", "each"),
    [
        ("ties.txt", NUMBERS.encode(), NUMBER_BYTES),
        ("ties.txt.gz", gzip.compress(NUMBERS.encode()), NUMBER_BYTES),
        ("ties.csv", NAMES.encode(), WORD_BYTES),
    ],
)
def test_ties_are_expected_within_a_tenth(tmp_path, name, content, each):
    (tmp_path / name).write_bytes(content)
    found = expected_ties(tmp_path / name)
    assert found.ties == pytest.approx(TIES, rel=0.1)
    assert found.memory_bytes == found.ties * each


def test_parquet_says_itself(tmp_path: Path):
    import duckdb

    path = tmp_path / "ties.parquet"
    duckdb.sql(f"SELECT range AS source, 0 AS target FROM range({TIES})").write_parquet(str(path))
    assert expected_ties(path).ties == TIES


@pytest.mark.parametrize("content", [b"# nothing\n", b"one\ntwo\n", b"PAR1 but not whole PAR1"])
def test_what_holds_no_ties_is_left_to_the_reader(tmp_path, content):
    (tmp_path / "ties.txt").write_bytes(content)
    assert expected_ties(tmp_path / "ties.txt").memory_bytes == 0


def test_a_small_file_need_not_be_looked_at(tmp_path):
    (tmp_path / "ties.txt").write_text("0 1\n" * 100)
    assert is_small(tmp_path / "ties.txt", 10**6)
    assert not is_small(tmp_path / "ties.txt", 10**4)
