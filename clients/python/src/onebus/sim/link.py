"""One WebSocket connection, from the client's side.

The sans-I/O half of the `websockets` library does the framing; the opening
request is written here, byte for byte as the dialect wants it, which the
library's own clients do not allow.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Union

from websockets.client import ClientProtocol
from websockets.frames import CloseCode, Frame, Opcode
from websockets.protocol import State
from websockets.uri import parse_uri

from .dialect import Dialect, Identity, opening_request, target_of, with_overrides

MAX_INCOMING_BYTES = 50 * 1024 * 1024
"""NapCat's `maxPayload`; larger frames are answered with close code 1009."""

_READ_BYTES = 64 * 1024
_HEAD_BYTES_MAX = 64 * 1024
_BODY_BYTES_MAX = 4096
_BODY_SECONDS = 0.25
_CLOSE_SECONDS = 5.0


class HandshakeRefused(Exception):
    """The server answered the opening request with something else than 101,
    or with a 101 that does not hold."""

    def __init__(
        self, reason: str, status: int, headers: Mapping[str, str], body: bytes
    ) -> None:
        super().__init__(reason)
        self.status = status
        self.headers = headers
        self.body = body


@dataclass(frozen=True)
class Opening:
    """All that goes into opening a connection."""

    url: str
    identity: Identity
    dialect: Dialect
    headers: Mapping[str, str | None] = field(
        default_factory=dict[str, Union[str, None]]
    )
    """Overrides: a value replaces or adds a header, None removes one."""
    handshake_seconds: float = 2.0
    verify_certificate: bool = True
    certificate: str = ""


OnText = Callable[["Link", str], None]


class Link:
    """An open connection.  `open_link` makes one, `run` lives as long as it."""

    def __init__(
        self,
        protocol: ClientProtocol,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        response_headers: Mapping[str, str],
    ) -> None:
        self.response_headers = response_headers
        self._protocol = protocol
        self._reader = reader
        self._writer = writer
        self._fragments: list[bytes] = []
        self._is_text = False
        self._reading = asyncio.Event()
        self._reading.set()
        self._close_timer: asyncio.TimerHandle | None = None
        self._pings: dict[bytes, asyncio.Future[None]] = {}
        self._ping_names = map(b"heard-%d".__mod__, itertools.count(1))

    # -- state -------------------------------------------------------------

    @property
    def is_open(self) -> bool:
        """Frames may be sent."""
        return self._protocol.state is State.OPEN and not self._writer.is_closing()

    @property
    def close_code(self) -> int | None:
        """The code the server closed with; None while open, 1006 without one."""
        return self._protocol.close_code

    @property
    def close_reason(self) -> str:
        """The reason that came with the code."""
        return self._protocol.close_reason or ""

    # -- sending -----------------------------------------------------------

    def send_text(self, payload: bytes) -> None:
        """One unfragmented text frame; the bytes are not checked."""
        self._protocol.send_text(payload)
        self._flush()

    def send_binary(self, payload: bytes) -> None:
        """One binary frame."""
        self._protocol.send_binary(payload)
        self._flush()

    def send_fragments(self, pieces: list[bytes]) -> None:
        """One text message in as many frames as there are pieces."""
        for place, piece in enumerate(pieces):
            last = place == len(pieces) - 1
            if place:
                self._protocol.send_continuation(piece, fin=last)
            else:
                self._protocol.send_text(piece, fin=last)
        self._flush()

    async def drain(self) -> None:
        """Wait until the socket has taken enough of what was sent."""
        with contextlib.suppress(ConnectionError):
            await self._writer.drain()

    async def heard(self) -> None:
        """Wait until the server has read all that was sent so far.

        It answers a ping behind the rest.  ConnectionError if the connection
        ends before.
        """
        if not self.is_open:
            raise ConnectionError("the connection is closed")
        name = next(self._ping_names)
        answer = self._pings[name] = asyncio.get_running_loop().create_future()
        self._protocol.send_ping(name)
        self._flush()
        try:
            await answer
        finally:
            del self._pings[name]

    # -- ending ------------------------------------------------------------

    def close(self, code: int | None = None, reason: str = "") -> None:
        """Start the closing handshake; without a code the peer sees 1005."""
        if self._protocol.state is State.OPEN:
            self._protocol.send_close(code, reason)
        self._flush()

    def abort(self) -> None:
        """End the TCP connection at once, without a close frame."""
        self.thaw()
        self._writer.transport.abort()

    def freeze(self) -> None:
        """Stop reading, as a peer that hangs: pings stay unanswered."""
        self._reading.clear()

    def thaw(self) -> None:
        """Read again."""
        self._reading.set()

    # -- receiving ---------------------------------------------------------

    async def run(self, on_text: OnText) -> None:
        """Read until the connection is over; `on_text` is told each message."""
        try:
            while self._protocol.state is not State.CLOSED:
                await self._read(on_text)
        except (ConnectionError, TimeoutError, ssl.SSLError):
            self._protocol.receive_eof()
        finally:
            await self._finish()

    async def _read(self, on_text: OnText) -> None:
        data = await self._reader.read(_READ_BYTES)
        # What came while frozen is looked at only after the thaw.
        await self._reading.wait()
        if data:
            self._protocol.receive_data(data)
        else:
            self._protocol.receive_eof()
        for event in self._protocol.events_received():
            if isinstance(event, Frame) and event.opcode is Opcode.PONG:
                self._take_pong(bytes(event.data))
            elif isinstance(event, Frame):
                self._take(event, on_text)
        self._flush()

    def _take(self, frame: Frame, on_text: OnText) -> None:
        if frame.opcode in (Opcode.TEXT, Opcode.BINARY):
            self._is_text = frame.opcode is Opcode.TEXT
        elif frame.opcode is not Opcode.CONT:
            return
        self._fragments.append(bytes(frame.data))
        if frame.fin:
            payload, self._fragments = b"".join(self._fragments), []
            self._deliver(payload, on_text)

    def _take_pong(self, name: bytes) -> None:
        answer = self._pings.get(name)
        if answer is not None and not answer.done():
            answer.set_result(None)

    def _deliver(self, payload: bytes, on_text: OnText) -> None:
        """Binary frames are read as text, as NapCat does."""
        try:
            text = payload.decode("utf-8", "strict" if self._is_text else "replace")
        except UnicodeDecodeError:
            self._protocol.fail(CloseCode.INVALID_DATA)
            return
        if self._protocol.state is State.OPEN:
            on_text(self, text)

    def _flush(self) -> None:
        for data in self._protocol.data_to_send():
            if data and not self._writer.is_closing():
                self._writer.write(data)
            elif not data and self._writer.can_write_eof():
                with contextlib.suppress(OSError):
                    self._writer.write_eof()
        if self._protocol.close_expected() and self._close_timer is None:
            # The server ends the TCP connection; not for ever is it waited for.
            loop = asyncio.get_running_loop()
            self._close_timer = loop.call_later(_CLOSE_SECONDS, self.abort)

    async def _finish(self) -> None:
        if self._close_timer is not None:
            self._close_timer.cancel()
        for answer in self._pings.values():
            if not answer.done():
                answer.set_exception(ConnectionError("the connection has ended"))
        self._writer.close()
        with contextlib.suppress(ConnectionError, TimeoutError, ssl.SSLError):
            await self._writer.wait_closed()


async def open_link(opening: Opening) -> Link:
    """Dial and shake hands.

    Raises HandshakeRefused, TimeoutError or OSError.
    """
    try:
        return await asyncio.wait_for(_connect(opening), opening.handshake_seconds)
    except asyncio.TimeoutError:
        raise TimeoutError("Opening handshake has timed out") from None


async def _connect(opening: Opening) -> Link:
    target = target_of(opening.url)
    reader, writer = await asyncio.open_connection(
        target.host,
        target.port,
        ssl=_tls(opening) if target.secure else None,
        limit=_HEAD_BYTES_MAX,
    )
    try:
        return await _shake_hands(opening, reader, writer)
    except BaseException:
        writer.transport.abort()
        raise


def _tls(opening: Opening) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if not opening.verify_certificate:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if opening.certificate:
        context.load_cert_chain(opening.certificate)
    return context


async def _shake_hands(
    opening: Opening, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> Link:
    target = target_of(opening.url)
    protocol = ClientProtocol(parse_uri(opening.url), max_size=MAX_INCOMING_BYTES)
    headers = opening.dialect.headers(opening.identity, protocol.key, target.authority)
    writer.write(opening_request(target, with_overrides(headers, opening.headers)))
    await writer.drain()
    head = await _read_head(reader)
    status, response_headers = _parse_head(head)
    if status != 101:
        body = await _read_body(reader, response_headers)
        reason = f"Unexpected server response: {status}"
        raise HandshakeRefused(reason, status, response_headers, body)
    protocol.receive_data(head)
    protocol.events_received()
    if protocol.handshake_exc is not None:
        raise HandshakeRefused(
            str(protocol.handshake_exc), status, response_headers, b""
        )
    return Link(protocol, reader, writer, response_headers)


async def _read_head(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        raise ConnectionResetError("socket hang up") from None
    except asyncio.LimitOverrunError:
        raise ConnectionError("Parse Error: Header overflow") from None


def _parse_head(head: bytes) -> tuple[int, dict[str, str]]:
    """The status and the headers, their names in lower case."""
    lines = head.decode("latin-1").split("\r\n")
    status = lines[0].split(" ", 2)[1:2]
    if not status or not status[0].isdigit():
        raise ConnectionError(f"Parse Error: {lines[0][:80]}")
    pairs = (line.partition(":") for line in lines[1:] if line)
    return int(status[0]), {
        name.strip().lower(): value.strip() for name, _, value in pairs
    }


async def _read_body(reader: asyncio.StreamReader, headers: Mapping[str, str]) -> bytes:
    """What there is of the body, for people to read: NapCat does not wait."""
    length = headers.get("content-length", "")
    wanted = min(int(length), _BODY_BYTES_MAX) if length.isdigit() else _BODY_BYTES_MAX
    body = b""
    deadline = asyncio.get_running_loop().time() + _BODY_SECONDS
    while len(body) < wanted:
        left = deadline - asyncio.get_running_loop().time()
        try:
            piece = await asyncio.wait_for(reader.read(wanted - len(body)), left)
        except (asyncio.TimeoutError, ConnectionError):
            break
        if not piece:
            break
        body += piece
    return body
