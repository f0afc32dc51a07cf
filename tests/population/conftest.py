"""Columns of many agents at once: the functions' own text, compiled."""

from collections import namedtuple
from functools import cache

import numba
import numpy as np
import pytest

from ecumene.rules.source import Reach


@numba.njit
def unsigned(number):
    return np.uint64(number)


@cache
def _tables_type(names):
    return namedtuple("Tables", names)


REACH = Reach()  # One for all, so that what columns have in common is compiled once.
NAMES = {"unsigned": unsigned, "njit": numba.njit}


@cache
def _loop(function):
    known = len(REACH.definitions)
    name = REACH.add(function, function.__name__)
    exec("\n".join(f"@njit\n{text}" for text in REACH.definitions[known:]), NAMES)
    one = NAMES[name]

    @numba.njit
    def fill(tables, first, values):
        for i in range(values.size):
            values[i] = one(first + i, tables)

    return fill


@pytest.fixture(scope="session")
def evaluate():
    """`evaluate(background, column, first=0, n=None)`: the column of n agents from `first` on."""

    def evaluated(background, column, first=0, n=None):
        tables = _tables_type(tuple(background.tables))(*background.tables.values())
        count = min(n or background.size, background.size - first)
        values = np.empty(count, dtype=np.int64)
        _loop(background.derived[column].function)(tables, first, values)
        return values

    return evaluated
