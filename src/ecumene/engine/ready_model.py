"""The function that describes a ready model, with its parameters, presets and documentation."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from .model import Model
from .parameters import Parameter, parameters_of, settled


@dataclass(frozen=True)
class ReadyModel:
    """A model's function with its parameters, presets and documentation; call it to build one."""

    function: Callable[..., Model]
    parameters: Mapping[str, Parameter]
    presets: Mapping[str, Mapping[str, Any]]

    @property
    def name(self) -> str:
        """Its name: that of its file, or of the folder with its `model.py`; else its function's."""
        module = self.function.__module__
        if module != "__main__":
            return module.removesuffix(".model").rsplit(".", 1)[-1]
        file = getattr(sys.modules[module], "__file__", None)
        return Path(file).stem if file else self.function.__name__

    @property
    def doc(self) -> str:
        """What it models, what to look for, sources; the function's own text comes first."""
        return inspect.getdoc(self.function) or self._file_doc

    @property
    def _file_doc(self) -> str:
        module = inspect.getmodule(self.function)
        written = module is not None and getattr(module, "__file__", None)
        return inspect.getdoc(module) or "" if written else ""

    @property
    def summary(self) -> str:
        """The first line of its documentation."""
        return self.doc.split("\n", 1)[0]

    def build(self, **values: Any) -> Model:
        """The model with these parameters, the others at their defaults."""
        chosen = settled(self.parameters, values)
        built = self.function(**chosen)
        return replace(
            built,
            name=self.name,
            doc=self.doc,
            parameters=chosen,
            parameter_table=self.parameters,
        ).solved()

    __call__ = build

    def typed(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Those of a run's parameters that are chosen, without what `solve` works out."""
        return {name: value for name, value in values.items() if name in self.parameters}


def model(
    function: Callable[..., Model] | None = None,
    *,
    presets: Mapping[str, Mapping[str, Any]] | None = None,
) -> Any:
    """Mark the function that describes a model; its arguments become the model's parameters."""

    def marked(described: Callable[..., Model]) -> ReadyModel:
        parameters = parameters_of(described)
        for values in (presets or {}).values():
            settled(parameters, values)
        return ReadyModel(described, parameters, presets or {})

    return marked if function is None else marked(function)
