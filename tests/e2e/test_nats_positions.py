"""Where the stream is not what the bridge remembers of it, the stream decides."""

from __future__ import annotations

import shutil
from pathlib import Path

from harness.factories import StartBridge, StartBus
from harness.mirror import (
    caught_up,
    fed,
    kept,
    row_of,
    rows_of,
    same_rows,
    state_is,
    state_of,
)
from harness.nats import Place
from harness.websocket import connect

QUIET = {"heartbeat": {"enabled": False}}
EVENTS = 300


async def run(start: StartBridge, bus: StartBus, place: Place, count: int) -> None:
    """A bridge comes, publishes so many events, and ends in order."""
    b = await start(QUIET, {"nats": place.settings()})
    program = bus(b)
    await state_is(program, "ok")
    async with await connect(b.url()) as peer:
        await fed(program, peer, count)
    await caught_up(program, place)
    await program.close()
    await b.stop()


async def test_a_stream_that_was_deleted_goes_on_with_what_was_not_in_it(
    bridge: StartBridge, bus: StartBus, nats: Place
) -> None:
    await run(bridge, bus, nats, EVENTS)
    before = len(await nats.messages())
    await (await nats.jetstream()).delete_stream(nats.stream)
    b = await bridge(QUIET, {"nats": nats.settings()})
    program = bus(b)
    async with await connect(b.url()) as peer:
        await fed(program, peer, EVENTS)
    await caught_up(program, nats)
    whole = [row_of(event, nats) for event in await kept(program)]
    same_rows(rows_of(await nats.messages()), whole[before:])


async def test_a_stream_that_is_deleted_meanwhile_is_made_anew(
    bridge: StartBridge, bus: StartBus, nats: Place
) -> None:
    b = await bridge(QUIET, {"nats": nats.settings()})
    program = bus(b)
    async with await connect(b.url()) as peer:
        await fed(program, peer, EVENTS)
        await caught_up(program, nats)
        before = len(await nats.messages())
        await (await nats.jetstream()).delete_stream(nats.stream)
        await fed(program, peer, EVENTS)
    await caught_up(program, nats)
    whole = [row_of(event, nats) for event in await kept(program)]
    same_rows(rows_of(await nats.messages()), whole[before:])


async def test_what_was_purged_is_not_published_again(
    bridge: StartBridge, bus: StartBus, nats: Place
) -> None:
    await run(bridge, bus, nats, EVENTS)
    before = len(await nats.messages())
    await (await nats.jetstream()).purge_stream(nats.stream)
    b = await bridge(QUIET, {"nats": nats.settings()})
    program = bus(b)
    async with await connect(b.url()) as peer:
        await fed(program, peer, EVENTS)
    await caught_up(program, nats)
    whole = [row_of(event, nats) for event in await kept(program)]
    same_rows(rows_of(await nats.messages()), whole[before:])


async def test_a_stream_that_has_lost_its_end_is_filled_up(
    bridge: StartBridge, bus: StartBus, own_nats: Place, tmp_path: Path
) -> None:
    """As after a power cut: what a server acknowledged it may not have had on
    its disk."""
    store, copy = tmp_path / own_nats.server.name, tmp_path / "copy"
    await run(bridge, bus, own_nats, EVENTS)
    own_nats.server.stop()
    shutil.copytree(store, copy)
    await own_nats.server.restart()
    await run(bridge, bus, own_nats, EVENTS)
    own_nats.server.stop()
    shutil.rmtree(store)
    copy.rename(store)
    await own_nats.server.restart()
    b = await bridge(QUIET, {"nats": own_nats.settings()})
    program = bus(b)
    async with await connect(b.url()) as peer:
        await fed(program, peer, EVENTS)
    await caught_up(program, own_nats)
    whole = [row_of(event, own_nats) for event in await kept(program)]
    same_rows(rows_of(await own_nats.messages()), whole)


async def test_how_far_it_is_behind_is_known_before_a_server_is_reached(
    bridge: StartBridge, bus: StartBus, own_nats: Place
) -> None:
    await run(bridge, bus, own_nats, EVENTS)
    own_nats.server.kill()
    b = await bridge(QUIET, {"nats": own_nats.settings()})
    async with await connect(b.url()) as peer:
        await fed(bus(b), peer, EVENTS)
    await b.stop()
    again = await bridge(QUIET, {"nats": own_nats.settings()})
    program = bus(again)
    state = await state_of(program)
    assert state["state"] == "connecting"
    assert state["acked"] >= EVENTS
    assert state["lag"] >= EVENTS
    await own_nats.server.restart()
    await caught_up(program, own_nats)
    whole = [row_of(event, own_nats) for event in await kept(program)]
    same_rows(rows_of(await own_nats.messages()), whole)
