"""Waiting for NNG so that it can be cancelled.

pynng raises a CancelledError of its own when it has been cancelled, which says
nothing of who did it, so no timeout of anyio knows its own; and when the
operation has ended in the same moment it raises none at all, which on asyncio
swallows the cancellation. Here the operation runs in a task of its own on
asyncio, and the cancellation reaches the caller as it was sent. On trio pynng
does all that is needed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import sniffio

T = TypeVar("T")

#: Seconds after which what has not ended is cancelled again.
AGAIN = 0.05


async def wait_for(
    operation: Coroutine[Any, Any, T], *, rescue: Callable[[T], None] | None = None
) -> T:
    """Wait for an operation of pynng and give its result.

    When the caller is cancelled the operation is, too; if it had a result all
    the same, that goes to `rescue`.
    """
    if sniffio.current_async_library() == "trio":
        return await operation
    task = asyncio.ensure_future(operation)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await cancel(task)
        if not task.cancelled() and task.exception() is None and rescue is not None:
            rescue(task.result())
        raise


async def cancel(task: asyncio.Task[Any]) -> None:
    """Cancel `task` and see its end, however often we are cancelled meanwhile."""
    while not task.done():
        # Again and again: pynng passes over what comes when it has just ended,
        # and the operation may have a further part.
        task.cancel()
        try:
            await asyncio.wait([task], timeout=AGAIN)
        except asyncio.CancelledError:
            continue
