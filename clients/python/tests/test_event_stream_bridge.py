"""Streams of events from the real bridge: killed, stopped, too fast, forgetful."""

from __future__ import annotations

import contextlib
import functools
import os
import resource
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import anyio
import anyio.to_thread
import pytest

from onebus.bot import Bot
from onebus.bus import Bus, connect
from onebus.cursors import MemoryCursor
from onebus.errors import BadParams
from onebus.event import Event, Gap
from onebus.events import ConfigReloaded, GroupMessage
from onebus.patterns import Patterns
from onebus.raw import peek
from onebus.sim import Simulator
from onebus.stream import EventStream
from onebus.testing import BridgeProcess
from onebus.testing.bridge import merged
from test_patterns import BAD, GOOD, MATCHES

#: How the bridge is found.
WAYS = ("nng", "nats")

SECONDS = 120.0
GROUP, USER = 700, 42

BACKENDS = pytest.mark.parametrize("backend", ["asyncio", "trio"])


@pytest.fixture
def bridge(
    request: pytest.FixtureRequest, way_settings: Mapping[str, Any]
) -> Iterator[BridgeProcess]:
    settings = merged(way_settings, getattr(request, "param", {}))
    with BridgeProcess(settings) as bridge:
        yield bridge


@contextlib.asynccontextmanager
async def peer_of(bridge: BridgeProcess) -> AsyncIterator[Simulator]:
    """A simulated QQ that comes back soon after each break."""
    async with Simulator(
        bridge.url(), token=bridge.token(), reconnect_interval=0.05
    ) as peer:
        await peer.connected()
        yield peer


@contextlib.asynccontextmanager
async def bus_of(bridge: BridgeProcess) -> AsyncIterator[Bus]:
    with anyio.fail_after(SECONDS):
        async with bridge.connect() as bus:
            yield bus


async def say(peer: Simulator, count: int, text: str = "hi") -> None:
    for _ in range(count):
        await peer.group_message(GROUP, USER, text)


async def talk(peer: Simulator, until: anyio.Event) -> None:
    """Speak on and on; what is said while there is no link is said to nobody."""
    while not until.is_set():
        await say(peer, 1)
        await anyio.sleep(0.001)


async def newest(bus: Bus) -> int:
    return int((await bus.bridge.ping())["seq"])


async def next_event(stream: EventStream) -> Event:
    event = await anext(stream)
    assert isinstance(event, Event)
    return event


async def until_newest(stream: Any, bus: Bus) -> list[Any]:
    """All that there is to be had now."""
    last = await newest(bus)
    items: list[Any] = []
    while not items or items[-1].seq < last:
        items.append(await anext(stream))
    return items


def is_whole(items: list[Any], first: int) -> bool:
    """Whether it is every seq once, in order, from `first` on."""
    return [item.seq for item in items] == list(range(first, first + len(items)))


# ---- the bridge ------------------------------------------------------------------


async def disturbed(bridge: BridgeProcess, disturb: Callable[[], None]) -> list[Any]:
    """All events of a bridge that is disturbed while they flow."""
    items: list[Any] = []
    quiet = anyio.Event()
    async with (
        peer_of(bridge) as peer,
        bus_of(bridge) as bus,
        bus.events(since=0) as events,
        anyio.create_task_group() as tasks,
    ):
        tasks.start_soon(talk, peer, quiet)
        for _ in range(3):
            while len(items) % 50 != 49:
                items.append(await anext(events))
            await anyio.to_thread.run_sync(disturb)
            items.append(await anext(events))
        quiet.set()
        items += await until_newest(events, bus)
    return items


async def test_a_bridge_that_is_killed_while_events_flow_loses_none(
    bridge: BridgeProcess,
) -> None:
    def kill() -> None:
        bridge.kill()
        bridge.start()

    items = await disturbed(bridge, kill)
    assert len(items) > 150
    assert is_whole(items, 1)


async def test_a_bridge_that_stands_still_for_a_while_loses_none(
    bridge: BridgeProcess,
) -> None:
    def pause() -> None:
        bridge.pause()
        time.sleep(0.3)
        bridge.resume()

    items = await disturbed(bridge, pause)
    assert len(items) > 150
    assert is_whole(items, 1)


@BACKENDS
def test_it_goes_on_after_a_restart_on_both_loops(
    bridge: BridgeProcess, backend: str
) -> None:
    async def main() -> None:
        async with bus_of(bridge) as bus, bus.events("qq.bridge.") as events:
            for _ in range(3):
                await bus.bridge.reload()
                bridge.restart()
                await bus.bridge.reload()
                for _ in range(2):
                    assert isinstance(await anext(events), ConfigReloaded)

    anyio.run(main, backend=backend)


@pytest.mark.only_nng
@BACKENDS
def test_a_journal_that_was_deleted_is_a_gap_and_then_begun_anew(
    bridge: BridgeProcess, backend: str
) -> None:
    async def main() -> None:
        cursor = MemoryCursor()
        async with bus_of(bridge) as bus, bus.events(cursor=cursor) as events:
            await bus.bridge.reload()
            first = await next_event(events)
            delete_journal(bridge)
            await bus.bridge.reload()
            gap, event = await anext(events), await next_event(events)
            await events.commit(event.seq)
        assert gap == Gap(first.seq + 1, None, "epoch", first.epoch)
        assert event.seq == 1
        assert event.epoch != first.epoch
        assert cursor.position == (event.epoch, 1)

    anyio.run(main, backend=backend)


@pytest.mark.only_nng
@BACKENDS
def test_a_bot_goes_on_when_the_journal_was_deleted(
    bridge: BridgeProcess, backend: str
) -> None:
    async def main() -> None:
        bot, gaps = Bot("qq.bridge.", cursor=MemoryCursor()), list[Gap]()
        handled = anyio.Event()

        @bot.on(ConfigReloaded)
        async def note(_event: Event) -> None:
            handled.set()

        @bot.on_gap
        async def note_gap(gap: Gap) -> None:
            gaps.append(gap)

        async with bus_of(bridge) as bus, bot.running(bus):
            for _ in range(2):
                await bus.bridge.reload()
                await handled.wait()
                handled = anyio.Event()
                delete_journal(bridge)
        assert [gap.reason for gap in gaps] == ["epoch"]

    anyio.run(main, backend=backend)


@pytest.mark.only_nng
@pytest.mark.parametrize(
    "bridge", [{"bridge": {"journal": {"maxBytes": "1MiB"}}}], indirect=True
)
async def test_what_the_journal_has_rolled_past_is_a_gap_that_says_so(
    bridge: BridgeProcess,
) -> None:
    async with peer_of(bridge) as peer, bus_of(bridge) as bus:
        for _ in range(4):
            await say(peer, 300, "x" * 2000)
            await said(bus, peer)
        oldest = (await bus.bridge.status())["journal"]["oldest"]
        assert oldest > 100
        async with bus.events("qq.group.*.message.*", since=3) as events:
            gap = await anext(events)
            items = await until_newest(events, bus)
    assert gap == Gap(4, oldest - 1, "expired", items[0].epoch)
    assert all(isinstance(item, GroupMessage) for item in items)
    assert is_whole(items, oldest)


def delete_journal(bridge: BridgeProcess) -> None:
    bridge.stop()
    for file in Path(bridge.settings["bridge"]["stateDir"]).glob("journal*"):
        file.unlink()
    bridge.start()


async def said(bus: Bus, peer: Simulator) -> None:
    """Wait until the bridge has heard all that the peer has sent."""
    async with bus.events("qq.group.999.*") as events:
        await peer.group_message(999, USER, "end")
        await anext(events)


async def test_the_bridge_takes_the_same_for_patterns_and_matches_the_same(
    bridge: BridgeProcess,
) -> None:
    async with peer_of(bridge) as peer, bus_of(bridge) as bus:
        await say(peer, 2)
        await peer.private_message(USER, "hi")
        await said(bus, peer)
        whole = [peek(m) for m in (await bus.bridge.replay())["events"]]
        for pattern in (*GOOD, *(pattern for pattern, _, _ in MATCHES)):
            found = (await bus.bridge.replay(topics=[pattern]))["events"]
            wanted = Patterns(pattern)
            assert found == [e.data for e in whole if wanted.wants(e.data)], pattern
        for pattern, _ in BAD:
            with pytest.raises(BadParams, match="is no pattern"):
                await bus.bridge.replay(topics=[pattern])


# ---- the consumer ------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["name", "file"])
async def test_a_consumer_that_is_killed_misses_nothing(
    bridge: BridgeProcess, tmp_path: Path, kind: str
) -> None:
    notes = tmp_path / "notes"
    notes.touch()
    where = "logger" if kind == "name" else str(tmp_path / "cursor")
    command = [sys.executable, str(Path(__file__).with_name("event_consumer.py"))]
    command += [bridge.events, bridge.actions, f"{kind}:{where}", str(notes)]
    quiet = anyio.Event()
    async with (
        peer_of(bridge) as peer,
        bus_of(bridge) as bus,
        anyio.create_task_group() as tasks,
    ):
        tasks.start_soon(talk, peer, quiet)
        for _ in range(3):
            size = notes.stat().st_size
            with running(command, bridge) as consumer:
                await until(functools.partial(is_longer, notes, size + 500))
                consumer.kill()
        quiet.set()
        await said(bus, peer)
        last = await newest(bus)
        with running(command, bridge):
            await until(lambda: seqs_of(notes)[-1:] == [last])
    seqs = seqs_of(notes)
    assert sorted(set(seqs)) == list(range(1, last + 1))
    back = [place for place in range(1, len(seqs)) if seqs[place] <= seqs[place - 1]]
    assert len(back) <= 3, "it repeats only what came before it was killed"


@contextlib.contextmanager
def running(
    command: list[str], bridge: BridgeProcess
) -> Iterator[subprocess.Popen[bytes]]:
    own = {**bridge.environment, "PYTHONPATH": _sources()}
    process = subprocess.Popen(command, env={**os.environ, **own})
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def _sources() -> str:
    import onebus

    return str(Path(onebus.__file__).parents[1])


def is_longer(notes: Path, size: int) -> bool:
    return notes.stat().st_size > size


def seqs_of(notes: Path) -> list[int]:
    *lines, _ = notes.read_text(encoding="utf-8").split("\n")
    return [int(line) for line in lines]


async def until(look: Callable[[], bool]) -> None:
    with anyio.fail_after(SECONDS):
        while not look():
            await anyio.sleep(0.02)


async def test_a_handler_too_slow_for_a_flood_costs_no_memory_and_misses_nothing(
    bridge: BridgeProcess, way: str
) -> None:
    count, text = 12_000 if way == "nng" else 3000, "x" * 4000
    async with (
        peer_of(bridge) as peer,
        bus_of(bridge) as bus,
        bus.events(queue=256) as events,
    ):
        await say(peer, 1)
        last = (await next_event(events)).seq
        before = resident_mib()
        for _ in range(count // 1000):
            await say(peer, 1000, text)
        await said(bus, peer)
        grown, replayed = 0.0, 0
        final = await newest(bus)
        while last < final:
            event = await next_event(events)
            assert event.seq == last + 1
            last, replayed = event.seq, replayed + event.replayed
            grown = max(grown, resident_mib() - before) if last % 500 == 0 else grown
    if way == "nng":
        assert replayed > count - 1000, "it should have had to go by the journal"
    # What was said is some 100 MiB on the wire.
    assert grown < 60


def resident_mib() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20
