"""The bridge is killed at any moment, again and again: no seq is given twice,
no event that was acknowledged is missing, and consumers have no hole."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from harness.bridge import Bridge
from harness.build import SLOWNESS
from harness.bus import Bus, read_event
from harness.consumer import Consumer, Notes, journal_of, losses
from harness.factories import StartBridge, StartBus
from harness.frames import group_message
from harness.gapless import digest_of, envelope_of
from harness.net import free_port
from harness.sp import Caller, RawSubscriber
from harness.stress import dice, size
from harness.websocket import TEXT, Frame, Peer, connect, frame_bytes

pytestmark = pytest.mark.stress

KILLS = size(12, 100)
PIECE = 100
FOREVER = 1e6
#: The group of the events that are acknowledged.
ACKNOWLEDGED = 20099


def message(text: str, group_id: int = 20002) -> bytes:
    return frame_bytes(json.dumps(group_message(text, group_id=group_id)))


def burst() -> bytes:
    return b"".join(message("x" * 200) for _ in range(PIECE))


async def talk(peer: Peer) -> None:
    """As fast as it is taken, almost."""
    while True:
        await peer.send_bytes(burst())
        await asyncio.sleep(0.005)


async def answer(peer: Peer) -> None:
    """Before the answer to a call go events, the last of which names it."""
    while True:
        frame: Frame = await peer.receive(FOREVER)
        if frame.opcode == TEXT:
            request = json.loads(frame.payload)
            text = request["params"]["text"]
            await peer.send_bytes(burst() + message(text, ACKNOWLEDGED))
            await peer.answer_ok(request, {})


async def live(url: str) -> None:
    """A peer that comes back whenever its link is gone."""
    while True:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            async with await connect(url) as peer:
                tasks = [asyncio.create_task(work(peer)) for work in (talk, answer)]
                try:
                    await asyncio.gather(*tasks)
                finally:
                    for task in tasks:
                        task.cancel()
                    await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.sleep(0.01)


@contextlib.asynccontextmanager
async def living(url: str) -> AsyncIterator[None]:
    task = asyncio.create_task(live(url))
    try:
        yield
    finally:
        assert not task.done(), task
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def acknowledged_texts(program: Bus) -> list[str]:
    """Of those in the journal."""
    texts: list[str] = []
    params: dict[str, Any] = {"topics": [f"qq.group.{ACKNOWLEDGED}.*"], "after": 0}
    while True:
        page = (await program.call("bridge.replay", params))["data"]
        texts += [read_event(m).envelope["text"] for m in page["events"]]
        params["after"] = page["next"]
        if not page["truncated"]:
            return texts


class Killer:
    """Kills at some moment, at one at which an event is acknowledged, or at one
    at which some are heard, and notes which those were."""

    def __init__(self) -> None:
        self.told: set[str] = set()
        self.heard: Notes = []
        self._chance = dice()
        self._texts = map(str, itertools.count())

    async def kill(self, b: Bridge) -> None:
        way = self._chance.choice((self._sometime, self._when_told, self._when_heard))
        await asyncio.sleep(self._chance.uniform(0.0, 0.3) * SLOWNESS)
        await way(b)

    async def _sometime(self, b: Bridge) -> None:
        await b.kill()

    async def _when_told(self, b: Bridge) -> None:
        caller = await Caller.connect(b.actions)
        await self.tell(caller)
        await b.kill()
        await caller.close()

    async def tell(self, caller: Caller) -> None:
        """Until the reply to a call has told that an event is kept."""
        while True:
            text = next(self._texts)
            reply = await caller.reply(caller.send("tell", params={"text": text}))
            if reply["status"] == "ok":
                break
            assert reply["error"] in ("not_connected", "offline"), reply
        self.told.add(text)

    async def _when_heard(self, b: Bridge) -> None:
        subscriber = await RawSubscriber.connect(b.events)
        await subscriber.take_until(b"qq.group.20002.")
        await b.kill()
        self.heard += [
            (envelope_of(m)["seq"], digest_of(m)) for m in subscriber.messages()
        ]
        subscriber.close()


async def test_a_bridge_that_is_killed_at_any_moment_goes_on_whole(
    bridge: StartBridge, bus: StartBus
) -> None:
    killer = Killer()
    channel = {"wsPort": free_port(), "heartbeat": {"enabled": False}}
    b = await bridge(channel)
    consumers = [Consumer(b, "one"), Consumer(b, "two")]
    try:
        for consumer in consumers:
            consumer.start()
        async with living(b.url()):
            for number in range(KILLS):
                await killer.kill(b)
                if number % 3 == 0:
                    consumers[1].kill()
                    consumers[1].start()
                b = await bridge(channel)
            last = await Caller.connect(b.actions)
            await killer.tell(last)
            await last.close()
        program = bus(b)
        newest = (await program.call("bridge.ping"))["data"]["seq"]
        for consumer in consumers:
            await consumer.has(newest)
    finally:
        for consumer in consumers:
            consumer.kill()
    journal = await journal_of(program)
    assert losses(journal) == []
    assert killer.told <= set(await acknowledged_texts(program))
    for consumer in consumers:
        killer.heard += consumer.live()
        notes = consumer.notes()
        assert notes == journal[: len(notes)]
    assert set(killer.heard) <= set(journal)
