"""Forward WebSocket: the bridge dials, by `connect`."""

import asyncio
import json
import ssl
import time
from typing import Any

import pytest
from onebus.sim import Simulator

from harness.build import WAIT
from harness.certificates import Certificates
from harness.factories import StartBridge, StartBus
from harness.frames import group_message

QUICK = {"retryDelay": 100, "maxDelay": 300, "maxRetries": 2}


def dialing(url: str, **more: Any) -> dict[str, Any]:
    """An account that dials; without what the default one listens with."""
    return {
        "channels": {
            "napcatqq": {
                "connect": url,
                "reconnect": QUICK,
                "dmPolicy": "open",
                "groupPolicy": "open",
            }
            | more
        }
    }


class Forward:
    """A bridge that dials a simulated peer, and a program on its bus."""

    def __init__(self, bridge: StartBridge, bus: StartBus) -> None:
        self._bridge, self._bus = bridge, bus

    async def start(self, url: str, **more: Any) -> None:
        folder = self._bridge.folder
        settings = dialing(url, **more) | {
            "bridge": {
                "events": [f"ipc://{folder}/events"],
                "actions": [f"ipc://{folder}/actions"],
                "stateDir": f"{folder}/state",
                "http": "127.0.0.1:0",
            }
        }
        self.bridge = await self._bridge(settings=settings)
        self.bus = self._bus(self.bridge)

    async def is_up(self, wanted: bool = True) -> None:
        """Wait until the bridge says so, a moment after the peer has let it in."""
        deadline = time.monotonic() + WAIT
        while ((state := await self.state())["state"] == "up") is not wanted:
            assert time.monotonic() < deadline, state
            await asyncio.sleep(0.01)

    async def state(self) -> dict[str, Any]:
        reply = await self.bus.call("bridge.status")
        return dict(reply["data"]["accounts"]["default"])


@pytest.fixture
def forward(bridge: StartBridge, bus: StartBus) -> Forward:
    return Forward(bridge, bus)


@pytest.mark.parametrize("dialect", ["napcat", "llbot", "gocqhttp", "lagrange"])
async def test_events_and_calls_cross_a_dialed_link(
    forward: Forward, dialect: str
) -> None:
    async with Simulator() as peer:
        listener = await peer.listen(token="s3cret", dialect=dialect, heart_interval=0)
        await forward.start(listener.url, accessToken="s3cret")
        await forward.is_up()
        reply = await forward.bus.call("get_login_info")
        assert reply["data"]["user_id"] == peer.self_id
        subscriber = await forward.bus.listen("qq.group.*")
        await peer.emit(group_message("over a dialed link"))
        event = await subscriber.next_event()
        assert event.envelope["text"] == "over a dialed link"
        assert event.envelope["self_id"] == peer.self_id
        state = await forward.state()
        assert (state["state"], state["self_id"]) == ("up", peer.self_id)


async def test_the_path_the_query_and_the_token_are_sent(forward: Forward) -> None:
    async with Simulator() as peer:
        listener = await peer.listen(heart_interval=0)
        await forward.start(listener.url + "event?x=1&y=%20", accessToken="t")
        served = await listener.connected()
        assert served.path == "/event?x=1&y=%20"
        headers = {name.lower(): value for name, value in served.headers.items()}
        assert headers["authorization"] == "Bearer t"
        assert headers["user-agent"].startswith("onebus/")
        assert "sec-websocket-protocol" not in headers
        assert "sec-websocket-extensions" not in headers


async def test_a_peer_may_come_later_go_and_come_back(forward: Forward) -> None:
    async with Simulator() as peer:
        listener = await peer.listen(heart_interval=0)
        port = listener.port
        await listener.stop()
        await forward.start(listener.url)
        await forward.bridge.wait_for_line("cannot reach the peer")
        for _ in range(2):
            await listener.start("127.0.0.1", port)
            await forward.is_up()
            assert (await forward.bus.call("get_status"))["status"] == "ok"
            await listener.stop()
            await forward.is_up(False)


async def test_a_peer_that_stays_away_makes_it_degraded_and_is_dialed_on(
    forward: Forward,
) -> None:
    async with Simulator() as peer:
        listener = await peer.listen(heart_interval=0)
        port = listener.port
        await listener.stop()
        await forward.start(listener.url)
        line = await forward.bridge.wait_for_line("link: degraded")
        assert "refused" in line["msg"]
        assert (await forward.state())["state"] == "degraded"
        await listener.start("127.0.0.1", port)
        await forward.is_up()
        assert (await forward.bus.call("get_status"))["status"] == "ok"
        assert (await forward.state())["state"] == "up"


@pytest.mark.parametrize(
    ("dialect", "said"),
    [
        ("napcat", "1403"),
        ("llbot", "1403"),
        ("gocqhttp", "HTTP 403"),
        ("lagrange", "HTTP 403"),
    ],
)
async def test_a_wrong_token_is_said_and_the_right_one_works_at_last(
    forward: Forward, dialect: str, said: str
) -> None:
    async with Simulator() as peer:
        listener = await peer.listen(token="right", dialect=dialect, heart_interval=0)
        await forward.start(listener.url, accessToken="wrong")
        line = await forward.bridge.wait_for_line(said)
        assert "token" in line["msg"]
        assert "wrong" not in json.dumps(forward.bridge.log)
        await forward.bridge.wait_for_line("link: degraded")
        attempts = listener.attempts
        await listener.attempted(attempts + 2)
        listener.token = "wrong"
        await listener.connected()
        await forward.is_up()
        assert (await forward.bus.call("get_status"))["status"] == "ok"


async def test_without_reconnect_it_is_tried_once(forward: Forward) -> None:
    async with Simulator() as peer:
        listener = await peer.listen(heart_interval=0)
        await forward.start(listener.url, reconnect=QUICK | {"enabled": False})
        await listener.connected()
        attempts = listener.attempts
        for served in listener.served:
            served.abort()
        await forward.bridge.wait_for_line("link: down")
        reply = await forward.bus.call("get_status", timeout=500)
        assert reply["error"] == "not_connected"
        assert listener.attempts == attempts


async def test_a_qq_that_is_not_the_pinned_one_is_turned_away(forward: Forward) -> None:
    async with Simulator(self_id=10001) as peer:
        listener = await peer.listen(heart_interval=0)
        await forward.start(listener.url, selfId=10002)
        line = await forward.bridge.wait_for_line("another QQ number")
        assert "self_id=10001" in line["msg"]


async def test_names_are_looked_up(forward: Forward) -> None:
    async with Simulator() as peer:
        listener = await peer.listen(heart_interval=0)
        await forward.start(f"ws://localhost:{listener.port}/")
        await forward.is_up()
        assert (await forward.bus.call("get_status"))["status"] == "ok"


async def test_a_name_that_is_none_is_said(forward: Forward) -> None:
    await forward.start("ws://nobody.invalid:3001/")
    line = await forward.bridge.wait_for_line("cannot reach the peer")
    assert "nobody.invalid" in line["msg"]


async def test_wss_with_a_ca_of_our_own(
    forward: Forward, certificates: Certificates
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates.server)
    async with Simulator() as peer:
        listener = await peer.listen(ssl_context=context, heart_interval=0)
        await forward.start(listener.url, tls={"ca": str(certificates.ca)})
        await forward.is_up()
        assert (await forward.bus.call("get_status"))["status"] == "ok"


async def test_wss_by_an_unknown_ca_is_refused_unless_told(
    forward: Forward, bridge: StartBridge, certificates: Certificates
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates.server)
    async with Simulator() as peer:
        listener = await peer.listen(ssl_context=context, heart_interval=0)
        await forward.start(listener.url)
        line = await forward.bridge.wait_for_line("cannot reach the peer")
        assert "certificate" in line["msg"]
        assert not listener.served
        await forward.bridge.stop_cleanly()
        await forward.start(listener.url, tls={"insecure": True})
        await listener.connected()
