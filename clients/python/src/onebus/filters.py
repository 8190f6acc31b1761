"""Which messages a handler is for."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar, cast

from typing_extensions import TypedDict

if TYPE_CHECKING:
    from .event import MessageEvent

T = TypeVar("T")

Ids = int | Collection[int]
Words = str | Collection[str]


class MessageFilters(TypedDict, total=False):
    """What `on_message` and its like take; all that are given must fit."""

    #: The text, blanks at its ends aside, is this one (or one of these).
    text: Words
    #: The text begins with it, ends with it, or has it in it.
    startswith: Words
    endswith: Words
    contains: Words
    #: The regular expression is found somewhere in the text.
    regex: str | re.Pattern[str]
    #: Said by one of these users; in one of these groups.
    by: Ids
    group: Ids
    #: Heard by this account (its key in the bridge's settings).
    account: Words
    #: The bot is spoken to: mentioned, quoted, or it is a private chat.
    to_me: bool
    #: The bridge's settings say that an answer is expected.
    respond: bool
    #: Messages of the bridge's other bots come too; by default they do not, so
    #: that bots do not talk with each other for ever.
    bots: bool
    #: Any other condition.
    when: Callable[[Any], bool]


@dataclass(frozen=True)
class MessageFilter:
    """A condition made of `MessageFilters`."""

    checks: tuple[Callable[[MessageEvent], bool], ...]

    def __call__(self, event: MessageEvent) -> bool:
        return all(check(event) for check in self.checks)


def message_filter(filters: MessageFilters) -> MessageFilter:
    """Make one condition of all that are given.

    TypeError for a name that is none of them, or a value that is none of its,
    re.error for a bad expression. An empty collection is met by no message.
    """
    given = {"bots": False, **filters}
    unknown = given.keys() - _MAKERS.keys()
    if unknown:
        raise TypeError(f"{unknown.pop()}: allowed: {', '.join(sorted(_MAKERS))}")
    return MessageFilter(tuple(_made(name, value) for name, value in given.items()))


Check = Callable[["MessageEvent"], bool]


def _made(name: str, value: object) -> Check:
    try:
        return _MAKERS[name](value)
    except TypeError as error:
        raise TypeError(f"{name}: {error}") from None


def condition(value: object) -> Callable[[Any], bool]:
    """`value`; TypeError if it is no plain function."""
    if callable(value) and not inspect.iscoroutinefunction(value):
        return cast("Callable[[Any], bool]", value)
    raise _fault(value, "a plain function, which is given the event")


def _words(value: object) -> tuple[str, ...]:
    return _several(value, str, "a text, or several of them")


def _ids(value: object) -> frozenset[int]:
    return frozenset(_several(value, int, "a QQ number, or several of them"))


def _several(value: object, kind: type[T], allowed: str) -> tuple[T, ...]:
    """One or several; none of them is a condition, too, which nothing meets."""
    if isinstance(value, kind):
        return (value,)
    several = _collected(value)
    if several is None or not all(isinstance(each, kind) for each in several):
        raise _fault(value, allowed)
    return cast("tuple[T, ...]", several)


def _collected(value: object) -> tuple[object, ...] | None:
    if isinstance(value, Collection) and not isinstance(value, (str, bytes)):
        return tuple(cast("Collection[object]", value))
    return None


def _flag(value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise _fault(value, "True or False")


def _fault(value: object, allowed: str) -> TypeError:
    return TypeError(f"{value!r:.60}: allowed: {allowed}")


def _text(value: Words) -> Check:
    words = _words(value)
    return lambda event: event.text.strip() in words


def _startswith(value: Words) -> Check:
    words = _words(value)
    return lambda event: event.text.lstrip().startswith(words)


def _endswith(value: Words) -> Check:
    words = _words(value)
    return lambda event: event.text.rstrip().endswith(words)


def _contains(value: Words) -> Check:
    words = _words(value)
    return lambda event: any(word in event.text for word in words)


def _regex(value: str | re.Pattern[str]) -> Check:
    pattern = re.compile(value)
    return lambda event: pattern.search(event.text) is not None


def _by(value: Ids) -> Check:
    ids = _ids(value)
    return lambda event: event.user_id in ids


def _group(value: Ids) -> Check:
    ids = _ids(value)
    return lambda event: event.chat.kind == "group" and event.chat.id in ids


def _account(value: Words) -> Check:
    words = _words(value)
    return lambda event: event.account in words


def _to_me(value: bool) -> Check:
    def is_to_me(event: MessageEvent) -> bool:
        return event.policy.mentioned or event.chat.kind == "private"

    wanted = _flag(value)
    return lambda event: is_to_me(event) == wanted


def _respond(value: bool) -> Check:
    wanted = _flag(value)
    return lambda event: event.policy.respond == wanted


def _bots(value: bool) -> Check:
    are_wanted = _flag(value)
    return lambda event: are_wanted or not event.policy.from_bot


_MAKERS: dict[str, Callable[[Any], Check]] = {
    "text": _text,
    "startswith": _startswith,
    "endswith": _endswith,
    "contains": _contains,
    "regex": _regex,
    "by": _by,
    "group": _group,
    "account": _account,
    "to_me": _to_me,
    "respond": _respond,
    "bots": _bots,
    "when": condition,
}
