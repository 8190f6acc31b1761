# SPDX-License-Identifier: MIT
"""aiocqhttp_events.py PORT EVENTS PROGRESS: the frames straight into aiocqhttp."""

from __future__ import annotations

import asyncio
import logging
import sys

import uvicorn
from aiocqhttp import CQHttp, Event

from counted import Counter, finish, ready

port, events, progress = map(int, sys.argv[1:])
counter = Counter(events, progress)
bot = CQHttp()
logging.disable(logging.CRITICAL)


@bot.on_message("group")
async def count(event: Event) -> None:
    if event.message is not None and counter.count():
        finish(counter)


async def main() -> None:
    # As fast a server as there is for it: uvicorn, without a log of access.
    config = uvicorn.Config(bot.asgi, port=port, log_config=None, access_log=False)
    server = uvicorn.Server(config)
    serving = asyncio.ensure_future(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    ready()
    await serving


asyncio.run(main())
