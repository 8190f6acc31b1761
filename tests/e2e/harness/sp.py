"""NNG's wire by hand (the SP protocols over tcp and ipc), to see what a
library would hide: how many replies a request gets, and when."""

from __future__ import annotations

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any, cast

import msgpack

from harness.build import WAIT
from harness.secrets import SECRETS
from harness.wait import Watch

SUB, REQ = 0x21, 0x30

_FIRST_ID = 0x80000000


def hello(protocol: int) -> bytes:
    """What each side says first."""
    return b"\0SP\0" + protocol.to_bytes(2, "big") + b"\0\0"


async def dial(
    url: str, protocol: int
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Connect and shake hands."""
    scheme, _, rest = url.partition("://")
    if scheme == "ipc":
        reader, writer = await asyncio.open_unix_connection(rest)
    else:
        host, _, port = rest.rpartition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
    own = hello(protocol)
    writer.write(own)
    await asyncio.wait_for(reader.readexactly(len(own)), WAIT)
    return reader, writer


class Caller:
    """A REQ client with any number of requests under way, none ever repeated."""

    def __init__(self) -> None:
        self.replies: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
        """By the request's number, in the order of their coming."""
        self.is_over = False
        """The bridge has ended the connection."""
        self._next_id = _FIRST_ID
        self._watch = Watch()
        self._mark = b""
        self._reader: asyncio.StreamReader
        self._writer: asyncio.StreamWriter
        self._task: asyncio.Task[None]

    @classmethod
    async def connect(cls, url: str) -> Caller:
        caller = cls()
        caller._mark = b"\1" if url.startswith("ipc") else b""
        caller._reader, caller._writer = await dial(url, REQ)
        caller._task = asyncio.create_task(caller._read())
        return caller

    def send(self, action: str, /, **fields: Any) -> int:
        """Send a request; gives its number."""
        SECRETS.note(fields.get("token"))
        return self.send_bytes(msgpack.packb({"action": action, **fields}))

    def send_bytes(self, payload: bytes) -> int:
        number = self._next_id
        self._next_id += 1
        message = number.to_bytes(4, "big") + payload
        self._writer.write(self._mark + len(message).to_bytes(8, "big") + message)
        return number

    async def reply(self, number: int, seconds: float = WAIT) -> dict[str, Any]:
        """The first reply to the request with this number."""
        await self.until(lambda: bool(self.replies.get(number)), "reply", seconds)
        return self.replies[number][0]

    async def has_replies(self, count: int) -> None:
        """Wait until so many requests have one."""
        await self.until(lambda: len(self.replies) >= count, f"{count} replies")

    async def reply_or_end(self, number: int) -> dict[str, Any] | None:
        """The first reply, or None if the bridge ended the connection before."""
        await self.until(lambda: self.is_over or number in self.replies, "reply or end")
        return self.replies[number][0] if number in self.replies else None

    async def ended(self) -> None:
        """Wait until the bridge has ended the connection."""
        await self.until(lambda: self.is_over, "end of the connection")

    async def until(
        self, look: Callable[[], bool], what: str, seconds: float = WAIT
    ) -> None:
        """Wait for a condition on `replies` or `is_over`."""
        await self._watch.until(look, what, seconds)

    async def _read(self) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = await self._reader.readexactly(len(self._mark) + 8)
                size = int.from_bytes(head[-8:], "big")
                message = await self._reader.readexactly(size)
                number = int.from_bytes(message[:4], "big")
                self.replies[number].append(msgpack.unpackb(message[4:]))
                self._watch.notify()
        self.is_over = True
        self._watch.notify()

    def pause(self) -> None:
        """Take nothing that comes, as a program that hangs."""
        self._transport().pause_reading()

    def go_on(self) -> None:
        self._transport().resume_reading()

    def _transport(self) -> asyncio.ReadTransport:
        return cast(asyncio.ReadTransport, self._writer.transport)

    async def close(self) -> None:
        self._writer.transport.abort()
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)


class RawSubscriber:
    """A SUB client that looks at what has come in the end: nothing of a library
    stands between it and the bridge's queue for it."""

    def __init__(self) -> None:
        self._mark = b""
        self._reader: asyncio.StreamReader
        self._writer: asyncio.StreamWriter
        self._bytes = bytearray()

    @classmethod
    async def connect(cls, url: str) -> RawSubscriber:
        subscriber = cls()
        subscriber._mark = b"\1" if url.startswith("ipc") else b""
        subscriber._reader, subscriber._writer = await dial(url, SUB)
        return subscriber

    async def take_until(
        self, mark: bytes, times: int = 1, *, pause: float = 0.0
    ) -> None:
        """Read until these bytes have come so many times, at most 32 KiB every
        `pause` seconds."""
        at = 0
        while times > 0:
            found = self._bytes.find(mark, at)
            if found >= 0:
                at = found + 1
                times -= 1
                continue
            at = max(at, len(self._bytes) - len(mark))
            piece = await asyncio.wait_for(self._reader.read(1 << 15), WAIT)
            assert piece, "the bridge ended the connection"
            self._bytes += piece
            await asyncio.sleep(pause)

    def envelopes(self) -> Iterator[dict[str, Any]]:
        """What has come, oldest first."""
        for message in self.messages():
            yield msgpack.unpackb(message[message.index(b"\0") + 1 :])

    def messages(self) -> Iterator[bytes]:
        """What has come, whole, oldest first; what is cut off is left out."""
        head = len(self._mark) + 8
        at = 0
        while at + head <= len(self._bytes):
            size = int.from_bytes(self._bytes[at + head - 8 : at + head], "big")
            message = bytes(self._bytes[at + head : at + head + size])
            at += head + size
            if len(message) == size:
                yield message

    def close(self) -> None:
        self._writer.transport.abort()
