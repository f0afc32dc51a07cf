"""What was typed after `--set`, as the values of a model's parameters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from ..engine import Parameter
from ..engine.sizes import parse_whole
from ..errors import ParameterError, unknown

FARTHEST = 2**63 - 1
YES = ("true", "yes", "on", "1")
NO = ("false", "no", "off", "0")


def parse_settings(settings: Iterable[str], parameters: Mapping[str, Parameter]) -> dict[str, Any]:
    """The values that `name=value` texts give, each of its own parameter's type."""
    values: dict[str, Any] = {}
    for setting in settings:
        name, text = _split(setting)
        if name not in parameters:
            raise ParameterError(unknown("parameter", name, parameters))
        if name in values:
            raise ParameterError(f"`{name}` is set twice; type `--set {name}=...` once.")
        values[name] = parse_value(name, text, parameters[name].kind)
    return values


def parse_value(name: str, text: str, kind: str) -> Any:
    """`text` as a value of `kind`; its range is the model's to check."""
    if kind == "int":
        return parse_whole(text, f"parameter `{name}`", -FARTHEST, FARTHEST)
    if kind == "float":
        return _real(name, text)
    if kind == "bool":
        return _truth(name, text)
    return text


def _split(setting: str) -> tuple[str, str]:
    name, equals, text = setting.partition("=")
    name, text = name.strip(), text.strip()
    if not equals or not name or not text:
        shown = name or "name"
        raise ParameterError(
            f"`--set {setting}` does not say name and value; type `--set {shown}=value`."
        )
    return name, text


def _real(name: str, text: str) -> float:
    """A decimal number, or a percentage: `0.15`, `1e-3`, `15%`."""
    digits, percent = (text[:-1], Decimal(100)) if text.endswith("%") else (text, Decimal(1))
    try:
        exact = Decimal(digits)
    except InvalidOperation:
        exact = Decimal("nan")
    value = float(exact / percent) if exact.is_finite() else float("nan")
    if value - value != 0:  # neither finite nor a number
        raise ParameterError(
            f"parameter `{name}`: `{text}` is not a number. "
            f"Write one such as 0.15, 1e-3 or 15%: `--set {name}=0.15`."
        )
    return value


def _truth(name: str, text: str) -> bool:
    if text.lower() in YES + NO:
        return text.lower() in YES
    raise ParameterError(
        f"parameter `{name}`: `{text}` is neither true nor false; type `--set {name}=true`."
    )
