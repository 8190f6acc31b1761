# SPDX-License-Identifier: MIT
"""onebus_calls.py ACTIONS CALLS PARALLEL: sends, so many at a time."""

from __future__ import annotations

import sys
import time

import anyio

import onebus
from counted import say


async def main(actions: str, calls: str, parallel: str) -> None:
    left = int(calls)
    waits: list[float] = []

    async def caller() -> None:
        nonlocal left
        while left > 0:
            left -= 1
            begun = time.monotonic()
            await bus.send_group_msg(20002, "hello")
            waits.append(time.monotonic() - begun)

    async with onebus.connect(actions=actions) as bus:
        await bus.get_login_info()
        begun = time.monotonic()
        async with anyio.create_task_group() as tasks:
            for _ in range(int(parallel)):
                tasks.start_soon(caller)
        seconds = time.monotonic() - begun
    waits.sort()
    found = {
        "calls_per_second": len(waits) / seconds,
        "p50_us": waits[len(waits) // 2] * 1e6,
        "p99_us": waits[len(waits) * 99 // 100] * 1e6,
    }
    say(found)


anyio.run(main, *sys.argv[1:])
