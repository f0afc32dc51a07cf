"""Every error that Ecumene raises on purpose; anything else is a bug.

EcumeneError
  ModelError       a model that does not fit together (names, types, phases, rules)
  ParameterError   a value outside its range, of the wrong type, or of an unknown name
  InterventionError  a scheduled change that cannot be made
  InputError       a user's file that cannot be read as what it should be
  SizeError        more memory than this machine has
  StoreError       a run's folder that cannot be written or read
  DigestError      the same run computed again, with another result
  RuleError        a rule that went wrong while it ran (overflow, division by zero)
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class EcumeneError(Exception):
    """Base of all errors raised on purpose; the command line exits with status 2."""


class ModelError(EcumeneError):
    """A model that does not fit together."""


class ParameterError(EcumeneError):
    """A value outside its range, of the wrong type, or of an unknown name."""


class InterventionError(EcumeneError):
    """A scheduled change that cannot be made; `about` is the word of it that is wrong."""

    def __init__(self, text: str, about: str = "") -> None:
        """Say what is wrong, and about which name, value or label."""
        super().__init__(text)
        self.about = about


class InputError(EcumeneError):
    """A user's file that cannot be read as what it should be."""


class SizeError(EcumeneError):
    """More memory than this machine has."""


class StoreError(EcumeneError):
    """A run's folder that cannot be written or read."""


class DigestError(EcumeneError):
    """The same run computed again, with another result; the command line exits with status 1."""


class RuleError(EcumeneError):
    """A rule that went wrong while it ran; `after` so many whole steps of those asked for."""

    after = 0


def unknown(kind: str, name: str, known: Iterable[str]) -> str:
    """Say that `name` is not one of `known`, list them, and guess what was meant."""
    known = sorted(known)
    near = get_close_matches(name, known, n=1) or get_close_matches(name.upper(), known, n=1)
    guess = f" Did you mean `{near[0]}`?" if near else ""
    return f"no {kind} named `{name}`; there are: {', '.join(known) or '(none)'}.{guess}"
