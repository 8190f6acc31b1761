"""Subscribers come, go and hang; the others notice nothing."""

import asyncio
import json
import os
import signal

from harness.bus import Subscriber
from harness.cli import Listener, listening
from harness.factories import StartBridge, StartBus, StartSim
from harness.frames import group_message
from harness.marks import ONE_AT_A_TIME
from harness.sp import SUB, dial
from harness.websocket import Peer, connect, frame_bytes

pytestmark = ONE_AT_A_TIME

BATCH = 500


async def pour(peer: Peer, subscriber: Subscriber, count: int) -> None:
    """Events in batches, each sent when the last has come out."""
    for _ in range(0, count, BATCH):
        batch = [group_message("x" * 500) for _ in range(BATCH)]
        frames = (frame_bytes(json.dumps(message)) for message in batch)
        await peer.send_bytes(b"".join(frames))
        events = await subscriber.next_events(BATCH, "qq.group.*")
        assert [event.event for event in events] == batch


async def heard(listener: Listener, peer: Peer) -> None:
    """Send marks until the listener, which is just starting, shows one."""
    while not listener.lines:
        await peer.send_json(group_message("mark", group_id=1))
        await asyncio.sleep(0.02)


async def test_one_that_comes_late_gets_what_comes_from_then_on(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    b = await bridge()
    program = bus(b)
    first = await program.subscribe("qq.group.*")
    peer = await sim(b)
    await peer.group_message(20002, 30001, "before")
    await first.next_event()
    second = await program.subscribe("qq.group.*")
    await peer.group_message(20002, 30001, "after")
    assert (await second.next_event()).envelope["text"] == "after"
    assert (await first.next_event()).envelope["text"] == "after"
    assert len(second.events) == 1


async def test_one_that_leaves_is_not_missed(
    bridge: StartBridge, bus: StartBus
) -> None:
    b = await bridge()
    program = bus(b)
    staying = await program.subscribe("qq.group.*")
    async with await connect(b.url()) as peer:
        for _ in range(10):
            leaving = await program.subscribe("qq.group.*")
            await leaving.close()
            await pour(peer, staying, BATCH)


async def test_one_that_hangs_disturbs_nobody_and_goes_on_later(
    bridge: StartBridge, bus: StartBus
) -> None:
    b = await bridge()
    program = bus(b)
    subscriber = await program.subscribe("qq.group.20002.*")
    async with (
        await connect(b.url()) as peer,
        listening("--url", b.events, "--json", "qq.group.*") as frozen,
    ):
        await heard(frozen, peer)
        os.kill(frozen.process.pid, signal.SIGSTOP)
        await pour(peer, subscriber, 12_000)
        assert (await program.call("bridge.ping"))["status"] == "ok"
        os.kill(frozen.process.pid, signal.SIGCONT)
        # Its buffers may be full for another moment, and drop what comes.
        while "awake" not in frozen.out.decode():
            await peer.send_json(group_message("awake"))
            await asyncio.sleep(0.02)


async def test_some_that_never_read_disturb_nobody(
    bridge: StartBridge, bus: StartBus
) -> None:
    b = await bridge()
    subscriber = await bus(b).subscribe("qq.group.*")
    silent = [await dial(b.events, SUB) for _ in range(5)]
    async with await connect(b.url()) as peer:
        await pour(peer, subscriber, 15_000)
    for _, writer in silent:
        writer.transport.abort()


async def test_strangers_at_the_door_disturb_nobody(
    bridge: StartBridge, bus: StartBus
) -> None:
    b = await bridge()
    subscriber = await bus(b).subscribe("qq.group.*")
    path = b.events.removeprefix("ipc://")
    odd = [await asyncio.open_unix_connection(path) for _ in range(5)]
    for _, writer in odd:
        writer.write(b"GET / HTTP/1.1\r\n\r\n")
    async with await connect(b.url()) as peer:
        await pour(peer, subscriber, 5_000)
    for _, writer in odd:
        writer.transport.abort()


async def test_one_that_talks_nonsense_disturbs_nobody(
    bridge: StartBridge, bus: StartBus
) -> None:
    b = await bridge()
    subscriber = await bus(b).subscribe("qq.group.*")
    writers = [(await dial(b.events, SUB))[1] for _ in range(5)]
    for writer in writers:
        writer.write(b"\1" + b"\xff" * 8 + b"hello")
    async with await connect(b.url()) as peer:
        await pour(peer, subscriber, 5_000)
    for writer in writers:
        writer.transport.abort()
