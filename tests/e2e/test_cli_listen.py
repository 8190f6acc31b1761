"""onebus listen"""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator

import pytest
from onebus.sim import Simulator

from harness.cli import Listener, listening, onebus
from harness.factories import StartBridge, StartSim
from harness.frames import group_message, renewed

ODD = "\x1b[31mred\x1b[0m\x07\x9b2J\u0085\rx\ny\x00z\x7f"


@contextlib.asynccontextmanager
async def chatter(peer: Simulator, *frames: dict[str, object]) -> AsyncIterator[None]:
    """Send the frames over and over: a listener tells nobody when it is ready."""

    async def talk() -> None:
        while True:
            for frame in frames:
                await peer.emit(renewed(frame))
            await asyncio.sleep(0.02)

    task = asyncio.create_task(talk())
    try:
        yield
    finally:
        task.cancel()


async def shown(listener: Listener, peer: Simulator, *frames: dict[str, object]) -> str:
    """All it prints until it ends by itself."""
    async with chatter(peer, *frames):
        assert await listener.ended() == 0
    return listener.out.decode()


async def test_a_message_is_a_line_with_topic_sender_and_text(
    bridge: StartBridge, sim: StartSim
) -> None:
    b = await bridge()
    peer = await sim(b)
    message = [
        {"type": "at", "data": {"qq": "10001"}},
        {"type": "text", "data": {"text": " 你好"}},
        {"type": "image", "data": {"file": "x.png"}},
    ]
    frame = group_message(message=message, sender={"nickname": "小明", "card": ""})
    async with listening("--url", b.events, "--count", "1", "qq.group.*") as listener:
        line = await shown(listener, peer, frame)
    assert "qq.group.20002.message.normal" in line
    assert "小明: @10001 你好[image]" in line


async def test_a_pattern_takes_what_it_matches_and_count_ends_it(
    bridge: StartBridge, sim: StartSim
) -> None:
    b = await bridge()
    peer = await sim(b)
    notice = {"post_type": "notice", "notice_type": "group_card", "group_id": 20002}
    frames = (group_message(), group_message(group_id=9), notice | {"user_id": 5})
    patterns = ("qq.*.20002.message.*", "qq.group.*.notice.*")
    async with listening("--url", b.events, "--count", "6", *patterns) as listener:
        await shown(listener, peer, *frames)
    assert len(listener.lines) == 6
    assert {line.split()[1] for line in listener.lines} == {
        "qq.group.20002.message.normal",
        "qq.group.20002.notice.group_card",
    }


async def test_json_is_the_whole_envelope_a_line(
    bridge: StartBridge, sim: StartSim
) -> None:
    b = await bridge()
    peer = await sim(b)
    frame = group_message(ODD, big=2**64 - 1)
    arguments = ("--url", b.events, "--json", "--count", "2", "qq.group.*")
    async with listening(*arguments) as listener:
        await shown(listener, peer, frame)
    first, second = map(json.loads, listener.lines)
    assert first["topic"] == "qq.group.20002.message.normal"
    event = first["envelope"]["event"]
    assert event == frame | {"message_id": event["message_id"]}
    assert second["envelope"]["seq"] == first["envelope"]["seq"] + 1


@pytest.mark.parametrize("form", [(), ("--json",)])
async def test_control_characters_do_not_reach_the_terminal(
    bridge: StartBridge, sim: StartSim, form: tuple[str, ...]
) -> None:
    b = await bridge()
    peer = await sim(b)
    frame = group_message(ODD, sender={"nickname": ODD, "card": ODD}, sub_type=ODD)
    arguments = ("--url", b.events, *form, "--count", "3", "qq.group.*")
    async with listening(*arguments) as listener:
        text = await shown(listener, peer, frame)
    assert "red" in text
    bad = {c for c in text if ord(c) < 32 or 0x7F <= ord(c) < 0xA0}
    assert bad == {"\n"}
    assert len(listener.lines) == 3


async def test_the_address_comes_from_the_settings(
    bridge: StartBridge, sim: StartSim
) -> None:
    b = await bridge()
    peer = await sim(b)
    config = str(b.folder / "onebus.json")
    async with listening("--config", config, "--count", "1") as listener:
        await shown(listener, peer, group_message())


async def test_when_nobody_is_there_it_says_so(bridge: StartBridge) -> None:
    result = await onebus("listen", "--url", f"ipc://{bridge.folder}/none")
    assert result.status == 1
    assert "cannot reach the bridge" in result.err
    assert f"ipc://{bridge.folder}/none" in result.err


@pytest.mark.parametrize("pattern", ["", "qq..x", "qq.gr*up.x", "qq.group.*.", "q q"])
async def test_a_pattern_that_is_none_is_told(
    bridge: StartBridge, pattern: str
) -> None:
    b = await bridge()
    result = await onebus("listen", "--url", b.events, pattern)
    assert result.status == 2
    assert "pattern" in result.err


async def test_a_reader_that_leaves_ends_it(bridge: StartBridge, sim: StartSim) -> None:
    """As `onebus listen | head -1` does."""
    b = await bridge()
    peer = await sim(b)
    async with (
        listening("--url", b.events, "qq.group.*") as listener,
        chatter(peer, group_message()),
    ):
        await listener.has_line("qq.group")
        listener.stop_reading()
        await listener.ended()
