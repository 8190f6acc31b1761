"""A call as a mark in the stream of events."""

from __future__ import annotations

import asyncio

from harness.bus import Bus
from harness.websocket import Peer


async def answered_call(program: Bus, peer: Peer) -> None:
    """Call what this peer answers: it has sent all its events before."""
    calling = asyncio.create_task(program.call("get_status"))
    await peer.answer_ok(await peer.request(), {"online": True, "good": True})
    assert (await calling)["status"] == "ok"
