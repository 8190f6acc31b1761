"""The synchronous bus."""

from __future__ import annotations

import inspect
import threading

import anyio
import pytest

import onebus.sync
from onebus import errors
from onebus._actions import Actions, SyncActions
from onebus._twins import SyncBridgeActions, SyncGuide
from onebus.bridge_actions import BridgeActions
from onebus.guide import Guide
from onebus.sync import SyncBus
from onebus.testing import BridgeProcess
from onebus.testing.qq import SimulatedQQ




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
