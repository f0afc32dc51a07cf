"""What every store of runs must keep; hold your own against it.

from ecumene.testing import StoreContract

class TestMyStore(StoreContract):
    store = MyStore    # takes the path of a folder, as `ecumene.store.Store` does
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar

from ..errors import StoreError
from ..store import Store

RECORD = {"model": "cascade", "seed": 2**63, "share": 0.1 + 0.2, "none": None, "text": "ö\n"}
ROWS = [
    {"step": s, "reached": 3 * s, "share": s / 7, "by[a b]": None if s else 1} for s in range(9)
]


class StoreContract:
    """Tests that pytest runs for one kind of store, each in a folder of its own."""

    store: ClassVar[Callable[[Path], Store] | None] = None

    def test_there_is_a_store_to_hold(self) -> None:
        """A contract for no store would hold for nothing."""
        assert self.store is not None, "name it: store = MyStore"

    def test_nothing_is_touched_before_a_run_is_written(self) -> None:
        """Making a store, asking what is in it and whether it can be written leaves no trace."""
        for store in self._stores():
            store.check_writable()
            assert store.list() == [] and store.stored("a") is None
            assert not Path(store.path).exists()

    def test_a_run_comes_back_as_it_was_written(self) -> None:
        """Record, scorecard and series, every value and every missing one."""
        for store in self._stores():
            _write(store, "a")
            run = store.find("a")
            assert run.whole and run.status == "finished"
            assert {name: run.record[name] for name in RECORD} == RECORD
            assert run.scorecard == [{"name": "share", "value": 0.5}]
            assert run.series["step"].tolist() == list(range(9))
            assert run.series["share"].tolist() == [s / 7 for s in range(9)]
            first, *others = run.series["by[a b]"].tolist()
            assert first == 1 and all(value is None or value != value for value in others)

    def test_a_run_is_found_by_name_prefix_path_and_last(self) -> None:
        """And one that is not there is refused."""
        for store in self._stores():
            _write(store, "cascade-1")
            folder = _write(store, "gossip-2")
            for said in ("gossip-2", "gos", str(folder.path), "last"):
                assert store.find(said).name == "gossip-2"
            assert _refuses(lambda store=store: store.find("virality"))
            assert [run.name for run in store.list()] == ["cascade-1", "gossip-2"]

    def test_what_is_unfinished_is_never_taken_for_a_result(self) -> None:
        """Not while it is written, not when an error ends it, not when it is abandoned."""
        for store in self._stores():
            writer = store.open_partial("a", RECORD)
            writer.append(ROWS)
            writer.flush()
            assert store.stored("a") is None and _refuses(lambda store=store: store.find("last"))
            writer.abandon("interrupted")
            try:
                with store.open_partial("b", RECORD) as second:
                    second.append(ROWS)
                    raise KeyError("an error of the model")
            except KeyError:
                pass
            assert store.stored("a") is None and store.stored("b") is None
            assert {run.status for run in store.list()} == {"unfinished"}

    def test_a_run_that_is_damaged_is_seen(self) -> None:
        """A file that is cut short, gone or has one bit flipped is never read as a result."""
        for store in self._stores():
            folder = _write(store, "a")
            files = [file for file in Path(folder.path).rglob("*") if file.is_file()]
            for file in files:
                content = file.read_bytes()
                flipped = bytes([content[0] ^ 1]) + content[1:]
                for damaged in (content[:-9], content[: len(content) // 2], flipped, None):
                    file.unlink() if damaged is None else file.write_bytes(damaged)
                    assert _refuses(lambda store=store: _read(store, "a")), (file, damaged)
                    file.write_bytes(content)
            assert _read(store, "a")

    def test_a_run_computed_again_takes_the_place_of_the_earlier_one(self) -> None:
        """One whole run of a name, the later one."""
        for store in self._stores():
            _write(store, "a")
            _write(store, "a", digest="2")
            assert store.find("a").record.get("digest") == "2" and len(store.list()) == 1

    def _stores(self) -> Iterator[Store]:
        make = type(self).store
        assert make is not None
        with TemporaryDirectory() as folder:
            yield make(Path(folder) / "runs")


def _write(store: Store, name: str, **more: Any) -> Any:
    with store.open_partial(name, RECORD) as writer:
        for row in ROWS:
            writer.append([row])
        return writer.finish({**RECORD, **more}, [{"name": "share", "value": 0.5}])


def _read(store: Store, name: str) -> bool:
    """Read all of a run; raises `StoreError` where it is damaged."""
    run = store.find(name)
    return bool(run.record and run.scorecard and run.series["step"].size)


def _refuses(ask: Callable[[], Any]) -> bool:
    """Whether it is refused with the one error for stores."""
    try:
        ask()
    except StoreError:
        return True
    except Exception:
        return False  # whatever it is, it is not what a user is to read
    return False
