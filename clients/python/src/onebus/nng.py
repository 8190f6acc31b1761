"""The way to a bridge by NNG: its own two sockets.

NNG's REQ may send a request again by itself, which is how one message becomes
two. Here that is off: what breaks is asked again by `calls`.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING

import pynng
from typing_extensions import Self

from .cursors import BridgeCursor, CursorStore
from .dialing import check, dial
from .gapless import Gapless
from .transport import Call, Wanted, WentAway
from .waiting import wait_for

if TYPE_CHECKING:
    from .bus import Bus

#: The bridge cuts off who sends more; a request has four bytes before it.
REQUEST_BYTES_MAX = (64 << 20) - 4

_CLOSED = "the bus is closed: use it within `async with`"


class NngEvents:
    """The socket of the events, and the journal that is asked by the actions."""

    def __init__(self, bus: Bus, address: str, tls: pynng.TLSConfig | None) -> None:
        self.address = address
        self._bus = bus
        self._tls = tls

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Each source has a socket of its own."""

    def source(self, wanted: Wanted) -> Gapless:
        """The live events and the journal, put together."""
        return Gapless(self._bus, self.address, wanted, self._tls)

    def cursor(self, name: str) -> CursorStore:
        """The bridge keeps it."""
        return BridgeCursor(self._bus, name)


class NngWire:
    """The socket of the actions."""

    hint = "no bridge there. Does it run, and is this one of its bridge.actions addresses?"

    def __init__(self, address: str, tls: pynng.TLSConfig | None = None) -> None:
        self.address = address
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

    def bytes_max(self) -> int:
        """As much as the bridge's socket takes."""
        return REQUEST_BYTES_MAX

    async def exchange(self, call: Call) -> bytes:
        """`Wire.exchange` says what it does."""
        with self._context() as context:
            try:
                return await wait_for(self._send_and_receive(context, call))
            except pynng.ConnectionReset as error:
                raise WentAway from error

    async def _send_and_receive(self, context: pynng.Context, call: Call) -> bytes:
        await context.asend(call.message)
        call.leaves()
        return await context.arecv()

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
