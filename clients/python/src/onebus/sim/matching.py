"""Whether what a bot has done is what was expected."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from . import js
from .cq import Segment
from .faults import fits
from .model import Chat, Message
from .stage import Done, SentBy


@dataclass(frozen=True)
class Wanted:
    """A message as it is wanted; what is None does not matter."""

    text: str | None = None
    """The whole text, blanks at the ends aside."""
    contains: str | None = None
    matches: re.Pattern[str] | None = None
    """Found anywhere in the text."""
    segment: Mapping[str, Any] | None = None
    """``{"type": …, "data": {…}}``, each of them a part of what is there."""
    at: int | None = None
    chat: Chat | None = None
    bot: int | None = None

    def fits(self, sent: SentBy) -> bool:
        """Whether it is this one."""
        said = sent.sent
        return (
            self.bot in (None, sent.bot)
            and self.chat in (None, said.chat)
            and self._fits_text(said.text.strip())
            and (self.segment is None or is_part_of_any(self.segment, said.segments))
            and (self.at is None or mentions(said.segments, self.at))
        )

    def _fits_text(self, text: str) -> bool:
        return (
            self.text in (None, text)
            and (self.contains is None or self.contains in text)
            and (self.matches is None or self.matches.search(text) is not None)
        )

@dataclass(frozen=True)
class WantedAction:
    """An action as it is wanted."""

    action: str
    """A name or a glob."""
    params: Mapping[str, Any] | None = None
    """A part of what was asked with."""
    ok: bool | None = None
    """Whether it got through."""
    bot: int | None = None

    def fits(self, done: Done) -> bool:
        """Whether it is this one."""
        return (
            self.bot in (None, done.bot)
            and fits(self.action, done.request.action)
            and self.ok in (None, done.failure is None)
            and (self.params is None or is_part(self.params, done.request.params))
        )

def is_part(wanted: object, given: object) -> bool:
    """Whether all that is wanted is in what is given; a number and its text
    are the same, as bots write ids both ways."""
    if js.is_object(wanted):
        return js.is_object(given) and all(
            key in given and is_part(value, given[key]) for key, value in wanted.items()
        )
    if js.is_array(wanted):
        return (
            js.is_array(given)
            and len(wanted) == len(given)
            and all(map(is_part, wanted, given))
        )
    if isinstance(wanted, bool) or isinstance(given, bool) or wanted is None:
        return wanted is given
    if js.is_object(given) or js.is_array(given):
        return False
    return js.text(wanted) == js.text(given)

def mentions(segments: list[Segment], account: int) -> bool:
    """Whether the message has an `at` of that account."""
    return is_part_of_any({"type": "at", "data": {"qq": account}}, segments)

def quotes(segments: list[Segment], said: Message) -> bool:
    """Whether the message quotes that one, by any bot's id of it."""
    return any(
        is_part_of_any({"type": "reply", "data": {"id": copy.message_id}}, segments)
        for copy in said.copies.values()
    )

def is_part_of_any(wanted: Any, segments: list[Segment]) -> bool:
    """Whether one of the segments has all that is wanted."""
    return any(is_part(wanted, segment) for segment in segments)
