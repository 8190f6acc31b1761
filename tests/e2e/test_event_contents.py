"""An event comes out as the peer sent it, whatever it is."""

import json
from typing import Any

from harness.bus import Event, Subscriber
from harness.factories import StartBridge, StartBus, StartSim
from harness.frames import collected, group_message, index, same
from harness.websocket import connect

ENVELOPE = {
    "v": int,
    "epoch": str,
    "seq": int,
    "time": int,
    "account": str,
    "self_id": int,
    "peer": str,
    "origin": str,
    "type": str,
    "key": str,
    "event": dict,
}
OF_MESSAGES = {"text": str, "policy": dict}


def plain_text(message: list[Any]) -> str:
    """The text segments joined."""
    return "".join(
        part["data"]["text"]
        for part in message
        if part.get("type") == "text" and "text" in (part.get("data") or {})
    )


def faults(event: Event, frame: dict[str, Any]) -> list[str]:
    """What is wrong with the event that `frame` became."""
    wrong = []
    came, sent = dict(event.event), dict(frame)
    message = came.get("message")
    if list(came) != list(sent):
        wrong.append("the keys or their order")
    if isinstance(sent.get("message"), str):
        del came["message"], sent["message"]
    wrong += [key for key in sent if not same(came.get(key), sent[key])]
    if frame["post_type"] in ("message", "message_sent"):
        assert isinstance(message, list)
        if event.envelope["text"] != plain_text(message):
            wrong.append("text")
    return wrong


async def test_every_collected_event_comes_out_exactly(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    b = await bridge()
    subscriber = await bus(b).subscribe()
    peer = await sim(b)
    await subscriber.next_event("qq.meta.*")
    wrong = {}
    for row in index()["events"]:
        frame = collected("events", row["file"])
        await peer.send_raw(frame)
        event = await subscriber.next_event()
        if found := faults(event, json.loads(frame)):
            wrong[row["file"]] = found
    assert wrong == {}


async def test_an_envelope_has_what_the_contract_says(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    b = await bridge({"accounts": {"mybot": {}}})
    subscriber = await bus(b).subscribe()
    peer = await sim(b, self_id=10007)
    for row in index()["events"]:
        frame = collected("events", row["file"])
        await peer.send_raw(frame)
    await peer.send_raw(json.dumps(group_message(user_id=1)).encode())
    await subscriber.next_message(1)
    for event in subscriber.events:
        envelope = event.envelope
        is_message = "message" in str(event.event.get("post_type"))
        wanted = ENVELOPE | (OF_MESSAGES if is_message else {})
        assert {k: type(v) for k, v in envelope.items()} == wanted, event.topic
        assert (envelope["v"], envelope["origin"]) == (1, "live")
        assert (envelope["account"], envelope["epoch"]) == ("mybot", b.epoch)


async def test_a_cq_string_becomes_segments(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    b = await bridge()
    subscriber = await bus(b).subscribe("qq.group.*")
    peer = await sim(b, message_format="string")
    segments = [
        {"type": "at", "data": {"qq": "10001"}},
        {"type": "text", "data": {"text": " &[hi], 你好&#91;"}},
        {"type": "face", "data": {"id": "14"}},
    ]
    await peer.group_message(20002, 30001, segments)
    event = await subscriber.next_event()
    message = event.event["message"]
    assert [part["type"] for part in message] == ["at", "text", "face"]
    assert message[0]["data"]["qq"] == "10001"
    assert event.envelope["text"] == " &[hi], 你好&#91;"
    assert event.envelope["policy"]["mentioned"] is True
    assert event.event["raw_message"].startswith("[CQ:at,qq=10001]")


async def test_numbers_come_out_to_the_last_bit(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    numbers = [2**53 + 1, 2**63 - 1, -(2**63), 2**64 - 1, 0.1, -0.0, 5e-324, 1e308]
    b = await bridge()
    subscriber = await bus(b).subscribe("qq.group.*")
    peer = await sim(b)
    await peer.send_text(json.dumps(group_message(numbers=numbers)))
    came = (await subscriber.next_event()).event["numbers"]
    assert [repr(number) for number in came] == [repr(number) for number in numbers]


async def test_a_peer_is_asked_who_it_is_when_it_comes(
    bridge: StartBridge, bus: StartBus
) -> None:
    b = await bridge()
    subscriber: Subscriber = await bus(b).subscribe("qq.group.*")
    names = {"app_name": "NapCat.Onebot", "app_version": "4.8.12"}
    async with await connect(b.url(), **names) as peer:
        await peer.send_json(group_message())
        came = await subscriber.next_event()
    assert came.envelope["peer"] == "NapCat.Onebot/4.8.12"


async def test_until_it_says_its_user_agent_has_to_do(
    bridge: StartBridge, bus: StartBus
) -> None:
    b = await bridge()
    subscriber: Subscriber = await bus(b).subscribe("qq.group.*")
    async with await connect(b.url()) as peer:
        await peer.send_json(group_message())
        assert (await subscriber.next_event()).envelope["peer"] == "OneBot/11"
