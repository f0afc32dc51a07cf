"""What is free, where a container says so and where it does not; and the refusal's arithmetic."""

from pathlib import Path

import pytest

from ecumene.engine import memory
from ecumene.errors import SizeError

GIB = 1 << 30


def machine(root: Path, free: int, **files: str) -> Path:
    """A machine with `free` bytes; files by path with `__` for `/`."""
    files["proc__meminfo"] = f"MemTotal: 1 kB\nMemAvailable: {free // 1024} kB\n"
    for name, text in files.items():
        path = root / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def test_without_a_container_the_kernels_estimate_counts(tmp_path: Path):
    assert memory.available_memory(machine(tmp_path, 8 * GIB)) == 8 * GIB


def test_a_version_2_limit_above_this_process_counts(tmp_path: Path):
    root = machine(
        tmp_path,
        64 * GIB,
        proc__self__cgroup="0::/slice/job\n",
        **{
            "sys__fs__cgroup__slice__job__memory.max": "max\n",
            "sys__fs__cgroup__slice__job__memory.current": "7\n",
            "sys__fs__cgroup__slice__memory.max": f"{4 * GIB}\n",
            "sys__fs__cgroup__slice__memory.current": f"{3 * GIB}\n",
            "sys__fs__cgroup__slice__memory.stat": f"anon 5\ninactive_file {GIB}\n",
        },
    )
    assert memory.available_memory(root) == 2 * GIB  # 4 - 3 used, of which 1 is file cache


def test_a_version_1_limit_counts_though_the_path_is_the_hosts(tmp_path: Path):
    root = machine(
        tmp_path,
        64 * GIB,
        proc__self__cgroup="5:cpu:/x\n4:memory:/docker/3f\n0::/\n",
        **{
            "sys__fs__cgroup__memory__memory.limit_in_bytes": f"{2 * GIB}\n",
            "sys__fs__cgroup__memory__memory.usage_in_bytes": f"{GIB}\n",
            "sys__fs__cgroup__memory__memory.stat": "inactive_file 9\ntotal_inactive_file 0\n",
        },
    )
    assert memory.available_memory(root) == GIB


def test_the_huge_number_that_means_no_limit_is_none(tmp_path: Path):
    root = machine(
        tmp_path,
        8 * GIB,
        proc__self__cgroup="4:memory:/\n",
        **{
            "sys__fs__cgroup__memory__memory.limit_in_bytes": "9223372036854771712\n",
            "sys__fs__cgroup__memory__memory.usage_in_bytes": "5\n",
        },
    )
    assert memory.available_memory(root) == 8 * GIB


def test_a_container_that_is_full_leaves_nothing(tmp_path: Path):
    root = machine(
        tmp_path,
        8 * GIB,
        proc__self__cgroup="0::/\n",
        **{"sys__fs__cgroup__memory.max": "100\n", "sys__fs__cgroup__memory.current": "200\n"},
    )
    assert memory.available_memory(root) == 0


def test_this_machine_has_some_memory_and_this_process_holds_some():
    assert memory.available_memory() > 1 << 20
    assert memory.peak_memory() > 1 << 20


def test_what_fits_passes(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(memory, "available_memory", lambda: 1000)
    memory.check_memory(1000, {"people": 1000})


def test_what_does_not_fit_is_refused_with_the_sum_and_what_to_type(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(memory, "available_memory", lambda: 10_000_000_000)
    parts = {"contacts": 10_000_000_000, "people": 30_000_000_000, "nothing": 0}
    with pytest.raises(SizeError) as refusal:
        memory.check_memory(40_000_000_000, parts, agents=10_000_000_000)
    said = str(refusal.value)
    assert "needs 40 GB of memory (people 30 GB + contacts 10 GB)" in said
    assert "has 10 GB free" in said
    assert "--agents 2500000000" in said


def test_bytes_read_as_people_read_them():
    said = [memory.readable_bytes(n) for n in (0, 999, 1000, 999_600, 3_210_000_000, 123e9)]
    assert said == ["0 B", "999 B", "1 kB", "1 MB", "3.21 GB", "123 GB"]
