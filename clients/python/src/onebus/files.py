"""Files of this machine, on their way into a call.

A `Path` anywhere in the parameters, and a `file://` address where a file is
expected, is read here and leaves as bytes: the bridge and the QQ client may live
in other containers, where the same path is another file, or none. Everything
else is left as it is: bytes, `http://` and `base64://` are the bridge's to deal
with, and a plain string such as `"/app/a.png"` is a path on the *peer's* machine.
"""

from __future__ import annotations

import os
import urllib.parse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import anyio

from .errors import OnebusError

#: What may be given where an action takes a file.
FileLike = str | bytes | os.PathLike[str]

#: One request holds so much; the bridge takes no more.
BYTES_MAX = 64 << 20

#: Where a string may be an address of a file.
_FILE_KEYS = frozenset(
    {
        "cover",
        "file",
        "file_path",
        "files",
        "image",
        "images",
        "path",
        "thumb",
        "thumb_path",
        "url",
    }
)

#: Actions that take the name of a file beside it.
_UPLOADS = (
    "upload_group_file",
    "upload_private_file",
    "uploadGroupFile",
    "uploadPrivateFile",
)


class FileError(OnebusError):
    """A file cannot be sent; says which, where it was given, and why."""


async def load(action: str, params: Mapping[str, Any]) -> dict[str, Any]:
    """The `params` of `action` with the bytes of each local file in its place.

    A segment, or an upload, that gives a file as `file` and no `name` gets the
    file's name. The files are read in a thread. FileError, before anything is
    sent, if one cannot be read or they are too large together.
    """
    if not _is_any_local(params, ""):
        return dict(params)
    loading = _Loading(is_named=action.startswith(_UPLOADS))
    return await anyio.to_thread.run_sync(loading.params, params)


def local_path(value: object, key: str) -> Path | None:
    """The path of a local file that `value`, given as `key`, stands for."""
    if isinstance(value, os.PathLike):
        return Path(cast("os.PathLike[str]", value))
    is_address = isinstance(value, str) and value[:7].lower() == "file://"
    return _from_address(cast(str, value)) if is_address and key in _FILE_KEYS else None


def _from_address(address: str) -> Path:
    parts = urllib.parse.urlsplit(address)
    if parts.netloc not in ("", "localhost"):
        raise FileError(f"{address}: on another machine: allowed: file:///path")
    path = urllib.parse.unquote(parts.path)
    has_drive = len(path) > 2 and path[0] == "/" and path[2] == ":"
    return Path(path[1:] if has_drive and os.name == "nt" else path)


def _is_any_local(value: object, key: str) -> bool:
    if isinstance(value, Mapping):
        items = cast("Mapping[str, object]", value).items()
        return any(_is_any_local(item, name) for name, item in items)
    if isinstance(value, (list, tuple)):
        return any(_is_any_local(item, key) for item in cast("Sequence[object]", value))
    return isinstance(value, os.PathLike) or (
        isinstance(value, str) and value[:7].lower() == "file://" and key in _FILE_KEYS
    )


class _Loading:
    """One walk through the parameters of a call."""

    def __init__(self, *, is_named: bool) -> None:
        self._is_named = is_named
        self._left = BYTES_MAX

    def params(self, params: Mapping[str, Any]) -> dict[str, Any]:
        loaded = self._map(params, "params")
        return self._named(params, loaded) if self._is_named else loaded

    def _map(self, value: Mapping[str, Any], where: str) -> dict[str, Any]:
        return {
            key: self._value(item, key, f"{where}.{key}") for key, item in value.items()
        }

    def _named(self, given: Mapping[str, Any], loaded: dict[str, Any]) -> dict[str, Any]:
        path = local_path(given.get("file"), "file")
        if path is not None and not (loaded.get("name") or loaded.get("fileName")):
            loaded["name"] = path.name
        return loaded

    def _value(self, value: Any, key: str, where: str) -> Any:
        if isinstance(value, Mapping):
            given = cast("Mapping[str, Any]", value)
            return self._named(given, self._map(given, where))
        if isinstance(value, (list, tuple)):
            items = enumerate(cast("Sequence[Any]", value))
            return [self._value(item, key, f"{where}[{n}]") for n, item in items]
        path = local_path(value, key)
        return value if path is None else self._read(path, where)

    def _read(self, path: Path, where: str) -> bytes:
        try:
            with path.open("rb") as file:
                content = file.read(self._left + 1)
        except OSError as error:
            raise FileError(f"{where}: {path}: {error.strerror}") from error
        if len(content) > self._left:
            raise FileError(
                f"{where}: {path}: the files of one call may have"
                f" {BYTES_MAX >> 20} MiB; for more give a URL"
            )
        self._left -= len(content)
        return content
