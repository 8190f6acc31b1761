"""Streams of events, with a bridge of which the test decides what it does."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import anyio
import pytest
from fake_bridge import GROUP, SECONDS, FakeBridge, fake_bridge
from fake_nats import fake_nats

from onebus.bus import Bus, connect
from onebus.cursors import FileCursor, MemoryCursor
from onebus.errors import Unauthorized
from onebus.event import Event, Gap
from onebus.position import Position
from onebus.raw import RawEvent

Scenario = Callable[[FakeBridge, Bus], Awaitable[None]]
Run = Callable[[Scenario], None]


@pytest.fixture(params=["asyncio", "trio"])
def run_nng(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Run]:
    """Run a scenario with a bus, on both event loops."""
    with fake_bridge(tmp_path) as bridge:
        yield runner(bridge, request.param)


@pytest.fixture(params=["asyncio", "trio", "nats"])
def run(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Run]:
    """The same, and with NATS."""
    if request.param == "nats":
        with fake_nats(request.getfixturevalue("nats")) as bridge:
            yield runner(bridge, "asyncio")
    else:
        with fake_bridge(tmp_path) as bridge:
            yield runner(bridge, request.param)


def runner(bridge: FakeBridge, backend: str) -> Run:
    async def main(scenario: Scenario) -> None:
        with anyio.fail_after(SECONDS):
            async with bus_of(bridge) as bus:
                await scenario(bridge, bus)

    return lambda scenario: anyio.run(main, scenario, backend=backend)


def bus_of(bridge: FakeBridge) -> Bus:
    return connect(bridge.events_address, bridge.actions_address, **bridge.options)


async def take(stream: Any, count: int) -> list[Any]:
    return [await anext(stream) for _ in range(count)]


def seqs(items: list[Any]) -> list[Any]:
    return [item if isinstance(item, Gap) else item.seq for item in items]


# ---- where it begins -----------------------------------------------------------


def test_without_a_cursor_it_begins_with_what_happens_next(run: Run) -> None:
    async def scenario(bridge: FakeBridge, bus: Bus) -> None:
        bridge.publish()
        async with bus.events() as events:
            bridge.publish()
            assert seqs(await take(events, 1)) == [2]

    run(scenario)


def test_what_is_published_before_the_connection_stands_is_not_missed(run_nng: Run) -> None:
    async def scenario(bridge: FakeBridge, bus: Bus) -> None:
        async with bus.events() as events:
            bridge.publish(is_heard=False)
            assert seqs(await take(events, 1)) == [1]

    run_nng(scenario)


def test_since_begins_behind_an_event(run: Run) -> None:
    async def scenario(bridge: FakeBridge, bus: Bus) -> None:
        for _ in range(5):
            bridge.publish()
        async with bus.events(since=3) as events:
            items = await take(events, 2)
        assert seqs(items) == [4, 5]
        assert [item.replayed for item in items] == [True, True]

    run(scenario)


def test_since_0_begins_with_the_oldest_there_is(run: Run) -> None:
    async def scenario(bridge: FakeBridge, bus: Bus) -> None:
        for _ in range(5):
            bridge.publish()
        bridge.forget(2)
        async with bus.events(since=0) as events:
            assert seqs(await take(events, 3)) == [3, 4, 5]

    run(scenario)


def test_a_seq_below_0_is_refused(run: Run) -> None:
    async def scenario(bridge: FakeBridge, bus: Bus) -> None:
        with pytest.raises(ValueError, match="since -1: allowed"):
            bus.events(since=-1)

    run(scenario)


# ---- nothing is missed -----------------------------------------------------------


def test_live_events_come_in_order_without_asking(run: Run) -> None:
    async def scenario(bridge: FakeBridge, bus: Bus) -> None:
        async with bus.events() as events:
            bridge.has_subscriber()
            for _ in range(300):
                bridge.publish()
            items = await take(events, 300)
        assert seqs(items) == list(range(1, 301))
        assert not any(item.replayed for item in items)

    run(scenario)


def test_a_hole_is_filled_from_the_journal(run_nng: Run) -> None:
    async def scenario(bridge: FakeBridge, bus: Bus) -> None:
        bridge.page = 2
        async with bus.events() as events:
            bridge.has_subscriber()
            for number in range(10):
                bridge.publish(is_heard=number in (0, 7, 9))
            assert seqs(await take(events, 10)) == list(range(1, 11))

    run_nng(scenario)


def test_the_last_event_is_found_though_nothing_comes_after_it(run_nng: Run) -> None:
    async def scenario(bridge: FakeBridge, bus: Bus) -> None:
        async with bus.events() as events:
            bridge.has_subscriber()
            bridge.publish()
            await take(events, 1)
            bridge.publish(is_heard=False)
            assert seqs(await take(events, 1)) == [2]

    run_nng(scenario)


def test_what_came_twice_or_late_comes_once(run_nng: Run) -> None:
    async def scenario(bridge: FakeBridge, bus: Bus) -> None:
        async with bus.events() as events:
            bridge.has_subscriber()
            for _ in range(4):
                bridge.publish(is_heard=False)
            for seq in (1, 1, 3, 2, 4, 3):
                bridge.send(bridge.kept[seq])
            bridge.publish()
            assert seqs(await take(events, 5)) == [1, 2, 3, 4, 5]

    run_nng(scenario)


def test_what_is_no_event_is_passed_over(run: Run) -> None:
    async def scenario(bridge: FakeBridge, bus: Bus) -> None:
        async with bus.events() as events:
            bridge.has_subscriber()
            for junk in (b"", b"\0", b"\0\xc1", b"\0\x90", b"\0\x80"):
                bridge.send(b"qq.meta.x" + junk)
            bridge.publish()
            assert seqs(await take(events, 1)) == [1]

    run(scenario)


def test_what_cannot_be_had_is_told(run_nng: Run) -> None:
    async def scenario(bridge: FakeBridge, bus: Bus) -> None:
        for number in range(6):
            bridge.publish(is_kept=number != 4)
        bridge.forget(3)
        async with bus.events(since=2) as events:
            items = await take(events, 4)
        epoch = bridge.epoch
        assert items[0] == Gap(3, 3, "expired", epoch)
        assert items[2] == Gap(5, 5, "lost", epoch)
        assert seqs([items[1], items[3]]) == [4, 6]

    run_nng(scenario)


def test_another_journal_is_told_and_begun_at_its_first_event(run_nng: Run) -> None:
    async def scenario(bridge: FakeBridge, bus: Bus) -> None:
        cursor = MemoryCursor(Position("feedfeedfeedfeed", 40))
        bridge.publish()
        async with bus.events(cursor=cursor) as events:
            items = await take(events, 2)
        assert items[0] == Gap(41, None, "epoch", "feedfeedfeedfeed")
        assert items[1].seq == 1

    run_nng(scenario)


def test_it_goes_on_when_the_bridge_is_back(
    run_nng: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A quiet time tells it nothing here: it sees that the connection is a new one.
    monkeypatch.setattr("onebus.gapless.QUIET_LEAST", 3600.0)

    async def scenario(bridge: FakeBridge, bus: Bus) -> None:
        async with bus.events() as events:
            bridge.publish()
            await take(events, 1)
            bridge.restart()
            bridge.publish(is_heard=False)
            assert seqs(await take(events, 1)) == [2]
            bridge.has_subscriber()
            bridge.publish()
            assert seqs(await take(events, 1)) == [3]

    run_nng(scenario)


def test_it_waits_for_a_bridge_that_is_not_there_yet(run_nng: Run) -> None:
    async def scenario(bridge: FakeBridge, bus: Bus) -> None:
        bridge.stop()
        with anyio.move_on_after(0.2):
            async with bus.events():
                raise AssertionError("it is open, without a bridge")
        bridge.start()
        async with bus.events() as events:
            bridge.publish()
            assert seqs(await take(events, 1)) == [1]

    run_nng(scenario)


# ---- what is wanted --------------------------------------------------------------


def test_only_what_a_pattern_matches_comes_live_and_replayed(run: Run) -> None:
    async def scenario(bridge: FakeBridge, bus: Bus) -> None:
        def publish_some() -> None:
            for topic in ("qq.private.1.message.friend", GROUP, "qq.meta.1.heartbeat"):
                bridge.publish(topic)

        publish_some()
        async with bus.events("qq.group.*.message.*", "qq.meta.", since=0) as events:
            bridge.has_subscriber()
            assert seqs(await take(events, 2)) == [2, 3]
            publish_some()
            assert seqs(await take(events, 2)) == [5, 6]

    run(scenario)


def test_only_events_of_the_account_come(run: Run) -> None:
    async def scenario(bridge: FakeBridge, bus: Bus) -> None:
        for account in ("one", "two", "one", "two"):
            bridge.publish(account=account)
        async with bus.events(account="two", since=0) as events:
            assert seqs(await take(events, 2)) == [2, 4]

    run(scenario)


def test_old_news_are_passed_over(run: Run) -> None:
    async def scenario(bridge: FakeBridge, bus: Bus) -> None:
        for age in (500.0, 400.0, 20.0, 0.0):
            bridge.publish(age=age)
        async with bus.events(since=0, max_age=60.0) as events:
            assert seqs(await take(events, 2)) == [3, 4]

    run(scenario)


def test_raw_events_are_the_bytes_that_were_published(run: Run) -> None:
    async def scenario(bridge: FakeBridge, bus: Bus) -> None:
        bridge.publish()
        bridge.publish("qq.meta.1.heartbeat")
        async with bus.events("qq.group.*", since=0).raw() as events:
            (event,) = await take(events, 1)
        assert isinstance(event, RawEvent)
        assert event.data == bridge.kept[1]
        assert (event.topic, event.account) == (GROUP, "default")
        assert event.envelope["text"] == "hi"

    run(scenario)


# ---- cursors -----------------------------------------------------------------------


def test_an_event_is_done_once_the_next_one_is_asked_for(run: Run) -> None:
    async def scenario(bridge: FakeBridge, bus: Bus) -> None:
        cursor = MemoryCursor()
        async with bus.events(cursor=cursor) as events:
            for _ in range(3):
                bridge.publish()
            async for event in events:
                if isinstance(event, Event) and event.seq == 2:
                    break
        assert cursor.position == bridge.place(1)
        async with bus.events(cursor=cursor) as events:
            assert seqs(await take(events, 2)) == [2, 3]

    run(scenario)


@pytest.mark.parametrize("taken", [1, 2, 7, 10])
def test_of_a_page_only_what_came_out_is_done(
    run_nng: Run, taken: int
) -> None:
    async def scenario(bridge: FakeBridge, bus: Bus) -> None:
        cursor = MemoryCursor(Position(bridge.epoch, 5))
        for _ in range(20):
            bridge.publish()
        bridge.page = 7
        async with bus.events(cursor=cursor) as events:
            await take(events, taken)
        assert cursor.position == Position(bridge.epoch, 5 + taken - 1)

    run_nng(scenario)


def test_a_cursor_does_not_go_back_when_a_hole_is_filled(run_nng: Run) -> None:
    async def scenario(bridge: FakeBridge, bus: Bus) -> None:
        cursor = MemoryCursor(Position(bridge.epoch, 0))
        bridge.publish()
        async with bus.events(cursor=cursor) as events:
            bridge.has_subscriber()
            await take(events, 1)
            for number in range(5):
                bridge.publish(is_heard=number != 3)
            await take(events, 4)
        assert cursor.position == Position(bridge.epoch, 4)

    run_nng(scenario)


def test_what_is_passed_over_is_done_as_well(run_nng: Run) -> None:
    async def scenario(bridge: FakeBridge, bus: Bus) -> None:
        cursor = MemoryCursor()
        async with bus.events("qq.private.", cursor=cursor) as events:
            bridge.has_subscriber()
            for _ in range(5):
                bridge.publish()
            with anyio.move_on_after(0.5):
                await anext(events)
        assert cursor.position == bridge.place(5)

    run_nng(scenario)


def test_a_cursor_by_name_is_kept_by_the_bridge(run_nng: Run) -> None:
    async def scenario(bridge: FakeBridge, bus: Bus) -> None:
        bridge.publish()
        async with bus.events(cursor="logger"):
            assert bridge.cursors["logger"] == {"seq": 1, "epoch": bridge.epoch}
        bridge.publish()
        async with bus.events(cursor="logger") as events:
            assert seqs(await take(events, 1)) == [2]

    run_nng(scenario)


def test_a_cursor_is_saved_within_a_second_while_nothing_comes(run_nng: Run) -> None:
    async def scenario(bridge: FakeBridge, bus: Bus) -> None:
        async with bus.events(cursor="logger") as events:
            bridge.publish()
            await take(events, 1)
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(anext, events)
                await anyio.to_thread.run_sync(
                    bridge.was_asked, "bridge.cursor.set", 2
                )
                assert bridge.cursors["logger"]["seq"] == 1
                tasks.cancel_scope.cancel()

    run_nng(scenario)


def test_a_flood_does_not_save_each_time(run_nng: Run) -> None:
    async def scenario(bridge: FakeBridge, bus: Bus) -> None:
        for _ in range(2000):
            bridge.publish()
        async with bus.events(cursor="logger", since=0) as events:
            await take(events, 2000)
        assert bridge.cursors["logger"]["seq"] == 1999
        assert 1 < len(bridge.asked_for("bridge.cursor.set")) < 50

    run_nng(scenario)


def test_without_autosave_only_what_is_committed_is_done(run: Run) -> None:
    async def scenario(bridge: FakeBridge, bus: Bus) -> None:
        cursor = MemoryCursor()
        async with bus.events(cursor=cursor, autosave=False) as events:
            for _ in range(5):
                bridge.publish()
            await take(events, 5)
            await events.commit(3)
        assert cursor.position == bridge.place(3)

    run(scenario)


def test_what_is_passed_over_is_done_once_all_before_it_is_committed(
    run_nng: Run,
) -> None:
    async def scenario(bridge: FakeBridge, bus: Bus) -> None:
        cursor = MemoryCursor(bridge.place(0))
        options: Any = {"cursor": cursor, "autosave": False}
        for topic in (GROUP, GROUP, "qq.meta.1.heartbeat", "qq.meta.1.heartbeat"):
            bridge.publish(topic)
        async with bus.events("qq.group.", **options) as events:
            await take(events, 2)
            await events.commit(1)
            with anyio.move_on_after(0.3):
                await anext(events)
            assert cursor.position == bridge.place(1)
            await events.commit()
            with anyio.move_on_after(0.3):
                await anext(events)
        assert cursor.position == bridge.place(4)

    run_nng(scenario)


def test_a_path_is_a_file(run: Run, tmp_path: Path) -> None:
    async def scenario(bridge: FakeBridge, bus: Bus) -> None:
        path = tmp_path / "logger.cursor"
        async with bus.events(cursor=path) as events:
            bridge.publish()
            bridge.publish()
            await take(events, 2)
        assert await FileCursor(path).load() == bridge.place(1)

    run(scenario)


# ---- one consumer, and its end -------------------------------------------------------


def test_a_second_consumer_is_refused(run: Run) -> None:
    async def scenario(bridge: FakeBridge, bus: Bus) -> None:
        async with bus.events() as events, anyio.create_task_group() as tasks:
            tasks.start_soon(anext, events)
            await anyio.wait_all_tasks_blocked()
            with pytest.raises(RuntimeError, match="one consumer"):
                await anext(events)
            tasks.cancel_scope.cancel()

    run(scenario)


def test_a_cancelled_wait_loses_nothing(run: Run) -> None:
    async def scenario(bridge: FakeBridge, bus: Bus) -> None:
        got: list[int] = []
        seconds = 0.0002
        async with bus.events() as events:
            bridge.has_subscriber()
            for number in range(100):
                bridge.publish(is_heard=number % 10 > 2)
            while len(got) < 100:
                # Long enough for a page in the end, at first for nothing.
                seconds *= 1.1
                with anyio.move_on_after(seconds):
                    while True:
                        got += seqs(await take(events, 1))
        assert got == list(range(1, 101))

    run(scenario)


def test_closing_ends_the_wait_of_another_task(run: Run) -> None:
    async def scenario(bridge: FakeBridge, bus: Bus) -> None:
        events = bus.events()
        ended = anyio.Event()

        async def consume() -> None:
            async for _ in events:
                pass
            ended.set()

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(consume)
            await anyio.wait_all_tasks_blocked()
            await events.aclose()
            await ended.wait()

    run(scenario)


def test_a_stream_that_was_left_open_is_closed_with_the_bus(run: Run) -> None:
    async def scenario(bridge: FakeBridge, _bus: Bus) -> None:
        cursor = MemoryCursor(bridge.place(0))
        bridge.publish()
        bridge.publish()
        async with bus_of(bridge) as bus:
            events = bus.events(cursor=cursor).raw()
            await take(events, 2)
        assert cursor.position == bridge.place(1)
        with pytest.raises(StopAsyncIteration):
            await anext(events)

    run(scenario)


def test_a_loop_that_was_left_goes_on_where_it_was(run: Run) -> None:
    async def scenario(bridge: FakeBridge, bus: Bus) -> None:
        events = bus.events(since=0)
        for _ in range(4):
            bridge.publish()
        got: list[int] = []
        for _ in range(4):
            async for event in events:
                got += seqs([event])
                break
        assert got == [1, 2, 3, 4]
        await events.aclose()

    run(scenario)


def test_others_have_their_turn_in_a_flood(run: Run) -> None:
    async def scenario(bridge: FakeBridge, bus: Bus) -> None:
        for _ in range(1000):
            bridge.publish()
        turns = 0

        async def other() -> None:
            nonlocal turns
            while True:
                turns += 1
                await anyio.lowlevel.checkpoint()

        async with bus.events(since=0) as events, anyio.create_task_group() as tasks:
            tasks.start_soon(other)
            await take(events, 1)
            before = turns
            await take(events, 999)
            assert turns >= before + 5
            tasks.cancel_scope.cancel()

    run(scenario)


# ---- what the bridge refuses --------------------------------------------------


def test_a_wrong_token_is_raised(run_nng: Run) -> None:
    async def scenario(bridge: FakeBridge, bus: Bus) -> None:
        bridge.refuses["bridge.ping"] = "unauthorized"
        with pytest.raises(Unauthorized):
            await anext(bus.events())

    run_nng(scenario)


def test_a_busy_bridge_is_asked_again(run_nng: Run) -> None:
    async def scenario(bridge: FakeBridge, bus: Bus) -> None:
        bridge.publish()
        bridge.refuses["bridge.replay"] = "busy"
        async with bus.events(since=0) as events, anyio.create_task_group() as tasks:

            async def relent() -> None:
                await anyio.to_thread.run_sync(bridge.was_asked, "bridge.replay", 2)
                bridge.refuses.clear()

            tasks.start_soon(relent)
            assert seqs(await take(events, 1)) == [1]

    run_nng(scenario)


def test_who_may_not_replay_is_told_of_holes(run_nng: Run) -> None:
    async def scenario(bridge: FakeBridge, bus: Bus) -> None:
        bridge.refuses["bridge.replay"] = "denied"
        async with bus.events() as events:
            bridge.has_subscriber()
            bridge.publish(is_heard=False)
            bridge.publish()
            bridge.publish()
            items = await take(events, 3)
        assert items[0] == Gap(1, 1, "denied", bridge.epoch)
        assert seqs(items[1:]) == [2, 3]

    run_nng(scenario)
