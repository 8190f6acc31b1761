"""A journal of many events: the start does not take longer, what is asked of
one chat is found at once, and nothing else waits meanwhile."""

import asyncio
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from harness.big_journal import EPOCH, BigJournal
from harness.build import SLOWNESS
from harness.bus import Bus, Event, read_event
from harness.factories import StartBridge, StartBus
from harness.frames import group_message
from harness.marks import ONE_AT_A_TIME
from harness.stress import size
from harness.websocket import connect

pytestmark = [pytest.mark.stress, ONE_AT_A_TIME]

COUNT = size(200_000, 2_000_000)
RARE = 20002
#: So that the group has 1,000.
JOURNAL = BigJournal(COUNT, rare=RARE, every=COUNT // 1000)
LARGE = {"journal": {"maxBytes": "8GiB"}}
TRIES = 5
ROUNDS = 5


async def start_ms(bridge: StartBridge, folder: Path) -> float:
    """How long one start takes."""
    made = bridge.prepare(None, LARGE | {"stateDir": str(folder)})
    begun = time.perf_counter()
    await made.start()
    took = (time.perf_counter() - begun) * 1000
    await made.kill()
    return took


async def fastest_of(look: Any) -> tuple[float, Any]:
    """Seconds, and what was found; others may have had the machine meanwhile."""
    best, found = float("inf"), None
    for _ in range(TRIES):
        begun = time.perf_counter()
        found = await look()
        best = min(best, time.perf_counter() - begun)
    return best, found


async def replay(program: Bus, **params: Any) -> list[Event]:
    events: list[Event] = []
    while True:
        page = (await program.call("bridge.replay", params))["data"]
        assert page["lost"] == []
        events += map(read_event, page["events"])
        params["after"] = page["next"]
        if not page["truncated"]:
            return events


async def history(program: Bus) -> list[Event]:
    params = {"group_id": RARE, "limit": 1000}
    reply = await program.call("bridge.history", params)
    return [read_event(message) for message in reply["data"]["events"]]


def seqs_of_group() -> list[int]:
    return [JOURNAL.every * (number + 1) for number in range(1000)]


@pytest.fixture(scope="module")
def large() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        JOURNAL.write(Path(folder) / "large")
        yield Path(folder) / "large"


async def test_a_start_does_not_take_longer(bridge: StartBridge, large: Path) -> None:
    took: dict[Path, list[float]] = {bridge.folder / "empty": [], large: []}
    for _ in range(TRIES):
        for folder, times in took.items():
            times.append(await start_ms(bridge, folder))
    empty, full = map(min, took.values())
    print(f"start: {empty:.0f} ms empty, {full:.0f} ms with {COUNT} events")
    assert full < empty + 150 * SLOWNESS


async def test_what_is_asked_of_one_chat_is_found_at_once(
    bridge: StartBridge, bus: StartBus, large: Path
) -> None:
    b = await bridge(None, LARGE | {"stateDir": str(large)})
    assert b.epoch == EPOCH
    program = bus(b)
    seconds, events = await fastest_of(lambda: history(program))
    print(f"history: {seconds * 1000:.0f} ms")
    assert [event.seq for event in events] == seqs_of_group()
    assert seconds < 1 * SLOWNESS
    topics = [f"qq.group.{RARE}.*"]
    seconds, events = await fastest_of(lambda: replay(program, after=0, topics=topics))
    print(f"replay: {seconds * 1000:.0f} ms")
    assert [event.seq for event in events] == seqs_of_group()
    assert seconds < 1 * SLOWNESS


async def test_a_chat_that_has_been_quiet_for_long_has_its_history(
    bridge: StartBridge, bus: StartBus
) -> None:
    state = bridge.folder / "quiet"
    journal = BigJournal(3000, rare=RARE, every=3)
    journal.write(state)
    journal.add_others(state, 2_000_000)
    program = bus(await bridge(None, {"stateDir": str(state)}))
    events = await history(program)
    assert [event.seq for event in events] == list(range(3, 3001, 3))


async def read_again_and_again(program: Bus) -> None:
    """Look at each event of the journal, of which none is wanted, and at a
    chat."""
    for _ in range(ROUNDS):
        assert await replay(program, after=0, topics=["qq.*.*.notice.*"]) == []
        assert len(await history(program)) == 1000


async def test_events_and_calls_go_on_while_all_of_it_is_read(
    bridge: StartBridge, bus: StartBus, large: Path
) -> None:
    b = await bridge(None, LARGE | {"stateDir": str(large)})
    program = bus(b)
    subscriber = await program.subscribe("qq.group.20003.*")
    reading = asyncio.gather(*(read_again_and_again(bus(b)) for _ in range(4)))
    calls: list[float] = []
    events: list[float] = []
    async with await connect(b.url()) as peer:
        while not reading.done():
            begun = time.perf_counter()
            await peer.send_json(group_message(group_id=20003))
            await subscriber.next_event()
            events.append((time.perf_counter() - begun) * 1000)
            begun = time.perf_counter()
            assert (await program.call("bridge.ping"))["status"] == "ok"
            calls.append((time.perf_counter() - begun) * 1000)
    await reading
    # The test itself takes part of that, for what the readers get.
    for what, times in (("event", events), ("call", calls)):
        print(
            f"{what}: {middle(times):.1f} ms in the middle of {len(times)}, "
            f"{max(times):.0f} at most"
        )
        assert middle(times) < 50 * SLOWNESS


def middle(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]
