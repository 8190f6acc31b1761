"""Requests as MessagePack, and what in one has no form there."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, cast

import msgpack

#: How MessagePack marks a float.
_FLOAT = b"\xcb"


def pack(request: Mapping[str, Any]) -> bytes:
    """`request` as MessagePack; ValueError names what the bridge cannot take."""
    try:
        packed = msgpack.packb(request)
    except (TypeError, ValueError, OverflowError) as error:
        raise ValueError(_fault(request, "") or str(error)) from None
    # Only where there is a float at all is it worth to look whether it is one.
    if _FLOAT in packed and (fault := _fault(request, "")):
        raise ValueError(fault)
    return packed


def _fault(value: Any, where: str) -> str | None:
    """What of `value` cannot be sent, and where it stands."""
    if isinstance(value, dict):
        items = cast("dict[object, Any]", value).items()
        inside = [(item, f"{where}.{key}".lstrip(".")) for key, item in items]
    elif isinstance(value, (list, tuple)):
        several = enumerate(cast("Sequence[Any]", value))
        inside = [(item, f"{where}[{n}]") for n, item in several]
    else:
        return None if _is_sendable(value) else f"{where}: {_allowed(value)}"
    return next((told for one in inside if (told := _fault(*one))), None)


def _is_sendable(value: Any) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    try:
        msgpack.packb(value)
    except (TypeError, ValueError, OverflowError):
        return False
    return True


def _allowed(value: Any) -> str:
    if isinstance(value, int):
        return f"{value}: allowed: an integer of 64 bits"
    if isinstance(value, float):
        return f"{value}: allowed: a finite number"
    if isinstance(value, str):
        return f"{value!r:.40}: allowed: text without lone surrogates"
    return (
        f"{value!r:.40}: allowed: text, numbers, True, False, None, bytes, messages,"
        " and lists and maps of these"
    )
