"""How far one has come where several are at work at once."""

from __future__ import annotations

from collections import OrderedDict


class Progress:
    """Up to where everything is done.

    Numbers begin in rising order and end in any; `done` is the last one before
    the first that has not ended.
    """

    def __init__(self) -> None:
        self._open: OrderedDict[int, None] = OrderedDict()
        self._newest = 0

    def begin(self, number: int) -> None:
        """Work on `number` begins; it is above all that began before."""
        if number <= self._newest:
            raise ValueError(f"{number} after {self._newest}")
        self._open[number] = None
        self._newest = number

    def end(self, number: int) -> None:
        """Work on `number` is done."""
        del self._open[number]

    @property
    def done(self) -> int:
        """Everything up to here is done; 0 if nothing has begun."""
        if not self._open:
            return self._newest
        return next(iter(self._open)) - 1
