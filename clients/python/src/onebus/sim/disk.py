"""What NapCat has on its disk and can get from elsewhere: files by path, files
of messages by id, pages by url.

Paths are those of NapCat's host.  No bytes of a real disk are read or written.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal
from urllib.parse import unquote

from . import js
from .answers import Refused

TEMP = "/app/.config/QQ/NapCat/temp"
"""Where NapCat puts what it is sent."""

STORED_MAX = 10000
"""Names and ids of older files are forgotten."""

NAME_BYTES_MAX = 255
"""A file system takes no longer names."""

FileForm = Literal["path", "url", "base64"]


@dataclass(frozen=True)
class Content:
    """What a request gave as a file."""

    source: str
    """As it was given."""
    name: str
    """The last part of a path or url; empty where there is none."""
    data: bytes | None
    """None: a url the simulator knows nothing of."""

    @property
    def size(self) -> int:
        """In bytes, 0 when it is not known."""
        return len(self.data or b"")


@dataclass(frozen=True)
class Stored:
    """A file that stood in a message, or in a group's file area."""

    file_id: str
    name: str
    data: bytes | None
    """None: not known."""
    url: str = ""
    """Empty: it has none, and NapCat gives its path instead."""

    @property
    def path(self) -> str:
        """Where NapCat puts it when it is asked for it."""
        return f"{TEMP}/{self.name}"


class Disk:
    """`now` gives Unix seconds."""

    def __init__(self, now: Callable[[], float]) -> None:
        self.urls: dict[str, bytes | None] = {}
        """What a url gives; None: it cannot be got.  All others can, and what
        they give is not known."""
        self._now = now
        self._files: dict[str, bytes] = {}
        self._until: dict[str, float] = {}
        self._stored: dict[str, Stored] = {}

    @property
    def files(self) -> dict[str, bytes]:
        """Bytes by path; those kept for a while only are gone after it."""
        for path in [path for path, end in self._until.items() if end <= self._now()]:
            del self._until[path]
            self._files.pop(path, None)
        return self._files

    def keep(self, path: str, data: bytes, seconds: float = 0) -> None:
        """Write a file; with `seconds` it is deleted after them.

        Raises Refused where a disk would not take it.
        """
        if not self._has_folder(posixpath.dirname(path)):
            raise Refused(f"ENOENT: no such file or directory, open '{path}'")
        if len(posixpath.basename(path).encode("utf-8", "replace")) > NAME_BYTES_MAX:
            raise Refused(f"ENAMETOOLONG: name too long, open '{path}'")
        self._files[path] = data
        self._until.pop(path, None)
        if seconds > 0:
            self._until[path] = self._now() + seconds

    def _has_folder(self, folder: str) -> bool:
        """NapCat's own folder and those around it, and where files are."""
        inside = f"{folder.rstrip('/')}/"
        return any(path.startswith(inside) for path in (f"{TEMP}/", *self._files))

    def clean_temp(self) -> None:
        """Delete what NapCat was sent."""
        for path in [path for path in self._files if path.startswith(f"{TEMP}/")]:
            del self._files[path]
            self._until.pop(path, None)

    # -- files of messages ---------------------------------------------------

    def store(self, stored: Stored) -> Stored:
        """Have a file be found by its id, and by its name."""
        for key in (stored.file_id, stored.name):
            self._stored.pop(key, None)
            self._stored[key] = stored
        while len(self._stored) > STORED_MAX:
            del self._stored[next(iter(self._stored))]
        return stored

    def is_stored(self, file_id: str) -> bool:
        """Whether there is a file of that id or name."""
        return file_id in self._stored

    def stored(self, file_id: str) -> Stored:
        """The file of that id or name; raises Refused."""
        found = self._stored.get(file_id)
        if found is None:
            raise Refused("file not found")
        return found

    def take_stored(self, other: Disk, segments: list[dict[str, Any]]) -> None:
        """Know the files in these segments that `other` knows."""
        for segment in segments:
            data = segment.get("data")
            if not js.is_object(data):
                continue
            for name in ("file_id", "file"):
                found = other._stored.get(js.text(data.get(name, "")))
                if found is not None:
                    self.store(found)

    # -- what a request gives ------------------------------------------------

    def read(self, source: str) -> Content:
        """A path, a url or the bytes themselves, told apart in NapCat's order
        (`napcat-common/src/file.ts`); raises Refused."""
        if posixpath.normpath(source) in self.files:
            return self._local(source, posixpath.normpath(source))
        if source.startswith(("http:", "https:")):
            return self._remote(source)
        if source.startswith("base64:"):
            encoded = source.removeprefix("base64:").removeprefix("//")
            return _filled(Content(source, "", js.base64_bytes(encoded)))
        if source.startswith("file:"):
            return self._local(source, _decoded(source))
        encoded = source.split(",")[1] if source.count(",") else ""
        if source.startswith("data:") and encoded:
            return _filled(Content(source, "", js.base64_bytes(encoded)))
        raise Refused(f"识别URL失败, uri= {source}")

    def read_for_upload(self, source: str) -> Content:
        """As `read`, but a path is made a file: url as it stands, and read as
        one: percent signs in it are taken for escapes."""
        is_path = posixpath.normpath(source) in self.files
        content = self.read(f"file://{source}" if is_path else source)
        return replace(content, source=source)

    def read_of_message(self, source: str) -> Content:
        """As `read`, and the files of messages by their ids too."""
        stored = self._stored.get(source)
        if stored is not None:
            return Content(source, stored.name, stored.data)
        return self.read(source)

    def _local(self, source: str, path: str) -> Content:
        data = self.files.get(path)
        if data is None:
            raise Refused(f"ENOENT: no such file or directory, open '{path}'")
        return _filled(Content(source, posixpath.basename(path), data))

    def _remote(self, url: str) -> Content:
        if url in self.urls and self.urls[url] is None:
            raise Refused("下载文件失败: Not Found")
        name = url.partition("?")[0].rstrip("/").rpartition("/")[2]
        return Content(url, name, self.urls.get(url))


_BAD_ESCAPE = re.compile("%(?![0-9A-Fa-f]{2})")


def _decoded(url: str) -> str:
    """The path of a file: url; raises Refused where JavaScript's
    ``decodeURIComponent`` throws."""
    try:
        if _BAD_ESCAPE.search(url):
            raise ValueError(url)
        return unquote(url[7:], errors="strict")
    except ValueError:
        raise Refused(f"识别URL失败, uri= {url}") from None


def _filled(content: Content) -> Content:
    """QQ takes no empty files."""
    if content.data == b"":
        raise Refused("文件异常，大小为0")
    return content
