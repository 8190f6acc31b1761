"""Messages of the bus, read: topic, NUL, a MessagePack map.

Sections 2 and 4 of the bus contract. `raw.peek` reads only what stands before the
event, for those that are not for us.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

import msgpack

from . import fields
from .errors import MalformedMessage
from .event import Event, MessageEvent, Policy, UnknownEvent, chat_of
from .events import CLASSES, GuildMessage
from .shapes import Sender

if TYPE_CHECKING:
    from .bus import Bus

#: Of these a field is the event's detail.
_DETAILS = {
    "message": "message_type",
    "message_sent": "message_type",
    "notice": "notice_type",
    "request": "request_type",
    "meta_event": "meta_event_type",
}

_NOBODY = Sender()
_NO_POLICY = Policy(allowed=True, respond=False, mentioned=False, reason="")


def split(message: bytes) -> tuple[str, bytes]:
    """Topic and envelope of a message; MalformedMessage if it has no NUL."""
    topic, nul, body = message.partition(b"\0")
    if not nul:
        raise MalformedMessage(f"a message without NUL: {message[:40]!r}")
    return topic.decode("ascii", "replace"), body


def unpack(body: bytes) -> dict[str, Any]:
    """The envelope as a map; MalformedMessage if it is none."""
    try:
        envelope = msgpack.unpackb(
            body, strict_map_key=False, unicode_errors="surrogateescape"
        )
    except Exception as error:
        raise MalformedMessage(f"an envelope is no MessagePack: {error}") from error
    if not isinstance(envelope, dict):
        raise MalformedMessage(f"an envelope is no map: {envelope!r:.40}")
    return cast("dict[str, Any]", envelope)


def decode(message: bytes, *, bus: Bus | None = None, replayed: bool = False) -> Event:
    """The event that a message tells of.

    MalformedMessage if it is no message of the bridge; an event that is merely
    unknown, or lacks something, is an `UnknownEvent`.
    """
    topic, body = split(message)
    return event_of(topic, unpack(body), bus=bus, replayed=replayed)


def event_of(
    topic: str,
    envelope: Mapping[str, Any],
    *,
    bus: Bus | None = None,
    replayed: bool = False,
) -> Event:
    """The event of an envelope; `decode` says what is raised."""
    raw = envelope.get("event")
    if not isinstance(raw, dict):
        raise MalformedMessage(f"{topic}: an envelope has no event")
    raw = cast("dict[str, Any]", raw)
    head = _head(topic, envelope)
    common: dict[str, Any] = {
        **head,
        "topic": topic,
        "self_id": _integer(envelope.get("self_id"), 0),
        "peer": envelope.get("peer"),
        "origin": envelope.get("origin", ""),
        "type": envelope.get("type", ""),
        "key": envelope.get("key", ""),
        "time": _integer(raw.get("time"), head["received_ms"] // 1000),
        "replayed": replayed,
        "raw": raw,
        "envelope": envelope,
        "_bus": bus,
    }
    return _known(common, envelope, raw)


def _head(topic: str, envelope: Mapping[str, Any]) -> dict[str, Any]:
    """Which event it is; the bridge gives all of this."""
    try:
        return {
            "epoch": fields.text(envelope["epoch"]),
            "seq": fields.integer(envelope["seq"]),
            "received_ms": fields.integer(envelope["time"]),
            "account": fields.text(envelope["account"]),
        }
    except (KeyError, fields.Unfit) as error:
        raise MalformedMessage(f"{topic}: an envelope lacks {error}") from error


def _known(
    common: dict[str, Any], envelope: Mapping[str, Any], raw: Mapping[str, Any]
) -> Event:
    known = _class_of(common["type"], raw)
    if known is None:
        return UnknownEvent(**common, reason=f"no known type: {common['type']}")
    kind, own = known
    try:
        values = fields.read(raw, own)
    except fields.Unfit as unfit:
        return UnknownEvent(**common, reason=str(unfit))
    if issubclass(kind, MessageEvent):
        if not issubclass(kind, GuildMessage) and chat_of(common["topic"]) is None:
            return UnknownEvent(**common, reason="a message that is in no chat")
        values.setdefault("sender", _NOBODY)
        values["text"] = envelope.get("text", "")
        values["policy"] = _policy(envelope.get("policy"))
    return kind(**common, **values)


def _class_of(
    written: str, raw: Mapping[str, Any]
) -> tuple[type[Event], tuple[fields.Field, ...]] | None:
    if written.startswith("bridge."):
        return CLASSES.get(("bridge", written[7:], ""))
    post_type = raw.get("post_type")
    detail = raw.get(_DETAILS.get(post_type, "")) if isinstance(post_type, str) else None
    if not isinstance(post_type, str) or not isinstance(detail, str):
        return None
    found = CLASSES.get((post_type, detail, ""))
    if found is None and isinstance(raw.get("sub_type"), str):
        found = CLASSES.get((post_type, detail, raw["sub_type"]))
    return found


def _integer(value: Any, default: int) -> int:
    try:
        return fields.integer(value)
    except fields.Unfit:
        return default


def _policy(policy: Any) -> Policy:
    if not isinstance(policy, dict):
        return _NO_POLICY
    policy = cast("dict[str, Any]", policy)
    return Policy(
        allowed=policy.get("allowed") is True,
        respond=policy.get("respond") is True,
        mentioned=policy.get("mentioned") is True,
        reason=str(policy.get("reason", "")),
        from_bot=policy.get("from_bot") is True,
        system_prompt=policy.get("system_prompt"),
        skills=tuple(policy.get("skills", ())),
        tools=policy.get("tools"),
    )
