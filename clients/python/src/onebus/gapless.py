"""The live events and the journal, put together to one sequence without gaps."""

from __future__ import annotations

import logging
from collections import deque
from typing import TYPE_CHECKING

import anyio
import anyio.lowlevel

from .errors import Denied, MalformedMessage
from .event import Gap
from .feed import Feed, Item, Page, Step
from .journal import Journal
from .link import Link
from .position import Position
from .quiet import Quiet
from .raw import peek
from .transport import Wanted

if TYPE_CHECKING:
    import pynng

    from .bus import Bus

log = logging.getLogger("onebus.gapless")

#: Items after which others have their turn, however much there is to take.
TURN = 128
#: Seconds after which the journal is looked at for what came last.
QUIET_LEAST = 2.0
QUIET_MOST = 30.0
#: What has come after a shorter wait is new, in seconds.
MOMENT = 2.0


class Gapless:
    """A `Source`: connects to the bridge's events when it is opened.

    Holds one page of the journal, and what NNG keeps in the link.
    """

    #: The events tell it.
    now_ms: float | None = None

    def __init__(
        self, bus: Bus, address: str, wanted: Wanted, tls: pynng.TLSConfig | None
    ) -> None:
        self._address = address
        self._wanted = wanted
        self._tls = tls
        self._journal = Journal(
            bus, topics=wanted.patterns.texts, max_age=wanted.max_age
        )
        self._opened: Link | None = None
        #: Until it is open nobody knows where to begin.
        self._feed = Feed(None, 0)
        self._page: deque[Item] = deque()
        self._quiet = Quiet(QUIET_LEAST, QUIET_MOST)
        self._connections = 0
        self._may_replay = True
        self._turn = TURN
        self._waited = float("inf")
        self._has_heard = False
        #: How far what was taken reaches, as long as there is more of a page.
        self._place: Position | None = None
        #: The last item came from the journal.
        self.is_replayed = False
        #: The last item was published a moment ago, for certain.
        self.is_fresh = False

    @property
    def place(self) -> Position | None:
        """How far what was taken reaches; None: nobody knows yet."""
        return self._place if self._page else self._feed.position

    def place_of(self, epoch: str, seq: int) -> Position:
        """It is the event's own."""
        return Position(epoch, seq)

    def reaches(self, place: Position) -> bool:
        """Whether all up to `place` was taken."""
        reached = self.place
        return (
            reached is not None
            and reached.epoch == place.epoch
            and reached.seq >= place.seq
        )

    # ---- life ----------------------------------------------------------------

    async def open(self) -> None:
        """Connect, and find where to begin: at the cursor, at `since`, or with what
        comes."""
        if self._opened is None:
            self._opened = Link(
                self._address, queue=self._wanted.queue, tls=self._tls
            )
        self._feed = await self._begin()

    async def _begin(self) -> Feed:
        keeper, since = self._wanted.keeper, self._wanted.since
        saved = None if keeper is None else await keeper.load()
        if saved is not None:
            return Feed(saved.epoch, saved.seq)
        if since is not None:
            return Feed(None, since)
        await self._link.connected()
        now = await self._journal.newest()
        if keeper is not None:
            keeper.note(now)
            await keeper.save()
        return Feed(now.epoch, now.seq, is_behind=False)

    def close(self) -> None:
        """Disconnect."""
        if self._opened is not None:
            self._opened.close()

    @property
    def _link(self) -> Link:
        assert self._opened is not None, "not opened"
        return self._opened

    # ---- what comes out ------------------------------------------------------

    def take(self) -> Item | None:
        """The next item. None: others have their turn, or there is none."""
        self.is_fresh = False
        if self._turn <= 0:
            return None
        if self._page:
            return self._take_of_page()
        return None if self._feed.is_behind else self._take_live()

    def _take_of_page(self) -> Item:
        self._turn -= 1
        item = self._page.popleft()
        self.is_replayed = True
        self._place = _place_of(item)
        return item

    def _take_live(self) -> Item | None:
        while self._turn > 0:
            self._turn -= 1
            message = self._link.receive()
            if message is None:
                return None
            self._has_heard = True
            try:
                event = peek(message)
            except MalformedMessage as error:
                log.warning("passed over: %s", error)
                continue
            step = self._feed.live(event)
            if step is Step.DELIVER:
                self.is_replayed = False
                self.is_fresh, self._waited = self._waited < MOMENT, float("inf")
                return event
            if step is Step.ASK:
                return None
        return None

    async def more(self, seconds: float | None = None) -> None:
        """Wait until there may be something to take, for `seconds` at most."""
        if self._turn <= 0:
            self._turn = TURN
            await anyio.lowlevel.checkpoint()
        elif self._feed.is_behind:
            await self._replay()
        else:
            await self._wait(seconds)

    async def _replay(self) -> None:
        self._waited = float("inf")
        page = await self._ask() if self._may_replay else None
        # The feed stands behind the page from here on, its items are still to come.
        self._place = self._feed.position
        items = self._feed.refused() if page is None else self._feed.page(page)
        self._page.extend(items)

    async def _ask(self) -> Page | None:
        try:
            return await self._journal.page(self._feed.after)
        except Denied as error:
            log.warning("live events only, holes stay: %s", error)
            self._may_replay = False
            return None

    async def _wait(self, seconds: float | None) -> None:
        """Wait for a message, unless it is time to look at the journal."""
        self._turn = TURN
        begun = anyio.current_time()
        self._note_news(begun)
        left = self._quiet.left(begun)
        if left <= 0 and self._may_replay:
            self._quiet.looked(begun)
            if not self._link.connections:
                log.warning("%s", self._link.missing())
            self._feed.recheck()
            return
        await self._link.wait(left if seconds is None else min(left, seconds))
        self._waited = anyio.current_time() - begun

    def _note_news(self, now: float) -> None:
        if self._link.connections != self._connections:
            self._connections = self._link.connections
            self._quiet.connected(now)
        elif self._has_heard:
            self._quiet.heard(now)
        self._has_heard = False


def _place_of(item: Item) -> Position | None:
    if not isinstance(item, Gap):
        return Position(item.epoch, item.seq)
    return None if item.last is None else Position(item.epoch, item.last)
