"""A disk that is full or may not be written: one clear error, and nothing that looks whole.

The disks are real: a small tmpfs, a read-only one, and a limit on the size of files, each in a
process of its own (`unshare` gives an ordinary user a mount of their own on Linux).
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ecumene.errors import StoreError
from ecumene.store import Store

WRITE = """
import json, sys
from pathlib import Path
from ecumene.errors import StoreError
from ecumene.store import Store
store, told = Store(sys.argv[1]), ""
try:
    if {check}: store.check_writable()
    with store.open_partial("big", {{}}) as writer:
        for t in range(3000):
            writer.append([{{"step": t}} | {{f"m{{i}}": (t * 7919 + i * 104729) % 1000003 / 1000003
                                             for i in range(20)}}])
        writer.finish({{}})
except StoreError as error:
    told = str(error)
print(json.dumps([told, [r.status for r in store.list()], store.stored("big") is None,
      sorted(str(p.relative_to(store.path)) for p in store.path.rglob("*.tmp"))]))
"""


def run(command: list[str]) -> list:
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def mounted(options: str, script: str, place: Path) -> list:
    """Run a script on a small disk of its own."""
    place.mkdir()
    mount = f"mount -t tmpfs -o {options} tmpfs {place}"
    if (
        not shutil.which("unshare")
        or subprocess.run(["unshare", "-rm", "sh", "-c", mount], capture_output=True).returncode
    ):
        pytest.skip("no mounts of one's own on this machine")
    inner = f'{mount} && exec "$0" -c "$1" {place}'
    return run(["unshare", "-rm", "sh", "-c", inner, sys.executable, script])


def test_a_full_disk_is_one_error_and_leaves_nothing_that_looks_whole(tmp_path):
    script = WRITE.format(check=False)
    told, status, absent, temporary = mounted("size=300k", script, tmp_path / "small")
    assert "the disk is full" in told
    assert "--out DIR" in told
    assert (status, absent, temporary) == (["unfinished"], True, [])


def test_a_disk_that_is_full_already_is_told_before_anything_is_computed(tmp_path):
    fill = "Path(sys.argv[1], 'x').write_bytes(bytes(65536)); store, told = Store(sys.argv[1]), ''"
    script = WRITE.format(check=True).replace('store, told = Store(sys.argv[1]), ""', fill)
    told, status, _, _ = mounted("size=64k", script, tmp_path / "full")
    assert "the disk is full" in told
    assert status == []


def test_a_read_only_disk_is_told_before_anything_is_computed(tmp_path):
    told, status, _, _ = mounted("ro", WRITE.format(check=True), tmp_path / "locked")
    assert "cannot be written" in told
    assert "--out DIR" in told
    assert status == []


def test_a_limit_on_the_size_of_files_is_told_as_a_full_disk(tmp_path):
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (40000, 40000))\n"
    script = limit + WRITE.format(check=False)
    told, status, absent, temporary = run([sys.executable, "-c", script, str(tmp_path / "runs")])
    assert "no room left" in told
    assert (status, absent, temporary) == (["unfinished"], True, [])


def test_the_check_leaves_no_trace(tmp_path):
    Store(tmp_path / "a" / "b").check_writable()
    assert list(tmp_path.iterdir()) == []


def test_a_file_in_the_way_is_told(tmp_path):
    (tmp_path / "runs").write_text("not a folder")
    with pytest.raises(StoreError, match="is a file"):
        Store(tmp_path / "runs").check_writable()
    with pytest.raises(StoreError, match="in the way"):
        Store(tmp_path / "runs").open_partial("a", {})


def test_a_process_killed_at_any_moment_leaves_no_half_file_and_no_whole_run(tmp_path):
    script = WRITE.format(check=False).replace("range(3000)", "range(10**9)")
    process = subprocess.Popen([sys.executable, "-c", script, str(tmp_path)])
    parts = tmp_path / "big.partial" / "series"
    try:
        while not list(parts.glob("part-000001.parquet")):
            assert process.poll() is None
    finally:
        process.kill()
        process.wait()
    store = Store(tmp_path)
    assert store.stored("big") is None
    (partial,) = store.list()
    assert partial.series["step"].tolist() == list(range(len(partial.series)))
    assert len(partial.series) % 1000 == 0
