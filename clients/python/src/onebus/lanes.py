"""Work in lanes: one after the other in a lane, the lanes side by side."""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

import anyio
from anyio.abc import TaskGroup

T = TypeVar("T")


class Lanes(Generic[T]):
    """Does items of one lane in their order, and up to `width` lanes at once.

    Up to `depth` items are in hand, waiting or being done; `put` of one more
    waits until one of them is done. `work` must not raise: what it raises ends
    the task group.
    """

    def __init__(
        self,
        tasks: TaskGroup,
        work: Callable[[T], Awaitable[None]],
        *,
        width: int,
        depth: int,
    ) -> None:
        self._tasks = tasks
        self._work = work
        self._width = anyio.Semaphore(width)
        self._room = anyio.Semaphore(depth)
        self._waiting: dict[Hashable, deque[T]] = {}

    async def put(self, lane: Hashable, item: T) -> None:
        """Add `item` to `lane`; waits while there is no room."""
        await self._room.acquire()
        waiting = self._waiting.get(lane)
        if waiting is not None:
            waiting.append(item)
            return
        self._waiting[lane] = deque([item])
        self._tasks.start_soon(self._run, lane)

    async def _run(self, lane: Hashable) -> None:
        waiting = self._waiting[lane]
        while waiting:
            item = waiting.popleft()
            try:
                async with self._width:
                    await self._work(item)
            finally:
                self._room.release()
        del self._waiting[lane]
