"""JSON as a JavaScript program reads and writes it.

NapCat reads requests with a JSON5 parser and writes frames with
``JSON.stringify``.  Both leave marks on the wire that Python's ``json`` does
not: integers are doubles, lone surrogates are written as escapes, ``1.0`` is
``1``.
"""

from __future__ import annotations

import base64
import json
import math
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any, TypeGuard, Union

import json5

Row = Union[list[Any], tuple[Any, ...]]

SAFE_INTEGER = 2**53
"""Below this a double holds every integer."""

_JSON5_CHARACTERS_MAX = 64 * 1024
"""The JSON5 parser is slow: a long frame that is no JSON would stall us all."""

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_STRINGS = json.JSONEncoder(ensure_ascii=False)


def is_object(value: object) -> TypeGuard[dict[str, Any]]:
    """Whether it is an object, as JSON has them."""
    return isinstance(value, dict)


def is_array(value: object) -> TypeGuard[list[Any]]:
    """Whether it is an array."""
    return isinstance(value, list)


def _is_row(value: object) -> TypeGuard[Row]:
    """An array, or a tuple, which is written as one."""
    return isinstance(value, (list, tuple))


def number_text(value: float) -> str:
    """``String(value)`` of a number, by ECMAScript's Number::toString."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if value == 0:
        return "0"
    # repr() gives the shortest digits that read back as the same double,
    # which is what ECMAScript asks for; only their layout differs.
    negative, digits, exponent = Decimal(repr(float(value))).normalize().as_tuple()
    assert isinstance(exponent, int)
    text = "".join(map(str, digits))
    return ("-" if negative else "") + _layout(text, len(text) + exponent)


def _layout(digits: str, point: int) -> str:
    """Place the decimal point behind `point` digits, or use an exponent."""
    if len(digits) <= point <= 21:
        return digits + "0" * (point - len(digits))
    if 0 < point <= 21:
        return f"{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return f"0.{'0' * -point}{digits}"
    mantissa = digits if len(digits) == 1 else f"{digits[0]}.{digits[1:]}"
    return f"{mantissa}e{point - 1:+d}"


def text(value: object) -> str:
    """``String(value)`` of a parsed JSON value; None stands for null."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return number_text(value)
    if _is_row(value):
        return ",".join("" if item is None else text(item) for item in value)
    if isinstance(value, dict):
        return "[object Object]"
    return str(value)


def truthy(value: object) -> bool:
    """What ``if (value)`` does: empty arrays and objects are true."""
    if isinstance(value, float) and math.isnan(value):
        return False
    return bool(value) or isinstance(value, (list, dict))


_BASE64 = re.compile("[^A-Za-z0-9+/]")


def base64_bytes(text: str) -> bytes:
    """``Buffer.from(text, "base64")``: never fails, skips what is no base64,
    takes the alphabet of urls too, ends at the first ``=``."""
    try:
        # Nearly all is in order, and then this is much faster.
        return base64.b64decode(text, validate=True)
    except ValueError:
        return _lenient_base64(text)


def _lenient_base64(text: str) -> bytes:
    kept = text.partition("=")[0].replace("-", "+").replace("_", "/")
    kept = _BASE64.sub("", kept)
    kept = kept[: len(kept) - (len(kept) % 4 == 1)]
    return base64.b64decode(kept + "=" * (-len(kept) % 4))


def dumps(value: Any) -> str:
    """Write `value` as ``JSON.stringify`` would: compact, UTF-8 unescaped.

    Python integers are written exactly, so that frames of other
    implementations with numbers above 2^53 can be played too.
    """
    pieces: list[str] = []
    _write(value, pieces.append)
    return _LONE_SURROGATE.sub(
        lambda lone: f"\\u{ord(lone.group()):04x}", "".join(pieces)
    )


def _write(value: Any, put: Callable[[str], None]) -> None:
    if isinstance(value, str):
        put(_STRINGS.encode(value))
    elif is_object(value):
        _write_object(value, put)
    elif _is_row(value):
        _write_array(value, put)
    elif isinstance(value, float) and not math.isfinite(value):
        put("null")
    elif value is None or isinstance(value, (bool, int, float)):
        put(text(value))
    else:
        raise TypeError(f"not a JSON value: {type(value).__name__}")


def _write_object(value: dict[Any, Any], put: Callable[[str], None]) -> None:
    put("{")
    for place, (key, item) in enumerate(value.items()):
        put(("," if place else "") + _STRINGS.encode(str(key)) + ":")
        _write(item, put)
    put("}")


def _write_array(
    value: Row, put: Callable[[str], None]
) -> None:
    put("[")
    for place, item in enumerate(value):
        if place:
            put(",")
        _write(item, put)
    put("]")


def loads(source: str) -> Any:
    """Read JSON or JSON5; integers above 2^53 become doubles.

    Raises ValueError when it is neither.
    """
    try:
        # The strict parser is a hundred times faster and reads nearly all.
        return json.loads(source, parse_int=_integer)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    except ValueError:
        return _loads_json5(source)


def _loads_json5(source: str) -> Any:
    if len(source) > _JSON5_CHARACTERS_MAX:
        raise ValueError("too long for JSON5")
    try:
        return _doubles(json5.loads(source))
    except (RecursionError, OverflowError):
        raise ValueError("nested too deeply, or a number out of range") from None


def _integer(digits: str) -> int | float:
    as_double = float(digits)
    return int(digits) if abs(as_double) < SAFE_INTEGER else as_double


def _doubles(value: Any) -> Any:
    """Round the integers of an exact parser as a double rounds them."""
    if is_object(value):
        return {key: _doubles(item) for key, item in value.items()}
    if is_array(value):
        return [_doubles(item) for item in value]
    if isinstance(value, int) and abs(value) >= SAFE_INTEGER:
        return float(value)
    return value
