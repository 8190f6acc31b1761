"""A bot on NoneBot2, to be driven by the simulator.

``nonebot_bot.py serve TOKEN`` takes reverse connections on the socket that is
file descriptor 3; ``nonebot_bot.py dial TOKEN URL`` makes a forward one.
"""

from __future__ import annotations

import sys

import nonebot
from nonebot import on_command, on_notice
from nonebot.adapters.onebot.v11 import (
    Adapter,
    Bot,
    GroupIncreaseNoticeEvent,
    GroupMessageEvent,
    Message,
    MessageEvent,
    MessageSegment,
    PokeNotifyEvent,
)
from nonebot.params import CommandArg

mode, token, *urls = sys.argv[1:]
nonebot.init(
    driver="~fastapi" if mode == "serve" else "~websockets",
    onebot_access_token=token or None,
    onebot_ws_urls=set(urls),
    log_level="WARNING",
    command_start={"/"},
)
driver = nonebot.get_driver()
driver.register_adapter(Adapter)

ping, echo, shh = on_command("ping"), on_command("echo"), on_command("shh")
who, notices = on_command("id"), on_notice()


@ping.handle()
async def _(event: MessageEvent) -> None:
    await ping.finish(MessageSegment.reply(event.message_id) + "pong")


@echo.handle()
async def _(said: Message = CommandArg()) -> None:
    await echo.finish(said)


@shh.handle()
async def _(bot: Bot, event: GroupMessageEvent) -> None:
    await bot.set_group_ban(
        group_id=event.group_id, user_id=event.user_id, duration=60
    )


@who.handle()
async def _(bot: Bot) -> None:
    login, version = await bot.get_login_info(), await bot.get_version_info()
    await who.finish(f"{login['user_id']} {version['app_name']}")


@notices.handle()
async def _(event: GroupIncreaseNoticeEvent) -> None:
    await notices.finish(MessageSegment.at(event.user_id) + "welcome")


@notices.handle()
async def _(event: PokeNotifyEvent) -> None:
    if event.target_id == event.self_id:
        await notices.finish("ouch")


if mode == "serve":
    nonebot.run(fd=3)
else:
    nonebot.run()
