"""An HTTP client by hand: every byte of the request is the test's, and what
comes back is seen as it is."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from harness.bridge import Bridge
from harness.build import WAIT

Headers = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Answer:
    """Header names in lower case."""

    status: int
    headers: dict[str, str]
    body: str

    @property
    def json(self) -> Any:
        return json.loads(self.body)


async def open_connection(
    b: Bridge,
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    url = urlsplit(b.http)
    return await asyncio.open_connection(url.hostname, url.port)


def request(
    b: Bridge, method: str, target: str, headers: Headers = (), body: str | None = None
) -> bytes:
    own = {name.lower() for name, _ in headers}
    rows = list(headers)
    if "host" not in own:
        rows.insert(0, ("Host", urlsplit(b.http).netloc))
    if body is not None and "content-length" not in own:
        rows.append(("Content-Length", str(len(body.encode()))))
    head = "".join(f"{name}: {value}\r\n" for name, value in rows)
    return f"{method} {target} HTTP/1.1\r\n{head}\r\n{body or ''}".encode()


async def _read_head(reader: asyncio.StreamReader) -> tuple[int, dict[str, str]]:
    head = await reader.readuntil(b"\r\n\r\n")
    status, *rows = head.decode().rstrip().split("\r\n")
    pairs = (row.partition(": ") for row in rows)
    return int(status.split()[1]), {name.lower(): value for name, _, value in pairs}


async def ask(
    b: Bridge,
    target: str,
    *,
    method: str = "GET",
    headers: Headers = (),
    body: str | None = None,
) -> Answer:
    """One request, and its whole answer."""
    return await ask_raw(b, request(b, method, target, headers, body))


async def ask_raw(b: Bridge, data: bytes) -> Answer:
    reader, writer = await open_connection(b)
    try:
        writer.write(data)
        async with asyncio.timeout(WAIT):
            status, headers = await _read_head(reader)
            body = await reader.read()
    finally:
        writer.close()
    return Answer(status, headers, body.decode())


async def call(
    b: Bridge, action: str, *, token: str | None = None, headers: Headers = (), **params: Any
) -> Answer:
    """As the console's page asks for one of the bridge's own actions."""
    rows = [("Content-Type", "application/json"), *headers]
    if token is not None:
        rows.append(("Authorization", f"Bearer {token}"))
    body = json.dumps({"action": action, "params": params})
    return await ask(b, "/api/call", method="POST", headers=rows, body=body)


def console_token(b: Bridge) -> str:
    return (b.folder / "state" / "console-token").read_text().strip()


class Live:
    """A stream of server-sent events."""

    def __init__(self, status: int, reader: asyncio.StreamReader) -> None:
        self.status = status
        self._reader = reader
        self._pending = b""

    async def next(self, name: str, fits: Callable[[Any], bool] = lambda _: True) -> Any:
        """The data of the next event with this name that fits."""
        async with asyncio.timeout(WAIT):
            while True:
                kind, data = await self._event()
                if kind == name and fits(data):
                    return data

    async def ended(self) -> None:
        async with asyncio.timeout(WAIT):
            while await self._reader.read(65536):
                pass

    async def _event(self) -> tuple[str, Any]:
        block = (await self._reader.readuntil(b"\n\n")).decode().rstrip("\n")
        fields = dict(line.split(": ", 1) for line in block.split("\n"))
        return fields.get("event", ""), json.loads(fields.get("data", "null"))


@asynccontextmanager
async def live(
    b: Bridge, *, token: str | None = None, headers: Headers = ()
) -> AsyncIterator[Live]:
    rows = list(headers)
    if token is not None:
        rows.append(("Authorization", f"Bearer {token}"))
    reader, writer = await open_connection(b)
    # A status of many accounts is a long line.
    reader._limit = 16 << 20  # type: ignore[attr-defined]
    try:
        writer.write(request(b, "GET", "/api/live", rows))
        async with asyncio.timeout(WAIT):
            status, _ = await _read_head(reader)
        yield Live(status, reader)
    finally:
        writer.close()
