"""The order of events, and the numbers that tell it."""

import asyncio
import json

from harness.bus import Subscriber
from harness.factories import StartBridge, StartBus, StartSim
from harness.frames import group_message
from harness.websocket import connect, frame_bytes

COUNT = 5000


def has_no_hole(subscriber: Subscriber) -> bool:
    numbers = [event.seq for event in subscriber.events]
    return numbers == list(range(numbers[0], numbers[0] + len(numbers)))


async def test_a_burst_keeps_its_order_and_has_no_hole(
    bridge: StartBridge, bus: StartBus
) -> None:
    b = await bridge()
    subscriber = await bus(b).subscribe()
    async with await connect(b.url()) as peer:
        frames = [json.dumps(group_message(message_id=n)) for n in range(COUNT)]
        await peer.send_bytes(b"".join(map(frame_bytes, frames)))
        events = await subscriber.next_events(COUNT, "qq.group.*")
    assert [event.event["message_id"] for event in events] == list(range(COUNT))
    assert has_no_hole(subscriber)


async def test_several_accounts_share_one_row_of_numbers(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    names = ["a", "b", "c"]
    b = await bridge({"accounts": {name: {} for name in names}})
    subscriber = await bus(b).subscribe()
    peers = [await sim(b, name, self_id=10001 + n) for n, name in enumerate(names)]

    async def talk(n: int) -> None:
        for message_id in range(200):
            frame = group_message(message_id=message_id, user_id=n)
            await peers[n].emit(frame)

    await asyncio.gather(*map(talk, range(3)))
    events = await subscriber.next_events(600, "qq.group.*")
    assert has_no_hole(subscriber)
    for n, name in enumerate(names):
        own = [e for e in events if e.envelope["account"] == name]
        assert [e.event["message_id"] for e in own] == list(range(200))
        assert {e.event["user_id"] for e in own} == {n}


async def test_two_subscribers_get_the_same_bytes(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    urls = [f"ipc://{bridge.folder}/events", "tcp://127.0.0.1:0"]
    b = await bridge(bridge={"events": urls})
    program = bus(b)
    addresses = b.addresses("events")
    assert len(addresses) == len(urls)
    subscribers = [await program.subscribe(url=url) for url in addresses]
    peer = await sim(b)
    for n in range(50):
        await peer.emit(group_message(message_id=n))
    payloads = []
    for subscriber in subscribers:
        events = await subscriber.next_events(50, "qq.group.*")
        payloads.append([event.payload for event in events])
    assert payloads[0] == payloads[1]
