"""Lets a language model answer, through any API of OpenAI's form.

    LLM_URL=http://127.0.0.1:11434/v1 LLM_MODEL=qwen3 LLM_KEY=... python llm_bot.py

It speaks where the bridge's settings expect an answer: in private chats, and in
groups when it is mentioned (`requireMention`). A group's `systemPrompt` of the
settings is what the model is told. The last messages of each chat are its
memory. While a model thinks, other chats are served.
"""

from __future__ import annotations

import json
import os
import urllib.request
from collections import deque
from typing import Any, TypedDict

import anyio

from onebus import Bot, Chat, MessageEvent

URL = os.environ.get("LLM_URL", "http://127.0.0.1:11434/v1")
MODEL = os.environ.get("LLM_MODEL", "qwen3")
KEY = os.environ.get("LLM_KEY", "")
PROMPT = "You are a helpful friend in a QQ chat. Answer briefly, in plain text."
MEMORY = 20
CHATS_MAX = 1000


class Said(TypedDict):
    role: str
    content: str


class Memory:
    """The last things said in each chat, of those chats that spoke last."""

    def __init__(self) -> None:
        self._chats: dict[tuple[str, Chat], deque[Said]] = {}

    def of(self, account: str, chat: Chat) -> deque[Said]:
        said = self._chats.pop((account, chat), deque(maxlen=MEMORY))
        self._chats[account, chat] = said
        if len(self._chats) > CHATS_MAX:
            del self._chats[next(iter(self._chats))]
        return said


def complete(messages: list[Said]) -> str:
    """Ask the model; OSError if it cannot be reached or will not."""
    request = urllib.request.Request(
        f"{URL}/chat/completions",
        data=json.dumps({"model": MODEL, "messages": messages}).encode(),
        headers={"Content-Type": "application/json", "Authorization": f"Bearer {KEY}"},
    )
    with urllib.request.urlopen(request, timeout=120) as answer:
        reply: dict[str, Any] = json.load(answer)
    return str(reply["choices"][0]["message"]["content"])


bot = Bot()
memory = Memory()


@bot.command("forget")
async def forget(event: MessageEvent, words: str) -> None:
    memory.of(event.account, event.chat).clear()
    await event.reply("忘了。 Forgotten.")


@bot.on_message(respond=True, fallback=True)
async def answer(event: MessageEvent) -> None:
    said = memory.of(event.account, event.chat)
    said.append({"role": "user", "content": f"{event.sender.nickname}: {event.text}"})
    prompt = event.policy.system_prompt or PROMPT
    messages: list[Said] = [{"role": "system", "content": prompt}, *said]
    try:
        words = await anyio.to_thread.run_sync(complete, messages)
    except (OSError, LookupError, ValueError) as error:
        said.pop()
        await event.reply(f"(the model does not answer: {error})", quote=True)
        return
    said.append({"role": "assistant", "content": words})
    await event.reply(words, quote=event.chat.kind == "group")


if __name__ == "__main__":
    bot.run()
