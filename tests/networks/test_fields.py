"""Splitting all lines at once finds what splitting them one by one finds."""

import csv

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecumene.networks.fields import split, whole_numbers

letters = st.text(alphabet="ab7#%/é .'", min_size=1, max_size=4)
laws = settings(max_examples=100, deadline=None)


def found(text: str, separator: bytes) -> list[list[str]]:
    fields = split(text.encode(), separator)
    return [fields.words(line) for line in range(len(fields.first))]


def is_data(line: str) -> bool:
    return bool(line.strip()) and not line.strip().startswith(("#", "%", "//"))


@laws
@given(st.lists(st.text(alphabet="ab7#%/é \t\r", max_size=12), min_size=1))
def test_tabs_and_spaces_separate_like_pythons_split(lines):
    text = "".join(line + "\n" for line in lines)
    assert found(text, b"") == [
        line.split() for line in text.replace("\r", "\n").split("\n") if is_data(line)
    ]


@laws
@given(st.lists(st.lists(letters, min_size=1, max_size=4), min_size=1), st.sampled_from(",;\t"))
def test_a_separator_keeps_empty_fields_and_trims_the_others(rows, separator):
    lines = [separator.join(row) for row in rows]
    text = "".join(line + "\n" for line in lines)
    assert found(text, separator.encode()) == [
        [word.strip() for word in line.split(separator)] for line in lines if is_data(line)
    ]


@laws
@given(st.lists(st.lists(st.text(alphabet='ab ,;\t"é', max_size=5), min_size=2), min_size=1))
def test_quotes_are_undone_like_pythons_csv(rows):
    lines = [",".join('"' + word.replace('"', '""') + '"' for word in row) for row in rows]
    assert found("".join(line + "\n" for line in lines), b",") == list(csv.reader(lines))


@laws
@given(st.lists(st.integers(0, 2**63 - 1), min_size=1))
def test_whole_numbers_are_read_as_python_reads_them(values):
    fields = split((" ".join(map(str, values)) + "\n").encode(), b"")
    numbers = whole_numbers(fields.text, fields.start, fields.end)
    assert numbers is not None
    assert numbers.dtype == np.int64
    assert numbers.tolist() == values


@pytest.mark.parametrize("word", ["007", "-1", "1.5", "x", "1_000", str(2**63), "9" * 30, "٣"])
def test_what_is_no_plain_number_is_told(word):
    fields = split(f"5 {word}\n".encode(), b"")
    assert whole_numbers(fields.text, fields.start, fields.end) is None


def test_comments_are_counted():
    assert split(b"# a\n% b\n  // c\n1 2\n\n3 4 # not one\n", b"").comments == 3
