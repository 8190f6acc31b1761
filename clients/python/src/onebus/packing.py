"""Requests as MessagePack, and what of them has no such form."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

import msgpack

#: How MessagePack marks a float.
_FLOAT = b"\xcb"


def pack(request: Mapping[str, Any]) -> bytes:
    """The bytes of a request; ValueError names what the bridge cannot take."""
    try:
        packed = msgpack.packb(request)
    except (TypeError, ValueError, OverflowError) as error:
        raise ValueError(_fault(request) or str(error)) from None
    # Only where there is a float at all is it worth to look what it is.
    if _FLOAT in packed and (fault := _fault(request)):
        raise ValueError(fault)
    return packed


def _fault(request: Mapping[str, Any]) -> str | None:
    """What of `request` cannot be sent, and where it stands."""
    unfit = ((where, value) for where, value in _leaves(request, "") if not _fits(value))
    return next((f"{where}: {_allowed(value)}" for where, value in unfit), None)


def _leaves(value: object, where: str) -> Iterator[tuple[str, object]]:
    """All that is no map and no list, with its place."""
    if isinstance(value, dict):
        for key, item in cast("Mapping[object, object]", value).items():
            yield from _leaves(item, f"{where}.{key}" if where else str(key))
    elif isinstance(value, (list, tuple)):
        for number, item in enumerate(cast("Sequence[object]", value)):
            yield from _leaves(item, f"{where}[{number}]")
    else:
        yield where, value


def _fits(value: object) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    try:
        msgpack.packb(value)
    except (TypeError, ValueError, OverflowError):
        return False
    return True


def _allowed(value: object) -> str:
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
