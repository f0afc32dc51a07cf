"""Files of persons, messy ones included: read whole or refused with one clear error."""

import gzip

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from ecumene.errors import InputError
from ecumene.population.reading import read_persons


@pytest.fixture
def read(tmp_path):
    def reading(content, name="persons.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return {column: values.tolist() for column, values in read_persons(path)[1].items()}

    return reading


PERSONS = {"age": [34, 20], "sex": ["f", "m"]}


@pytest.mark.parametrize(
    "content",
    [
        "age,sex\n34,f\n20,m\n",
        "age;sex\n34;f\n20;m\n",
        "age\tsex\n34\tf\n20\tm\n",
        "age,sex\r\n34,f\r\n20,m",
        "\ufeffage,sex\n34,f\n\n20,m\n\n",
        'age,"sex"\n"34",f\n20,"m"\n',
    ],
)
def test_separators_line_ends_quotes_and_blank_lines_do_not_matter(read, content):
    assert read(content) == PERSONS


def test_a_packed_csv_and_a_parquet_file_are_read(read, tmp_path):
    assert read(gzip.compress(b"age,sex\n34,f\n20,m\n"), "persons.csv.gz") == PERSONS
    pl.DataFrame(PERSONS).write_parquet(tmp_path / "persons.parquet")
    assert read((tmp_path / "persons.parquet").read_bytes(), "any.name") == PERSONS


@pytest.mark.parametrize(
    "frame", [PERSONS, pd.DataFrame(PERSONS), pl.DataFrame(PERSONS), pa.table(PERSONS)]
)
def test_frames_of_every_library_are_read(frame):
    assert {name: list(values) for name, values in read_persons(frame)[1].items()} == PERSONS


@pytest.mark.parametrize(
    ("content", "name", "told"),
    [
        ("", "persons.csv", "is empty"),
        ("age,sex\n", "persons.csv", "no persons"),
        (b"\x00\x01\x02", "persons.csv", "binary"),
        ("age,sex\n34,f\n20", "persons.csv", "line 3 has 1 of 2 values"),
        ("age,sex\n34,f,1\n20,m\n", "persons.csv", "line 2 has 3 of 2 values"),
        ('age,sex\n34,"f\n', "persons.csv", "unexpected end of data"),
        ("# comment\nage,sex\n34,f\n", "persons.csv", "line 2 has 2 of 1 values"),
        ("34,1\n20,2\n", "persons.csv", "first line .* holds numbers"),
        ("näme\n1\n".encode("latin-1"), "persons.csv", "not utf-8"),
        ("age\n1\n", "persons.parquet", "not Parquet"),
        (b"PAR1 and no more", "persons.parquet", "cannot be read as Parquet"),
        ("age\n1\n", "persons.csv.gz", "cannot be unpacked"),
    ],
)
def test_a_broken_file_is_one_clear_error(read, content, name, told):
    with pytest.raises(InputError, match=told):
        read(content, name)


def test_a_missing_file_and_a_folder_are_errors(tmp_path):
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(InputError, match="cannot open"):
            read_persons(path)


@pytest.mark.parametrize(
    ("frame", "told"),
    [
        (42, "a int cannot be read"),
        (pl.LazyFrame(PERSONS), "a LazyFrame cannot be read"),
        ({}, "no columns"),
        ({"age": []}, "no persons"),
        ({"age": [1, 2], "sex": ["f"]}, "age 2, sex 1"),
        ({"age": 3}, "not one value per person"),
        ({"age": [[1], [2]]}, "not one value per person"),
        ({"age": np.zeros((2, 2))}, "not one value per person"),
    ],
)
def test_what_is_no_frame_is_one_clear_error(frame, told):
    with pytest.raises(InputError, match=told):
        read_persons(frame)
