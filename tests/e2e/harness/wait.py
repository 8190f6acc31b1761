"""Waiting for conditions; no test sleeps to be safe."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any, TypeVar

from harness.build import WAIT

T = TypeVar("T")

_POLL_SECONDS = 0.01
_CANCEL_AGAIN_SECONDS = 1.0


class Watch:
    """Lets coroutines wait for a condition on state that others change."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[None]] = set()

    def notify(self) -> None:
        """The state has changed: conditions are looked at again."""
        for waiter in self._waiting:
            if not waiter.done():
                waiter.set_result(None)

    async def until(
        self, look: Callable[[], T | None], what: str, seconds: float = WAIT
    ) -> T:
        """Wait until `look` gives something true, and give that."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + seconds
        while not (found := look()):
            waiter: asyncio.Future[None] = loop.create_future()
            self._waiting.add(waiter)
            try:
                await asyncio.wait_for(waiter, deadline - loop.time())
            except asyncio.TimeoutError:
                raise TimeoutError(f"no {what} within {seconds:g} s") from None
            finally:
                self._waiting.discard(waiter)
        return found


async def until(look: Callable[[], T | None], what: str, seconds: float = WAIT) -> T:
    """As `Watch.until`, for state that nobody tells about: looks and looks."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + seconds
    while not (found := look()):
        if loop.time() > deadline:
            raise TimeoutError(f"no {what} within {seconds:g} s")
        await asyncio.sleep(_POLL_SECONDS)
    return found


@contextlib.asynccontextmanager
async def meanwhile(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """It must still be at work in the end."""
    task = asyncio.create_task(work)
    try:
        yield
        assert not task.done(), task
    finally:
        # Before Python 3.12 wait_for() swallows it where it has just ended.
        while not task.done():
            task.cancel()
            await asyncio.wait([task], timeout=_CANCEL_AGAIN_SECONDS)
