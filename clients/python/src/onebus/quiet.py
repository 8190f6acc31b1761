"""When it has been quiet for so long that the last event may have been missed."""

from __future__ import annotations

#: Seconds after a connection was made: what was published meanwhile was missed.
AFTER_CONNECT = 0.1


class Quiet:
    """Says when to look at the journal; is told the time, in seconds.

    `least` seconds after something has come, then after twice as long each time,
    up to `most`.
    """

    def __init__(self, least: float, most: float) -> None:
        self._least = least
        self._most = most
        self._pause = least
        self._at = 0.0

    def heard(self, now: float) -> None:
        """Something has come."""
        self._pause = self._least
        self._at = now + self._pause

    def connected(self, now: float) -> None:
        """The connection is new."""
        self._pause = self._least
        self._at = now + AFTER_CONNECT

    def looked(self, now: float) -> None:
        """The journal is being looked at."""
        self._at = now + self._pause
        self._pause = min(self._pause * 2, self._most)

    def left(self, now: float) -> float:
        """Seconds until it is time; 0 if it is."""
        return max(self._at - now, 0.0)
