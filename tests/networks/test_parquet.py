"""Parquet gives the same network as text, and a damaged file one clear error."""

from pathlib import Path

import duckdb
import numpy as np
import pytest

from ecumene.errors import InputError
from ecumene.networks import Rows, read_network


def written(path: Path, query: str) -> Path:
    with duckdb.connect() as connection:
        connection.execute(f"COPY ({query}) TO '{path}' (FORMAT parquet)")
    return path


@pytest.fixture
def parquet(tmp_path):
    return lambda query, **options: read_network(
        written(tmp_path / "ties.parquet", query), **options
    )


def values(rows: str) -> str:
    return f"SELECT * FROM (VALUES {rows}) AS t(source, target)"


def same(one: Rows, other: Rows) -> bool:
    return one.digest() == other.digest()


@pytest.mark.parametrize("kind", ["UTINYINT", "INTEGER", "BIGINT", "UBIGINT", "HUGEINT", "DOUBLE"])
def test_whole_numbers_of_any_width(parquet, read, kind):
    found = parquet(
        f"SELECT source::{kind} AS a, target::{kind} AS b FROM ({values('(5, 9), (9, 7)')})"
    )
    assert same(found, read("5 9\n9 7\n"))


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        ("('Ann', 'Bo'), ('Bo', 'é c')", "Ann,Bo\nBo,é c\n"),
        ("('1', '2'), ('2', '10')", "1 2\n2 10\n"),
        ("('007', '7')", "007 7\n"),
        ("(18446744073709551615::UBIGINT, 3)", "18446744073709551615 3\n"),
        ("(-1, 3)", "-1 3\n"),
        ("(9007199254740993, 3)", "9007199254740993 3\n"),
    ],
)
def test_the_same_ids_as_text_give_the_same_network(parquet, read, rows, text):
    assert same(parquet(values(rows)), read(text))


def test_the_order_of_ties_is_kept_in_a_long_file(parquet):
    network = parquet("SELECT range AS a, range + 1 AS b FROM range(300000)", directed=True)
    assert np.array_equal(network.tie, np.arange(300_000))


def test_columns_with_known_names_are_found_and_others_noticed(parquet):
    network = parquet("SELECT 0.5 AS weight, 0 AS Source, 1 AS Target", directed=False)
    assert network.notices == ("ids are in `Source` and `Target`; not used: weight",)


def test_a_name_with_brackets_is_no_pattern(tmp_path):
    path = written(tmp_path / "ties[1].parquet", values("(0, 1)"))
    assert read_network(path).ties == 1


def test_parquet_is_known_by_its_content(tmp_path):
    assert read_network(written(tmp_path / "ties.data", values("(0, 1)"))).ties == 1


WRONG = {
    "missing ids": (values("(0, 1), (NULL, 2)"), "row 2: an id is missing"),
    "missing text": (values("('a', 'b'), ('c', NULL)"), "row 2: an id is missing"),
    "empty text": (values("('a', 'b'), ('c', '')"), "row 2: an id is missing"),
    "broken numbers": (values("(1.5::DOUBLE, 2)"), "row 1: `1.5` is no id"),
    "one column": ("SELECT 1 AS a", "has 1 column"),
    "lists": ("SELECT [1] AS a, 2 AS b", "column `a` holds integer\\[\\] values"),
    "no rows": (f"{values('(0, 1)')} WHERE source > 5", "holds no ties"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_holds_no_ties_is_refused(parquet, what):
    query, message = WRONG[what]
    with pytest.raises(InputError, match=message):
        parquet(query)


@pytest.mark.parametrize("keep", [3, 10, -1, -20])
def test_a_cut_off_file_is_refused(tmp_path, keep):
    path = written(tmp_path / "ties.parquet", values("(0, 1)"))
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(InputError, match="no whole Parquet file"):
        read_network(path)


def test_a_damaged_file_is_refused(tmp_path):
    path = written(tmp_path / "ties.parquet", values("(0, 1)"))
    content = path.read_bytes()
    path.write_bytes(content[:4] + b"\xff" * (len(content) - 12) + content[-8:])
    with pytest.raises(InputError, match="cannot be read as Parquet") as error:
        read_network(path)
    assert "\n" not in str(error.value)


def test_text_called_parquet_is_refused(tmp_path):
    (tmp_path / "ties.parquet").write_text("0 1\n" * 9)
    with pytest.raises(InputError, match="no whole Parquet file"):
        read_network(tmp_path / "ties.parquet")
