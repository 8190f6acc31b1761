"""An echo bot: answers `/echo words`, and whoever speaks to it.

    pip install onebus
    python echo_bot.py

It looks for the bridge where that listens by default; `ONEBUS_EVENTS`,
`ONEBUS_ACTIONS` and `ONEBUS_TOKEN` say otherwise.
"""

from __future__ import annotations

from onebus import Bot, MessageEvent, Poke, Poked

bot = Bot()


@bot.command("echo")
async def echo(event: MessageEvent, words: str) -> None:
    await event.reply(words or "/echo what?")


@bot.on_message(to_me=True, fallback=True)
async def greet(event: MessageEvent) -> None:
    await event.reply(f"你好！ You said: {event.text.strip()}", quote=True)


@bot.on(Poked)
async def poke_back(event: Poked) -> None:
    if event.target_id == event.self_id and event.user_id != event.self_id:
        await event.reply(Poke(event.user_id))


if __name__ == "__main__":
    bot.run()
