"""Event frames in the shape and key order of NapCat.

Builders return dicts whose insertion order is the order on the wire.  `time`
is Unix seconds, durations are seconds unless a name says otherwise.
"""

from __future__ import annotations

from typing import Any, Literal

from . import cq
from .model import JoinRequest, Message, MessageFormat, Notice

FONT = 14
"""NapCat writes this constant into every message."""

_NUDGE_IMAGE = "http://tianquan.gtimg.cn/nudgeaction/item/0/expression.jpg"
_NUDGE_PAGE = "https://zb.vip.qq.com/v2/pages/nudgeMall?_wv=2&actionId=0"


def message(self_id: int, said: Message, form: MessageFormat) -> dict[str, Any]:
    """`message`, or `message_sent` when the bot said it (`api/msg.ts`)."""
    own = said.sender_id == self_id
    frame: dict[str, Any] = {
        "self_id": self_id,
        "user_id": said.sender_id,
        "time": said.time,
        "message_id": said.message_id,
        "message_seq": said.message_id,
        "real_id": said.message_id,
        "real_seq": str(said.real_seq),
        "message_type": said.chat.kind,
        "sender": _sender(said),
        # Cut at both ends by JavaScript's trim(); str.strip() would also eat
        # the separators U+001C..U+001F.
        "raw_message": cq.encode(said.segments).strip(_JS_BLANKS),
        "font": FONT,
        "sub_type": _sub_type(said),
    }
    frame["message"] = said.segments if form == "array" else frame["raw_message"]
    frame["message_format"] = form
    frame["post_type"] = "message_sent" if own else "message"
    if own:
        frame["message_sent_type"] = "self"
    return frame | _place(said, own)


_JS_BLANKS = (
    "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007"
    "\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
)


def _sender(said: Message) -> dict[str, Any]:
    sender: dict[str, Any] = {
        "user_id": said.sender_id,
        "nickname": said.nickname,
        "card": said.card,
    }
    if said.role is not None:
        sender["role"] = said.role
    return sender


def _sub_type(said: Message) -> str:
    if said.chat.kind == "group":
        return "normal"
    return "friend" if said.temporary_group is None else "group"


def _place(said: Message, own: bool) -> dict[str, Any]:
    """The trailing keys that tell the chat."""
    if said.chat.kind == "group":
        group = {"group_id": said.chat.peer_id, "group_name": said.group_name}
        return group | ({"target_id": said.chat.peer_id} if own else {})
    if said.temporary_group is None:
        return {"target_id": said.chat.peer_id}
    return {
        "group_id": said.temporary_group,
        "temp_source": 0,
        "target_id": said.chat.peer_id,
    }


def lifecycle(time: int, self_id: int) -> Notice:
    """`meta_event` / `lifecycle` / `connect`, the first frame of a link."""
    return _head(time, self_id, "meta_event") | {
        "meta_event_type": "lifecycle",
        "sub_type": "connect",
    }


def heartbeat(
    time: int, self_id: int, interval_ms: int, *, online: bool = True
) -> Notice:
    """`meta_event` / `heartbeat`; `interval_ms` repeats the setting."""
    return _head(time, self_id, "meta_event") | {
        "meta_event_type": "heartbeat",
        "status": {"online": online, "good": True},
        "interval": interval_ms,
    }


def notice(time: int, self_id: int, notice_type: str, **fields: Any) -> Notice:
    """A notice with `fields` behind `notice_type`, in the order given."""
    return _head(time, self_id, "notice") | {"notice_type": notice_type} | fields


def _head(time: int, self_id: int, post_type: str) -> Notice:
    return {"time": time, "self_id": self_id, "post_type": post_type}


def _group_notice(
    time: int,
    self_id: int,
    group_id: int,
    user_id: int,
    notice_type: str,
    **fields: Any,
) -> Notice:
    """NapCat's group notices have `group_id` and `user_id` before the type."""
    head = _head(time, self_id, "notice") | {"group_id": group_id, "user_id": user_id}
    return head | {"notice_type": notice_type} | fields


def group_upload(
    time: int, self_id: int, group_id: int, user_id: int, file: dict[str, Any]
) -> Notice:
    """`file`: {"id": str, "name": str, "size": bytes, "busid": int}."""
    return _group_notice(time, self_id, group_id, user_id, "group_upload", file=file)


def group_admin(
    time: int, self_id: int, group_id: int, user_id: int, *, on: bool
) -> Notice:
    """A member became or is no longer an administrator."""
    sub_type = "set" if on else "unset"
    return _group_notice(
        time, self_id, group_id, user_id, "group_admin", sub_type=sub_type
    )


def group_decrease(
    time: int,
    self_id: int,
    group_id: int,
    user_id: int,
    operator_id: int,
    sub_type: Literal["leave", "kick", "kick_me", "disband"],
) -> Notice:
    """Somebody left; `operator_id` is 0 when nobody made them."""
    return _group_notice(
        time,
        self_id,
        group_id,
        user_id,
        "group_decrease",
        sub_type=sub_type,
        operator_id=operator_id,
    )


def group_increase(
    time: int,
    self_id: int,
    group_id: int,
    user_id: int,
    operator_id: int,
    sub_type: Literal["approve", "invite"],
) -> Notice:
    """Somebody joined."""
    return _group_notice(
        time,
        self_id,
        group_id,
        user_id,
        "group_increase",
        operator_id=operator_id,
        sub_type=sub_type,
    )


def group_ban(
    time: int,
    self_id: int,
    group_id: int,
    user_id: int,
    operator_id: int,
    duration: int,
) -> Notice:
    """`user_id` 0 is the whole group, then `duration` is -1; 0 lifts."""
    return _group_notice(
        time,
        self_id,
        group_id,
        user_id,
        "group_ban",
        operator_id=operator_id,
        duration=duration,
        sub_type="ban" if duration else "lift_ban",
    )


def group_recall(
    time: int,
    self_id: int,
    group_id: int,
    user_id: int,
    operator_id: int,
    message_id: int,
) -> Notice:
    """`user_id` wrote the message, `operator_id` took it back."""
    return _group_notice(
        time,
        self_id,
        group_id,
        user_id,
        "group_recall",
        operator_id=operator_id,
        message_id=message_id,
    )


def group_card(
    time: int, self_id: int, group_id: int, user_id: int, new: str, old: str
) -> Notice:
    """A changed card, found when the member speaks."""
    return _group_notice(
        time, self_id, group_id, user_id, "group_card", card_new=new, card_old=old
    )


def essence(
    time: int,
    self_id: int,
    group_id: int,
    sender_id: int,
    operator_id: int,
    message_id: int,
) -> Notice:
    """A message was made an essence message."""
    return _group_notice(
        time,
        self_id,
        group_id,
        sender_id,
        "essence",
        message_id=message_id,
        sender_id=sender_id,
        operator_id=operator_id,
        sub_type="add",
    )


def emoji_like(
    time: int,
    self_id: int,
    group_id: int,
    user_id: int,
    message_id: int,
    emoji_id: str,
    count: int,
    *,
    added: bool,
) -> Notice:
    """A reaction to a message; `count` is how many have it now."""
    return _group_notice(
        time,
        self_id,
        group_id,
        user_id,
        "group_msg_emoji_like",
        message_id=message_id,
        likes=[{"emoji_id": emoji_id, "count": count}],
        is_add=added,
    )


def title(time: int, self_id: int, group_id: int, user_id: int, text: str) -> Notice:
    """A member got a special title."""
    return _group_notice(
        time, self_id, group_id, user_id, "notify", sub_type="title", title=text
    )


def group_name(
    time: int, self_id: int, group_id: int, user_id: int, name: str
) -> Notice:
    """The group got a new name."""
    return _group_notice(
        time, self_id, group_id, user_id, "notify", sub_type="group_name", name_new=name
    )


def friend_add(time: int, self_id: int, user_id: int) -> Notice:
    """Somebody became a friend."""
    return notice(time, self_id, "friend_add", user_id=user_id)


def friend_recall(time: int, self_id: int, user_id: int, message_id: int) -> Notice:
    """`user_id` wrote the message, so it is the bot for the bot's own."""
    return notice(
        time, self_id, "friend_recall", user_id=user_id, message_id=message_id
    )


def group_poke(
    time: int, self_id: int, group_id: int, user_id: int, target_id: int
) -> Notice:
    """`user_id` poked `target_id` in a group."""
    return notice(
        time,
        self_id,
        "notify",
        sub_type="poke",
        target_id=target_id,
        user_id=user_id,
        group_id=group_id,
        raw_info=_poke_info(user_id, target_id),
    )


def friend_poke(
    time: int, self_id: int, peer_id: int, sender_id: int, target_id: int
) -> Notice:
    """`sender_id` poked; `user_id` on the wire is the peer of the chat."""
    return notice(
        time,
        self_id,
        "notify",
        sub_type="poke",
        target_id=target_id,
        user_id=peer_id,
        raw_info=_poke_info(sender_id, target_id),
        sender_id=sender_id,
    )


def bot_offline(time: int, self_id: int, *, tag: str, message: str) -> Notice:
    """QQ has logged the account off."""
    return notice(
        time, self_id, "bot_offline", user_id=self_id, tag=tag, message=message
    )


def _poke_info(sender_id: int, target_id: int) -> list[dict[str, str]]:
    """The pieces of the grey line QQ shows for a poke."""
    return [
        {"col": "1", "nm": "", "type": "qq", "uid": uid(sender_id)},
        {"jp": _NUDGE_PAGE, "src": _NUDGE_IMAGE, "type": "img"},
        {"txt": "戳了戳", "type": "nor"},
        {"col": "1", "nm": "", "tp": "0", "type": "qq", "uid": uid(target_id)},
        {"txt": "", "type": "nor"},
    ]


def uid(user_id: int) -> str:
    """The text by which the QQ client knows an account: ``u_`` and 22 signs."""
    return f"u_{user_id:022d}"


def request(time: int, self_id: int, asked: JoinRequest) -> Notice:
    """A friend or group request."""
    head = _head(time, self_id, "request")
    if asked.group_id is None:
        head |= {"request_type": "friend"}
    else:
        head |= {"request_type": "group", "group_id": asked.group_id}
    head |= {"user_id": asked.user_id, "comment": asked.comment, "flag": asked.flag}
    return head if asked.sub_type is None else head | {"sub_type": asked.sub_type}
