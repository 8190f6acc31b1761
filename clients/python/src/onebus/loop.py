"""An event loop in a thread of its own, for callers in other threads."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from typing import Generic, TypeVar

import anyio
from anyio.from_thread import BlockingPortal

T = TypeVar("T")

#: Within these seconds a signal is heard.
SIGNAL_SECONDS = 0.5


class LoopEnded(RuntimeError):
    """There is nothing any more that could run a function."""


class Loop:
    """Runs coroutine functions for callers that wait for their results."""

    def __init__(self, portal: BlockingPortal) -> None:
        self._portal = portal

    def run(
        self,
        function: Callable[[], Awaitable[T]],
        *,
        rescue: Callable[[T], None] | None = None,
    ) -> T:
        """Run `function` and give its result; from any thread.

        Who is interrupted while waiting, by Ctrl-C, leaves nothing behind: the
        function is cancelled and has ended by then; if it had a result all the
        same, that goes to `rescue`. LoopEnded once the bus is closed.
        """
        work = _Work(function)
        try:
            return _result(self._start(work))
        except LoopEnded:
            raise
        except BaseException as error:
            if error is not work.failure:
                _result(self._start(work.end))
                if work.results and rescue is not None:
                    rescue(work.results[0])
            raise

    def _start(self, function: Callable[[], Awaitable[T]]) -> Future[T]:
        try:
            return self._portal.start_task_soon(function)
        except RuntimeError:
            raise LoopEnded("the bus is closed: use it within `with`") from None


def _result(future: Future[T]) -> T:
    """Wait for its result.

    A signal that comes in the moment before a wait begins does not end it, and
    Python tells of it only afterwards: so that Ctrl-C is heard, no wait is long.
    """
    while True:
        try:
            return future.result(timeout=SIGNAL_SECONDS)
        except (TimeoutError, FutureTimeoutError):
            if future.done():
                return future.result()


class _Work(Generic[T]):
    """A coroutine function that another one can end."""

    def __init__(self, function: Callable[[], Awaitable[T]]) -> None:
        self._function = function
        self._scope: anyio.CancelScope | None = None
        self._ended: anyio.Event | None = None
        #: What it has given, at most one.
        self.results: list[T] = []
        self.failure: BaseException | None = None

    async def __call__(self) -> T:
        self._ended = anyio.Event()
        with anyio.CancelScope() as self._scope:
            try:
                self.results.append(await self._function())
                return self.results[0]
            except BaseException as error:
                self.failure = error
                raise
            finally:
                self._ended.set()
        raise RuntimeError("ended by who has called it")

    async def end(self) -> None:
        """Cancel it and wait until it has ended; nothing if it has not begun, for
        what is started later begins later."""
        if self._scope is not None and self._ended is not None:
            self._scope.cancel()
            await self._ended.wait()
