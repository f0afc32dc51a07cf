"""Sizes as people write them, evaluated exactly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecumene.engine.sizes import MOST_AGENTS, parse_size, parse_whole
from ecumene.errors import ParameterError

sizes = st.integers(1, MOST_AGENTS)


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("1e9", 10**9),
        ("10_000", 10_000),
        ("8.2B", 8_200_000_000),
        ("10M", 10_000_000),
        ("5k", 5000),
        ("5K", 5000),
        ("1,000,000", 1_000_000),
        (" 42 ", 42),
        ("1.5k", 1500),
        ("1.", 1),
        (".5M", 500_000),
        ("8.2 billion", 8_200_000_000),
        ("1E6", 1_000_000),
        ("2000e-3", 2),
        ("10_000_000_000", MOST_AGENTS),
    ],
)
def test_people_write_sizes_so(text: str, size: int):
    assert parse_size(text) == size


NOT_SIZES = """
    0 -1 -5k -0 10_000_000_001 1e11 11B 1e 1e+ e6 ten nan NaN inf -inf 1.5 0.5 1.00005k 1e-3 1_ _1
    1__0 1,00 ,1 1,0000 1;5 0x10 1e9e9 1kk 5q 1+1 ٣ ½ 1e99999999 1e9999999999999999999999 k .
"""


@pytest.mark.parametrize(
    "text", [*NOT_SIZES.split(), "", " ", "1 000", "1\n2", pytest.param("9" * 10_000, id="long")]
)
def test_anything_else_is_refused_with_what_to_write(text: str):
    with pytest.raises(ParameterError, match=r"(?s)Write a whole number from 1 to 10,000,000,000"):
        parse_size(text)


def test_a_forgotten_exponent_or_suffix_is_guessed():
    with pytest.raises(ParameterError, match="Did you mean `1e6`"):
        parse_size("1e")
    with pytest.raises(ParameterError, match=r"Did you mean `1.5k` or `1.5M`"):
        parse_size("1.5")


@given(sizes)
def test_every_size_reads_back_however_it_is_grouped(size: int):
    for text in (str(size), f"{size:,}", f"{size:_}", f"+{size}", f"{size}.0", f"{size}e0"):
        assert parse_size(text) == size


@given(sizes, st.sampled_from([("k", 3), ("M", 6), ("B", 9)]))
def test_a_suffix_is_exact_where_floats_are_not(size: int, suffix: tuple[str, int]):
    name, zeros = suffix
    digits = str(size).zfill(zeros + 1)
    assert parse_size(f"{digits[:-zeros]}.{digits[-zeros:]}{name}") == size


@given(sizes, st.integers(0, 9))
def test_an_exponent_moves_the_point_exactly(size: int, places: int):
    assert parse_size(f"{size}{'0' * places}e-{places}") == size


@given(st.text(max_size=30))
def test_no_text_is_anything_but_a_size_or_a_clear_refusal(text: str):
    try:
        assert 1 <= parse_size(text) <= MOST_AGENTS
    except ParameterError as error:
        assert "Write a whole number" in str(error)


@given(st.integers(-(2**63), 2**63 - 1))
def test_whole_numbers_keep_every_digit(number: int):
    assert parse_whole(str(number), "seed", -(2**63), 2**63 - 1) == number
