"""The action socket of a bridge that is not there: it answers from a script."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgpack
import pynng


class Scripted:
    """Gives everyone the same reply, and keeps what it was asked."""

    def __init__(self, folder: Path, reply: dict[str, Any]) -> None:
        self.url = f"ipc://{folder}/scripted"
        self.requests: list[dict[str, Any]] = []
        self._reply = msgpack.packb(reply)
        self._socket = pynng.Rep0(listen=self.url)

    async def serve(self) -> None:
        while True:
            self.requests.append(msgpack.unpackb(await self._socket.arecv()))
            await self._socket.asend(self._reply)

    def close(self) -> None:
        self._socket.close()


@asynccontextmanager
async def scripted(folder: Path, **reply: Any) -> AsyncIterator[Scripted]:
    """One that answers with `reply`, ended with the block."""
    bridge = Scripted(folder, reply)
    task = asyncio.create_task(bridge.serve())
    try:
        yield bridge
    finally:
        bridge.close()  # pynng may miss that its task is cancelled
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@asynccontextmanager
async def answering(folder: Path, **data: Any) -> AsyncIterator[Scripted]:
    """One whose reply is fine and has this data."""
    async with scripted(folder, status="ok", retcode=0, data=data) as bridge:
        yield bridge
