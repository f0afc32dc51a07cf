"""Numbers as people read them, never rounded to none or to all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecumene.report import words


@pytest.mark.parametrize(
    ("value", "said"),
    [(0, "0 %"), (1, "100 %"), (0.5, "50.0 %"), (0.9999, "99.99 %"), (1e-6, "0.0001 %")],
)
def test_a_share_in_per_cent(value, said):
    assert words.percent(value) == said


@given(share=st.floats(1e-9, 1 - 1e-9))
def test_a_share_that_is_neither_none_nor_all_never_reads_as_either(share):
    assert 0 < float(words.percent(share).removesuffix(" %")) < 100


@pytest.mark.parametrize(
    ("value", "said"),
    [(1234567, "1,234,567"), (0.123456, "0.1235"), (1e-9, "1.000e-09"), (True, "yes")],
)
def test_a_number(value, said):
    assert words.number(value) == said


@pytest.mark.parametrize("gap", [None, float("nan"), float("inf")])
def test_a_gap_is_said_in_words(gap):
    assert words.number(gap) in ("not stated", "no number")
    assert words.percent(gap) == "not stated"


def test_durations_sizes_and_times():
    assert [words.seconds(s) for s in (0.004, 4.213, 75, 200, 7300)] == [
        "4 ms",
        "4.21 s",
        "75 s",
        "3 min 20 s",
        "2 h 1 min",
    ]
    assert [words.size(n) for n in (0, 999, 2.5e9)] == ["0 bytes", "999 bytes", "2.5 GB"]
    assert [words.times(n, "round") for n in (1, 12)] == ["1 round", "12 rounds"]
    assert [words.times(n, "10 minutes") for n in (1, 12)] == ["1 10 minutes", "12 10 minutes"]


def test_a_share_is_known_by_its_name():
    assert [words.is_share(n) for n in ("reached_share", "share_by_age", "share[IND]")] == [
        True
    ] * 3
    assert not words.is_share("shares_sold")


def test_happening_says_when_and_to_how_many():
    change = {"times": 1, "first": 8, "last": 8, "agents": 0}
    assert words.happening(change, "round") == "round 8"
    assert words.happening({**change, "agents": 100}, "round") == "round 8, 100 agents"
    assert words.happening({**change, "times": 3, "last": 10}, "day") == "day 8 to 10"
    assert words.happening({**change, "times": 0, "first": None}, "day") == "did not happen"
