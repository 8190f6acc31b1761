"""Bots under test: they run, and it is known when they are idle."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from types import TracebackType
from typing import TYPE_CHECKING, Any

import anyio
from typing_extensions import Self

from ..background import beside
from ..bot import Bot

if TYPE_CHECKING:
    from ..bus import Bus
    from ..position import Position
    from ..stream import Stream

#: A bot, or a function with a loop over `bus.events(…)`.
Runnable = Bot | Callable[["Bus"], Awaitable[None]]

#: How long a function may take until it listens, in seconds.
LISTEN_SECONDS = 10.0
#: How often it is looked whether a bot is through, in seconds.
LOOK_SECONDS = 0.005


@dataclass(eq=False)
class _Running:
    """A bot that runs, and the streams by which it hears."""

    streams: list[Stream[Any]] = field(default_factory=list[Any])
    has_ended: bool = False

    def is_through(self, place: Position) -> bool:
        return self.has_ended or all(stream.is_through(place) for stream in self.streams)


class Bots:
    """Runs bots until its block is left."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._running: list[_Running] = []
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._stack.__aexit__(kind, error, traceback)

    async def run(self, bot: Runnable) -> None:
        """Run `bot`; what happens once this has returned is not missed."""
        before = set(self._bus.streams)
        running = _Running()
        if isinstance(bot, Bot):
            runs = bot.running(self._bus)
        else:
            runs = _running(bot, self._bus, running)
        await self._stack.enter_async_context(runs)
        running.streams.extend(set(self._bus.streams) - before)
        self._running.append(running)

    @property
    def count(self) -> int:
        """How many have been started."""
        return len(self._running)

    def are_through(self, place: Position) -> bool:
        """Whether they are done with everything up to `place`."""
        return all(running.is_through(place) for running in self._running)

    async def through(self, place: Position) -> None:
        """Wait until they are done with everything up to `place`."""
        while not self.are_through(place):
            await asyncio.sleep(LOOK_SECONDS)


@asynccontextmanager
async def _running(
    function: Callable[[Bus], Awaitable[None]], bus: Bus, running: _Running
) -> AsyncGenerator[None, None]:
    """Run a function beside a block, which begins when it listens or has ended.

    What it fails with is raised then, or at the end of the block.
    """
    before = set(bus.streams)
    has_failed = False

    async def run() -> None:
        nonlocal has_failed
        try:
            await function(bus)
        except Exception:
            has_failed = True
            raise
        finally:
            running.has_ended = True

    async with beside(run):
        with anyio.fail_after(LISTEN_SECONDS):
            while not running.has_ended and not _listens(set(bus.streams) - before):
                await asyncio.sleep(LOOK_SECONDS)
        if not has_failed:
            yield


def _listens(streams: set[Stream[Any]]) -> bool:
    return any(stream.is_open for stream in streams)
