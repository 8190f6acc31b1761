"""A bot on aiocqhttp, to be driven by the simulator.

``aiocqhttp_bot.py TOKEN`` takes reverse connections at /ws/, /ws/api and
/ws/event on the socket that is file descriptor 3.
"""

from __future__ import annotations

import sys

import uvicorn
from aiocqhttp import CQHttp, Event, Message, MessageSegment

bot = CQHttp(access_token=sys.argv[1] or None)


@bot.on_message
async def _(event: Event) -> None:
    word, _, rest = Message(event.message).extract_plain_text().partition(" ")
    if word == "/ping":
        await bot.send(event, MessageSegment.reply(event.message_id) + "pong")
    elif word == "/echo":
        await bot.send(event, rest)
    elif word == "/shh":
        await bot.set_group_ban(
            self_id=event.self_id,
            group_id=event.group_id,
            user_id=event.user_id,
            duration=60,
        )
    elif word == "/id":
        login = await bot.get_login_info(self_id=event.self_id)
        version = await bot.get_version_info(self_id=event.self_id)
        await bot.send(event, f"{login['user_id']} {version['app_name']}")


@bot.on_notice("group_increase")
async def _(event: Event) -> None:
    await bot.send(event, MessageSegment.at(event.user_id) + "welcome")


@bot.on_notice("notify.poke")
async def _(event: Event) -> None:
    if event.target_id == event.self_id:
        await bot.send(event, "ouch")


uvicorn.run(bot.asgi, fd=3, log_level="warning", lifespan="off")
