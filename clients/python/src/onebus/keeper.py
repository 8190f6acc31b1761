"""Saves how far a consumer has come: soon, but not each time."""

from __future__ import annotations

import logging

import anyio

from .cursors import CursorStore
from .errors import BridgeError, BridgeUnreachable
from .patience import may_pass
from .position import Position

log = logging.getLogger("onebus.keeper")

#: Seconds after which what is done is saved.
SAVE_SECONDS = 1.0
#: With so many events done it is saved sooner, but not more often than so.
SAVE_EVENTS = 100
SAVE_SECONDS_LEAST = 0.1


class Keeper:
    """Between a consumer, which tells what is done, and a store."""

    def __init__(self, store: CursorStore) -> None:
        self.store = store
        self._done: Position | None = None
        self._saved: Position | None = None
        self._saved_at = 0.0
        self._count = 0
        self._saving = anyio.Lock()

    async def load(self) -> Position | None:
        """Where to begin; None: nothing was ever saved."""
        self._done = self._saved = await self.store.load()
        return self._saved

    def note(self, position: Position) -> None:
        """Everything up to here is done."""
        self._done = position
        self._count += 1

    def left(self, now: float) -> float | None:
        """Seconds until there is something to save, None if there is nothing."""
        if self._done is None or self._done == self._saved:
            return None
        pause = SAVE_SECONDS if self._count < SAVE_EVENTS else SAVE_SECONDS_LEAST
        return max(self._saved_at + pause - now, 0.0)

    async def save(self) -> None:
        """Save what is done, if it is not yet. A bridge that is away gets it later."""
        async with self._saving:
            done = self._done
            if done is None or done == self._saved:
                return
            self._saved_at = anyio.current_time()
            self._count = 0
            try:
                await self.store.save(done)
            except (BridgeError, BridgeUnreachable) as error:
                if not may_pass(error):
                    raise
                log.warning("the cursor is not saved for now: %s", error)
            else:
                self._saved = done
