"""The subscription to the bridge: a socket that dials by itself, for ever.

It subscribes to everything, for `seq` counts all events, and only who hears all
of them sees a hole. NNG keeps up to `queue` messages for us and then drops the
oldest, which is a hole, too; so a slow consumer costs no memory beyond.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable

import anyio
import pynng
import sniffio

from .dialing import dial

#: A bridge that is there is connected to within milliseconds.
CONNECT_SECONDS = 1.0


class Link:
    """One SUB socket. One task at a time waits; any may close it meanwhile, if
    it cancels that task first."""

    def __init__(
        self, address: str, *, queue: int, tls: pynng.TLSConfig | None
    ) -> None:
        self.address = address
        #: How often a connection was made.
        self.connections = 0
        self._scope: anyio.CancelScope | None = None
        self._socket = pynng.Sub0(
            topics=b"qq.", recv_buffer_size=queue, recv_max_size=0, tls_config=tls
        )
        try:
            self._dial(address)
        except BaseException:
            self._socket.close()
            raise

    def _dial(self, address: str) -> None:
        notify = _threadsafe(self._on_connect)

        def on_pipe(_pipe: pynng.Pipe) -> None:
            notify()

        self._socket.add_post_pipe_connect_cb(on_pipe)
        dial(self._socket, address)
        self._readable = self._socket.recv_fd

    def missing(self) -> str:
        """What to say while there has never been a connection."""
        return (
            f"{self.address}: no bridge there, so events come late, by its journal."
            " Is this one of its bridge.events addresses?"
        )

    def _on_connect(self) -> None:
        self.connections += 1
        if self._scope is not None:
            self._scope.cancel()

    async def connected(self) -> None:
        """Wait for the first connection, for a moment; it comes if it can."""
        if not self.connections:
            await self.wait(CONNECT_SECONDS)

    def receive(self) -> bytes | None:
        """The next message, None if there is none now."""
        try:
            return self._socket.recv(block=False)
        except pynng.TryAgain:
            return None

    async def wait(self, seconds: float) -> None:
        """Until there may be a message, a connection was made, or the time is up."""
        with anyio.move_on_after(seconds) as self._scope:
            await anyio.wait_readable(self._readable)
        self._scope = None

    def close(self) -> None:
        """Nothing is received any more."""
        self._socket.close()


def _threadsafe(call: Callable[[], None]) -> Callable[[], None]:
    """What has `call` called by our event loop, from any thread; nothing once
    that has ended."""
    if sniffio.current_async_library() == "trio":
        import trio

        token = trio.lowlevel.current_trio_token()
        return _hushed(lambda: token.run_sync_soon(call))
    loop = asyncio.get_running_loop()
    return _hushed(lambda: loop.call_soon_threadsafe(call))


def _hushed(tell: Callable[[], object]) -> Callable[[], None]:
    def notify() -> None:
        with contextlib.suppress(RuntimeError):
            tell()

    return notify
