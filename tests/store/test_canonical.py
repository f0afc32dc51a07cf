"""Canonical JSON: what goes in comes out, shortest floats, no NaN, hex digests."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecumene.store import checksum, dumps, plain
from ecumene.store.canonical import encode

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


def without_gaps(value: object) -> object:
    """The value with None for what is not a number."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, list):
        return [without_gaps(item) for item in value]
    if isinstance(value, dict):
        return {name: without_gaps(item) for name, item in value.items()}
    return value


@given(value=values)
def test_every_plain_value_comes_back_bit_for_bit(value):
    assert json.loads(encode(dumps(value))) == without_gaps(value)


@given(value=st.floats(allow_nan=False, allow_infinity=False))
def test_a_float_is_written_by_its_shortest_repr(value):
    assert dumps(value) == repr(value)


def test_numpy_digests_tuples_and_paths_become_plain():
    value = {"n": np.int64(3), "x": np.float32(0.5), "d": b"\x00\xff", "p": Path("a"), 3: (1, 2)}
    assert plain(value) == {"n": 3, "x": 0.5, "d": "00ff", "p": "a", "3": [1, 2]}
    assert plain(np.array([1.0, np.nan])) == [1.0, None]


def test_anything_else_is_refused_by_name():
    with pytest.raises(TypeError, match="set"):
        plain({"x": {1, 2}})


def test_the_checksum_does_not_depend_on_the_order_of_keys():
    assert checksum({"a": 1, "b": 2}) == checksum({"b": 2, "a": 1})
    assert checksum({"a": 1}) != checksum({"a": 1.5})
