"""What a check of a model found, law by law, and how it is said."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass


class CheckError(AssertionError):
    """A model breaks a law; the message is the whole table, the broken laws first."""


@dataclass(frozen=True)
class Check:
    """One law held against one model: `passed` is None where it was not asked."""

    law: str
    passed: bool | None
    said: str

    def __str__(self) -> str:
        """A line of the table."""
        mark = {True: "holds ", False: "BROKEN", None: "not asked"}[self.passed]
        return f"{mark:9} {self.law:16} {self.said}"


@dataclass(frozen=True)
class Checks(Sequence[Check]):
    """All checks of one model; printed as a table."""

    model: str
    checks: tuple[Check, ...]

    def __getitem__(self, at: int) -> Check:  # pyright: ignore[reportIncompatibleMethodOverride]
        """The check at a position."""
        return self.checks[at]

    def __len__(self) -> int:
        """How many laws were looked at."""
        return len(self.checks)

    def __iter__(self) -> Iterator[Check]:
        """Each check in turn."""
        return iter(self.checks)

    @property
    def broken(self) -> tuple[Check, ...]:
        """The laws that the model breaks."""
        return tuple(check for check in self.checks if check.passed is False)

    def __str__(self) -> str:
        """The table, broken laws first."""
        ordered = sorted(self.checks, key=lambda check: check.passed is not False)
        return "\n".join([f"model `{self.model}`:", *(f"  {check}" for check in ordered)])

    def or_raise(self) -> Checks:
        """Itself when no law is broken; raises `CheckError` otherwise."""
        if self.broken:
            raise CheckError(str(self))
        return self


def held(law: str, said: str, faults: Callable[[], str | None]) -> Check:
    """The check of one law: `faults` says what is wrong, or None."""
    wrong = faults()
    return Check(law, wrong is None, wrong or said)
