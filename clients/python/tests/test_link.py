"""The connection: what is dialed, what breaks, what follows."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from conftest import SECONDS, Bridge
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from onebus.sim import LinkSettings, Simulator

NAPCAT_OPENING = """\
GET / HTTP/1.1
X-Self-ID: 3889001741
Authorization: Bearer\x20
x-client-role: Universal
User-Agent: OneBot/11
Sec-WebSocket-Version: 13
Sec-WebSocket-Key: KEY
Connection: Upgrade
Upgrade: websocket
Host: localhost:PORT

"""


class RawServer:
    """A TCP server that keeps the opening request and may answer with bytes."""

    def __init__(self, reply: bytes | None) -> None:
        self._reply = reply
        self.heads: asyncio.Queue[bytes] = asyncio.Queue()
        self.port = 0

    async def serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.heads.put_nowait(await reader.readuntil(b"\r\n\r\n"))
        if self._reply is not None:
            writer.write(self._reply)
        await reader.read()
        writer.close()

    async def head(self) -> str:
        head = await asyncio.wait_for(self.heads.get(), SECONDS)
        return re.sub("(Sec-WebSocket-Key: ).{24}", r"\1KEY", head.decode())


@asynccontextmanager
async def raw_server(
    reply: bytes | None = b"HTTP/1.1 503 No\r\n\r\n",
) -> AsyncIterator[RawServer]:
    raw = RawServer(reply)
    server = await asyncio.start_server(raw.serve, "127.0.0.1", 0)
    raw.port = server.sockets[0].getsockname()[1]
    yield raw
    server.close()
    await server.wait_closed()


async def test_napcats_opening_request_byte_for_byte() -> None:
    async with raw_server() as raw:
        async with Simulator(f"ws://localhost:{raw.port}", self_id=3889001741):
            head = await raw.head()
    expected = NAPCAT_OPENING.replace("PORT", str(raw.port)).replace("\n", "\r\n")
    assert head == expected


@pytest.mark.parametrize(
    ("dialect", "role", "token", "wanted", "unwanted"),
    [
        ("napcat", "Universal", "t", "Authorization: Bearer t\r\n", "X-Client-Role"),
        ("gocqhttp", "Event", "t", "Authorization: Token t\r\n", "OneBot/11"),
        ("gocqhttp", "API", "", "X-Client-Role: API\r\n", "Authorization"),
        ("gocqhttp", "API", "", "User-Agent: CQHttp/4.15.0\r\n", "Bearer"),
        ("lagrange", "API", "", "X-Client-Role: Api\r\n", "Authorization"),
    ],
)
async def test_dialects(
    dialect: str, role: str, token: str, wanted: str, unwanted: str
) -> None:
    async with raw_server() as raw:
        url = f"ws://127.0.0.1:{raw.port}/a/b?x=1"
        async with Simulator(url, dialect=dialect, role=role, token=token):
            head = await raw.head()
    assert head.startswith("GET /a/b?x=1 HTTP/1.1\r\n")
    assert wanted in head and unwanted not in head


async def test_headers_can_be_replaced_added_and_left_out() -> None:
    overrides = {"x-self-id": "abc", "Authorization": None, "X-More": "1"}
    async with raw_server() as raw:
        async with Simulator(f"ws://127.0.0.1:{raw.port}", headers=overrides):
            head = await raw.head()
    assert "\r\nx-self-id: abc\r\n" in head and "X-Self-ID" not in head
    assert "Authorization" not in head and "X-More: 1\r\n" in head


@pytest.mark.parametrize("url", ["http://x", "ws://", "ws://h/#part", "h:1"])
def test_urls_that_cannot_be_dialed(url: str) -> None:
    with pytest.raises(ValueError):
        Simulator(url)


async def test_a_refused_handshake_is_kept_and_tried_again(bridge: Bridge) -> None:
    bridge.refuse = (401, "no token\nmore")
    async with Simulator(bridge.url, reconnect_interval=0.01) as sim:
        refusal = await sim.refused()
        assert (refusal.status, refusal.headers["x-why"]) == (401, "test")
        assert (refusal.body, refusal.text) == (b"no token\nmore", "no token")
        assert sim.link.last_error == "Unexpected server response: 401"
        bridge.refuse = None
        await sim.connected()
        assert sim.response_headers is not None
        assert sim.response_headers["upgrade"] == "websocket"


async def test_a_refusal_without_an_end_of_body_is_still_one() -> None:
    async with raw_server(b"HTTP/1.1 403 No\r\n\r\nwhy") as raw:
        async with Simulator(f"ws://127.0.0.1:{raw.port}") as sim:
            refusal = await sim.refused()
    assert (refusal.status, refusal.body) == (403, b"why")


@pytest.mark.parametrize(
    "extra",
    [
        "",
        "Sec-WebSocket-Protocol: x\r\n",
        "Sec-WebSocket-Extensions: permessage-deflate\r\n",
    ],
)
async def test_a_101_that_does_not_hold_is_refused(extra: str) -> None:
    reply = "HTTP/1.1 101 Yes\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" + extra
    reply += "Sec-WebSocket-Accept: wrong\r\n\r\n"
    async with raw_server(reply.encode()) as raw:
        async with Simulator(f"ws://127.0.0.1:{raw.port}") as sim:
            assert (await sim.refused()).status == 101


async def test_a_server_that_says_nothing_is_given_up() -> None:
    async with raw_server(None) as raw:
        url = f"ws://127.0.0.1:{raw.port}"
        async with Simulator(
            url, handshake_timeout=0.05, reconnect_interval=0.01
        ) as sim:
            await sim.link.attempted(2)
            assert sim.link.last_error == "Opening handshake has timed out"


async def test_the_lifecycle_event_is_first_on_every_connection(
    bridge: Bridge, sim: Simulator
) -> None:
    await sim.drop()
    connection, frame = await bridge.frame_from()
    assert connection is await bridge.opened(2)
    assert (frame["meta_event_type"], frame["sub_type"]) == ("lifecycle", "connect")


async def test_a_drop_sends_no_close_frame(bridge: Bridge, sim: Simulator) -> None:
    await sim.drop()
    connection = await bridge.opened(1)
    await asyncio.wait_for(connection.wait_closed(), SECONDS)
    assert connection.protocol.close_code == 1006


@pytest.mark.parametrize(("code", "seen"), [(None, 1005), (1001, 1001), (4000, 4000)])
async def test_closing(
    bridge: Bridge, sim: Simulator, code: int | None, seen: int
) -> None:
    sim.auto_reconnect = False
    await sim.close_link(code)
    connection = await bridge.opened(1)
    assert connection.protocol.close_code == seen
    assert sim.link.open_links == []
    await sim.reconnect()
    assert await bridge.opened(2)


async def test_reconnecting_to_a_server_that_refuses(
    bridge: Bridge, sim: Simulator
) -> None:
    sim.auto_reconnect = False
    bridge.refuse = (403, "no")
    with pytest.raises(ConnectionError, match="403"):
        await sim.reconnect()


async def test_the_servers_close_is_answered_and_followed_by_a_new_attempt(
    bridge: Bridge, sim: Simulator
) -> None:
    await (await bridge.opened(1)).close(1008, "bye")
    await bridge.opened(2)
    await sim.connected()
    assert sim.link.last_close == (1008, "bye")


async def test_pings_are_answered_until_frozen(bridge: Bridge, sim: Simulator) -> None:
    connection = await bridge.opened(1)
    await asyncio.wait_for(await connection.ping(), SECONDS)
    sim.freeze()
    pong = await connection.ping()
    done, _ = await asyncio.wait({pong}, timeout=0.1)
    assert not done
    sim.thaw()
    await asyncio.wait_for(pong, SECONDS)


async def test_frames_of_every_kind(bridge: Bridge, sim: Simulator) -> None:
    await sim.send_text('{"n":"你好"}')
    await sim.send_raw(b'{"n":1}')
    await sim.send_fragments([b'{"n"', b":", b"2}"])
    await sim.send_binary(b'{"n":3}')
    assert [(await bridge.frame())["n"] for _ in range(4)] == ["你好", 1, 2, 3]


async def test_bytes_that_are_not_utf8_are_sent_as_they_are(
    bridge: Bridge, sim: Simulator
) -> None:
    await sim.send_raw(b'"\xff"')
    _, frame = await asyncio.wait_for(bridge.frames.get(), SECONDS)
    assert frame == b'"\xff"'


async def test_text_that_is_not_utf8_is_refused(bridge: Bridge, sim: Simulator) -> None:
    connection = await bridge.opened(1)
    await connection.send(b"\xff", text=True)
    await asyncio.wait_for(connection.wait_closed(), SECONDS)
    assert connection.protocol.close_code == 1007


async def test_too_large_a_frame_is_refused(bridge: Bridge, sim: Simulator) -> None:
    connection = await bridge.opened(1)
    with pytest.raises(ConnectionClosed):
        await connection.send("x" * (50 * 1024 * 1024 + 1))
        await connection.wait_closed()
        await connection.send("")
    assert connection.protocol.close_code == 1009


async def test_heartbeats_begin_with_the_adapter_not_the_connection(
    bridge: Bridge,
) -> None:
    async with Simulator(bridge.url, heart_interval=20) as sim:
        beat = await bridge.until(lambda f: f["meta_event_type"] == "heartbeat")
        assert (beat["status"], beat["interval"]) == (
            {"online": True, "good": True},
            20,
        )
        sim.world.online = False
        await bridge.until(lambda f: f.get("status") == {"online": False, "good": True})


async def test_a_forgotten_connection_is_deaf_but_alive(
    bridge: Bridge, sim: Simulator
) -> None:
    old = await bridge.opened(1)
    await sim.forget()
    new = await bridge.opened(2)
    await asyncio.wait_for(await old.ping(), SECONDS)
    await old.send('{"action":"get_status","echo":"on the old one"}')
    connection, _ = await bridge.frame_from()
    assert connection is new  # its lifecycle event
    connection, answer = await bridge.frame_from()
    assert (connection, answer["echo"]) == (new, "on the old one")


async def test_closing_the_forgotten_connection_makes_napcat_dial_again(
    bridge: Bridge, sim: Simulator
) -> None:
    old = await bridge.opened(1)
    await sim.forget()
    await old.close()
    await bridge.opened(3)
    await sim.connected()
    assert len(sim.link.open_links) == 2


async def test_two_links_with_two_roles(bridge: Bridge) -> None:
    def settings(role: str) -> LinkSettings:
        return LinkSettings(url=bridge.url, dialect="gocqhttp", role=role)

    async with Simulator() as sim:
        api = sim.add_link(settings("API"))
        await api.connected()
        event = sim.add_link(settings("Event"))
        await event.connected()
        api_end, event_end = await bridge.opened(1), await bridge.opened(2)
        await sim.group_message(1, 2, "hi")
        assert [(await bridge.frame_from())[0] for _ in range(2)] == [event_end] * 2
        await api_end.send('{"action":"get_status","echo":1}')
        connection, answer = await bridge.frame_from()
        assert (connection, answer["echo"]) == (api_end, 1)


# -- what the other side has read ----------------------------------------------


async def test_what_was_sent_has_been_read_once_it_is_heard(
    bridge: Bridge, sim: Simulator
) -> None:
    for number in range(100):
        await sim.group_message(20002, 30003, f"{number}")
    await asyncio.wait_for(sim.heard(), SECONDS)
    assert bridge.frames.qsize() == 100


async def test_a_connection_that_ends_is_not_waited_for(
    bridge: Bridge, sim: Simulator
) -> None:
    waiting = asyncio.create_task(sim.heard())
    await asyncio.sleep(0)
    bridge.connections[-1].transport.abort()
    await asyncio.wait_for(waiting, SECONDS)
    await sim.disconnected()
    await asyncio.wait_for(sim.heard(), SECONDS)


async def test_a_link_says_that_it_has_ended_before_all_was_heard(
    bridge: Bridge, sim: Simulator
) -> None:
    link = await sim.connected()
    waiting = asyncio.create_task(link.heard())
    await asyncio.sleep(0)
    bridge.connections[-1].transport.abort()
    with pytest.raises(ConnectionError, match="has ended"):
        await asyncio.wait_for(waiting, SECONDS)
    with pytest.raises(ConnectionError, match="is closed"):
        await link.heard()


async def test_a_bridge_that_has_dialed_is_waited_for_too() -> None:
    async with Simulator() as sim:
        listener = await sim.listen()
        async with connect(listener.url) as client:
            assert "lifecycle" in str(await client.recv())
            await sim.group_message(20002, 30003, "hello")
            await asyncio.wait_for(sim.heard(), SECONDS)
            assert "hello" in str(await client.recv())
        await asyncio.wait_for(sim.heard(), SECONDS)
