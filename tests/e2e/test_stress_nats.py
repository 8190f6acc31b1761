"""Three NATS servers, a bridge and a consumer with a cursor, each of which dies, and
the network between them: in the end the consumer has every event, in order and
once, and so has the stream, in each of its replicas."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

import pynng
import pytest

from harness import nats as real_nats
from harness.bridge import Bridge
from harness.build import SLOWNESS
from harness.bus import Bus
from harness.consumer import Durable, NotingProcess, journal_of, losses
from harness.factories import StartBridge, StartBus
from harness.gapless import digest_of
from harness.mirror import caught_up, frames, same_rows, state_is, state_of
from harness.namespace import Namespace, namespace
from harness.nats import Cluster, Place
from harness.net import free_port
from harness.stress import dice, size
from harness.wait import meanwhile
from harness.websocket import connect

pytestmark = [pytest.mark.stress, pytest.mark.long]

EVENTS = size(8_000, 100_000)
ROUNDS = size(1, 3)
#: Fed while the stream is no more than two of them behind, and no faster than this:
#: the journal, which has to have all in the end, keeps 1 GiB.
BURST = 500
BURST_SECONDS = 0.25
SECONDS = (60 + EVENTS / 100) * SLOWNESS
USER = "bridge:proof-password"


class Network:
    """Between the bridge and the servers. Where nobody may lay cables, servers
    that are stopped keep silent as well."""

    def __init__(self, cluster: Cluster, inside: Namespace | None) -> None:
        self._cluster = cluster
        self._inside = inside

    def cut(self) -> None:
        if self._inside:
            self._inside.pull_the_cable()
        else:
            for server in self._cluster.servers:
                server.hang()

    def mend(self) -> None:
        if self._inside:
            self._inside.plug_in()
        else:
            for server in self._cluster.servers:
                server.go_on()


class Chaos:
    """All that runs, and what may become of it."""

    def __init__(
        self, start: StartBridge, bus: StartBus, place: Place, cluster: Cluster
    ) -> None:
        self.place = place
        self.cluster = cluster
        self.chance = dice()
        self._start = start
        self._bus = bus
        self._channel = {"wsPort": free_port(), "heartbeat": {"enabled": False}}
        self.bridge: Bridge
        self.program: Bus

    async def begin(self) -> None:
        settings = {"nats": self.place.settings()}
        self.bridge = await self._start(self._channel, settings)
        self.program = self._bus(self.bridge)

    async def acked(self) -> int:
        return int((await state_of(self.program))["acked"])

    async def newest(self) -> int:
        return int((await self.program.call("bridge.ping"))["data"]["seq"])

    async def is_hungry(self) -> None:
        """Wait until the stream has almost all that there is."""
        while (await state_of(self.program))["lag"] > 2 * BURST:
            await asyncio.sleep(0.02)

    async def flows(self) -> None:
        """Wait until more gets there than a moment ago."""
        before = await self.acked()
        while await self.acked() < before + BURST:
            await asyncio.sleep(0.05)
        await asyncio.sleep(self.chance.uniform(0.0, 0.3))

    # -- what happens --------------------------------------------------------

    async def lose_a_follower(self) -> None:
        follower = await self.cluster.follower(self.place.stream)
        follower.kill()
        await self.flows()
        await follower.restart()

    async def lose_the_leader(self) -> None:
        leader = await self.cluster.led(self.place.stream)
        leader.kill()
        await self.flows()
        await leader.restart()

    async def lose_the_network(self, network: Network) -> None:
        network.cut()
        while (await state_of(self.program))["state"] == "ok":
            await asyncio.sleep(0.05)
        network.mend()

    async def lose_the_bridge(self) -> None:
        await self.bridge.kill()
        await self.program.close()
        await self.begin()


async def feed(chaos: Chaos) -> None:
    """Bursts of events, by a peer that comes back whenever its link is gone."""
    gone = OSError, asyncio.IncompleteReadError, AssertionError, pynng.NNGException
    while True:
        with contextlib.suppress(*gone):
            async with await connect(chaos.bridge.url()) as peer:
                while True:
                    pause = asyncio.sleep(BURST_SECONDS)
                    await asyncio.gather(chaos.is_hungry(), pause)
                    for piece in frames(BURST):
                        await peer.send_bytes(piece)
        await asyncio.sleep(0.05)


async def kill_now_and_then(consumer: NotingProcess, chaos: Chaos) -> None:
    while True:
        await asyncio.sleep(chaos.chance.uniform(2, 4) * SLOWNESS)
        consumer.kill()
        consumer.start()


async def test_every_event_gets_to_the_consumer_once_and_in_order(
    bridge: StartBridge, bus: StartBus, tmp_path: Path
) -> None:
    user, _, password = USER.partition(":")
    rights = {"authorization": {"user": user, "password": password}}
    with (
        namespace() as inside,
        real_nats.cluster(
            tmp_path, settings=rights, userinfo=USER, inside=inside
        ) as cluster,
    ):
        async with real_nats.place(cluster.servers, replicas=3) as place:
            chaos = Chaos(bridge, bus, place, cluster)
            await chaos.begin()
            await state_is(chaos.program, "ok")
            consumer = Durable(place, bridge.folder, inside)
            consumer.start()
            try:
                newest = await go_through_all(
                    chaos, consumer, Network(cluster, inside)
                )
                await caught_up(chaos.program, place, SECONDS)
                await consumer.has(newest, SECONDS)
            finally:
                consumer.kill()
            journal = await journal_of(chaos.program)
            assert losses(journal) == []
            assert consumer.notes()[:newest] == journal[:newest]
            await cluster.agree(place.stream)
            stored = await place.messages()
    epoch = chaos.bridge.epoch
    found = [message.id for message in stored]
    wanted = [f"{epoch}-{seq}" for seq in range(1, len(found) + 1)]
    same_rows(found, wanted)
    skip = len(place.prefix) + 1
    for message, (_, digest) in zip(stored, journal):
        topic = message.subject[skip:].encode()
        assert digest_of(topic + b"\0" + message.payload) == digest


async def go_through_all(
    chaos: Chaos, consumer: NotingProcess, network: Network
) -> int:
    """All that may happen, while events come; gives the newest one's seq."""
    async with meanwhile(kill_now_and_then(consumer, chaos)):
        async with meanwhile(feed(chaos)):
            for _ in range(ROUNDS):
                await chaos.flows()
                await chaos.lose_a_follower()
                await chaos.lose_the_leader()
                await chaos.lose_the_network(network)
                await chaos.flows()
                await chaos.lose_the_bridge()
                await chaos.flows()
            while (newest := await chaos.newest()) < EVENTS:
                await asyncio.sleep(0.05)
    return newest
