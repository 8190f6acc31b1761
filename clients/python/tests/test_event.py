"""Events as objects: where they happened, and what can be done about them."""

from __future__ import annotations

import copy
import dataclasses
import pickle
import time
from typing import Any, cast

import pytest

import onebus
from onebus import (
    Chat,
    Event,
    FriendRequest,
    GroupMessage,
    GroupRequest,
    Heartbeat,
    MessageEvent,
    OnebusError,
    RequestEvent,
    envelope,
)
from onebus.bus import Bus

BOT = 10001


class Calls:
    """A bus that keeps what it is asked for."""

    def __init__(self) -> None:
        self.made: list[tuple[str, dict[str, Any], str]] = []

    async def request(
        self, action: str, params: dict[str, Any], /, *, account: str, timeout: None
    ) -> None:
        given = {key: value for key, value in params.items() if value is not None}
        self.made.append((action, given, account))


def event(
    raw: dict[str, Any], topic: str = "", *, bus: object = None, **more: Any
) -> Event:
    around = {"epoch": "e", "seq": 1, "time": 1000, "account": "shop", "self_id": BOT}
    return envelope.event_of(
        topic, {**around, **more, "event": raw}, bus=cast("Bus | None", bus)
    )


def message(kind: str, post_type: str = "message", **fields: Any) -> dict[str, Any]:
    said: dict[str, Any] = {"message_id": 1, "user_id": 7, "message": []}
    return {"post_type": post_type, "message_type": kind, **said, **fields}


FRIEND = {"post_type": "request", "request_type": "friend", "user_id": 7, "flag": "f"}
GROUP = {**FRIEND, "request_type": "group", "group_id": 500, "sub_type": "invite"}


async def test_a_friend_is_accepted_under_a_name() -> None:
    calls = Calls()
    asked = event(FRIEND, bus=calls)
    assert isinstance(asked, FriendRequest)
    await asked.approve(remark="Lin")
    await asked.approve()
    await asked.reject("never told to a friend")
    action = "set_friend_add_request"
    assert calls.made == [
        (action, {"flag": "f", "approve": True, "remark": "Lin"}, "shop"),
        (action, {"flag": "f", "approve": True}, "shop"),
        (action, {"flag": "f", "approve": False}, "shop"),
    ]


async def test_who_wants_to_join_a_group_is_told_why_not() -> None:
    calls = Calls()
    asked = event(GROUP, bus=calls)
    assert isinstance(asked, GroupRequest)
    await asked.approve(remark="of no use here")
    await asked.reject("full")
    action, which = "set_group_add_request", {"flag": "f", "sub_type": "invite"}
    assert calls.made == [
        (action, {**which, "approve": True}, "shop"),
        (action, {**which, "approve": False, "reason": "full"}, "shop"),
    ]


async def test_an_event_that_came_over_no_bus_says_so() -> None:
    asked = event(FRIEND, "qq.private.7.request.friend")
    assert isinstance(asked, RequestEvent)
    with pytest.raises(OnebusError, match=r"qq\.private\.7"):
        await asked.approve()
    with pytest.raises(OnebusError, match="no asynchronous bus"):
        await asked.reply("hi")


@pytest.mark.parametrize(
    ("raw", "chat"),
    [
        (message("group", group_id=500, guild_id="1"), Chat("group", 500)),
        (message("private"), Chat("private", 7)),
        (message("private", group_id=500, sub_type="group"), Chat("private", 7)),
        (
            message("private", "message_sent", user_id=BOT, target_id=7),
            Chat("private", 7),
        ),
        (message("private", "message_sent", user_id=BOT), Chat("private", BOT)),
    ],
)
def test_a_message_whose_topic_has_no_chat_has_it_by_itself(
    raw: dict[str, Any], chat: Chat
) -> None:
    for topic in ("", "qq.other.10001.message"):
        said = event(raw, topic)
        assert isinstance(said, MessageEvent)
        assert said.chat == chat


def test_the_topic_decides_on_the_chat() -> None:
    said = event(message("private"), "qq.private.8.message.friend")
    assert said.chat == Chat("private", 8)


def test_its_age_is_since_the_bridge_got_it() -> None:
    received = int((time.time() - 60) * 1000)
    assert 60 <= event({}, time=received).age() < 120


MAPS = [
    message("group", group_id=500, sender={"nickname": "Lin"}),
    {"post_type": "weather", "wind": {"from": ["north"]}},
    {
        "post_type": "meta_event",
        "meta_event_type": "heartbeat",
        "status": {"online": True, "stat": {"sent": 5}},
    },
]


@pytest.mark.parametrize("raw", MAPS)
def test_events_are_values(raw: dict[str, Any]) -> None:
    policy = {"allowed": True, "tools": {"allow": ["send_msg"]}}
    one, same = (event(copy.deepcopy(raw), policy=policy) for _ in range(2))
    other = event(raw, policy=policy, seq=2)
    assert one == same != other
    assert len({one, same, other}) == 2
    assert dataclasses.replace(one, seq=2) == other
    assert pickle.loads(pickle.dumps(one)) == one


def test_a_heartbeat_may_not_know_of_qq() -> None:
    beat = event({**MAPS[2], "status": {"online": None, "good": False}})
    assert isinstance(beat, Heartbeat)
    assert (beat.status.online, beat.status.good) == (None, False)


@pytest.mark.parametrize(
    ("raw", "heard"),
    [
        (message("group", group_id=5), "group"),
        ({**GROUP, "sub_type": "invite"}, "invitation"),
        ({**GROUP, "sub_type": "add"}, "application"),
        (FRIEND, "friend"),
        ({"post_type": "weather"}, "no known type: "),
    ],
)
def test_events_are_told_apart_by_match(raw: dict[str, Any], heard: str) -> None:
    match event(raw):
        case GroupMessage(group_id=5, policy=onebus.Policy(respond=False)):
            said = "group"
        case GroupRequest(sub_type="invite"):
            said = "invitation"
        case GroupRequest():
            said = "application"
        case FriendRequest(user_id=7):
            said = "friend"
        case onebus.UnknownEvent(reason=said):
            pass
        case other:
            said = repr(other)
    assert said == heard
