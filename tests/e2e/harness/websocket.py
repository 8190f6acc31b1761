"""A WebSocket peer by hand: every byte of the opening and of the frames is the
test's, and what comes back is seen as it is."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import os
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from harness.build import WAIT
from harness.secrets import SECRETS

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10

Headers = Sequence[tuple[str, str]]

_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


@dataclass(frozen=True)
class Answer:
    """The answer to an opening request; header names in lower case."""

    status: int
    headers: dict[str, str]
    body: str


@dataclass(frozen=True)
class Frame:
    opcode: int
    payload: bytes
    is_final: bool = True
    is_masked: bool = False

    @property
    def close_code(self) -> int:
        return int.from_bytes(self.payload[:2], "big")


def upgrade_headers(port: int) -> list[tuple[str, str]]:
    """What every WebSocket client sends."""
    return [
        ("Host", f"127.0.0.1:{port}"),
        ("Connection", "Upgrade"),
        ("Upgrade", "websocket"),
        ("Sec-WebSocket-Version", "13"),
        ("Sec-WebSocket-Key", base64.b64encode(os.urandom(16)).decode()),
    ]


async def ask(
    port: int,
    target: str,
    headers: Headers,
    method: str = "GET",
    *,
    host: str = "127.0.0.1",
) -> tuple[Answer, asyncio.StreamReader, asyncio.StreamWriter]:
    """Send an HTTP request and read its answer."""
    SECRETS.note_request(target, headers)
    reader, writer = await asyncio.open_connection(host, port, limit=1 << 24)
    lines = [f"{method} {target} HTTP/1.1", *(f"{n}: {v}" for n, v in headers)]
    writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
    try:
        answer = await asyncio.wait_for(_read_answer(reader), WAIT)
    except BaseException:
        writer.transport.abort()
        raise
    return answer, reader, writer


async def _read_answer(reader: asyncio.StreamReader) -> Answer:
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    first, *lines = head.split("\r\n")[:-2]
    pairs = (line.partition(":") for line in lines)
    headers = {name.lower(): value.strip() for name, _, value in pairs}
    status = int(first.split(" ")[1])
    size = int(headers.get("content-length", 0)) if status != 101 else 0
    body = await reader.readexactly(size)
    return Answer(status, headers, body.decode())


async def opening(
    port: int,
    target: str = "/onebot/v11/ws",
    headers: Headers = (),
    *,
    is_upgrade: bool = True,
    method: str = "GET",
) -> Answer:
    """Ask to come in; the connection is closed afterwards."""
    own = upgrade_headers(port) if is_upgrade else [("Host", "127.0.0.1")]
    answer, _, writer = await ask(port, target, [*own, *headers], method)
    writer.transport.abort()
    return answer


class Peer:
    """An open connection. `connect` makes one."""

    def __init__(
        self,
        answer: Answer,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        self.answer = answer
        self._reader = reader
        self._writer = writer
        self._is_ended = False
        self._unread: Frame | None = None

    async def __aenter__(self) -> Peer:
        return self

    async def __aexit__(self, *_: object) -> None:
        self.abort()

    # -- out -----------------------------------------------------------------

    async def send(
        self, payload: bytes | str, opcode: int = TEXT, *, is_final: bool = True
    ) -> None:
        """One frame."""
        await self.send_bytes(frame_bytes(payload, opcode, is_final=is_final))

    async def send_json(self, value: object) -> None:
        """One text frame, characters as they are."""
        await self.send(json.dumps(value, ensure_ascii=False))

    async def send_pieces(self, pieces: Sequence[bytes]) -> None:
        """One message, each piece in a frame of its own."""
        frames = []
        for place, piece in enumerate(pieces):
            opcode = CONTINUATION if place else TEXT
            is_final = place == len(pieces) - 1
            frames.append(frame_bytes(piece, opcode, is_final=is_final))
        await self.send_bytes(b"".join(frames))

    async def send_bytes(self, data: bytes) -> None:
        self._writer.write(data)
        await self._writer.drain()

    # -- in ------------------------------------------------------------------

    async def receive(self, seconds: float = WAIT) -> Frame:
        """The next frame, control frames included."""
        frame, self._unread = self._unread, None
        return frame or await asyncio.wait_for(self._receive(), seconds)

    async def _receive(self) -> Frame:
        first, second = await self._reader.readexactly(2)
        size = second & 0x7F
        if size >= 126:
            width = 2 if size == 126 else 8
            size = int.from_bytes(await self._reader.readexactly(width), "big")
        mask = await self._reader.readexactly(4) if second & 0x80 else b""
        payload = await self._reader.readexactly(size)
        return Frame(first & 0x0F, payload, bool(first & 0x80), bool(mask))

    async def request(self, seconds: float = WAIT) -> dict[str, Any]:
        """The next request of the bridge, which comes as one text frame.

        What takes half a minute has pings in between, which are answered.
        """
        frame = await self.receive(seconds)
        while frame.opcode == PING:
            await self.send(frame.payload, PONG)
            frame = await self.receive(seconds)
        assert (frame.opcode, frame.is_final) == (TEXT, True), frame
        return dict(json.loads(frame.payload))

    async def introduce(self, **data: str) -> None:
        """Say who it is: the first thing that the bridge asks of a link."""
        try:
            frame = await self.receive()
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        if b'"action":"get_version_info"' in frame.payload:
            await self.answer_ok(json.loads(frame.payload), data)
        else:
            self._unread = frame

    async def answer_ok(self, request: dict[str, Any], data: object) -> None:
        """Answer as NapCat does."""
        frame = {"status": "ok", "retcode": 0, "data": data, "message": ""}
        await self.send_json(frame | {"wording": "", "echo": request["echo"]})

    async def closed(self, seconds: float = WAIT) -> int:
        """Wait for the end, answering a close frame; gives its code, or 1006."""
        code = 1006
        try:
            while True:
                frame = await self.receive(seconds)
                if frame.opcode == CLOSE:
                    code = frame.close_code
                if frame.opcode == CLOSE and not self._is_ended:
                    await self.send(frame.payload, CLOSE)
        except (asyncio.IncompleteReadError, ConnectionError):
            return code

    # -- end -----------------------------------------------------------------

    async def close(self, code: int = 1000) -> None:
        """The closing handshake."""
        await self.send(code.to_bytes(2, "big"), CLOSE)
        await self.closed()
        self.abort()

    def end(self) -> None:
        """Send nothing more; what comes can still be read."""
        self._is_ended = True
        self._writer.write_eof()

    def abort(self) -> None:
        """End the TCP connection at once."""
        self._writer.transport.abort()


def frame_bytes(
    payload: bytes | str, opcode: int = TEXT, *, is_final: bool = True
) -> bytes:
    """A masked frame; the mask of zeros leaves the payload readable."""
    data = payload.encode() if isinstance(payload, str) else payload
    size = len(data)
    if size < 126:
        length = bytes([0x80 | size])
    elif size < 1 << 16:
        length = b"\xfe" + size.to_bytes(2, "big")
    else:
        length = b"\xff" + size.to_bytes(8, "big")
    return bytes([0x80 * is_final | opcode]) + length + bytes(4) + data


async def connect(
    url: str, headers: Headers = (), *, self_id: int = 10001, **introduction: str
) -> Peer:
    """Come in as a peer with role Universal, unless `headers` say otherwise, and
    say who it is (app_name, app_version)."""
    parts = urlsplit(url)
    port = parts.port or 80
    own = upgrade_headers(port)
    given = {name.lower() for name, _ in headers}
    for name, value in (("X-Self-ID", str(self_id)), ("User-Agent", "OneBot/11")):
        if name.lower() not in given:
            own.append((name, value))
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    answer, reader, writer = await ask(port, target, [*own, *headers])
    assert answer.status == 101, answer
    accept = hashlib.sha1(dict(own)["Sec-WebSocket-Key"].encode() + _GUID).digest()
    assert answer.headers["sec-websocket-accept"] == base64.b64encode(accept).decode()
    peer = Peer(answer, reader, writer)
    role = {name.lower(): value for name, value in headers}.get("x-client-role", "")
    if role.lower() != "event":
        await peer.introduce(**introduction)
    return peer


async def open_tls(port: int, context: ssl.SSLContext) -> ssl.SSLObject:
    """A TLS handshake and no more; OSError if there is none."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context)
    del reader
    found: ssl.SSLObject = writer.get_extra_info("ssl_object")
    writer.transport.abort()
    return found


async def certificate_of(port: int) -> bytes:
    """The certificate that the port shows, as DER."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    certificate = (await open_tls(port, context)).getpeercert(binary_form=True)
    assert certificate is not None
    return certificate
