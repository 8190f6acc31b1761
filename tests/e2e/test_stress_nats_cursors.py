"""A server of NATS is killed together with the consumer that it serves, again and
again: the consumer goes on where it was, each time, and misses nothing."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from harness import nats as real_nats
from harness.build import WAIT
from harness.bus import Bus
from harness.consumer import Durable, journal_of, losses
from harness.durable import NAME
from harness.factories import StartBridge, StartBus
from harness.mirror import fed, state_is
from harness.nats import Cluster, Place, Server
from harness.stress import dice, size
from harness.websocket import Peer, connect

pytestmark = pytest.mark.stress

ROUNDS = size(3, 30)
BURST = 100
QUIET = {"heartbeat": {"enabled": False}}
#: Leaders are chosen first, and what got lost with one is asked for again.
SECONDS = 2 * WAIT


class Deaths:
    """Who dies next."""

    def __init__(self, place: Place, cluster: Cluster | None) -> None:
        self.chance = dice()
        self._place = place
        self._cluster = cluster

    async def victims(self, number: int) -> list[Server]:
        """Who delivers to the consumer, who leads the stream, and all, in turn."""
        if self._cluster is None or number % 3 == 2:
            return self._place.servers
        if number % 3 == 1:
            return [await self._cluster.led(self._place.stream, SECONDS)]
        return [await self._cluster.serves(self._place.stream, NAME, SECONDS)]

    async def round(self, number: int, consumer: Durable) -> None:
        """The consumer is back before the servers, or after them."""
        servers = await self.victims(number)
        kills = [server.kill for server in servers]
        kills.insert(self.chance.randint(0, len(kills)), consumer.kill)
        for kill in kills:
            kill()
        is_early = self.chance.random() < 0.5
        if is_early:
            consumer.start()
        for server in servers:
            server.start()
        await asyncio.sleep(self.chance.uniform(0.0, 1.0))
        if not is_early:
            consumer.start()


async def has_all(program: Bus, peer: Peer, consumer: Durable) -> None:
    """More comes, and gets there."""
    await fed(program, peer, BURST)
    newest = int((await program.call("bridge.ping"))["data"]["seq"])
    await consumer.has(newest, SECONDS)


async def survives(
    bridge: StartBridge, bus: StartBus, place: Place, cluster: Cluster | None
) -> None:
    b = await bridge(QUIET, {"nats": place.settings()})
    program, deaths = bus(b), Deaths(place, cluster)
    await state_is(program, "ok")
    consumer = Durable(place, bridge.folder)
    consumer.start()
    try:
        async with await connect(b.url()) as peer:
            for number in range(ROUNDS):
                await fed(program, peer, BURST)
                await deaths.round(number, consumer)
                await has_all(program, peer, consumer)
    finally:
        consumer.kill()
    journal = await journal_of(program)
    assert losses(journal) == []
    assert consumer.notes() == journal[: len(consumer.notes())]
    assert len(journal) >= 2 * BURST * ROUNDS
    for server in place.servers:
        await server.ready()


async def test_with_the_only_server(
    bridge: StartBridge, bus: StartBus, own_nats: Place
) -> None:
    await survives(bridge, bus, own_nats, None)


async def test_with_one_of_three_or_all(
    bridge: StartBridge, bus: StartBus, tmp_path: Path
) -> None:
    with real_nats.cluster(tmp_path) as cluster:
        async with real_nats.place(cluster.servers, replicas=3) as place:
            await survives(bridge, bus, place, cluster)
