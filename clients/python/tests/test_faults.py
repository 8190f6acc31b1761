"""What answers meet on their way."""

from __future__ import annotations

import asyncio
import base64
import time
from typing import Any

import pytest
from conftest import Bridge

from onebus.sim import (
    BreakAfter,
    BreakBefore,
    CutShort,
    Damaged,
    Failed,
    Late,
    Lost,
    OnNextLink,
    Reversed,
    Simulator,
    Twice,
    faults,
)

GROUP = 20002


async def send(bridge: Bridge, echo: Any, text: str = "x") -> None:
    await bridge.ask("send_group_msg", echo=echo, group_id=GROUP, message=text)


async def marker(bridge: Bridge) -> list[Any]:
    """What came before the answer to a request that nothing befalls."""
    await bridge.ask("can_send_image", echo="marker")
    frames = []
    while (frame := await bridge.frame()).get("echo") != "marker":
        frames.append(frame)
    return frames


@pytest.fixture
def group(sim: Simulator) -> Simulator:
    sim.world.add_group(GROUP, "g")
    return sim


async def test_a_lost_answer_has_still_done_its_work(
    bridge: Bridge, group: Simulator
) -> None:
    group.fault("send_*", Lost(), times=1)
    await send(bridge, "lost", "said")
    request = await group.next_request("send_group_msg")
    await group.done(request)
    assert (await marker(bridge), request.answered) == ([], False)
    history = await bridge.call("get_group_msg_history", group_id=GROUP)
    assert [m["raw_message"] for m in history["data"]["messages"]] == ["said"]
    await send(bridge, "heard")
    assert (await bridge.answer("heard"))["retcode"] == 0


async def test_rules_are_met_in_their_order_and_by_name(
    bridge: Bridge, group: Simulator
) -> None:
    group.fault("send_*", Failed("no", 1200), times=1)
    group.fault("send_*", Failed("still no", 1404), times=1)
    rule = group.fault("get_status", Lost(), times=0)
    codes = []
    for echo in range(3):
        await send(bridge, echo)
        answer = await bridge.answer(echo)
        codes.append((answer["retcode"], answer["wording"]))
    assert codes == [(1200, "no"), (1404, "still no"), (0, "")]
    assert (await bridge.call("get_status"))["retcode"] == 0
    assert (rule.left, len(group.world.sent)) == (0, 1)


async def test_a_failure_may_hide_a_success(bridge: Bridge, group: Simulator) -> None:
    group.fault("send_group_msg", Failed("Timeout", runs=True))
    await send(bridge, "e")
    assert (await bridge.answer("e"))["wording"] == "Timeout"
    assert len(group.world.sent) == 1


async def test_a_late_answer(bridge: Bridge, sim: Simulator) -> None:
    sim.fault("get_status", Late(0.05), Twice(), times=1)
    asked = time.monotonic()
    await bridge.ask("get_status", echo="late")
    assert [(await bridge.frame())["echo"] for _ in range(2)] == ["late", "late"]
    assert time.monotonic() - asked >= 0.05


async def test_answers_in_reverse(bridge: Bridge, sim: Simulator) -> None:
    sim.fault("get_*", Reversed(3))
    for echo in range(5):
        await bridge.ask("get_status", echo=echo)
    assert [frame["echo"] for frame in await marker(bridge)] == [2, 1, 0]
    await bridge.ask("get_status", echo=5)
    assert [(await bridge.frame())["echo"] for _ in range(3)] == [5, 4, 3]


async def test_an_answer_on_the_next_link(bridge: Bridge, group: Simulator) -> None:
    group.fault("send_*", OnNextLink(), times=1)
    await send(bridge, "e")
    await bridge.until(lambda f: f.get("sub_type") == "connect")
    connection, answer = await bridge.frame_from()
    assert (connection, answer["echo"]) == (bridge.connections[1], "e")
    assert (answer["retcode"], len(group.world.sent)) == (0, 1)


@pytest.mark.parametrize(("fault", "sent"), [(BreakBefore(), 0), (BreakAfter(), 1)])
async def test_the_link_breaks(
    bridge: Bridge, group: Simulator, fault: faults.Fault, sent: int
) -> None:
    group.fault("send_*", fault, times=1)
    await send(bridge, "never")
    request = await group.next_request("send_group_msg")
    await bridge.opened(2)
    await group.connected()
    await group.done(request)
    frames = await marker(bridge)
    assert [frame.get("meta_event_type") for frame in frames] == ["lifecycle"]
    assert (request.answered, len(group.world.sent)) == (False, sent)


async def test_a_hold_may_keep_the_work_back_too(
    bridge: Bridge, group: Simulator
) -> None:
    group.hold("send_*", run=False)
    await send(bridge, "a")
    request = await group.next_request("send_group_msg")
    assert await marker(bridge) == []
    assert (group.held, group.world.sent) == ([request], [])
    group.release("send_*")
    await group.answered(request)
    assert len(group.world.sent) == 1
    await send(bridge, "b")
    assert (await bridge.answer("b"))["retcode"] == 0


async def test_a_stream_that_stops_in_the_middle(
    bridge: Bridge, sim: Simulator
) -> None:
    sim.fault("test_download_stream", CutShort(4))
    await bridge.ask("test_download_stream", echo="s")
    frames = await marker(bridge)
    assert [frame["data"]["type"] for frame in frames] == ["stream"] * 4


async def test_damaged_chunks(bridge: Bridge, sim: Simulator) -> None:
    sim.world.file_in_message("file", "a.txt", b"hello")
    sim.fault("*_stream", Damaged())
    await bridge.ask("download_file_stream", echo="s", file="a.txt")
    frames = await marker(bridge)
    came = base64.b64decode(frames[1]["data"]["data"])
    assert (came[1:], came[:1] != b"h", frames[-1]["data"]["total_bytes"]) == (
        b"ello",
        True,
        5,
    )
    chunk = {"stream_id": "u", "total_chunks": 1, "chunk_index": 0, "filename": "b"}
    await bridge.call("upload_file_stream", **chunk, chunk_data="aGVsbG8=")
    done = await bridge.call("upload_file_stream", stream_id="u", is_complete=True)
    assert sim.world.files[done["data"]["file_path"]] == came


async def test_faults_can_be_cleared(bridge: Bridge, sim: Simulator) -> None:
    sim.fault("*", Lost())
    sim.faults.clear()
    assert (await bridge.call("get_status"))["retcode"] == 0


@pytest.mark.parametrize(
    ("text", "parsed"),
    [
        ("send_*=lost", ("send_*", Lost(), None)),
        ("get_msg=late:0.5*3", ("get_msg", Late(0.5), 3)),
        ("*=failed:a=b: c*1", ("*", Failed("a=b: c"), 1)),
        ("x=reversed:4", ("x", Reversed(4), None)),
        ("x=on-next-link*1", ("x", OnNextLink(), 1)),
        ("x=break-before", ("x", BreakBefore(), None)),
        ("x=break-after", ("x", BreakAfter(), None)),
        ("x=cut-short:2", ("x", CutShort(2), None)),
        ("x=twice", ("x", Twice(), None)),
        ("x=damaged", ("x", Damaged(), None)),
    ],
)
def test_faults_on_the_command_line(text: str, parsed: Any) -> None:
    assert faults.parse(text) == parsed


@pytest.mark.parametrize("text", ["", "lost", "=lost", "x=strange", "x=lost*often"])
def test_faults_that_are_none(text: str) -> None:
    with pytest.raises(ValueError):
        faults.parse(text)


async def test_a_link_that_is_gone_for_good_leaves_no_task_behind(
    bridge: Bridge,
) -> None:
    async with Simulator(bridge.url, auto_reconnect=False) as sim:
        await sim.connected()
        sim.fault("get_status", OnNextLink())
        await bridge.ask("get_status")
        request = await sim.next_request("get_status")
        await sim.disconnected()
    await asyncio.sleep(0)
    assert not request.done
