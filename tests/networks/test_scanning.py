"""One loop over the letters reads what NumPy reads, or gives up and leaves it to NumPy."""

import gzip
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ecumene.errors import InputError
from ecumene.networks import halves, loops
from ecumene.networks.edge_file import read_edge_file
from ecumene.networks.halves import Halves
from ecumene.networks.layout import layout_of
from ecumene.networks.quick import numpy_alone
from ecumene.networks.rows import compress
from ecumene.networks.scanning import scanned

words = st.sampled_from(
    ["0", "1", "12", "07", "x", '"1"', "é", "-1", "0.5", "", "9" * 19, "#", "//"]
)
between = st.sampled_from([" ", "\t", ",", ";", "  ", ", ", " \t"])
ends = st.sampled_from(["\n", "\r\n", "\n\n", " \n", "\r", ""])
further = st.sampled_from(["", " 5", ",x", "\t", ',"a,b"'])
lines = st.tuples(words, between, words, further, ends).map("".join)
texts = st.lists(lines, max_size=6).map("".join)


@pytest.fixture(params=[1, 2])
def cores(monkeypatch, request):
    """On two cores the halves of any text are read at the same time."""
    monkeypatch.setattr(halves, "WORTH", 0)
    monkeypatch.setattr(halves, "_cores", lambda: request.param)


quiet = {"deadline": None, "suppress_health_check": [HealthCheck.function_scoped_fixture]}


def outcome(path: Path, choose: object) -> object:
    """The ties and what is said about them, or the error."""
    try:
        pairs, notices = read_edge_file(path, choose)
    except InputError as error:
        return str(error)
    names = pairs.names if isinstance(pairs.names, tuple | None) else pairs.names.tolist()
    return pairs.agents, pairs.first.tolist(), pairs.second.tolist(), names, notices


@settings(max_examples=400, **quiet)
@given(text=texts)
@example(text="# made\nsource,target,w\n1,2,x\n2,3,y")
@example(text="0 1 2\n0 1")
@example(text="\ufeff0 1\n")
@example(text="a b\n0 1\n")
@example(text='0,1,"a,b"\n')
def test_with_loops_and_without_a_file_says_the_same(tmp_path, cores, text):
    path = tmp_path / "ties.txt"
    path.write_bytes(text.encode())
    assert outcome(path, lambda ties: loops) == outcome(path, numpy_alone)


@settings(max_examples=50, **quiet)
@given(
    ids=st.lists(st.tuples(st.integers(0, 10**18 - 1), st.integers(0, 99)), min_size=1),
    separator=st.sampled_from([" ", "\t", ",", ";", " , "]),
    end=st.sampled_from(["\n", "\r\n"]),
    piece=st.integers(64, 90),
)
def test_numbers_are_read_in_pieces_of_any_size(tmp_path, cores, ids, separator, end, piece):
    path = tmp_path / "ties.txt"
    path.write_text("".join(f"{i}{separator}{j}{end}" for i, j in ids), newline="")
    with Halves(0) as both:
        first, second, seen = scanned(path, layout_of(path), loops, both, piece)
    assert list(zip(first.tolist(), second.tolist(), strict=True)) == ids
    assert seen.tolist() == [0, 2, 2, 0, max(max(tie) for tie in ids)]


close = st.integers(0, 5)  # Lines so short that both ends of all ties do not fit where one did.


@settings(max_examples=60, **quiet)
@given(ties=st.lists(st.tuples(close, close), min_size=1, max_size=20), directed=st.booleans())
@example(ties=[(0, 1), (2, 1), (1, 0)], directed=False)
@example(ties=[(0, 1), (2, 2), (3, 1), (1, 0)], directed=False)
def test_rows_made_where_the_columns_were_are_the_rows(tmp_path, cores, ties, directed):
    path = tmp_path / "ties.txt"
    path.write_text("".join(f"{i} {j}\n" for i, j in ties))
    made = []
    for choose in (lambda ties: loops, numpy_alone):
        pairs, _ = read_edge_file(path, choose)
        rows = compress(pairs, directed, "made", choose=choose)
        made.append((rows.agents, rows.start.tolist(), rows.ends.tolist(), rows.notices))
    assert made[0] == made[1]


numbers = st.integers(0, 99) | st.integers(0, 10**8 - 1)
odd = st.sampled_from([None, *"07,\t \n-x#"])


def by(scan, text):
    """What a loop over the letters finds in whole lines."""
    letters = np.zeros(len(text) + 128, np.uint8)
    letters[: len(text)] = np.frombuffer(text.encode(), np.uint8)
    ends, seen = np.zeros(len(text) + 4, np.int32), np.array([0, 9, 0, 0, 0])
    columns = np.zeros((2, len(text) // 4 + 2), np.int64)
    if scan is loops.scan_plain:
        n = scan(letters, len(text), 0, ends, seen, *columns)
    else:
        n = scan(letters[: len(text)], 0, 0, 1, seen, *columns)
    return n, columns[:, :n].tolist(), seen.tolist()


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.tuples(numbers, st.sampled_from(" \t"), numbers), min_size=1, max_size=40),
    odd,
    st.integers(0, 10**4),
)
@example([(12345678, " ", 0)], None, 0)
@example([(1, " ", 2)] * 40, "\n", 30)
def test_lines_that_are_all_alike_are_read_at_once_and_no_others(ties, odd, at):
    text = "".join(f"{i}{between}{j}\n" for i, between, j in ties)
    if odd is not None:  # one letter is another, which may or may not matter
        at %= len(text) - 1
        text = text[:at] + odd + text[at + 1 :]
    at_once = by(loops.scan_plain, text)
    assert at_once[0] < 0 or at_once == by(loops.scan, text)
    assert odd is not None or at_once[0] == len(ties)


def test_plain_files_are_not_given_up(tmp_path, cores):
    for text in (
        "0 1\n1 2",
        "# x\n0\t1\n",
        "0,1,a\n1,2,\n",
        "source;target\n0;1\n",
        "0 1\r\n1 2\r\n",
    ):
        path = tmp_path / "ties.txt"
        path.write_bytes(text.encode())
        with Halves(0) as both:
            assert scanned(path, layout_of(path), loops, both) is not None


@pytest.mark.parametrize("size", [100, 100_000])
def test_gzip_is_unpacked_and_damage_left_to_the_general_reader(tmp_path, cores, size):
    path, text = tmp_path / "ties.txt.gz", b"10 2\n" * size
    path.write_bytes(gzip.compress(text))
    with Halves(0) as both:
        first, second, _ = scanned(path, layout_of(path), loops, both)
    assert len(first) == size and np.all(first == 10) and np.all(second == 2)
    packed = gzip.compress(text)
    layout = layout_of(path)
    path.write_bytes(packed[:-9])
    with Halves(0) as both:
        assert scanned(path, layout, loops, both) is None
