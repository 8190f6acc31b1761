"""The synchronous bus."""

from __future__ import annotations

import gc
import inspect
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import anyio
import pytest
from fake_bridge import FakeBridge, fake_bridge

import onebus.sync
from onebus import errors
from onebus._actions import Actions, SyncActions
from onebus._twins import SyncBridgeActions, SyncGuide
from onebus.bridge_actions import BridgeActions
from onebus.guide import Guide
from onebus.loop import Loop
from onebus.sync import SyncBus
from onebus.testing import BridgeProcess
from onebus.testing.qq import SimulatedQQ

#: How the bridge is found.
WAYS = ("nng", "nats")




@pytest.mark.parametrize(
    ("asynchronous", "synchronous"),
    [(Actions, SyncActions), (BridgeActions, SyncBridgeActions), (Guide, SyncGuide)],
)
def test_both_buses_have_the_same_methods(asynchronous: type, synchronous: type) -> None:
    def methods(kind: type) -> dict[str, inspect.Signature]:
        return {
            name: inspect.signature(method)
            for name, method in inspect.getmembers(kind, inspect.isfunction)
            if not name.startswith("__")
        }

    assert methods(asynchronous) == methods(synchronous)


def test_the_synchronous_bus_has_what_the_other_has() -> None:
    def public(kind: type) -> set[str]:
        return {name for name in dir(kind) if not name.startswith("_")}

    assert public(onebus.Bus) - public(SyncBus) == {"call_bridge"}


async def test_a_script_listens_and_answers(qqsim: SimulatedQQ, onebus_bridge: BridgeProcess) -> None:
    listening = threading.Event()
    heard: list[str] = []

    def script() -> None:
        addresses = {"events": onebus_bridge.events, "actions": onebus_bridge.actions}
        with onebus.sync.connect(**addresses) as bus, bus.events("qq.group.*") as events:
            listening.set()
            for event in events:
                assert isinstance(event, onebus.GroupMessage)
                heard.append(event.text)
                bus.reply(event, "pong", quote=True)
                if event.text == "last":
                    break
            with pytest.raises(errors.ActionFailed):
                bus.get_msg(1)
            assert bus.guide.get_friend_list("default") == []
            assert bus.bridge.ping()["seq"] > 0
            assert bus.call("get_group_list")[0]["group_id"] == 700

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(anyio.to_thread.run_sync, script)
        await anyio.to_thread.run_sync(listening.wait)
        for words in ("first", "last"):
            await qqsim.group(700).say(words, by=42)
            assert (await qqsim.next_sent()).text == "pong"
    assert heard == ["first", "last"]


async def test_an_event_says_that_it_cannot_reply_by_itself(
    qqsim: SimulatedQQ, onebus_bridge: BridgeProcess
) -> None:
    def script() -> onebus.Event:
        with onebus.sync.connect(
            events=onebus_bridge.events, actions=onebus_bridge.actions
        ) as bus:
            event = next(bus.events("qq.group.*", since=0))
            assert isinstance(event, onebus.Event)
            return event

    await qqsim.group(700).say("hi", by=42)
    event = await anyio.to_thread.run_sync(script)
    with pytest.raises(errors.OnebusError, match="no asynchronous bus"):
        await event.reply("x")


@contextmanager
def connected(folder: Path) -> Iterator[tuple[SyncBus, FakeBridge]]:
    with (
        fake_bridge(folder) as bridge,
        onebus.sync.connect(
            events=bridge.events_address, actions=bridge.actions_address
        ) as bus,
    ):
        yield bus, bridge


@pytest.fixture(autouse=True)
def keyboard() -> Iterator[None]:
    """Ctrl-C interrupts, also where the tests run in the background.

    Python drops what is raised in a `__del__`, an interrupt as well: so none of what
    other tests have left is collected meanwhile.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    gc.collect()
    gc.disable()
    yield
    gc.enable()
    signal.signal(signal.SIGINT, before)


def interrupted(after: threading.Event) -> threading.Thread:
    """Ctrl-C, once that has come about."""

    def press() -> None:
        after.wait(20)
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)

    thread = threading.Thread(target=press)
    thread.start()
    return thread


def test_a_loop_that_ctrl_c_has_left_can_be_gone_on_with(tmp_path: Path) -> None:
    with connected(tmp_path) as (bus, bridge), bus.events() as events:
        for _ in range(3):
            waits = threading.Event()
            keyboard = interrupted(waits)
            with pytest.raises(KeyboardInterrupt):
                waits.set()
                for _event in events:
                    pass
            keyboard.join()
            seq = bridge.publish()
            event = next(events)
            assert isinstance(event, onebus.Event)
            assert event.seq == seq


def test_a_call_that_ctrl_c_has_left_is_over(tmp_path: Path) -> None:
    with connected(tmp_path) as (bus, bridge):
        asked = threading.Event()
        bridge.hold("get_status", asked)
        keyboard = interrupted(asked)
        with pytest.raises(KeyboardInterrupt):
            bus.get_status()
        keyboard.join()
        bridge.let_go()
        assert bus.bridge.ping()["seq"] == 0


def test_a_bus_that_is_closed_says_so(tmp_path: Path) -> None:
    with connected(tmp_path) as (bus, _bridge):
        events = bus.events()
    for use in (bus.get_status, lambda: next(events), events.close, events.__enter__):
        with pytest.raises(RuntimeError, match="the bus is closed: use it within `with`"):
            use()


def test_what_a_block_raises_is_raised_as_it_is(tmp_path: Path) -> None:
    with pytest.raises(KeyError, match="mine"), connected(tmp_path):
        raise KeyError("mine")


def test_a_closed_stream_ends_in_whatever_thread_it_is_read(tmp_path: Path) -> None:
    with connected(tmp_path) as (bus, bridge):
        events = bus.events()
        seen: list[onebus.Event | onebus.Gap] = []
        first = threading.Event()

        def read() -> None:
            for event in events:
                seen.append(event)
                first.set()

        thread = threading.Thread(target=read)
        with events:
            thread.start()
            bridge.publish()
            assert first.wait(20)
        thread.join(20)
        assert not thread.is_alive()
    assert len(seen) == 1


def test_what_is_done_is_said_by_the_consumer_where_it_wants(tmp_path: Path) -> None:
    with connected(tmp_path) as (bus, bridge):
        with bus.events(cursor="me", autosave=False, since=0) as events:
            for _ in range(3):
                bridge.publish()
            for _ in range(3):
                next(events)
            events.commit(2)
        assert bridge.cursors["me"]["seq"] == 2


def test_what_has_come_when_ctrl_c_does_is_rescued() -> None:
    rescued: list[int] = []

    async def work() -> int:
        # In the loop's thread, while the main one waits for the result.
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
        with anyio.CancelScope(shield=True):
            await anyio.sleep(0.2)
        return 7

    with anyio.from_thread.start_blocking_portal() as portal:
        with pytest.raises(KeyboardInterrupt):
            Loop(portal).run(work, rescue=rescued.append)
    assert rescued == [7]
