"""A background is data: frozen, named by a digest, evaluated in plain Python."""

import numpy as np
import pytest

from ecumene.errors import ModelError
from ecumene.population import Background, Derived


def doubled(identity, tables):
    return tables.twice[identity]


def background(size=3, label="a", table=(0, 2, 4)):
    column = Derived(doubled, "int", labels=(label, "b"))
    return Background("test", size, {"doubled": column}, {"twice": np.array(table)})


def test_values_are_what_the_function_says():
    assert background().values("doubled", range(3)) == [0, 2, 4]


def test_an_unknown_column_names_the_nearest():
    with pytest.raises(ModelError, match=r"no column named `double`.*Did you mean `doubled`"):
        background().values("double", [0])


def test_tables_are_read_only_copies_of_64_bits():
    given = np.array([1, 2], dtype=np.int8)
    tables = Background("test", 2, {}, {"given": given, "real": np.array([0.5])}).tables
    given[0] = 7
    assert tables["given"].tolist() == [1, 2]
    assert (tables["given"].dtype, tables["real"].dtype) == (np.int64, np.float64)
    with pytest.raises(ValueError, match="read-only"):
        tables["given"][0] = 7


def test_the_digest_changes_with_size_table_and_label_and_with_nothing_else():
    digests = {
        background().digest(),
        background(size=4).digest(),
        background(label="c").digest(),
        background(table=(0, 2, 5)).digest(),
    }
    assert len(digests) == 4
    assert background().digest() == background().digest()
