"""Several bridges on one stream: each account is one bridge's at a time, and a
bridge that has to wait is a standby."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import msgpack
import nats.errors as nats_errors
import pytest

from harness.bridge import Bridge
from harness.build import SLOWNESS, WAIT
from harness.bus import Bus
from harness.factories import StartBridge, StartBus, StartSim
from harness.mirror import caught_up, mirrored, state_is, state_of
from harness.nats import Place, Stored
from harness.net import free_port

#: A look that comes every two seconds or so.
LOOK_SECONDS = 8.0 * SLOWNESS

#: A lease lives fifteen seconds, and is then found to be free.
TAKEOVER_SECONDS = 20.0 + 8.0 * (SLOWNESS - 1)

HOUR_MS = 60 * 60 * 1000


def accounts(*names: str) -> dict[str, Any]:
    return {
        "accounts": {name: {"wsPort": 0, "wsPath": f"/{name}"} for name in names}
    }


def epochs(stored: list[Stored]) -> set[str]:
    return {message.id.rpartition("-")[0] for message in stored}


def is_of(bridge: Bridge, message: Stored) -> bool:
    return message.id.startswith(bridge.epoch)


def texts(stored: list[Stored]) -> list[str]:
    """What was said in the events of groups."""
    return [
        msgpack.unpackb(message.payload)["text"]
        for message in stored
        if ".group." in message.subject
    ]


def make_older(state: Path) -> None:
    """All that the journal has happened an hour ago."""
    with sqlite3.connect(state / "journal.db") as db:
        db.execute("UPDATE event SET time_ms = time_ms - ?", (HOUR_MS,))
    db.close()


async def test_a_second_bridge_waits_and_does_all_else(
    bridge: StartBridge,
    other: StartBridge,
    bus: StartBus,
    sim: StartSim,
    nats: Place,
) -> None:
    first = await bridge(bridge={"nats": nats.settings()})
    await state_is(bus(first), "ok")
    second = await other(bridge={"nats": nats.settings()})
    program = bus(second)
    held = await state_is(program, "held", "account default")
    for word in (first.epoch, f"process {first.pid}"):
        assert word in held["fault"]
    line = await second.wait_for_line("account default is held")
    assert line["level"] == "error"
    subscriber = await program.subscribe()
    peer = await sim(second)
    await peer.group_message(20002, 30001, "hello")
    event = await subscriber.next_event("qq.group.*")
    assert event.envelope["text"] == "hello"
    assert (await program.call("get_login_info"))["status"] == "ok"
    assert await nats.messages() == []
    client = await nats.client()
    for _ in range(20):
        await client.request(
            f"{nats.prefix}.qq.action.default", b'{"action":"bridge.ping"}', WAIT
        )
    assert (await state_of(program))["requests"] == 0
    # It is followed as soon as it has stopped.
    assert await first.stop() == 0
    await state_is(program, "ok", seconds=LOOK_SECONDS)
    await caught_up(program, nats)
    assert "hello" in texts(await nats.messages())
    assert len(second.lines("is held by another")) == 1


@pytest.mark.long
async def test_a_bridge_that_dies_is_followed_where_it_ended(
    bridge: StartBridge,
    other: StartBridge,
    bus: StartBus,
    sim: StartSim,
    nats: Place,
) -> None:
    first = await bridge(bridge={"nats": nats.settings()})
    port = {"wsPort": free_port()}
    standby = await other(port)
    peer = await sim(standby)
    await peer.group_message(20002, 30001, "long ago")
    assert await standby.stop() == 0
    make_older(other.folder / "state")
    await state_is(bus(first), "ok")
    second = await other(port, {"nats": nats.settings()})
    program = bus(second)
    await state_is(program, "held")
    await peer.connected(WAIT)
    await peer.group_message(20002, 30001, "before")
    await first.kill()
    await peer.group_message(20002, 30001, "after")
    await state_is(program, "ok", seconds=TAKEOVER_SECONDS)
    await peer.group_message(20002, 30001, "now")
    await caught_up(program, nats)
    of_second = [m for m in await nats.messages() if is_of(second, m)]
    assert texts(of_second) == ["before", "after", "now"]
    # The one that died is the standby now.
    back = bridge.prepare(settings=first.settings)
    await back.start()
    await state_is(bus(back), "held", second.epoch)


async def test_a_bridge_that_died_has_its_own_names_back_at_once(
    bridge: StartBridge, bus: StartBus, sim: StartSim, nats: Place
) -> None:
    first = await bridge({"wsPort": free_port()}, {"nats": nats.settings()})
    peer = await sim(first)
    await peer.group_message(20002, 30001, "before")
    await state_is(bus(first), "ok")
    await first.kill()
    again = await bridge(settings=first.settings)
    program = bus(again)
    await state_is(program, "ok", seconds=LOOK_SECONDS)
    assert again.lines("is held by another") == []
    await peer.connected(WAIT)
    await peer.group_message(20002, 30001, "after")
    assert texts(await mirrored(program, nats)) == ["before", "after"]


async def test_bridges_with_other_accounts_share_a_stream(
    bridge: StartBridge,
    other: StartBridge,
    bus: StartBus,
    sim: StartSim,
    nats: Place,
) -> None:
    first = await bridge(accounts("one", "two"), {"nats": nats.settings()})
    second = await other(accounts("three"), {"nats": nats.settings()})
    peers = [await sim(first, "one"), await sim(second, "three", self_id=10003)]
    programs = [bus(first), bus(second)]
    for program in programs:
        await state_is(program, "ok")
    for number in range(50):
        for peer in peers:
            await peer.group_message(20002, 30001, f"{number}")
    deadline = asyncio.get_running_loop().time() + WAIT
    while (lags := [(await state_of(p))["lag"] for p in programs]) != [0, 0]:
        assert asyncio.get_running_loop().time() < deadline, lags
        await asyncio.sleep(0.02)
    stored = await nats.messages()
    assert epochs(stored) == {first.epoch, second.epoch}
    for b in (first, second):
        own = [message for message in stored if is_of(b, message)]
        assert texts(own) == [f"{number}" for number in range(50)]
        seqs = [int(message.id.rpartition("-")[2]) for message in own]
        assert seqs == sorted(set(seqs))


async def test_a_copy_of_a_state_directory_is_found_out(
    bridge: StartBridge, other: StartBridge, bus: StartBus, nats: Place
) -> None:
    first = await bridge(bridge={"nats": nats.settings()})
    await state_is(bus(first), "ok")
    assert await first.stop() == 0
    shutil.copytree(bridge.folder / "state", other.folder / "state")
    again = await bridge(settings=first.settings)
    program = bus(again)
    await state_is(program, "ok")
    copy = await other(bridge={"nats": nats.settings()})
    assert copy.epoch == again.epoch
    await state_is(bus(copy), "ok")
    held = await state_is(program, "held", "stateDir", LOOK_SECONDS)
    assert f"process {copy.pid}" in held["fault"]
    # They do not take it from each other for ever.
    await state_is(bus(copy), "ok")
    assert await copy.stop() == 0
    await state_is(program, "ok", seconds=LOOK_SECONDS)


async def test_names_follow_the_settings(
    bridge: StartBridge, other: StartBridge, bus: StartBus, nats: Place
) -> None:
    own = {"nats": nats.settings()}
    first = await bridge(accounts("one", "two"), own)
    program = bus(first)
    await state_is(program, "ok")
    second = await other(accounts("two"), own)
    await state_is(bus(second), "held", "account two")
    first.rewrite(accounts("one", "three"), own)
    assert (await program.call("bridge.reload"))["status"] == "ok"
    await state_is(bus(second), "ok", seconds=LOOK_SECONDS)
    await state_is(program, "ok")
    # All or none: one that is another's holds up the rest.
    first.rewrite(accounts("one", "two"), own)
    assert (await program.call("bridge.reload"))["status"] == "ok"
    await state_is(program, "held", "account two", LOOK_SECONDS)
    client = await nats.client()
    with pytest.raises(nats_errors.NoRespondersError):
        await client.request(f"{nats.prefix}.qq.action.one", b"{}", WAIT)


async def test_a_bucket_whose_entries_live_for_ever_is_not_used(
    bridge: StartBridge, bus: StartBus, nats: Place
) -> None:
    js = await nats.jetstream()
    await js.create_key_value(bucket=nats.bucket)
    b = await bridge(bridge={"nats": nats.settings()})
    await state_is(bus(b), "failing", nats.bucket)
    assert not await nats.exists()
    assert await js.delete_key_value(nats.bucket)
    await state_is(bus(b), "ok")
