"""A bot: functions that are called for what happens.

    bot = onebus.Bot()

    @bot.command("ping")
    async def ping(event: MessageEvent, words: str) -> None:
        await event.reply("pong")

    bot.run()

Every handler that fits an event is called, in the order in which they were
added; those added with `fallback=True` only if no other has fitted. Events of
one chat are handled one after the other, those of several chats side by side.
A handler that fails is logged, and nothing else comes of it.
"""

from __future__ import annotations

import logging
import os
import re
import signal
import threading
from collections import deque
from collections.abc import Awaitable, Callable, Hashable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeVar, cast

import anyio
import anyio.lowlevel
from typing_extensions import Unpack

from . import handlers
from .background import beside, ungrouped
from .bus import Bus, ConnectOptions, connect
from .event import Event, Gap, MessageEvent, chat_of
from .events import GroupMessage, PrivateMessage
from .filters import MessageFilters, condition, message_filter
from .lanes import Lanes
from .progress import Progress

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from .cursors import Cursor
    from .position import Position
    from .stream import EventStream

log = logging.getLogger("onebus.bot")

E = TypeVar("E", bound=Event)
M = TypeVar("M", bound=MessageEvent)

#: The handlers, as the decorators take them and give them back.
Handler = Callable[[E], Awaitable[None]]
CommandHandler = Callable[[MessageEvent, str], Awaitable[None]]
RegexHandler = Callable[[MessageEvent, re.Match[str]], Awaitable[None]]
GapHandler = Callable[[Gap], Awaitable[None]]
ErrorHandler = Callable[[Event, Exception], Awaitable[None]]
StartHandler = Callable[[Bus], Awaitable[None]]

#: What people say, and not the bot itself.
SPOKEN: tuple[type[MessageEvent], ...] = (GroupMessage, PrivateMessage)

#: A call of a handler that is to be made.
_Call = Callable[[], Awaitable[None]]

#: An event, and which one it is of those that have come.
_Numbered = tuple[int, Event]


@dataclass(frozen=True)
class _Rule:
    """A handler and what it is for: `take` calls it, or tells that it is not."""

    name: str
    fallback: bool
    #: None if the event is none of the handler's, else the call to be made.
    take: Callable[[Event], _Call | None]


class Bot:
    """Handlers, and what calls them.

    `prefix` is what commands begin with, one or several. News older than
    `max_age` seconds are passed over, which keeps a bot that was away from
    answering what nobody remembers; None takes all. `cursor` is where the bot
    keeps how far it has come: a name (kept by the bridge), a path, or a store
    of your own; without one it begins with what happens from now on.

    Up to `width` chats are served at once, and up to `depth` events are in
    hand; beyond that the bot takes no more until it has caught up.

    ValueError for what none of these may be.
    """

    def __init__(
        self,
        *patterns: str,
        prefix: str | tuple[str, ...] = "/",
        account: str | None = None,
        cursor: Cursor | None = None,
        max_age: float | None = 300.0,
        width: int = 16,
        depth: int = 256,
    ) -> None:
        if prefix == ():
            raise ValueError("prefix=(): allowed: a text, also an empty one, or several")
        if width < 1 or depth < 1:
            raise ValueError(f"width={width}, depth={depth}: allowed: 1 or more")
        self.patterns = patterns
        self.prefix = prefix
        self.account = account
        self.cursor = cursor
        self.max_age = max_age
        self.width = width
        self.depth = depth
        self._rules: list[_Rule] = []
        self._on_gap: list[GapHandler] = []
        self._on_error: list[ErrorHandler] = []
        self._on_start: list[StartHandler] = []

    # ---- decorators --------------------------------------------------------

    def on(
        self,
        *kinds: type[E],
        when: Callable[[E], bool] | None = None,
        fallback: bool = False,
    ) -> Callable[[Handler[E]], Handler[E]]:
        """For events of these classes: `@bot.on(GroupIncrease, GroupDecrease)`."""
        _check_kinds(kinds)
        if when is not None:
            condition(when)

        def add(handler: Handler[E]) -> Handler[E]:
            def take(event: Event) -> _Call | None:
                if not isinstance(event, kinds) or (when and not when(event)):
                    return None
                return lambda: handler(event)

            self._add(handler, take, fallback, "event")
            return handler

        return add

    def on_message(
        self, *, fallback: bool = False, **filters: Unpack[MessageFilters]
    ) -> Callable[[Handler[MessageEvent]], Handler[MessageEvent]]:
        """For what people say, in groups and to the bot alone."""
        return self._on_message(SPOKEN, fallback, filters)

    def on_group_message(
        self, *, fallback: bool = False, **filters: Unpack[MessageFilters]
    ) -> Callable[[Handler[GroupMessage]], Handler[GroupMessage]]:
        """For what people say in groups."""
        return self._on_message((GroupMessage,), fallback, filters)

    def on_private_message(
        self, *, fallback: bool = False, **filters: Unpack[MessageFilters]
    ) -> Callable[[Handler[PrivateMessage]], Handler[PrivateMessage]]:
        """For what people say to the bot alone."""
        return self._on_message((PrivateMessage,), fallback, filters)

    def _on_message(
        self, kinds: tuple[type[M], ...], fallback: bool, filters: MessageFilters
    ) -> Callable[[Handler[M]], Handler[M]]:
        return self.on(*kinds, when=message_filter(filters), fallback=fallback)

    def command(
        self, *names: str, **filters: Unpack[MessageFilters]
    ) -> Callable[[CommandHandler], CommandHandler]:
        """For messages that begin with the prefix and one of `names`.

        The handler gets the message and the rest of its text: `/roll 2d6` gives
        `"2d6"`. What stands before the text, such as a mention, does not matter.
        """
        given = cast("tuple[object, ...]", names)
        if not given or not all(isinstance(name, str) for name in given):
            raise TypeError('command: allowed: one name or more, as in command("ping")')
        prefixes = (self.prefix,) if isinstance(self.prefix, str) else self.prefix
        heads = [prefix + name for prefix in prefixes for name in names]
        heads.sort(key=len, reverse=True)
        pattern = re.compile(rf"(?:{'|'.join(map(re.escape, heads))})(?!\S)\s*")
        fits = message_filter(filters)

        def add(handler: CommandHandler) -> CommandHandler:
            def take(event: Event) -> _Call | None:
                if not isinstance(event, SPOKEN):
                    return None
                text = event.text.strip()
                head = pattern.match(text)
                if head is None or not fits(event):
                    return None
                return lambda: handler(event, text[head.end() :])

            self._add(handler, take, False, "event", "words")
            return handler

        return add

    def regex(
        self, pattern: str | re.Pattern[str], **filters: Unpack[MessageFilters]
    ) -> Callable[[RegexHandler], RegexHandler]:
        """For messages in whose text `pattern` is found; the handler gets the match."""
        compiled = re.compile(pattern)
        fits = message_filter(filters)

        def add(handler: RegexHandler) -> RegexHandler:
            def take(event: Event) -> _Call | None:
                if not isinstance(event, SPOKEN):
                    return None
                match = compiled.search(event.text)
                if match is None or not fits(event):
                    return None
                return lambda: handler(event, match)

            self._add(handler, take, False, "event", "match")
            return handler

        return add

    def on_gap(self, handler: GapHandler) -> GapHandler:
        """For events that cannot be had any more."""
        handlers.check(handler, "gap")
        self._on_gap.append(handler)
        return handler

    def on_error(self, handler: ErrorHandler) -> ErrorHandler:
        """For what a handler fails with, once it has been logged."""
        handlers.check(handler, "event", "error")
        self._on_error.append(handler)
        return handler

    def on_start(self, handler: StartHandler) -> StartHandler:
        """Called with the bus before the first event."""
        handlers.check(handler, "bus")
        self._on_start.append(handler)
        return handler

    def include(self, other: Bot) -> None:
        """Take over the handlers of `other`, behind those that are here.

        So a larger bot is put together from several modules. What `other` was made
        with counts for its commands (`prefix`), and for nothing else.
        """
        self._rules += other._rules
        self._on_gap += other._on_gap
        self._on_error += other._on_error
        self._on_start += other._on_start

    def _add(
        self,
        handler: Callable[..., Awaitable[None]],
        take: Callable[[Event], _Call | None],
        fallback: bool,
        *takes: str,
    ) -> None:
        handlers.check(handler, *takes)
        self._rules.append(_Rule(handlers.name(handler), fallback, take))

    # ---- running -----------------------------------------------------------

    def run(
        self,
        *,
        grace: float = 10.0,
        backend: str = "asyncio",
        **options: Unpack[ConnectOptions],
    ) -> None:
        """Connect and run until SIGINT or SIGTERM; `options` are those of `connect`.

        What is being handled then has `grace` seconds to end; a second signal ends
        it at once. Raises what keeps the bot from going on: a `BridgeError`, say,
        or what an `on_start` has raised. Outside of the main thread, and on
        Windows, nothing listens for signals: there Ctrl-C is a KeyboardInterrupt.
        """
        anyio.run(self._run, grace, options, backend=backend)

    async def _run(self, grace: float, options: ConnectOptions) -> None:
        stopping, everything = anyio.Event(), anyio.CancelScope()
        watch = partial(_watch_signals, stopping, grace, everything)
        async with connect(**options) as bus, beside(watch):
            with everything:
                await self.serve(bus, stopping=stopping)
        if everything.cancelled_caught:
            log.warning("stopped, although not all that was in hand has ended")

    @asynccontextmanager
    async def running(self, bus: Bus, *, grace: float = 1.0) -> AsyncGenerator[None, None]:
        """Run beside a block of code; the bot listens when the block begins.

        When it ends no event is taken any more, and what is being handled has
        `grace` seconds to end.
        """
        started, stopping, ended = anyio.Event(), anyio.Event(), anyio.Event()

        async def serve() -> None:
            try:
                await self.serve(bus, started=started, stopping=stopping)
            finally:
                ended.set()
                started.set()

        async with beside(serve):
            await started.wait()
            # Else it has failed, which is raised when `beside` is left.
            if not ended.is_set():
                yield
                stopping.set()
                with anyio.move_on_after(grace):
                    await ended.wait()

    async def serve(
        self,
        bus: Bus,
        *,
        started: anyio.Event | None = None,
        stopping: anyio.Event | None = None,
    ) -> None:
        """Handle events until cancelled, or until `stopping` is set.

        `started` is set once nothing that happens is missed any more. After
        `stopping` no event is taken; those in hand are finished.
        """
        stopping = stopping or anyio.Event()
        stream = self._stream(bus)
        try:
            if await _until(stopping, stream.__aenter__):
                for handler in self._on_start:
                    await handler(bus)
                if started is not None:
                    started.set()
                log.info("listening at %s", bus.events_address)
                await _Run(self, stream).until(stopping)
        finally:
            await stream.aclose()

    async def handle(self, event: Event) -> None:
        """Call what fits `event`, as for one that has come from the bus.

        What handlers fail with is logged and goes to `on_error`.
        """
        called = [await self._try(rule, event) for rule in self._rules if not rule.fallback]
        if not any(called):
            for rule in self._rules:
                if rule.fallback:
                    await self._try(rule, event)

    async def _try(self, rule: _Rule, event: Event) -> bool:
        """Call the handler if the event is one of its; True if it was."""
        try:
            call = rule.take(event)
            if call is None:
                return False
            await call()
        except anyio.get_cancelled_exc_class() as error:
            await anyio.lowlevel.checkpoint_if_cancelled()
            # It was not we who were cancelled, but something that it awaited.
            log.exception("%s: cancelled on %s", rule.name, event.topic)
            await self._tell_error(event, RuntimeError(f"cancelled: {error!r}"))
        except Exception as error:
            log.exception("%s: failed on %s (seq %d)", rule.name, event.topic, event.seq)
            await self._tell_error(event, error)
        return True

    async def _tell_error(self, event: Event, error: Exception) -> None:
        for handler in self._on_error:
            try:
                await handler(event, error)
            except Exception:
                log.exception("%r: failed, too", handler)

    async def tell_gap(self, gap: Gap) -> None:
        """Log that events are lost, and call what is to know."""
        log.warning("events %s to %s are lost: %s", gap.first, gap.last, gap.reason)
        for handler in self._on_gap:
            try:
                await handler(gap)
            except Exception:
                log.exception("%r: failed", handler)

    def _stream(self, bus: Bus) -> EventStream:
        return bus.events(
            *self.patterns,
            account=self.account,
            cursor=self.cursor,
            max_age=self.max_age,
            autosave=False,
        )


def _check_kinds(kinds: tuple[object, ...]) -> None:
    for kind in kinds or (None,):
        if not (isinstance(kind, type) and issubclass(kind, Event)):
            hint = "; for gaps there is on_gap" if kind is Gap else ""
            raise TypeError(
                f"on: {kind!r}: allowed: classes of events, as in on(GroupIncrease){hint}"
            )


class _Run:
    """One time that a bot serves: takes events and calls what fits them."""

    def __init__(self, bot: Bot, stream: EventStream) -> None:
        self._bot = bot
        self._stream = stream
        #: The events are numbered as they come, for several bridges each count for
        #: themselves; these are the places of those that are not known to be done.
        self._progress = Progress()
        self._places: deque[tuple[int, Position | None]] = deque()
        self._count = 0

    async def until(self, stopping: anyio.Event) -> None:
        """Until then; what was taken is finished. What goes wrong with the stream
        is raised, and cancels what is in hand."""
        with ungrouped():
            async with anyio.create_task_group() as tasks:
                lanes = Lanes[_Numbered](
                    tasks, self._handle, width=self._bot.width, depth=self._bot.depth
                )
                await _until(stopping, partial(self._take, lanes))

    async def _take(self, lanes: Lanes[_Numbered]) -> None:
        async for event in self._stream:
            if isinstance(event, Gap):
                await self._bot.tell_gap(event)
                continue
            self._count += 1
            self._progress.begin(self._count)
            self._places.append((self._count, self._stream.given))
            await lanes.put(_lane(event), (self._count, event))

    async def _handle(self, numbered: _Numbered) -> None:
        number, event = numbered
        await self._bot.handle(event)
        self._progress.end(number)
        place = None
        while self._places and self._places[0][0] <= self._progress.done:
            _, place = self._places.popleft()
        if place is not None:
            await self._stream.done(place)


def _lane(event: Event) -> Hashable:
    """The chat of an event; what has none shares a lane by its account."""
    return event.account, chat_of(event.topic)


async def _until(event: anyio.Event, work: Callable[[], Awaitable[object]]) -> bool:
    """Do `work`; True if it has ended by itself, False if `event` has come first."""
    scope = anyio.CancelScope()
    async with beside(partial(_cancel_when, event, scope)):
        with scope:
            await work()
    return not scope.cancelled_caught


async def _cancel_when(event: anyio.Event, scope: anyio.CancelScope) -> None:
    await event.wait()
    scope.cancel()


async def _watch_signals(
    stopping: anyio.Event, grace: float, everything: anyio.CancelScope
) -> None:
    """The first signal ends the taking of events; a second one, or `grace`
    seconds, everything."""
    if os.name == "nt" or threading.current_thread() is not threading.main_thread():
        return
    with anyio.open_signal_receiver(signal.SIGINT, signal.SIGTERM) as signals:
        async for _ in signals:
            if stopping.is_set():
                break
            stopping.set()
            everything.deadline = anyio.current_time() + grace
    everything.cancel()
