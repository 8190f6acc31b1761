"""Several accounts in one QQ, and ids that differ from start to start."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from onebus.sim import Chat, Message, Simulator, World, actions, cq

#: How the bridge is found.
WAYS = ("nng", "nats")

FIRST, SECOND, GROUP = 10001, 10002, 700
TEA = Chat("group", GROUP)


def two(**settings: Any) -> tuple[World, World]:
    """The worlds of two accounts that share a group."""
    first = Simulator(self_id=FIRST, nickname="First", **settings)
    second = Simulator(self_id=SECOND, nickname="Second", beside=first, **settings)
    for sim in (first, second):
        sim.world.add_group(GROUP, "tea")
    return first.world, second.world


def notices(world: World) -> list[dict[str, Any]]:
    return [event for event in world.take_events() if isinstance(event, dict)]


def test_what_one_bot_says_the_other_hears() -> None:
    first, second = two()
    to_group = {"group_id": GROUP, "message": "hi"}
    sent = actions.perform(first, "send_group_msg", to_group)
    (heard,) = second.history(TEA)
    assert (heard.sender_id, heard.nickname) == (FIRST, "First")
    assert cq.plain_text(heard.segments) == "hi"
    assert heard.message_id != sent["message_id"]
    assert heard.real_seq == first.history(TEA)[0].real_seq


def test_a_quote_has_the_id_that_each_bot_knows() -> None:
    first, second = two()
    question = first.say_in_group(GROUP, 42, cq.decode("?"))
    quote = f"[CQ:reply,id={question.message_id}]!"
    actions.perform(first, "send_group_msg", {"group_id": GROUP, "message": quote})
    heard_question, heard_answer = second.history(TEA)
    quoted = heard_answer.segments[0]["data"]["id"]
    assert quoted == str(heard_question.message_id) != str(question.message_id)


def test_bots_write_to_each_other_in_private() -> None:
    first, second = two()
    actions.perform(first, "send_private_msg", {"user_id": SECOND, "message": "psst"})
    (heard,) = second.history(Chat("private", FIRST))
    assert heard.sender_id == FIRST
    (said,) = first.history(Chat("private", SECOND))
    assert said.sender_id == FIRST


def test_what_is_taken_back_is_gone_for_both() -> None:
    first, second = two()
    said = first.say_in_group(GROUP, 42, cq.decode("oops"))
    copy = second.history(TEA)[0]
    second.recall(copy.message_id, SECOND)
    assert said.recalled and first.history(TEA) == []
    assert notices(first)[-1]["message_id"] == said.message_id
    assert notices(second)[-1]["message_id"] == copy.message_id


def test_reactions_are_counted_together() -> None:
    first, second = two()
    said = first.say_in_group(GROUP, 42, cq.decode("nice"))
    first.react(said.message_id, 42, "76", on=True)
    second.react(said.copies[SECOND].message_id, SECOND, "76", on=True)
    assert [notice["likes"][0]["count"] for notice in notices(first)] == [1, 2]


@pytest.mark.parametrize(
    ("act", "type_of_notice"),
    [
        (lambda world: world.ban(GROUP, 42, 60, FIRST), "group_ban"),
        (lambda world: world.set_admin(GROUP, 42, on=True), "group_admin"),
        (lambda world: world.join(GROUP, 43), "group_increase"),
        (lambda world: world.leave(GROUP, 42), "group_decrease"),
        (lambda world: world.poke(42, FIRST, group_id=GROUP), "notify"),
        (lambda world: world.rename_group(GROUP, "new", 42), "notify"),
    ],
)  # fmt: skip
def test_what_happens_in_a_group_is_told_to_both(
    act: Callable[[World], None], type_of_notice: str
) -> None:
    worlds = two()
    worlds[0].member(GROUP, 42)
    act(worlds[0])
    for world in worlds:
        (notice,) = notices(world)
        assert (notice["notice_type"], notice["self_id"]) == (
            type_of_notice,
            world.self_id,
        )
    assert worlds[0].groups[GROUP] is worlds[1].groups[GROUP]


def test_one_bot_is_thrown_out_and_the_other_stays() -> None:
    first, second = two()
    second.kick(GROUP, FIRST, SECOND)
    assert GROUP not in first.groups
    assert FIRST not in second.groups[GROUP].members
    assert [notice["sub_type"] for notice in notices(first)] == ["kick_me"]
    assert [notice["sub_type"] for notice in notices(second)] == ["kick"]
    second.say_in_group(GROUP, 42, cq.decode("who was that?"))
    assert first.take_events() == []
    first.rejoin(GROUP)
    assert set(first.groups[GROUP].members) == {FIRST, SECOND, 42}


def test_each_thing_is_news_once() -> None:
    first, second = two()
    news: list[Any] = []
    first.commons.listeners.append(news.append)
    first.say_in_group(GROUP, 42, cq.decode("hi"))
    second.ban(GROUP, 42, 60, 42)
    second.kick(GROUP, FIRST, 42)
    assert len(news) == 3


def test_a_file_that_both_hear_of_can_be_got_by_both() -> None:
    first, second = two()
    image = first.file_in_message("image", "a.png", b"picture")
    first.say_in_group(GROUP, 42, [image])
    got = actions.perform(second, "get_image", {"file": "a.png"})
    assert got["file_size"] == "7"


def test_two_bots_cannot_have_one_account() -> None:
    first = Simulator(self_id=FIRST)
    with pytest.raises(ValueError, match="two bots with the account 10001"):
        Simulator(self_id=FIRST, beside=first)


def said_by(sim: Simulator) -> Message:
    return sim.world.say_in_group(GROUP, 42, cq.decode("hi"))


def test_a_simulator_started_again_gives_other_ids_and_higher_numbers() -> None:
    starts = [1_700_000_000.0, 1_700_000_100.0]
    before, after = (said_by(Simulator(seed=7, now=lambda t=t: t)) for t in starts)
    assert before.message_id != after.message_id
    assert before.real_seq < after.real_seq


def test_fixed_ids_are_the_same_at_each_start() -> None:
    starts = [1_700_000_000.0, 1_700_000_100.0]
    before, after = (
        said_by(Simulator(seed=7, fixed_ids=True, now=lambda t=t: t)) for t in starts
    )
    other = said_by(Simulator(seed=8, fixed_ids=True))
    assert (before.message_id, before.real_seq) == (after.message_id, 1)
    assert before.message_id != other.message_id
