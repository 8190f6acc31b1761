"""`onebus health`: what it asks, and how it ends."""

import asyncio
import contextlib
import json
import signal
from collections.abc import AsyncIterator

import pytest

from harness import web
from harness.cli import Result, onebus
from harness.factories import StartBridge, StartSim


async def test_a_real_bridge_is_asked(bridge: StartBridge, sim: StartSim) -> None:
    b = await bridge()
    url = ("--url", b.http)
    for arguments in ((), ("--ready",)):
        result = await onebus("health", *url, *arguments)
        assert (result.status, result.err) == (0, "")
    result = await onebus("health", *url, "--require-online")
    assert (result.status, result.out) == (1, "")
    assert "not ready: account default is not connected (" in result.err
    await sim(b, heart_interval=50)
    async with web.live(b) as live:
        await live.next("status", lambda s: s["accounts"]["default"]["online"] is True)
    result = await onebus("health", *url, "--require-online")
    assert (result.status, result.err) == (0, "")


async def test_a_real_bridge_that_stands_still_is_told(bridge: StartBridge) -> None:
    b = await bridge()
    b.signal(signal.SIGSTOP)
    try:
        result = await onebus("health", "--url", b.http, "--timeout", "200ms")
    finally:
        b.signal(signal.SIGCONT)
    assert (result.status, result.out) == (1, "")
    assert "no answer within 200 ms" in result.err


# -- one that answers what it is told ----------------------------------------------


class Web:
    """An HTTP server that gives one answer, or none, and keeps what was asked."""

    def __init__(self, status: str, body: str) -> None:
        self._answer = (
            f"HTTP/1.1 {status}\r\nContent-Length: {len(body.encode())}\r\n"
            f"Connection: close\r\n\r\n{body}"
        ).encode()
        self.port = 0
        self.asked: list[str] = []

    async def serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        self.asked.append(head.split(b"\r\n")[0].decode())
        writer.write(self._answer)
        await writer.drain()
        writer.close()


@contextlib.asynccontextmanager
async def answering(status: str, body: str = "ok\n") -> AsyncIterator[Web]:
    stand_in = Web(status, body)
    server = await asyncio.start_server(stand_in.serve, "127.0.0.1", 0)
    async with server:
        stand_in.port = server.sockets[0].getsockname()[1]
        yield stand_in


async def health(port: int, *arguments: str) -> Result:
    return await onebus("health", "--set", f"bridge.http=127.0.0.1:{port}", *arguments)


@pytest.mark.parametrize(
    ("arguments", "path", "said"),
    [
        ((), "/healthz", "healthy"),
        (("--ready",), "/readyz", "ready"),
        (("--require-online",), "/readyz?require=online", "ready, all online"),
        (("--ready", "--require-online"), "/readyz?require=online", "ready, all online"),
    ],
)
async def test_what_is_asked(arguments: tuple[str, ...], path: str, said: str) -> None:
    async with answering("200 OK") as bridge:
        result = await health(bridge.port, *arguments)
    assert (result.status, result.err) == (0, "")
    address = f"http://127.0.0.1:{bridge.port}{path}"
    assert result.out == f"onebus health: {address}: {said}\n"
    assert bridge.asked == [f"GET {path} HTTP/1.1"]


@pytest.mark.parametrize("host", ["0.0.0.0", "[::]", "*", ""])
async def test_one_that_listens_everywhere_is_asked_here(host: str) -> None:
    async with answering("200 OK") as bridge:
        result = await onebus("health", "--set", f"bridge.http={host}:{bridge.port}")
    assert (result.status, result.err) == (0, "")
    assert len(bridge.asked) == 1


async def test_a_bridge_that_is_not_ready_says_why() -> None:
    body = json.dumps({"ready": False, "reasons": ["bot1 is offline", "a\nb\u009b"]})
    async with answering("503 Service Unavailable", body) as bridge:
        result = await health(bridge.port, "--ready")
    assert (result.status, result.out) == (1, "")
    assert "not ready: bot1 is offline; a\\nb\\x" in result.err
    assert result.err.count("\n") == 1


async def test_a_bridge_that_hangs_says_why() -> None:
    async with answering("503 Service Unavailable", "the loop does not answer\n") as bridge:
        result = await health(bridge.port)
    assert (result.status, result.out) == (1, "")
    assert "not healthy: the loop does not answer; " in result.err
    assert "restart" in result.err


@pytest.mark.parametrize("status", ["404 Not Found", "301 Moved", "500 Oops"])
async def test_another_program_is_told(status: str) -> None:
    async with answering(status) as bridge:
        result = await health(bridge.port)
    assert (result.status, result.out) == (1, "")
    assert status[:3] in result.err
    assert "bridge.http" in result.err


async def test_when_nobody_is_there_it_says_so() -> None:
    async with answering("200 OK") as bridge:
        pass
    result = await health(bridge.port)
    assert (result.status, result.out) == (1, "")
    assert "Connection refused" in result.err
    assert "onebus run" in result.err


async def test_one_that_never_answers_is_not_waited_for() -> None:
    stop = asyncio.Event()

    async def serve(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await stop.wait()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        result = await health(port, "--timeout", "200ms")
        stop.set()
    assert (result.status, result.out) == (1, "")
    assert "no answer within 200 ms" in result.err


async def test_an_answer_without_end_is_not_kept() -> None:
    async with answering("200 OK", "x" * 5_000_000) as bridge:
        result = await health(bridge.port)
    assert (result.status, result.out) == (1, "")
    assert result.err.count("\n") == 1


@pytest.mark.parametrize("body", ["ok\n", '{"ready":true}'])
async def test_json_has_it_all(body: str) -> None:
    async with answering("200 OK", body) as bridge:
        result = await health(bridge.port, "--ready", "--json")
    assert (result.status, result.err) == (0, "")
    assert json.loads(result.out) == {
        "ok": True,
        "url": f"http://127.0.0.1:{bridge.port}/readyz",
        "http_status": 200,
        "message": "ready",
        "answer": None if body == "ok\n" else {"ready": True},
    }


async def test_json_of_a_failure() -> None:
    async with answering("200 OK") as bridge:
        pass
    result = await health(bridge.port, "--json")
    assert (result.status, result.err) == (1, "")
    found = json.loads(result.out)
    assert (found["ok"], found["http_status"], found["answer"]) == (False, None, None)
    assert "Connection refused" in found["message"]


async def test_an_address_that_is_named_needs_no_settings() -> None:
    async with answering("200 OK") as bridge:
        url = f"http://127.0.0.1:{bridge.port}/"
        result = await onebus("health", "--url", url, "--config", "/nonexistent")
    assert (result.status, result.err) == (0, "")
    assert bridge.asked == ["GET /healthz HTTP/1.1"]


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("--set", "bridge.http="), 78),
        (("--config", "/nonexistent"), 78),
        (("--set", "bridge.http=127.0.0.1:0"), 1),
        (("--url", "127.0.0.1:7712"), 2),
        (("--timeout", "0"), 2),
        (("--timeout", "soon"), 2),
        (("--timeout", "30d"), 2),
        (("more",), 2),
    ],
)
async def test_what_keeps_it_from_asking(
    arguments: tuple[str, ...], status: int
) -> None:
    result = await onebus("health", *arguments)
    assert (result.status, result.out) == (status, "")
    assert result.err
