"""Functions that note what goes wrong instead of raising it, held to plain Python."""

import numpy as np
import pytest

from ecumene.backends.cpu.module import imported
from ecumene.backends.cpu.noting import named, noting
from ecumene.backends.cpu.noting_text import HELPERS
from ecumene.backends.cpu.text import HEAD

SAFE = "def f0_safe(a):\n    return a * 2 / 3.0"
CELL = "def f1_cell(env, a, b=1):\n    b //= a\n    return env.price[b] + f0_safe(a) / a"
USER = "def f2_user(env, a):\n    return f1_cell(env, a, b=a % 7)"
ASKED = """
@kernel
def asked(a, b, row, out, noted, below, cells):
    for s in range(a.shape[0]):
        s = sure(s)
        noted[s] = 0
        out[0, s] = noted_floor(noted, s, a[s], b[s])
        out[1, s] = noted_rest(noted, s, a[s], b[s])
        out[2, s] = noted_floor(noted, s, float(a[s]) * 0.5, float(b[s]) * 0.25)
        out[3, s] = noted_ratio(noted, s, a[s], b[s])
        out[4, s] = noted_passed(noted, s, below, row[s] * 10, 10, unsigned(abs(a[s])))
        out[5, s] = noted_cell(noted, s, cells, row[s])


@kernel
def ratios(a, b, out, noted):
    for s in range(a.shape[0]):
        s = sure(s)
        noted[s] = 0
        out[s] = noted_ratio(noted, s, a[s], b[s])
"""


def test_only_what_may_go_wrong_has_a_second_function():
    texts = noting([SAFE, CELL, USER], ["a", "a", "a"], "f2_user")
    assert [text.split("(")[0] for text in texts] == [
        f"@jit_noting\ndef {named(f)}" for f in ("f1_cell", "f2_user")
    ]
    cell, user = texts
    assert "b = noted_floor(_noted_, _at_, b, a)" in cell
    assert (
        "noted_cell(_noted_, _at_, env.price, b) + noted_ratio(_noted_, _at_, f0_safe(a), a)"
        in cell
    )
    assert "noting_f1_cell(_noted_, _at_, env, a, b=noted_rest(_noted_, _at_, a, 7))" in user


def test_what_is_not_reached_has_none():
    (text,) = noting([SAFE, CELL], ["a", "a"], "f0_safe")
    assert "def noting_f0_safe(_noted_, _at_, a):" in text and "noted_ratio" not in text


@pytest.fixture(scope="module")
def asked():
    return imported("\n\n".join([HEAD, HELPERS, ASKED]))


def test_a_ratio_is_noted_where_floats_skip_whole_numbers(asked):
    near = [1, 3, 2**53 - 1, 2**53, 2**53 + 1, 2**53 + 3, 2**62 + 1]
    pairs = [(a * sign, b) for a in [0, *near] for sign in (-1, 1) for b in [0, *near]]
    a, b = np.array(pairs, np.int64).T.copy()
    out, noted = np.empty(len(pairs)), np.empty(len(pairs), np.uint8)
    asked.ratios(a, b, out, noted)
    for s, (one, two) in enumerate(pairs):
        assert noted[s] == (two == 0 or max(abs(one), two) > 2**53)
        assert noted[s] or out[s] == one / two


def test_they_give_what_plain_python_gives_or_note_it(asked):
    """Small and large numbers of either sign; where nothing is noted they are the same."""
    luck = np.random.default_rng(7)
    sizes = 10.0 ** luck.uniform(0, 18, (2, 4000))
    a, b = (luck.choice([-1, 1], (2, 4000)) * sizes).astype(np.int64)
    a[:200], b[:300] = luck.integers(-9, 10, 200), luck.integers(-3, 4, 300)
    a[300:600] = b[300:600] * luck.integers(-99, 99, 300) + luck.integers(-1, 2, 300)
    row, cells = luck.integers(-1, 4, 4000), np.array([0.5, -3.0, 9.0])
    below = np.sort((10.0 ** luck.uniform(0, 18, (5, 10))).astype(np.int64), axis=1)
    out, noted = np.empty((6, 4000)), np.empty(4000, np.uint8)
    asked.asked(a, b, np.maximum(row, 0), out, noted, below.ravel(), cells)
    for s in range(4000):
        one, two, at = int(a[s]), int(b[s]), max(int(row[s]), 0)
        near = abs(one) < 1 << 51 and abs(two) < 1 << 51
        assert noted[s] == (two == 0 or not near or at > 2)
        if not noted[s]:
            found = [one // two, one % two, one * 0.5 // (two * 0.25), one / two]
            assert out[:4, s].tolist() == [float(value) for value in found]
            assert out[4, s] == (below[at] <= abs(one)).sum() and out[5, s] == cells[at]
    assert 500 < noted.sum() < 3500
