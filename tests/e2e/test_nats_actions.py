"""Actions by NATS request, on the subject of an account: the same requests, replies,
grants and ids as on the socket."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgpack
import nats.errors as nats_errors
import pytest

from harness import nats as real_nats
from harness.build import SLOWNESS, WAIT
from harness.bus import Bus
from harness.factories import StartBridge, StartBus, StartSim
from harness.mirror import state_is, state_of
from harness.nats import Place
from harness.scene import FRIEND, GROUP, Scene, StartScene

TWO = {"one": {"wsPort": 0, "wsPath": "/1"}, "two": {"wsPort": 0, "wsPath": "/2"}}


def subject(place: Place, account: str = "default") -> str:
    return f"{place.prefix}.qq.action.{account}"


async def request(
    place: Place, payload: bytes, account: str = "default", seconds: float = WAIT
) -> bytes:
    client = await place.client()
    answer = await client.request(subject(place, account), payload, timeout=seconds)
    return answer.data


async def call(
    place: Place,
    action: str,
    params: Mapping[str, Any] | None = None,
    *,
    on: str = "default",
    **fields: Any,
) -> dict[str, Any]:
    asked = {"action": action, **fields}
    if params is not None:
        asked["params"] = params
    return dict(msgpack.unpackb(await request(place, msgpack.packb(asked), on)))


async def served(program: Bus) -> None:
    """Wait until requests by NATS are taken."""
    await state_is(program, "ok")


async def put_up(scene: StartScene, place: Place, *faults: Any, **options: Any) -> Scene:
    """A scene whose bridge takes requests by NATS."""
    own = {"nats": place.settings(), **options.pop("bridge", {})}
    s = await scene(*faults, bridge=own, **options)
    await served(s.program)
    return s


# ---- requests and replies ----------------------------------------------------


async def test_a_request_reaches_the_peer_and_its_reply_comes_back(
    scene: StartScene, nats: Place
) -> None:
    s = await put_up(scene, nats)
    params = {"group_id": GROUP, "message": "hello"}
    reply = await call(nats, "send_group_msg", params, trace="t-1")
    assert (reply["status"], reply["account"], reply["trace"]) == ("ok", "default", "t-1")
    assert s.texts == ["hello"]
    asked = {"action": "send_group_msg", "params": params, "id": "i-1"}
    answer = await request(nats, json.dumps(asked).encode())
    assert (json.loads(answer)["status"], json.loads(answer)["id"]) == ("ok", "i-1")
    assert s.texts == ["hello"] * 2
    assert (await state_of(s.program))["requests"] == 2


async def test_replies_are_those_of_the_socket(scene: StartScene, nats: Place) -> None:
    s = await put_up(scene, nats)
    for action, params in [
        ("get_login_info", None),
        ("no_such_action", None),
        ("send_group_msg", {"group_id": "x"}),
        ("bridge.replay", {"after": "x"}),
        ("bridge.cursor.get", {"name": "c"}),
    ]:
        replies = [
            await s.program.call(action, params),
            await call(nats, action, params),
        ]
        for reply in replies:
            reply["ms"] = 0
        assert replies[0] == replies[1]
    for payload in [b"", b"{", b'{"action":1}', b"\xc1", b"\x93\x01\x02\x03"]:
        assert await request(nats, payload) == await s.program.request(payload)


async def test_the_same_id_on_both_ways_is_done_once(
    scene: StartScene, nats: Place
) -> None:
    s = await put_up(scene, nats)
    asked = {"group_id": GROUP, "message": "once"}
    first = await s.program.call("send_group_msg", asked, id="i-1")
    again = await call(nats, "send_group_msg", asked, id="i-1")
    assert first["data"] == again["data"]
    other = await call(nats, "send_group_msg", asked, id="i-2")
    assert other["data"] == (await s.program.call("send_group_msg", asked, id="i-2"))["data"]
    assert s.texts == ["once", "once"]


async def test_a_token_grants_the_same_on_both_ways(
    scene: StartScene, nats: Place
) -> None:
    grants = [{"name": "reader", "token": "reader-token-1", "actions": ["get_*"]}]
    s = await scene(bridge={"nats": nats.settings(), "grants": grants})
    await s.bridge.wait_for_line("nats: publishing")
    params = {"group_id": GROUP, "message": "no"}
    for token, action, error in [
        (None, "get_login_info", "unauthorized"),
        ("reader-token-1", "get_login_info", None),
        ("reader-token-1", "send_group_msg", "denied"),
        ("reader-token-1", "bridge.reload", "denied"),
    ]:
        asked = {} if token is None else {"token": token}
        reply = await call(nats, action, params if "send" in action else None, **asked)
        assert reply.get("error") == error, reply
    assert s.texts == []
    assert s.bridge.lines(f"caller={subject(nats)}")


# ---- subjects ----------------------------------------------------------------


async def test_a_subject_is_that_of_its_account(
    bridge: StartBridge, bus: StartBus, sim: StartSim, nats: Place
) -> None:
    b = await bridge({"accounts": TWO}, {"nats": nats.settings()})
    program = bus(b)
    one = await sim(b, "one", self_id=10001)
    two = await sim(b, "two", self_id=10002)
    await served(program)
    for account, peer, number in [("one", one, 10001), ("two", two, 10002)]:
        reply = await call(nats, "get_login_info", on=account)
        assert (reply["account"], reply["data"]["user_id"]) == (account, number)
        same = await call(nats, "get_login_info", on=account, self_id=number)
        assert same["status"] == "ok"
        assert len([r for r in peer.requests if r.action == "get_login_info"]) == 2
    for wrong in ({"account": "two"}, {"self_id": 10002}, {"account": "none"}):
        reply = await call(nats, "get_login_info", on="one", **wrong)
        assert reply["error"] == "bad_request"
    ping = await call(nats, "bridge.ping", on="two")
    assert ping["data"]["epoch"] == b.epoch
    with pytest.raises(nats_errors.NoRespondersError):
        await call(nats, "get_login_info", on="three")


async def test_subjects_follow_the_settings(
    bridge: StartBridge, bus: StartBus, nats: Place
) -> None:
    own = {"nats": nats.settings()}
    b = await bridge({"accounts": TWO}, own)
    program = bus(b)
    await served(program)
    assert (await call(nats, "bridge.ping", on="two"))["status"] == "ok"
    b.rewrite({"accounts": {"one": TWO["one"], "three": TWO["two"]}}, own)
    assert (await program.call("bridge.reload"))["status"] == "ok"
    await answers(nats, "three")
    await falls_silent(nats, "two")
    assert (await call(nats, "bridge.ping", on="one"))["status"] == "ok"


async def test_no_request_is_lost_when_the_settings_are_read_again(
    scene: StartScene, nats: Place
) -> None:
    await put_up(scene, nats)
    for _ in range(20):
        reloaded = call(nats, "bridge.reload")
        pings = [call(nats, "bridge.ping") for _ in range(20)]
        replies = await asyncio.gather(reloaded, *pings)
        assert {reply["status"] for reply in replies} == {"ok"}


async def answers(place: Place, account: str) -> None:
    """Wait until somebody serves the account's subject; what a server gives to a
    connection that has just ended is lost."""
    ping = msgpack.packb({"action": "bridge.ping"})
    deadline = asyncio.get_running_loop().time() + WAIT
    while True:
        try:
            reply = msgpack.unpackb(await request(place, ping, account, 1.0))
            assert reply["status"] == "ok"
            return
        except (nats_errors.NoRespondersError, nats_errors.TimeoutError):
            assert asyncio.get_running_loop().time() < deadline
            await asyncio.sleep(0.02)


async def falls_silent(place: Place, account: str) -> None:
    """Wait until nobody serves the account's subject."""
    deadline = asyncio.get_running_loop().time() + WAIT
    while True:
        try:
            await call(place, "bridge.ping", on=account)
        except nats_errors.NoRespondersError:
            return
        assert asyncio.get_running_loop().time() < deadline
        await asyncio.sleep(0.02)


async def test_a_publish_without_a_reply_subject_is_dropped(
    scene: StartScene, nats: Place
) -> None:
    s = await put_up(scene, nats)
    client = await nats.client()
    params = {"group_id": GROUP, "message": "to nobody"}
    payload = msgpack.packb({"action": "send_group_msg", "params": params})
    for _ in range(3):
        await client.publish(subject(nats), payload)
    assert (await call(nats, "bridge.ping"))["status"] == "ok"
    assert s.texts == []
    assert (await state_of(s.program))["requests"] == 4
    line = await s.bridge.wait_for_line("wants no reply")
    assert (line["level"], line["subject"]) == ("warn", subject(nats))
    assert len(s.bridge.lines("wants no reply")) == 1


# ---- bounds ------------------------------------------------------------------


async def test_as_many_at_a_time_as_on_the_socket(scene: StartScene, nats: Place) -> None:
    limits = {"call": {"maxInFlight": 16}}
    s = await put_up(scene, nats, bridge=limits)
    s.peer.hold("get_group_list")
    calls = [
        asyncio.create_task(call(nats, "get_group_list", id=f"i-{number}"))
        for number in range(100)
    ]
    json_call = {"action": "get_group_list", "trace": "t"}
    done, _ = await asyncio.wait(calls, timeout=WAIT, return_when=asyncio.FIRST_COMPLETED)
    while len(done) < 84:
        done = {task for task in calls if task.done()}
        await asyncio.sleep(0.02)
    assert {task.result()["error"] for task in done} == {"busy"}
    refused = json.loads(await request(nats, json.dumps(json_call).encode()))
    assert (refused["error"], refused["trace"]) == ("busy", "t")
    assert (await s.program.call("bridge.ping"))["status"] == "ok"
    s.peer.release()
    replies = await asyncio.gather(*calls)
    assert sum(reply["status"] == "ok" for reply in replies) == 16
    assert [reply["id"] for reply in replies] == [f"i-{number}" for number in range(100)]


async def test_a_reply_that_the_server_does_not_pass_on_says_so(
    bridge: StartBridge, bus: StartBus, sim: StartSim, tmp_path: Path
) -> None:
    with real_nats.server(tmp_path, settings={"max_payload": 8192}) as server:
        async with real_nats.place([server]) as place:
            b = await bridge(bridge={"nats": place.settings()})
            peer = await sim(b)
            await served(bus(b))
            peer.on("get_group_list", lambda _: ["x" * 20000])
            reply = await call(place, "get_group_list", id="i-1", trace="t-1")
            assert (reply["error"], reply["id"]) == ("too_large", "i-1")
            assert (reply["account"], reply["trace"]) == ("default", "t-1")
            assert "max_payload" in reply["message"] and "8192" in reply["message"]
            payload = json.dumps({"action": "get_group_list"}).encode()
            assert json.loads(await request(place, payload))["error"] == "too_large"
            assert (await call(place, "get_login_info"))["status"] == "ok"


# ---- NATS away, or unwilling -------------------------------------------------


async def test_a_server_that_hangs_holds_up_nobody_on_the_socket(
    scene: StartScene, own_nats: Place
) -> None:
    s = await put_up(scene, own_nats)
    big = ["x" * 100_000]
    s.peer.on("get_group_list", lambda _: big)
    s.peer.hold("get_group_list")
    for _ in range(100):  # more than a connection takes that nobody reads
        task = asyncio.create_task(call(own_nats, "get_group_list"))
        task.add_done_callback(lambda done: done.cancelled() or done.exception())
    async with asyncio.timeout(WAIT):
        while len(s.peer.held) < 100:
            await asyncio.sleep(0.02)
    own_nats.server.hang()
    try:
        s.peer.release()
        times: list[float] = []
        for _ in range(50):
            begin = time.monotonic()
            assert (await s.program.call("get_login_info"))["status"] == "ok"
            times.append(time.monotonic() - begin)
        # A write to it is given up after 1.5 s.
        assert max(times) < 1.2 * SLOWNESS
        await state_is(s.program, "connecting")
        await s.bridge.wait_for_line("lost a reply")
    finally:
        own_nats.server.go_on()
    await answers(own_nats, "default")


async def test_a_subject_that_is_not_permitted_is_told_of(
    bridge: StartBridge, bus: StartBus, tmp_path: Path
) -> None:
    users = [
        {
            "user": "bridge",
            "password": "bridge-password",
            "permissions": {"subscribe": {"deny": "*.qq.action.*"}},
        }
    ]
    settings = {"authorization": {"users": users}}
    userinfo = "bridge:bridge-password"
    with real_nats.server(tmp_path, settings=settings, userinfo=userinfo) as server:
        async with real_nats.place([server]) as place:
            b = await bridge(bridge={"nats": place.settings()})
            await served(bus(b))
            line = await b.wait_for_line("the server complains")
            assert line["level"] == "warn" and subject(place) in line["why"]


async def test_a_bucket_that_is_not_permitted_is_told_of(
    bridge: StartBridge, bus: StartBus, tmp_path: Path
) -> None:
    users = [
        {
            "user": "bridge",
            "password": "bridge-password",
            "permissions": {"publish": {"deny": "$KV.>"}},
        }
    ]
    settings = {"authorization": {"users": users}}
    userinfo = "bridge:bridge-password"
    with real_nats.server(tmp_path, settings=settings, userinfo=userinfo) as server:
        async with real_nats.place([server]) as place:
            b = await bridge(bridge={"nats": place.settings()})
            await state_is(bus(b), "failing", "Permissions Violation")


# ---- the end -----------------------------------------------------------------


async def test_a_stop_answers_what_is_under_way(scene: StartScene, nats: Place) -> None:
    s = await put_up(scene, nats)
    s.peer.hold("get_group_list")
    under_way = asyncio.create_task(call(nats, "get_group_list"))
    await s.peer.next_request("get_group_list")
    stopping = asyncio.create_task(s.bridge.stop())
    await s.bridge.wait_for_line("bridge: stopping")
    late = await call(nats, "get_login_info")
    assert late["error"] == "shutting_down"
    s.peer.release()
    assert (await under_way)["status"] == "ok"
    assert await stopping == 0
    with pytest.raises(nats_errors.NoRespondersError):
        await call(nats, "get_login_info")


async def test_a_server_that_comes_back_finds_the_subjects_again(
    scene: StartScene, own_nats: Place
) -> None:
    s = await put_up(scene, own_nats)
    s.peer.hold("get_group_list")
    lost = asyncio.create_task(call(own_nats, "get_group_list"))
    await s.peer.next_request("get_group_list")
    own_nats.server.kill()
    await state_is(s.program, "connecting")
    s.peer.release()
    assert (await s.program.call("get_login_info"))["status"] == "ok"
    await own_nats.server.restart()
    await served(s.program)
    await answers(own_nats, "default")
    lost.cancel()
