"""Frames that no peer should send: each does what its row in the index expects,
and the link stays up."""

import json
from typing import Any

import pytest

from harness.bus import Event, Subscriber
from harness.factories import StartBridge, StartBus
from harness.frames import collected, group_message, index, same
from harness.websocket import Peer, connect

MARK = 777
ROWS = {row["file"]: row for row in index()["malformed"]}


async def published(subscriber: Subscriber, peer: Peer, payload: bytes) -> list[Event]:
    """What comes out for `payload`: everything before the good event behind it."""
    await subscriber.next_event("qq.bridge.*.link.up")
    before = len(subscriber.events)
    await peer.send(payload)
    await peer.send_json(group_message(user_id=MARK))
    await subscriber.next_message(MARK)
    return subscriber.events[before:-1]


@pytest.mark.parametrize("file", ROWS)
async def test_a_malformed_frame_does_what_its_row_expects(
    bridge: StartBridge, bus: StartBus, file: str
) -> None:
    b = await bridge()
    subscriber = await bus(b).subscribe()
    async with await connect(b.url()) as peer:
        events = await published(subscriber, peer, collected("malformed", file))
    expect = ROWS[file]["expect"]
    assert len(events) <= 1
    assert expect != "drop" or not events
    assert expect != "publish" or events
    if not events:
        assert "reason=" in (await b.wait_for_line("frame: dropped account="))["msg"]


async def test_a_number_above_2_to_the_53_comes_out_unharmed(
    bridge: StartBridge, bus: StartBus
) -> None:
    frame = collected("malformed", "41-user-id-above-2pow53.txt")
    b = await bridge()
    subscriber = await bus(b).subscribe()
    async with await connect(b.url()) as peer:
        (event,) = await published(subscriber, peer, frame)
    assert event.event["user_id"] == 9007199254740993
    assert same(event.event, json.loads(frame))


KEY_TWICE = [
    ("post_type", "notice", "message"),
    ("group_id", 1, 2),
    ("message_type", "private", "group"),
]


@pytest.mark.parametrize(("key", "first", "last"), KEY_TWICE)
async def test_of_a_key_given_twice_topic_and_event_have_the_same(
    bridge: StartBridge, bus: StartBus, key: str, first: Any, last: Any
) -> None:
    """A reader of MessagePack, as one of JSON, keeps the last."""
    text = json.dumps(group_message(**{key: last}))
    doubled = f'{{"{key}":{json.dumps(first)},{text[1:]}'
    b = await bridge()
    subscriber = await bus(b).subscribe()
    async with await connect(b.url()) as peer:
        (event,) = await published(subscriber, peer, doubled.encode())
    chat = event.event["group_id"]
    assert event.topic == f"qq.group.{chat}.message.normal"
    assert event.event[key] == last


async def test_a_storm_of_bad_frames_is_told_once_and_counted(
    bridge: StartBridge, bus: StartBus
) -> None:
    b = await bridge()
    program = bus(b)
    subscriber = await program.subscribe()
    async with await connect(b.url()) as peer:
        for _ in range(500):
            await peer.send('{"a":1,}')
        assert await published(subscriber, peer, b"{}") == []
        status = await program.call("bridge.status")
    assert status["data"]["accounts"]["default"]["dropped"] == 501
    assert len(b.lines("frame: dropped", "offset=")) == 1


async def test_text_of_a_peer_reaches_neither_log_nor_topic_raw(
    bridge: StartBridge, bus: StartBus
) -> None:
    odd = 'a\n{"level":"error"}\u0000.*>\u001b[31m'
    frame = group_message(sub_type=odd, group_id=odd)
    b = await bridge(bridge={"log": {"level": "debug"}})
    subscriber = await bus(b).subscribe()
    async with await connect(b.url(), [("User-Agent", 'x\x1b[31m"')]) as peer:
        (event,) = await published(subscriber, peer, json.dumps(frame).encode())
    assert event.event["sub_type"] == odd
    await b.stop()
    assert b"\x1b" not in b.stderr
    assert {line["level"] for line in b.log} <= {"debug", "info"}
