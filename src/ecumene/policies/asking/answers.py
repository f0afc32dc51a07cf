"""Every answer that was ever given, a line of JSON each, found by the content of its question.

A line is on the disk before the next question is asked on its behalf; a line that a failure cut
short is left out when the file is read again, and its question asked again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ...errors import InputError

Answer = Mapping[str, Any]


class Answers:
    """The answers in a file, by key; `add` keeps one more."""

    def __init__(self, path: str | Path) -> None:
        """Read what is there."""
        self.path = Path(path)
        self._kept: dict[str, Answer] = {}
        content = self._content()
        whole = content[: content.rfind(b"\n") + 1]
        self._cut = len(whole) if len(whole) < len(content) else None
        for number, line in enumerate(whole.splitlines(), 1):
            try:
                answer = json.loads(line)
                self._kept[answer["key"]] = answer
            except (ValueError, TypeError, KeyError) as error:
                raise InputError(f"line {number} of `{self.path}` is no answer.") from error

    def __len__(self) -> int:
        """How many questions have an answer."""
        return len(self._kept)

    @property
    def endpoints(self) -> set[str]:
        """Where the answers are from."""
        return {str(a["endpoint"]) for a in self._kept.values() if "endpoint" in a}

    def __contains__(self, key: str) -> bool:
        """Whether that question was asked, and answered or given up."""
        return key in self._kept

    def get(self, key: str) -> Answer | None:
        """The answer to that question."""
        return self._kept.get(key)

    def add(self, answer: Answer) -> None:
        """Keep an answer, on the disk too."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("ab") as file:
            if self._cut is not None:
                file.truncate(self._cut)
                self._cut = None
            file.write(json.dumps(answer, separators=(",", ":")).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        self._kept[answer["key"]] = answer

    def _content(self) -> bytes:
        try:
            return self.path.read_bytes()
        except FileNotFoundError:
            return b""
        except OSError as error:
            raise InputError(f"cannot read the answers `{self.path}`: {error.strerror}.") from error
