"""Bots: how they begin and end, and what becomes of their mistakes."""

from __future__ import annotations

import asyncio
import functools
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import anyio.abc
import pynng
import pytest
from fake_bridge import fake_bridge
from pytest_onebus import RunBot

import onebus
from onebus import Bot, Gap, GroupIncrease, MessageEvent, errors
from onebus.testing import BridgeProcess
from onebus.testing.qq import SimulatedQQ

#: How the bridge is found.
WAYS = ("nng", "nats")

BACKENDS = pytest.mark.parametrize("backend", ["asyncio", "trio"])

# ---- what is refused when it is written --------------------------------------


def plain(event: Any) -> None:
    """No handler: it is not asynchronous."""


async def takes_nothing() -> None: ...


async def takes_one(_one: Any) -> None: ...


async def takes_two(_one: Any, _two: Any) -> None: ...


DECORATORS: dict[str, Callable[[Bot], Callable[[Any], Any]]] = {
    "on": lambda bot: bot.on(GroupIncrease),
    "on_message": lambda bot: bot.on_message(),
    "on_group_message": lambda bot: bot.on_group_message(),
    "on_private_message": lambda bot: bot.on_private_message(),
    "command": lambda bot: bot.command("x"),
    "regex": lambda bot: bot.regex("x"),
    "on_gap": lambda bot: bot.on_gap,
    "on_error": lambda bot: bot.on_error,
    "on_start": lambda bot: bot.on_start,
}


@pytest.mark.parametrize("name", DECORATORS)
def test_a_function_that_is_not_asynchronous_is_no_handler(name: str) -> None:
    with pytest.raises(TypeError, match="plain: not asynchronous; allowed: async def"):
        DECORATORS[name](Bot())(plain)


@pytest.mark.parametrize("name", DECORATORS)
def test_a_function_that_takes_something_else_is_no_handler(name: str) -> None:
    takes_both = name in ("command", "regex", "on_error")
    fits, does_not = (takes_two, takes_one) if takes_both else (takes_one, takes_two)
    assert DECORATORS[name](Bot())(fits) is fits
    for wrong in (does_not, takes_nothing):
        with pytest.raises(TypeError, match=r"takes_\w+: .*; allowed: async def"):
            DECORATORS[name](Bot())(wrong)


def test_whatever_is_asynchronous_is_a_handler() -> None:
    class Object:
        async def __call__(self, event: Any) -> None: ...

        async def method(self, event: Any) -> None: ...

    @functools.wraps(takes_one)
    def wrapper(event: Any) -> Any:
        return takes_one(event)

    partial = functools.partial(takes_two, 1)
    for handler in (Object(), Object().method, wrapper, partial):
        assert Bot().on_message()(handler) is handler


@pytest.mark.parametrize("kinds", [(), (Gap,), (plain,), ("GroupMessage",), (int,)])
def test_what_is_no_event_has_no_handlers(kinds: Any) -> None:
    with pytest.raises(TypeError, match="on: .*: allowed: classes of events"):
        Bot().on(*kinds)


@pytest.mark.parametrize("names", [(), (plain,), (1,)])
def test_a_command_has_a_name(names: Any) -> None:
    with pytest.raises(TypeError, match="command: allowed: one name or more"):
        Bot().command(*names)


# ---- mistakes while it runs ---------------------------------------------------


async def test_a_handler_whose_task_was_cancelled_does_not_end_its_chat(
    qqsim: SimulatedQQ, run_bot: RunBot
) -> None:
    bot = Bot()

    @bot.on_message(startswith="cancel")
    async def cancelled(event: MessageEvent) -> None:
        task = asyncio.ensure_future(asyncio.sleep(60))
        task.cancel()
        await task

    @bot.on_message()
    async def answer(event: MessageEvent) -> None:
        await event.reply(event.text)

    @bot.on_error
    async def tell(event: onebus.Event, error: Exception) -> None:
        await event.reply(f"failed: {error!r:.23}")

    await run_bot(bot)
    await qqsim.group(700).say("cancel", by=42)
    await qqsim.group(700).say("next", by=42)
    said = [(await qqsim.next_sent()).text for _ in range(3)]
    assert said == ["failed: RuntimeError('cancelled", "cancel", "next"]


@BACKENDS
def test_what_starting_fails_with_is_raised_as_it_is(backend: str, tmp_path: Path) -> None:
    bot = Bot()

    @bot.on_start
    async def start(bus: onebus.Bus) -> None:
        raise KeyError("no settings")

    with fake_bridge(tmp_path) as bridge, pytest.raises(KeyError, match="no settings"):
        bot.run(
            events=bridge.events_address, actions=bridge.actions_address, backend=backend
        )


@BACKENDS
def test_what_the_stream_fails_with_is_raised_as_it_is(
    backend: str, tmp_path: Path
) -> None:
    bot = Bot()
    begun = False

    with fake_bridge(tmp_path) as bridge:

        @bot.on_start
        async def start(bus: onebus.Bus) -> None:
            bridge.refuses["bridge.replay"] = "unauthorized"
            bridge.publish(is_heard=False)
            bridge.publish()

        @bot.on_message()
        async def never(event: MessageEvent) -> None:
            nonlocal begun
            begun = True

        with pytest.raises(errors.Unauthorized):
            bot.run(
                events=bridge.events_address,
                actions=bridge.actions_address,
                backend=backend,
            )
    assert not begun


@BACKENDS
def test_a_cursor_that_somebody_else_writes_ends_the_bot(
    backend: str, tmp_path: Path
) -> None:
    cursor = tmp_path / "cursor"
    bot = Bot(cursor=cursor, max_age=None)

    with fake_bridge(tmp_path) as bridge:

        @bot.on_start
        async def start(bus: onebus.Bus) -> None:
            cursor.write_text('{"epoch": "other", "seq": 1}')
            for _ in range(3):
                bridge.publish()

        with pytest.raises(onebus.CursorError, match="One consumer to a cursor"):
            bot.run(
                events=bridge.events_address,
                actions=bridge.actions_address,
                backend=backend,
            )


# ---- signals --------------------------------------------------------------------

PROGRAM = """
import sys
import anyio, onebus

bot = onebus.Bot()

@bot.on_start
async def start(bus):
    print("started", flush=True)

@bot.on_message(text="work")
async def work(event):
    print("working", flush=True)
    await anyio.sleep(0.3)
    await event.reply("done")

@bot.on_message(text="hang")
async def hang(event):
    print("hanging", flush=True)
    await anyio.sleep_forever()

bot.run(backend=sys.argv[1], grace=float(sys.argv[2]))
print("ended", flush=True)
"""


class Program:
    """A bot as a process."""

    def __init__(self, process: anyio.abc.Process) -> None:
        assert process.stdout is not None
        self.process = process
        self._stdout = process.stdout
        self._said = b""

    async def says(self, word: str) -> None:
        """Wait until it does."""
        with anyio.fail_after(30):
            while word.encode() not in self._said:
                self._said += await self._stdout.receive()

    async def ends(self) -> tuple[int, str]:
        """Its exit code, and what it has said on stderr."""
        assert self.process.stderr is not None
        told = b""
        with anyio.fail_after(30):
            async for part in self.process.stderr:
                told += part
            return await self.process.wait(), told.decode()


@asynccontextmanager
async def program(
    environment: dict[str, str], *arguments: str
) -> AsyncIterator[Program]:
    command = [sys.executable, "-c", PROGRAM, *arguments]
    async with await anyio.open_process(command, env=environment) as process:
        try:
            yield Program(process)
        finally:
            if process.returncode is None:
                process.kill()


@pytest.fixture
def environment(onebus_bridge: BridgeProcess) -> dict[str, str]:
    return {**os.environ, **onebus_bridge.environment}


@BACKENDS
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_lets_what_is_in_hand_end(
    backend: str, number: signal.Signals, environment: dict[str, str], qqsim: SimulatedQQ
) -> None:
    async with program(environment, backend, "20") as bot:
        await bot.says("started")
        await qqsim.group(700).say("work", by=42)
        await bot.says("working")
        bot.process.send_signal(number)
        assert (await qqsim.next_sent()).text == "done"
        await bot.says("ended")
        assert await bot.ends() == (0, "")


@BACKENDS
@pytest.mark.parametrize(("grace", "signals"), [("0.2", 1), ("60", 2)])
async def test_what_never_ends_is_cancelled(
    backend: str,
    grace: str,
    signals: int,
    environment: dict[str, str],
    qqsim: SimulatedQQ,
) -> None:
    async with program(environment, backend, grace) as bot:
        await bot.says("started")
        await qqsim.group(700).say("hang", by=42)
        await bot.says("hanging")
        bot.process.send_signal(signal.SIGINT)
        if signals == 2:
            bot.process.send_signal(signal.SIGTERM)
        await bot.says("ended")
        status, told = await bot.ends()
        assert status == 0
        assert "not all that was in hand has ended" in told


@BACKENDS
async def test_a_bot_that_waits_for_a_bridge_ends_at_once(
    backend: str, environment: dict[str, str], tmp_path: Path
) -> None:
    address = f"ipc://{tmp_path}/actions"
    hung = {"ONEBUS_EVENTS": f"ipc://{tmp_path}/events", "ONEBUS_ACTIONS": address}
    with pynng.Rep0(listen=address, recv_timeout=30_000) as silent:
        async with program({**environment, **hung}, backend, "60") as bot:
            await anyio.to_thread.run_sync(silent.recv)
            bot.process.terminate()
            await bot.says("ended")
            assert await bot.ends() == (0, "")


def test_a_bot_runs_outside_of_the_main_thread(tmp_path: Path) -> None:
    bot = Bot()

    @bot.on_start
    async def start(bus: onebus.Bus) -> None:
        raise KeyError("it got so far")

    async def main(bridge: Any) -> None:
        run = functools.partial(
            bot.run, events=bridge.events_address, actions=bridge.actions_address
        )
        await anyio.to_thread.run_sync(run)

    with fake_bridge(tmp_path) as bridge, pytest.raises(KeyError, match="so far"):
        anyio.run(main, bridge)
