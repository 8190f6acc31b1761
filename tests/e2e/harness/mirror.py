"""What the journal has, and what a stream of JetStream has of it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from nats.js.errors import NotFoundError

from harness.build import WAIT
from harness.bus import Bus, Event, read_event
from harness.frames import group_message
from harness.nats import Place, Stored
from harness.websocket import Peer, frame_bytes

Row = tuple[str, str, bytes]
"""Nats-Msg-Id, subject, payload."""

_PIECE = 200
_POLL_SECONDS = 0.02


async def kept(program: Bus) -> list[Event]:
    """All that the journal has."""
    events: list[Event] = []
    params = {"after": 0, "limit": 10_000, "max_bytes": 4 << 20}
    while True:
        reply = await program.call("bridge.replay", params)
        assert reply["status"] == "ok", reply
        page = reply["data"]
        events += map(read_event, page["events"])
        params["after"] = page["next"]
        if not page["truncated"]:
            return events


def row_of(event: Event, place: Place) -> Row:
    """As what this event is to be there."""
    epoch, seq = event.envelope["epoch"], event.seq
    return f"{epoch}-{seq}", f"{place.prefix}.{event.topic}", event.payload


def rows_of(stored: Iterable[Stored]) -> list[Row]:
    return [(message.id, message.subject, message.payload) for message in stored]


def same_rows(found: Sequence[object], wanted: Sequence[object]) -> None:
    """Fails with what differs first: tens of thousands are not shown."""
    for place, (one, other) in enumerate(zip(found, wanted)):
        assert one == other, f"number {place} of {len(found)}"
    assert len(found) == len(wanted), (found[-1:], wanted[-1:])


def same_as_kept(found: Sequence[Row], rows: Sequence[Row]) -> None:
    """As `same_rows` with what the journal has now, which may go on by then."""
    last = [row[0] for row in rows].index(found[-1][0])
    same_rows(found, rows[: last + 1])


async def newest(program: Bus) -> str:
    """The id of the last event there is now."""
    data = (await program.call("bridge.ping"))["data"]
    return f"{data['epoch']}-{data['seq']}"


async def state_of(program: Bus) -> dict[str, Any]:
    """What the bridge tells of its publishing."""
    return dict((await program.call("bridge.status"))["data"]["nats"])


async def state_fits(
    program: Bus, fits: Callable[[dict[str, Any]], bool], seconds: float = WAIT
) -> dict[str, Any]:
    """Wait until what it tells of its publishing is so; gives that."""
    deadline = asyncio.get_running_loop().time() + seconds
    while not fits(found := await state_of(program)):
        assert asyncio.get_running_loop().time() < deadline, found
        await asyncio.sleep(_POLL_SECONDS)
    return found


async def state_is(
    program: Bus, state: str, fault: str = "", seconds: float = WAIT
) -> dict[str, Any]:
    """Wait until it is in this state, and says this of why; gives all it tells."""

    def fits(found: dict[str, Any]) -> bool:
        return bool(found["state"] == state and fault in found["fault"])

    return await state_fits(program, fits, seconds)


async def last_id(place: Place) -> str:
    """The id of the last message in the stream; empty if there is none."""
    js = await place.jetstream()
    try:
        info = await js.stream_info(place.stream)
        if info.state.messages == 0:
            return ""
        message = await js.get_msg(place.stream, info.state.last_seq)
    except NotFoundError:
        return ""
    return str((message.headers or {}).get("Nats-Msg-Id", ""))


async def caught_up(program: Bus, place: Place, seconds: float = WAIT) -> None:
    """Wait until the stream ends with the newest event of the journal."""
    deadline = asyncio.get_running_loop().time() + seconds
    while (last := await last_id(place)) != (wanted := await newest(program)):
        late = asyncio.get_running_loop().time() > deadline
        assert not late, f"{last}, not {wanted}: {await state_of(program)}"
        await asyncio.sleep(_POLL_SECONDS)


async def mirrored(program: Bus, place: Place, seconds: float = WAIT) -> list[Stored]:
    """Wait until the stream has all that the journal has, and see that it has
    nothing else, in this order."""
    await caught_up(program, place, seconds)
    stored = await place.messages()
    same_as_kept(rows_of(stored), [row_of(event, place) for event in await kept(program)])
    return stored


def frames(count: int, *, size: int = 200, group_id: int = 20000) -> Iterator[bytes]:
    """`count` messages that differ, in pieces as they go over the wire."""
    text = "x" * size
    for first in range(0, count, _PIECE):
        yield b"".join(
            frame_bytes(json.dumps(group_message(text, group_id=group_id + number % 7)))
            for number in range(first, min(first + _PIECE, count))
        )


async def feed(peer: Peer, count: int, *, size: int = 200, group_id: int = 20000) -> None:
    """As fast as they are taken."""
    for piece in frames(count, size=size, group_id=group_id):
        await peer.send_bytes(piece)


async def fed(program: Bus, peer: Peer, count: int, **options: int) -> None:
    """The same, and until they are all events."""
    before = int((await program.call("bridge.ping"))["data"]["seq"])
    await feed(peer, count, **options)
    while int((await program.call("bridge.ping"))["data"]["seq"]) < before + count:
        await asyncio.sleep(_POLL_SECONDS)
