"""Bots: what their handlers are called for, by the real bridge."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import anyio
import pytest
from pytest_onebus import RunBot

import onebus
from onebus import Bot, Bus, Event, GroupIncrease, MessageEvent
from onebus.testing.qq import SimulatedQQ

#: How the bridge is found.
WAYS = ("nng", "nats")


async def answers(qqsim: SimulatedQQ, *said: str, group: int = 700) -> list[str]:
    """What the bot answers to each, in order; every message has one answer."""
    texts = []
    for words in said:
        await qqsim.group(group).say(words, by=42)
        texts.append((await qqsim.next_sent()).text)
    return texts


async def test_a_command_gets_the_rest_of_the_text(
    qqsim: SimulatedQQ, run_bot: RunBot
) -> None:
    bot = Bot()

    @bot.command("say", "说")
    async def say(event: MessageEvent, words: str) -> None:
        await event.reply(f"<{words}>")

    @bot.on_message(fallback=True)
    async def other(event: MessageEvent) -> None:
        await event.reply("other")

    await run_bot(bot)
    said = ["/say", "/say  a  b ", "/说 一二", "/say\nlines", "/sayx", "say", "x /say"]
    assert await answers(qqsim, *said) == [
        "<>",
        "<a  b>",
        "<一二>",
        "<lines>",
        "other",
        "other",
        "other",
    ]


async def test_a_mention_before_a_command_does_not_matter(
    qqsim: SimulatedQQ, run_bot: RunBot
) -> None:
    bot = Bot(prefix=("!", "！"))

    @bot.command("ping")
    async def ping(event: MessageEvent, words: str) -> None:
        await event.reply("pong", quote=True, at=True)

    await run_bot(bot)
    said = await qqsim.group(700).say("！ping", by=42, at_bot=True)
    sent = await qqsim.next_sent()
    assert sent.text.strip() == "pong"
    assert sent.quotes == said.message_id
    assert sent.mentions == (42,)
    assert sent.group_id == 700


async def test_every_handler_that_fits_is_called_in_their_order(
    qqsim: SimulatedQQ, run_bot: RunBot
) -> None:
    bot = Bot()

    @bot.on_message(contains="a")
    async def first(event: MessageEvent) -> None:
        await event.reply("first")

    @bot.regex(r"(\d+)")
    async def second(event: MessageEvent, match: Any) -> None:
        await event.reply(f"number {match[1]}")

    @bot.on_message(fallback=True)
    async def never(event: MessageEvent) -> None:
        await event.reply("never")

    await run_bot(bot)
    await qqsim.group(700).say("a 12", by=42)
    assert [(await qqsim.next_sent()).text for _ in range(2)] == ["first", "number 12"]
    assert await answers(qqsim, "nothing else") == ["never"]


async def test_a_bot_is_put_together_from_several(
    qqsim: SimulatedQQ, run_bot: RunBot
) -> None:
    bot, part = Bot(), Bot(prefix="!")

    @bot.command("one")
    async def one(event: MessageEvent, words: str) -> None:
        await event.reply("one")

    @part.command("two")
    async def two(event: MessageEvent, words: str) -> None:
        await event.reply("two")

    bot.include(part)
    await run_bot(bot)
    assert await answers(qqsim, "/one", "!two") == ["one", "two"]


async def test_other_events_have_handlers_by_their_class(
    qqsim: SimulatedQQ, run_bot: RunBot
) -> None:
    bot = Bot()

    @bot.on(GroupIncrease, when=lambda event: event.user_id != 9)
    async def welcome(event: GroupIncrease) -> None:
        await event.reply(onebus.At(event.user_id) + " hi")

    await run_bot(bot)
    await qqsim.group(700).join(9)
    await qqsim.group(700).join(10)
    assert (await qqsim.next_sent()).mentions == (10,)


async def test_private_messages_are_answered_in_private(
    qqsim: SimulatedQQ, run_bot: RunBot
) -> None:
    bot = Bot()

    @bot.on_private_message()
    async def echo(event: onebus.PrivateMessage) -> None:
        await event.reply(event.message)

    await run_bot(bot)
    await qqsim.friend(42).say("psst")
    sent = await qqsim.next_sent()
    assert (sent.user_id, sent.group_id, sent.text) == (42, None, "psst")
    await qqsim.group(700).whisper("stranger", by=77)
    assert (await qqsim.next_sent()).user_id == 77


async def test_a_handler_that_fails_is_logged_and_the_rest_goes_on(
    qqsim: SimulatedQQ, run_bot: RunBot, caplog: pytest.LogCaptureFixture
) -> None:
    bot = Bot()
    told: list[tuple[Event, Exception]] = []

    @bot.on_message(text="boom")
    async def boom(event: MessageEvent) -> None:
        raise RuntimeError("boom")

    @bot.on_message()
    async def fine(event: MessageEvent) -> None:
        await event.reply("fine")

    @bot.on_error
    async def note(event: Event, error: Exception) -> None:
        told.append((event, error))
        raise RuntimeError("and again")

    await run_bot(bot)
    with caplog.at_level(logging.ERROR, "onebus.bot"):
        assert await answers(qqsim, "boom") == ["fine"]
    assert [str(error) for _, error in told] == ["boom"]
    assert "boom" in caplog.records[0].getMessage()


async def test_chats_are_served_side_by_side_and_each_in_order(
    qqsim: SimulatedQQ, run_bot: RunBot
) -> None:
    bot = Bot()
    gate = anyio.Event()

    @bot.on_group_message()
    async def answer(event: onebus.GroupMessage) -> None:
        if event.text == "wait":
            await gate.wait()
        await event.reply(event.text)

    await run_bot(bot)
    await qqsim.group(700).say("wait", by=42)
    await qqsim.group(700).say("then", by=42)
    assert await answers(qqsim, "other", group=701) == ["other"]
    gate.set()
    assert [(await qqsim.next_sent()).text for _ in range(2)] == ["wait", "then"]


def counting(seen: list[str], cursor: Any, **options: Any) -> Bot:
    """A bot that notes what it hears."""
    bot = Bot("qq.group.*", cursor=cursor, **options)

    @bot.on_message()
    async def note(event: MessageEvent) -> None:
        seen.append(event.text)
        await event.reply(event.text)

    return bot


async def test_a_bot_goes_on_where_its_cursor_is(
    qqsim: SimulatedQQ, bus: Bus, tmp_path: Path
) -> None:
    seen: list[str] = []
    for cursor in ("a-bot", tmp_path / "cursor"):
        async with counting(seen, cursor).running(bus):
            await answers(qqsim, "first")
        await qqsim.group(700).say("missed", by=42)
        async with counting(seen, cursor).running(bus):
            assert (await qqsim.next_sent()).text == "missed"
    assert seen == ["first", "missed"] * 2


async def test_a_bot_that_does_not_want_old_news_passes_them_over(
    qqsim: SimulatedQQ, bus: Bus
) -> None:
    seen: list[str] = []
    async with counting(seen, "b").running(bus):
        await answers(qqsim, "first")
    await qqsim.group(700).say("missed", by=42)
    await anyio.sleep(0.3)
    async with counting(seen, "b", max_age=0.25).running(bus):
        await answers(qqsim, "fresh")
    assert seen == ["first", "fresh"]


async def test_what_is_in_hand_is_finished_when_a_bot_is_asked_to_stop(
    qqsim: SimulatedQQ, bus: Bus
) -> None:
    bot = Bot()
    begun, gate, stopping, started = (anyio.Event() for _ in range(4))

    @bot.on_message()
    async def answer(event: MessageEvent) -> None:
        begun.set()
        await gate.wait()
        await event.reply("finished")

    async def serve() -> None:
        await bot.serve(bus, started=started, stopping=stopping)

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(serve)
        await started.wait()
        await qqsim.group(700).say("go", by=42)
        await begun.wait()
        stopping.set()
        gate.set()
    assert (await qqsim.next_sent()).text == "finished"


async def test_a_bot_that_cannot_begin_says_why(bus: Bus) -> None:
    with pytest.raises(ValueError, match=r"token 2, .gro\*p"):
        async with Bot("qq.gro*p").running(bus):
            pass


async def test_starting_is_told_with_the_bus(bus: Bus) -> None:
    bot = Bot()
    told: list[Bus] = []

    @bot.on_start
    async def start(bus: Bus) -> None:
        told.append(bus)

    async with bot.running(bus):
        assert told == [bus]


async def test_other_bots_of_the_bridge_are_not_heard_by_default() -> None:
    from onebus.filters import message_filter

    class Heard:
        policy = onebus.Policy(True, True, True, "open", from_bot=True)

    assert not message_filter({})(Heard())  # type: ignore[arg-type]
    assert message_filter({"bots": True})(Heard())  # type: ignore[arg-type]


def test_a_filter_that_does_not_exist_is_refused() -> None:
    with pytest.raises(TypeError, match="begins: allowed: account, bots, by"):
        Bot().on_message(begins="x")  # type: ignore[call-arg]


def test_a_command_without_a_name_is_refused() -> None:
    with pytest.raises(TypeError, match="one name or more"):
        Bot().command()
