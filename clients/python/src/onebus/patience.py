"""Asking a bridge that may be away for a while."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import anyio

from .errors import BridgeError, BridgeUnreachable

if TYPE_CHECKING:
    from .bus import Bus

log = logging.getLogger("onebus.patience")

#: Seconds until it is asked again.
RETRY_LEAST = 0.1
RETRY_MOST = 2.0


async def ask_patiently(bus: Bus, action: str, params: dict[str, Any]) -> Any:
    """Ask until there is an answer; what the bridge refuses is raised."""
    pause = RETRY_LEAST
    while True:
        try:
            return await bus.call_bridge(action, params)
        except (BridgeError, BridgeUnreachable) as error:
            if not may_pass(error):
                raise
            log.warning("%s: asking again: %s", action, error)
        await anyio.sleep(pause)
        pause = min(pause * 2, RETRY_MOST)


def may_pass(error: BridgeError | BridgeUnreachable) -> bool:
    """Whether it need not be so the next time."""
    return isinstance(error, BridgeUnreachable) or error.is_retriable
