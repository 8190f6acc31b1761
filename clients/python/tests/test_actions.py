"""Actions against the world, without any socket."""

from __future__ import annotations

import random
from typing import Any

import pytest

from onebus.sim import ABSENT, NO_ANSWER, ActionFailed, Message, Stream, World, actions

BOT, OWNER, ADMIN, ANN, STRANGER = 10001, 1, 2, 3, 99
GROUP = 500
NOW = 1_700_000_000


@pytest.fixture
def world() -> World:
    made = World(BOT, "bot", now=lambda: NOW, rng=random.Random(1))
    made.add_group(GROUP, "group", bot_role="admin")
    made.add_member(GROUP, OWNER, "owner", role="owner")
    made.add_member(GROUP, ADMIN, "admin", role="admin")
    made.add_member(GROUP, ANN, "Ann", card="annie")
    made.add_friend(7, "Friend")
    return made


def do(world: World, name: str, /, **params: Any) -> Any:
    return actions.perform(world, name, params)


def failure(world: World, name: str, /, **params: Any) -> tuple[int, str]:
    with pytest.raises(ActionFailed) as caught:
        do(world, name, **params)
    return caught.value.retcode, caught.value.wording


def kinds(world: World) -> list[str]:
    """What happened, in short: notice type and sub type, or the text said."""
    return [
        event.segments[0]["data"].get("text", event.segments[0]["type"])
        if isinstance(event, Message)
        else "/".join(filter(None, (event.get("notice_type"), event.get("sub_type"))))
        for event in world.take_events()
    ]


@pytest.mark.parametrize(
    "message",
    [
        "hi",
        [{"type": "text", "data": {"text": "hi"}}],
        {"type": "text", "data": {"text": "hi"}},
    ],
)
@pytest.mark.parametrize("name", ["send_msg", "send_group_msg", "send_group_msg_async"])
def test_every_form_of_a_message_is_sent(world: World, name: str, message: Any) -> None:
    sent = do(world, name, group_id=str(GROUP), message=message)
    assert 0 < sent["message_id"] < 2**31
    assert do(world, "get_msg", **sent)["raw_message"] == "hi"
    assert kinds(world) == ["hi"]


@pytest.mark.parametrize(
    ("name", "params", "wording"),
    [
        ("send_group_msg", {"group_id": 9, "message": "x"}, '"result": 110'),
        ("send_group_msg", {"group_id": GROUP, "message": ""}, "消息体无法解析"),
        ("send_group_msg", {"group_id": GROUP, "message": []}, "消息体无法解析"),
        ("send_group_msg", {"group_id": GROUP, "message": [{"type": "poke", "data": {}}]},
         "消息体无法解析"),
        ("send_group_msg", {"group_id": GROUP, "message": [{"type": "tts", "data": {}}]},
         "未知的消息类型：tts"),
        ("send_group_msg", {"group_id": GROUP, "message": 5}, "未知的消息类型：undefined"),
        ("send_group_msg", {"user_id": 7, "message": "x"}, "当前群聊发送"),
        ("send_private_msg", {"group_id": 7, "message": "x"}, "当前私聊发送"),
        ("send_private_msg", {"user_id": STRANGER, "message": "x"}, "无法获取用户信息"),
        ("send_msg", {"message": "x"}, "请指定正确的"),
    ],
)  # fmt: skip
def test_sending_fails(
    world: World, name: str, params: dict[str, Any], wording: str
) -> None:
    retcode, text = failure(world, name, **params)
    assert (retcode, wording in text) == (1200, True), text


@pytest.mark.parametrize("message", [{}, {"message": None}, {"message": [None]}])
def test_a_missing_message_is_never_answered(
    world: World, message: dict[str, Any]
) -> None:
    assert do(world, "send_group_msg", group_id=GROUP, **message) is NO_ANSWER


def test_a_muted_bot_cannot_speak(world: World) -> None:
    world.ban(GROUP, BOT, 60, OWNER)
    retcode, wording = failure(world, "send_group_msg", group_id=GROUP, message="x")
    assert (retcode, '"result": 120' in wording) == (1200, True)
    world.ban(GROUP, BOT, 0, OWNER)
    assert do(world, "send_group_msg", group_id=GROUP, message="x")


def test_a_whole_group_mute_spares_admins(world: World) -> None:
    do(world, "set_group_whole_ban", group_id=GROUP)
    assert do(world, "get_group_info", group_id=GROUP)["group_all_shut"] == -1
    assert do(world, "send_group_msg", group_id=GROUP, message="x")
    world.groups[GROUP].members[BOT].role = "member"
    assert failure(world, "send_group_msg", group_id=GROUP, message="x")[0] == 1200
    assert kinds(world) == ["group_ban/ban", "x"]


def test_private_messages_go_to_friends_and_through_groups(world: World) -> None:
    do(world, "send_private_msg", user_id="7", message="a")
    do(world, "send_private_msg", user_id=ANN, message="b")
    friend, temporary = world.take_events()
    assert isinstance(friend, Message) and isinstance(temporary, Message)
    assert (friend.temporary_group, temporary.temporary_group) == (None, GROUP)
    assert len(do(world, "get_friend_msg_history", user_id=7)["messages"]) == 1


def test_a_ban_shows_in_the_member_list(world: World) -> None:
    do(world, "set_group_ban", group_id=GROUP, user_id=ANN, duration="600")
    info = do(world, "get_group_member_info", group_id=GROUP, user_id=ANN)
    assert info["shut_up_timestamp"] == NOW + 600
    do(world, "set_group_ban", group_id=GROUP, user_id=ANN)
    listed = {
        m["user_id"]: m for m in do(world, "get_group_member_list", group_id=GROUP)
    }
    assert listed[ANN]["shut_up_timestamp"] == 0
    assert kinds(world) == ["group_ban/ban", "group_ban/lift_ban"]


@pytest.mark.parametrize(
    ("user_id", "wording"),
    [(OWNER, "cannot ban owner"), (ADMIN, "cannot ban admin"), (7, "user not in group"),
     (STRANGER, "uid error")],
)  # fmt: skip
def test_who_cannot_be_banned(world: World, user_id: int, wording: str) -> None:
    params = {"group_id": GROUP, "user_id": user_id, "duration": 60}
    assert failure(world, "set_group_ban", **params) == (1200, wording)


def test_administration(world: World) -> None:
    world.groups[GROUP].members[BOT].role = "owner"
    assert (
        do(world, "set_group_admin", group_id=GROUP, user_id=ANN, enable=True) is None
    )
    assert do(world, "set_group_card", group_id=GROUP, user_id=ANN, card="A") is None
    assert do(world, "set_group_name", group_id=GROUP, group_name="new") is None
    assert do(world, "set_group_special_title", group_id=GROUP, user_id=ANN,
              special_title="t") is ABSENT  # fmt: skip
    member = do(world, "get_group_member_info", group_id=GROUP, user_id=ANN)
    assert (member["role"], member["card"], member["title"]) == ("admin", "A", "t")
    assert do(world, "get_group_list")[0]["group_name"] == "new"
    world.say_in_group(GROUP, ANN, [{"type": "text", "data": {"text": "said"}}])
    assert do(world, "set_group_kick", group_id=GROUP, user_id=ANN) is None
    assert do(world, "set_group_leave", group_id=GROUP) is None
    assert do(world, "get_group_list") == []
    assert kinds(world) == [
        "group_admin/set",
        "notify/group_name",
        "notify/title",
        "group_card",
        "said",
        "group_decrease/kick",
        "group_decrease/leave",
    ]


def test_recall(world: World) -> None:
    own = do(world, "send_group_msg", group_id=GROUP, message="x")
    theirs = world.say_in_group(GROUP, OWNER, [{"type": "text", "data": {"text": "y"}}])
    assert do(world, "delete_msg", **own) is None
    assert failure(world, "delete_msg", **own) == (1200, "Recall failed")
    assert failure(world, "delete_msg", message_id=theirs.message_id)[0] == 1200
    assert failure(world, "get_msg", **own) == (1200, "消息不存在或已被撤回")
    assert kinds(world) == ["x", "y", "group_recall"]


def test_history_counts_from_the_end_or_from_a_message(world: World) -> None:
    ids = [
        do(world, "send_msg", group_id=GROUP, message=str(i))["message_id"]
        for i in range(5)
    ]

    def history(**params: Any) -> list[str]:
        data = do(world, "get_group_msg_history", group_id=GROUP, **params)
        return [message["raw_message"] for message in data["messages"]]

    assert history(count=2) == ["3", "4"]
    assert history(message_seq=ids[1], count=2) == ["1", "2"]
    assert history(message_seq=ids[1], count=5, reverse_order=True) == ["0", "1"]
    assert failure(world, "get_group_msg_history", group_id=9) == (
        1200,
        "消息undefined不存在",
    )


def test_requests_are_settled_once(world: World) -> None:
    friend = world.ask_friendship(STRANGER, "hello")
    joining = world.ask_group(GROUP, 98)
    assert friend.flag != world.ask_friendship(97).flag
    assert do(world, "set_friend_add_request", flag=friend.flag, remark="r") is ABSENT
    assert do(world, "set_group_add_request", flag=joining.flag, sub_type="add") is None
    assert failure(world, "set_group_add_request", flag=joining.flag) == (
        1200,
        "No such request",
    )
    assert world.friends[STRANGER].remark == "r"
    assert 98 in world.groups[GROUP].members
    assert kinds(world)[-2:] == ["friend_add", "group_increase/approve"]


def test_people(world: World) -> None:
    assert do(world, "set_friend_remark", user_id=7, remark="R") is ABSENT
    assert do(world, "get_friend_list")[0]["remark"] == "R"
    assert do(world, "get_stranger_info", user_id=ANN)["nickname"] == "Ann"
    assert do(world, "send_like", user_id=7, times="3") is ABSENT
    assert do(world, "delete_friend", user_id=7)["result"] == 0
    assert do(world, "delete_friend", user_id=7)["valid"] is False


@pytest.mark.parametrize(
    ("params", "user", "target", "in_group"),
    [({"user_id": ANN, "group_id": GROUP}, BOT, ANN, True),
     ({"user_id": 7}, 7, 7, False)],
)  # fmt: skip
def test_poke(
    world: World, params: dict[str, Any], user: int, target: int, in_group: bool
) -> None:
    assert do(world, "send_poke", **params) is ABSENT
    (event,) = world.take_events()
    assert isinstance(event, dict)
    assert (event["user_id"], event["target_id"]) == (user, target)
    assert ("group_id" in event, "sender_id" in event) == (in_group, not in_group)


def test_reactions(world: World) -> None:
    sent = do(world, "send_msg", group_id=GROUP, message="x")
    assert do(world, "set_msg_emoji_like", emoji_id=76, **sent)["result"] == 0
    likes = do(world, "get_msg", **sent)["emoji_likes_list"]
    assert likes == [{"emoji_id": "76", "emoji_type": "1", "likes_cnt": "1"}]
    assert kinds(world) == ["x", "group_msg_emoji_like"]


def test_files(world: World) -> None:
    data = do(
        world,
        "upload_group_file",
        group_id=GROUP,
        file="base64://aGVsbG8=",
        name="a.txt",
    )
    (file,) = do(world, "get_group_root_files", group_id=GROUP)["files"]
    assert (file["file_id"], file["size"]) == (data["file_id"], 5)
    world.files["/x"] = b"x"
    assert do(world, "upload_private_file", user_id=7, file="/x", name="b")["file_id"]
    world.upload(GROUP, ANN, "c", 1)
    assert kinds(world) == ["file", "file", "file", "group_upload"]


def test_quick_operation_replies(world: World) -> None:
    said = world.say_in_group(GROUP, ANN, [{"type": "text", "data": {"text": "q"}}])
    context = {"time": NOW, "self_id": BOT, "post_type": "message", "user_id": ANN,
               "message_type": "group", "group_id": GROUP, "message_id": said.message_id}  # fmt: skip
    operation = {"reply": "a", "at_sender": True, "kick": True}
    assert (
        do(world, ".handle_quick_operation", context=context, operation=operation)
        is ABSENT
    )
    last = world.take_events()[-1]
    assert isinstance(last, Message)
    assert [segment["type"] for segment in last.segments] == ["reply", "at", "text"]
    del context["time"]
    assert (
        failure(world, ".handle_quick_operation", context=context, operation={})[0]
        == 1400
    )


def quick(world: World, operation: dict[str, Any], **context: Any) -> Any:
    context = {"time": NOW, "self_id": BOT, "user_id": ANN} | context
    return do(world, ".handle_quick_operation", context=context, operation=operation)


def test_quick_operations_but_replies_do_nothing(world: World) -> None:
    said = world.say_in_group(GROUP, ANN, [{"type": "text", "data": {"text": "q"}}])
    group: dict[str, Any] = {"post_type": "message", "message_type": "group",
                             "group_id": GROUP, "message_id": said.message_id}  # fmt: skip
    world.take_events()
    done = {"delete": True, "kick": True, "ban": True, "ban_duration": 60}
    assert quick(world, done, **group) is ABSENT
    asked = world.ask_friendship(98)
    request = {"post_type": "request", "request_type": "friend", "flag": asked.flag}
    world.take_events()
    assert quick(world, {"approve": True}, **request) is ABSENT
    assert (world.take_events(), ANN in world.groups[GROUP].members) == ([], True)
    assert asked.flag in world.join_requests


def test_quick_replies_mention_nobody_by_themselves(world: World) -> None:
    said = world.say_in_group(GROUP, ANN, [{"type": "text", "data": {"text": "q"}}])
    group: dict[str, Any] = {"post_type": "message", "message_type": "group",
                             "group_id": GROUP, "message_id": said.message_id}  # fmt: skip
    code = "[CQ:face,id=1]"
    quick(world, {"reply": code}, **group)
    quick(world, {"reply": code, "auto_escape": True}, **group)
    quick(world, {"reply": "a"}, post_type="message", message_type="private", user_id=7)
    kinds_sent = [[segment["type"] for segment in s.segments] for s in world.sent]
    assert kinds_sent == [["reply", "face"], ["reply", "text"], ["text"]]
    world.go_offline()
    assert quick(world, {"reply": "b"}, **group) is ABSENT
    assert len(world.sent) == 3


def test_the_system(world: World) -> None:
    assert do(world, "get_login_info") == {"user_id": BOT, "nickname": "bot"}
    assert do(world, "get_status") == {"online": True, "good": True, "stat": {}}
    assert do(world, "get_version_info")["app_name"] == "NapCat.Onebot"
    assert do(world, "can_send_image") == {"yes": True}
    assert do(world, "bot_exit") is NO_ANSWER
    stream = do(world, "test_download_stream", error="true")
    assert isinstance(stream, Stream) and len(stream.packets) == 10 and stream.error


@pytest.mark.parametrize(
    ("name", "params", "wording"),
    [
        ("delete_msg", {}, "Expected required property"),
        ("delete_msg", {"message_id": None}, "Expected union value"),
        ("get_group_info", {"group_id": None}, "Expected string"),
        ("get_group_info", {"group_id": [1]}, "Expected string"),
        (
            "set_group_ban",
            {"group_id": 1, "user_id": 2, "duration": None},
            "Expected union value",
        ),
        ("get_group_msg_history", {"group_id": 1, "count": "many"}, "Expected number"),
        (
            "get_group_msg_history",
            {"group_id": 1, "reverse_order": "yes"},
            "Expected boolean",
        ),
    ],
)
def test_parameters_are_checked(
    world: World, name: str, params: dict[str, Any], wording: str
) -> None:
    assert failure(world, name, **params) == (
        1400,
        f"Schema compilation error: {wording}",
    )


@pytest.mark.parametrize("params", [[], [1], "text", 5])
def test_parameters_that_are_no_object(world: World, params: Any) -> None:
    with pytest.raises(ActionFailed, match="Expected object"):
        actions.perform(world, "get_group_info", params)


@pytest.mark.parametrize(
    ("name", "shown"),
    [("no_such", "no_such"), (None, "undefined"), (5, "5"), ({}, "[object Object]")],
)
def test_unknown_actions(world: World, name: Any, shown: str) -> None:
    with pytest.raises(ActionFailed) as caught:
        actions.perform(world, name, {})
    assert (caught.value.retcode, caught.value.wording) == (
        1404,
        f"不支持的Api {shown}",
    )


def test_old_messages_leave_the_table(world: World) -> None:
    first = do(world, "send_msg", group_id=GROUP, message="x")
    for _ in range(5000):
        world.say_in_group(GROUP, ANN, [])
    assert failure(world, "delete_msg", **first) == (1200, "Recall failed")
