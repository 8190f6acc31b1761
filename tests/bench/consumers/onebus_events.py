# SPDX-License-Identifier: MIT
"""onebus_events.py FORM URL ACTIONS EVENTS PROGRESS: a consumer of the bus.

FORM: `typed`, `raw`, or `bot` (a function called by a Bot).
"""

from __future__ import annotations

import sys

import anyio

import onebus
from counted import Counter, finish, ready


async def typed(bus: onebus.Bus, counter: Counter) -> None:
    async with bus.events("qq.group.*") as events:
        ready()
        async for event in events:
            if isinstance(event, onebus.GroupMessage) and event.text is not None:
                if counter.count():
                    return


async def raw(bus: onebus.Bus, counter: Counter) -> None:
    async with bus.events("qq.group.*").raw() as events:
        ready()
        async for _ in events:
            if counter.count():
                return


async def bot(bus: onebus.Bus, counter: Counter) -> None:
    done = anyio.Event()
    bot = onebus.Bot("qq.group.*")

    @bot.on_group_message()
    async def count(event: onebus.GroupMessage) -> None:
        if counter.count():
            done.set()

    async with bot.running(bus):
        ready()
        await done.wait()


async def main(form: str, url: str, actions: str, events: str, progress: str) -> None:
    counter = Counter(int(events), int(progress))
    async with onebus.connect(url, actions) as bus:
        await {"typed": typed, "raw": raw, "bot": bot}[form](bus, counter)
        finish(counter)


anyio.run(main, *sys.argv[1:])
