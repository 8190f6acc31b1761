"""One request to the bridge, one reply: NNG's REQ, without its repetition.

NNG's REQ may send a request again by itself, which is how one message becomes
two. Here that is off. What breaks on the way to the bridge is asked again by us
instead, and only what cannot happen twice: reads, and writes that carry an `id`,
which the bridge carries out once.
"""

from __future__ import annotations

import logging
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from types import TracebackType
from typing import Any, cast

import anyio
import msgpack
import pynng
from typing_extensions import Self

from .errors import BridgeUnreachable, MalformedMessage
from .waiting import wait_for

log = logging.getLogger("onebus.calls")

#: Seconds within which the bridge is to be found.
CONNECT_TIMEOUT = 10.0
#: As many calls as the bridge takes at once (`bridge.call.maxInFlight`).
CALLS_MAX = 256


_CLOSED = "the bus is closed: use it within `async with`"


class NoReply(Exception):
    """The request has left, and there is no reply: it may have been done."""


class Caller:
    """The socket of the actions. `async with` opens and closes it.

    Opening does not wait for the bridge; calls do, for `connect_timeout`
    seconds. Up to `calls_max` are under way, the others wait for their turn.
    """

    def __init__(
        self,
        address: str,
        *,
        connect_timeout: float = CONNECT_TIMEOUT,
        calls_max: int = CALLS_MAX,
        tls: pynng.TLSConfig | None = None,
    ) -> None:
        self.address = address
        self._connect_timeout = connect_timeout
        self._room = anyio.Semaphore(calls_max)
        self._tls = tls
        self._socket: pynng.Req0 | None = None

    async def __aenter__(self) -> Self:
        socket = pynng.Req0(resend_time=-1, tls_config=self._tls)
        socket.reconnect_time_min = 50
        socket.reconnect_time_max = 1000
        try:
            socket.dial(self.address, block=False)
        except BaseException:
            socket.close()
            raise
        self._socket = socket
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        socket, self._socket = self._socket, None
        if socket is not None:
            socket.close()

    async def ask(
        self, request: Mapping[str, Any], *, patience: float
    ) -> dict[str, Any]:
        """Send `request` and give the reply.

        It is sent again when the connection breaks under it, so it must be one
        that may come twice. BridgeUnreachable if it has not left, NoReply if it
        has and there is no reply within `patience` seconds.
        """
        message = msgpack.packb(request)
        has_left = False
        async with self._room:
            with anyio.move_on_after(patience):
                while True:
                    with self._context() as context:
                        if not await self._send(context, message):
                            break
                        has_left = True
                        try:
                            return _unpack(await wait_for(context.arecv()))
                        except pynng.ConnectionReset:
                            log.info("the bridge at %s went away", self.address)
        if has_left:
            raise NoReply(f"{self.address}: no reply within {patience:g} s")
        raise BridgeUnreachable(
            f"{self.address}: no bridge there. Does it run, and is this one of its"
            " bridge.actions addresses?"
        )

    @contextmanager
    def _context(self) -> Generator[pynng.Context, None, None]:
        if self._socket is None:
            raise RuntimeError(_CLOSED)
        try:
            context = self._socket.new_context()
            try:
                yield context
            finally:
                context.close()
        except pynng.Closed:
            raise RuntimeError(_CLOSED) from None

    async def _send(self, context: pynng.Context, message: bytes) -> bool:
        """True once the message is on its way, False if the bridge is not there."""
        with anyio.move_on_after(self._connect_timeout):
            await wait_for(context.asend(message))
            return True
        return False


def _unpack(message: bytes) -> dict[str, Any]:
    try:
        unpacked: Any = msgpack.unpackb(message, strict_map_key=False)
    except ValueError as error:
        raise MalformedMessage(f"a reply is no MessagePack: {error}") from error
    if isinstance(unpacked, dict):
        reply = cast("dict[str, Any]", unpacked)
        if isinstance(reply.get("status"), str):
            return reply
    raise MalformedMessage(f"a reply is no map with a status: {unpacked!r:.200}")
