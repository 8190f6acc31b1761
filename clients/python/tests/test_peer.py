"""Requests and events over a real connection."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from conftest import Bridge

from onebus.sim import NO_ANSWER, ActionFailed, Request, Simulator


@pytest.mark.parametrize(
    ("frame", "answer"),
    [
        ('{"action":"can_send_image","params":{},"echo":{"a":[1,null]}}',
         '{"status":"ok","retcode":0,"data":{"yes":true},"message":"","wording":"",'
         '"echo":{"a":[1,null]},"stream":"normal-action"}'),
        ('{"action":"get_login_info"}',
         '{"status":"ok","retcode":0,"data":{"user_id":10001,"nickname":"小桥"},"message":"",'
         '"wording":"","echo":"","stream":"normal-action"}'),
        ('{"action":"no_such","params":{},"echo":"9"}',
         '{"status":"failed","retcode":1404,"data":null,"message":"不支持的Api no_such",'
         '"wording":"不支持的Api no_such","echo":"9","stream":"normal-action"}'),
        ('{"action":"no_such"}',
         '{"status":"failed","retcode":1404,"data":null,"message":"不支持的Api no_such",'
         '"wording":"不支持的Api no_such","echo":null,"stream":"normal-action"}'),
        ('{"action":"delete_msg","params":{},"echo":"10"}',
         '{"status":"failed","retcode":1400,"data":null,'
         '"message":"Schema compilation error: Expected required property",'
         '"wording":"Schema compilation error: Expected required property",'
         '"echo":"10","stream":"normal-action"}'),
        ('{"action":"delete_msg","params":{"message_id":5},"echo":"11"}',
         '{"status":"failed","retcode":1200,"data":null,"message":"Recall failed",'
         '"wording":"Recall failed","echo":"11","stream":"normal-action"}'),
        ('{"action":"mark_msg_as_read","echo":9007199254740993}',
         '{"status":"ok","retcode":0,"data":null,"message":"","wording":"",'
         '"echo":9007199254740992,"stream":"normal-action"}'),
        ('{"action":"clean_cache","params":0,"echo":0}',
         '{"status":"ok","retcode":0,"message":"","wording":"","echo":0,'
         '"stream":"normal-action"}'),
        ('{"action":', 'BAD'), ("null", "BAD"),
        ("[]",
         '{"status":"failed","retcode":1404,"data":null,"message":"不支持的Api undefined",'
         '"wording":"不支持的Api undefined","echo":null,"stream":"normal-action"}'),
        ("{action: 'can_send_record', /* JSON5 */ echo: 'x',}",
         '{"status":"ok","retcode":0,"data":{"yes":true},"message":"","wording":"",'
         '"echo":"x","stream":"normal-action"}'),
    ],
)  # fmt: skip
async def test_answers_as_text(
    bridge: Bridge, sim: Simulator, frame: str, answer: str
) -> None:
    bad = (
        '{"status":"failed","retcode":1400,"data":null,"message":"json解析失败,请检查数据格式",'
        '"wording":"json解析失败,请检查数据格式","echo":null,"stream":"normal-action"}'
    )
    await bridge.connections[0].send(frame)
    _, text = await asyncio.wait_for(bridge.frames.get(), 10)
    assert text.decode() == (bad if answer == "BAD" else answer)


@pytest.mark.parametrize(
    "frame",
    [
        '"text"',
        "5",
        "true",
        '{"action":"send_group_msg","params":{"group_id":1},"echo":"never"}',
        '{"action":"nc_get_rkey","echo":"never"}',
    ],
)
async def test_what_is_never_answered(
    bridge: Bridge, sim: Simulator, frame: str
) -> None:
    await bridge.connections[0].send(frame)
    await bridge.ask("get_status", echo="after")
    assert (await bridge.frame())["echo"] == "after"


async def test_a_stream_answers_several_times(bridge: Bridge, sim: Simulator) -> None:
    await bridge.ask("test_download_stream", echo="s")
    rows = [await bridge.answer("s") for _ in range(11)]
    assert {row["stream"] for row in rows} == {"stream-action"}
    assert [row["data"]["type"] for row in rows] == ["stream"] * 10 + ["response"]
    failed = await bridge.call("test_download_stream", echo="t", error=True)
    while failed["status"] == "ok":
        failed = await bridge.answer("t")
    assert failed["data"] == {"type": "error", "data_type": "error"}


async def test_what_an_action_does_is_told_as_an_event(
    bridge: Bridge, sim: Simulator
) -> None:
    await sim.group_message(20002, 3, "hi")
    await bridge.ask("set_group_ban", group_id=20002, user_id=3, duration=60)
    said, notice, answer = [await bridge.frame() for _ in range(3)]
    assert said["raw_message"] == "hi"
    assert (notice["notice_type"], notice["duration"]) == ("group_ban", 60)
    assert (answer["retcode"], answer["data"]) == (0, None)


async def test_own_messages_are_reported_when_asked_for(bridge: Bridge) -> None:
    async with Simulator(
        bridge.url, report_self_message=True, message_format="string"
    ) as sim:
        await sim.connected()
        sim.world.add_group(20002, "g")
        await bridge.ask("send_group_msg", group_id=20002, message="hi[CQ:at,qq=5]")
        sent = await bridge.until(lambda f: f.get("post_type") == "message_sent")
        assert sent["message"] == "hi[CQ:at,qq=5]"
        answer = await bridge.answer("e")
        assert answer["data"]["message_id"] == sent["message_id"]


async def test_an_answer_leaves_on_the_current_connection(
    bridge: Bridge, sim: Simulator
) -> None:
    sim.hold("get_status")
    await bridge.ask("get_status", echo="before the break")
    request = await sim.next_request("get_status")
    await sim.drop()
    await bridge.opened(2)
    await sim.connected()
    sim.release(request)
    connection, frame = await bridge.frame_from()
    assert frame["post_type"] == "meta_event"
    connection, frame = await bridge.frame_from()
    assert (connection, frame["echo"]) == (bridge.connections[1], "before the break")


async def test_an_answer_in_the_gap_is_lost(bridge: Bridge, sim: Simulator) -> None:
    sim.auto_reconnect = False
    sim.hold("get_status")
    await bridge.ask("get_status", echo="lost")
    request = await sim.next_request("get_status")
    await sim.drop()
    assert sim.answer(request, {}) is False
    sim.release()
    await sim.reconnect()
    await bridge.ask("get_version_info", echo="kept")
    await bridge.until(lambda f: f.get("echo") == "kept")
    assert not request.answered


async def test_answers_may_come_in_any_order(bridge: Bridge, sim: Simulator) -> None:
    sim.hold()
    for echo in ("a", "b", "c"):
        await bridge.ask("get_status", echo=echo)
    requests = [await sim.next_request() for _ in range(3)]
    assert sim.held == requests
    for request in reversed(requests):
        sim.release(request)
        await sim.answered(request)
    assert [(await bridge.frame())["echo"] for _ in range(3)] == ["c", "b", "a"]
    sim.release()
    assert (await bridge.call("get_status", echo="d"))["retcode"] == 0


async def test_a_hold_keeps_only_its_own_action(bridge: Bridge, sim: Simulator) -> None:
    sim.hold("get_status")
    await bridge.ask("get_status", echo="held")
    await bridge.ask("get_login_info", echo="free")
    assert (await bridge.frame())["echo"] == "free"
    sim.release("get_status")
    assert (await bridge.frame())["echo"] == "held"


async def test_random_delays_mix_answers_up(bridge: Bridge, sim: Simulator) -> None:
    sim.delay(0, 30)
    for echo in range(20):
        await bridge.ask("get_status", echo=echo)
    echoes = [(await bridge.frame())["echo"] for _ in range(20)]
    assert sorted(echoes) == list(range(20)) != echoes


async def test_answers_can_be_overridden(bridge: Bridge, sim: Simulator) -> None:
    async def slow(_request: Request) -> dict[str, Any]:
        await asyncio.sleep(0)
        return {"odd": 2**53 + 1}

    def refuse(_request: Request) -> Any:
        raise ActionFailed("不行", 1200)

    def broken(_request: Request) -> Any:
        raise KeyError("mistake")

    sim.on("invented", slow)
    sim.on("get_status", refuse)
    sim.on("get_login_info", lambda _request: NO_ANSWER)
    sim.on("can_send_image", broken)
    sim.on("can_send_record", lambda request: sim.perform(request) | {"and": "more"})
    assert (await bridge.call("invented"))["data"] == {"odd": 2**53 + 1}
    failed = await bridge.call("get_status")
    assert (failed["retcode"], failed["wording"], failed["data"]) == (
        1200,
        "不行",
        None,
    )
    await bridge.ask("get_login_info", echo="silence")
    assert (await bridge.call("can_send_image"))["retcode"] == 1200
    assert (await bridge.call("can_send_record"))["data"] == {
        "yes": True,
        "and": "more",
    }
    sim.off("get_status")
    assert (await bridge.call("get_status"))["data"]["online"] is True


async def test_an_answer_can_be_given_twice(bridge: Bridge, sim: Simulator) -> None:
    await bridge.call("get_status", echo="x")
    request = await sim.next_request()
    assert sim.answer(request, {"again": True}, retcode=5, wording="w")
    again = await bridge.answer("x")
    assert (again["status"], again["retcode"], again["data"]) == (
        "failed",
        5,
        {"again": True},
    )


async def test_requests_are_kept_and_waited_for(bridge: Bridge, sim: Simulator) -> None:
    await bridge.ask("get_status", echo=1, extra="here")
    await bridge.ask("get_login_info", echo=2)
    login = await sim.next_request("get_login_info")
    status = await sim.next_request()
    assert [request.echo for request in (login, status)] == [2, 1]
    assert sim.requests == [status, login]
    assert (status.params, status.arrived <= login.arrived) == ({"extra": "here"}, True)
    assert json.loads(status.text)["echo"] == 1
    await sim.answered(login)
    with pytest.raises(TimeoutError, match="no request get_status"):
        await sim.next_request("get_status", timeout=0.01)


async def test_bot_exit_breaks_the_connection(bridge: Bridge, sim: Simulator) -> None:
    await bridge.ask("bot_exit")
    await bridge.opened(2)
    assert (await bridge.frame())["post_type"] == "meta_event"


async def test_events_of_every_kind(bridge: Bridge, sim: Simulator) -> None:
    said = await sim.private_message(5, "[CQ:face,id=1]hi")
    frame = await bridge.frame()
    assert (frame["message_id"], frame["message"][0]["type"]) == (
        said.message_id,
        "face",
    )
    await sim.notice("group_ban", group_id=1, odd=None)
    assert list(await bridge.frame())[3:] == ["notice_type", "group_id", "odd"]
    flag = await sim.friend_request(6, "hello")
    assert (await bridge.frame())["flag"] == flag
    flag = await sim.group_request(1, 6, sub_type="invite")
    assert (await bridge.frame())["sub_type"] == "invite"
    assert (await bridge.call("set_group_add_request", flag=flag))["retcode"] == 0
    sim.world.poke(5, sim.self_id)
    await sim.flush()
    assert (await bridge.frame())["sub_type"] == "poke"
    await sim.emit({"post_type": "message", "id": 2**63})
    assert (await bridge.frame())["id"] == 2**63


async def test_two_simulators_with_one_account(bridge: Bridge, sim: Simulator) -> None:
    async with Simulator(bridge.url, self_id=sim.self_id) as twin:
        await twin.connected()
        await bridge.opened(2)
        assert (await bridge.frame())["self_id"] == sim.self_id
        await twin.group_message(1, 2, "from the twin")
        connection, _ = await bridge.frame_from()
        assert connection is bridge.connections[1]
