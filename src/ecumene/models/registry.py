"""Which ready models there are; a model's file is loaded when it is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module

from ..engine import ReadyModel

NAMES = ("cascade", "frenzy", "opinion", "stance", "trust", "virality")


class _Models(Mapping[str, ReadyModel]):
    """Ready models by name."""

    def __getitem__(self, name: str) -> ReadyModel:
        if name not in NAMES:
            raise KeyError(name)
        return import_module(f"ecumene.models.{name}").model

    def __iter__(self) -> Iterator[str]:
        return iter(NAMES)

    def __len__(self) -> int:
        return len(NAMES)


MODELS: Mapping[str, ReadyModel] = _Models()
