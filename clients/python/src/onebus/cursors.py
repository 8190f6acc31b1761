"""Where a consumer keeps how far it has come.

    bus.events(cursor="logger")               kept by the bridge, by that name; by
                                              NATS a durable consumer
    bus.events(cursor=Path("logger.cursor"))  in a file
    bus.events(cursor=store)                  a store of your own

An event counts once it is done, so after a crash the last ones come again, told
by their `seq`.
"""

from __future__ import annotations

import json
import logging
import os
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import anyio.to_thread

from .errors import BadParams, OnebusError
from .patience import ask_patiently
from .position import Position

if TYPE_CHECKING:
    from .bus import Bus
    from .transport import Events

log = logging.getLogger("onebus.cursors")


class CursorError(OnebusError):
    """A cursor cannot be read, or somebody else writes it."""


class CursorStore(Protocol):
    """Keeps one position. Never asked for two things at once."""

    async def load(self) -> Position | None:
        """What was saved last, None if nothing was."""
        ...

    async def save(self, position: Position) -> None:
        """Keep `position`; when this returns, a crash does not lose it."""
        ...


#: What `cursor=` takes.
Cursor = str | os.PathLike[str] | CursorStore


def store_of(cursor: Cursor, way: Events) -> CursorStore:
    """The store that is meant: a name is kept where the events come from, a path is
    a file."""
    if isinstance(cursor, str):
        return way.cursor(cursor)
    if isinstance(cursor, os.PathLike):
        return FileCursor(cursor)
    return cursor


class MemoryCursor:
    """Lasts as long as the program: to go on after a stream was closed."""

    def __init__(self, position: Position | None = None) -> None:
        self.position = position

    async def load(self) -> Position | None:
        """What was saved last."""
        return self.position

    async def save(self, position: Position) -> None:
        """Keep `position`."""
        self.position = position


class FileCursor:
    """In a file of one line, replaced as a whole each time.

    It survives the death of the process; with `fsync` also that of the machine,
    at the price of a sync to disk each time. One consumer to a file: if another
    one has written it meanwhile, `save` raises CursorError.
    """

    def __init__(self, path: str | os.PathLike[str], *, fsync: bool = False) -> None:
        self.path = Path(path)
        self._fsync = fsync
        self._written: tuple[int, int] | None = None

    async def load(self) -> Position | None:
        """What the file says, None if there is none."""
        return await anyio.to_thread.run_sync(self._load)

    async def save(self, position: Position) -> None:
        """Replace the file."""
        await anyio.to_thread.run_sync(self._save, position)

    def _load(self) -> Position | None:
        self._written = _identity(self.path)
        if self._written is None:
            return None
        return _read(self.path)

    def _save(self, position: Position) -> None:
        if _identity(self.path) != self._written:
            raise CursorError(
                f"{self.path}: somebody else has written it. One consumer to a cursor"
            )
        draft = self.path.with_name(f"{self.path.name}.{os.getpid()}.new")
        line = json.dumps(position._asdict()) + "\n"
        with draft.open("w", encoding="utf-8") as file:
            file.write(line)
            file.flush()
            if self._fsync:
                os.fsync(file.fileno())
        draft.replace(self.path)
        self._written = _identity(self.path)
        if self._fsync:
            _sync_folder(self.path.parent)


class BridgeCursor:
    """Kept by the bridge under a name: for consumers without a disk.

    1 to 128 letters, digits and `._:@/-`.
    """

    def __init__(self, bus: Bus, name: str) -> None:
        self.name = name
        self._bus = bus

    async def load(self) -> Position | None:
        """What the bridge has under this name; waits for a bridge that is away."""
        asked = {"consumer": self.name}
        found = await ask_patiently(self._bus, "bridge.cursor.get", asked)
        if found["seq"] is None:
            return None
        return Position(str(found["epoch"]), int(found["seq"]))

    async def save(self, position: Position) -> None:
        """Let the bridge keep it. What is of another epoch is void, and passed over."""
        kept = {"consumer": self.name, **position._asdict()}
        try:
            await self._bus.call_bridge("bridge.cursor.set", kept)
        except BadParams as error:
            log.info("cursor %s: %s", self.name, error)


def _identity(path: Path) -> tuple[int, int] | None:
    """Tells whether a file is still the same one; None if there is none."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_mtime_ns


def _read(path: Path) -> Position:
    text = path.read_text(encoding="utf-8", errors="replace")
    try:
        found = json.loads(text)
        epoch, seq = found["epoch"], found["seq"]
        if isinstance(epoch, str) and type(seq) is int and seq >= 0:
            return Position(epoch, seq)
    except (ValueError, TypeError, KeyError):
        pass
    raise CursorError(
        f'{path}: no cursor: {text[:80]!r}; allowed: {{"epoch": "…", "seq": 42}}.'
        " Remove it to begin anew"
    )


def _sync_folder(folder: Path) -> None:
    """Windows syncs no folder, and need not."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
