"""Much coming and going for a while: nothing is lost, and nothing piles up.

Ten seconds, or as many minutes as ONEBUS_SOAK_MINUTES says (`./dev soak`)."""

import os

import pytest
from onebus.sim import Simulator

from harness.bridge import Bridge
from harness.build import CALLERS_LEAVE, WAIT
from harness.bus import Bus
from harness.consumer import Consumer, journal_of, losses
from harness.factories import StartBridge, StartBus, StartSim
from harness.soak import EXPECTED, FRIEND, GROUP, SETTINGS, Soak, accounts
from harness.stress import dice
from harness.wait import until

MINUTES = float(os.environ.get("ONEBUS_SOAK_MINUTES", "0"))
SECONDS = MINUTES * 60 or 10

#: Tables of ids and chats grow to their bounds first; from then on this is for
#: what the allocator does.
MINUTES_TO_FILL = 5
GROWTH_MIB_MAX = 4.0
#: What SQLite and NNG open as they need it.
DESCRIPTORS_MORE = 4


@pytest.mark.long
async def test_nothing_is_lost_and_nothing_piles_up(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    b = await bridge(accounts("ab"), SETTINGS, env=CALLERS_LEAVE)
    program = bus(b)
    peers = [
        await sim(b, name, self_id=10001 + place, reconnect_interval=0.1)
        for place, name in enumerate("ab")
    ]
    consumer = Consumer(b, "steady")
    consumer.start()
    try:
        await live_long(b, program, peers, consumer)
    finally:
        consumer.kill()


async def live_long(
    b: Bridge, program: Bus, peers: list[Simulator], consumer: Consumer
) -> None:
    last = await program.call("bridge.ping")
    await consumer.has(last["data"]["seq"])
    descriptors = b.fd_count()
    soak = Soak(b, program, peers, dice())
    try:
        await soak.run(SECONDS)
    finally:
        print(soak.report())
    assert set(soak.outcomes) <= EXPECTED
    await all_has_come(program, peers, consumer)
    await until(
        lambda: b.fd_count() <= descriptors + DESCRIPTORS_MORE,
        f"at most {descriptors} descriptors",
        2 * WAIT,
    )
    assert len(set(soak.usage.threads)) <= 3
    if MINUTES >= MINUTES_TO_FILL:
        assert soak.usage.growth_mib() < GROWTH_MIB_MAX


async def all_has_come(
    program: Bus, peers: list[Simulator], consumer: Consumer
) -> None:
    """Nothing is under way any more: the last event has come through, and all
    before it."""
    for peer in peers:
        await peer.connected(WAIT)
        await peer.group_message(GROUP, FRIEND, "the end")
        await peer.flush()
    seq = (await program.call("bridge.ping"))["data"]["seq"]
    await consumer.has(seq, 2 * WAIT)
    events = await journal_of(program)
    assert losses(events) == []
    notes = consumer.notes()
    assert notes == events[: len(notes)] and len(notes) >= seq
