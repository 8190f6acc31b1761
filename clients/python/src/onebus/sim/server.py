"""Forward WebSocket: the implementation listens, and a bridge dials.

Each dialect takes a token its own way: NapCat and LLBot let anybody in, say no
in a frame and hang up; go-cqhttp and Lagrange refuse the handshake.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import ssl
from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs, urlsplit

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request as HttpRequest
from websockets.http11 import Response

from . import js
from .adapter import WAIT_SECONDS, LinkSettings, Watch
from .dialect import DIALECTS, as_server

log = logging.getLogger("onebus.sim")

FORWARD_DIALECTS = ("napcat", "llbot", "gocqhttp", "lagrange")

_REFUSAL = {
    "status": "failed",
    "retcode": 1403,
    "data": None,
    "message": "token验证失败",
    "wording": "token验证失败",
    "echo": None,
    "stream": "normal-action",
}
_MAX_BYTES = 100 * 1024 * 1024


class Served:
    """One connection that a bridge has opened; plays an adapter and its link."""

    def __init__(self, connection: ServerConnection, listener: Listener) -> None:
        path = _path_of(connection)
        self.settings = listener.settings
        self.dialect = as_server(DIALECTS[listener.dialect])
        self.path = connection.request.path if connection.request else ""
        self.headers = dict(connection.request.headers) if connection.request else {}
        self.carries_events = path.rstrip("/") != "/api"
        # NapCat and LLBot read requests everywhere.
        is_deaf = listener.dialect == "gocqhttp" and path.rstrip("/") == "/event"
        self.takes_requests = not is_deaf
        self.is_open = True
        self._connection = connection
        self._queue: asyncio.Queue[bytes] = asyncio.Queue()

    @property
    def current(self) -> Served | None:
        return self if self.is_open else None

    def put(self, frame: object) -> bool:
        """Send a frame; False when the connection is over."""
        return self.put_text(js.dumps(frame).encode())

    def put_text(self, payload: bytes) -> bool:
        if self.is_open:
            self._queue.put_nowait(payload)
        return self.is_open

    def send_text(self, payload: bytes) -> None:
        self.put_text(payload)

    async def drain(self) -> None:
        """Wait until all has been handed to the socket."""
        while self.is_open and not self._queue.empty():
            await asyncio.sleep(0)

    async def heard(self) -> None:
        """Wait until the bridge has read all that was sent so far.

        ConnectionError if the connection ends before.
        """
        await self.drain()
        try:
            await (await self._connection.ping())
        except ConnectionClosed as error:
            raise ConnectionError(str(error)) from None

    async def write(self) -> None:
        with contextlib.suppress(ConnectionClosed):
            while True:
                payload = await self._queue.get()
                await self._connection.send(payload.decode(), text=True)

    def freeze(self) -> None:
        """Hang: read nothing, answer no pings."""
        self._connection.transport.pause_reading()

    def abort(self) -> None:
        """End the TCP connection at once, without a close frame."""
        self.is_open = False
        self._connection.transport.abort()


OnServed = Callable[[Served], None]
OnText = Callable[[Served, Served, str], None]


class Listener:
    """A port that bridges dial. `Simulator.listen` makes one."""

    def __init__(
        self,
        *,
        token: str,
        dialect: str,
        settings: LinkSettings,
        on_open: OnServed,
        on_text: OnText,
        on_close: OnServed,
        on_beat: OnServed,
    ) -> None:
        if dialect not in FORWARD_DIALECTS:
            raise ValueError(f"unknown dialect: {dialect}")
        self.token = token
        """What it wants; empty: none. May be changed at any time."""
        self.settings = settings
        self.attempts = 0
        """Connections that asked for a WebSocket, refused ones included."""
        self.served: list[Served] = []
        """Those that are open, oldest first."""
        self.dialect = dialect
        self._on_open = on_open
        self._on_text = on_text
        self._on_close = on_close
        self._on_beat = on_beat
        self._server: Server | None = None
        self._secure = False
        self._watch = Watch()
        self._beating: asyncio.Task[None] | None = None
        self.host, self.port = "127.0.0.1", 0

    # -- life --------------------------------------------------------------

    async def start(
        self, host: str, port: int, context: ssl.SSLContext | None = None
    ) -> None:
        """Listen; port 0 is any free one, and stays the same from then on."""
        self._secure = context is not None
        # The library's types leave open what it gives.
        server: Server = await serve(  # pyright: ignore[reportUnknownVariableType]
            self._handle,
            host,
            port,
            ssl=context,
            process_request=self._process,
            compression=None,
            ping_interval=None,
            max_size=_MAX_BYTES,
        )
        self._server = server
        self.host = host
        self.port = _port_of(server)
        if self.settings.heart_interval > 0 and self._beating is None:
            self._beating = asyncio.ensure_future(self._beat())

    async def stop(self) -> None:
        """Close what is open and listen no more."""
        if self._beating is not None:
            self._beating.cancel()
            self._beating = None
        if self._server is not None:
            self._server.close(close_connections=True)
            for served in list(self.served):
                served.abort()
            await self._server.wait_closed()
            self._server = None

    @property
    def url(self) -> str:
        """What to dial."""
        return f"{'wss' if self._secure else 'ws'}://{self.host}:{self.port}/"

    async def connected(self, timeout: float = WAIT_SECONDS) -> Served:
        """Wait until somebody has dialed and was let in."""
        return await self._watch.until(
            lambda: self.served[-1] if self.served else None, timeout, "connection"
        )

    async def disconnected(self, timeout: float = WAIT_SECONDS) -> None:
        """Wait until no connection is open any more."""
        await self._watch.until(lambda: not self.served, timeout, "disconnection")

    async def attempted(self, count: int, timeout: float = WAIT_SECONDS) -> None:
        """Wait until `count` connections have asked for a WebSocket."""
        await self._watch.until(lambda: self.attempts >= count, timeout, "attempt")

    # -- connections --------------------------------------------------------

    def _process(
        self, connection: ServerConnection, request: HttpRequest
    ) -> Response | None:
        self.attempts += 1
        self._watch.notify()
        if self.dialect in ("napcat", "llbot") or self._may_come(connection, request):
            return None
        offered = _token_of(request)
        is_missing = not offered and self.dialect == "gocqhttp"
        status = HTTPStatus.UNAUTHORIZED if is_missing else HTTPStatus.FORBIDDEN
        return connection.respond(status, "")

    def _may_come(self, connection: ServerConnection, request: HttpRequest) -> bool:
        return not self.token or _token_of(request) == self.token

    async def _refuse(self, connection: ServerConnection) -> None:
        await connection.send(json.dumps(_REFUSAL, ensure_ascii=False))
        if self.dialect == "llbot":
            await connection.close(1008, "invalid access token")
        else:
            # A close frame without a code; `close` cannot write one.
            async with connection.send_context():
                connection.protocol.send_close()

    async def _handle(self, connection: ServerConnection) -> None:
        assert connection.request is not None
        if not self._may_come(connection, connection.request):
            await self._refuse(connection)
            return
        served = Served(connection, self)
        self.served.append(served)
        self._on_open(served)
        self._watch.notify()
        writing = asyncio.ensure_future(served.write())
        try:
            async for message in connection:
                text = message if isinstance(message, str) else message.decode()
                self._on_text(served, served, text)
        except ConnectionClosed:
            pass
        finally:
            writing.cancel()
            served.is_open = False
            self.served.remove(served)
            self._on_close(served)
            self._watch.notify()

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(self.settings.heart_interval / 1000)
            for served in self.served:
                self._on_beat(served)


def _port_of(server: Any) -> int:
    return int(next(iter(server.sockets)).getsockname()[1])


def _path_of(connection: ServerConnection) -> str:
    assert connection.request is not None
    return urlsplit(connection.request.path).path


def _token_of(request: HttpRequest) -> str:
    """The query's, if there is one, else the header's (NapCat's order)."""
    query: dict[str, Any] = parse_qs(urlsplit(request.path).query)
    if query.get("access_token"):
        return str(query["access_token"][0])
    value = request.headers.get("Authorization", "")
    for scheme in ("Bearer ", "Token "):
        if value.startswith(scheme):
            return value[len(scheme) :]
    return value
