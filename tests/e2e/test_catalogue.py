"""What the catalogue does for callers: wrong parameters are named, clear ones
put right, names of other worlds understood."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from harness.bus import Event
from harness.frames import same
from harness.news import news_of, told
from harness.scene import FRIEND, GROUP, Scene, StartScene

MEMBER = 30002
MUTE = {"group_id": GROUP, "user_id": MEMBER, "duration": 600}
LARGE_ID = 2**53 + 1


def asked(s: Scene) -> list[tuple[str, dict[str, Any]]]:
    """What the peer was asked."""
    return [(request.action, request.params) for request in s.peer.requests]


def as_text(params: dict[str, Any]) -> dict[str, Any]:
    """NapCat takes ids as text and as numbers; the text of both is the same."""
    return {k: str(v) if k.endswith("_id") else v for k, v in params.items()}


# -- what is wrong ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("action", "params", "message"),
    [
        (
            "set_group_ban",
            {"user_id": 1, "duration": 1},
            "params.group_id: required: an integer or a string of digits",
        ),
        (
            "get_group_member_info",
            {"group_id": 1, "user_id": 2, "no_cache": "maybe"},
            "params.no_cache: allowed: true or false",
        ),
        (
            "set_group_ban",
            MUTE | {"duration": "long"},
            "params.duration: allowed: an integer",
        ),
        (
            "set_group_ban",
            MUTE | {"user_id": "somebody"},
            "params.user_id: allowed: an integer or a string of digits",
        ),
        (
            "send_msg",
            {"message_type": "channel", "group_id": 1, "message": "x"},
            "params.message_type: allowed: private or group",
        ),
        ("send_group_msg", {"group_id": 1}, "params.message: required: "),
        ("send_msg", {"message": "x"}, "params: required: user_id or group_id"),
        ("get_group_info", {"group_id": None}, "params.group_id: required: "),
    ],
)
async def test_a_wrong_parameter_is_named_and_nothing_is_sent(
    scene: StartScene, action: str, params: dict[str, Any], message: str
) -> None:
    s = await scene()
    reply = await s.call(action, params=params)
    assert (reply["status"], reply["error"]) == ("failed", "bad_params")
    assert (reply["retcode"], s.peer.requests) == (10003, [])
    assert reply["message"].startswith(message)


async def test_a_parameter_that_is_not_known_is_passed_on_and_told_of(
    scene: StartScene,
) -> None:
    s = await scene()
    s.world.member(GROUP, MEMBER)
    reply = await s.call("set_group_ban", params=MUTE | {"durations": 1})
    assert reply["status"] == "ok"
    (warning,) = reply["warnings"]
    assert "params.durations" in warning and "duration" in warning
    assert asked(s)[0][1]["durations"] == 1


# -- what is clearly meant -------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "left"),
    [
        ({"duration": "600"}, {"duration": 600}),
        ({"duration": 600.0}, {"duration": 600}),
        ({"group_id": str(GROUP)}, {}),
        ({"userId": MEMBER, "user_id": None}, {}),
    ],
)
async def test_what_is_clear_is_put_right(
    scene: StartScene, given: dict[str, Any], left: dict[str, Any]
) -> None:
    s = await scene()
    s.world.member(GROUP, MEMBER)
    assert (await s.call("set_group_ban", params=MUTE | given))["status"] == "ok"
    ((action, params),) = asked(s)
    assert action == "set_group_ban"
    assert same(as_text(params)["duration"], 600)
    assert as_text(params) == as_text(MUTE | left)
    assert s.world.groups[GROUP].members[MEMBER].banned_until > s.world.time


@pytest.mark.parametrize("given", ["true", "1", 1, True])
async def test_a_boolean_may_be_given_in_other_ways(
    scene: StartScene, given: Any
) -> None:
    s = await scene()
    params = {"group_id": GROUP, "enable": given}
    assert (await s.call("set_group_whole_ban", params=params))["status"] == "ok"
    assert asked(s)[0][1]["enable"] is True
    assert s.world.groups[GROUP].whole_ban


async def test_null_is_left_out(scene: StartScene) -> None:
    s = await scene()
    s.world.member(GROUP, MEMBER)
    params = {"group_id": GROUP, "user_id": MEMBER, "no_cache": None}
    assert (await s.call("get_group_member_info", params=params))["status"] == "ok"
    ((_, left),) = asked(s)
    assert sorted(left) == ["group_id", "user_id"]


@pytest.mark.parametrize(
    ("dialect", "left"),
    [
        ("napcat", str(LARGE_ID)),
        ("llbot", str(LARGE_ID)),
        ("gocqhttp", LARGE_ID),
        ("lagrange", LARGE_ID),
    ],
)
@pytest.mark.parametrize("given", [LARGE_ID, str(LARGE_ID)])
async def test_an_id_that_javascript_would_round_stays_what_it_is(
    scene: StartScene, dialect: str, left: Any, given: Any
) -> None:
    s = await scene(dialect=dialect)
    s.peer.on("get_group_info", lambda _: {})
    reply = await s.call("get_group_info", params={"group_id": given})
    assert reply["status"] == "ok"
    assert same(json.loads(s.peer.requests[0].text)["params"]["group_id"], left)


async def test_a_mute_without_a_time_is_told_of(scene: StartScene) -> None:
    s = await scene()
    s.world.member(GROUP, MEMBER)
    params = {"group_id": GROUP, "user_id": MEMBER}
    reply = await s.call("set_group_ban", params=params)
    assert reply["status"] == "ok"
    (warning,) = reply["warnings"]
    assert "duration" in warning and "lifts the mute" in warning


# -- names ------------------------------------------------------------------------

ALIASES = {
    "setGroupAdmin": (
        {"groupId": GROUP, "userId": MEMBER, "enable": True},
        "set_group_admin",
        {"group_id": GROUP, "user_id": MEMBER, "enable": True},
    ),
    "setGroupMute": (
        {"groupId": GROUP, "userId": MEMBER, "duration": 600},
        "set_group_ban",
        MUTE,
    ),
    "kickGroupMember": (
        {"groupId": GROUP, "userId": MEMBER, "rejectAddRequest": False},
        "set_group_kick",
        {"group_id": GROUP, "user_id": MEMBER, "reject_add_request": False},
    ),
    "setGroupWholeMute": (
        {"groupId": GROUP, "enable": True},
        "set_group_whole_ban",
        {"group_id": GROUP, "enable": True},
    ),
    "setGroupName": (
        {"groupId": GROUP, "groupName": "New Group Name"},
        "set_group_name",
        {"group_id": GROUP, "group_name": "New Group Name"},
    ),
    "getGroupMemberInfo": (
        {"groupId": GROUP, "userId": MEMBER, "noCache": False},
        "get_group_member_info",
        {"group_id": GROUP, "user_id": MEMBER, "no_cache": False},
    ),
    "getFriendList": ({}, "get_friend_list", {}),
    "deleteFriend": ({"userId": FRIEND}, "delete_friend", {"user_id": FRIEND}),
    "setFriendRemark": (
        {"userId": FRIEND, "remark": "New Remark"},
        "set_friend_remark",
        {"user_id": FRIEND, "remark": "New Remark"},
    ),
    "uploadGroupFile": (
        {
            "groupId": GROUP,
            "file": "file:///path/to/a",
            "folderId": "f",
            "fileName": "a",
        },
        "upload_group_file",
        {"group_id": GROUP, "file": "/path/to/a", "folder": "f", "name": "a"},
    ),
    "uploadPrivateFile": (
        {"userId": FRIEND, "file": "file:///path/to/a", "fileName": "a"},
        "upload_private_file",
        {"user_id": FRIEND, "file": "/path/to/a", "name": "a"},
    ),
}


@pytest.mark.parametrize("name", ALIASES)
async def test_the_names_of_the_guide_are_understood(
    scene: StartScene, name: str
) -> None:
    given, action, left = ALIASES[name]
    paths = [{"from": "/path/to", "to": "/path/to"}]
    s = await scene(bridge={"media": {"paths": paths}})
    s.world.add_group(GROUP, "群", bot_role="owner")
    s.world.member(GROUP, MEMBER)
    s.world.files["/path/to/a"] = b"a"
    reply = await s.call(name, params=given)
    assert (reply["status"], reply["warnings"]) == ("ok", [])
    ((asked_action, params),) = asked(s)
    file = params.get("file", "")
    if file:
        params = params | {"file": file.removeprefix("file://")}
    assert (asked_action, as_text(params)) == (action, as_text(left))


async def test_all_eleven_are_there(scene: StartScene) -> None:
    s = await scene()
    data = (await s.call("bridge.actions"))["data"]
    assert data["aliases"] == {name: row[1] for name, row in ALIASES.items()}


async def test_actions_are_told_by_name_pattern_and_peer(scene: StartScene) -> None:
    s = await scene()

    async def names(**params: str) -> list[str]:
        data = (await s.call("bridge.actions", params=params))["data"]
        return [action["name"] for action in data["actions"]]

    assert await names(name="setGroupMute") == ["set_group_ban"]
    assert await names(name="set_group_ban") == ["set_group_ban"]
    found = await names(name="send_*")
    assert "send_group_msg" in found
    assert all(name.startswith("send_") for name in found)
    assert len(await names()) == 195
    standard = await names(peer="onebot11")
    assert "send_msg" in standard and "group_poke" not in standard
    reply = await s.call("bridge.actions", params={"peer": "nobody"})
    assert reply["error"] == "bad_params"


# -- what is not in it ------------------------------------------------------------


async def test_an_unknown_action_is_passed_on_as_it_is(scene: StartScene) -> None:
    s = await scene()
    given = {"group_id": "007", "message": 5, "deep": {"a": [None, 1.0]}}
    s.peer.on("do_something", lambda request: request.params)
    reply = await s.call("do_something", params=given)
    assert (reply["status"], reply["warnings"]) == ("ok", [])
    assert reply["data"] == given
    reply = await s.call("do_something_else")
    assert (reply["error"], reply["retcode"]) == ("unknown_action", 1404)


async def test_settings_may_keep_them_out(scene: StartScene) -> None:
    s = await scene(bridge={"call": {"allowUnknown": False}})
    reply = await s.call("do_something")
    assert (reply["status"], reply["error"]) == ("failed", "unknown_action")
    assert (reply["retcode"], s.peer.requests) == (10002, [])
    assert "bridge.call.allowUnknown" in reply["message"]
    for action in ("get_status", "getFriendList", "get_status_async", "bridge.ping"):
        assert (await s.call(action))["status"] in ("ok", "async")


# -- suffixes ----------------------------------------------------------------------


async def test_with_async_the_caller_goes_on_at_once(scene: StartScene) -> None:
    s = await scene()
    news = await news_of(s)
    s.peer.hold("send_group_msg")
    params = {"group_id": GROUP, "message": "hello"}
    reply = await s.call("send_group_msg_async", params=params, id="i", trace="t")
    assert (reply["status"], reply["retcode"]) == ("async", 1)
    assert reply["data"] is None
    request = await s.peer.next_request()
    assert request.action == "send_group_msg"
    s.peer.release()
    event = await told(news, "action.settled")
    assert (event["status"], event["source"]) == ("ok", "answer")
    assert (event["id"], event["trace"]) == ("i", "t")
    assert event["message_id"] == s.sent[0].message.message_id


async def test_with_async_a_wrong_parameter_is_told_at_once(scene: StartScene) -> None:
    s = await scene()
    reply = await s.call("send_group_msg_async", params={"group_id": GROUP})
    assert reply["error"] == "bad_params"


async def test_with_rate_limited_calls_are_paced(scene: StartScene) -> None:
    rates = {"accountBurst": 1, "accountPerSecond": 4, "chatPerSecond": 0, "jitter": 0}
    s = await scene(bridge={"pacing": rates})
    news = await news_of(s)
    begun = time.monotonic()
    for n in range(3):
        params = {"group_id": GROUP, "group_name": str(n)}
        reply = await s.call("set_group_name_rate_limited", params=params)
        assert (reply["status"], reply["retcode"]) == ("async", 1)
    for _ in range(3):
        assert (await told(news, "action.settled"))["status"] == "ok"
    assert [action for action, _ in asked(s)] == ["set_group_name"] * 3
    assert s.peer.requests[2].arrived - begun >= 2 / 4 - 0.05


# -- quick operations -----------------------------------------------------------


async def quick(s: Scene, event: Event, **operation: Any) -> dict[str, Any]:
    params = {"context": event.event, "operation": operation}
    return await s.call(".handle_quick_operation", params=params)


async def heard(s: Scene, message: str = "a question") -> Event:
    """Somebody says something to the group."""
    news = await news_of(s)
    await s.peer.group_message(GROUP, MEMBER, message)
    return await news.next_event(f"qq.group.{GROUP}.message.*")


async def test_a_quick_reply_mentions_who_asked(scene: StartScene) -> None:
    s = await scene()
    event = await heard(s)
    assert (await quick(s, event, reply="an answer"))["status"] == "ok"
    (sent,) = s.sent
    assert sent.segments[0] == {"type": "at", "data": {"qq": str(MEMBER)}}
    assert sent.text.strip() == "an answer"
    assert (await quick(s, event, reply="again", at_sender=False))["status"] == "ok"
    assert [part["type"] for part in s.sent[1].segments] == ["text"]


async def test_a_quick_reply_in_private_goes_there(scene: StartScene) -> None:
    s = await scene()
    news = await news_of(s)
    await s.peer.private_message(FRIEND, "a question")
    event = await news.next_event("qq.private.*.message.*")
    assert (await quick(s, event, reply="an answer"))["status"] == "ok"
    assert (s.sent[0].chat.kind, s.sent[0].chat.peer_id) == ("private", FRIEND)
    assert s.texts == ["an answer"]


async def test_quick_operations_are_done_in_their_order(scene: StartScene) -> None:
    s = await scene()
    event = await heard(s)
    operation = {"reply": "enough", "delete": True, "ban": True, "kick": True}
    reply = await quick(s, event, ban_duration=60, **operation)
    assert reply["status"] == "ok"
    assert [action for action, _ in asked(s)] == [
        "send_group_msg",
        "delete_msg",
        "set_group_ban",
        "set_group_kick",
    ]
    assert asked(s)[2][1]["duration"] == 60
    said = s.world.message(event.event["message_id"])
    assert said is not None and said.recalled
    assert MEMBER not in s.world.groups[GROUP].members


async def test_a_quick_operation_that_fails_says_how_far_it_came(
    scene: StartScene,
) -> None:
    s = await scene()
    event = await heard(s)
    s.peer.unknown.add("delete_msg")
    reply = await quick(s, event, reply="enough", delete=True, kick=True)
    assert (reply["status"], reply["error"]) == ("failed", "unknown_action")
    assert (reply["data"]["done"], reply["data"]["steps"]) == (1, 3)
    assert reply["data"]["message_ids"] == [s.sent[0].message.message_id]
    assert MEMBER in s.world.groups[GROUP].members


@pytest.mark.parametrize("approve", [True, False])
async def test_a_friend_is_taken_or_not(scene: StartScene, approve: bool) -> None:
    s = await scene()
    news = await news_of(s)
    flag = await s.peer.friend_request(40001, "hi")
    event = await news.next_event("qq.private.*.request.*")
    assert (await quick(s, event, approve=approve))["status"] == "ok"
    ((action, params),) = asked(s)
    assert (action, params["flag"]) == ("set_friend_add_request", flag)
    assert (40001 in s.world.friends) is approve


@pytest.mark.parametrize("approve", [True, False])
async def test_a_member_is_let_in_or_not(scene: StartScene, approve: bool) -> None:
    s = await scene()
    news = await news_of(s)
    flag = await s.peer.group_request(GROUP, 40001, "hi")
    event = await news.next_event("qq.group.*.request.*")
    reply = await quick(s, event, approve=approve, reason="no room")
    assert reply["status"] == "ok"
    ((action, params),) = asked(s)
    assert (action, params["flag"]) == ("set_group_add_request", flag)
    assert params["approve"] is approve
    assert (40001 in s.world.groups[GROUP].members) is approve


async def test_nothing_to_do_is_done(scene: StartScene) -> None:
    s = await scene()
    event = await heard(s)
    reply = await quick(s, event)
    assert (reply["status"], reply["data"]) == ("ok", None)
    assert s.peer.requests == []


# -- the end of a peer -----------------------------------------------------------


async def test_a_peer_that_ends_takes_the_answer_with_it(scene: StartScene) -> None:
    s = await scene()
    reply = await s.call("bot_exit", timeout=600_000)
    assert (reply["status"], reply["retcode"]) == ("async", 1)
    assert "bot_exit" in reply["warnings"][0]
    await s.peer.connected()
    assert (await s.call("get_status"))["status"] == "ok"
    assert [action for action, _ in asked(s)] == ["bot_exit", "get_status"]


async def test_what_napcat_never_answers_is_not_asked(scene: StartScene) -> None:
    s = await scene()
    reply = await s.call("nc_get_rkey")
    assert reply["error"] == "unsupported_by_peer"
    assert s.peer.requests == []
