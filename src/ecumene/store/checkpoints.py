"""Checkpoints of a run: where it stood between two steps, whole on the disk or not there.

    checkpoints/
      blocks/BLAKE3.npy         what agents had, in blocks; several checkpoints share those that
                                did not change
      step-000000000010.json    a manifest: the facts of that moment, which blocks, which parts of
                                the series were written by then, and its own checksum

A manifest is written last, when all that it names has reached the disk. Blocks are written and read
one at a time: a state of many gigabytes needs no second copy in memory.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..engine import Block
from . import canonical, disk, parts
from .blocks import Blocks

FOLDER = "checkpoints"
FORMAT = 1  # raised when a checkpoint of before can no longer be read


@dataclass(frozen=True)
class Checkpoint:
    """One moment of a run, read from its manifest; a state from which a simulation goes on."""

    manifest: Mapping[str, Any]
    stored: Blocks
    run: Path

    @property
    def step(self) -> int:
        """The step that comes next."""
        return self.facts["step"]

    @property
    def facts(self) -> Mapping[str, Any]:
        """All that is not one agent's."""
        return self.manifest["facts"]

    def blocks(self) -> Iterator[Block]:
        """What agents had, one block in memory at a time."""
        for label, array in self.manifest["arrays"].items():
            for first, count, name in array["blocks"]:
                yield Block(label, first, self.stored.read(name, count, array["bits"]))

    @property
    def names(self) -> list[str]:
        """The blocks that it needs."""
        arrays = self.manifest["arrays"].values()
        return [name for array in arrays for _, _, name in array["blocks"]]

    def fault(self) -> str | None:
        """What is wrong with it, or None: every block, and every part of the series, is read."""
        for name in dict.fromkeys(self.names):
            wrong = self.stored.fault(name)
            if wrong is not None:
                return f"its block {name[:12]} {wrong}"
        for name, entry in self.manifest["series"]["files"].items():
            if not parts.is_entry(self.run / name, entry):
                return f"{name}, written before it, is not what was written"
        return None


class Checkpoints:
    """All checkpoints in one run's folder."""

    def __init__(self, run: Path) -> None:
        """Take the run's folder; nothing is touched yet."""
        self.path = run / FOLDER
        self._blocks = Blocks(self.path / "blocks")

    @property
    def steps(self) -> list[int]:
        """The steps of which there is a manifest, in order."""
        found = self.path.glob("step-*.json") if self.path.is_dir() else ()
        return sorted(int(path.stem.removeprefix("step-")) for path in found)

    def write(self, about: Mapping[str, Any], blocks: Iterable[Block], keep: int) -> None:
        """Keep one more, `about` it the facts and what else its reader needs; the latest `keep`
        stay. When it fails, those of before are still there."""
        self._blocks.path.mkdir(parents=True, exist_ok=True)
        arrays: dict[str, dict[str, Any]] = {}
        for block in blocks:
            bits = block.values.dtype == bool
            array = arrays.setdefault(block.label, {"bits": bits, "blocks": []})
            entry = [block.first, block.values.size, self._blocks.write(block.values)]
            array["blocks"].append(entry)
        disk.flush(self._blocks.path)
        content = canonical.plain({"format": FORMAT, **about, "arrays": arrays})
        content["blake3"] = canonical.checksum(content)
        text = canonical.encode(canonical.dumps(content) + "\n")
        disk.write_whole(self._file(about["facts"]["step"]), text)
        self._prune(keep)

    def latest(self, at_most: int | None = None) -> tuple[Checkpoint | None, list[str]]:
        """The latest whole one, of step `at_most` or before; and what is wrong with those after."""
        faults: list[str] = []
        for step in reversed(self.steps):
            if at_most is not None and step > at_most:
                continue
            found = self._read(step)
            wrong = found if isinstance(found, str) else found.fault()
            if wrong is None and not isinstance(found, str):
                return found, faults
            faults.append(f"the checkpoint of step {step} is damaged: {wrong}")
        return None, faults

    def drop_after(self, step: int) -> None:
        """Remove those of later steps: whoever goes on from `step` writes them anew."""
        for later in self.steps:
            if later > step:
                self._file(later).unlink(missing_ok=True)

    def remove(self) -> None:
        """Remove all of them."""
        shutil.rmtree(self.path, ignore_errors=True)

    def _read(self, step: int) -> Checkpoint | str:
        """A checkpoint, or what is wrong with its manifest."""
        try:
            manifest = json.loads(self._file(step).read_bytes())
            content = {name: value for name, value in manifest.items() if name != "blake3"}
            if manifest.get("blake3") != canonical.checksum(content):
                return "its manifest was changed after it was written"
        except (OSError, ValueError, AttributeError) as error:
            return f"its manifest cannot be read ({error})"
        if manifest.get("format") != FORMAT:
            return f"it has format {manifest.get('format')}, and this version reads {FORMAT}"
        return Checkpoint(manifest, self._blocks, self.path.parent)

    def _prune(self, keep: int) -> None:
        """Remove all but the latest `keep`, then the blocks that none of these needs."""
        for step in self.steps[:-keep]:
            self._file(step).unlink(missing_ok=True)
        kept = [self._read(step) for step in self.steps]
        whole = [one for one in kept if isinstance(one, Checkpoint)]
        self._blocks.keep_only(name for one in whole for name in one.names)

    def _file(self, step: int) -> Path:
        return self.path / f"step-{step:012d}.json"
