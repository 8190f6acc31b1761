"""A journal that cannot be opened, or not be written any more."""

import asyncio
import os
from pathlib import Path
from typing import Any

from harness.build import WAIT
from harness.bus import Bus
from harness.consumer import journal_of, losses
from harness.disk import small_disk
from harness.factories import StartBridge, StartBus, StartSim
from harness.gapless import digest_of

STOPS = {"journal": {"onError": "stop"}}


async def journal_state(program: Bus) -> dict[str, Any]:
    return dict((await program.call("bridge.status"))["data"]["journal"])


async def test_a_read_only_disk_is_told_and_events_go_on(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    with small_disk(bridge.folder / "state", 8) as disk:
        first = await bridge(wrapper=disk.wrapper)
        await sim(first, auto_reconnect=False)
        await first.kill()
        disk.make_read_only()
        b = await bridge(wrapper=disk.wrapper)
        await b.wait_for_line("journal: cannot write: ")
        program = bus(b)
        state = await journal_state(program)
        assert state["state"] == "failing"
        assert f"{disk.path}/journal." in state["fault"]
        assert "ead-only file system" in state["fault"]
        subscriber = await program.subscribe()
        await (await sim(b)).group_message(20002, 30001, "still here")
        event = await subscriber.next_event("qq.group.*")
        # It can not know where the numbers go on.
        assert event.envelope["epoch"] == b.epoch != first.epoch
        disk.make_writable()
        await b.wait_for_line(f"the journal there is another one (epoch {first.epoch})")


async def test_a_disk_that_can_be_written_later_gets_all_of_it(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    with small_disk(bridge.folder / "state", 8) as disk:
        disk.make_read_only()
        b = await bridge(wrapper=disk.wrapper)
        peer = await sim(b)
        program = bus(b)
        subscriber = await program.subscribe()
        disk.make_writable()
        await b.wait_for_line("journal: writes again, and has missed nothing")
        await subscriber.next_event("qq.bridge.*.journal.ok")
        await peer.group_message(20002, 30001, "after that")
        await subscriber.next_event("qq.group.*")
        journal = await journal_of(program)
        assert len(journal) >= 3 and losses(journal) == []
        await b.kill()
        again = bus(await bridge(wrapper=disk.wrapper))
        assert await journal_of(again) == journal


async def test_a_read_only_disk_ends_a_bridge_that_is_to_stop(
    bridge: StartBridge,
) -> None:
    with small_disk(bridge.folder / "state", 8) as disk:
        disk.make_read_only()
        b = bridge.prepare(None, STOPS, wrapper=disk.wrapper)
        b.expected = 1
        await b.launch()
        assert await b.ended() == 1
        (line,) = b.lines("journal: ")
        assert "Read-only file system" in line


def damage(folder: Path) -> bytes:
    """Overwrite the head of the file, and all that was beside it."""
    file = folder / "state/journal.db"
    for suffix in ("-wal", "-shm"):
        Path(f"{file}{suffix}").unlink(missing_ok=True)
    data = os.urandom(8192)
    file.write_bytes(data)
    return data


async def test_a_damaged_file_is_set_aside_and_a_new_one_begun(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    first = await bridge()
    await sim(first, auto_reconnect=False)
    await first.kill()
    data = damage(bridge.folder)
    b = await bridge()
    (line,) = b.lines("journal: the file is damaged: ")
    (kept,) = (bridge.folder / "state").glob("journal.db.damaged-*")
    assert str(kept) in line
    assert kept.read_bytes() == data
    assert b.epoch != first.epoch
    program = bus(b)
    assert (await journal_state(program))["state"] == "ok"
    await sim(b, auto_reconnect=False)
    while not (journal := await journal_of(program)):
        pass  # the link is up a moment before it is told of
    assert losses(journal) == []
    await b.kill()
    assert (await bridge()).epoch == b.epoch


async def test_a_damaged_file_ends_a_bridge_that_is_to_stop(bridge: StartBridge) -> None:
    first = await bridge()
    await first.kill()
    data = damage(bridge.folder)
    b = bridge.prepare(None, STOPS)
    b.expected = 1
    await b.launch()
    assert await b.ended() == 1
    (line,) = b.lines("journal: ")
    assert f"{bridge.folder}/state/journal.db: file is not a database" in line
    assert "; move it away to begin anew" in line
    assert (bridge.folder / "state/journal.db").read_bytes() == data


def elsewhere(folder: Path) -> dict[str, Any]:
    return {
        "events": [f"ipc://{folder}/events2"],
        "actions": [f"ipc://{folder}/actions2"],
    }


async def test_a_file_that_is_removed_is_missed_and_begun_anew(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    b = await bridge()
    program = bus(b)
    subscriber = await program.subscribe()
    peer = await sim(b)
    await peer.group_message(20002, 30001, "before")
    removed = (await subscriber.next_event("qq.group.*")).seq
    assert losses(await journal_of(program)) == []
    (bridge.folder / "state/journal.db").unlink()

    async def speak() -> None:
        while not b.lines("journal: cannot write: the file has been removed"):
            await peer.group_message(20002, 30001, "meanwhile")
            await subscriber.next_event("qq.group.*")

    await asyncio.wait_for(speak(), WAIT)
    await b.wait_for_line("journal: writes again")
    await peer.group_message(20002, 30001, "after")
    newest = (await subscriber.next_event("qq.group.*")).seq
    journal = await journal_of(program)
    lost = losses(journal)
    assert lost == list(range(1, lost[-1] + 1))
    assert removed <= lost[-1] < newest <= len(journal)
    heard = {
        (event.seq, digest_of(event.topic.encode() + b"\0" + event.payload))
        for event in subscriber.events
        if event.seq > lost[-1]
    }
    assert heard and heard <= set(journal)
    await b.kill()
    again = await bridge()
    assert again.epoch == b.epoch
    assert await journal_of(bus(again)) == journal


async def test_a_second_bridge_leaves_the_journal_to_the_first(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    first = await bridge()
    second = await bridge(None, elsewhere(bridge.folder))
    await second.wait_for_line(
        f"journal: cannot write: {bridge.folder}/state: another onebus keeps its "
        "journal there: give each its own bridge.stateDir"
    )
    assert second.epoch != first.epoch
    for b in (first, second):
        subscriber = await bus(b).subscribe()
        await (await sim(b)).group_message(20002, 30001, "hello")
        assert (await subscriber.next_event("qq.group.*")).envelope["epoch"] == b.epoch
    assert (await journal_state(bus(first)))["state"] == "ok"
    state = await journal_state(bus(second))
    assert (state["state"], state["oldest"]) == ("failing", 1)
    # Nor does it take the journal over once the first one has gone.
    await first.stop()
    await second.wait_for_line("the journal there is another one")
    assert (await journal_state(bus(second)))["state"] == "failing"


async def test_a_second_bridge_that_is_to_stop_does(bridge: StartBridge) -> None:
    await bridge()
    second = bridge.prepare(None, elsewhere(bridge.folder) | STOPS)
    second.expected = 1
    await second.launch()
    assert await second.ended() == 1
    (line,) = second.lines("journal: ")
    assert "another onebus keeps its journal there" in line
