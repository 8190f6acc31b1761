"""Parameters as the bridge takes them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

import msgpack

from .fields import Unfit, integer
from .message import Message
from .segment import Segment
from .segments import At, Reply

if TYPE_CHECKING:
    from .event import Event
    from .message import MessageLike

#: Parameters that hold messages. A string in them is text: who wants CQ codes
#: says `Message.from_cq`, so that what strangers say can do nothing.
_MESSAGES = frozenset({"message", "messages"})
#: Actions whose `message` is a plain string, by the beginning of their names.
_PLAIN = ("set_group_kick", "kickGroupMember")
#: How MessagePack marks a float.
_FLOAT = b"\xcb"


def params(action: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """`given` without what is None, and with messages as arrays of segments."""
    messages = () if action.startswith(_PLAIN) else _MESSAGES
    return {
        key: _message(value) if key in messages else _param(key, value)
        for key, value in given.items()
        if value is not None
    }


def pack(request: Mapping[str, Any]) -> bytes:
    """A request as MessagePack; ValueError names what the bridge cannot take."""
    try:
        packed = msgpack.packb(request)
    except (TypeError, ValueError, OverflowError) as error:
        raise ValueError(_fault(request, "") or str(error)) from None
    # Only where there is a float at all is it worth to look whether it is one.
    if _FLOAT in packed and (fault := _fault(request, "")):
        raise ValueError(fault)
    return packed


def _fault(value: Any, where: str) -> str | None:
    """What of `value` cannot be sent, and where it stands."""
    if isinstance(value, dict):
        items = cast("Mapping[Any, Any]", value).items()
        inside = [(item, f"{where}.{key}".lstrip(".")) for key, item in items]
    elif isinstance(value, list):
        several = enumerate(cast("Sequence[Any]", value))
        inside = [(item, f"{where}[{n}]") for n, item in several]
    else:
        return None if _is_sendable(value) else f"{where}: {_allowed(value)}"
    return next((told for one in inside if (told := _fault(*one))), None)


def _is_sendable(value: Any) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    try:
        msgpack.packb(value)
    except (TypeError, ValueError, OverflowError):
        return False
    return True


def _allowed(value: Any) -> str:
    if isinstance(value, int):
        return f"{value}: allowed: an integer of 64 bits"
    if isinstance(value, float):
        return f"{value}: allowed: a finite number"
    if isinstance(value, str):
        return f"{value!r:.40}: allowed: text without lone surrogates"
    return (
        f"{value!r:.40}: allowed: text, numbers, True, False, None, bytes, messages,"
        " and lists and maps of these"
    )


def _message(value: Any) -> Any:
    return _value(Message(value).to_wire())


def _param(key: str, value: Any) -> Any:
    """A parameter that is no message, but may have one in it: a quick reply."""
    if key == "operation" and isinstance(value, Mapping):
        operation = cast("Mapping[str, Any]", value)
        if operation.get("reply") is not None:
            value = {**operation, "reply": _message(operation["reply"])}
    return _value(value)


def _value(value: Any) -> Any:
    if isinstance(value, (Message, Segment)):
        return value.to_wire()
    if isinstance(value, Mapping):
        items = cast("Mapping[str, Any]", value).items()
        return {key: _value(item) for key, item in items}
    if isinstance(value, (list, tuple)):
        return [_value(item) for item in cast("Sequence[Any]", value)]
    return value


def answer(
    event: Event, message: MessageLike, *, quote: bool, at: bool
) -> tuple[str, dict[str, Any]]:
    """The action that answers `event`, and its parameters."""
    chat = event.chat
    if chat is None:
        raise ValueError(f"{event.topic}: has no chat to answer in")
    said = Message(message)
    if at and chat.kind == "group":
        said = _mention(event) + said
    if quote:
        said = Reply(_quoted(event)) + said
    if chat.kind == "group":
        return "send_group_msg", {"group_id": chat.id, "message": said}
    group = _group_between(event)
    return "send_private_msg", {"user_id": chat.id, "group_id": group, "message": said}


def _group_between(event: Event) -> Any:
    """In a temporary chat the group is how QQ finds the other end."""
    sender = event.raw.get("sender")
    of_sender = sender.get("group_id") if isinstance(sender, dict) else None
    return event.raw.get("group_id") or of_sender or None


def _mention(event: Event) -> Message:
    user = event.raw.get("user_id")
    if not _is_id(user):
        raise ValueError(f"{event.topic}: comes from nobody who could be mentioned")
    return At(integer(user)) + " "


def _quoted(event: Event) -> int:
    message_id = event.raw.get("message_id")
    if not _is_id(message_id):
        raise ValueError(f"{event.topic}: is no message that could be quoted")
    return integer(message_id)


def _is_id(value: Any) -> bool:
    try:
        return integer(value) != 0
    except Unfit:
        return False
