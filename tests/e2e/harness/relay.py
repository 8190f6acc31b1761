"""A wire between a program and an action socket that can be watched and cut."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

from harness.bridge import Bridge
from harness.wait import Watch

_HELLO_BYTES = 8
_HEAD_BYTES = 9


class Relay:
    """Programs dial `url`; what they say goes to the bridge, and back."""

    def __init__(self, bridge: Bridge, path: Path) -> None:
        self.url = f"ipc://{path}"
        self.requests = 0
        """How many have passed, those that were repeated counted again."""
        self._path = path
        self._to = bridge.actions.removeprefix("ipc://")
        self._watch = Watch()
        self._writers: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server

    async def start(self) -> None:
        self._server = await asyncio.start_unix_server(self._serve, self._path)

    async def stop(self) -> None:
        self._server.close()
        self.cut()

    def cut(self) -> None:
        """Break what is connected; who dials again gets through."""
        for writer in self._writers:
            writer.transport.abort()

    async def passed(self, count: int) -> None:
        """Wait until so many requests have gone to the bridge."""
        await self._watch.until(lambda: self.requests >= count, f"{count} requests")

    async def _serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        far_reader, far_writer = await asyncio.open_unix_connection(self._to)
        ends = {writer, far_writer}
        self._writers |= ends
        ways = self._requests(reader, far_writer), _bytes(far_reader, writer)
        try:
            await asyncio.gather(*ways)
        finally:
            self._writers -= ends
            for end in ends:
                end.transport.abort()

    async def _requests(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            writer.write(await reader.readexactly(_HELLO_BYTES))
            while True:
                head = await reader.readexactly(_HEAD_BYTES)
                size = int.from_bytes(head[1:], "big")
                writer.write(head + await reader.readexactly(size))
                await writer.drain()
                self.requests += 1
                self._watch.notify()
        writer.transport.abort()


async def _bytes(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):
        while data := await reader.read(1 << 16):
            writer.write(data)
    writer.transport.abort()


@contextlib.asynccontextmanager
async def relay(bridge: Bridge) -> AsyncIterator[Relay]:
    """One to the actions of this bridge."""
    made = Relay(bridge, bridge.folder / "relay")
    await made.start()
    try:
        yield made
    finally:
        await made.stop()
