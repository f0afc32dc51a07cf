"""Files that are no text of whole lines are refused, each with one clear error."""

import gzip
import os

import pytest

from ecumene.errors import InputError
from ecumene.networks import text_file
from ecumene.networks.text_file import existing_file, pieces


@pytest.mark.parametrize("size", [1, 3, 7, 1000])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r\r\n", "\r"])
def test_pieces_are_whole_lines_with_their_numbers(tmp_path, size, ending):
    lines = [f"é{i} b" + ending for i in range(20)]
    (tmp_path / "ties.txt").write_bytes("".join(lines).encode())
    found = list(pieces(tmp_path / "ties.txt", size))
    assert b"".join(piece.text for piece in found).decode().strip() == "".join(lines).strip()
    for i in range(20):
        text = f"é{i} ".encode()
        (piece,) = [piece for piece in found if text in piece.text]
        assert piece.line_at(piece.text.index(text)) == i + 1


def test_a_long_line_is_put_together_a_few_times(tmp_path):
    """By pieces of one size a line of 40 MB, as other formats have, took minutes to be refused."""
    (tmp_path / "ties.txt").write_bytes(b"[1, 2], " * (1 << 17))
    assert len(list(text_file._chunks(tmp_path / "ties.txt", 16))) < 20
    assert len(next(pieces(tmp_path / "ties.txt", 16)).text) == (1 << 20) + 1


@pytest.mark.parametrize("end", ["", "\n"])
def test_a_missing_last_line_end_is_added_and_told(tmp_path, end):
    (tmp_path / "ties.txt").write_text("1 2\n3 4" + end)
    last = list(pieces(tmp_path / "ties.txt"))[-1]
    assert (last.text[-4:], last.cut) == (b"3 4\n", not end)


def test_the_mark_before_utf_8_is_skipped(tmp_path):
    (tmp_path / "ties.txt").write_bytes(b"\xef\xbb\xbf1 2\n")
    assert next(pieces(tmp_path / "ties.txt")).text == b"1 2\n"


def test_gzip_is_unpacked_whatever_the_name(tmp_path):
    (tmp_path / "ties.txt").write_bytes(gzip.compress(b"1 2\n"))
    assert next(pieces(tmp_path / "ties.txt")).text == b"1 2\n"


WRONG = {
    "a zip": (b"PK\x03\x04rest", "a zip archive or a spreadsheet; unpack it"),
    "bzip2": (b"BZh91AY&SY", "bunzip2"),
    "UTF-16": ("1 2\n".encode("utf-16"), "UTF-16; save it as UTF-8"),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00\x00", "is a binary file"),
    "binary further on": (b"1 2\n" * 9 + b"\x00\x01", "is a binary file"),
    "Latin-1": ("1 2\nJosé Ann\n".encode("latin-1"), "line 2: byte 0xe9 is not UTF-8"),
    "cut off gzip": (gzip.compress(b"1 2\n" * 999)[:-9], "gzip data ends too soon"),
    "damaged gzip": (gzip.compress(b"1 2\n" * 9)[:-8] + b"\xff" * 8, "damaged gzip data"),
    "empty gzip": (gzip.compress(b""), "is empty"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_no_text_is_refused(tmp_path, what):
    content, message = WRONG[what]
    (tmp_path / "ties.txt").write_bytes(content)
    with pytest.raises(InputError, match=message):
        list(pieces(tmp_path / "ties.txt"))


def test_a_missing_file_is_refused_and_the_nearest_name_offered(tmp_path):
    (tmp_path / "friends.txt").write_text("1 2\n")
    with pytest.raises(InputError, match=r"no file .*freinds\.txt\. Did you mean `friends\.txt`"):
        existing_file(tmp_path / "freinds.txt")


def test_a_missing_folder_is_refused(tmp_path):
    with pytest.raises(InputError, match="there is no file"):
        existing_file(tmp_path / "no" / "ties.txt")


def test_a_folder_is_refused(tmp_path):
    with pytest.raises(InputError, match="is a folder"):
        existing_file(tmp_path)


def test_an_empty_file_is_refused(tmp_path):
    (tmp_path / "ties.txt").touch()
    with pytest.raises(InputError, match="is empty"):
        existing_file(tmp_path / "ties.txt")


def test_a_pipe_is_refused(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError, match="not an ordinary file"):
        existing_file(tmp_path / "pipe")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_one_may_not_read_is_refused(tmp_path):
    (tmp_path / "ties.txt").write_text("1 2\n")
    (tmp_path / "ties.txt").chmod(0)
    with pytest.raises(InputError, match="cannot be read: Permission denied"):
        list(pieces(tmp_path / "ties.txt"))
