"""Messages through the real bridge, to and from a simulated QQ."""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from onebus import Bus, BridgeError, GroupMessage, Message, connect, segments
from onebus.errors import ActionFailed, Unsupported
from onebus.segment import Segment
from onebus.sim import Simulator
from onebus.testing import BridgeProcess
from wires import CLASSES

GROUP, USER = 700, 42
EXAMPLES = Path(__file__).parents[3] / "schema" / "examples" / "messages"

#: One of each type, with what a developer gives at least.
LEAST: dict[type[Segment], tuple[Any, ...]] = {
    segments.Text: ("hi",),
    segments.At: (USER,),
    segments.Reply: (5,),
    segments.Face: (14,),
    segments.Image: (b"PNG",),
    segments.Record: (b"SILK",),
    segments.Video: (b"MP4",),
    segments.File: (b"PDF",),
    segments.Mface: ("abc", 12345, "key"),
    segments.Poke: (USER,),
    segments.Markdown: ("# Title",),
    segments.Json: ({"app": "a"},),
    segments.Miniapp: ({"app": "a"},),
    segments.Location: (39.9042, 116.4074),
    segments.Xml: ("<a/>",),
    segments.Share: ("https://example.org", "title"),
    segments.Contact: ("qq", USER),
    segments.Music: ("163", "5"),
    segments.Forward: ("5",),
    segments.Node: (["hi", segments.Face(14)],),
    segments.Longmsg: ("5",),
    segments.Tts: ("hi",),
    segments.Cardimage: ("https://example.org/a.png",),
}


@pytest.fixture(scope="module")
def bridge() -> Iterator[BridgeProcess]:
    with BridgeProcess() as bridge:
        yield bridge


@contextlib.asynccontextmanager
async def joined(
    bridge: BridgeProcess, **options: Any
) -> AsyncIterator[tuple[Simulator, Bus]]:
    qq = Simulator(bridge.url(), token=bridge.token(), **options)
    async with qq, connect(bridge.events, bridge.actions) as bus:
        qq.world.group(GROUP)
        # What is said before goes nowhere.
        await qq.connected()
        yield qq, bus


async def outcome(bus: Bus, message: Any) -> str:
    """How it went: ok, or the class of the error."""
    try:
        await bus.send_group_msg(GROUP, message)
    except BridgeError as error:
        return type(error).__name__
    return "ok"


async def test_the_bridge_takes_every_type(bridge: BridgeProcess) -> None:
    allowed = {"ok", Unsupported.__name__, ActionFailed.__name__}
    async with joined(bridge) as (_, bus):
        for kind in CLASSES:
            least = kind(*LEAST.get(kind, ()))
            assert await outcome(bus, least) in allowed, least


async def test_what_is_given_is_what_is_shown(bridge: BridgeProcess) -> None:
    message = segments.At(USER) + " [CQ:at,qq=all] &amp; " + segments.Image(b"PNG")
    async with joined(bridge) as (qq, bus):
        await bus.send_group_msg(GROUP, message)
    (sent,) = qq.world.sent
    shown = Message.from_wire(sent.segments)
    assert shown.text == " [CQ:at,qq=all] &amp; "
    assert shown.mentions == (USER,)
    assert [content.data for content in sent.media] == [b"PNG"]


def said(name: str) -> list[list[dict[str, Any]]]:
    """The messages of the examples that a peer could send."""
    rows = json.loads((EXAMPLES / name).read_text("utf-8"))
    return [row["message"] for row in rows if row["cq"] is not None]


async def heard(
    bridge: BridgeProcess, messages: list[Any], form: str
) -> list[GroupMessage]:
    """What a consumer gets when somebody says these."""
    events: list[GroupMessage] = []
    async with joined(bridge, message_format=form) as (qq, bus):
        async with bus.events(f"qq.group.{GROUP}.message.*") as stream:
            for message in messages:
                await qq.group_message(GROUP, USER, message)
            async for event in stream:
                assert isinstance(event, GroupMessage), event
                events.append(event)
                if len(events) == len(messages):
                    break
    return events


async def test_what_is_said_arrives_as_it_was_said(bridge: BridgeProcess) -> None:
    messages = said("write.json")
    events = await heard(bridge, messages, "array")
    for event, message in zip(events, messages, strict=True):
        assert event.message.to_wire() == message
        assert event.message.text == event.text


async def test_what_arrives_as_a_string_is_read_alike(bridge: BridgeProcess) -> None:
    for event in await heard(bridge, said("read.json"), "string"):
        assert event.message == Message.from_cq(event.raw["raw_message"])
        assert event.message.text == event.text
