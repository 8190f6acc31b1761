"""Those who behave, while others do not.

Each side has an account, so that no call meets the wrong peer.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from harness.bridge import Bridge
from harness.build import SANITIZERS, SLOWNESS
from harness.bus import Bus, Subscriber
from harness.frames import group_message
from harness.net import free_port
from harness.websocket import Peer, connect

#: How long one of them may wait for what it has asked.
SERVED_SECONDS = 2.0 * SLOWNESS

#: Whom the two belong to; both come in by one port.
GOOD, BAD = "good", "bad"


def two_accounts() -> dict[str, Any]:
    """The channel's settings."""
    accounts = {GOOD: {}, BAD: {"wsPath": "/bad"}}
    return {"wsPort": free_port(), "accounts": accounts}


class Others:
    """A peer, a subscriber and a caller."""

    def __init__(self, peer: Peer, program: Bus, subscriber: Subscriber) -> None:
        self._peer = peer
        self._program = program
        self._subscriber = subscriber
        self._told = 0

    async def see_events(self, seconds: float = SERVED_SECONDS) -> None:
        """An event comes out soon."""
        self._told += 1
        begin = time.monotonic()
        await self._peer.send_json(group_message(message_id=self._told))
        event = await self._subscriber.next_event("qq.group.20002.*")
        assert event.event["message_id"] == self._told
        assert time.monotonic() - begin < seconds

    async def are_served(self, seconds: float = SERVED_SECONDS) -> None:
        """An event comes out and a call is answered, each soon."""
        await self.see_events(seconds)
        begin = time.monotonic()
        task = asyncio.create_task(self._program.call("get_status", account=GOOD))
        request = await self._peer.request()
        await self._peer.answer_ok(request, self._told)
        assert (await task)["data"] == self._told
        assert time.monotonic() - begin < seconds


@asynccontextmanager
async def others(b: Bridge, program: Bus) -> AsyncIterator[Others]:
    """They come, and are served."""
    subscriber = await program.subscribe("qq.group.*", account=GOOD)
    async with await connect(b.url(GOOD)) as peer:
        they = Others(peer, program, subscriber)
        await they.are_served()
        yield they


@asynccontextmanager
async def memory_stays(b: Bridge, mib: float) -> AsyncIterator[None]:
    """What the block does costs the bridge no more than `mib` at any time. A
    sanitizer keeps what is freed and more, so it is not asked there."""
    before = b.peak_mib()
    yield
    grown = b.peak_mib() - before
    assert SANITIZERS or grown < mib, f"{grown:.0f} MiB more"
