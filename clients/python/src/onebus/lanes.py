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
        self._workers_left = width
        self._room = anyio.Semaphore(depth, fast_acquire=True)
        #: What is to be done, by lane, for those that have something.
        self._waiting: dict[Hashable, deque[T]] = {}
        #: Those of them that nobody works in.
        self._free: deque[Hashable] = deque()

    async def put(self, lane: Hashable, item: T) -> None:
        """Add `item` to `lane`; waits while there is no room."""
        await self._room.acquire()
        waiting = self._waiting.get(lane)
        if waiting is not None:
            waiting.append(item)
            return
        self._waiting[lane] = deque([item])
        self._free.append(lane)
        # There are only as many workers as are needed; they end by themselves.
        if self._workers_left > 0:
            self._workers_left -= 1
            self._tasks.start_soon(self._work_on)

    async def _work_on(self) -> None:
        """Take one item of each free lane in turn until there is none."""
        try:
            while self._free:
                await self._do_next(self._free.popleft())
        finally:
            self._workers_left += 1

    async def _do_next(self, lane: Hashable) -> None:
        waiting = self._waiting[lane]
        try:
            await self._work(waiting.popleft())
        finally:
            self._room.release()
        if waiting:
            self._free.append(lane)
        else:
            del self._waiting[lane]
