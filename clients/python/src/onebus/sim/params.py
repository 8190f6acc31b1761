"""Checking the parameters of actions as NapCat does.

NapCat runs typebox's ``Value.Parse`` over a schema: fill defaults, convert
between numbers, texts and booleans, wrap single values where a list is
wanted, then complain.  Null is not "missing": an optional parameter given as
null fails.  Unknown keys stay.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from . import js

Convert = Callable[[Any], Any]


class SchemaError(Exception):
    """The text behind ``Schema compilation error: ``."""


_MISSING: Any = object()


@dataclass(frozen=True)
class Param:
    """One parameter: required unless `optional` or with a default."""

    name: str
    convert: Convert
    optional: bool = False
    default: Any = _MISSING


def text(value: Any) -> str:
    """Type.String: numbers and booleans become text."""
    if isinstance(value, (str, bool, int, float)):
        return js.text(value)
    raise SchemaError("Expected string")


def number(value: Any) -> int | float:
    """Type.Number: numeric texts and booleans become numbers."""
    if isinstance(value, str):
        value = _numeric(value)
    elif isinstance(value, bool):
        value = int(value)
    if isinstance(value, (int, float)):
        return value
    raise SchemaError("Expected number")


def _numeric(value: str) -> int | float | None:
    if value in ("true", "false"):
        return int(value == "true")
    try:
        as_double = float(value)
    except ValueError:
        return None
    return int(as_double) if as_double.is_integer() else as_double


def boolean(value: Any) -> bool:
    """Type.Boolean: ``true``, ``"true"``, ``"1"`` and 1 are true."""
    if isinstance(value, (bool, int, float, str)):
        if value in (True, "true", "1"):
            return True
        if value in (False, "false", "0"):
            return False
    raise SchemaError("Expected boolean")


def number_or_text(value: Any) -> int | float | str:
    """A union of number and text: what is neither fails as a union."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, (int, float, str)):
        return value
    raise SchemaError("Expected union value")


def boolean_or_text(value: Any) -> bool | str:
    """A union of boolean and text."""
    if isinstance(value, (bool, str)):
        return value
    if isinstance(value, (int, float)):
        return bool(value) if value in (0, 1) else js.text(value)
    raise SchemaError("Expected union value")


def text_or_null(value: Any) -> str | None:
    """A union of text and null."""
    return None if value is None else text(value)


def texts(value: Any) -> list[str]:
    """An array of texts; one value is wrapped."""
    return [text(item) for item in (value if js.is_array(value) else [value])]


def anything(value: Any) -> Any:
    """No check: the handler sees to it."""
    return value


def table(*schema: Param) -> Convert:
    """An object with its own schema; unknown keys inside it are removed."""

    def convert(value: Any) -> dict[str, Any]:
        parsed = parse(value, schema)
        return {
            param.name: parsed[param.name] for param in schema if param.name in parsed
        }

    return convert


def parse(params: Any, schema: tuple[Param, ...]) -> dict[str, Any]:
    """The parameters, converted and completed; raises SchemaError."""
    if not js.is_object(params):
        raise SchemaError("Expected object")
    parsed = dict(params)
    for param in schema:
        if param.name in parsed:
            parsed[param.name] = param.convert(parsed[param.name])
        elif param.default is not _MISSING:
            parsed[param.name] = param.default
        elif not param.optional:
            raise SchemaError("Expected required property")
    return parsed
