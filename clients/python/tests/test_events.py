"""Frames against samples in NapCat's shape."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

from onebus.sim import World, cq, events, js

BOT, USER, ADMIN, GROUP, NOW = 3889001741, 2274735204, 1152921504, 434395907, 1786703402
HEAD = f'{{"time":{NOW},"self_id":{BOT},"post_type":'
IN_GROUP = f'{HEAD}"notice","group_id":{GROUP},"user_id":{USER},"notice_type":'


@pytest.fixture
def world() -> World:
    made = World(BOT, "机器人", now=lambda: NOW, rng=random.Random(1))
    made.add_group(GROUP, "月黑风高写作业夜")
    made.add_member(GROUP, USER, "夜航船")
    return made


def numbered(frame: dict[str, Any], message_id: int = 32313827) -> str:
    """The frame as text, its message id replaced by a known one."""
    same = ("message_id", "message_seq", "real_id")
    return js.dumps({key: message_id if key in same else v for key, v in frame.items()})


def test_a_group_message(world: World) -> None:
    said = world.say_in_group(GROUP, USER, cq.decode("1111"))
    assert numbered(events.message(BOT, said, "array")) == (
        f'{{"self_id":{BOT},"user_id":{USER},"time":{NOW},"message_id":32313827,'
        '"message_seq":32313827,"real_id":32313827,"real_seq":"1",'
        f'"message_type":"group","sender":{{"user_id":{USER},"nickname":"夜航船",'
        '"card":"","role":"member"},"raw_message":"1111","font":14,'
        '"sub_type":"normal","message":[{"type":"text","data":{"text":"1111"}}],'
        '"message_format":"array","post_type":"message",'
        f'"group_id":{GROUP},"group_name":"月黑风高写作业夜"}}'
    )


def test_a_private_message_in_string_form(world: World) -> None:
    said = world.say_privately(USER, [cq.text_segment("  a[b] ")])
    frame = events.message(BOT, said, "string")
    assert frame["message"] == frame["raw_message"] == "a&#91;b&#93;"
    assert list(frame)[-2:] == ["post_type", "target_id"]
    assert (frame["target_id"], frame["sender"]["card"]) == (USER, "")
    assert "role" not in frame["sender"]


def test_own_messages(world: World) -> None:
    said = world.say_in_group(GROUP, BOT, cq.decode("x"))
    frame = events.message(BOT, said, "array")
    assert list(frame)[-5:] == [
        "post_type",
        "message_sent_type",
        "group_id",
        "group_name",
        "target_id",
    ]
    assert (frame["post_type"], frame["message_sent_type"]) == ("message_sent", "self")
    assert frame["target_id"] == GROUP


def test_a_temporary_chat(world: World) -> None:
    frame = events.message(
        BOT, world.say_privately(USER, cq.decode("x"), from_group=GROUP), "array"
    )
    assert list(frame)[-3:] == ["group_id", "temp_source", "target_id"]
    assert frame["sub_type"] == "group"


def test_sequences_count_in_each_chat(world: World) -> None:
    first = world.say_in_group(GROUP, USER, [])
    second = world.say_in_group(GROUP, BOT, [])
    other = world.say_privately(USER, [])
    assert (first.real_seq, second.real_seq, other.real_seq) == (1, 2, 1)


@pytest.mark.parametrize(
    ("happen", "text"),
    [
        (lambda w: w.ban(GROUP, USER, 600, ADMIN),
         f'{IN_GROUP}"group_ban","operator_id":{ADMIN},"duration":600,"sub_type":"ban"}}'),
        (lambda w: w.ban(GROUP, USER, 0, ADMIN),
         f'{IN_GROUP}"group_ban","operator_id":{ADMIN},"duration":0,"sub_type":"lift_ban"}}'),
        (lambda w: w.ban_all(GROUP, ADMIN, on=True),
         f'{HEAD}"notice","group_id":{GROUP},"user_id":0,"notice_type":"group_ban",'
         f'"operator_id":{ADMIN},"duration":-1,"sub_type":"ban"}}'),
        (lambda w: w.leave(GROUP, USER),
         f'{IN_GROUP}"group_decrease","sub_type":"leave","operator_id":0}}'),
        (lambda w: w.kick(GROUP, USER, ADMIN),
         f'{IN_GROUP}"group_decrease","sub_type":"kick","operator_id":{ADMIN}}}'),
        (lambda w: w.disband(GROUP),
         f'{HEAD}"notice","group_id":{GROUP},"user_id":0,"notice_type":"group_decrease",'
         '"sub_type":"disband","operator_id":0}'),
        (lambda w: w.join(GROUP, USER, operator_id=ADMIN),
         f'{IN_GROUP}"group_increase","operator_id":{ADMIN},"sub_type":"approve"}}'),
        (lambda w: w.set_admin(GROUP, USER, on=True),
         f'{IN_GROUP}"group_admin","sub_type":"set"}}'),
        (lambda w: w.set_title(GROUP, USER, "t"),
         f'{IN_GROUP}"notify","sub_type":"title","title":"t"}}'),
        (lambda w: w.rename_group(GROUP, "新群名", USER),
         f'{IN_GROUP}"notify","sub_type":"group_name","name_new":"新群名"}}'),
    ],
)  # fmt: skip
def test_notices(world: World, happen: Callable[[World], None], text: str) -> None:
    happen(world)
    (event,) = world.take_events()
    assert js.dumps(event) == text


def test_requests(world: World) -> None:
    world.ask_friendship(USER, "我是小明&[x]")
    world.ask_group(GROUP, USER, "c")
    friend, group = world.take_events()
    assert js.dumps(friend) == (
        f'{HEAD}"request","request_type":"friend","user_id":{USER},'
        f'"comment":"我是小明&[x]","flag":"{NOW}"}}'
    )
    assert isinstance(group, dict)
    assert list(group)[3:] == [
        "request_type", "group_id", "user_id", "comment", "flag", "sub_type",
    ]  # fmt: skip
    assert len(group["flag"]) >= 16


def test_meta_events() -> None:
    assert js.dumps(events.lifecycle(NOW, BOT)) == (
        f'{HEAD}"meta_event","meta_event_type":"lifecycle","sub_type":"connect"}}'
    )
    assert js.dumps(events.heartbeat(NOW, BOT, 30000)) == (
        f'{HEAD}"meta_event","meta_event_type":"heartbeat",'
        '"status":{"online":true,"good":true},"interval":30000}'
    )
