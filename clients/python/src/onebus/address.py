"""Addresses of files, `file://…`: on whose machine, and which path.

Such an address means a file of whoever wrote it. One that the developer writes is
read here; one that came from a peer is a file of the peer's, or what a stranger
would like to have of ours, and is never read.
"""

from __future__ import annotations

import os
import urllib.parse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

_SCHEME = "file://"


class PeerAddress(str):
    """A `file://` address that came from a peer."""

    __slots__ = ()


def as_received(value: Any) -> Any:
    """A copy of what a peer sent, with the addresses in it marked as the peer's."""
    if isinstance(value, str):
        return PeerAddress(value) if _is_address(value) else value
    if isinstance(value, Mapping):
        items = cast("Mapping[str, Any]", value).items()
        return {key: as_received(item) for key, item in items}
    if isinstance(value, (list, tuple)):
        return [as_received(item) for item in cast("Sequence[Any]", value)]
    return value


def is_local(value: object) -> bool:
    """Whether it is the address of a file of this machine."""
    return (
        isinstance(value, str)
        and not isinstance(value, PeerAddress)
        and _is_address(value)
    )


def path_of(address: str) -> Path:
    """The path that an address means. ValueError if it is on another machine.

    `?` and `#` are characters of the name as any other: an address of a file has
    neither a query nor a fragment.
    """
    host, slash, path = address[len(_SCHEME) :].partition("/")
    if host.lower() not in ("", "localhost"):
        raise ValueError("on another machine: allowed: file:///path")
    return Path(_system_path(os.fsdecode(urllib.parse.unquote_to_bytes(slash + path))))


def _system_path(path: str) -> str:
    has_drive = len(path) > 2 and path[0] == "/" and path[2] == ":"
    return path[1:] if has_drive and os.name == "nt" else path


def _is_address(text: str) -> bool:
    return text[: len(_SCHEME)].lower() == _SCHEME
