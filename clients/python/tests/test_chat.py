"""The group chat that goes on by itself, and the command line."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import SECONDS, Bridge

from onebus.sim import Message, World, cq, events, js
from onebus.sim.chat import TEA_GROUP, GroupChat

BOT = 10001
SOURCES = Path(__file__).parents[1] / "src"


def play(seed: int, steps: int, *, echo: bool = False) -> list[dict[str, Any]]:
    """The frames of a chat; with `echo` a bot answers what is said to it."""
    seconds = iter(range(1_700_000_000, 2_000_000_000))
    world = World(BOT, "bot", now=lambda: next(seconds), rng=random.Random(seed))
    chat = GroupChat(world, random.Random(seed))
    frames: list[dict[str, Any]] = []

    def take() -> None:
        for event in world.take_events():
            chat.heard(event)
            said = isinstance(event, Message)
            frames.append(events.message(BOT, event, "array") if said else event)  # type: ignore[arg-type]

    for _ in range(steps):
        chat.step()
        take()
        if echo and "/echo" in frames[-1].get("raw_message", ""):
            world.say_in_group(TEA_GROUP, BOT, cq.decode("echo"))
            take()
    return frames


def test_the_same_seed_gives_the_same_chat() -> None:
    assert play(1, 300) == play(1, 300) != play(2, 300)


def test_the_chat_has_something_of_everything() -> None:
    frames = play(1, 3000, echo=True)
    assert len(frames) > 2500
    segments = {s["type"] for f in frames for s in f.get("message", ())}
    assert segments == {"text", "at", "face", "image", "reply"}
    notices = {f["notice_type"] for f in frames if f["post_type"] == "notice"}
    assert notices == {
        "group_increase", "group_decrease", "group_ban", "group_recall", "notify",
        "group_msg_emoji_like",
    }  # fmt: skip
    texts = [f["raw_message"] for f in frames if f["post_type"] == "message"]
    assert any(text.startswith("/echo ") for text in texts)
    assert any(f"[CQ:at,qq={BOT}]" in text for text in texts)
    assert {f["message_type"] for f in frames if "message_type" in f} == {
        "group",
        "private",
    }
    js.dumps(frames)


def test_a_group_the_bot_has_left_falls_silent() -> None:
    world = World(BOT, "bot", now=lambda: 1, rng=random.Random(1))
    chat = GroupChat(world, random.Random(1))
    for _ in range(50):
        chat.step()
    world.leave(TEA_GROUP, BOT)
    world.take_events()
    for _ in range(300):
        chat.step()
    frames = [e for e in world.take_events() if isinstance(e, dict)]
    assert TEA_GROUP not in world.groups
    assert all(frame.get("group_id") != TEA_GROUP for frame in frames)


async def run(*arguments: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "onebus.sim", *arguments,
        stderr=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(SOURCES)},
    )  # fmt: skip


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_the_command_line_chats_and_ends_well(
    bridge: Bridge, number: int
) -> None:
    process = await run("--url", bridge.url, "--interval", "0.01", "--self-id", "123")
    connection = await bridge.opened(1)
    frame = await bridge.until(lambda f: f["post_type"] == "message")
    assert frame["self_id"] == 123
    process.send_signal(number)
    out, err = await asyncio.wait_for(process.communicate(), SECONDS)
    assert (process.returncode, out) == (0, b"")
    assert b"connected to" in err and b"Traceback" not in err
    assert connection.protocol.close_code == 1005


async def test_the_command_line_explains_itself() -> None:
    process = await run("--help")
    out, _ = await asyncio.wait_for(process.communicate(), SECONDS)
    assert process.returncode == 0 and b"examples:" in out


async def test_a_wrong_url_is_told_without_a_traceback() -> None:
    process = await run("--url", "http://nowhere")
    _, err = await asyncio.wait_for(process.communicate(), SECONDS)
    assert process.returncode == 2
    assert err.strip() == b"onebus.sim: not a ws:// or wss:// url: http://nowhere"


async def test_the_command_line_has_faults_to_give(bridge: Bridge) -> None:
    process = await run(
        "--url", bridge.url, "--interval", "0", "--fault", "get_status=failed:no*1",
        "--no-streams", "--no-packet-backend", "--local-file2url", "--quiet",
    )  # fmt: skip
    await bridge.opened(1)
    assert (await bridge.call("get_status", 1))["wording"] == "no"
    assert (await bridge.call("get_status", 2))["retcode"] == 0
    assert (await bridge.call("test_download_stream", 3))["retcode"] == 1404
    assert (await bridge.call("get_rkey", 4))["retcode"] == 1400
    process.send_signal(signal.SIGTERM)
    _, err = await asyncio.wait_for(process.communicate(), SECONDS)
    assert (process.returncode, b"Traceback" in err) == (0, False)


async def test_a_wrong_fault_is_told_without_a_traceback() -> None:
    process = await run("--fault", "get_status=strange")
    _, err = await asyncio.wait_for(process.communicate(), SECONDS)
    assert process.returncode == 2
    assert err.startswith(b"onebus.sim: get_status=strange: allowed: GLOB=KIND")
