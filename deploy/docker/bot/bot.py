"""An echo bot that answers each message once, whatever is killed meanwhile.

It answers `/echo words`, and whoever mentions it. It keeps on its disk how far it
has come, so it takes up what was said while it was away. Each answer is named after
its message, so the bridge carries it out once, however often it is asked.
"""

from __future__ import annotations

import logging
from pathlib import Path

import anyio

import onebus

log = logging.getLogger("bot")

#: Seconds until an answer that could not leave is tried again.
PAUSE = 1.0

bot = onebus.Bot(cursor=Path("/data/bot.cursor"))


@bot.command("echo")
async def echo(event: onebus.MessageEvent, words: str) -> None:
    await say(event, words or "/echo what?")


@bot.on_message(to_me=True, fallback=True)
async def greet(event: onebus.MessageEvent) -> None:
    await say(event, f"你好！ You said: {event.text.strip()}")


async def say(event: onebus.MessageEvent, text: str) -> None:
    """Answer, however long QQ or the bridge are away; never twice."""
    while True:
        try:
            await event.reply(text, idempotency_key=f"echo:{event.key}")
            return
        except onebus.OutcomeUnknown as error:
            log.warning("%s: it may have been said: %s", event.key, error)
            return
        except (onebus.BridgeUnreachable, onebus.BridgeError) as error:
            if isinstance(error, onebus.BridgeError) and not error.is_retriable:
                raise
            log.warning("trying again: %s", error)
        await anyio.sleep(PAUSE)


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    bot.run()
