"""One request to the bridge, one reply: NNG's REQ, without its repetition.

NNG's REQ may send a request again by itself, which is how one message becomes
two. Here that is off. What breaks on the way to the bridge is asked again by us
instead, and only what cannot happen twice: reads, and writes that carry an `id`,
which the bridge carries out once.
"""

from __future__ import annotations

import logging
from collections.abc import Generator
from contextlib import contextmanager
from types import TracebackType
from typing import Any, cast

import anyio
import msgpack
import pynng
from typing_extensions import Self

from .dialing import dial
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


class NoRoom(Exception):
    """The request has not left, for too many others are under way."""


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
        self._calls_max = calls_max
        self._room = anyio.Semaphore(calls_max, fast_acquire=True)
        self._tls = tls
        self._socket: pynng.Req0 | None = None

    async def __aenter__(self) -> Self:
        if self._socket is not None:
            raise RuntimeError("the bus is open already: one `async with` at a time")
        socket = pynng.Req0(resend_time=-1, tls_config=self._tls)
        socket.reconnect_time_min = 50
        socket.reconnect_time_max = 1000
        try:
            dial(socket, self.address)
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

    async def ask(self, request: bytes, *, patience: float) -> dict[str, Any]:
        """Send `request`, MessagePack, and give the reply.

        It is sent again when the connection breaks under it, so it must be one
        that may come twice. NoRoom if its turn has not come within `patience`
        seconds. From then on there is a reply within `patience` seconds, or else
        BridgeUnreachable if it has not left, NoReply if it has.
        """
        await self._take_room(patience)
        try:
            exchange = _Exchange(request, self._connect_timeout, patience)
            while not exchange.is_over:
                with self._context() as context:
                    reply = await exchange.attempt(context)
                if reply is not None:
                    return _unpack(reply)
        finally:
            self._room.release()
        raise exchange.failure(self.address, patience)

    async def _take_room(self, patience: float) -> None:
        with anyio.move_on_after(patience):
            await self._room.acquire()
            return
        raise NoRoom(
            f"{self._calls_max} calls were under way for {patience:g} s; nothing was"
            " sent"
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


class _Exchange:
    """A request, as often as it has to be sent, and the time it may take."""

    def __init__(self, message: bytes, connect_timeout: float, patience: float) -> None:
        self._message = message
        self._connect_timeout = connect_timeout
        self._deadline = anyio.current_time() + patience
        self._scope = anyio.CancelScope()
        #: It was sent once at least, and it was when it was tried last.
        self._has_left = False
        self._is_sent = False
        #: The time is up.
        self.is_over = False

    async def attempt(self, context: pynng.Context) -> bytes | None:
        """The reply; None if there was none, because the bridge went away or the
        time is up."""
        self._is_sent = False
        soon = anyio.current_time() + self._connect_timeout
        with anyio.CancelScope(deadline=min(soon, self._deadline)) as self._scope:
            try:
                return await wait_for(self._send_and_receive(context))
            except pynng.ConnectionReset:
                log.info("the bridge went away; it is asked again")
                return None
        self.is_over = True
        return None

    async def _send_and_receive(self, context: pynng.Context) -> bytes:
        await context.asend(self._message)
        self._has_left = self._is_sent = True
        # From here on the bridge is there, and may take its time.
        self._scope.deadline = self._deadline
        return await context.arecv()

    def failure(self, address: str, patience: float) -> NoReply | BridgeUnreachable:
        """What to raise once the time is up."""
        if self._is_sent:
            return NoReply(f"{address}: no reply within {patience:g} s")
        if self._has_left:
            return NoReply(f"{address}: the bridge went away, and is not back")
        return BridgeUnreachable(
            f"{address}: no bridge there. Does it run, and is this one of its"
            " bridge.actions addresses?"
        )


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
