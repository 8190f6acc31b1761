"""Parameters as the bridge takes them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

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


def params(action: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """`given` without what is None, and with messages as arrays of segments."""
    messages = () if action.startswith(_PLAIN) else _MESSAGES
    return {
        key: _param(key, value, messages)
        for key, value in given.items()
        if value is not None
    }


def _param(key: str, value: Any, messages: Collection[str]) -> Any:
    if key in messages:
        return _message(value)
    if key == "operation" and isinstance(value, Mapping):
        return _operation(cast("Mapping[str, Any]", value))
    return _value(value)


def _operation(given: Mapping[str, Any]) -> dict[str, Any]:
    """What `.handle_quick_operation` is to do: to say something, among others."""
    reply = given.get("reply")
    said = {} if reply is None else {"reply": _message(reply)}
    return {**{key: _value(value) for key, value in given.items()}, **said}


def _message(value: Any) -> Any:
    # Maps that were given as segments may have messages in them: nodes do.
    return _value(Message(value).to_wire())


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
    # In a temporary chat the group is how QQ finds the other end.
    group = event.raw.get("group_id") or _sender(event).get("group_id")
    params = {"user_id": chat.id, "group_id": group or None, "message": said}
    return "send_private_msg", params


def _sender(event: Event) -> Mapping[str, Any]:
    sender = event.raw.get("sender")
    is_map = isinstance(sender, Mapping)
    return cast("Mapping[str, Any]", sender) if is_map else {}


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
