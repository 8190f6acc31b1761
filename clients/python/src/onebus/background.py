"""Something that runs beside a block of code, on asyncio and on trio.

A task group does the same, but has to be left by the task that entered it, and
wraps what the block raises. Test fixtures are entered by one task and left by
another, and want to see their own exceptions.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from typing import cast

import sniffio

if sys.version_info < (3, 11):
    from exceptiongroup import BaseExceptionGroup


@contextmanager
def ungrouped() -> Generator[None, None, None]:
    """What a task group raises, without the group where it is only one exception."""
    failure: BaseException | None = None
    try:
        yield
    except BaseException as error:
        failure = error
    # Raised out here, it keeps the context and the cause that it has.
    if failure is not None:
        raise _single(failure)


def _single(error: BaseException) -> BaseException:
    if not isinstance(error, BaseExceptionGroup):
        return error
    group = cast("BaseExceptionGroup[BaseException]", error)
    return _single(group.exceptions[0]) if len(group.exceptions) == 1 else group


def beside(run: Callable[[], Awaitable[None]]) -> AbstractAsyncContextManager[None]:
    """Run `run` until the block is left, then cancel it and wait for its end.

    What `run` itself fails with is raised when the block is left without an
    exception of its own.
    """
    if sniffio.current_async_library() == "trio":
        return _beside_trio(run)
    return _beside_asyncio(run)


@asynccontextmanager
async def _beside_asyncio(run: Callable[[], Awaitable[None]]) -> AsyncGenerator[None, None]:
    task = asyncio.ensure_future(run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])
    if not task.cancelled():
        await task


@asynccontextmanager
async def _beside_trio(run: Callable[[], Awaitable[None]]) -> AsyncGenerator[None, None]:
    import trio

    failure: BaseException | None = None

    async def guarded() -> None:
        nonlocal failure
        try:
            await run()
        except Exception as error:
            failure = error

    block: BaseException | None = None
    async with trio.open_nursery() as nursery:
        nursery.start_soon(guarded)
        try:
            yield
        except Exception as error:
            block = error
        nursery.cancel_scope.cancel()
    if block is not None or failure is not None:
        raise block or failure  # type: ignore[misc]
