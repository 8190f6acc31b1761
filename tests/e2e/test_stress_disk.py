"""The disk of the journal is full, and has room again."""

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from harness.barrier import answered_call
from harness.bridge import Bridge
from harness.build import WAIT
from harness.bus import Bus
from harness.consumer import Consumer, Notes, journal_of, losses
from harness.disk import SmallDisk, small_disk
from harness.factories import StartBridge, StartBus
from harness.frames import group_message
from harness.gapless import LOST
from harness.marks import ONE_AT_A_TIME
from harness.wait import until
from harness.websocket import Peer, connect, frame_bytes

pytestmark = [pytest.mark.stress, ONE_AT_A_TIME]

DISK_MIB = 64
#: The most that is kept in memory meanwhile.
TAIL_MIB = 16
#: Their text is in them three times.
EVENTS_A_MIB = 256
QUIET = {"heartbeat": {"enabled": False}}


@pytest.fixture
def disk(bridge: StartBridge) -> Iterator[SmallDisk]:
    with small_disk(bridge.folder / "state", DISK_MIB) as made:
        yield made


@contextlib.asynccontextmanager
async def consuming(b: Bridge) -> AsyncIterator[Consumer]:
    """One that hears what comes from now on."""
    consumer = Consumer(b, "one")
    consumer.start()
    try:
        await consumer.has(1)
        yield consumer
    finally:
        consumer.kill()


async def send_mib(peer: Peer, mib: int) -> None:
    for _ in range(mib):
        events = (group_message("x" * 1300) for _ in range(EVENTS_A_MIB))
        await peer.send_bytes(b"".join(frame_bytes(json.dumps(e)) for e in events))


async def journal_state(program: Bus) -> dict[str, Any]:
    return dict((await program.call("bridge.status"))["data"]["journal"])


async def until_state(program: Bus, wanted: str) -> dict[str, Any]:
    deadline = time.monotonic() + WAIT
    while (state := await journal_state(program))["state"] != wanted:
        assert time.monotonic() < deadline, state
        await asyncio.sleep(0.05)
    return state


async def until_failing(program: Bus, peer: Peer) -> None:
    """What was written before has left some room in the files."""
    for _ in range(DISK_MIB):
        await send_mib(peer, 1)
        await answered_call(program, peer)
        if (await journal_state(program))["state"] == "failing":
            return
    raise AssertionError("the disk has room for all of that")


async def all_noted(program: Bus, peer: Peer, consumer: Consumer) -> int:
    """Everything that the peer has sent; gives the last seq."""
    await answered_call(program, peer)
    newest = (await program.call("bridge.ping"))["data"]["seq"]
    await consumer.has(newest)
    return int(newest)


def check_same(heard: Notes, journal: Notes) -> None:
    """What was heard is what the journal has, or says that it has not."""
    for seq, digest in heard:
        assert journal[seq - 1][1] in (digest, LOST)


async def test_a_full_disk_is_told_and_a_short_time_of_it_loses_nothing(
    bridge: StartBridge, bus: StartBus, disk: SmallDisk
) -> None:
    b = await bridge(QUIET, wrapper=disk.wrapper)
    program = bus(b)
    subscriber = await program.subscribe("qq.bridge.*")
    async with await connect(b.url()) as peer, consuming(b) as consumer:
        disk.fill()
        await until_failing(program, peer)
        await b.wait_for_line("journal: cannot write: ")
        failing = await subscriber.next_event("qq.bridge.default.journal.failing")
        state = await journal_state(program)
        assert "disk is full; make room on the disk" in state["fault"]
        assert failing.event["reason"] == state["fault"]
        for _ in range(4):
            await send_mib(peer, 1)
            newest = await all_noted(program, peer, consumer)
        # What it has asked for it may have before it hears it.
        await until(lambda: len(consumer.live()) > 4 * EVENTS_A_MIB, "live events")
        assert (await journal_state(program))["newest"] == newest
        disk.free()
        state = await until_state(program, "ok")
        assert (state["fault"], state["lost"]) == ("", 0)
        await b.wait_for_line("journal: writes again, and has missed nothing")
        await subscriber.next_event("qq.bridge.default.journal.ok")
        await all_noted(program, peer, consumer)
    journal = await journal_of(program)
    assert losses(journal) == []
    assert set(consumer.notes() + consumer.live()) <= set(journal)


async def test_what_a_disk_was_full_for_too_long_for_is_named_exactly(
    bridge: StartBridge, bus: StartBus, disk: SmallDisk
) -> None:
    b = await bridge(QUIET, wrapper=disk.wrapper)
    program = bus(b)
    async with await connect(b.url()) as peer, consuming(b) as consumer:
        disk.fill()
        await until_failing(program, peer)
        for _ in range(TAIL_MIB + 8):
            await send_mib(peer, 1)
            await all_noted(program, peer, consumer)
        disk.free()
        state = await until_state(program, "ok")
        await send_mib(peer, 1)
        newest = await all_noted(program, peer, consumer)
    journal = await journal_of(program)
    lost = losses(journal)
    assert lost == list(range(lost[0], lost[-1] + 1))
    assert 8 * EVENTS_A_MIB < len(lost) < 12 * EVENTS_A_MIB
    assert state["lost"] == len(lost)
    assert b.lines(f"it never got {len(lost)} events")
    # They were published all the same.
    assert losses(consumer.notes()) == []
    assert consumer.notes()[-1][0] >= newest
    check_same(consumer.notes() + consumer.live(), journal)
    # And a restart knows as much.
    await b.kill()
    again = await bridge(QUIET, wrapper=disk.wrapper)
    assert losses(await journal_of(bus(again))) == lost


@pytest.mark.parametrize("is_freed_first", [True, False], ids=["freed", "full"])
async def test_a_kill_while_the_disk_is_full_lets_no_seq_come_twice(
    bridge: StartBridge, bus: StartBus, disk: SmallDisk, is_freed_first: bool
) -> None:
    b = await bridge(QUIET, wrapper=disk.wrapper)
    program = bus(b)
    async with await connect(b.url()) as peer, consuming(b) as consumer:
        disk.fill()
        await until_failing(program, peer)
        await send_mib(peer, 2)
        before = await all_noted(program, peer, consumer)
        await b.kill()
        if is_freed_first:
            disk.free()
        second = await bridge(QUIET, wrapper=disk.wrapper)
        assert second.epoch == b.epoch
        program = bus(second)
        assert (await program.call("bridge.ping"))["data"]["seq"] >= before
        async with await connect(second.url()) as peer:
            await send_mib(peer, 2)
            await answered_call(program, peer)
            if not is_freed_first:
                assert (await journal_state(program))["state"] == "failing"
                disk.free()
            await until_state(program, "ok")
            await all_noted(program, peer, consumer)
    journal = await journal_of(program)
    lost = losses(journal)
    assert lost == list(range(lost[0], lost[-1] + 1))
    assert lost[0] <= before <= lost[-1]
    check_same(consumer.notes() + consumer.live(), journal)


async def test_a_bridge_that_is_to_stop_does_and_has_published_nothing_unkept(
    bridge: StartBridge, bus: StartBus, disk: SmallDisk
) -> None:
    stops = {"journal": {"onError": "stop"}}
    b = await bridge(QUIET, stops, wrapper=disk.wrapper)
    b.expected = 1
    async with await connect(b.url()) as peer, consuming(b) as consumer:
        disk.fill()
        sending = asyncio.create_task(send_mib(peer, 4 * DISK_MIB))
        assert await b.ended() == 1
        await asyncio.gather(sending, return_exceptions=True)
        (line,) = b.lines("journal: cannot write, so the bridge stops: ")
        assert "journal.db: database or disk is full; make room" in line
        disk.free()
        program = bus(await bridge(QUIET, stops, wrapper=disk.wrapper))
        newest = (await program.call("bridge.ping"))["data"]["seq"]
        await consumer.has(newest)
    journal = await journal_of(program)
    assert losses(journal) == []
    assert set(consumer.notes() + consumer.live()) <= set(journal)
