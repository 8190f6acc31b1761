"""Files of this machine, on their way into a call.

A `Path` anywhere in the parameters, and a `file://` address where a file is
expected, is read here and leaves as bytes: the bridge and the QQ client may live
in other containers, where the same path is another file, or none. Everything
else is left as it is: bytes, `http://` and `base64://` are the bridge's to deal
with, a plain string such as `"/app/a.png"` is a path on the *peer's* machine, and
so is a `file://` address that a peer sent (`onebus.address`).
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import anyio

from . import kinds
from .address import is_local, path_of
from .errors import OnebusError

#: What may be given where an action takes a file.
FileLike = str | bytes | os.PathLike[str]

#: One request holds so much; the bridge takes no more.
BYTES_MAX = 64 << 20

#: The segments that are files, and where they have the file and its name.
_MEDIA_TYPES = frozenset({"image", "record", "voice", "video", "file"})
_MEDIA_DATA = {"file": "name", "url": "name", "path": "name", "thumb": "", "cover": ""}
#: What a map has that takes no file.
_NONE: Mapping[str, str] = {}


class FileError(OnebusError):
    """A file cannot be sent; says which, where it was given, and why."""


async def load(action: str, params: Mapping[str, Any]) -> dict[str, Any]:
    """`params` of `action` with the bytes of each local file in its place.

    Where its name can be given and was not, it is. The files are read in a thread.
    FileError, before anything is sent, if one cannot be read or they are too large
    together.
    """
    if not _is_any_local(params):
        return dict(params)
    loading = _Loading()
    media = kinds.media(action)
    return await anyio.to_thread.run_sync(loading.map, params, "params", media)


def _is_any_local(value: object) -> bool:
    if isinstance(value, Mapping):
        return any(map(_is_any_local, cast("Mapping[str, object]", value).values()))
    if isinstance(value, (list, tuple)):
        return any(map(_is_any_local, cast("Sequence[object]", value)))
    return isinstance(value, os.PathLike) or is_local(value)


class _Loading:
    """One walk through the parameters of a call."""

    def __init__(self) -> None:
        self._left = BYTES_MAX

    def map(
        self, value: Mapping[str, Any], where: str, media: Mapping[str, str]
    ) -> dict[str, Any]:
        """A map of which `media` says what takes a file, and its name."""
        below = _MEDIA_DATA if value.get("type") in _MEDIA_TYPES else _NONE
        loaded = {
            key: self._value(
                item, f"{where}.{key}", key in media, below if key == "data" else _NONE
            )
            for key, item in value.items()
        }
        for name, file_name in _names(value, media):
            if not loaded.get(name) and "fileName" not in loaded:
                loaded[name] = file_name
        return loaded

    def _value(
        self, value: Any, where: str, is_media: bool, below: Mapping[str, str]
    ) -> Any:
        if isinstance(value, Mapping):
            return self.map(cast("Mapping[str, Any]", value), where, below)
        if isinstance(value, (list, tuple)):
            return [
                self._value(each, f"{where}[{n}]", is_media, _NONE)
                for n, each in enumerate(cast("Sequence[Any]", value))
            ]
        path = _path(value, where, is_media)
        return value if path is None else self._read(path, where)

    def _read(self, path: Path, where: str) -> bytes:
        content = _content(path, self._left, where)
        if len(content) > self._left:
            raise FileError(
                f"{where}: {path}: the files of one call may have"
                f" {BYTES_MAX >> 20} MiB; for more give a URL"
            )
        self._left -= len(content)
        return content


def _path(value: object, where: str, is_media: bool) -> Path | None:
    """The path of the local file that `value` stands for, if it does."""
    if isinstance(value, os.PathLike):
        return Path(cast("os.PathLike[str]", value))
    if not is_media or not is_local(value):
        return None
    address = cast("str", value)
    try:
        return path_of(address)
    except ValueError as error:
        raise FileError(f"{where}: {address}: {error}") from None


def _content(path: Path, bytes_max: int, where: str) -> bytes:
    """What is in a file; a byte more than `bytes_max` if there is more."""
    try:
        # What is no file (a pipe, a device) may have no end, or keep us waiting.
        if stat.S_ISREG(path.stat().st_mode):
            with path.open("rb") as file:
                return file.read(bytes_max + 1)
        reason = "is a directory" if path.is_dir() else "is no regular file"
    except OSError as error:
        reason = error.strerror or str(error)
    except ValueError as error:
        reason = str(error)
    raise FileError(f"{where}: {path}: {reason}")


def _names(
    given: Mapping[str, Any], media: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """The names of the local files in `given`, by the parameters that take them."""
    for key, name in media.items():
        path = _path(given.get(key), key, is_media=True)
        if name and path is not None:
            # A name need not be UTF-8; what is sent must be.
            yield name, os.fsencode(path.name).decode(errors="replace")
