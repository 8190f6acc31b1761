"""What befalls the account: muted, thrown out, logged off."""

from __future__ import annotations

import random
from typing import Any

import pytest
from conftest import Bridge

from onebus.sim import ActionFailed, Message, Simulator, World, actions

BOT, OWNER, GROUP = 10001, 1, 500


class Clock:
    """Turned by hand."""

    def __init__(self) -> None:
        self.seconds = 1_700_000_000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def world(clock: Clock) -> World:
    made = World(BOT, "bot", now=clock, rng=random.Random(1))
    made.add_group(GROUP, "tea", bot_role="member")
    made.add_member(GROUP, OWNER, "owner", role="owner")
    made.add_friend(7, "Friend")
    return made


def say(world: World, **to: int) -> tuple[int, str]:
    """The code and the text of a send; 0 and nothing when it got through."""
    try:
        actions.perform(world, "send_msg", {"message": "x", **to})
    except ActionFailed as failure:
        return failure.retcode, failure.wording
    return 0, ""


def notices(world: World) -> list[tuple[Any, ...]]:
    keys = ("notice_type", "sub_type", "group_id", "user_id", "duration")
    return [
        tuple(event.get(key) for key in keys)
        for event in world.take_events()
        if not isinstance(event, Message)
    ]


def test_a_mute_ends_by_itself(world: World, clock: Clock) -> None:
    world.mute(GROUP, 60, OWNER)
    code, wording = say(world, group_id=GROUP)
    assert (code, '"result": 120' in wording) == (1200, True)
    assert wording.startswith("EventChecker Failed: NTEvent serviceAndMethod:")
    assert say(world, user_id=7)[0] == 0
    clock.seconds += 60
    assert say(world, group_id=GROUP)[0] == 0
    assert notices(world) == [("group_ban", "ban", GROUP, BOT, 60)]


def test_a_mute_is_lifted(world: World) -> None:
    world.mute(GROUP)
    listed = actions.perform(world, "get_group_shut_list", {"group_id": GROUP})
    assert [member["uin"] for member in listed] == [str(BOT)]
    world.unmute(GROUP)
    assert say(world, group_id=GROUP)[0] == 0
    assert notices(world)[1] == ("group_ban", "lift_ban", GROUP, BOT, 0)
    assert actions.perform(world, "get_group_shut_list", {"group_id": GROUP}) == []


def test_the_whole_group_is_muted(world: World) -> None:
    world.mute_all(GROUP)
    assert say(world, group_id=GROUP)[0] == 1200
    world.unmute_all(GROUP)
    assert say(world, group_id=GROUP)[0] == 0
    assert notices(world) == [
        ("group_ban", "ban", GROUP, 0, -1),
        ("group_ban", "lift_ban", GROUP, 0, 0),
    ]


def test_thrown_out_and_let_in_again(world: World) -> None:
    world.kick_bot(GROUP, OWNER)
    code, wording = say(world, group_id=GROUP)
    assert (code, '"result": 110' in wording) == (1200, True)
    assert actions.perform(world, "get_group_list", {}) == []
    world.rejoin(GROUP)
    assert say(world, group_id=GROUP)[0] == 0
    assert world.groups[GROUP].name == "tea" and OWNER in world.groups[GROUP].members
    assert notices(world) == [
        ("group_decrease", "kick_me", GROUP, BOT, None),
        ("group_increase", "approve", GROUP, BOT, None),
    ]


def test_logged_off(world: World) -> None:
    world.go_offline()
    (event,) = world.take_events()
    assert isinstance(event, dict) and event["notice_type"] == "bot_offline"
    assert event["user_id"] == BOT and event["tag"] and event["message"]
    for to in ({"group_id": GROUP}, {"user_id": 7}):
        code, wording = say(world, **to)
        assert (code, wording.startswith("Timeout: NTEvent")) == (1200, True)
    assert actions.perform(world, "get_status", {})["online"] is False
    with pytest.raises(ActionFailed):
        upload = {"group_id": GROUP, "file": "base64://eA==", "name": "x"}
        actions.perform(world, "upload_group_file", upload)
    assert world.sent == []
    world.go_online()
    assert say(world, user_id=7)[0] == 0


async def test_a_bridge_is_told_of_the_mute_and_of_the_failure(
    bridge: Bridge, sim: Simulator
) -> None:
    sim.world.add_group(GROUP, "g")
    sim.world.mute(GROUP, 60)
    await sim.flush()
    assert (await bridge.frame())["duration"] == 60
    answer = await bridge.call("send_group_msg", group_id=GROUP, message="x")
    assert (answer["status"], answer["retcode"], answer["data"]) == (
        "failed",
        1200,
        None,
    )
