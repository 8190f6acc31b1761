"""Answers: where they go, and what is put before them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from onebus import At, Event, Message, Reply, Text, wire
from onebus.envelope import event_of

EXAMPLES = Path(__file__).parents[3] / "schema" / "examples"


def heard(example: str, **changes: Any) -> Event:
    """An event of the contract's examples, with some of its fields changed."""
    told = json.loads((EXAMPLES / f"{example}.json").read_text(encoding="utf-8"))
    envelope = dict(told["envelope"])
    envelope["event"] = {**envelope["event"], **changes}
    return event_of(told["topic"], envelope)


def answer(event: Event, **options: bool) -> tuple[str, dict[str, Any]]:
    return wire.answer(event, "hi", **{"quote": False, "at": False, **options})


def test_in_a_group_it_goes_to_the_group() -> None:
    event = heard("group-text")
    action, params = answer(event)
    assert action == "send_group_msg"
    assert params == {"group_id": event.raw["group_id"], "message": Message("hi")}


def test_it_quotes_and_mentions_by_choice() -> None:
    event = heard("group-text")
    _, params = answer(event, quote=True, at=True)
    user, message = event.raw["user_id"], event.raw["message_id"]
    assert params["message"] == Message(Reply(message), At(user), Text(" "), "hi")


def test_a_friend_is_answered_and_mentioned_never() -> None:
    event = heard("private-text")
    action, params = answer(event, at=True)
    assert action == "send_private_msg"
    assert params["user_id"] == event.raw["user_id"]
    assert params["message"] == Message("hi")
    assert params["group_id"] is None


def test_a_temporary_chat_is_answered_through_its_group() -> None:
    assert answer(heard("private-temporary-chat"))[1]["group_id"] == 434395907
    of_go_cqhttp = heard(
        "private-temporary-chat", group_id=None, sender={"group_id": 700}
    )
    assert answer(of_go_cqhttp)[1]["group_id"] == 700
    of_none = heard("private-temporary-chat", group_id=0, sender=None)
    assert answer(of_none)[1]["group_id"] is None


def test_what_is_in_no_chat_cannot_be_answered() -> None:
    with pytest.raises(ValueError, match="no chat to answer in"):
        answer(heard("meta-heartbeat"))


def test_a_notice_cannot_be_quoted() -> None:
    with pytest.raises(ValueError, match="no message that could be quoted"):
        answer(heard("notice-poke-group"), quote=True)


def test_a_string_is_text_wherever_a_message_is_wanted() -> None:
    code = "[CQ:at,qq=all]"
    text = [{"type": "text", "data": {"text": code}}]
    assert wire.params("x", {"message": code, "other": code}) == {
        "message": text,
        "other": code,
    }
    quick = wire.params("x", {"operation": {"reply": code, "at_sender": False}})
    assert quick == {"operation": {"reply": text, "at_sender": False}}
    nothing = {"operation": {"delete": True, "reply": None}}
    assert wire.params("x", nothing) == nothing
    assert wire.params("x", {"operation": "all"}) == {"operation": "all"}


def test_segments_and_messages_are_maps_wherever_they_stand() -> None:
    at = {"type": "at", "data": {"qq": "1"}}
    params = wire.params("x", {"a": At(1), "b": [Message(At(1))], "c": {"d": (At(1),)}})
    assert params == {"a": at, "b": [[at]], "c": {"d": [at]}}


def test_the_message_of_a_kick_is_a_plain_string() -> None:
    for action in ("set_group_kick", "set_group_kick_async", "kickGroupMember"):
        assert wire.params(action, {"message": "bye"}) == {"message": "bye"}
