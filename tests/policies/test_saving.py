"""A policy's files: what is read is what was written, or an error."""

import json

import numpy as np
import pytest

import ecumene as ec
from ecumene.errors import InputError

COLUMNS = (
    ec.levels("trust", ("no", "yes")),
    ec.binned("money", (0.1, 10), labels=("some", "more", "most")),
    ec.grouped("kind", [1, 0, 1]),
)
ACTIONS = {"keep": "keeps all", "half": "gives half", "all": "gives all"}
CHANCES = np.random.default_rng(1).dirichlet((1, 1, 1), 12)


@pytest.fixture
def written(tmp_path):
    policy = ec.table_policy(
        COLUMNS, ACTIONS, CHANCES, source="äöü", uncertainty=[float("nan"), *[0.25] * 11]
    )
    return policy, ec.write_policy(policy, tmp_path / "send.json")


@pytest.mark.parametrize("narrow", [False, True])
def test_what_is_read_is_what_was_written(tmp_path, written, narrow):
    policy = written[0].narrowed() if narrow else written[0]
    read = ec.read_policy(ec.write_policy(policy, tmp_path / "again.json"))
    assert read.digest() == policy.digest()
    assert (read.columns, read.actions, read.sources) == (COLUMNS, ACTIONS, ("äöü",))
    assert read.thresholds.dtype == policy.thresholds.dtype
    np.testing.assert_array_equal(read.uncertainty, policy.uncertainty)
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        *("again.json", "again.parquet", "send.json", "send.parquet")
    ]


def changed(path, **values):
    manifest = json.loads(path.read_text()) | values
    path.write_text(json.dumps(manifest))


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (lambda p: p.unlink(), "cannot open the policy"),
        (lambda p: p.write_text("{"), "not JSON"),
        (lambda p: p.write_text("{}"), "not a policy"),
        (lambda p: changed(p, version=7), "version 7"),
        (lambda p: changed(p, actions={"keep": "", "all": "", "half": ""}), "was changed"),
        (lambda p: changed(p, columns=[]), "does not describe its policy"),
        (lambda p: changed(p, bits=16), "describe its policy .16"),
        (
            lambda p: changed(p, table={"file": "../gone.parquet", "blake3": ""}),
            "`gone.parquet` of the policy `send.json` is not there",
        ),
        (lambda p: p.with_suffix(".parquet").unlink(), "table `send.parquet` of the policy"),
        (lambda p: p.with_suffix(".parquet").write_bytes(b"PAR1"), "not the table"),
    ],
)
def test_a_file_that_is_not_what_it_was_is_refused(written, harm, said):
    _, path = written
    harm(path)
    with pytest.raises(InputError, match=said):
        ec.read_policy(path)


def test_every_flipped_byte_of_the_table_is_noticed(written):
    table = written[1].with_suffix(".parquet")
    content = table.read_bytes()
    for at in range(0, len(content), 97):
        table.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
        with pytest.raises(InputError):
            ec.read_policy(written[1])


def test_a_policy_is_written_under_a_name_that_says_json(tmp_path, written):
    with pytest.raises(InputError, match=r"NAME\.json"):
        ec.write_policy(written[0], tmp_path / "send.pickle")
