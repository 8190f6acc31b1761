"""Peers that mean harm: each harms itself, nobody else, and is told of once."""

import asyncio
import contextlib
import resource
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator

import pytest

from harness.bridge import Bridge
from harness.build import SLOWNESS, WAIT
from harness.factories import StartBridge, StartBus
from harness.frames import group_message
from harness.marks import ONE_AT_A_TIME
from harness.net import free_port
from harness.others import BAD, SERVED_SECONDS, memory_stays, others, two_accounts
from harness.sp import Caller
from harness.wait import until
from harness.websocket import (
    CLOSE,
    CONTINUATION,
    PING,
    TEXT,
    Peer,
    ask,
    connect,
    frame_bytes,
    opening,
    upgrade_headers,
)

pytestmark = ONE_AT_A_TIME

HANDSHAKE_SECONDS = 10.0
KIB = 1024
MIB = 1024 * 1024
Stream = tuple[asyncio.StreamReader, asyncio.StreamWriter]


# ---- the opening request ----------------------------------------------------


@contextlib.asynccontextmanager
async def streams(b: Bridge, count: int) -> AsyncIterator[list[Stream]]:
    """Connections that have said nothing yet."""
    opened = [await asyncio.open_connection("127.0.0.1", b.port) for _ in range(count)]
    yield opened
    for _, writer in opened:
        writer.transport.abort()


async def dribble(writer: asyncio.StreamWriter) -> None:
    """A request that comes a byte at a time, and never to its end."""
    for byte in b"GET /bad HTTP/1.1\r\nHost: x\r\nX-Filler: " + b"x" * KIB:
        writer.write(bytes([byte]))
        with contextlib.suppress(ConnectionError):
            await writer.drain()
        await asyncio.sleep(0.1)


async def over(reader: asyncio.StreamReader) -> float:
    """Wait for the end of the connection; gives the moment."""
    with contextlib.suppress(ConnectionError):
        await reader.read()
    return time.monotonic()


async def test_who_does_not_finish_the_opening_request_is_cut_off(
    bridge: StartBridge, bus: StartBus
) -> None:
    b = await bridge(two_accounts())
    begin = time.monotonic()
    async with (
        streams(b, 100) as silent,
        streams(b, 100) as slow,
        streams(b, 50) as half,
        others(b, bus(b)) as they,
        memory_stays(b, 32),
    ):
        for _, writer in half:
            writer.write(b"GET /bad HTTP/1.1\r\nHost: x\r\n")
        tasks = [asyncio.create_task(dribble(writer)) for _, writer in slow]
        ends = asyncio.gather(*(over(reader) for reader, _ in silent + slow + half))
        asked = time.monotonic()
        assert (await opening(b.port, "/bad")).status == 101
        assert time.monotonic() - asked < SERVED_SECONDS
        while not ends.done():
            await they.are_served()
            await asyncio.wait([ends], timeout=1.0)
            assert time.monotonic() - begin < HANDSHAKE_SECONDS + WAIT
        assert min(await ends) - begin > HANDSHAKE_SECONDS - 1
        for task in tasks:
            task.cancel()
    (line,) = b.lines("ws: cut off", "no opening request in time")
    assert "remote=127.0.0.1" in line
    assert "allowed_s=10" in line


REQUEST = b"GET /bad HTTP/1.1\r\nHost: x\r\n"
UPGRADE = (
    b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
)
H2C = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n"
ODD_OPENINGS = {
    "a long header": REQUEST + b"X-A: " + b"a" * 20_000 + b"\r\n\r\n",
    "many headers": REQUEST + b"X-A: b\r\n" * 3000 + b"\r\n",
    "a long path": b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\n\r\n",
    "no connection header": REQUEST + UPGRADE[21:] + b"\r\n",
    "another tunnel": b"CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n" + b"x" * KIB,
    "another protocol": REQUEST + H2C + b"\r\n",
    "two requests": (REQUEST + b"\r\n") * 2,
    "an unknown upgrade later": REQUEST + b"\r\n" + REQUEST + H2C[:-2] + b"\r\n\r\n",
    "a body": b"POST /bad HTTP/1.1\r\nContent-Length: 9999999\r\n\r\n" + b"x" * KIB,
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\r\n\r\n" * 99,
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0",
    "bytes": bytes(range(256)) * 10,
}


async def test_odd_opening_requests_end_soon_and_are_told_of_once(
    bridge: StartBridge, bus: StartBus
) -> None:
    b = await bridge(two_accounts())
    async with others(b, bus(b)) as they, memory_stays(b, 32):
        for odd in ODD_OPENINGS.values():
            async with streams(b, 10) as opened:
                begin = time.monotonic()
                for _, writer in opened:
                    writer.write(odd)
                    writer.write_eof()
                await asyncio.gather(*(over(reader) for reader, _ in opened))
                assert time.monotonic() - begin < SERVED_SECONDS, odd[:60]
            await they.are_served()
    texts = Counter(line["msg"].partition(" count=")[0] for line in b.log)
    for text, count in texts.items():
        assert count == 1 or text.startswith(("up ", "down ")), text
    (line,) = b.lines("ws: lost a connection", "without an opening request")
    assert "remote=127.0.0.1" in line


async def test_a_peer_comes_in_where_it_knocks_whatever_its_host_header_says(
    bridge: StartBridge,
) -> None:
    """Two doors with one port: it knocks at the one that wants no token."""
    port = free_port()
    b = await bridge(
        {
            "wsPort": port,
            "accounts": {
                "a": {"wsHost": "127.0.0.1", "accessToken": "t"},
                "b": {"wsHost": "127.0.0.2"},
            },
        }
    )
    for said in ("127.0.0.1", "127.0.0.2", "acceptor", "signals", "system"):
        headers = [("Host", said), *upgrade_headers(port)[1:]]
        answer, _, writer = await ask(port, PATH, headers, host="127.0.0.2")
        writer.transport.abort()
        assert answer.status == 101, said
        answer, _, writer = await ask(port, PATH, headers, host="127.0.0.1")
        writer.transport.abort()
        assert answer.status == 401, said
    await until(lambda: len(b.lines("link: up account=b")) == 5, "links of b")
    assert b.lines("link: up account=a") == []


PATH = "/onebot/v11/ws"


# ---- frames -----------------------------------------------------------------

WHOLE = frame_bytes("x" * KIB)
HALVES = {
    "a byte": WHOLE[:1],
    "half a header": WHOLE[:3],
    "a header": WHOLE[:8],
    "half a payload": WHOLE[: KIB // 2],
    "all but a byte": WHOLE[:-1],
    "a fragment": frame_bytes('{"post_type":"message",', is_final=False),
    "a fragment and a half": frame_bytes("{", is_final=False)
    + frame_bytes('"post_type":', CONTINUATION)[:-1],
    "a fragment, then a close": frame_bytes("{", is_final=False)
    + frame_bytes((1000).to_bytes(2, "big"), CLOSE),
    "a huge claim": b"\x81\xff\0\0\0\0\0\xff\xff\xff\0\0\0\0{",
}


async def test_what_ends_in_mid_frame_leaves_nothing_to_the_next(
    bridge: StartBridge, bus: StartBus
) -> None:
    b = await bridge(two_accounts())
    program = bus(b)
    subscriber = await program.subscribe("qq.group.*", account=BAD)
    async with others(b, program) as they, memory_stays(b, 32):
        before = b.fd_count()
        for half in HALVES.values():
            await they.are_served()
            for is_abrupt in (True, False):
                async with await connect(b.url(BAD)) as peer:
                    await peer.send_bytes(half)
                    if not is_abrupt:
                        peer.end()
                        await peer.closed()
        await until(lambda: b.fd_count() <= before, "end of the links")
        silent = [await connect(b.url(BAD)) for _ in HALVES]
        for peer, half in zip(silent, HALVES.values(), strict=True):
            await peer.send_bytes(half)
        await they.are_served()
        for peer in silent:
            peer.abort()
        async with await connect(b.url(BAD)) as peer:
            await peer.send_json(group_message("next", group_id=7))
            event = await subscriber.next_event("qq.group.7.*")
            assert event.envelope["text"] == "next"
    groups = {e.topic for e in subscriber.events if e.topic.startswith("qq.group.")}
    assert groups == {"qq.group.20002.message.normal", "qq.group.7.message.normal"}
    (line,) = b.lines("ws: lost a frame", "within a frame")
    assert "remote=127.0.0.1" in line
    assert b.lines("frame: dropped") == []


async def endless(peer: Peer) -> int:
    """Fragments until the bridge has had enough; gives its close code."""
    closed = asyncio.create_task(peer.closed())
    piece = frame_bytes(b"x" * KIB, CONTINUATION, is_final=False) * 64
    with contextlib.suppress(ConnectionError):
        await peer.send(b"[", TEXT, is_final=False)
        while not closed.done():
            await peer.send_bytes(piece)
            await asyncio.sleep(0)
    return await closed


async def test_a_message_without_an_end_ends_at_the_limit(
    bridge: StartBridge, bus: StartBus
) -> None:
    b = await bridge(two_accounts(), bridge={"media": {"maxFrame": MIB}})
    async with others(b, bus(b)) as they, memory_stays(b, 32):
        for _ in range(5):
            async with await connect(b.url(BAD)) as peer:
                assert await endless(peer) in (1009, 1006)
            await they.are_served()
    (line,) = b.lines("ws: closed a link", "maxFrame")
    assert "remote=127.0.0.1" in line
    assert f"allowed_bytes={MIB}" in line
    assert b.lines("ws: lost a frame") == []


async def test_one_byte_too_many_is_told_once_however_often(
    bridge: StartBridge,
) -> None:
    b = await bridge(two_accounts(), bridge={"media": {"maxFrame": KIB}})
    for _ in range(5):
        async with await connect(b.url(BAD)) as peer:
            await peer.send(b"x" * (KIB + 1))
            assert await peer.closed() == 1009
    (line,) = b.lines("maxFrame")
    assert "count=1" in line


async def test_a_flood_of_pings_whose_pongs_are_not_read_harms_nobody(
    bridge: StartBridge, bus: StartBus
) -> None:
    b = await bridge(two_accounts())
    async with others(b, bus(b)) as they, memory_stays(b, 32):
        async with await connect(b.url(BAD)) as peer:
            pings = frame_bytes(b"x" * 125, PING) * 1000
            flood = asyncio.create_task(repeat(peer, pings, 100))
            while not flood.done():
                await they.are_served()
            await flood
        await they.are_served()


async def repeat(peer: Peer, data: bytes, times: int) -> None:
    for _ in range(times):
        await peer.send_bytes(data)


# ---- crowds -----------------------------------------------------------------


@pytest.fixture
def descriptors() -> Iterator[None]:
    """Enough of them for our own side of a crowd."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 8192), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def limited(descriptors: int) -> list[str]:
    """Runs the bridge with so many."""
    return ["sh", "-c", f'ulimit -n {descriptors} && exec "$@"', "sh"]


async def idles(b: Bridge) -> None:
    """It does not spin: a busy loop would take most of a core."""
    begin, spent = time.monotonic(), b.cpu_seconds()
    await asyncio.sleep(1.0)
    passed = time.monotonic() - begin
    assert b.cpu_seconds() - spent < 0.3 * passed * SLOWNESS


async def test_a_thousand_connections_shut_nobody_out(
    bridge: StartBridge, bus: StartBus, descriptors: None
) -> None:
    b = await bridge(two_accounts(), wrapper=limited(4096))
    async with others(b, bus(b)) as they, memory_stays(b, 64):
        before = b.fd_count()
        links = [await connect(b.url(BAD)) for _ in range(1000)]
        for peer in links[::100]:
            await peer.send_json(group_message(group_id=7))
        await they.are_served()
        assert (await opening(b.port, "/bad")).status == 101
        for peer in links:
            peer.abort()
        await until(lambda: b.fd_count() <= before, "end of the links")
    assert {line["level"] for line in b.log} == {"info"}


async def test_more_connections_than_descriptors_leave_some_for_the_bus(
    bridge: StartBridge, bus: StartBus, descriptors: None
) -> None:
    b = await bridge(two_accounts(), wrapper=limited(256))
    async with others(b, bus(b)) as they, streams(b, 1000) as crowd:
        before = b.fd_count()
        ends = [asyncio.create_task(over(reader)) for reader, _ in crowd]
        await until(lambda: sum(end.done() for end in ends) > 700, "turning away")
        await idles(b)
        await they.are_served()
        newcomer = bus(b)
        assert (await newcomer.call("bridge.ping"))["status"] == "ok"
        for _, writer in crowd:
            writer.transport.abort()
        await until(lambda: b.fd_count() < before, "end of the crowd")
        begin = time.monotonic()
        assert (await opening(b.port, "/bad")).status == 101
        assert time.monotonic() - begin < SERVED_SECONDS
        await they.are_served()
        await asyncio.gather(*ends)
    (line,) = b.lines("too many connections")
    assert "remote=127.0.0.1" in line
    assert "descriptors=256" in line
    assert b.lines("libwebsockets:") == []


async def test_without_any_descriptor_it_waits_and_goes_on_later(
    bridge: StartBridge, bus: StartBus, descriptors: None
) -> None:
    b = await bridge(two_accounts(), wrapper=limited(128))
    async with others(b, bus(b)) as they:
        before = b.fd_count()
        path = b.actions.removeprefix("ipc://")
        greedy = [await asyncio.open_unix_connection(path) for _ in range(200)]
        await until(lambda: b.fd_count() >= 128, "the last descriptor")
        async with streams(b, 20) as waiting:
            await b.wait_for_line("cannot accept")
            await idles(b)
            await they.are_served()
            for _, writer in greedy:
                writer.transport.abort()
            room = before + len(waiting)
            await until(lambda: b.fd_count() <= room, "end of the greedy ones")
            assert (await opening(b.port, "/bad")).status == 101
        await until(lambda: b.fd_count() <= before, "end of the crowd")
        await they.are_served()
    (line,) = b.lines("ws: cannot accept")
    assert "Too many open files" in line
    assert b.lines("libwebsockets:") == []


# ---- calls ------------------------------------------------------------------


async def test_a_peer_that_reads_nothing_fills_its_queue_and_no_more(
    bridge: StartBridge, bus: StartBus
) -> None:
    b = await bridge(two_accounts(), bridge={"call": {"writeTimeout": "1s"}})
    program = bus(b)
    caller = await Caller.connect(b.actions)
    async with (
        others(b, program) as they,
        await connect(b.url(BAD)),
        memory_stays(b, 320),
    ):
        # Our end of the connection keeps up to 40 MiB, the bridge 64.
        params = {"text": "x" * 8 * MIB}
        numbers = [caller.send("do", account=BAD, params=params) for _ in range(20)]
        await they.are_served()
        replies = [(await caller.reply(number))["error"] for number in numbers]
    assert set(replies) == {"unknown", "busy"}
    assert replies.count("busy") >= 4
    (line,) = b.lines("ws: refused a request", "does not read")
    assert "remote=127.0.0.1" in line
    await caller.close()
