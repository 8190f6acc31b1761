"""Filters: which messages a handler is for."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import anyio
import pytest
from test_envelope import example, message_of

from onebus import Bot, GroupMessage, envelope
from onebus.filters import message_filter


@pytest.fixture
def said() -> GroupMessage:
    event = envelope.decode(message_of(example("group-text")))
    assert isinstance(event, GroupMessage)
    return event


def fits(event: GroupMessage, **filters: Any) -> bool:
    return message_filter(filters)(event)  # type: ignore[arg-type]


def test_words_may_be_one_or_several(said: GroupMessage) -> None:
    text = said.text.strip()
    for one in (text, [text], {text, "other"}, (text,)):
        assert fits(said, text=one)
        assert fits(said, startswith=one, endswith=one, contains=one)
    assert not fits(said, text=["other"])


def test_ids_may_be_one_or_several(said: GroupMessage) -> None:
    for one in (said.user_id, [said.user_id], range(said.user_id, said.user_id + 2)):
        assert fits(said, by=one)
    assert fits(said, group={said.group_id})
    assert not fits(said, group=said.group_id + 1)


@pytest.mark.parametrize(
    "name", ["text", "startswith", "endswith", "contains", "by", "group", "account"]
)
def test_an_empty_collection_is_met_by_nothing(name: str, said: GroupMessage) -> None:
    assert not fits(said, **{name: []})


def test_characters_of_expressions_are_texts_where_texts_are_wanted(
    said: GroupMessage,
) -> None:
    assert not fits(said, contains=".*")
    assert fits(said, regex=".*")
    assert fits(said, regex=re.compile(".*"))


async def nothing(_event: Any) -> bool:
    return True


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("text", 5, "a text, or several"),
        ("contains", [5], "a text, or several"),
        ("startswith", None, "a text, or several"),
        ("account", b"x", "a text, or several"),
        ("by", "42", "a QQ number, or several"),
        ("group", ["42"], "a QQ number, or several"),
        ("to_me", None, "True or False"),
        ("respond", 1, "True or False"),
        ("bots", "yes", "True or False"),
        ("when", "x", "a plain function"),
        ("when", nothing, "a plain function"),
        ("regex", 5, "first argument must be string or compiled pattern"),
    ],
)
def test_what_a_filter_may_not_be_is_told(name: str, value: Any, allowed: str) -> None:
    with pytest.raises(TypeError, match=f"^{name}: .*{allowed}"):
        Bot().on_message(**{name: value})


def test_a_condition_for_events_is_a_plain_function_too() -> None:
    with pytest.raises(TypeError, match="allowed: a plain function"):
        Bot().on(GroupMessage, when=nothing)  # type: ignore[arg-type]


@pytest.mark.parametrize("options", [{"prefix": ()}, {"width": 0}, {"depth": 0}])
def test_a_bot_that_could_do_nothing_is_refused(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="allowed"):
        Bot(**options)


@pytest.mark.parametrize("name", ["a.b", "(", "a|b", "\\d", "what?", "*"])
def test_a_command_is_no_expression(name: str, said: GroupMessage) -> None:
    bot = Bot()
    seen: list[str] = []

    @bot.command(name)
    async def note(event: Any, words: str) -> None:
        seen.append(words)

    anyio.run(bot.handle, replace(said, text=f" /{name} words"))
    anyio.run(bot.handle, replace(said, text="/axb words"))
    assert seen == ["words"]
