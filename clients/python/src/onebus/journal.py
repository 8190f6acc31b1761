"""The bridge's journal, as one asks for it: how far it is, and its pages."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import anyio

from .errors import MalformedMessage
from .feed import Page
from .patience import ask_patiently
from .position import Position
from .raw import RawEvent, peek

if TYPE_CHECKING:
    from .bus import Bus

log = logging.getLogger("onebus.journal")

#: A page: events, and bytes of all of them.
PAGE_EVENTS = 1000
PAGE_BYTES = 256 * 1024
#: As many patterns as the bridge takes; of more it is asked for all events.
TOPICS_MAX = 64
#: Seconds until a page is asked for again that has led nowhere.
UNMOVED = 0.05


class Journal:
    """Asks until there is an answer: a bridge that is away may come back.

    `topics` are the patterns of what is wanted, none for everything; `max_age`
    is in seconds. What the bridge refuses is raised.
    """

    def __init__(
        self, bus: Bus, *, topics: tuple[str, ...], max_age: float | None
    ) -> None:
        self._bus = bus
        self._wanted: dict[str, Any] = {
            "limit": PAGE_EVENTS,
            "max_bytes": PAGE_BYTES,
        }
        if 0 < len(topics) <= TOPICS_MAX:
            self._wanted["topics"] = list(topics)
        if max_age is not None:
            self._wanted["max_age"] = max(1, round(max_age * 1000))

    async def newest(self) -> Position:
        """Where the last event stands."""
        data = await ask_patiently(self._bus, "bridge.ping", {})
        return Position(data["epoch"], data["seq"])

    async def page(self, after: int | None) -> Page:
        """What is behind `after`; None: all there is."""
        asked = self._wanted if after is None else {**self._wanted, "after": after}
        data = await ask_patiently(self._bus, "bridge.replay", asked)
        if data["truncated"] and data["next"] <= (after or 0):
            await anyio.sleep(UNMOVED)
        return Page(
            data["epoch"],
            _events(data["events"]),
            data["next"],
            data["oldest"],
            data["newest"],
            data["truncated"],
            [(first, last) for first, last in data["lost"]],
        )


def _events(messages: list[bytes]) -> list[RawEvent]:
    events: list[RawEvent] = []
    for message in messages:
        try:
            events.append(peek(message))
        except MalformedMessage as error:
            log.warning("passed over in the journal: %s", error)
    return events
