"""Streams of events from NATS, where it and its consumers do what they do."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import anyio
import anyio.to_thread
import pytest
from fake_bridge import GROUP, SECONDS
from fake_nats import FakeNats, fake_nats
from nats_server import NatsServer, nats_server

from onebus import nats_api
from onebus.bus import Bus, connect
from onebus.cursors import BridgeCursor, CursorError, MemoryCursor
from onebus.event import Event, Gap
from onebus.nats_cursor import LOOK_SECONDS
from onebus.nats_link import Connection
from onebus.position import Position

OTHER = "qq.private.9.message.friend"


@pytest.fixture
def bridge(nats: NatsServer) -> Iterator[FakeNats]:
    with fake_nats(nats) as bridge:
        yield bridge


@pytest.fixture
def own(tmp_path: Path) -> Iterator[FakeNats]:
    """On a server that may be ended."""
    with nats_server(tmp_path / "nats") as server, fake_nats(server) as bridge:
        yield bridge


@contextlib.asynccontextmanager
async def bus_of(bridge: FakeNats) -> AsyncIterator[Bus]:
    with anyio.fail_after(SECONDS):
        async with connect(bridge.server.url, **bridge.options) as bus:
            yield bus


async def take(stream: Any, count: int) -> list[Any]:
    return [await anext(stream) for _ in range(count)]


def seqs(items: list[Any]) -> list[Any]:
    return [item if isinstance(item, Gap) else item.seq for item in items]


async def there(work: Callable[[], Any]) -> Any:
    """What blocks, in a thread."""
    return await anyio.to_thread.run_sync(work)


async def dies(bus: Bus) -> None:
    """Its connection breaks, and nothing is said before."""
    link: Any = bus.events_way
    link = link._link
    link._task.cancel()
    connection = link._now
    connection._client._transport._io_writer.transport.abort()
    with contextlib.suppress(asyncio.CancelledError):
        await link._task


async def taken_and_killed(bridge: FakeNats, count: int, **options: Any) -> None:
    """A consumer takes so many, has only part of them acknowledged, and dies."""
    bus = connect(bridge.server.url, **bridge.options)
    await bus.__aenter__()
    events = bus.events(cursor="logger", since=0, **options)
    await take(events, count)
    await dies(bus)


async def saved(events: Any, seq: int) -> None:
    """All up to `seq` is done, and kept."""
    await events.commit(seq)
    await events._keeper.save()


# ---- one that is killed ------------------------------------------------------------


async def test_what_a_killed_consumer_had_comes_first_and_in_order(
    bridge: FakeNats,
) -> None:
    bridge.flood(50)
    await taken_and_killed(bridge, 10, autosave=False)
    bridge.flood(50)
    async with bus_of(bridge) as bus, bus.events(cursor="logger") as events:
        assert seqs(await take(events, 100)) == list(range(1, 101))
    assert bridge.consumer("logger")["ack_floor"]["stream_seq"] == 99


async def takes_some_and_dies(bridge: FakeNats) -> None:
    """A consumer of `logger` that has taken 20 events, and done 7 of them."""
    bus = connect(bridge.server.url, **bridge.options)
    await bus.__aenter__()
    events = bus.events(cursor="logger", since=0, autosave=False)
    await take(events, 20)
    await saved(events, 7)
    await dies(bus)


async def test_what_it_had_done_does_not_come_again(bridge: FakeNats) -> None:
    bridge.flood(50)
    await takes_some_and_dies(bridge)
    async with bus_of(bridge) as again, again.events(cursor="logger") as events:
        assert seqs(await take(events, 43)) == list(range(8, 51))


async def test_who_is_killed_again_and_again_goes_on_behind_what_is_done(
    bridge: FakeNats,
) -> None:
    bridge.flood(100)
    first = 1
    for _ in range(4):
        bus = connect(bridge.server.url, **bridge.options)
        await bus.__aenter__()
        events = bus.events(cursor="logger", since=0, autosave=False)
        assert seqs(await take(events, 20)) == list(range(first, first + 20))
        await saved(events, first + 9)
        await dies(bus)
        first += 10
    async with bus_of(bridge) as bus, bus.events(cursor="logger") as events:
        assert seqs(await take(events, 60)) == list(range(41, 101))


async def test_of_several_kinds_only_those_that_are_wanted_come_again(
    bridge: FakeNats,
) -> None:
    for number in range(30):
        bridge.publish(GROUP if number % 3 else OTHER)
    bus = connect(bridge.server.url, **bridge.options)
    await bus.__aenter__()
    events = bus.events("qq.group.*", cursor="logger", since=0, autosave=False)
    had = seqs(await take(events, 4))
    await dies(bus)
    bridge.publish(OTHER)
    bridge.publish()
    async with bus_of(bridge) as again:
        async with again.events("qq.group.*", cursor="logger") as events:
            got = seqs(await take(events, 21))
    assert got == [n for n in range(1, 31) if n % 3 != 1] + [32]
    assert had == got[:4]


async def test_who_changes_what_is_wanted_goes_on_where_it_was(bridge: FakeNats) -> None:
    for topic in (GROUP, OTHER, GROUP, OTHER):
        bridge.publish(topic)
    async with bus_of(bridge) as bus:
        async with bus.events("qq.group.*", cursor="logger", since=0) as events:
            await take(events, 1)
            await events.commit()
        async with bus.events(cursor="logger") as events:
            assert seqs(await take(events, 3)) == [2, 3, 4]


async def test_patterns_that_are_no_part_of_the_stream_will_do(bridge: FakeNats) -> None:
    for topic in (GROUP, OTHER, "qq.private.7.message.friend", GROUP):
        bridge.publish(topic)
    async with bus_of(bridge) as bus:
        for cursor in ("logger", None):
            for expected in ([1, 3, 4], [4] if cursor else [1, 3, 4]):
                async with bus.events("qq.*.7.*", cursor=cursor, since=0) as events:
                    got = [(await anext(events)).seq for _ in expected]
                assert got == expected


async def test_a_handler_slower_than_the_server_waits_sees_nothing_twice(
    bridge: FakeNats, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("onebus.nats_cursor.ACK_SECONDS", 0.2)
    monkeypatch.setattr("onebus.nats_reader.BATCH", 3)
    bridge.flood(12)
    got: list[int] = []
    async with bus_of(bridge) as bus:
        async with bus.events(cursor="logger", since=0, autosave=False) as events:
            for number in range(12):
                got += seqs(await take(events, 1))
                if number % 4 == 1:
                    await anyio.sleep(0.5)
            bridge.publish()
            got += seqs(await take(events, 1))
    assert got == list(range(1, 14))


async def test_a_second_reader_by_the_same_name_is_refused(
    bridge: FakeNats, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("onebus.nats_cursor.OTHERS_SECONDS", 0.5)
    async with bus_of(bridge) as bus, anyio.create_task_group() as tasks:
        async with bus.events(cursor="logger", since=0) as events:
            tasks.start_soon(take, events, 1)
            await there(lambda: waiting(bridge, "logger"))
            with pytest.raises(CursorError, match="somebody else reads by this name"):
                await anext(bus.events(cursor="logger"))
            tasks.cancel_scope.cancel()


def waiting(bridge: FakeNats, consumer: str) -> None:
    while not bridge.consumer(consumer)["num_waiting"]:
        time.sleep(0.01)


async def test_two_readers_of_one_name_break_no_order(
    bridge: FakeNats, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They come in the same moment, so that neither sees the other."""
    monkeypatch.setattr("onebus.nats_cursor.OTHERS_SECONDS", 0.5)
    monkeypatch.setattr("onebus.nats_reader.BATCH", 5)
    bridge.flood(200)
    got: list[list[int]] = [[], []]

    async def read(number: int, bus: Bus) -> None:
        with contextlib.suppress(CursorError):
            async for event in bus.events(cursor="logger", since=0, autosave=False):
                got[number] += seqs([event])
                await anyio.sleep(0)
                if got[number][-1] == 200:
                    return

    async with bus_of(bridge) as one, bus_of(bridge) as two:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(read, 0, one)
            tasks.start_soon(read, 1, two)
    for each in got:
        assert each == list(range(1, len(each) + 1))
    assert max(map(len, got)) == 200


async def test_a_name_of_any_form_is_a_consumer_that_says_what_it_is(
    bridge: FakeNats,
) -> None:
    async with bus_of(bridge) as bus:
        async with bus.events(cursor="my.logger@home/1"):
            found = bridge.consumer("my=2Elogger=40home=2F1")
        with pytest.raises(ValueError, match="allowed: 1 to 128 letters"):
            bus.events(cursor="lögger")
    assert found["config"]["description"].startswith("onebus cursor my.logger@home/1,")
    assert found["config"]["ack_policy"] == "all"


async def test_a_consumer_of_others_is_left_alone(bridge: FakeNats) -> None:
    from nats.js.api import AckPolicy, ConsumerConfig

    config = ConsumerConfig(durable_name="logger", ack_policy=AckPolicy.EXPLICIT)
    bridge.run_there(lambda: bridge.js.add_consumer(bridge.stream, config))
    async with bus_of(bridge) as bus:
        with pytest.raises(CursorError, match="not one of ours"):
            await anext(bus.events(cursor="logger"))


async def test_a_consumer_that_is_not_of_others_after_all_is_waited_for(
    bridge: FakeNats,
) -> None:
    from nats.js.api import AckPolicy, ConsumerConfig

    config = ConsumerConfig(durable_name="logger", ack_policy=AckPolicy.EXPLICIT)
    bridge.run_there(lambda: bridge.js.add_consumer(bridge.stream, config))
    bridge.flood(1)

    async def goes() -> None:
        await anyio.sleep(2 * LOOK_SECONDS)
        bridge.run_there(lambda: bridge.js.delete_consumer(bridge.stream, "logger"))

    async with bus_of(bridge) as bus, anyio.create_task_group() as group:
        group.start_soon(goes)
        await anext(bus.events(cursor="logger", since=0))


async def test_a_consumer_that_is_removed_is_made_again_where_it_was(
    bridge: FakeNats,
) -> None:
    bridge.flood(10)
    async with bus_of(bridge) as bus:
        async with bus.events(cursor="logger", since=0, autosave=False) as events:
            got = seqs(await take(events, 10))
            await saved(events, 4)
            bridge.run_there(lambda: bridge.js.delete_consumer(bridge.stream, "logger"))
            bridge.publish()
            got += seqs(await take(events, 1))
        assert got == list(range(1, 12))
        async with bus.events(cursor="logger") as events:
            assert seqs(await take(events, 1)) == [5]


async def test_a_cursor_by_name_begins_with_what_comes(bridge: FakeNats) -> None:
    bridge.publish()
    async with bus_of(bridge) as bus:
        async with bus.events(cursor="logger"):
            pass
        bridge.publish()
        async with bus.events(cursor="logger") as events:
            assert seqs(await take(events, 1)) == [2]


async def test_what_is_done_is_saved_soon_but_not_each_time(
    bridge: FakeNats, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved: list[Position] = []
    from onebus.nats_cursor import DurableCursor

    save = DurableCursor.save

    async def note(self: DurableCursor, position: Position) -> None:
        saved.append(position)
        await save(self, position)

    monkeypatch.setattr(DurableCursor, "save", note)
    bridge.flood(2000)
    async with bus_of(bridge) as bus:
        async with bus.events(cursor="logger", since=0) as events:
            await take(events, 2000)
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(anext, events)
                await there(lambda: floor_of(bridge, 2000))
                tasks.cancel_scope.cancel()
    assert 1 < len(saved) < 50


def floor_of(bridge: FakeNats, wanted: int) -> None:
    while bridge.consumer("logger")["ack_floor"]["stream_seq"] != wanted:
        time.sleep(0.02)


async def test_a_cursor_of_a_bridge_is_refused(bridge: FakeNats) -> None:
    async with bus_of(bridge) as bus:
        with pytest.raises(ValueError, match="give the name alone"):
            await anext(bus.events(cursor=BridgeCursor(bus, "logger")))


async def test_what_nobody_wants_lies_behind_as_well(
    bridge: FakeNats, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("onebus.nats_reader.BEAT_SECONDS", 0.05)
    cursor = MemoryCursor()
    async with bus_of(bridge) as bus:
        async with bus.events("qq.private.", cursor=cursor) as events:
            for _ in range(5):
                bridge.publish()
            while cursor.position != bridge.place(5):
                with anyio.move_on_after(0.2):
                    await anext(events)


# ---- what is not there ---------------------------------------------------------------


@pytest.mark.parametrize("cursor", ["logger", None])
async def test_what_the_stream_has_rolled_past_is_told(
    bridge: FakeNats, cursor: str | None
) -> None:
    bridge.flood(3)
    store = MemoryCursor(bridge.place(0)) if cursor is None else cursor
    async with bus_of(bridge) as bus:
        async with bus.events(cursor=store, since=0) as events:
            await take(events, 3)
            await events.commit()
        await there(lambda: bridge.flood(17))
        bridge.forget(10)
        async with bus.events(cursor=store) as events:
            items = await take(events, 2)
    assert items[0] == Gap(4, 10, "expired", bridge.place(0).epoch)
    assert items[1].seq == 11


@pytest.mark.parametrize("patterns", [(), ("qq.group.*",)])
async def test_what_is_removed_before_a_slow_reader_had_it_is_told(
    bridge: FakeNats, patterns: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("onebus.nats_reader.BATCH", 4)
    bridge.flood(20)
    async with bus_of(bridge) as bus, bus.events(*patterns, since=0) as events:
        await take(events, 2)
        bridge.forget(12)
        items = await take(events, 4)
    assert seqs(items[:2]) == [3, 4]
    assert items[2] == Gap(5, 12, "expired", bridge.place(0).epoch)
    assert items[3].seq == 13


@pytest.mark.parametrize("cursor", ["logger", None])
async def test_a_stream_that_was_made_anew_is_told_and_begun_at_its_first(
    bridge: FakeNats, cursor: str | None
) -> None:
    bridge.flood(5)
    async with bus_of(bridge) as bus, bus.events(cursor=cursor, since=0) as events:
        await take(events, 5)
        before = bridge.place(0).epoch
        bridge.run_there(lambda: bridge.js.delete_stream(bridge.stream))
        bridge.run_there(bridge.make_stream)
        bridge.publish()
        items = await take(events, 2)
    assert items[0] == Gap(6, None, "epoch", before)
    assert items[1].seq == 6


async def test_a_store_that_knows_another_stream_is_told(bridge: FakeNats) -> None:
    bridge.flood(2)
    cursor = MemoryCursor(Position("0123456789abcdef", 40))
    async with bus_of(bridge) as bus, bus.events(cursor=cursor) as events:
        items = await take(events, 3)
    assert items[0] == Gap(41, None, "epoch", "0123456789abcdef")
    assert seqs(items[1:]) == [1, 2]


async def test_a_hole_of_a_bridge_is_told_where_all_is_seen(bridge: FakeNats) -> None:
    for number in range(1, 8):
        bridge.publish(is_kept=number not in (3, 4))
    async with bus_of(bridge) as bus:
        async with bus.events(since=0) as events:
            items = await take(events, 6)
        async with bus.events("qq.group.*", since=0) as events:
            filtered = await take(events, 5)
    assert items[2] == Gap(3, 4, "lost", bridge.epoch)
    assert seqs(items[:2] + items[3:]) == [1, 2, 5, 6, 7]
    assert seqs(filtered) == [1, 2, 5, 6, 7]


async def test_behind_a_seq_is_told_what_is_not_there_any_more(bridge: FakeNats) -> None:
    bridge.flood(8)
    bridge.forget(5)
    async with bus_of(bridge) as bus, bus.events(since=3) as events:
        items = await take(events, 4)
    assert items[0] == Gap(4, 5, "expired", bridge.epoch)
    assert seqs(items[1:]) == [6, 7, 8]


async def test_what_the_stream_has_twice_or_late_is_passed_over(bridge: FakeNats) -> None:
    for seq in (1, 1, 2, 1, 3, 2, 3, 4):
        bridge.send(bridge.message(seq))
    async with bus_of(bridge) as bus, bus.events(since=0) as events:
        assert seqs(await take(events, 4)) == [1, 2, 3, 4]


async def test_of_several_bridges_each_has_its_own_seq(bridge: FakeNats) -> None:
    epochs = (bridge.epoch, "feedfeedfeedfeed")
    for seq in range(1, 6):
        for number, epoch in enumerate(epochs):
            bridge.epoch = epoch
            bridge.send(bridge.message(seq + 100 * number))
    cursor = MemoryCursor()
    async with bus_of(bridge) as bus:
        options: Any = {"since": 0, "cursor": cursor, "autosave": False}
        async with bus.events(**options) as events:
            got = await take(events, 10)
            await events.commit(104, epochs[1])
        assert cursor.position == bridge.place(8)
        async with bus.events(cursor=cursor) as events:
            rest = await take(events, 2)
        async with bus.events(since=3) as events:
            later = await take(events, 8)
    assert [(e.epoch, e.seq) for e in got[:4]] == [
        (epochs[0], 1), (epochs[1], 101), (epochs[0], 2), (epochs[1], 102)
    ]  # fmt: skip
    assert [(e.epoch, e.seq) for e in rest] == [(epochs[0], 5), (epochs[1], 105)]
    assert isinstance(later[0], Gap)


# ---- a consumer without a leader ---------------------------------------------------------


def pulls(
    monkeypatch: pytest.MonkeyPatch, to: Callable[[int, str], str | None]
) -> list[float]:
    """Have each pull go where `to` says by its number and its subject, None: nowhere;
    gives when each was made."""
    made: list[float] = []
    publish = Connection.publish

    async def pull(own: Connection, subject: str, payload: bytes, reply: str) -> None:
        made.append(anyio.current_time())
        target = to(len(made), subject)
        if target is not None:
            await publish(own, target, payload, reply)

    monkeypatch.setattr(Connection, "publish", pull)
    return made


@pytest.mark.parametrize("cursor", ["logger", None])
async def test_a_pull_that_nobody_answers_is_made_again(
    bridge: FakeNats, cursor: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("onebus.nats_reader.SILENCE", 0.2)
    made = pulls(monkeypatch, lambda number, subject: None if number == 1 else subject)
    bridge.publish()
    async with bus_of(bridge) as bus, bus.events(cursor=cursor, since=0) as events:
        assert seqs(await take(events, 1)) == [1]
    assert len(made) == 2


async def test_where_nobody_takes_pulls_it_is_asked_more_and_more_seldom(
    bridge: FakeNats, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = pulls(monkeypatch, lambda number, subject: "nobody" if number < 5 else subject)
    bridge.publish()
    async with bus_of(bridge) as bus, bus.events(cursor="logger", since=0) as events:
        assert seqs(await take(events, 1)) == [1]
    pauses = [after - before for before, after in zip(made, made[1:], strict=False)]
    assert len(pauses) == 4
    assert all(pause >= 0.1 * 2**number for number, pause in enumerate(pauses)), pauses


async def test_what_replicas_without_a_leader_say_of_the_consumer_is_not_believed(
    bridge: FakeNats, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One of them answers soon after its start as if nothing had been delivered."""
    bridge.flood(20)
    await takes_some_and_dies(bridge)
    ask, none = nats_api.ask, {"consumer_seq": 0, "stream_seq": 0}
    asked: list[str] = []

    async def ask_a_new_one(connection: Connection, what: str, *body: Any) -> Any:
        answer = await ask(connection, what, *body)
        asked.append(what)
        if not what.startswith("CONSUMER.INFO") or len(asked) > 6:
            return answer
        return {**answer, "cluster": {"name": "x"}, "delivered": none, "ack_floor": none}

    monkeypatch.setattr(nats_api, "ask", ask_a_new_one)
    async with bus_of(bridge) as again, again.events(cursor="logger") as events:
        assert seqs(await take(events, 13)) == list(range(8, 21))
    assert asked


async def test_a_replica_that_sees_no_leader_does_not_keep_from_asking_the_leader(
    bridge: FakeNats, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It answers first, for as long as one is connected to it."""
    ask = nats_api.ask
    refused: list[str] = []

    async def ask_one(connection: Connection, what: str, *body: Any) -> Any:
        if "INFO" not in what:
            return await ask(connection, what, *body)
        refused.append(what)
        raise nats_api.ApiError(what, {"err_code": 10008, "description": "unavailable"})

    monkeypatch.setattr(nats_api, "ask", ask_one)
    bridge.flood(3)
    async with bus_of(bridge) as bus:
        async with bus.events(cursor="logger", since=0) as events:
            assert seqs(await take(events, 3)) == [1, 2, 3]
    assert refused


# ---- NATS is away -----------------------------------------------------------------------


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
@pytest.mark.parametrize("cursor", ["logger", None])
async def test_a_server_that_starts_again_loses_nothing(
    own: FakeNats, cursor: str | None, number: signal.Signals
) -> None:
    async with bus_of(own) as bus, bus.events(cursor=cursor, since=0) as events:
        got: list[int] = []
        for _ in range(2):
            await there(lambda: own.flood(300))
            got += seqs(await take(events, 250))
            own.server.end(number)
            with anyio.move_on_after(0.2):
                while True:
                    got += seqs(await take(events, 1))
            own.server.start()
            await there(lambda: own.flood(10))
            while len(got) < own.newest:
                got += seqs(await take(events, 1))
    assert got == list(range(1, own.newest + 1))


async def test_it_waits_for_a_stream_that_is_not_there_yet(bridge: FakeNats) -> None:
    bridge.run_there(lambda: bridge.js.delete_stream(bridge.stream))
    async with bus_of(bridge) as bus:
        events = bus.events()
        with anyio.move_on_after(0.2):
            async with events:
                raise AssertionError("it is open, without a stream")
        bridge.run_there(bridge.make_stream)
        async with bus.events() as opened:
            bridge.publish()
            assert seqs(await take(opened, 1)) == [1]


async def test_it_waits_for_a_server_that_is_not_there_yet(tmp_path: Path) -> None:
    with nats_server(tmp_path / "nats") as server:
        server.end()
        async with connect(server.url) as bus:
            with anyio.move_on_after(0.2):
                async with bus.events():
                    raise AssertionError("it is open, without a server")


async def test_events_larger_than_a_batch_come_too(
    bridge: FakeNats, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("onebus.nats_reader.BATCH_BYTES", 2000)
    for size in (10, 5000, 10, 9000, 9000, 10):
        bridge.publish(raw_message="x" * size)
    async with bus_of(bridge) as bus, bus.events(since=0) as events:
        assert seqs(await take(events, 6)) == [1, 2, 3, 4, 5, 6]


async def test_replayed_is_what_was_missed_when_it_happened(bridge: FakeNats) -> None:
    bridge.flood(2)
    async with bus_of(bridge) as bus, bus.events(since=0) as events:
        bridge.publish()
        items: list[Event] = await take(events, 3)
    assert [item.replayed for item in items] == [True, True, False]


async def test_is_through_when_nothing_of_the_bridge_is_to_come(bridge: FakeNats) -> None:
    bridge.flood(3)
    bridge.publish(OTHER)
    async with bus_of(bridge) as bus, bus.events("qq.group.*", since=0) as events:
        here = Position(bridge.epoch, 4)
        await take(events, 2)
        assert not events.is_through(here)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(take, events, 2)
            while not events.is_through(here):
                await anyio.sleep(0.01)
            assert not events.is_through(Position(bridge.epoch, 5))
            assert not events.is_through(Position("feedfeedfeedfeed", 1))
            tasks.cancel_scope.cancel()
