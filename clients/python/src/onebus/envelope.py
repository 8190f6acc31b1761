"""Messages of the bus, read: topic, NUL, a MessagePack map.

Sections 2 and 4 of the bus contract.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import msgpack

from . import fields
from .errors import MalformedMessage
from .event import Event, MessageEvent, Policy, UnknownEvent
from .events import CLASSES
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


class Header(NamedTuple):
    """Where a message belongs, without what it says."""

    topic: str
    epoch: str
    seq: int
    time_ms: int
    account: str


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
        raise MalformedMessage(f"an envelope is no MessagePack: {error!r}") from error
    if not isinstance(envelope, dict):
        raise MalformedMessage(f"an envelope is no map: {fields.shown(envelope)}")
    return cast("dict[str, Any]", envelope)


def header(topic: str, envelope: Mapping[str, Any]) -> Header:
    """What stands before the event; MalformedMessage if something of it does not."""
    try:
        return Header(
            topic,
            fields.text(envelope["epoch"]),
            fields.integer(envelope["seq"]),
            fields.integer(envelope["time"]),
            fields.text(envelope["account"]),
        )
    except (KeyError, fields.Unfit) as error:
        raise MalformedMessage(f"{topic}: an envelope lacks {error}") from error


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
    head = header(topic, envelope)
    raw = envelope.get("event")
    if not isinstance(raw, dict):
        raise MalformedMessage(f"{topic}: an envelope has no event")
    raw = cast("dict[str, Any]", raw)
    common: dict[str, Any] = {
        "topic": topic,
        "epoch": head.epoch,
        "seq": head.seq,
        "received_ms": head.time_ms,
        "account": head.account,
        "self_id": _integer(envelope.get("self_id"), 0),
        "peer": _text_or_none(envelope.get("peer")),
        "origin": _text(envelope.get("origin")),
        "type": _text(envelope.get("type")),
        "key": _text(envelope.get("key")),
        "time": _integer(raw.get("time"), head.time_ms // 1000),
        "replayed": replayed,
        "raw": raw,
        "envelope": envelope,
        "_bus": bus,
    }
    return _known(common, envelope, raw)


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
        values.setdefault("sender", _NOBODY)
        values["text"] = _text(envelope.get("text"))
        values["policy"] = _policy(envelope.get("policy"))
    return kind(**common, **values)


def _class_of(
    written: str, raw: Mapping[str, Any]
) -> tuple[type[Event], tuple[fields.Field, ...]] | None:
    if written.startswith("bridge."):
        return CLASSES.get(("bridge", written[7:], ""))
    post_type = raw.get("post_type")
    if not isinstance(post_type, str):
        return None
    detail = raw.get(_DETAILS.get(post_type, ""))
    if not isinstance(detail, str):
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


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _text_or_none(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _policy(policy: Any) -> Policy:
    if not isinstance(policy, dict):
        return _NO_POLICY
    policy = cast("dict[str, Any]", policy)
    tools = policy.get("tools")
    return Policy(
        allowed=policy.get("allowed") is True,
        respond=policy.get("respond") is True,
        mentioned=policy.get("mentioned") is True,
        reason=_text(policy.get("reason")),
        from_bot=policy.get("from_bot") is True,
        system_prompt=_text_or_none(policy.get("system_prompt")),
        skills=_texts(policy.get("skills")),
        tools=cast("dict[str, Any]", tools) if isinstance(tools, dict) else None,
    )


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        return ()
    items = cast("Sequence[object]", value)
    return tuple(each for each in items if isinstance(each, str))
