"""A consumer that notes what it gets and may be killed at any moment.

    python event_consumer.py EVENTS ACTIONS CURSOR NOTES

CURSOR is `name:NAME` or `file:PATH`. Each event is a line of its seq in NOTES,
each gap a line that begins with `gap`.
"""

from __future__ import annotations

import sys
from pathlib import Path

import anyio

from onebus.bus import connect
from onebus.event import Gap


async def main(events: str, actions: str, cursor: str, notes: str) -> None:
    kind, _, where = cursor.partition(":")
    with Path(notes).open("a", encoding="utf-8", buffering=1) as file:
        async with (
            connect(events, actions) as bus,
            bus.events(cursor=where if kind == "name" else Path(where), since=0) as all_,
        ):
            async for event in all_:
                said = f"gap {event}" if isinstance(event, Gap) else str(event.seq)
                file.write(f"{said}\n")


if __name__ == "__main__":
    _, events, actions, cursor, notes = sys.argv
    anyio.run(main, events, actions, cursor, notes)
