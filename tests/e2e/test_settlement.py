"""What is told, later, of calls that were answered `unknown`."""

from typing import Any

from harness.factories import StartBridge, StartBus, StartSim

SETTLED = "qq.bridge.default.action.settled"
HELLO = {"group_id": 1, "message": "hello"}


async def test_a_late_answer_settles_a_call(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    b = await bridge()
    peer = await sim(b)
    peer.on("send_group_msg", lambda _: {"message_id": 7})
    program = bus(b)
    events = await program.listen("qq.bridge.*")
    peer.hold("send_group_msg")
    call: dict[str, Any] = {"timeout": 200, "id": "i-1", "trace": "t-1"}
    reply = await program.call("send_group_msg", HELLO, **call)
    assert reply["status"] == "unknown"
    peer.release()
    settled = (await events.next_event(SETTLED)).event
    assert (settled["status"], settled["source"]) == ("ok", "answer")
    assert (settled["id"], settled["trace"]) == ("i-1", "t-1")
    assert (settled["message_id"], settled["group_id"]) == (7, 1)
    again = await program.call("send_group_msg", HELLO, **call)
    assert (again["status"], again["data"]) == ("ok", {"message_id": 7})
    assert len(peer.requests) == 1


async def test_the_bots_own_message_settles_a_call(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    b = await bridge()
    peer = await sim(b, report_self_message=True)
    program = bus(b)
    events = await program.listen("qq.bridge.*")
    peer.hold("send_group_msg")
    peer.world.add_group(1, "one")
    reply = await program.call("send_group_msg", HELLO, timeout=200)
    assert reply["status"] == "unknown"
    settled = (await events.next_event(SETTLED)).event
    assert (settled["status"], settled["source"]) == ("ok", "event")
    assert settled["message_id"] > 0


async def test_the_history_settles_a_call(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    b = await bridge()
    peer = await sim(b)
    peer.world.add_group(1, "one")
    program = bus(b)
    events = await program.listen("qq.bridge.*")
    peer.hold("send_group_msg")
    reply = await program.call("send_group_msg", HELLO, timeout=200)
    assert reply["status"] == "unknown"
    await peer.next_request("get_group_msg_history")
    settled = (await events.next_event(SETTLED)).event
    assert (settled["status"], settled["source"]) == ("ok", "history")
    assert settled["message_id"] > 0
