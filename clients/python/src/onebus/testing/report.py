"""What a failure tells: all that happened, from QQ to the bot."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING

import anyio

from ..errors import OnebusError
from ..raw import RawEvent, peek

if TYPE_CHECKING:
    from ..bridge_actions import Decision
    from ..bus import Bus
    from ..sim import Request, Simulator

EVENTS_SHOWN = 10
ACTIONS_SHOWN = 10
DECISIONS_SHOWN = 5
LINES_SHOWN = 15
WIDTH = 120

#: How long the bridge may take to say what there was, in seconds.
SECONDS = 2.0


def section(title: str, lines: Iterable[str]) -> str:
    """A title, and lines below it."""
    return "\n".join([f"{title}:", *(f"    {line}" for line in lines)])


def _cut(line: str) -> str:
    return line if len(line) <= WIDTH else f"{line[: WIDTH - 1]}…"


def of_qq(qq: Simulator) -> str:
    """Whether a simulated QQ is connected, and what it was asked for."""
    state = "connected" if qq.is_connected else "not connected"
    called = qq.requests[-ACTIONS_SHOWN:]
    return section(
        f"actions that came to QQ {qq.self_id} ({state})",
        map(action_line, called) if called else ["none"],
    )


def action_line(request: Request) -> str:
    """An action and its parameters."""
    params = json.dumps(request.params, ensure_ascii=False, default=str)
    return _cut(f"{request.action} {params}")


async def of_bus(bus: Bus) -> str:
    """The last events, and those that the settings have let nobody hear."""
    try:
        with anyio.fail_after(SECONDS):
            newest = (await bus.bridge.ping())["seq"]
            replayed = await bus.bridge.replay(max(0, newest - EVENTS_SHOWN))
            decisions = await bus.bridge.why(limit=DECISIONS_SHOWN)
    except (OnebusError, TimeoutError) as error:
        return section("events on the bus", [f"the bridge does not tell: {error!r}"])
    events = section("events on the bus", map(event_line, map(peek, replayed["events"])))
    refused = [one for one in reversed(decisions) if not one["allowed"]]
    if not refused:
        return events
    return f"{events}\n{section('not heard, by the settings', map(refusal_line, refused))}"


def event_line(event: RawEvent) -> str:
    """Which event it is, and of a message what was said."""
    line = f"{event.seq:>4} {event.topic}"
    envelope = event.envelope
    if "text" not in envelope:
        return line
    return _cut(f"{line}  {envelope['event'].get('user_id')}: {envelope['text']!r}")


def refusal_line(decision: Decision) -> str:
    """Why something was not published, and what to change."""
    chat = f"group {decision['group_id']}, " if "group_id" in decision else ""
    return f"{chat}user {decision['user_id']}: {decision['reason']}: {decision['advice']}"
