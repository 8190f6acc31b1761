"""A request with an `id` is done once, however often it comes: at once, while it
is under way, and after the bridge has ended in good order or not."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Awaitable, Callable
from typing import Any

import msgpack
import pynng
import pytest

from harness.build import WAIT
from harness.factories import StartBridge, StartBus, StartSim
from harness.net import free_port
from harness.news import news_of, told
from harness.relay import relay
from harness.scene import FRIEND, GROUP, Scene, StartScene

SENDS = "send_*"
SHORT_MS = 500
PARAMS = {"group_id": GROUP, "message": "hello"}
FIELDS = {"params": PARAMS, "id": "i-1"}
REQUEST = {"action": "send_group_msg", **FIELDS}

Renewed = Callable[[Scene, Callable[[Scene], Awaitable[Any]]], Awaitable[Scene]]


@pytest.fixture
def channel() -> dict[str, Any]:
    """The peer finds the next bridge where the one before was."""
    return {"wsPort": free_port()}


@pytest.fixture
def renewed(bridge: StartBridge, bus: StartBus) -> Renewed:
    """Ends the bridge of a scene and puts another in its place."""

    async def renew(s: Scene, end: Callable[[Scene], Awaitable[Any]]) -> Scene:
        await end(s)
        await s.peer.disconnected()
        second = bridge.prepare(settings=s.bridge.settings)
        await second.start()
        await s.peer.connected(WAIT)
        return dataclasses.replace(s, bridge=second, program=bus(second))

    return renew


async def stop(s: Scene) -> None:
    assert await s.bridge.stop() == 0


async def kill(s: Scene) -> None:
    await s.bridge.kill()


def sends(s: Scene) -> int:
    """How often the peer was asked to say something."""
    return sum("message" in request.params for request in s.peer.requests)


async def say(s: Scene, **fields: Any) -> dict[str, Any]:
    """The same request each time, unless `fields` differ; gives its reply
    without the time it took."""
    reply = await s.say("hello", id="i-1", **fields)
    del reply["ms"]
    return reply


# -- while the bridge runs -----------------------------------------------------


async def test_the_same_id_again_gets_the_same_reply(scene: StartScene) -> None:
    s = await scene()
    first = await say(s)
    assert first["status"] == "ok"
    assert [await say(s) for _ in range(3)] == [first] * 3
    assert (sends(s), s.texts) == (1, ["hello"])


async def test_the_same_id_joins_the_call_that_is_under_way(scene: StartScene) -> None:
    s = await scene()
    s.peer.hold(SENDS)
    calls = [s.calling("send_group_msg", params=PARAMS, id="i-1") for _ in range(10)]
    waiting = 0
    while waiting < len(calls):
        waiting = (await s.call("bridge.status"))["data"]["calls"]["waiting"]
    s.peer.release()
    replies = await asyncio.gather(*calls)
    assert {reply["data"]["message_id"] for reply in replies} == {
        s.sent[0].message.message_id
    }
    assert sends(s) == 1


async def test_who_joins_is_answered_as_they_asked(scene: StartScene) -> None:
    s = await scene()
    s.peer.hold(SENDS)
    one = s.calling("send_group_msg", params=PARAMS, id="i-1", trace="one")
    await s.peer.next_request("send_group_msg")
    task = s.program.call_json("send_group_msg", params=PARAMS, id="i-1", trace="two")
    other = asyncio.create_task(task)
    s.peer.release()
    assert [(await one)["trace"], (await other)["trace"]] == ["one", "two"]
    assert sends(s) == 1


async def test_what_was_never_sent_may_be_asked_again(scene: StartScene) -> None:
    s = await scene(channel={"reconnect": {"retryDelay": 50}}, auto_reconnect=False)
    await s.peer.drop()
    await s.bridge.wait_for_line("link: down")
    assert (await say(s))["error"] == "not_connected"
    await s.peer.reconnect()
    assert (await say(s))["status"] == "ok"
    assert sends(s) == 1


@pytest.mark.parametrize(
    ("action", "fields"),
    [
        ("send_msg", {}),
        ("send_group_msg", {"message": "another"}),
        ("send_group_msg", {"group_id": GROUP + 1}),
    ],
)
async def test_another_request_under_the_same_id_is_refused(
    scene: StartScene,
    renewed: Renewed,
    channel: dict[str, Any],
    action: str,
    fields: dict[str, Any],
) -> None:
    s = await scene(channel=channel)
    assert (await say(s))["status"] == "ok"
    for _ in range(2):
        reply = await s.call(action, params=PARAMS | fields, id="i-1")
        assert (reply["error"], reply["retcode"]) == ("bad_request", 10001)
        assert reply["message"].startswith("id: ")
        assert reply["data"] == {"id_reused": True}
        s = await renewed(s, stop)
    assert sends(s) == 1


async def test_the_order_of_keys_is_not_what_was_asked_for(scene: StartScene) -> None:
    s = await scene()
    first = await s.call("send_group_msg", **FIELDS)
    swapped = {key: PARAMS[key] for key in ("message", "group_id")}
    again = await s.call("send_group_msg", params=swapped, id="i-1")
    assert again["data"] == first["data"]
    assert sends(s) == 1


async def test_a_settled_call_gives_how_it_came_out(
    scene: StartScene, renewed: Renewed, channel: dict[str, Any]
) -> None:
    s = await scene(channel=channel)
    news = await news_of(s)
    s.peer.hold(SENDS)
    assert (await say(s, timeout=SHORT_MS))["status"] == "unknown"
    assert (await say(s))["status"] == "unknown"
    s.peer.release()
    event = await told(news, "action.settled")
    for _ in range(2):
        reply = await say(s)
        assert reply["status"] == "ok"
        assert reply["data"] == {"message_id": event["message_id"]}
        s = await renewed(s, stop)
    assert sends(s) == 1


# -- clients that repeat -----------------------------------------------------


async def test_a_client_that_repeats_by_itself_sends_once(scene: StartScene) -> None:
    s = await scene()
    s.peer.hold(SENDS)
    async with relay(s.bridge) as wire:
        with pynng.Req0(dial=wire.url, block_on_dial=False, resend_time=50) as caller:
            await caller.asend(msgpack.packb(REQUEST))
            await wire.passed(3)
            s.peer.release()
            reply = msgpack.unpackb(await asyncio.wait_for(caller.arecv(), WAIT))
    assert reply["data"] == {"message_id": s.sent[0].message.message_id}
    assert (sends(s), s.texts) == (1, ["hello"])


async def test_a_client_that_reconnects_midway_sends_once(scene: StartScene) -> None:
    s = await scene()
    s.peer.hold(SENDS)
    async with relay(s.bridge) as wire:
        with pynng.Req0(dial=wire.url, block_on_dial=False) as caller:
            await caller.asend(msgpack.packb(REQUEST))
            for count in (1, 2, 3):
                await wire.passed(count)
                wire.cut()
            await wire.passed(4)
            s.peer.release()
            reply = msgpack.unpackb(await asyncio.wait_for(caller.arecv(), WAIT))
    assert reply["data"] == {"message_id": s.sent[0].message.message_id}
    assert (sends(s), s.texts) == (1, ["hello"])


async def test_a_client_that_lost_its_reply_gets_it_again(scene: StartScene) -> None:
    s = await scene()
    s.peer.hold(SENDS)
    async with relay(s.bridge) as wire:
        with pynng.Req0(dial=wire.url, block_on_dial=False) as caller:
            await caller.asend(msgpack.packb(REQUEST))
            await wire.passed(1)
            request = await s.peer.next_request("send_group_msg")
            wire.cut()
            s.peer.release()
            await s.peer.answered(request)
            reply = msgpack.unpackb(await asyncio.wait_for(caller.arecv(), WAIT))
    assert reply["status"] == "ok"
    assert (sends(s), s.texts) == (1, ["hello"])


# -- over the end of the bridge ----------------------------------------------


@pytest.mark.parametrize("end", [stop, kill])
async def test_a_reply_that_was_given_is_given_again(
    scene: StartScene,
    renewed: Renewed,
    channel: dict[str, Any],
    end: Callable[[Scene], Awaitable[None]],
) -> None:
    s = await scene(channel=channel)
    first = await say(s)
    assert first["status"] == "ok"
    s = await renewed(s, end)
    assert await say(s) == first
    assert (sends(s), s.texts) == (1, ["hello"])


async def test_a_refusal_of_the_peer_is_given_again(
    scene: StartScene, renewed: Renewed, channel: dict[str, Any]
) -> None:
    s = await scene(channel=channel)
    s.world.mute(GROUP)
    first = await say(s)
    assert first["error"] == "peer_error"
    s = await renewed(s, kill)
    assert await say(s) == first
    assert sends(s) == 1


async def test_killed_between_the_frame_and_its_answer_nothing_is_sent_again(
    scene: StartScene, renewed: Renewed, channel: dict[str, Any]
) -> None:
    s = await scene(channel=channel)
    s.peer.hold(SENDS)
    call = s.calling("send_group_msg", params=PARAMS, id="i-1")
    await s.peer.next_request("send_group_msg")
    s = await renewed(s, kill)
    call.cancel()
    for _ in range(2):
        reply = await say(s)
        assert (reply["status"], reply["retcode"]) == ("unknown", 33005)
        assert "nothing was sent again" in reply["message"]
    s = await renewed(s, stop)
    assert (await say(s))["status"] == "unknown"
    assert (sends(s), s.texts) == (1, ["hello"])


async def test_an_id_is_its_accounts_alone(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    accounts = {
        name: {"wsPath": f"/{name}", "dmPolicy": "open", "groupPolicy": "open"}
        for name in ("a", "b")
    }
    b = await bridge({"accounts": accounts})
    program = bus(b)
    for name in accounts:
        peer = await sim(b, name)
        peer.world.add_friend(FRIEND, "小林")
        reply = await program.call(
            "send_private_msg",
            {"user_id": FRIEND, "message": "hello"},
            account=name,
            id="i-1",
        )
        assert reply["status"] == "ok"
        assert len(peer.world.sent) == 1


# -- without a disk ------------------------------------------------------------


async def test_without_a_place_to_write_ids_are_known_until_the_end(
    scene: StartScene, bridge: StartBridge
) -> None:
    blocked = bridge.folder / "blocked"
    blocked.write_text("a file, no folder")
    s = await scene(bridge={"stateDir": str(blocked)})
    first = await say(s)
    assert first["status"] == "ok"
    (warning,) = first["warnings"]
    assert "known until the bridge ends only" in warning
    assert (await say(s))["data"] == first["data"]
    assert sends(s) == 1
