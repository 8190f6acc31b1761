"""Commands: dice, hands, who is here, and help that writes itself.

    /roll 2d6    /rps    /card 新的名片    /members    /help
"""

from __future__ import annotations

import random
import re

from onebus import At, Bot, BridgeError, Dice, GroupMessage, MessageEvent, Rps, Text

bot = Bot()

HELP = """\
/roll [N]d[M]  throw N dice of M sides
/dice, /rps  QQ's own die and hand
/members  how many are in the group
/whoami  what the bot knows of you"""


@bot.command("help", "帮助")
async def help_(event: MessageEvent, words: str) -> None:
    await event.reply(HELP)


@bot.command("roll")
async def roll(event: MessageEvent, words: str) -> None:
    wanted = re.fullmatch(r"(\d{0,2})d(\d{1,4})", words or "1d6")
    if wanted is None or wanted[2] == "0":
        await event.reply("/roll 2d6: up to 99 dice of up to 9999 sides", quote=True)
        return
    eyes = [random.randint(1, int(wanted[2])) for _ in range(int(wanted[1] or 1))]
    await event.reply(f"{' + '.join(map(str, eyes))} = {sum(eyes)}", at=True)


@bot.command("dice")
async def dice(event: MessageEvent, words: str) -> None:
    await event.reply(Dice())


@bot.command("rps")
async def rps(event: MessageEvent, words: str) -> None:
    await event.reply(Rps())


@bot.command("members")
async def members(event: MessageEvent, words: str) -> None:
    if not isinstance(event, GroupMessage):
        await event.reply("Only in a group.")
        return
    people = await event.bus.get_group_member_list(event.group_id, account=event.account)
    await event.reply(f"{len(people)} people are here.")


@bot.command("whoami")
async def whoami(event: MessageEvent, words: str) -> None:
    sender = event.sender
    await event.reply(At(event.user_id) + Text(f" {sender.nickname}, {event.user_id}"))


@bot.on_error
async def say_so(event: object, error: Exception) -> None:
    if isinstance(event, MessageEvent) and not isinstance(error, BridgeError):
        await event.reply(f"That went wrong: {error}")


if __name__ == "__main__":
    bot.run()
