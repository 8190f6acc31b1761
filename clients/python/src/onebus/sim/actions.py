"""The actions the simulator plays: name -> function over the world.

`perform` is the whole of it: check the parameters as NapCat does, run the
handler, give its data.  What a handler changes shows in the world's events.
Texts of failures are NapCat's where its source has them.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from . import cq, events, js
from .cq import Segment
from .model import Chat, Group, GroupFile, Member, Message, MessageFormat
from .params import (
    Param,
    SchemaError,
    anything,
    boolean,
    boolean_or_text,
    number,
    number_or_text,
    parse,
    table,
    text,
    text_or_null,
    texts,
)
from .world import Refused, World

APP_NAME = "NapCat.Onebot"
APP_VERSION = "4.8.0"
PROTOCOL_VERSION = "v11"

FAILED = 1200
BAD_REQUEST = 1400
UNKNOWN_ACTION = 1404


class ActionFailed(Exception):
    """An answer with status `failed`."""

    def __init__(self, wording: str, retcode: int = FAILED) -> None:
        super().__init__(wording)
        self.wording = wording
        self.retcode = retcode


class _Sentinel:
    """A result that is no JSON value."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __repr__(self) -> str:
        return self._name


ABSENT: Final = _Sentinel("ABSENT")
"""The handler gives nothing: the answer has no key `data`."""

NO_ANSWER: Final = _Sentinel("NO_ANSWER")
"""The request is never answered."""


@dataclass(frozen=True)
class Stream:
    """Several answers with one echo (`stream` is `stream-action`).

    With an `error` the row ends in a failure with that wording.
    """

    packets: tuple[dict[str, Any], ...]
    error: str | None = None


@dataclass(frozen=True)
class Call:
    """What a handler is given."""

    world: World
    params: dict[str, Any]
    message_format: MessageFormat = "array"

    def account(self, name: str = "user_id") -> int:
        """The parameter as an account or group number, -1 when it is none."""
        digits = js.text(self.params.get(name, ""))
        return int(digits) if digits.isascii() and digits.isdigit() else -1

    @property
    def group_id(self) -> int:
        """The parameter `group_id`."""
        return self.account("group_id")

    def text(self, name: str) -> str:
        """The parameter as text, empty when it is missing."""
        return js.text(self.params.get(name, ""))

    def said(self, missing: str) -> Message:
        """The message of `message_id`; `missing` is the text of the failure."""
        said = self.world.message(self.account("message_id"))
        if said is None:
            raise Refused(missing)
        return said

    def shown(self, said: Message) -> dict[str, Any]:
        """The message as an event frame in the form the link asks for."""
        return events.message(self.world.self_id, said, self.message_format)


Handler = Callable[[Call], Any]


@dataclass(frozen=True)
class Action:
    """A handler and its schema; None leaves all checking to the handler."""

    handler: Handler
    schema: tuple[Param, ...] | None


ACTIONS: Final[dict[str, Action]] = {}

_GROUP = Param("group_id", text)
_USER = Param("user_id", text)
_MESSAGE_ID = Param("message_id", number_or_text)
_NO_CACHE = Param("no_cache", boolean_or_text, optional=True)


def _action(
    *names: str, schema: tuple[Param, ...] | None = ()
) -> Callable[[Handler], Handler]:
    def register(handler: Handler) -> Handler:
        for name in names:
            ACTIONS[name] = Action(handler, schema)
        return handler

    return register


def find(name: object) -> Action | None:
    """The action of that name.

    NapCat serves each name with `_async` and `_rate_limited` behind it too,
    by the plain handler.
    """
    if not isinstance(name, str):
        return None
    for suffix in ("", "_async", "_rate_limited"):
        if name.endswith(suffix):
            action = ACTIONS.get(name.removesuffix(suffix))
            if action is not None:
                return action
    return None


def perform(
    world: World, name: object, params: Any, message_format: MessageFormat = "array"
) -> Any:
    """Do what the request asks and give the answer's `data`.

    May also give ABSENT, NO_ANSWER or a Stream.  Raises ActionFailed.
    """
    action = find(name)
    if action is None:
        shown = "undefined" if name is None else js.text(name)
        raise ActionFailed(f"不支持的Api {shown}", UNKNOWN_ACTION)
    try:
        checked = params if action.schema is None else parse(params, action.schema)
        return action.handler(Call(world, checked, message_format))
    except SchemaError as error:
        raise ActionFailed(f"Schema compilation error: {error}", BAD_REQUEST) from None
    except Refused as refusal:
        raise ActionFailed(str(refusal)) from None


# -- sending ----------------------------------------------------------------

_SENDABLE = frozenset(
    "text face image record video file at reply rps dice contact music json "
    "markdown mface location forward".split()
)
_DROPPED = frozenset("xml poke miniapp onlinefile flashtransfer".split())
_MEDIA = frozenset({"image", "record", "video", "file"})


def _send(call: Call, mode: str) -> Any:
    """The three senders.  `mode`: `group`, `private`, or empty for either.

    They skip the schema.  Without a message NapCat's check throws outside of
    its guard, and no answer ever comes (`action/msg/SendMsg.ts`).
    """
    params = call.params if isinstance(call.params, dict) else {}
    call = Call(call.world, params, call.message_format)
    message = params.get("message")
    if message is None or (isinstance(message, list) and None in message):
        return NO_ANSWER
    segments = cq.segments_of(message, auto_escape=_is_true(params.get("auto_escape")))
    nodes = [s for s in segments if isinstance(s, dict) and s.get("type") == "node"]
    if nodes and len(nodes) != len(segments):
        raise ActionFailed(
            "转发消息不能和普通消息混在一起发送,转发需要保证message只有type为node的元素",
            BAD_REQUEST,
        )
    chat, from_group = _target(call, js.text(params.get("message_type") or mode))
    if nodes:
        return _send_forward(call, chat, from_group)
    sent = _say(call.world, chat, from_group, _sendable(segments, chat))
    return {"message_id": sent.message_id}


def _is_true(value: object) -> bool:
    """A flag that may be text, where only the text `true` is true."""
    return value == "true" if isinstance(value, str) else js.truthy(value)


def _target(call: Call, mode: str) -> tuple[Chat, int | None]:
    """Where a message goes, and the group of a temporary chat."""
    params = call.params
    if mode != "private" and js.truthy(params.get("group_id")):
        return Chat("group", call.group_id), None
    if mode != "group" and js.truthy(params.get("user_id")):
        return _private_target(call)
    if mode == "private" and js.truthy(params.get("group_id")):
        raise Refused("当前私聊发送,请指定 user_id 而不是 group_id")
    if mode == "group" and js.truthy(params.get("user_id")):
        raise Refused("当前群聊发送,请指定 group_id 而不是 user_id")
    raise Refused("请指定正确的 group_id 或 user_id")


def _private_target(call: Call) -> tuple[Chat, int | None]:
    user_id, world = call.account(), call.world
    if user_id in world.friends or user_id == world.self_id:
        return Chat("private", user_id), None
    if world.nickname_of(user_id) is None:
        if js.truthy(call.params.get("group_id")):
            # So it is: to an account nobody knows, NapCat writes in public.
            return Chat("group", call.group_id), None
        raise Refused("无法获取用户信息")
    shared = next(g.group_id for g in world.groups.values() if user_id in g.members)
    given = call.group_id
    return Chat("private", user_id), given if given in world.groups else shared


def _say(
    world: World, chat: Chat, from_group: int | None, segments: list[Segment]
) -> Message:
    """The bot speaks."""
    if chat.kind == "group":
        world.check_may_speak(chat.peer_id)
        return world.say_in_group(chat.peer_id, world.self_id, segments)
    return world.say_privately(
        chat.peer_id, segments, sender_id=world.self_id, from_group=from_group
    )


def _sendable(segments: list[Any], chat: Chat) -> list[Segment]:
    """What is left of a message once NapCat has turned it into QQ elements."""
    kept = [_received(segment) for segment in segments if _is_kept(segment, chat)]
    if not kept:
        raise Refused("消息体无法解析, 请检查是否发送了不支持的消息类型")
    return kept


def _is_kept(segment: Any, chat: Chat) -> bool:
    kind = segment.get("type") if isinstance(segment, dict) else None
    if kind in _DROPPED or (kind == "at" and chat.kind == "private"):
        return False
    if kind not in _SENDABLE:
        raise Refused(
            f"未知的消息类型：{'undefined' if kind is None else js.text(kind)}"
        )
    data = _data(segment)
    if kind == "face":
        return js.text(data.get("id")).isdigit()
    return kind != "text" or js.text(data.get("text") or "") != ""


def _data(segment: Segment) -> dict[str, Any]:
    data = segment.get("data")
    return data if isinstance(data, dict) else {}


def _received(segment: Segment) -> Segment:
    """A sent segment as events and histories show it: ids are text."""
    kind, data = segment["type"], _data(segment)
    if kind in _MEDIA:
        return {"type": kind, "data": _media(kind, data)}
    if kind in ("at", "reply", "face", "text"):
        key = {"at": "qq", "reply": "id", "face": "id", "text": "text"}[kind]
        return {"type": kind, "data": {key: js.text(data.get(key, ""))}}
    return {"type": kind, "data": data}


def _media(kind: str, data: dict[str, Any]) -> dict[str, Any]:
    """QQ stores media under names of its own and gives an address for them."""
    source = js.text(data.get("url") or data.get("file") or data.get("path") or "")
    if not source:
        raise Refused(f"识别URL失败, uri= {source}")
    name = js.text(data.get("name") or _file_name(source, kind))
    head: dict[str, Any] = {"summary": js.text(data.get("summary") or "")}
    body: dict[str, Any] = {"file": name}
    if kind == "image":
        body = head | body | {"sub_type": 0}
    address = f"https://multimedia.nt.qq.com.cn/download?fileid={name}"
    return body | {"url": address, "file_size": str(_byte_count(source))}


def _file_name(source: str, kind: str) -> str:
    if source.startswith(("base64://", "data:")):
        checksum = binascii.crc32(source.encode("utf-8", "replace"))
        return f"{checksum:08X}.{kind}"
    return source.partition("?")[0].rstrip("/").rpartition("/")[2] or f"0.{kind}"


def _byte_count(source: str) -> int:
    """The size in bytes, known only when the data is in the request itself."""
    if not source.startswith(("base64://", "data:")):
        return 0
    encoded = source.removeprefix("base64://").rpartition(",")[2]
    try:
        return len(base64.b64decode(encoded))
    except ValueError:
        raise Refused("base64 decode failed") from None


@_action("send_msg", schema=None)
def _send_msg(call: Call) -> Any:
    return _send(call, "")


@_action("send_group_msg", schema=None)
def _send_group_msg(call: Call) -> Any:
    return _send(call, "group")


@_action("send_private_msg", schema=None)
def _send_private_msg(call: Call) -> Any:
    return _send(call, "private")


@_action(
    "send_forward_msg",
    "send_group_forward_msg",
    "send_private_forward_msg",
    schema=None,
)
def _forward_sender(call: Call) -> Any:
    params = call.params if isinstance(call.params, dict) else {}
    nodes = params.get("messages", params.get("message"))
    if nodes is None or (isinstance(nodes, list) and None in nodes):
        return NO_ANSWER
    chat, from_group = _target(Call(call.world, params), "")
    return _send_forward(call, chat, from_group)


def _send_forward(call: Call, chat: Chat, from_group: int | None) -> dict[str, Any]:
    """A merged forward is one message; its id doubles as the resource's."""
    segment: Segment = {"type": "forward", "data": {}}
    sent = _say(call.world, chat, from_group, [segment])
    resource = f"sim-forward-{sent.message_id}"
    segment["data"]["id"] = resource
    return {"message_id": sent.message_id, "res_id": resource, "forward_id": resource}


# -- messages ---------------------------------------------------------------


@_action("delete_msg", schema=(_MESSAGE_ID,))
def _delete_msg(call: Call) -> None:
    said = call.said("Recall failed")
    if said.recalled or not _may_recall(call.world, said):
        raise Refused("Recall failed")
    call.world.recall(said.message_id, call.world.self_id)


def _may_recall(world: World, said: Message) -> bool:
    if said.sender_id == world.self_id:
        return True
    return said.chat.kind == "group" and _outranks(
        world.own_role(said.chat.peer_id), said.role
    )


def _outranks(role: str | None, other: str | None) -> bool:
    ranks = {"owner": 2, "admin": 1}
    return ranks.get(role or "", 0) > ranks.get(other or "", 0)


@_action("get_msg", schema=(_MESSAGE_ID,))
def _get_msg(call: Call) -> dict[str, Any]:
    said = call.said("消息不存在")
    if said.recalled:
        raise Refused("消息不存在或已被撤回")
    likes = [
        {"emoji_id": emoji, "emoji_type": "1", "likes_cnt": str(len(accounts))}
        for emoji, accounts in said.reactions.items()
        if accounts
    ]
    return call.shown(said) | {"emoji_likes_list": likes}


_HISTORY = (
    Param("message_seq", text, optional=True),
    Param("count", number, default=20),
    Param("reverse_order", boolean, default=False),
    Param("disable_get_url", boolean, default=False),
    Param("parse_mult_msg", boolean, default=True),
    Param("quick_reply", boolean, default=False),
    Param("reverseOrder", boolean, default=False),
)


@_action("get_group_msg_history", schema=(_GROUP, *_HISTORY))
def _get_group_msg_history(call: Call) -> dict[str, Any]:
    return _history(call, Chat("group", call.group_id))


@_action("get_friend_msg_history", schema=(_USER, *_HISTORY))
def _get_friend_msg_history(call: Call) -> dict[str, Any]:
    return _history(call, Chat("private", call.account()))


def _history(call: Call, chat: Chat) -> dict[str, Any]:
    said = call.world.history(chat)
    count = max(int(call.params["count"]), 0)
    start = call.text("message_seq")
    if start in ("", "0"):
        said = said[-count:] if count else []
    else:
        said = _around(said, start, count, _backwards(call))
    if not said:
        raise Refused(f"消息{start or 'undefined'}不存在")
    return {"messages": [call.shown(message) for message in said]}


def _backwards(call: Call) -> bool:
    return bool(call.params["reverse_order"] or call.params["reverseOrder"])


def _around(
    said: list[Message], start: str, count: int, backwards: bool
) -> list[Message]:
    """`count` messages from the one with id `start` on, or up to it."""
    places = [i for i, message in enumerate(said) if str(message.message_id) == start]
    if not places:
        return []
    place = places[0]
    if backwards:
        return said[max(place + 1 - count, 0) : place + 1]
    return said[place : place + count]


@_action(
    "mark_msg_as_read",
    "mark_private_msg_as_read",
    "mark_group_msg_as_read",
    schema=(
        Param("user_id", number_or_text, optional=True),
        Param("group_id", number_or_text, optional=True),
        Param("message_id", number_or_text, optional=True),
    ),
)
def _mark_msg_as_read(_call: Call) -> None:
    return None


@_action("_mark_all_as_read")
def _mark_all_as_read(_call: Call) -> None:
    return None


@_action(
    "set_msg_emoji_like",
    schema=(
        _MESSAGE_ID,
        Param("emoji_id", number_or_text),
        Param("set", boolean_or_text, optional=True),
    ),
)
def _set_msg_emoji_like(call: Call) -> dict[str, Any]:
    said = call.said("msg not found")
    call.world.react(
        said.message_id,
        call.world.self_id,
        call.text("emoji_id"),
        on=_is_true(call.params.get("set", True)),
    )
    return _kernel_result()


def _kernel_result() -> dict[str, Any]:
    """What the QQ client gives for a success, handed on as it is."""
    return {"result": 0, "errMsg": ""}


@_action("set_essence_msg", schema=(_MESSAGE_ID,))
def _set_essence_msg(call: Call) -> dict[str, Any]:
    said = call.said("msg not found")
    call.world.make_essence(said.message_id, call.world.self_id)
    return _kernel_result()


@_action("can_send_image", "can_send_record")
def _can_send(_call: Call) -> dict[str, bool]:
    return {"yes": True}


@_action(
    "send_poke",
    "group_poke",
    "friend_poke",
    schema=(
        Param("group_id", text, optional=True),
        _USER,
        Param("target_id", text, optional=True),
    ),
)
def _send_poke(call: Call) -> Any:
    """`target_id` wins over `user_id`; a group makes it a group poke."""
    target = call.account("target_id" if call.text("target_id") else "user_id")
    group_id = call.group_id if call.text("group_id") else None
    if group_id is not None and group_id not in call.world.groups:
        raise Refused("sendPacket failed")
    call.world.poke(call.world.self_id, target, group_id=group_id)
    return ABSENT


# -- administration ---------------------------------------------------------


@_action(
    "set_group_kick",
    schema=(_GROUP, _USER, Param("reject_add_request", boolean_or_text, optional=True)),
)
def _set_group_kick(call: Call) -> None:
    _known_account(call, call.account(), "get Uid Error")
    _kick(call, call.account())


@_action(
    "set_group_kick_members",
    schema=(
        _GROUP,
        Param("user_id", texts),
        Param("reject_add_request", boolean_or_text, optional=True),
    ),
)
def _set_group_kick_members(call: Call) -> None:
    for user_id in call.params["user_id"]:
        _kick(call, int(user_id) if user_id.isdigit() else -1)


def _kick(call: Call, user_id: int) -> None:
    """NapCat does not look at the result, so a refusal is answered `ok` too."""
    group = call.world.groups.get(call.group_id)
    target = group.members.get(user_id) if group else None
    if target and _outranks(call.world.own_role(call.group_id), target.role):
        call.world.kick(call.group_id, user_id, call.world.self_id)


def _known_account(call: Call, user_id: int, wording: str) -> None:
    if call.world.nickname_of(user_id) is None:
        raise Refused(wording)


@_action(
    "set_group_ban",
    schema=(_GROUP, _USER, Param("duration", number_or_text, default=0)),
)
def _set_group_ban(call: Call) -> None:
    """Without `duration` the mute is lifted: 0 is filled in."""
    world, user_id = call.world, call.account()
    _known_account(call, user_id, "uid error")
    group = world.groups.get(call.group_id)
    member = group.members.get(user_id) if group else None
    if member is None:
        raise Refused("user not in group")
    if member.role == "owner":
        raise Refused("cannot ban owner")
    own_role = world.own_role(call.group_id)
    if member.role == "admin" and own_role != "owner":
        raise Refused("cannot ban admin")
    if own_role == "member":
        raise Refused("ERR_NOT_GROUP_ADMIN")
    duration = number(call.params["duration"])
    world.ban(call.group_id, user_id, int(duration), world.self_id)


@_action(
    "set_group_whole_ban",
    schema=(_GROUP, Param("enable", boolean_or_text, optional=True)),
)
def _set_group_whole_ban(call: Call) -> None:
    if call.world.own_role(call.group_id) in (None, "member"):
        raise Refused("SetGroupWholeBan failed: ERR_NOT_GROUP_ADMIN 120101005")
    enable = call.text("enable") != "false"
    call.world.ban_all(call.group_id, call.world.self_id, on=enable)


@_action(
    "set_group_admin",
    schema=(_GROUP, _USER, Param("enable", boolean_or_text, optional=True)),
)
def _set_group_admin(call: Call) -> None:
    """Only an owner can; NapCat answers `ok` to others as well.

    Without `enable` the member loses the role.
    """
    _known_account(call, call.account(), "get Uid Error")
    group = call.world.groups.get(call.group_id)
    if group and call.account() in group.members and _owned(call):
        enable = _is_true(call.params.get("enable", False))
        call.world.set_admin(call.group_id, call.account(), on=enable)


def _owned(call: Call) -> bool:
    return call.world.own_role(call.group_id) == "owner"


@_action("set_group_card", schema=(_GROUP, _USER, Param("card", text, optional=True)))
def _set_group_card(call: Call) -> None:
    member = _member(call)
    own = member.user_id == call.world.self_id
    if not own and call.world.own_role(call.group_id) == "member":
        raise Refused("设置群名片未生效")
    call.world.set_card(call.group_id, member.user_id, call.text("card"))


@_action("set_group_name", schema=(_GROUP, Param("group_name", text)))
def _set_group_name(call: Call) -> None:
    if call.group_id not in call.world.groups:
        raise Refused("设置群名称失败 ErrCode: 110 ErrMsg: ")
    call.world.rename_group(call.group_id, call.text("group_name"), call.world.self_id)


@_action(
    "set_group_special_title",
    schema=(_GROUP, _USER, Param("special_title", text, default="")),
)
def _set_group_special_title(call: Call) -> Any:
    """Only an owner can; NapCat does not look at the result."""
    _known_account(call, call.account(), "User not found")
    if _owned(call):
        title = call.text("special_title")
        call.world.set_title(call.group_id, call.account(), title)
    return ABSENT


@_action(
    "set_group_leave",
    schema=(_GROUP, Param("is_dismiss", boolean_or_text, optional=True)),
)
def _set_group_leave(call: Call) -> None:
    if call.group_id in call.world.groups:
        call.world.leave(call.group_id, call.world.self_id)


@_action(
    "set_group_add_request",
    schema=(
        Param("flag", text),
        Param("approve", boolean_or_text, optional=True),
        Param("reason", text_or_null, optional=True),
        Param("count", number, default=100),
    ),
)
def _set_group_add_request(call: Call) -> None:
    call.world.settle_group(call.text("flag"), approve=_approves(call))


def _approves(call: Call) -> bool:
    return call.text("approve") != "false"


# -- groups and people ------------------------------------------------------


def _member(call: Call) -> Member:
    group = call.world.groups.get(call.group_id)
    member = group.members.get(call.account()) if group else None
    if member is None:
        raise Refused(f"群({call.text('group_id')})成员{call.text('user_id')}不存在")
    return member


def _group(call: Call) -> Group:
    group = call.world.groups.get(call.group_id)
    if group is None:
        raise Refused(f"群({call.text('group_id')})不存在")
    return group


def _group_data(group: Group) -> dict[str, Any]:
    return {
        "group_all_shut": -1 if group.whole_ban else 0,
        "group_remark": group.remark,
        "group_id": group.group_id,
        "group_name": group.name,
        "member_count": len(group.members),
        "max_member_count": group.max_members,
    }


def _member_data(group_id: int, member: Member) -> dict[str, Any]:
    return {
        "group_id": group_id,
        "user_id": member.user_id,
        "nickname": member.nickname,
        "card": member.card,
        "sex": "unknown",
        "age": 0,
        "area": "",
        "level": "1",
        "qq_level": 0,
        "join_time": member.join_time,
        "last_sent_time": member.last_sent_time,
        "title_expire_time": 0,
        "unfriendly": False,
        "card_changeable": True,
        "is_robot": False,
        "shut_up_timestamp": member.banned_until,
        "role": member.role,
        "title": member.title,
    }


@_action("get_group_list", schema=(_NO_CACHE,))
def _get_group_list(call: Call) -> list[dict[str, Any]]:
    return [_group_data(group) for group in call.world.groups.values()]


@_action("get_group_info", schema=(_GROUP,))
def _get_group_info(call: Call) -> dict[str, Any]:
    return _group_data(_group(call))


@_action("get_group_member_list", schema=(_GROUP, _NO_CACHE))
def _get_group_member_list(call: Call) -> list[dict[str, Any]]:
    group = _group(call)
    return [_member_data(group.group_id, member) for member in group.members.values()]


@_action("get_group_member_info", schema=(_GROUP, _USER, _NO_CACHE))
def _get_group_member_info(call: Call) -> dict[str, Any]:
    return _member_data(call.group_id, _member(call))


@_action("get_friend_list", schema=(_NO_CACHE,))
def _get_friend_list(call: Call) -> list[dict[str, Any]]:
    return [
        {
            "user_id": friend.user_id,
            "age": 0,
            "category_id": 0,
            "nickname": friend.nickname,
            "remark": friend.remark,
            "sex": "unknown",
            "level": 0,
        }
        for friend in call.world.friends.values()
    ]


@_action("get_stranger_info", schema=(_USER, _NO_CACHE))
def _get_stranger_info(call: Call) -> dict[str, Any]:
    user_id = call.account()
    nickname = call.world.nickname_of(user_id)
    if nickname is None:
        raise Refused(f"Uin2Uid Error: 用户ID {call.text('user_id')} 不存在")
    friend = call.world.friends.get(user_id)
    return {
        "uin": str(user_id),
        "nick": nickname,
        "user_id": user_id,
        "uid": events.uid(user_id),
        "nickname": nickname,
        "age": 0,
        "qid": "",
        "qqLevel": 0,
        "sex": "unknown",
        "long_nick": "",
        "reg_time": 0,
        "is_vip": False,
        "is_years_vip": False,
        "vip_level": 0,
        "remark": friend.remark if friend else "",
        "status": 20,
        "login_days": 0,
    }


@_action("send_like", schema=(_USER, Param("times", number_or_text, default=1)))
def _send_like(call: Call) -> Any:
    _known_account(call, call.account(), "点赞失败 ")
    return ABSENT


@_action("set_friend_remark", schema=(_USER, Param("remark", text)))
def _set_friend_remark(call: Call) -> Any:
    friend = call.world.friends.get(call.account())
    if friend is None:
        raise Refused(f"用户 {call.text('user_id')} 不是好友")
    friend.remark = call.text("remark")
    return ABSENT


@_action(
    "delete_friend",
    schema=(
        Param("friend_id", number_or_text, optional=True),
        Param("user_id", number_or_text, optional=True),
        Param("temp_block", boolean, optional=True),
        Param("temp_both_del", boolean, optional=True),
    ),
)
def _delete_friend(call: Call) -> dict[str, Any]:
    """NapCat answers `ok` even when there is nobody to delete."""
    user_id = call.account("friend_id" if "friend_id" in call.params else "user_id")
    if call.world.nickname_of(user_id) is None:
        return {"valid": False, "message": "好友不存在"}
    if call.world.friends.pop(user_id, None) is None:
        return {"valid": False, "message": "不是好友"}
    return _kernel_result()


@_action(
    "set_friend_add_request",
    schema=(
        Param("flag", text),
        Param("approve", boolean_or_text, optional=True),
        Param("remark", text, optional=True),
    ),
)
def _set_friend_add_request(call: Call) -> Any:
    call.world.settle_friendship(
        call.text("flag"), approve=_approves(call), remark=call.text("remark")
    )
    return ABSENT


# -- files ------------------------------------------------------------------

_FILE = (
    Param("file", text),
    Param("name", text),
    Param("folder", text, optional=True),
    Param("folder_id", text, optional=True),
    Param("upload_file", boolean, default=True),
)


@_action("upload_group_file", schema=(_GROUP, *_FILE))
def _upload_group_file(call: Call) -> dict[str, Any]:
    call.world.check_may_speak(call.group_id)
    size = _byte_count(call.text("file"))
    file = call.world.upload(call.group_id, call.world.self_id, call.text("name"), size)
    return {"file_id": file.file_id}


@_action("upload_private_file", schema=(_USER, *_FILE))
def _upload_private_file(call: Call) -> dict[str, Any]:
    chat, from_group = _private_target(call)
    segment: Segment = {"type": "file", "data": {"file": call.text("name")}}
    segment["data"]["file_size"] = str(_byte_count(call.text("file")))
    sent = _say(call.world, chat, from_group, [segment])
    segment["data"]["file_id"] = f"sim-file-{sent.message_id}"
    return {"file_id": segment["data"]["file_id"]}


@_action(
    "get_group_root_files",
    schema=(_GROUP, Param("file_count", number_or_text, default=50)),
)
def _get_group_root_files(call: Call) -> dict[str, Any]:
    group = _group(call)
    files = group.files[: int(number(call.params["file_count"]))]
    return {
        "files": [_file_data(group.group_id, file) for file in files],
        "folders": [],
    }


def _file_data(group_id: int, file: GroupFile) -> dict[str, Any]:
    return {
        "group_id": group_id,
        "file_id": file.file_id,
        "file_name": file.name,
        "busid": 102,
        "size": file.size,
        "file_size": file.size,
        "upload_time": file.upload_time,
        "dead_time": 0,
        "modify_time": file.upload_time,
        "download_times": 0,
        "uploader": file.uploader,
        "uploader_name": file.uploader_name,
    }


# -- account and system -----------------------------------------------------


@_action("get_login_info")
def _get_login_info(call: Call) -> dict[str, Any]:
    return {"user_id": call.world.self_id, "nickname": call.world.nickname}


@_action("get_status")
def _get_status(call: Call) -> dict[str, Any]:
    return {"online": call.world.online, "good": True, "stat": {}}


@_action("get_version_info")
def _get_version_info(_call: Call) -> dict[str, str]:
    return {
        "app_name": APP_NAME,
        "protocol_version": PROTOCOL_VERSION,
        "app_version": APP_VERSION,
    }


@_action("clean_cache", "nc_get_packet_status")
def _nothing_to_say(_call: Call) -> Any:
    return ABSENT


@_action("bot_exit", "set_restart", "nc_get_rkey")
def _never_answered(_call: Call) -> Any:
    """The first two end NapCat; the third has a number it cannot write."""
    return NO_ANSWER


@_action("test_download_stream", schema=(Param("error", boolean, default=False),))
def _test_download_stream(call: Call) -> Stream:
    """NapCat's own test of stream actions: ten packets, then the end."""
    packets = tuple(
        {"type": "stream", "data": f"Index-> {place}", "data_type": "data_chunk"}
        for place in range(1, 11)
    )
    if call.params["error"]:
        return Stream(packets, "This is a test error")
    last = {
        "type": "response",
        "data_type": "data_complete",
        "data": "Stream transmission complete",
    }
    return Stream((*packets, last))


_CONTEXT = (
    Param("time", number),
    Param("self_id", number),
    Param("post_type", text),
    Param("user_id", text),
    Param("message_type", text, optional=True),
    Param("group_id", text, optional=True),
    Param("message_id", number, optional=True),
)
_OPERATION = (
    Param("reply", anything, optional=True),
    Param("auto_escape", boolean, optional=True),
    Param("at_sender", boolean, optional=True),
)


@_action(
    ".handle_quick_operation",
    schema=(Param("context", table(*_CONTEXT)), Param("operation", table(*_OPERATION))),
)
def _handle_quick_operation(call: Call) -> Any:
    """Only `reply` works, and failures are nobody's to hear."""
    context, operation = call.params["context"], call.params["operation"]
    if context["post_type"] == "message" and js.truthy(operation.get("reply")):
        try:
            _quick_reply(Call(call.world, context), operation)
        except Refused:
            return ABSENT
    return ABSENT


def _quick_reply(context: Call, operation: dict[str, Any]) -> None:
    kind = context.text("message_type")
    reply: list[Any] = []
    if kind == "group":
        reply.append({"type": "reply", "data": {"id": context.text("message_id")}})
        if operation.get("at_sender"):
            reply.append({"type": "at", "data": {"qq": context.text("user_id")}})
    reply += cq.segments_of(
        operation["reply"], auto_escape=bool(operation.get("auto_escape"))
    )
    chat, from_group = _target(context, "private" if kind == "private" else "group")
    _say(context.world, chat, from_group, _sendable(reply, chat))
