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

from .dialing import check, dial
from .errors import BridgeUnreachable, MalformedMessage, TooLarge, refusal
from .packing import pack
from .waiting import wait_for

log = logging.getLogger("onebus.calls")

#: Seconds within which the bridge is to be found.
CONNECT_TIMEOUT = 10.0
#: As many calls as the bridge takes at once (`bridge.call.maxInFlight`).
CALLS_MAX = 256
#: The bridge cuts off who sends more; a request has four bytes before it.
REQUEST_BYTES_MAX = (64 << 20) - 4

#: Seconds until a bridge is asked again that refused to look at a repetition.
PAUSE = 0.25
#: What the bridge answers before it has looked for the `id`. To a request that was
#: sent before it says nothing of what became of that.
_BEFORE_LOOKING = frozenset({"busy", "shutting_down"})

_CLOSED = "the bus is closed: use it within `async with`"


class NoTurn(Exception):
    """The time was up while others were before it: nothing has been sent."""


class NoReply(Exception):
    """The request has left, and there is no reply: it may have been done.

    `is_gone`: the bridge is not there any more.
    """

    def __init__(self, text: str, *, is_gone: bool) -> None:
        super().__init__(text)
        self.is_gone = is_gone


class Caller:
    """The socket of the actions. `async with` opens and closes it.

    Opening does not look for the bridge; calls do, for `connect_timeout`
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
        self._room = anyio.Semaphore(calls_max, fast_acquire=True)
        self._tls = tls
        self._socket: pynng.Req0 | None = None
        self._is_dialed = False

    async def __aenter__(self) -> Self:
        if self._socket is not None:
            raise RuntimeError("the bus is open already")
        check(self.address)
        self._socket = pynng.Req0(resend_time=-1, tls_config=self._tls)
        self._is_dialed = False
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
        self, request: Mapping[str, Any], *, begin_within: float, patience: float
    ) -> dict[str, Any]:
        """Send `request` and give the reply.

        It is sent again when the connection breaks under it, so it must be one
        that may come twice. NoTurn if others are before it for `begin_within`
        seconds, BridgeUnreachable if no bridge is found by then, or within
        `connect_timeout`; NoReply if it was sent, `patience` seconds after the call.
        """
        find_within = min(self._connect_timeout, begin_within)
        exchange = _Exchange(_pack(request), find_within, patience)
        await self._take_turn(begin_within)
        try:
            while not exchange.is_over:
                with self._context() as context:
                    reply = await exchange.attempt(context)
                if reply is not None:
                    return reply
        finally:
            self._room.release()
        raise self._failure(exchange, patience)

    async def _take_turn(self, seconds: float) -> None:
        with anyio.move_on_after(seconds):
            await self._room.acquire()
            return
        raise NoTurn("its time was up before its turn; nothing was sent")

    def _failure(self, exchange: _Exchange, patience: float) -> Exception:
        if not exchange.has_left:
            return BridgeUnreachable(
                f"{self.address}: no bridge there. Does it run, and is this one of its"
                " bridge.actions addresses?"
            )
        if not exchange.is_there:
            return NoReply(f"{self.address}: the bridge has gone away", is_gone=True)
        return NoReply(
            f"{self.address}: no reply within {patience:g} s", is_gone=False
        )

    @contextmanager
    def _context(self) -> Generator[pynng.Context, None, None]:
        try:
            context = self._dialed().new_context()
            try:
                yield context
            finally:
                context.close()
        except pynng.Closed:
            raise RuntimeError(_CLOSED) from None

    def _dialed(self) -> pynng.Req0:
        """The socket. It dials when the first call is made: NNG crashes a program
        that dials and ends in the same moment."""
        if self._socket is None:
            raise RuntimeError(_CLOSED)
        if not self._is_dialed:
            dial(self._socket, self.address)
            self._is_dialed = True
        return self._socket


class _Exchange:
    """A request, as often as it has to be sent, and the time it may take."""

    def __init__(self, message: bytes, find_within: float, patience: float) -> None:
        self._message = message
        self._find_within = find_within
        self._deadline = anyio.current_time() + patience
        self._scope = anyio.CancelScope()
        #: It was sent once at least.
        self.has_left = False
        #: It was sent, and the connection has not broken since.
        self.is_there = False
        #: It was sent once at least, and the connection broke.
        self._is_repeated = False
        #: The time is up.
        self.is_over = False

    async def attempt(self, context: pynng.Context) -> dict[str, Any] | None:
        """The reply; None if there was none, because the bridge went away or the
        time is up."""
        self.is_there = False
        soon = anyio.current_time() + self._find_within
        with anyio.CancelScope(deadline=min(soon, self._deadline)) as self._scope:
            try:
                reply = _unpack(await wait_for(self._send_and_receive(context)))
            except pynng.ConnectionReset:
                log.info("the bridge went away; it is asked again")
                self._is_repeated = True
                return None
            if not self._is_repeated or reply.get("error") not in _BEFORE_LOOKING:
                return reply
            await anyio.sleep(PAUSE)
            return None
        self.is_over = True
        return None

    async def _send_and_receive(self, context: pynng.Context) -> bytes:
        await context.asend(self._message)
        self.has_left = self.is_there = True
        # From here on the bridge is there, and may take its time.
        self._scope.deadline = self._deadline
        return await context.arecv()


def _pack(request: Mapping[str, Any]) -> bytes:
    message = pack(request)
    if len(message) > REQUEST_BYTES_MAX:
        raise refusal(
            TooLarge,
            request,
            f"{len(message)} bytes, and the bridge takes {REQUEST_BYTES_MAX} at once;"
            " for larger files give a URL; nothing was sent",
        )
    return message


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
