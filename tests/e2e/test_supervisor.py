"""What the bridge tells the one that watches over it, as systemd does."""

import asyncio
import os
import signal
import socket
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.factories import StartBridge, StartBus, StartSim
from harness.net import free_port
from harness.sp import Caller
from harness.supervisor import Supervisor
from harness.wait import until

WATCHDOG_SECONDS = 1.0


def monotonic_usec() -> int:
    return time.monotonic_ns() // 1000


async def write_to_reader(pipe: Path, data: bytes) -> None:
    """Write once somebody reads."""

    def opened() -> int | None:
        try:
            return os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
        except OSError:
            return None

    file = await until(opened, f"reader of {pipe}")
    os.write(file, data)
    os.close(file)


@pytest.fixture
def supervisor(folder: Path) -> Iterator[Supervisor]:
    with Supervisor(f"{folder}/notify") as listening:
        yield listening


@pytest.fixture
def watching(folder: Path) -> Iterator[Supervisor]:
    """One that restarts what it does not hear from."""
    with Supervisor(f"{folder}/notify", watchdog_seconds=WATCHDOG_SECONDS) as listening:
        yield listening


async def test_it_is_ready_once_all_addresses_take_connections(
    bridge: StartBridge, supervisor: Supervisor
) -> None:
    port = free_port()
    b = bridge.prepare({"wsPort": port}, env=supervisor.env)
    await b.launch()
    assert await supervisor.next() == {"READY": "1"}
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.close()
    caller = await Caller.connect(f"ipc://{b.folder}/actions")
    assert (await caller.reply(caller.send("bridge.ping")))["status"] == "ok"
    await caller.close()


async def test_the_address_may_be_abstract(bridge: StartBridge) -> None:
    with Supervisor(f"@onebus-{uuid.uuid4().hex}") as abstract:
        await bridge(env=abstract.env)
        await abstract.told("READY")


async def test_who_does_not_start_is_never_ready(
    bridge: StartBridge, supervisor: Supervisor
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        channel = {"wsPort": taken.getsockname()[1]}
        b = bridge.prepare(channel, env=supervisor.env)
        b.expected = 1
        await b.launch()
        assert await b.ended() == 1
    assert supervisor.rest() == []


async def test_a_reload_is_told_when_it_begins_and_when_it_is_done(
    bridge: StartBridge, supervisor: Supervisor
) -> None:
    b = await bridge(env=supervisor.env)
    await supervisor.told("READY")
    before = monotonic_usec()
    b.rewrite({"groupPolicy": "closed"})
    b.signal(signal.SIGHUP)
    since = int(await supervisor.told("MONOTONIC_USEC"))
    assert before <= since <= monotonic_usec()
    await supervisor.told("READY")
    await b.wait_for_line("settings: read again")


async def test_settings_that_are_refused_leave_it_ready(
    bridge: StartBridge, supervisor: Supervisor
) -> None:
    b = await bridge(env=supervisor.env)
    await supervisor.told("READY")
    b.rewrite({"wsPrt": 5})
    b.signal(signal.SIGHUP)
    await supervisor.told("RELOADING")
    await supervisor.told("READY")
    await b.wait_for_line("settings: refused")


async def test_a_reload_that_a_program_asks_for_is_told_as_well(
    bridge: StartBridge, bus: StartBus, supervisor: Supervisor
) -> None:
    b = await bridge(env=supervisor.env)
    await supervisor.told("READY")
    assert (await bus(b).call("bridge.reload"))["status"] == "ok"
    await supervisor.told("RELOADING")
    await supervisor.told("READY")


async def test_asked_twice_it_is_ready_after_the_second_reading(
    bridge: StartBridge, supervisor: Supervisor
) -> None:
    b = await bridge(env=supervisor.env)
    await supervisor.told("READY")
    token = b.folder / "token"
    b.rewrite({"accessTokenFile": str(token)})
    os.mkfifo(token)  # a file that takes as long as the test wants
    for _ in range(2):
        b.signal(signal.SIGHUP)
        await supervisor.told("RELOADING")
    await write_to_reader(token, b"first")
    await b.wait_for_line("settings: read again")
    assert not any("READY" in message for message in supervisor.rest())
    await write_to_reader(token, b"second")
    await supervisor.told("READY")
    await until(lambda: len(b.lines("settings: read again")) == 2, "both readings")


async def test_the_end_is_told_while_calls_are_waited_for(
    bridge: StartBridge, sim: StartSim, supervisor: Supervisor
) -> None:
    b = await bridge(env=supervisor.env)
    peer = await sim(b)
    peer.on("get_thing", lambda request: {})
    peer.hold("get_thing")
    caller = await Caller.connect(b.actions)
    number = caller.send("get_thing")
    await peer.next_request("get_thing")
    b.signal(signal.SIGTERM)
    await supervisor.told("STOPPING")
    assert b.is_running
    b.signal(signal.SIGHUP)  # too late to be read
    await b.wait_for_line("settings: refused")
    peer.release("get_thing")
    assert (await caller.reply(number))["status"] == "ok"
    assert await b.ended() == 0
    assert not any("READY" in message for message in supervisor.rest())


async def test_it_is_told_who_is_online(
    bridge: StartBridge, sim: StartSim, watching: Supervisor
) -> None:
    b = await bridge(env=watching.env)
    await watching.told("STATUS", "QQ online on 0 of 1 accounts, not on default, seq ")
    await sim(b, heart_interval=100)
    status = await watching.told("STATUS", "QQ online on 1 of 1 accounts; ")
    assert " events/s, seq " in status


async def test_signs_of_life_end_when_the_loop_stands_still(
    bridge: StartBridge, watching: Supervisor
) -> None:
    b = await bridge(env=watching.env)
    for _ in range(3):
        await watching.told("WATCHDOG")
    b.signal(signal.SIGSTOP)
    try:
        watching.rest()
        with pytest.raises(TimeoutError):
            await watching.told("WATCHDOG", seconds=2 * WATCHDOG_SECONDS)
    finally:
        b.signal(signal.SIGCONT)
    await watching.told("WATCHDOG")


async def test_signs_of_life_go_on_until_the_end(
    bridge: StartBridge, sim: StartSim, watching: Supervisor
) -> None:
    b = await bridge(env=watching.env)
    peer = await sim(b)
    peer.on("get_thing", lambda request: {})
    peer.hold("get_thing")
    caller = await Caller.connect(b.actions)
    caller.send("get_thing")
    await peer.next_request("get_thing")
    b.signal(signal.SIGTERM)
    await watching.told("STOPPING")
    for _ in range(3):
        await watching.told("STATUS", "stopping, 1 calls wait for their answer; ")
    peer.release("get_thing")
    assert await b.ended() == 0


async def test_a_supervisor_that_is_gone_is_no_loss(
    bridge: StartBridge, bus: StartBus, sim: StartSim, watching: Supervisor
) -> None:
    b = await bridge(env=watching.env)
    await watching.told("WATCHDOG")
    watching.close()
    await sim(b)
    await asyncio.sleep(WATCHDOG_SECONDS)  # signs of life that nobody takes
    assert (await bus(b).call("get_status"))["status"] == "ok"
    b.signal(signal.SIGHUP)
    await b.wait_for_line("settings: read again")
