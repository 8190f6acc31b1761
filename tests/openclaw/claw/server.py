"""An HTTP server on a free port of loopback, in the test's own loop."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any

import uvicorn

#: What still talks to it at its end is cut off after so many seconds.
_PATIENCE = 1

Handler = Callable[[str, bytes], Awaitable["Answer | None"]]
"""Takes the path and the body of a request; None is 404."""


class Answer:
    """`body` is whole, or comes piece by piece."""

    def __init__(
        self, body: bytes | AsyncIterator[str], kind: str = "application/json"
    ) -> None:
        self.kind = kind
        self._body = body

    async def pieces(self) -> AsyncIterator[bytes]:
        if isinstance(self._body, bytes):
            yield self._body
            return
        async for piece in self._body:
            yield piece.encode()


class Server:
    """`url` is where it is, from the beginning."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        config = uvicorn.Config(
            self._serve,
            interface="asgi3",
            log_level="warning",
            lifespan="off",
            timeout_graceful_shutdown=_PATIENCE,
        )
        self._server = _Server(config)
        self._task: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        host, port = self._socket.getsockname()
        return f"http://{host}:{port}"

    async def start(self) -> None:
        """Listen; who connects before the loop comes to it waits that long."""
        self._socket.listen()
        self._task = asyncio.create_task(self._server.serve([self._socket]))

    async def stop(self) -> None:
        """Cut off who is there, and end."""
        self._server.should_exit = True
        if self._task is not None:
            await self._task
        self._socket.close()

    async def _serve(self, scope: Any, receive: Any, send: Any) -> None:
        body, more = b"", True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        answer = await self._handler(scope["path"], body)
        status = 404 if answer is None else 200
        answer = answer or Answer(b"{}")
        headers = [(b"content-type", answer.kind.encode())]
        await send(
            {"type": "http.response.start", "status": status, "headers": headers}
        )
        async for piece in answer.pieces():
            message = {"type": "http.response.body", "body": piece, "more_body": True}
            await send(message)
        await send({"type": "http.response.body", "body": b"", "more_body": False})


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """They are the test run's."""
        yield
