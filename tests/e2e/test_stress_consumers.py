"""A consumer that is fast, slow or killed again and again has every event in
the end, in order and once."""

import asyncio
import contextlib
import json
from collections.abc import Iterator

import pytest

from harness.barrier import answered_call
from harness.build import SLOWNESS
from harness.consumer import Consumer, journal_of, losses
from harness.factories import StartBridge, StartBus
from harness.frames import group_message
from harness.stress import dice, size
from harness.websocket import connect, frame_bytes

pytestmark = [pytest.mark.stress, pytest.mark.long]

EVENTS = size(20_000, 200_000)
PIECE = 500
SECONDS = (60 + EVENTS / 1000) * SLOWNESS


def pieces() -> Iterator[bytes]:
    """Frames of events that differ."""
    for first in range(0, EVENTS, PIECE):
        yield b"".join(
            frame_bytes(json.dumps(group_message("x" * 200, group_id=20000 + n % 7)))
            for n in range(first, first + PIECE)
        )


async def kill_now_and_then(consumers: list[Consumer]) -> None:
    chance = dice()
    while True:
        await asyncio.sleep(chance.uniform(0.2, 0.8) * SLOWNESS)
        for consumer in consumers:
            consumer.kill()
            consumer.start()


async def test_fast_slow_and_killed_consumers_have_every_event(
    bridge: StartBridge, bus: StartBus
) -> None:
    b = await bridge({"heartbeat": {"enabled": False}})
    program = bus(b)
    fast = Consumer(b, "fast")
    slow = Consumer(b, "slow", "--queue", "1", "--pause", "0.2")
    own = Consumer(b, "own")
    kept = Consumer(b, "kept", "--cursor", "kept")
    everyone = [fast, slow, own, kept]
    try:
        for consumer in everyone:
            consumer.start()
        killing = asyncio.create_task(kill_now_and_then([own, kept]))
        async with await connect(b.url()) as peer:
            for piece in pieces():
                await peer.send_bytes(piece)
            await answered_call(program, peer)
            newest = (await program.call("bridge.ping"))["data"]["seq"]
            assert newest > EVENTS
            killing.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await killing
            for consumer in everyone:
                await consumer.has(newest, SECONDS)
    finally:
        for consumer in everyone:
            consumer.kill()
    journal = await journal_of(program)
    assert losses(journal) == []
    for consumer in (fast, slow, own):
        assert consumer.notes()[:newest] == journal[:newest]
    # What comes again after a kill is told by its seq.
    last = 0
    for seq, digest in kept.notes():
        assert seq <= last + 1
        assert digest == journal[seq - 1][1]
        last = max(last, seq)
    assert last >= newest
    for consumer in everyone:
        assert set(consumer.live()) <= set(journal)
    assert len(slow.live()) < EVENTS / 2, "it was not slow"
