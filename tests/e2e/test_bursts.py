"""More events at once than the queue of a subscriber holds: what a healthy one
can still take is not lost, because the peers wait."""

import asyncio
import contextlib
import json

import pytest

from harness.factories import StartBridge, StartBus
from harness.frames import group_message
from harness.marks import ONE_AT_A_TIME
from harness.sp import SUB, RawSubscriber, dial
from harness.websocket import Peer, connect, frame_bytes

pytestmark = ONE_AT_A_TIME

#: The topic of the event that ends a burst.
END = b"qq.group.999.message.normal"

#: Between two pieces that a subscriber takes: some 20,000 events a second, which
#: is healthy, and slower than the bridge.
PAUSE_SECONDS = 0.001


def burst(link: int, count: int) -> bytes:
    """Events that differ, each in a frame of its own, and the one that ends it."""
    events = [
        group_message("x" * 300, message_id=link * 1_000_000 + n) for n in range(count)
    ]
    events.append(group_message("end", group_id=999, message_id=link * 1_000_000 + count))
    return b"".join(frame_bytes(json.dumps(event)) for event in events)


async def hears(subscriber: RawSubscriber, peer: Peer) -> None:
    """Until it gets what the peer sends, nothing counts."""
    taking = asyncio.create_task(subscriber.take_until(b"does it hear"))
    number = 0
    while not taking.done():
        number += 1
        await peer.send_json(group_message("does it hear", message_id=-number))
        await asyncio.wait([taking], timeout=0.02)
    await taking


@pytest.mark.parametrize(("links", "each"), [(1, 40_000), (40, 1_000)])
async def test_a_burst_reaches_a_healthy_subscriber_whole(
    bridge: StartBridge, links: int, each: int
) -> None:
    b = await bridge()
    subscriber = await RawSubscriber.connect(b.events)
    async with contextlib.AsyncExitStack() as stack:
        peers = [
            await stack.enter_async_context(await connect(b.url()))
            for _ in range(links)
        ]
        await hears(subscriber, peers[0])
        bursts = [burst(link, each) for link in range(links)]
        await asyncio.gather(
            subscriber.take_until(END, links, pause=PAUSE_SECONDS),
            *map(Peer.send_bytes, peers, bursts),
        )
    seqs = [envelope["seq"] for envelope in subscriber.envelopes()]
    assert seqs == list(range(seqs[0], seqs[0] + len(seqs)))
    assert len(seqs) > links * each
    assert len(b.lines("the peers wait")) <= 1
    subscriber.close()


async def test_one_that_takes_nothing_is_not_waited_for_and_that_is_said_once(
    bridge: StartBridge, bus: StartBus
) -> None:
    b = await bridge()
    healthy = await RawSubscriber.connect(b.events)
    silent = [await dial(b.events, SUB) for _ in range(3)]
    async with await connect(b.url()) as peer:
        await hears(healthy, peer)
        await asyncio.gather(
            peer.send_bytes(burst(0, 30_000)), healthy.take_until(END)
        )
        await b.wait_for_line("is not waited for")
        assert (await bus(b).call("bridge.ping"))["status"] == "ok"
    seqs = [envelope["seq"] for envelope in healthy.envelopes()]
    assert seqs == list(range(seqs[0], seqs[0] + len(seqs)))
    assert len(b.lines("is not waited for")) == 1
    for _, writer in silent:
        writer.transport.abort()
    healthy.close()
