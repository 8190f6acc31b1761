"""A stream of three replicas: many events are on their way into it at once, and
one where other bridges write to it as well."""

from __future__ import annotations

from typing import Any

from harness.bridge import Bridge
from harness.build import SLOWNESS
from harness.bus import Bus
from harness.factories import StartBridge, StartBus
from harness.mirror import fed, mirrored, same_rows, state_fits, state_of
from harness.nats import Cluster, Place
from harness.wait import meanwhile
from harness.websocket import connect

#: Within which each bridge looks for others.
LOOK_SECONDS = 8.0 * SLOWNESS
#: A bridge that comes waits for fifteen seconds.
HEARD_SECONDS = 15.0 + 10.0 * SLOWNESS
EVENTS = 1000


def account(name: str) -> dict[str, Any]:
    return {"accounts": {name: {"wsPort": 0, "wsPath": "/", "heartbeat": {"enabled": False}}}}


async def keep_feeding(to: Bridge, program: Bus) -> None:
    """In bursts."""
    async with await connect(to.url()) as peer:
        while True:
            await fed(program, peer, 200)
            await state_fits(program, lambda state: state["lag"] == 0, HEARD_SECONDS)


def seqs_of(ids: list[str], epoch: str) -> list[int]:
    return [int(seq) for of, _, seq in (id.rpartition("-") for id in ids) if of == epoch]


async def test_many_are_on_their_way_while_one_bridge_writes(
    bridge: StartBridge,
    bus: StartBus,
    replicated_nats: Place,
    nats_cluster: Cluster,
) -> None:
    only = await bridge(account("one"), {"nats": replicated_nats.settings()})
    program = bus(only)
    await state_fits(program, lambda state: state["window"] > 1)
    async with await connect(only.url()) as peer:
        await fed(program, peer, EVENTS)
    await mirrored(program, replicated_nats)
    assert (await state_of(program))["refused"] == 0
    await nats_cluster.agree(replicated_nats.stream)


async def test_each_goes_alone_once_another_bridge_writes_as_well(
    bridge: StartBridge,
    other: StartBridge,
    bus: StartBus,
    replicated_nats: Place,
    nats_cluster: Cluster,
) -> None:
    settings = {"nats": replicated_nats.settings()}
    first = await bridge(account("one"), settings)
    of_first = bus(first)
    await state_fits(of_first, lambda state: state["window"] > 1)
    async with meanwhile(keep_feeding(first, of_first)):
        second = await other(account("two"), settings)
        of_second = bus(second)
        await state_fits(of_second, lambda state: state["state"] == "ok")
        assert (await state_of(of_second))["window"] == 1
        async with await connect(second.url()) as peer:
            await fed(of_second, peer, 200)
        await state_fits(of_first, lambda state: state["window"] == 1, LOOK_SECONDS)
        # Until all must have heard of it, it publishes nothing.
        assert (await state_of(of_second))["published"] == 0
        await state_fits(of_second, lambda state: state["lag"] == 0, HEARD_SECONDS)
    await state_fits(of_first, lambda state: state["lag"] == 0)
    ids = [message.id for message in await replicated_nats.messages()]
    for epoch in (first.epoch, second.epoch):
        seqs = seqs_of(ids, epoch)
        assert len(seqs) > 200
        same_rows(seqs, list(range(1, len(seqs) + 1)))
    await nats_cluster.agree(replicated_nats.stream)
