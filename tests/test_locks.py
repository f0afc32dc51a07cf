"""The locks name versions and hashes, never where to fetch them or whose machine made them."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LOCKS = sorted((ROOT / "requirements").glob("*.lock"))
PIN = re.compile(r"^(?P<name>[a-z0-9-]+)(?:\[[a-z,]+\])?==(?P<version>\S+)( ; .+?)?( \\)?$")


def pins(lock: Path) -> set[tuple[str, str]]:
    """The name and version of each line that is not a hash."""
    lines = [line for line in lock.read_text().splitlines() if not line.startswith("    --hash=")]
    found = [PIN.match(line) for line in lines]
    assert all(found), [line for line, pin in zip(lines, found, strict=True) if not pin]
    return {(pin["name"], pin["version"]) for pin in found if pin}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_holds_versions_and_hashes_only(lock: Path):
    assert pins(lock)
    assert not re.search(r"://|^\s*-(?!-hash)|(^|\s)/", lock.read_text(), re.MULTILINE)


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_version_has_a_hash(lock: Path):
    text = lock.read_text()
    assert not re.search(r"==[^\\\n]*\n(?!    --hash)", text)


def test_the_core_is_locked_alike_for_users_and_developers():
    core, dev = (pins(ROOT / "requirements" / name) for name in ("core.lock", "dev.lock"))
    assert core <= dev
