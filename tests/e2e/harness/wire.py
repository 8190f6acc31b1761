"""A TCP wire to a server that can be made slow."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

_PIECE = 4096


class Wire:
    """Who connects to `address` is connected to the server behind it."""

    def __init__(self, behind: str) -> None:
        self.address = ""
        self.bytes_per_second: float | None = None
        """Towards the server; None: as fast as it goes."""
        self._host, _, port = behind.rpartition(":")
        self._port = int(port)
        self._writers: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        port = self._server.sockets[0].getsockname()[1]
        self.address = f"127.0.0.1:{port}"

    def stop(self) -> None:
        self._server.close()
        for writer in self._writers:
            writer.transport.abort()

    async def _serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        ends = {writer}
        self._writers.add(writer)
        try:
            far_reader, far = await asyncio.open_connection(self._host, self._port)
            ends.add(far)
            self._writers.add(far)
            await asyncio.gather(
                self._pass(reader, far, is_slow=True), self._pass(far_reader, writer)
            )
        except ConnectionError:
            pass
        finally:
            self._writers -= ends
            for end in ends:
                end.transport.abort()

    async def _pass(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        *,
        is_slow: bool = False,
    ) -> None:
        while data := await reader.read(_PIECE):
            if is_slow and self.bytes_per_second is not None:
                await asyncio.sleep(len(data) / self.bytes_per_second)
            writer.write(data)
            await writer.drain()
        writer.transport.abort()


@contextlib.asynccontextmanager
async def wire(behind: str) -> AsyncIterator[Wire]:
    """One to the server at `behind`, HOST:PORT."""
    made = Wire(behind)
    await made.start()
    try:
        yield made
    finally:
        made.stop()
