"""Steps that say what a bot is to do, and what not."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from .matching import Wanted, WantedAction, quotes
from .nodes import Node
from .rendering import action_text
from .stage import Done, SentBy
from .steps import Play, Reading, Run, StepFailed, Verbs
from .terminal import one_line

VERBS = Verbs()

_FIELDS = ("text", "contains", "matches", "segment", "quote", "at", "in", "to", "bot")
_SHOWN = 5

Fits = Callable[[Play, SentBy], bool]


@VERBS.add("expect", "within", "next", "as")
def _expect(node: Node, reading: Reading) -> Run:
    """A message of a bot: the oldest that fits and that no step has taken yet.

    With `next` it has to be the oldest of all.
    """
    fits = _wanted(node["expect"], reading)
    within = node["within"].seconds() if node.has("within") else None
    is_next = node["next"].flag() if node.has("next") else False
    label = node["as"].text() if node.has("as") else None

    async def run(play: Play) -> None:
        def take(sent: SentBy) -> bool:
            return is_next or fits(play, sent)

        patience = play.patience if within is None else within
        try:
            found = await play.stage.take(play.stage.sent, take, patience)
        except TimeoutError:
            raise StepFailed(f"within {patience:g} s {_instead(play)}") from None
        if not fits(play, found):
            raise StepFailed(f"the next message was {describe(play, found)}")
        if label is not None:
            play.labels[label] = found.sent.message

    return run


def _wanted(node: Node, reading: Reading) -> Fits:
    """A text, which is the whole, or an object."""
    if not isinstance(node.value, dict):
        text = node.text()
        return lambda play, sent: Wanted(text=play.filled(text)).fits(sent)
    node.only(_FIELDS)
    wanted = Wanted(
        text=_text(node, "text"),
        contains=_text(node, "contains"),
        matches=_pattern(node.get("matches")),
        segment=_segment(node.get("segment")),
        at=reading.cast.account(node["at"]) if node.has("at") else None,
        chat=reading.cast.chat(node),
        bot=reading.cast.bot(node.get("bot")),
    )
    label = _text(node, "quote")

    def fits(play: Play, sent: SentBy) -> bool:
        if label is not None and not quotes(sent.sent.segments, play.message(label)):
            return False
        return _filled(wanted, play).fits(sent)

    return fits


def _filled(wanted: Wanted, play: Play) -> Wanted:
    text, contains = wanted.text, wanted.contains
    return replace(
        wanted,
        text=None if text is None else play.filled(text).strip(),
        contains=None if contains is None else play.filled(contains),
    )


def _text(node: Node, key: str) -> str | None:
    return node[key].text() if node.has(key) else None


def _pattern(node: Node | None) -> re.Pattern[str] | None:
    if node is None:
        return None
    try:
        return re.compile(node.text(), re.DOTALL)
    except re.error as error:
        raise node.error(f"this is no regular expression: {error}") from None


def _segment(node: Node | None) -> dict[str, object] | None:
    """A type alone, or a part of a segment."""
    if node is None:
        return None
    if isinstance(node.value, str):
        return {"type": node.value}
    node.only(("type", "data"))
    return node.object()


@VERBS.add("expect_action", "params", "ok", "bot", "within")
def _expect_action(node: Node, reading: Reading) -> Run:
    """An action of a bot: the oldest that fits and that no step has taken."""
    wanted = _action(node, "expect_action", reading)
    within = node["within"].seconds() if node.has("within") else None

    async def run(play: Play) -> None:
        patience = play.patience if within is None else within
        try:
            await play.stage.take(play.stage.done, wanted.fits, patience)
        except TimeoutError:
            raise StepFailed(f"within {patience:g} s {_done_instead(play)}") from None

    return run


def _action(node: Node, name: str, reading: Reading) -> WantedAction:
    return WantedAction(
        action=node[name].text(),
        params=node["params"].object() if node.has("params") else None,
        ok=node["ok"].flag() if node.has("ok") else None,
        bot=reading.cast.bot(node.get("bot")),
    )


@VERBS.add("expect_nothing", "like")
def _expect_nothing(node: Node, reading: Reading) -> Run:
    """For so many seconds no message comes, and none is left that no step has
    taken; `like` says which are meant."""
    seconds = node["expect_nothing"].seconds()
    like = node.get("like")
    fits: Fits = _wanted(like, reading) if like else lambda _play, _sent: True

    async def run(play: Play) -> None:
        def unwanted(sent: SentBy) -> bool:
            return fits(play, sent)

        try:
            found = await play.stage.take(play.stage.sent, unwanted, seconds)
        except TimeoutError:
            return
        raise StepFailed(f"there came {describe(play, found)}")

    return run


@VERBS.add("expect_no_action", "params", "ok", "bot", "within")
def _expect_no_action(node: Node, reading: Reading) -> Run:
    """Within so many seconds (1 unless told) no such action comes, and none is
    left that no step has taken."""
    wanted = _action(node, "expect_no_action", reading)
    seconds = node["within"].seconds() if node.has("within") else 1.0

    async def run(play: Play) -> None:
        try:
            found = await play.stage.take(play.stage.done, wanted.fits, seconds)
        except TimeoutError:
            return
        raise StepFailed(f"there came {_action_words(found)}")

    return run


@VERBS.add("forget")
def _forget(node: Node, _reading: Reading) -> Run:
    """Pass over what the bots have done so far: `messages`, `actions`, `all`."""
    what = node["forget"].one_of(("messages", "actions", "all"))

    async def run(play: Play) -> None:
        if what != "actions":
            play.stage.sent.clear()
        if what != "messages":
            play.stage.done.clear()

    return run


# -- in words ----------------------------------------------------------------------


def describe(play: Play, sent: SentBy) -> str:
    """A message of a bot in one line."""
    said = sent.sent.message
    where = "to" if said.chat.kind == "private" else "in"
    text = play.renderer.text(said.segments)
    return f"{one_line(text, 80)!r} {where} {said.chat.peer_id}"


def _instead(play: Play) -> str:
    left = list(play.stage.sent)
    if not left:
        failed = [done for done in play.stage.done if done.failure is not None]
        return "nothing came" + (f", but {_action_words(failed[-1])}" if failed else "")
    shown = "; ".join(describe(play, sent) for sent in left[-_SHOWN:])
    return f"there came only: {shown}"


def _done_instead(play: Play) -> str:
    left = list(play.stage.done)[-_SHOWN:]
    return "there came " + ("; ".join(map(_action_words, left)) or "no action")


def _action_words(done: Done) -> str:
    failure = f" (failed: {done.failure.wording})" if done.failure else ""
    asked = action_text(done.request.action, done.request.params)
    return one_line(asked, 120) + failure
