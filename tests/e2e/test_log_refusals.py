"""Every refusal that an operator meets says why, and what to do."""

import json
import signal
import socket
from typing import Any

import pytest

from harness import web
from harness.bridge import Bridge
from harness.disk import small_disk
from harness.factories import StartBridge, StartBus, StartSim
from harness.sp import Caller
from harness.websocket import opening

PATH = "/onebot/v11/ws"
TOKEN = "a-token-of-the-tests-0001"
WRONG = [("Authorization", "Bearer another")]
RIGHT = [("Authorization", f"Bearer {TOKEN}")]
GRANT = {"name": "bot", "token": TOKEN, "actions": ["bridge.ping", "get_status"]}

#: Of a knock: path, headers, and what the line is to name.
KNOCKS: list[tuple[str, list[tuple[str, str]], list[str]]] = [
    (PATH, [], ["token missing", "set the token", "accessToken of account"]),
    (PATH, WRONG, ["token wrong", "accessToken of account", "set that in"]),
    ("/elsewhere", RIGHT, ["no OneBot endpoint", f"known: {PATH}"]),
    (PATH, [*RIGHT, ("X-Self-ID", "me")], ["X-Self-ID must be", "in decimal"]),
    (PATH, [*RIGHT, ("X-Client-Role", "x")], ["Universal, API or Event"]),
]

#: Of a frame: its text, and what the line is to name.
FRAMES = [
    ("nonsense", ["offset=0", "update it"]),
    ('{"hello":1}', ["speak OneBot 11"]),
    ('{"status":"ok","retcode":0,"data":null,"echo":"x"}', ["longer timeout"]),
]

#: Of a call: its fields, the error, and what the line is to name.
CALLS: list[tuple[dict[str, Any], str, str]] = [
    ({}, "unauthorized", "bridge.grants"),
    ({"token": TOKEN, "action": "send_msg"}, "denied", "bridge.grants[bot].actions"),
    ({"token": TOKEN, "timeout": -1}, "bad_request", "timeout"),
]


async def refusal(b: Bridge, *texts: str) -> str:
    """The line that has all of these."""
    line = await b.wait_for_line(lambda line: all(t in line["msg"] for t in texts))
    assert line["level"] in ("warn", "error")
    return str(line["msg"])


@pytest.mark.parametrize(("path", "headers", "names"), KNOCKS)
async def test_of_a_peer_that_knocks(
    bridge: StartBridge, path: str, headers: list[tuple[str, str]], names: list[str]
) -> None:
    b = await bridge({"accessToken": TOKEN})
    assert (await opening(b.port, path, headers)).status >= 400
    await refusal(b, "refused status=", "remote=127.0.0.1", *names)


async def test_of_a_peer_that_knocks_too_often(bridge: StartBridge) -> None:
    b = await bridge({"accessToken": TOKEN})
    while (await opening(b.port, PATH, WRONG)).status != 429:
        pass
    await refusal(b, "refused status=429", "again in", "the right path and token")


async def test_of_a_second_qq(bridge: StartBridge, sim: StartSim) -> None:
    b = await bridge()
    await sim(b, self_id=10001)
    await opening(b.port, PATH, [("X-Self-ID", "10002")])
    await refusal(b, "QQ 10001 is connected", "wsPath or selfId")


async def test_of_frames(bridge: StartBridge, sim: StartSim) -> None:
    b = await bridge({"selfId": 10001})
    peer = await sim(b, self_id=10001)
    for text, names in FRAMES:
        await peer.send_text(text)
        await refusal(b, "dropped account=default", "reason=", *names)
    other = {"post_type": "notice", "notice_type": "x", "time": 1, "self_id": 10009}
    await peer.send_text(json.dumps(other))
    await refusal(b, "closing account=", "another QQ number", "set selfId")


async def test_of_calls(bridge: StartBridge, bus: StartBus) -> None:
    b = await bridge({}, {"grants": [GRANT]})
    program = bus(b)
    for fields, error, name in CALLS:
        action = fields.get("action", "get_status")
        rest = {k: v for k, v in fields.items() if k != "action"}
        assert (await program.call(action, **rest))["error"] == error
        await refusal(b, f"refused error={error}", "why=", name)


async def test_of_too_many_calls(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    b = await bridge({}, {"call": {"maxInFlight": 1}})
    peer = await sim(b)
    peer.hold("get_thing")
    caller = await Caller.connect(b.actions)
    caller.send("get_thing")
    await peer.next_request("get_thing")
    assert (await bus(b).call("get_thing"))["error"] == "busy"
    await refusal(b, "refused error=busy", "why=", "bridge.call.maxInFlight")
    await caller.close()


async def test_of_settings(bridge: StartBridge) -> None:
    b = await bridge()
    b.rewrite({"wsPrt": 5})
    b.signal(signal.SIGHUP)
    await refusal(b, "refused, all stays as it was", "wsPrt: unknown key", "wsPort")


async def test_of_a_port_that_is_taken(bridge: StartBridge) -> None:
    b = await bridge()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        b.rewrite({"wsPort": port})
        b.signal(signal.SIGHUP)
        await refusal(b, f"port={port}", "the port is taken", "onebus doctor")
        await refusal(b, "refused, all stays as it was")


async def test_of_a_disk_that_takes_nothing(bridge: StartBridge) -> None:
    with small_disk(bridge.folder / "state", 8) as disk:
        disk.make_read_only()
        b = await bridge(wrapper=disk.wrapper)
        await refusal(b, "cannot write: ", "events go on", "onebus doctor")


@pytest.mark.parametrize(
    ("target", "method", "status", "name"),
    [
        ("/api/live", "GET", 401, "bridge.grants"),
        ("/api/call", "GET", 405, "only POST"),
        ("/healthz", "POST", 411, "Content-Length"),
    ],
)
async def test_of_http(
    bridge: StartBridge, target: str, method: str, status: int, name: str
) -> None:
    b = await bridge({}, {"grants": [GRANT]})
    answer = await web.ask(b, target, method=method)
    assert answer.status == status
    assert name in answer.body
