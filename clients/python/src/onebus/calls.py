"""Calls: each takes its turn, is sent as often as need be, and has its reply.

What breaks on the way to the bridge is asked again, and only what cannot happen
twice: reads, and writes that carry an `id`, which the bridge carries out once.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from types import TracebackType
from typing import Any, cast

import anyio
import msgpack
from typing_extensions import Self

from .errors import BridgeUnreachable, MalformedMessage, TooLarge, refusal
from .packing import pack
from .transport import Call, NobodyThere, WentAway, Wire

log = logging.getLogger("onebus.calls")

#: Seconds within which the bridge is to be found.
CONNECT_TIMEOUT = 10.0
#: As many calls as the bridge takes at once (`bridge.call.maxInFlight`).
CALLS_MAX = 256

#: Seconds until a bridge is asked again that refused to look at a repetition, or
#: that is not there.
PAUSE = 0.25
#: What the bridge answers before it has looked for the `id`. To a request that was
#: sent before it says nothing of what became of that.
_BEFORE_LOOKING = frozenset({"busy", "shutting_down"})


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
    """Calls over a wire. `async with` opens and closes that.

    Opening does not look for the bridge; calls do, for `connect_timeout`
    seconds. Up to `calls_max` are under way, the others wait for their turn.
    """

    def __init__(
        self,
        wire: Wire,
        *,
        connect_timeout: float = CONNECT_TIMEOUT,
        calls_max: int = CALLS_MAX,
    ) -> None:
        self._wire = wire
        self._connect_timeout = connect_timeout
        self._room = anyio.Semaphore(calls_max, fast_acquire=True)

    async def __aenter__(self) -> Self:
        await self._wire.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._wire.__aexit__(kind, error, traceback)

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
        message = _pack(request, self._wire.bytes_max())
        exchange = _Exchange(self._wire, request, message, find_within, patience)
        await self._take_turn(begin_within)
        try:
            while not exchange.is_over:
                reply = await exchange.attempt()
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
        address = self._wire.address
        if not exchange.has_left:
            return BridgeUnreachable(f"{address}: {self._wire.hint}")
        if not exchange.is_there:
            return NoReply(f"{address}: the bridge has gone away", is_gone=True)
        return NoReply(f"{address}: no reply within {patience:g} s", is_gone=False)


class _Exchange:
    """A request, as often as it has to be sent, and the time it may take."""

    def __init__(
        self,
        wire: Wire,
        request: Mapping[str, Any],
        message: bytes,
        find_within: float,
        patience: float,
    ) -> None:
        self._wire = wire
        self._call = Call(request, message, self._on_leave)
        self._find_within = find_within
        self._deadline = anyio.current_time() + patience
        #: Until then the bridge is to be found.
        self._soon = 0.0
        self._scope = anyio.CancelScope()
        #: It was sent once at least.
        self.has_left = False
        #: It was sent, and the connection has not broken since.
        self.is_there = False
        #: It was sent once at least, and the connection broke.
        self._is_repeated = False
        #: The time is up.
        self.is_over = False
        self._begin()

    def _begin(self) -> None:
        """From now on the bridge is looked for."""
        self.is_there = False
        self._soon = min(anyio.current_time() + self._find_within, self._deadline)

    def _on_leave(self) -> None:
        """It leaves: the bridge is there, and may take its time."""
        self.has_left = self.is_there = True
        self._scope.deadline = self._deadline

    async def attempt(self) -> dict[str, Any] | None:
        """The reply; None if there was none, because the bridge went away or the
        time is up."""
        with anyio.CancelScope(deadline=self._soon) as self._scope:
            try:
                reply = unpack(await self._wire.exchange(self._call))
            except WentAway:
                log.info("the bridge went away; it is asked again")
                self._is_repeated = True
                self._begin()
                return None
            except NobodyThere:
                self.has_left, self.is_there = self._is_repeated, False
                self._scope.deadline = self._soon
                await anyio.sleep(PAUSE)
                return None
            if not self._is_repeated or reply.get("error") not in _BEFORE_LOOKING:
                return reply
            self._begin()
            await anyio.sleep(PAUSE)
            return None
        self.is_over = True
        return None


def _pack(request: Mapping[str, Any], bytes_max: int) -> bytes:
    message = pack(request)
    if len(message) > bytes_max:
        raise refusal(
            TooLarge,
            request,
            f"{len(message)} bytes, and the bridge takes {bytes_max} at once;"
            " for larger files give a URL; nothing was sent",
        )
    return message


def unpack(message: bytes) -> dict[str, Any]:
    """A reply as a map; MalformedMessage if it is none."""
    try:
        unpacked: Any = msgpack.unpackb(message, strict_map_key=False)
    except ValueError as error:
        raise MalformedMessage(f"a reply is no MessagePack: {error}") from error
    if isinstance(unpacked, dict):
        reply = cast("dict[str, Any]", unpacked)
        if isinstance(reply.get("status"), str):
            return reply
    raise MalformedMessage(f"a reply is no map with a status: {unpacked!r:.200}")
