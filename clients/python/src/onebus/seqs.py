"""What each bridge of a stream has told: no event twice, none out of order, and
what is missing between them.

Several bridges tell their events through one stream; each counts its own, by its
epoch. Neither sockets nor a clock.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from enum import Enum

#: As many epochs are remembered: a bridge begins a new one with a new journal.
EPOCHS_MAX = 1024


class Step(Enum):
    """What to do with an event."""

    DELIVER = "deliver"
    #: It came before, or one behind it did.
    PASS = "pass"
    #: Deliver it; `Seqs.missing` says which ones should have come before.
    HOLE = "hole"


@dataclass
class _Told:
    seq: int
    #: Nothing between was left out by us or by the stream.
    is_known: bool


class Seqs:
    """`sees_all`: every event of the stream is told, so a hole can be seen."""

    def __init__(self, *, sees_all: bool) -> None:
        self._sees_all = sees_all
        self._since: int | None = None
        self._told: OrderedDict[str, _Told] = OrderedDict()
        #: The first and the last that are missing, after HOLE.
        self.missing = (0, 0)
        #: They are missing at the beginning: the stream does not have them any more.
        self.is_beginning = False

    def begin_behind(self, seq: int | None) -> None:
        """What is behind `seq` is wanted of each bridge; None, 0: what comes first."""
        self._since = seq or None

    def highest(self, epoch: str) -> int:
        """The last that was told, 0 if none was."""
        told = self._told.get(epoch)
        return 0 if told is None else told.seq

    def told(self, epoch: str, seq: int) -> Step:
        """The stream has this event next."""
        told = self._told.get(epoch)
        self.is_beginning = told is None
        if told is None:
            is_known = self._since is not None
            told = self._told[epoch] = _Told(self._since or 0, is_known)
            if len(self._told) > EPOCHS_MAX:
                self._told.popitem(last=False)
        self._told.move_to_end(epoch)
        if seq <= told.seq:
            return Step.PASS
        self.missing = (told.seq + 1, seq - 1)
        has_hole = self._sees_all and told.is_known and seq > told.seq + 1
        told.seq, told.is_known = seq, True
        return Step.HOLE if has_hole else Step.DELIVER

    def skipped(self) -> None:
        """The stream has lost some, which was told: what is missing is no news."""
        for told in self._told.values():
            told.is_known = False
