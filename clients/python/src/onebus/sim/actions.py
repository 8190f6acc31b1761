"""The actions the simulator plays: name -> function over the world.

`perform` is the whole of it: check the parameters as NapCat does, run the
handler, give its data.  What a handler changes shows in the world's events.
Texts of failures are NapCat's where its source has them.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from . import catalogue, cq, events, js, streams
from .answers import (
    ABSENT,
    BAD_REQUEST,
    NO_ANSWER,
    UNKNOWN_ACTION,
    ActionFailed,
    Refused,
    Stream,
)
from .cq import Segment
from .dialect import DIALECTS, Dialect
from .disk import TEMP, Content, Stored
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
from .sending import Delivery
from .world import World, forward_id

PROTOCOL_VERSION = "v11"

_NO_PACKET_BACKEND = (
    "packetBackend不可用，请参照文档 https://napneko.github.io/config/advanced "
    "和启动日志检查packetBackend状态或进行配置！错误堆栈信息："
)


@dataclass(frozen=True)
class Call:
    """What a handler is given."""

    world: World
    params: dict[str, Any]
    message_format: MessageFormat = "array"
    dialect: Dialect = DIALECTS["napcat"]

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


def find(name: object, dialect: Dialect = DIALECTS["napcat"]) -> Action | None:
    """The action of that name, if the implementation knows it.

    NapCat serves each name with `_async` and `_rate_limited` behind it too,
    by the plain handler.
    """
    plain = plain_name(name, dialect)
    return None if plain is None else ACTIONS[plain]


def plain_name(name: object, dialect: Dialect = DIALECTS["napcat"]) -> str | None:
    """The name without what may stand behind it; None: not known."""
    if not isinstance(name, str):
        return None
    for suffix in ("", *dialect.suffixes):
        plain = name.removesuffix(suffix)
        if name.endswith(suffix) and dialect.letter in catalogue.KNOWN.get(plain, ""):
            return plain
    return None


def perform(
    world: World,
    name: object,
    params: Any,
    message_format: MessageFormat = "array",
    dialect: Dialect = DIALECTS["napcat"],
) -> Any:
    """Do what the request asks and give the answer's `data`.

    May also give ABSENT, NO_ANSWER or a Stream.  Raises ActionFailed, with the
    dialect's own code.
    """
    plain = plain_name(name, dialect)
    if plain is None:
        raise unknown(name, dialect)
    try:
        return _performed(world, plain, params, message_format, dialect)
    except ActionFailed as failure:
        failure.retcode = dialect.retcode(failure.retcode)
        raise


def unknown(name: object, dialect: Dialect) -> ActionFailed:
    """The failure of an action that an implementation does not know."""
    shown = "undefined" if name is None else js.text(name)
    wording = dialect.unknown_action.format(shown)
    return ActionFailed(wording, dialect.retcode(UNKNOWN_ACTION))


def _performed(
    world: World,
    name: str,
    params: Any,
    message_format: MessageFormat,
    dialect: Dialect,
) -> Any:
    action = ACTIONS[name]
    if catalogue.needs_packet(name) and not world.packet_backend:
        raise ActionFailed(_NO_PACKET_BACKEND, BAD_REQUEST)
    try:
        checked = params if action.schema is None else parse(params, action.schema)
        return action.handler(Call(world, checked, message_format, dialect))
    except SchemaError as error:
        raise ActionFailed(f"Schema compilation error: {error}", BAD_REQUEST) from None
    except Refused as refusal:
        raise ActionFailed(str(refusal)) from None


# -- sending ----------------------------------------------------------------

def _params(call: Call) -> dict[str, Any]:
    """The parameters where no schema has seen them."""
    given: object = call.params
    return given if js.is_object(given) else {}


def _send(call: Call, mode: str) -> Any:
    """The three senders.  `mode`: `group`, `private`, or empty for either.

    They skip the schema.  Without a message NapCat's check throws outside of
    its guard, and no answer ever comes (`action/msg/SendMsg.ts`).
    """
    params = _params(call)
    call = replace(call, params=params)
    message = params.get("message")
    if message is None or (js.is_array(message) and None in message):
        return NO_ANSWER
    segments = cq.segments_of(message, auto_escape=_is_true(params.get("auto_escape")))
    nodes = [s for s in segments if js.is_object(s) and s.get("type") == "node"]
    if nodes and len(nodes) != len(segments):
        raise ActionFailed(
            "转发消息不能和普通消息混在一起发送,转发需要保证message只有type为node的元素",
            BAD_REQUEST,
        )
    chat, from_group = _target(call, js.text(params.get("message_type") or mode))
    if nodes:
        return _send_forward(call, chat, from_group, nodes)
    delivery = Delivery(call.world, call.dialect, chat)
    kept = delivery.segments(segments)
    sent = _say(call.world, chat, from_group, kept, media=delivery.media)
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
    world: World,
    chat: Chat,
    from_group: int | None,
    segments: list[Segment],
    *,
    media: list[Content] | None = None,
    nodes: list[Segment] | None = None,
) -> Message:
    """The bot speaks."""
    world.check_may_speak(chat)
    if chat.kind == "group":
        said = world.say_in_group(chat.peer_id, world.self_id, segments)
    else:
        said = world.say_privately(
            chat.peer_id, segments, sender_id=world.self_id, from_group=from_group
        )
    world.note_sent(said, tuple(media or ()), tuple(nodes or ()))
    return said


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
    params = _params(call)
    nodes = params.get("messages", params.get("message"))
    if nodes is None or (js.is_array(nodes) and None in nodes):
        return NO_ANSWER
    chat, from_group = _target(replace(call, params=params), "")
    listed = nodes if js.is_array(nodes) else [nodes]
    return _send_forward(call, chat, from_group, listed)


_DEPTH_MAX = 3
"""Nodes inside nodes are followed so deep."""


def _send_forward(
    call: Call, chat: Chat, from_group: int | None, nodes: list[Any]
) -> dict[str, Any]:
    """A merged forward is one message; its id doubles as the resource's."""
    delivery = Delivery(call.world, call.dialect, chat)
    inside = _nodes(call, delivery, nodes, 1)
    if not inside:
        raise Refused("转发消息失败，生成节点为空")
    segment: Segment = {"type": "forward", "data": {}}
    sent = _say(
        call.world, chat, from_group, [segment], media=delivery.media, nodes=nodes
    )
    resource = forward_id(sent)
    segment["data"]["id"] = resource
    call.world.forwards[resource] = inside
    return {"message_id": sent.message_id, "res_id": resource, "forward_id": resource}


def _nodes(
    call: Call, delivery: Delivery, nodes: list[Any], depth: int
) -> list[Message]:
    """The messages of nodes, those of nodes inside them in their places."""
    made: list[Message] = []
    for node in nodes:
        data = node.get("data") if js.is_object(node) else None
        if js.is_object(data):
            made += _node(call, delivery, data, depth)
    return made


def _node(
    call: Call, delivery: Delivery, data: dict[str, Any], depth: int
) -> list[Message]:
    """A node is a message that exists, or one made up."""
    if "id" in data:
        said = call.world.message(int(number(data["id"])))
        return [said] if said else []
    content = cq.segments_of(data.get("content", []))
    inner = [s for s in content if js.is_object(s) and s.get("type") == "node"]
    if inner:
        if depth >= _DEPTH_MAX:
            return []
        return _nodes(call, delivery, inner, depth + 1)
    world = call.world
    sender = js.text(data.get("user_id", data.get("uin", world.self_id)))
    name = js.text(data.get("nickname", data.get("name", world.nickname)))
    return [
        Message(
            message_id=0,
            real_seq=0,
            time=world.time,
            chat=delivery.chat,
            sender_id=int(sender) if sender.isdigit() else world.self_id,
            nickname=name,
            segments=delivery.segments(content),
        )
    ]


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


@_action(
    "get_forward_msg",
    schema=(
        Param("id", text, optional=True),
        Param("message_id", number_or_text, optional=True),
    ),
)
def _get_forward_msg(call: Call) -> dict[str, Any]:
    """By the resource's id, or by that of the message it stands in."""
    key = call.text("id") or call.text("message_id")
    if not key:
        raise Refused("message_id is required")
    said = call.world.message(int(key)) if key.isdigit() else None
    if said and said.segments and said.segments[0]["type"] == "forward":
        key = said.segments[0]["data"]["id"]
    if key not in call.world.forwards:
        raise Refused("协议拉取失败")
    return {"messages": [call.shown(inside) for inside in call.world.forwards[key]]}


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
    return dict(catalogue.DONE)


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


@_action("get_group_info", "get_group_detail_info", schema=(_GROUP,))
def _get_group_info(call: Call) -> dict[str, Any]:
    return _group_data(_group(call))


@_action("get_group_member_list", schema=(_GROUP, _NO_CACHE))
def _get_group_member_list(call: Call) -> list[dict[str, Any]]:
    group = _group(call)
    return [_member_data(group.group_id, member) for member in group.members.values()]


@_action("get_group_member_info", schema=(_GROUP, _USER, _NO_CACHE))
def _get_group_member_info(call: Call) -> dict[str, Any]:
    return _member_data(call.group_id, _member(call))


@_action("get_group_shut_list", schema=(_GROUP,))
def _get_group_shut_list(call: Call) -> list[dict[str, Any]]:
    """Those who are muted, as the QQ client gives them."""
    return [
        {
            "uid": events.uid(member.user_id),
            "uin": str(member.user_id),
            "nick": member.nickname,
            "cardName": member.card,
            "shutUpTime": member.banned_until,
        }
        for member in _group(call).members.values()
        if member.banned_until > call.world.time
    ]


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
    world, name = call.world, call.text("name")
    content = world.disk.read_for_upload(call.text("file"))
    world.check_may_speak(Chat("group", call.group_id))
    file = world.upload(
        call.group_id, world.self_id, name, content.size, content.data, content.source
    )
    return {"file_id": file.file_id}


@_action("upload_private_file", schema=(_USER, *_FILE))
def _upload_private_file(call: Call) -> dict[str, Any]:
    world, name = call.world, call.text("name")
    content = world.disk.read_for_upload(call.text("file"))
    chat, from_group = _private_target(call)
    segment = world.file_in_message("file", name, content.data or b"")
    _say(world, chat, from_group, [segment], media=[replace(content, name=name)])
    return {"file_id": segment["data"]["file_id"]}


_WANTED_FILE = (
    Param("file", text, optional=True),
    Param("file_id", text, optional=True),
)


def _stored(call: Call) -> Stored:
    return call.world.disk.stored(call.text("file") or call.text("file_id"))


def _given(call: Call) -> dict[str, Any]:
    """NapCat downloads it first: then it is on the disk."""
    stored, forms = _stored(call), call.world.file_forms
    data = stored.data or b""
    call.world.disk.keep(stored.path, data)
    given: dict[str, Any] = {}
    if "path" in forms:
        given["file"] = stored.path
    if "url" in forms:
        given["url"] = stored.url or stored.path
    given |= {"file_size": str(len(data)), "file_name": stored.name}
    if "base64" in forms:
        given["base64"] = base64.b64encode(data).decode()
    return given


@_action("get_file", "get_image", schema=_WANTED_FILE)
def _get_file(call: Call) -> dict[str, Any]:
    return _given(call)


_RECORD_FORMATS = frozenset("mp3 amr wma m4a spx ogg wav flac".split())


def _check_format(out_format: str) -> None:
    if out_format and out_format not in _RECORD_FORMATS:
        raise Refused("转换失败 out_format 字段可能格式不正确")


@_action("get_record", schema=(*_WANTED_FILE, Param("out_format", text)))
def _get_record(call: Call) -> dict[str, Any]:
    """The bytes are not converted, but named as if they were."""
    given, stored, out_format = _given(call), _stored(call), call.text("out_format")
    _check_format(out_format)
    if not out_format:
        return given
    path, data = f"{stored.path}.{out_format}", stored.data or b""
    call.world.disk.keep(path, data)
    encoded = base64.b64encode(data).decode()
    return given | {"file": path, "url": path, "base64": encoded}


_DOWNLOAD_FILE = (
    Param("url", text, optional=True),
    Param("base64", text, optional=True),
    Param("name", text, optional=True),
    Param("headers", anything, optional=True),
)


@_action("download_file", schema=_DOWNLOAD_FILE)
def _download_file(call: Call) -> dict[str, Any]:
    """Puts it on NapCat's disk."""
    encoded, url = call.text("base64"), call.text("url")
    source = f"base64://{encoded}" if encoded else url
    if not source:
        raise Refused("不存在任何文件, 无法下载")
    content = call.world.disk.read(source)
    name = call.text("name") or content.name or "download"
    path = f"{TEMP}/{name}"
    call.world.disk.keep(path, content.data or b"")
    return {"file": path}


_GROUP_FILE = (_GROUP, Param("file_id", text))


def _group_file(call: Call) -> GroupFile:
    wanted = call.text("file_id")
    for file in _group(call).files:
        if file.file_id == wanted:
            return file
    raise Refused("real fileUUID not found!")


@_action("get_group_file_url", schema=_GROUP_FILE)
def _get_group_file_url(call: Call) -> dict[str, Any]:
    file = _group_file(call)
    return {"url": f"https://tjc-download.ftn.qq.com/ftn_handler{file.file_id}/"}


@_action("get_private_file_url", schema=(Param("file_id", text),))
def _get_private_file_url(call: Call) -> dict[str, Any]:
    stored = call.world.disk.stored(call.text("file_id"))
    return {"url": f"https://tjc-download.ftn.qq.com/ftn_handler{stored.file_id}/"}


@_action("delete_group_file", schema=_GROUP_FILE)
def _delete_group_file(call: Call) -> dict[str, Any]:
    file = _group_file(call)
    _group(call).files.remove(file)
    return _kernel_result()


@_action(
    "get_group_files_by_folder",
    schema=(
        _GROUP,
        Param("folder_id", text, optional=True),
        Param("folder", text, optional=True),
        Param("file_count", number_or_text, default=50),
    ),
)
def _get_group_files_by_folder(call: Call) -> dict[str, Any]:
    """There are no folders, so they are empty."""
    _group(call)
    return {"files": [], "folders": []}


# -- streams ----------------------------------------------------------------


@_action(
    "upload_file_stream",
    schema=(
        Param("stream_id", text),
        Param("chunk_data", text, optional=True),
        Param("chunk_index", number, optional=True),
        Param("total_chunks", number, optional=True),
        Param("file_size", number, optional=True),
        Param("expected_sha256", text, optional=True),
        Param("is_complete", boolean, optional=True),
        Param("filename", text, optional=True),
        Param("reset", boolean, optional=True),
        Param("verify_only", boolean, optional=True),
        Param("file_retention", number, default=300000),
    ),
)
def _upload_file_stream(call: Call) -> dict[str, Any]:
    return call.world.uploads.take(call.params)


_DOWNLOAD = (*_WANTED_FILE, Param("chunk_size", number, default=streams.CHUNK_BYTES))


def _download(call: Call, ending: str = "", **more: Any) -> Stream:
    try:
        _check_format(ending)
        stored = _stored(call)
    except Refused as refusal:
        return Stream((), f"Download failed: {refusal}")
    size = int(call.params["chunk_size"]) or streams.CHUNK_BYTES
    return Stream(streams.download(stored.name, stored.data or b"", size, **more))


@_action("download_file_stream", schema=_DOWNLOAD)
def _download_file_stream(call: Call) -> Stream:
    return _download(call)


@_action("download_file_image_stream", schema=_DOWNLOAD)
def _download_file_image_stream(call: Call) -> Stream:
    """The picture is not looked at: its size is NapCat's when it cannot tell."""
    return _download(call, width=1024, height=1024)


@_action(
    "download_file_record_stream",
    schema=(*_DOWNLOAD, Param("out_format", text, optional=True)),
)
def _download_file_record_stream(call: Call) -> Stream:
    out_format = call.text("out_format")
    more = {"out_format": out_format} if out_format else {}
    return _download(call, out_format, **more)


@_action("clean_stream_temp_file")
def _clean_stream_temp_file(call: Call) -> Any:
    call.world.disk.clean_temp()
    return ABSENT


# -- what is in a group's file area ------------------------------------------


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
def _get_version_info(call: Call) -> dict[str, str]:
    return {
        "app_name": call.dialect.app_name,
        "protocol_version": PROTOCOL_VERSION,
        "app_version": call.dialect.app_version,
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
            _quick_reply(replace(call, params=context), operation)
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
    delivery = Delivery(context.world, context.dialect, chat)
    kept = delivery.segments(reply)
    _say(context.world, chat, from_group, kept, media=delivery.media)


# -- the rest ---------------------------------------------------------------


def _answer_by_shape(data: Any) -> Handler:
    return lambda _call: catalogue.fresh(data)


for _name, (_schema, _data) in catalogue.rows().items():
    _action(_name, schema=_schema)(_answer_by_shape(_data))
