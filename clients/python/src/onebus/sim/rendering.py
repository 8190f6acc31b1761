"""Messages and events in words, as QQ would show them.

Nothing here is printable yet: names and texts stand as they came.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from . import js
from .cq import Segment
from .model import Message, Notice
from .terminal import size_text

_NODES_SHOWN = 4
_HANDS = {"1": "rock", "2": "scissors", "3": "paper"}
_CARD_TITLES = ("prompt", "desc", "app")

NameOf = Callable[[int], str]
"""How an account is called; 0 is everybody."""


@dataclass(frozen=True)
class Renderer:
    """`name_of` names accounts; `forwards` has what is in merged forwards."""

    name_of: NameOf
    forwards: Mapping[str, list[Message]]

    def text(self, segments: list[Segment]) -> str:
        """The message without its quote; several lines where it has them."""
        shown = ""
        for segment in segments:
            part = self._segment(segment) if segment.get("type") != "reply" else ""
            # A mention ends with a blank, which the text may have as well.
            shown += part.removeprefix(" ") if shown.endswith(" ") else part
        return shown

    def _segment(self, segment: Segment) -> str:
        kind = js.text(segment.get("type", ""))
        data = segment.get("data")
        show = self._SHOWN.get(kind)
        if show is None or not js.is_object(data):
            return f"[{kind}]"
        return show(self, data)

    # -- by type ---------------------------------------------------------------

    def _text(self, data: dict[str, Any]) -> str:
        return js.text(data.get("text", ""))

    def _at(self, data: dict[str, Any]) -> str:
        qq = js.text(data.get("qq", ""))
        return f"@{self.name_of(int(qq)) if qq.isdigit() else 'everybody'} "

    def _face(self, data: dict[str, Any]) -> str:
        raw = data.get("raw")
        name = raw.get("faceText") if js.is_object(raw) else None
        return f"[{js.text(name or 'face ' + js.text(data.get('id', '')))}]"

    def _image(self, data: dict[str, Any]) -> str:
        summary = js.text(data.get("summary") or "").strip("[]")
        return f"[{summary or 'image'}{_size(data)}]"

    def _record(self, data: dict[str, Any]) -> str:
        return f"[voice{_size(data)}]"

    def _video(self, data: dict[str, Any]) -> str:
        return f"[video{_size(data)}]"

    def _file(self, data: dict[str, Any]) -> str:
        return f"[file {js.text(data.get('file', ''))}{_size(data)}]"

    def _dice(self, data: dict[str, Any]) -> str:
        return f"[dice {js.text(data.get('result', '?'))}]"

    def _rps(self, data: dict[str, Any]) -> str:
        result = js.text(data.get("result", ""))
        return f"[{_HANDS.get(result, 'rps')}]"

    def _json(self, data: dict[str, Any]) -> str:
        return f"[card {_card_title(js.text(data.get('data', '')))}]"

    def _markdown(self, data: dict[str, Any]) -> str:
        return f"[markdown]\n{js.text(data.get('content', ''))}"

    def _location(self, data: dict[str, Any]) -> str:
        place = js.text(data.get("title") or data.get("content") or "")
        return f"[place {place or _coordinates(data)}]"

    def _share(self, data: dict[str, Any]) -> str:
        return f"[link {js.text(data.get('title', ''))} {js.text(data.get('url', ''))}]"

    def _forward(self, data: dict[str, Any]) -> str:
        """The first messages inside, as QQ's preview has them."""
        inside = self.forwards.get(js.text(data.get("id", "")), [])
        lines = [f"[forward of {len(inside)} messages]"]
        for said in inside[:_NODES_SHOWN]:
            first = self.text(said.segments).partition("\n")[0]
            lines.append(f"  {said.nickname}: {first}")
        if len(inside) > _NODES_SHOWN:
            lines.append("  …")
        return "\n".join(lines)

    # -- notices -----------------------------------------------------------------

    def notice(self, notice: Notice) -> str:
        """What has happened, in a sentence without a full stop."""
        kind = notice.get("notice_type") or notice.get("request_type") or "event"
        if kind == "notify":
            kind = notice.get("sub_type", kind)
        tell = self._TOLD.get(js.text(kind))
        if tell is None:
            return f"{js.text(kind)} {_rest(notice)}".rstrip()
        return tell(self, notice)

    def _who(self, notice: Notice, key: str = "user_id") -> str:
        return self.name_of(int(notice.get(key) or 0))

    def _increase(self, notice: Notice) -> str:
        by = notice.get("operator_id")
        let_in = f", let in by {self._who(notice, 'operator_id')}" if by else ""
        return f"{self._who(notice)} joined{let_in}"

    def _decrease(self, notice: Notice) -> str:
        if notice["sub_type"] == "disband":
            return "the group was disbanded"
        if notice["sub_type"] == "leave":
            return f"{self._who(notice)} left"
        return f"{self._who(notice, 'operator_id')} kicked {self._who(notice)}"

    def _ban(self, notice: Notice) -> str:
        by, seconds = self._who(notice, "operator_id"), notice["duration"]
        if notice["sub_type"] == "lift_ban":
            return f"{by} unmuted {self._who(notice)}"
        period = "" if seconds < 0 else f" for {seconds} s"
        return f"{by} muted {self._who(notice)}{period}"

    def _admin(self, notice: Notice) -> str:
        now = "is now" if notice["sub_type"] == "set" else "is no longer"
        return f"{self._who(notice)} {now} an administrator"

    def _recall(self, notice: Notice) -> str:
        return f"{self._who(notice, 'operator_id')} took back a message"

    def _friend_recall(self, notice: Notice) -> str:
        return f"{self._who(notice)} took back a message"

    def _card(self, notice: Notice) -> str:
        return f"{self._who(notice)} is now called {notice['card_new']}"

    def _title(self, notice: Notice) -> str:
        return f"{self._who(notice)} was given the title {notice['title']}"

    def _group_name(self, notice: Notice) -> str:
        return f"{self._who(notice)} renamed the group {notice['name_new']}"

    def _poke(self, notice: Notice) -> str:
        who = self._who(notice, "sender_id" if "sender_id" in notice else "user_id")
        return f"{who} poked {self._who(notice, 'target_id')}"

    def _like(self, notice: Notice) -> str:
        done = "reacted" if notice["is_add"] else "took back a reaction"
        emoji = notice["likes"][0]["emoji_id"]
        return f"{self._who(notice)} {done} with {emoji}"

    def _essence(self, notice: Notice) -> str:
        return f"{self._who(notice, 'operator_id')} pinned a message"

    def _upload(self, notice: Notice) -> str:
        return f"{self._who(notice)} uploaded {notice['file']['name']}"

    def _friend_add(self, notice: Notice) -> str:
        return f"{self._who(notice)} and the bot are friends now"

    def _friend_request(self, notice: Notice) -> str:
        return f"{self._who(notice)} asks to be a friend: {notice['comment']}"

    def _group_request(self, notice: Notice) -> str:
        if notice.get("sub_type") == "invite":
            return f"{self._who(notice)} invites the bot"
        return f"{self._who(notice)} asks to be let in: {notice['comment']}"

    def _offline(self, notice: Notice) -> str:
        return f"the bot was logged off: {notice['message']}"

    _SHOWN: ClassVar[dict[str, Callable[[Any, dict[str, Any]], str]]] = {
        "text": _text,
        "at": _at,
        "face": _face,
        "image": _image,
        "record": _record,
        "video": _video,
        "file": _file,
        "dice": _dice,
        "rps": _rps,
        "json": _json,
        "markdown": _markdown,
        "location": _location,
        "share": _share,
        "forward": _forward,
    }

    _TOLD: ClassVar[dict[str, Callable[[Any, Notice], str]]] = {
        "group_increase": _increase,
        "group_decrease": _decrease,
        "group_ban": _ban,
        "group_admin": _admin,
        "group_recall": _recall,
        "friend_recall": _friend_recall,
        "group_card": _card,
        "title": _title,
        "group_name": _group_name,
        "poke": _poke,
        "group_msg_emoji_like": _like,
        "essence": _essence,
        "group_upload": _upload,
        "friend_add": _friend_add,
        "friend": _friend_request,
        "group": _group_request,
        "bot_offline": _offline,
    }


def action_text(action: object, params: Any) -> str:
    """A request in one line: its name and its parameters."""
    given = params.items() if js.is_object(params) else ()
    shown = (f"{name}={js.dumps(value)}" for name, value in given)
    return " ".join([js.text(action), *shown])


def _size(data: dict[str, Any]) -> str:
    size = js.text(data.get("file_size", ""))
    return f" {size_text(int(size))}" if size.isdigit() and int(size) else ""


def _card_title(text: str) -> str:
    try:
        card = json.loads(text)
    except ValueError:
        return text
    if not js.is_object(card):
        return ""
    return next((js.text(card[name]) for name in _CARD_TITLES if card.get(name)), "")


def _coordinates(data: dict[str, Any]) -> str:
    return f"{js.text(data.get('lat', '?'))}, {js.text(data.get('lon', '?'))}"


def _rest(notice: Notice) -> str:
    known = ("time", "self_id", "post_type", "notice_type")
    return js.dumps({k: v for k, v in notice.items() if k not in known})

