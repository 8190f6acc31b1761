"""The examples, as they are, against the real bridge and a simulated QQ."""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import json
import os
import signal
import sqlite3
import sys
from collections.abc import AsyncIterator, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from types import ModuleType
from typing import Any

import pytest
from pytest_onebus import RunBot

from onebus import Bus
from onebus.testing import BridgeProcess
from onebus.testing.qq import SimulatedQQ

#: How the bridge is found.
WAYS = ("nng", "nats")

EXAMPLES = Path(__file__).parents[1] / "examples"


def example(name: str) -> ModuleType:
    """A fresh copy of an example."""
    spec = importlib.util.spec_from_file_location(name, EXAMPLES / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@contextlib.asynccontextmanager
async def program(
    bridge: BridgeProcess, name: str, *arguments: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    """An example as a process of its own; SIGTERM ends it."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(EXAMPLES / f"{name}.py"),
        *arguments,
        env={
            **os.environ,
            "ONEBUS_EVENTS": bridge.events,
            "ONEBUS_ACTIONS": bridge.actions,
        },
    )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
        await process.wait()


# ---- echo ------------------------------------------------------------------


async def test_the_echo_bot_echoes(qqsim: SimulatedQQ, run_bot: RunBot) -> None:
    await run_bot(example("echo_bot").bot)
    await qqsim.group(700).say("/echo  一二 三", by=42)
    assert (await qqsim.next_sent()).text == "一二 三"
    said = await qqsim.group(700).say("hello", by=42, at_bot=True)
    sent = await qqsim.next_sent()
    assert (sent.text, sent.quotes) == ("你好！ You said: hello", said.message_id)
    await qqsim.group(700).say("nobody is asked", by=42)
    await qqsim.friend(43).say("psst")
    assert (await qqsim.next_sent()).text == "你好！ You said: psst"
    await qqsim.group(700).poke(by=42)
    poke = await qqsim.next_action("*poke*")
    assert int(poke.params["user_id"]) == 42


async def test_the_echo_bot_runs_as_a_program_and_ends_on_a_signal(
    qqsim: SimulatedQQ, onebus_bridge: BridgeProcess
) -> None:
    async with program(onebus_bridge, "echo_bot") as process:
        for attempt in range(100):
            await qqsim.group(700).say(f"/echo {attempt}", by=42)
            with contextlib.suppress(AssertionError):
                await qqsim.next_sent(timeout=0.2)
                break
        process.send_signal(signal.SIGTERM)
        assert await process.wait() == 0


# ---- commands --------------------------------------------------------------


async def test_the_command_bot_knows_its_commands(
    qqsim: SimulatedQQ, run_bot: RunBot
) -> None:
    await run_bot(example("command_bot").bot)
    group = qqsim.group(700)
    await group.say("/roll 2d1", by=42)
    rolled = await qqsim.next_sent()
    assert (rolled.text.strip(), rolled.mentions) == ("1 + 1 = 2", (42,))
    await group.say("/roll many", by=42)
    assert "/roll 2d6" in (await qqsim.next_sent()).text
    await group.say("/dice", by=42)
    assert (await qqsim.next_sent()).raw.segments[0]["type"] == "dice"
    await group.say("/members", by=42)
    assert (await qqsim.next_sent()).text == "2 people are here."
    await qqsim.friend(42).say("/members")
    assert (await qqsim.next_sent()).text == "Only in a group."
    await group.say("/whoami", by=42)
    assert (await qqsim.next_sent()).text.endswith("User 42, 42")
    await group.say("/帮助", by=42)
    assert "/roll" in (await qqsim.next_sent()).text


# ---- moderation ------------------------------------------------------------


async def test_the_moderator_warns_and_then_mutes(
    qqsim: SimulatedQQ, run_bot: RunBot
) -> None:
    await run_bot(example("moderation_bot").bot)
    group = qqsim.group(700)
    for _ in range(2):
        said = await group.say("buy spam now", by=42)
        assert (await qqsim.next_sent()).mentions == (42,)
        assert said.recalled
    await group.say("spam", by=42)
    request = await qqsim.next_action("set_group_ban")
    assert int(request.params["duration"]) == 600
    group.set_role(43, "admin")
    said = await group.say("spam is what we ban", by=43)
    await qqsim.nothing_sent()
    assert not said.recalled


async def test_the_moderator_stops_floods(qqsim: SimulatedQQ, run_bot: RunBot) -> None:
    await run_bot(example("moderation_bot").bot)
    for number in range(7):
        await qqsim.group(700).say(f"{number}", by=42)
    request = await qqsim.next_action("set_group_ban")
    assert int(request.params["user_id"]) == 42
    assert int(request.params["duration"]) == 60


async def test_the_moderator_looks_after_newcomers(
    qqsim: SimulatedQQ, run_bot: RunBot
) -> None:
    await run_bot(example("moderation_bot").bot)
    group = qqsim.group(700)
    await group.ask_to_join(50)
    refused = await qqsim.next_action("set_group_add_request")
    assert refused.params["approve"] is False
    await group.ask_to_join(51, "I like bridges")
    granted = await qqsim.next_action("set_group_add_request")
    assert granted.params["approve"] is True
    assert (await qqsim.next_sent()).mentions == (51,)


# ---- the logger ------------------------------------------------------------


def rows(path: Path) -> list[str]:
    with contextlib.closing(sqlite3.connect(path)) as db:
        try:
            return [text for (text,) in db.execute("SELECT text FROM messages ORDER BY seq")]
        except sqlite3.OperationalError:
            return []


async def logged(path: Path, count: int) -> list[str]:
    """What is in the file once there are `count`."""
    for _ in range(1000):
        if len(rows(path)) >= count:
            break
        await asyncio.sleep(0.02)
    return rows(path)


async def test_the_logger_misses_nothing_though_it_and_the_bridge_are_killed(
    qqsim: SimulatedQQ, bus: Bus, onebus_bridge: BridgeProcess, tmp_path: Path
) -> None:
    path = tmp_path / "chats.db"
    wanted: list[str] = []

    async def say() -> None:
        """Say something, and see that it is in the bridge's journal."""
        wanted.append(f"{len(wanted)}")
        await qqsim.group(700).say(wanted[-1], by=42)
        while len((await bus.bridge.history(group_id=700))["events"]) < len(wanted):
            await asyncio.sleep(0.01)

    for _ in range(5):
        await say()
    async with program(onebus_bridge, "sqlite_logger", str(path)) as process:
        assert await logged(path, 5) == wanted
        await say()
        process.kill()
    await say()
    onebus_bridge.kill()
    await qqsim.disconnected()
    onebus_bridge.start()
    await qqsim.connected()
    await say()
    async with program(onebus_bridge, "sqlite_logger", str(path)):
        await say()
        assert await logged(path, len(wanted)) == wanted


# ---- the language model ----------------------------------------------------


class Model(ThreadingHTTPServer):
    """A server of OpenAI's form that says what it was told."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[Any] = []
        self.status = 200

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"


class Handler(BaseHTTPRequestHandler):
    server: Model

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append(json.loads(body))
        said = f"answer {len(self.server.asked)}"
        answer = json.dumps({"choices": [{"message": {"content": said}}]}).encode()
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def model() -> Iterator[Model]:
    server = Model()
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


PROMPTED = {
    "channels": {"napcatqq": {"groups": {"700": {"systemPrompt": "You are a pirate."}}}}
}


@pytest.mark.onebus(settings=PROMPTED)
async def test_the_language_model_answers_who_speaks_to_it(
    qqsim: SimulatedQQ, run_bot: RunBot, model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LLM_URL", model.url)
    await run_bot(example("llm_bot").bot)
    group = qqsim.group(700)
    await group.say("just talking", by=42)
    await group.say("ahoy", by=42, at_bot=True)
    assert (await qqsim.next_sent()).text == "answer 1"
    await group.say("and again", by=42, at_bot=True)
    assert (await qqsim.next_sent()).text == "answer 2"
    first, second = (asked["messages"] for asked in model.asked)
    assert first[0] == {"role": "system", "content": "You are a pirate."}
    assert [said["role"] for said in second] == ["system", "user", "assistant", "user"]
    assert "ahoy" in first[1]["content"]
    await group.say("/forget", by=42)
    await qqsim.next_sent()
    model.status = 500
    await qqsim.friend(43).say("hello?")
    assert "does not answer" in (await qqsim.next_sent()).text
