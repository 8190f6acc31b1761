"""How old events are, although two clocks never agree.

The bridge stamps events by its clock, we have ours. The smallest difference ever
seen is that of an event that came at once, so what an event has more is its age.
Where an event is known to have come just now its difference counts, whatever was
before, so a correction of the bridge's clock is followed.
"""

from __future__ import annotations


class Ages:
    """Told the time of a clock of our own in seconds, and of events in ms."""

    def __init__(self, max_age: float) -> None:
        self._max_age = max_age
        self._difference: float | None = None

    def is_too_old(self, event_ms: int, now: float) -> bool:
        """Whether the event is older than `max_age` seconds."""
        difference = now - event_ms / 1000
        if self._difference is None or difference < self._difference:
            self._difference = difference
        return difference - self._difference > self._max_age

    def came_just_now(self, event_ms: float, now: float) -> None:
        """This event was published within the last moment."""
        self._difference = now - event_ms / 1000
