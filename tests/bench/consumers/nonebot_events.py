# SPDX-License-Identifier: MIT
"""nonebot_events.py PORT EVENTS PROGRESS: the frames straight into NoneBot2."""

from __future__ import annotations

import sys

import nonebot
from loguru import logger
from nonebot.adapters.onebot.v11 import Adapter, GroupMessageEvent

from counted import Counter, finish, ready

port, events, progress = map(int, sys.argv[1:])
counter = Counter(events, progress)
# What it logs of each event would cost it most of its time.
logger.remove()
nonebot.init(driver="~fastapi", host="127.0.0.1", port=port, log_level="CRITICAL")
driver = nonebot.get_driver()
driver.register_adapter(Adapter)
matcher = nonebot.on_message()


@matcher.handle()
async def count(event: GroupMessageEvent) -> None:
    if event.message is not None and counter.count():
        finish(counter)


@driver.on_startup
async def started() -> None:
    ready()


nonebot.run(access_log=False)
