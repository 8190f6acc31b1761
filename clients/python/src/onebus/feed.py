"""From the journal to the live events, with no hole and no event twice.

Events come in two ways: one by one as they are published, and in pages of the
journal, which are asked for. All that is kept is how far we have come:

    live    last + 1         deliver it
            up to last       it has been: pass over it
            beyond           something is missing: hold it, and ask what is
                             behind last
    page    up to its next   deliver its events; last = next

An event is in the journal before it is published, so the page that is asked for
because of an event has the event itself; what is held matters only where the
journal could not take it. Each epoch counts for itself. A page says which one is
the bridge's: an event may be an old one that lay in a queue.

Neither sockets nor a clock: what comes in is told, what to do is answered.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from .event import Gap, GapReason
from .position import Position
from .raw import RawEvent


class Step(Enum):
    """What to do with a live event."""

    DELIVER = "deliver"
    PASS = "pass"
    ASK = "ask"


@dataclass(frozen=True)
class Page:
    """A reply of `bridge.replay`: section 9 of the bus contract.

    `messages` are those events between what was asked for and `next` that are
    wanted, `lost` the ranges between them that cannot be had.
    """

    epoch: str
    messages: list[RawEvent]
    next: int
    oldest: int
    newest: int
    truncated: bool
    lost: list[tuple[int, int]]


#: What comes out.
Item = RawEvent | Gap


class Feed:
    """Where we are, and what is still to be asked.

    `epoch` None: that of `last` is not known; the first page tells.
    """

    def __init__(self, epoch: str | None, last: int, *, is_behind: bool = True) -> None:
        self._epoch = epoch
        self._last = last
        self._former: Position | None = None
        self._held: RawEvent | None = None
        #: There is more to be asked of the journal before live events count.
        self.is_behind = is_behind

    @property
    def position(self) -> Position | None:
        """How far what has come out reaches; None before anything is known."""
        return None if self._epoch is None else Position(self._epoch, self._last)

    @property
    def after(self) -> int | None:
        """What to ask behind; None: all there is, whatever may be missing."""
        return self._last if self._last or self._epoch is not None else None

    # ---- live --------------------------------------------------------------

    def live(self, message: RawEvent) -> Step:
        """A live event has come, and nothing is to be asked for.

        After ASK it is held and comes out in its turn of `page` or `refused`.
        """
        if message.epoch == self._epoch:
            if message.seq == self._last + 1:
                self._last = message.seq
                return Step.DELIVER
            if message.seq <= self._last:
                return Step.PASS
        elif self._former is not None and message.epoch == self._former.epoch:
            return Step.PASS
        self._held = message
        self.is_behind = True
        return Step.ASK

    def recheck(self) -> None:
        """It has been quiet: the last event may be one that was missed."""
        self.is_behind = True

    # ---- pages -------------------------------------------------------------

    def page(self, page: Page) -> list[Item]:
        """A page has come, of what is behind `after`. What comes out of it."""
        if self._epoch is None and page.newest:
            self._epoch = "" if self._last > page.newest else page.epoch
        if self._epoch is not None and self._epoch != page.epoch:
            return [self._change(page.epoch)]
        items = _news(page, self._last)
        if self._epoch is not None:
            self._last = max(self._last, page.next)
        self.is_behind = page.truncated
        return items if self.is_behind else [*items, *self._settle("lost")]

    def refused(self) -> list[Item]:
        """The bridge lets us ask for nothing: live events are all there is."""
        items: list[Item] = []
        held = self._held
        if held is not None and self._epoch not in (None, held.epoch):
            items.append(self._change(held.epoch))
        self.is_behind = False
        return [*items, *self._settle("denied")]

    def _change(self, epoch: str) -> Gap:
        """Another journal: ours is void. Should the bridge return to the one
        before, we go on where we were."""
        left = Position(self._epoch or "", self._last)
        is_return = self._former is not None and self._former.epoch == epoch
        self._last = self._former.seq if is_return and self._former else 0
        self._epoch, self._former = epoch, left
        self.is_behind = True
        return Gap(first=left.seq + 1, last=None, reason="epoch", epoch=left.epoch)

    def _settle(self, reason: GapReason) -> Iterator[Item]:
        """What is held, once there is nothing more to ask for."""
        held, self._held = self._held, None
        if held is None:
            return
        if self._epoch is None:
            self._epoch, self._last = held.epoch, held.seq - 1
        if held.epoch != self._epoch or held.seq <= self._last:
            return
        if held.seq > self._last + 1:
            yield Gap(self._last + 1, held.seq - 1, reason, self._epoch)
        self._last = held.seq
        yield held


def _news(page: Page, last: int) -> list[Item]:
    """The events of a page behind `last`, and its gaps, in their order."""
    events: list[Item] = [message for message in page.messages if message.seq > last]
    gaps = list(_gaps(page))
    return sorted([*events, *gaps], key=_place) if gaps else events


def _place(item: Item) -> int:
    return item.first if isinstance(item, Gap) else item.seq


def _gaps(page: Page) -> Iterator[Gap]:
    for first, last in page.lost:
        reason: GapReason = "expired" if last < page.oldest else "lost"
        yield Gap(first, last, reason, page.epoch)
