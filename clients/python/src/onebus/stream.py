"""Events from the bridge: every one once and in order, or told to be gone.

    async with bus.events("qq.group.*.message.*", cursor="logger") as events:
        async for event in events:
            ...

Nothing runs in the background: each step of the iteration takes what the source
has, or else waits. What was missed, in a hole or while away, the source asks for
in pages of bounded size. So a slow consumer costs no memory: it falls behind.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import TYPE_CHECKING, Generic, TypeVar

import anyio
from typing_extensions import Self, TypedDict, Unpack

from .ages import Ages
from .cursors import Cursor, store_of
from .envelope import decode
from .errors import MalformedMessage
from .event import Event, Gap
from .keeper import Keeper
from .patterns import Patterns
from .position import Position
from .raw import RawEvent
from .transport import Source, Wanted

if TYPE_CHECKING:
    from .bus import Bus

log = logging.getLogger("onebus.stream")

T = TypeVar("T")

#: Messages that wait for a slow consumer.
QUEUE = 8192
#: Seconds for the last save of a cursor.
FAREWELL = 2.0


class StreamOptions(TypedDict, total=False):
    """What `bus.events` takes besides patterns."""

    #: Only events of this account.
    account: str | None
    #: Where it is kept how far we have come: a name (kept by the bridge), a path,
    #: or a store. Begins there, and saves there what is done.
    cursor: Cursor | None
    #: Begin behind the event with this seq, 0: with the oldest there is. Where a
    #: cursor has something saved, that counts. Without both: from now on.
    since: int | None
    #: Pass over events older than so many seconds.
    max_age: float | None
    #: Whether an event is done once the next one is asked for (the default). If
    #: not, `commit` tells what is.
    autosave: bool
    #: Messages that may wait for a slow consumer (8192, as many as the bridge's).
    queue: int


class Stream(Generic[T]):
    """What both kinds of streams do."""

    def __init__(
        self, bus: Bus, patterns: tuple[str, ...], **options: Unpack[StreamOptions]
    ) -> None:
        cursor, max_age = options.get("cursor"), options.get("max_age")
        since = options.get("since")
        if since is not None and since < 0:
            raise ValueError(f"since {since}: allowed: the seq of an event, or 0")
        self._bus = bus
        self._options = options
        self._patterns = Patterns(*patterns)
        self._account = options.get("account")
        self._ages = None if max_age is None else Ages(max_age)
        self._keeper = (
            None if cursor is None else Keeper(store_of(cursor, bus.events_way))
        )
        self._is_autosaving = options.get("autosave", True)
        #: The last event that came out, where it stands, and up to where it is done.
        self._last: RawEvent | None = None
        self._given: Position | None = None
        self._committed: Position | None = None
        self._source: Source | None = None
        self._is_listening = False
        self._is_closed = False
        self._is_busy = False
        self._scope: anyio.CancelScope | None = None
        self._left: anyio.Event | None = None
        bus.streams.add(self)

    # ---- what comes out ----------------------------------------------------

    def _make(self, event: RawEvent, is_replayed: bool) -> T:
        raise NotImplementedError

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> T | Gap:
        if self._is_busy:
            raise RuntimeError("one stream, one consumer: another task waits for it")
        self._is_busy = True
        try:
            return await self._next()
        except anyio.get_cancelled_exc_class():
            await self._save_at_last()
            raise
        finally:
            self._is_busy = False
            if self._left is not None:
                self._left.set()

    async def _next(self) -> T | Gap:
        while not self._is_closed:
            source = self._source
            if source is None or not self._is_listening:
                await self._guarded(self._open)
                continue
            if self._keeper is not None:
                await self._keep(self._keeper, source.place)
            item = source.take()
            if item is None:
                await self._guarded(self._more)
            elif isinstance(item, Gap):
                return item
            elif self._is_wanted(item, source):
                try:
                    made = self._make(item, source.is_replayed)
                except MalformedMessage as error:
                    log.warning("passed over: %s", error)
                    continue
                self._last, self._given = item, source.place
                return made
        raise StopAsyncIteration

    def _is_wanted(self, event: RawEvent, source: Source) -> bool:
        if self._account is not None and event.account != self._account:
            return False
        if self._ages is not None:
            now = time.monotonic()
            if source.is_fresh:
                self._ages.came_just_now(event.received_ms, now)
            if self._ages.is_too_old(event.received_ms, now):
                return False
        return self._patterns.wants(event.data)

    async def _more(self) -> None:
        assert self._source is not None
        left = None
        if self._keeper is not None:
            left = self._keeper.left(anyio.current_time())
        await self._source.more(left)

    # ---- how far we have come ------------------------------------------------

    async def commit(self, seq: int | None = None, epoch: str | None = None) -> None:
        """Everything up to `seq` is done, None: all that came out. Saved soon.

        `epoch` is that of the event; what is of another journal than the last
        event does not count any more.
        """
        last = self._last
        if last is None or self._source is None or epoch not in (None, last.epoch):
            return
        place = self._given
        if seq is not None:
            place = self._source.place_of(last.epoch, seq)
        if place is not None:
            await self.done(place)

    @property
    def given(self) -> Position | None:
        """Where the last event that came out stands, as a cursor keeps it."""
        return self._given

    async def done(self, place: Position) -> None:
        """`commit`, by what `given` was when the event had come out."""
        if self._given is None or place.epoch != self._given.epoch:
            return
        self._committed = place
        if self._keeper is not None:
            self._keeper.note(place)
            await self._save_if_due(self._keeper)

    @property
    def is_open(self) -> bool:
        """Whether what happens from now on is not missed."""
        return self._is_listening and not self._is_closed

    def is_through(self, place: Position) -> bool:
        """Whether nothing up to `place` is still to come, or in the works.

        That is: the next event is waited for, and what came out before is done.
        """
        if not self._is_busy or self._source is None or not self._is_listening:
            return self._is_closed
        is_done = self._is_autosaving or self._committed == self._given
        return is_done and self._source.reaches(place)

    async def _keep(self, keeper: Keeper, place: Position | None) -> None:
        """What came out before is done, now that the next one is asked for.

        What was passed over behind it is done with it.
        """
        is_done = self._is_autosaving or self._committed == self._given
        if is_done and place is not None:
            keeper.note(place)
        await self._save_if_due(keeper)

    async def _save_if_due(self, keeper: Keeper) -> None:
        if keeper.left(anyio.current_time()) == 0:
            await keeper.save()

    async def _save_at_last(self) -> None:
        if self._keeper is not None:
            with anyio.move_on_after(FAREWELL, shield=True):
                await self._keeper.save()

    # ---- life ----------------------------------------------------------------

    async def __aenter__(self) -> Self:
        """Connect: what happens from now on is not missed."""
        try:
            await self._guarded(self._open)
        except BaseException:
            self._disconnect()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Save the cursor and disconnect; whoever waits is told that it ends."""
        self._is_closed = True
        with anyio.CancelScope(shield=True):
            if self._is_busy:
                self._left = anyio.Event()
                if self._scope is not None:
                    self._scope.cancel()
                await self._left.wait()
            try:
                await self._save_at_last()
            finally:
                self._disconnect()

    def _disconnect(self) -> None:
        source, self._source, self._is_listening = self._source, None, False
        if source is not None:
            source.close()

    async def _guarded(self, work: Callable[[], Awaitable[None]]) -> None:
        """Do what may take long; closing the stream ends it."""
        with anyio.CancelScope() as self._scope:
            await work()
        self._scope = None

    async def _open(self) -> None:
        if self._is_listening:
            return
        if self._source is None:
            self._source = self._bus.events_way.source(self._wanted())
        await self._source.open()
        if self._ages is not None and self._source.now_ms is not None:
            self._ages.came_just_now(self._source.now_ms, time.monotonic())
        self._is_listening = True

    def _wanted(self) -> Wanted:
        return Wanted(
            self._patterns,
            since=self._options.get("since"),
            max_age=self._options.get("max_age"),
            queue=self._options.get("queue", QUEUE),
            keeper=self._keeper,
        )


class RawStream(Stream[RawEvent]):
    """Events that are not decoded: for loggers, and for counting."""

    def _make(self, event: RawEvent, is_replayed: bool) -> RawEvent:
        return event


class EventStream(Stream[Event]):
    """An asynchronous iterator over events, for one task at a time.

    `Gap` items tell of events that cannot be had. While the bridge is away it
    waits, and goes on when that is back.

    `async with` closes it. Left by `break` without that it stays open, and a
    later `async for` goes on behind the event at which it was left; `aclose`, or
    the end of the bus, closes it.

    With a cursor an event is done once the next one is asked for, so the one at
    which a loop is left comes again after a restart, unless `commit` is called.
    """

    def _make(self, event: RawEvent, is_replayed: bool) -> Event:
        return decode(event.data, bus=self._bus, replayed=is_replayed)

    def raw(self) -> RawStream:
        """The same events, not decoded; instead of this stream, not beside it."""
        return RawStream(self._bus, self._patterns.texts, **self._options)
