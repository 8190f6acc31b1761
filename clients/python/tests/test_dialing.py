"""Addresses that are none, and those at which nobody is."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

import anyio
import pytest
from pytest_onebus import RunBot

import onebus
from onebus import Bot, Bus
from onebus.testing import BridgeProcess
from onebus.testing.qq import SimulatedQQ


@pytest.mark.parametrize("address", ["127.0.0.1:7711", "http://a:7711", "ipc://"])
async def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="no address; allowed: tcp://host:port"):
        async with onebus.connect(actions=address):
            pass


async def test_so_is_one_of_the_events(onebus_bridge: BridgeProcess) -> None:
    async with onebus.connect("127.0.0.1:7710", onebus_bridge.actions) as bus:
        with pytest.raises(ValueError, match="'127.0.0.1:7710': no address"):
            await anext(bus.events())


async def test_an_address_without_a_bridge_is_told_for_events_come_late(
    qqsim: SimulatedQQ,
    onebus_bridge: BridgeProcess,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    nowhere = f"ipc://{tmp_path}/nobody"
    async with (
        onebus.connect(nowhere, onebus_bridge.actions) as bus,
        bus.events("qq.group.*") as events,
    ):
        await qqsim.group(700).say("hello", by=42)
        with anyio.fail_after(20):
            event = await anext(events)
    assert isinstance(event, onebus.GroupMessage)
    assert event.replayed
    assert f"{nowhere}: no bridge there, so events come late" in caplog.text


async def test_a_bot_says_that_it_listens(
    bus: Bus, run_bot: RunBot, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "onebus.bot")
    await run_bot(Bot())
    with anyio.fail_after(10):
        while "listening at" not in caplog.text:
            await anyio.sleep(0.01)
    assert f"listening at {bus.events_address}" in caplog.text


#: The address is that of a bridge that is there.
OPENED = """
import sys, anyio, onebus

async def main():
    async with onebus.connect(actions=sys.argv[1]):
        pass

anyio.run(main)
"""


async def test_a_program_that_opens_a_bus_and_ends_does_not_crash(
    onebus_bridge: BridgeProcess,
) -> None:
    """NNG does when it dials in that moment, in one of ten."""
    command = [sys.executable, "-c", OPENED, onebus_bridge.actions]

    async def end_well() -> None:
        await anyio.run_process(command)

    for _ in range(5):
        async with anyio.create_task_group() as programs:
            for _ in range(4):
                programs.start_soon(end_well)
