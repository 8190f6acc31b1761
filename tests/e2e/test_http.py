"""What the bridge answers by HTTP: probes, and who may have what."""

import asyncio
import contextlib
import signal
import stat
from collections.abc import Callable
from typing import Any

import pytest

from harness import web
from harness.build import WAIT
from harness.cli import onebus
from harness.factories import StartBridge, StartBus, StartSim
from harness.sp import Caller

GRANTS = {
    "grants": [
        {"name": "console", "token": "t0k3n-of-all", "actions": "*"},
        {"name": "pinger", "token": "t0k3n-of-one", "actions": "bridge.ping"},
    ]
}


async def test_probes_tell_that_it_is_well(bridge: StartBridge, sim: StartSim) -> None:
    b = await bridge()
    health = await web.ask(b, "/healthz")
    assert (health.status, health.body) == (200, "ok\n")
    ready = await web.ask(b, "/readyz")
    assert (ready.status, ready.json["ready"], ready.json["journal"]) == (200, True, "ok")
    assert ready.json["accounts"]["default"] == {
        "connected": False,
        "online": None,
        "heartbeat_age_ms": None,
        "actions_stalled": False,
    }
    strict = await web.ask(b, "/readyz?require=online")
    assert strict.status == 503
    assert strict.json["reasons"] == ["account default is not connected"]
    await sim(b, heart_interval=100)
    async with web.live(b) as live:
        await live.next("status", lambda s: s["accounts"]["default"]["online"] is True)
    strict = await web.ask(b, "/readyz?require=online")
    assert (strict.status, strict.json["reasons"]) == (200, [])
    version = (await web.ask(b, "/version")).json
    assert version["epoch"] == b.epoch


async def test_while_it_stops_it_is_alive_and_not_ready(
    bridge: StartBridge, sim: StartSim
) -> None:
    b = await bridge()
    peer = await sim(b)
    peer.hold("get_thing")
    caller = await Caller.connect(b.actions)
    number = caller.send("get_thing")
    await peer.next_request("get_thing")
    b.signal(signal.SIGTERM)
    await b.wait_for_line("bridge: stopping")
    ready = await web.ask(b, "/readyz")
    assert (ready.status, ready.json["ready"], ready.json["stopping"]) == (503, False, True)
    assert ready.json["reasons"] == ["the bridge is shutting down"]
    assert (await web.ask(b, "/healthz")).status == 200
    peer.release("get_thing")
    await caller.reply(number)
    assert await b.ended() == 0


@pytest.mark.parametrize(
    ("method", "target", "status", "said"),
    [
        ("GET", "/nothing", 404, "nothing here"),
        ("GET", "/../../etc/passwd", 404, "nothing here"),
        ("POST", "/healthz", 405, "only GET and HEAD"),
        ("DELETE", "/readyz", 405, "only GET and HEAD"),
        ("GET", "/api/call", 405, "only POST"),
    ],
)
async def test_what_is_not_there_is_said(
    bridge: StartBridge, method: str, target: str, status: int, said: str
) -> None:
    b = await bridge()
    body = None if method == "GET" else ""
    answer = await web.ask(b, target, method=method, body=body)
    assert answer.status == status and said in answer.body
    assert ("allow" in answer.headers) == (status == 405)


async def test_every_answer_forbids_what_a_page_need_not_do(bridge: StartBridge) -> None:
    b = await bridge()
    for target in ("/healthz", "/version", "/nothing", "/api/call"):
        headers = (await web.ask(b, target)).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "access-control-allow-origin" not in headers
    head = await web.ask(b, "/healthz", method="HEAD")
    assert (head.status, head.body, head.headers["content-length"]) == (200, "", "3")


# -- who may ---------------------------------------------------------------------


async def test_on_this_machine_reading_is_free_and_acting_needs_the_token(
    bridge: StartBridge,
) -> None:
    b = await bridge()
    mode = (b.folder / "state" / "console-token").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600
    token = web.console_token(b)
    async with web.live(b) as live:
        assert (await live.next("status"))["epoch"] == b.epoch
    ping = await web.call(b, "bridge.ping", token=token)
    assert (ping.status, ping.json["data"]["epoch"]) == (200, b.epoch)
    none = await web.call(b, "bridge.ping")
    assert none.status == 401 and "onebus console" in none.body
    assert none.headers["www-authenticate"] == "Bearer"
    assert (await web.call(b, "bridge.ping", token=token[:-1] + "g")).status == 401
    assert token not in b.stderr.decode()


async def test_the_token_outlives_a_restart(bridge: StartBridge) -> None:
    first = await bridge()
    token = web.console_token(first)
    await first.stop()
    second = await bridge()
    assert web.console_token(second) == token
    assert (await web.call(second, "bridge.ping", token=token)).status == 200


async def test_another_site_gets_nothing(bridge: StartBridge) -> None:
    b = await bridge()
    token = web.console_token(b)
    evil = ("Origin", "http://evil.example")
    assert (await web.call(b, "bridge.ping", token=token, headers=[evil])).status == 403
    cross = ("Sec-Fetch-Site", "cross-site")
    assert (await web.call(b, "bridge.ping", token=token, headers=[cross])).status == 403
    rebound = [("Host", "evil.example")]
    async with web.live(b, headers=rebound) as live:
        assert live.status == 403
    own = ("Origin", b.http)
    assert (await web.call(b, "bridge.ping", token=token, headers=[own])).status == 200


async def test_with_grants_their_tokens_count_as_far_as_they_go(
    bridge: StartBridge,
) -> None:
    b = await bridge(None, GRANTS)
    async with web.live(b) as live:
        assert live.status == 401
    async with web.live(b, token="wrong") as live:
        assert live.status == 401
    async with web.live(b, token="t0k3n-of-all") as live:
        assert (await live.next("status"))["grants"].keys() == {"console", "pinger"}
    async with web.live(b, token="t0k3n-of-one") as live:
        denied = await live.next("denied")
        assert (denied["action"], denied["error"]) == ("bridge.status", "denied")
    assert (await web.call(b, "bridge.ping", token="t0k3n-of-one")).status == 200
    denied = await web.call(b, "bridge.status", token="t0k3n-of-one")
    assert (denied.status, denied.json["error"]) == (403, "denied")
    wrong = await web.call(b, "bridge.ping", token=web.console_token(b))
    assert (wrong.status, wrong.json["error"]) == (401, "unauthorized")
    assert (await web.ask(b, "/readyz")).status == 200


async def test_an_address_for_all_without_grants_serves_probes_alone(
    bridge: StartBridge,
) -> None:
    b = await bridge(None, {"http": "0.0.0.0:0"})
    b_port = b.http.rpartition(":")[2]
    host = [("Host", f"127.0.0.1:{b_port}")]
    assert (await web.ask(b, "/healthz", headers=host)).status == 200
    async with web.live(b, headers=host) as live:
        assert live.status == 403
    acted = await web.call(b, "bridge.ping", token=web.console_token(b), headers=host)
    assert acted.status == 403 and "bridge.grants" in acted.body


# -- looking on --------------------------------------------------------------------


@pytest.mark.parametrize(("content", "text"), [("none", None), ("full", "secret")])
async def test_events_are_shown_as_far_as_the_settings_let_them(
    bridge: StartBridge, sim: StartSim, content: str, text: str | None
) -> None:
    b = await bridge(None, {"log": {"content": content}})
    peer = await sim(b)
    await peer.group_message(20002, 30001, "before")

    def shows(count: int) -> Callable[[Any], bool]:
        return lambda events: sum(e["type"].startswith("message") for e in events) == count

    async with web.live(b) as live:
        await live.next("events", shows(1))
        await peer.group_message(20002, 30001, "secret")
        (event,) = await live.next("events", shows(1))
        assert (event["chat"], event["characters"]) == ({"kind": "group", "id": "20002"}, 6)
        assert event.get("text") == text
        for n in range(200):
            await peer.group_message(20002, 30001, str(n))
        shown: list[int] = []
        while not shown or shown[-1] < event["seq"] + 200:
            shown += [e["seq"] for e in await live.next("events")]
        assert shown == sorted(set(shown))


# -- acting -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("", "no JSON"),
        ("{", "no JSON"),
        ("[]", "action"),
        ('{"action": "send_group_msg", "params": {}}', "action"),
        ('{"action": "bridge.ping", "params": 1}', "params"),
        ("[" * 60000, "no JSON"),
    ],
)
async def test_what_is_no_call_is_said(bridge: StartBridge, body: str, said: str) -> None:
    b = await bridge()
    headers = [
        ("Content-Type", "application/json"),
        ("Authorization", f"Bearer {web.console_token(b)}"),
    ]
    answer = await web.ask(b, "/api/call", method="POST", headers=headers, body=body)
    assert answer.status == 400 and said in answer.body


async def test_an_action_that_fails_is_no_fault_of_http(bridge: StartBridge) -> None:
    b = await bridge()
    token = web.console_token(b)
    unknown = await web.call(b, "bridge.dance", token=token)
    assert (unknown.status, unknown.json["error"]) == (200, "unknown_action")


async def test_a_stranger_is_approved_by_the_page(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    b = await bridge({"dmPolicy": "pairing"})
    subscriber = await bus(b).subscribe("qq.private.*")
    peer = await sim(b)
    async with web.live(b) as live:
        await peer.private_message(30001, "let me in")
        waiting = await live.next("pairing", lambda p: p["pending"] != [])
        assert waiting["pending"][0]["user_id"] == 30001
        approved = await web.call(
            b, "bridge.pairing.approve", token=web.console_token(b), user_id=30001
        )
        assert approved.json["status"] == "ok"
        await live.next("pairing", lambda p: p["approved"] != [])
    await peer.private_message(30001, "thanks")
    assert (await subscriber.next_event("qq.private.*")).envelope["text"] == "thanks"


# -- hostile, slow, many ------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(100),
        b"GET\r\n\r\n",
        b"GET / HTTP/1.1\r\nX: " + b"y" * 10000 + b"\r\n\r\n",
        b"CONNECT a:1 HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MTIzNDU2Nzg5MDEyMzQ1Ng==\r\n\r\n",
        b"POST /api/call HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\nx",
        b"POST /api/call HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\nx",
        b"POST /api/call HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ],
)
async def test_what_is_no_request_hurts_nobody(bridge: StartBridge, data: bytes) -> None:
    b = await bridge()
    reader, writer = await web.open_connection(b)
    writer.write(data)
    with contextlib.suppress(ConnectionError):
        async with asyncio.timeout(WAIT):
            said = await reader.read()
        assert not said.startswith((b"HTTP/1.1 2", b"HTTP/1.1 101"))
    writer.close()
    assert (await web.ask(b, "/healthz")).status == 200


async def test_a_second_request_on_a_connection_is_not_answered(
    bridge: StartBridge,
) -> None:
    b = await bridge()
    reader, writer = await web.open_connection(b)
    writer.write(web.request(b, "GET", "/version") * 5)
    async with asyncio.timeout(WAIT):
        with contextlib.suppress(ConnectionError):
            assert (await reader.read()).count(b"HTTP/1.1 200") == 1
    writer.close()
    assert (await web.ask(b, "/healthz")).status == 200


@pytest.mark.long
async def test_who_is_slow_is_cut_off(bridge: StartBridge) -> None:
    b = await bridge()
    slow = [
        b"",
        b"GET /healthz HT",
        b"POST /api/call HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n12345",
    ]
    connections = []
    for data in slow:
        reader, writer = await web.open_connection(b)
        writer.write(data)
        connections.append((reader, writer))
    async with asyncio.timeout(WAIT):
        for reader, writer in connections:
            with contextlib.suppress(ConnectionError):
                assert await reader.read() == b""
            writer.close()
    await b.wait_for_line('http: cut off remote=127.0.0.1 reason="no request in time"')


async def test_a_crowd_is_turned_away_and_then_let_in(bridge: StartBridge) -> None:
    b = await bridge()
    crowd = [await web.open_connection(b) for _ in range(80)]
    await b.wait_for_line("http: turned away")
    for _, writer in crowd:
        writer.close()
    async with asyncio.timeout(WAIT):
        while True:
            with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
                assert (await web.ask(b, "/healthz")).status == 200
                return


async def test_many_ask_while_events_flow(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    b = await bridge()
    subscriber = await bus(b).subscribe("qq.group.*")
    peer = await sim(b)

    async def scrape() -> None:
        for _ in range(10):
            assert (await web.ask(b, "/readyz")).status == 200

    async def talk() -> None:
        for n in range(200):
            await peer.group_message(20002, 30001, str(n))

    async with web.live(b) as live:
        await asyncio.gather(talk(), *(scrape() for _ in range(8)))
        await live.next("status", lambda s: s["accounts"]["default"]["events"] >= 200)
    assert len(await subscriber.next_events(200)) == 200


async def test_seventeen_do_not_look_on(bridge: StartBridge) -> None:
    b = await bridge()
    async with contextlib.AsyncExitStack() as stack:
        for _ in range(16):
            live = await stack.enter_async_context(web.live(b))
            await live.next("status")
        seventeenth = await stack.enter_async_context(web.live(b))
        assert seventeenth.status == 503
    async with asyncio.timeout(WAIT):
        while True:
            async with web.live(b) as live:
                if live.status == 200:
                    return


async def test_a_stream_ends_with_the_bridge(bridge: StartBridge) -> None:
    b = await bridge()
    async with web.live(b) as live:
        await live.next("status")
        assert await b.stop() == 0
        with contextlib.suppress(ConnectionError):
            await live.ended()


# -- settings ----------------------------------------------------------------------


async def test_it_can_be_off(bridge: StartBridge) -> None:
    b = await bridge(None, {"http": ""})
    assert b.addresses("http") == []
    assert not (b.folder / "state" / "console-token").exists()


async def test_grants_that_come_by_a_reload_count_at_once(bridge: StartBridge) -> None:
    b = await bridge()
    b.rewrite({}, GRANTS)
    b.signal(signal.SIGHUP)
    await b.wait_for_line("settings: read again")
    async with web.live(b) as live:
        assert live.status == 401


async def test_no_place_for_the_token_leaves_the_page_without(bridge: StartBridge) -> None:
    (bridge.folder / "state" / "console-token").mkdir(parents=True)
    b = await bridge()
    await b.wait_for_line("http: the console has no token, and only shows")
    assert (await web.call(b, "bridge.ping", token="x")).status == 401
    assert (await web.ask(b, "/readyz")).json["ready"]
