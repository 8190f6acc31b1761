"""Messages of the bus, read into events."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgpack
import pytest
from hypothesis import given
from hypothesis import strategies as st

import onebus
from onebus import (
    ActionSettled,
    Chat,
    Event,
    GroupMessage,
    MalformedMessage,
    MessageEvent,
    Policy,
    PrivateMessage,
    UnknownEvent,
    envelope,
    events,
)
from onebus.raw import peek

SCHEMA = Path(__file__).parents[3] / "schema"
EXAMPLES = sorted((SCHEMA / "examples").glob("*.json"))


def message_of(example: dict[str, Any]) -> bytes:
    body: bytes = msgpack.packb(example["envelope"])
    return example["topic"].encode() + b"\0" + body


def example(name: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((SCHEMA / f"examples/{name}.json").read_text())
    return data


def made(event: dict[str, Any], topic: str = "qq.group.7.x", **more: Any) -> Event:
    """An event as it would come from the bus."""
    around = {
        "v": 1,
        "epoch": "e",
        "seq": 5,
        "time": 1_700_000_000_123,
        "account": "default",
        "self_id": 10001,
        "type": "x",
        "key": "k",
        **more,
        "event": event,
    }
    return envelope.decode(topic.encode() + b"\0" + msgpack.packb(around))


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_each_example_of_the_contract_is_read(file: Path) -> None:
    wanted = json.loads(file.read_text())
    event = envelope.decode(message_of(wanted))
    around = wanted["envelope"]
    assert event.topic == wanted["topic"]
    assert (event.epoch, event.seq) == (around["epoch"], around["seq"])
    assert event.envelope == around
    assert event.raw == around["event"]
    assert event.key == around["key"]
    header = peek(message_of(wanted))
    assert (header.topic, header.seq) == (event.topic, event.seq)
    is_odd = file.stem in ("odd-tokens", "other-post-type")
    assert isinstance(event, UnknownEvent) == is_odd
    if isinstance(event, MessageEvent):
        assert event.text == around["text"]
        assert event.message.text == around["text"]
        assert event.policy.respond == around["policy"]["respond"]


def test_a_group_message_has_typed_fields() -> None:
    event = envelope.decode(message_of(example("group-reply-image")))
    match event:
        case GroupMessage(group_id=group, user_id=user, text=text, sender=sender):
            assert (group, user, text) == (434395907, 2274735204, " 这张图\n第二行。")
            assert (sender.nickname, sender.role) == ("夜航船", "member")
        case _:
            pytest.fail(f"{event!r}")
    assert event.chat == Chat("group", 434395907)
    assert event.message.quoted == 2005105714
    assert event.message.mentions == (1152921504,)
    assert event.real_seq == "41721"


def test_events_are_frozen_and_comparable() -> None:
    one, two = (envelope.decode(message_of(example("group-text"))) for _ in range(2))
    assert one == two
    with pytest.raises(dataclasses.FrozenInstanceError):
        one.seq = 1  # type: ignore[misc]


@pytest.mark.parametrize("written", [42, 42.0, "42"])
def test_a_number_may_be_written_in_any_form(written: Any) -> None:
    event = made(
        {
            "post_type": "notice",
            "notice_type": "group_admin",
            "sub_type": "set",
            "group_id": written,
            "user_id": written,
        }
    )
    assert isinstance(event, onebus.GroupAdmin)
    assert (event.group_id, event.user_id) == (42, 42)


@pytest.mark.parametrize("wrong", [None, "x", 1.5, True, [], {}, ""])
def test_what_lacks_what_its_class_needs_is_unknown_and_says_why(wrong: Any) -> None:
    raw = {
        "post_type": "notice",
        "notice_type": "group_admin",
        "sub_type": "set",
        "group_id": 1,
        "user_id": wrong,
    }
    event = made(raw)
    assert isinstance(event, UnknownEvent)
    assert event.reason.startswith("user_id: ")
    assert event.raw == raw


def test_what_is_of_no_use_in_an_optional_field_is_none_there() -> None:
    event = made(
        {
            "post_type": "message",
            "message_type": "private",
            "message_id": 1,
            "user_id": 2,
            "message": [],
            "sender": {"nickname": ["odd"], "age": "12"},
            "target_id": "no number",
        },
        "qq.private.2.message",
    )
    assert isinstance(event, PrivateMessage)
    assert (event.sender.nickname, event.sender.age) == (None, 12)
    assert event.target_id is None
    assert event.raw["target_id"] == "no number"
    assert event.policy.allowed
    assert not event.policy.respond


def test_an_event_without_a_time_has_that_of_the_bridge() -> None:
    assert made({"post_type": "x"}).time == 1_700_000_000


def test_the_bridges_own_events_are_told_by_their_type() -> None:
    event = made(
        {"action": "send_msg", "status": "ok", "source": "answer", "message_id": 5},
        "qq.bridge.default.action.settled",
        type="bridge.action.settled",
    )
    assert isinstance(event, ActionSettled)
    assert (event.status, event.message_id, event.chat) == ("ok", 5, None)


@pytest.mark.parametrize(
    ("topic", "chat"),
    [
        ("qq.group.20002.message.normal", Chat("group", 20002)),
        ("qq.private.30003.notice.friend_recall", Chat("private", 30003)),
        ("qq.private.-5.message", Chat("private", -5)),
        ("qq.group._.message", None),
        ("qq.meta.10001.heartbeat", None),
        ("qq.bridge.default.link.up", None),
        ("qq.other.10001.weather", None),
        ("", None),
    ],
)
def test_the_chat_is_in_the_topic(topic: str, chat: Chat | None) -> None:
    assert onebus.event.chat_of(topic) == chat


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"qq.group.1.x",
        b"qq.x\0",
        b"qq.x\0\xc1",
        b"qq.x\0\x01",
        b"qq.x\0\x80",
        b"qq.x\0" + msgpack.packb({"seq": "x", "epoch": 1, "time": 1, "account": "a"}),
        b"qq.x\0" + msgpack.packb({"seq": 1, "epoch": "e", "time": 1, "account": "a"}),
    ],
)
def test_what_is_no_message_of_the_bridge_is_told(message: bytes) -> None:
    with pytest.raises(MalformedMessage):
        envelope.decode(message)


def test_the_keys_of_an_envelope_may_come_in_any_order() -> None:
    wanted = example("group-text")
    turned = dict(reversed(wanted["envelope"].items()))
    message = wanted["topic"].encode() + b"\0" + msgpack.packb(turned)
    assert peek(message).seq == wanted["envelope"]["seq"]
    assert envelope.decode(message) == envelope.decode(message_of(wanted))


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats()
    | st.text(),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
WORDS = st.sampled_from(
    sorted({word for selector in events.CLASSES for word in selector if word})
)
FIELDS = st.sampled_from(
    sorted(
        {field.name for _, fields in events.CLASSES.values() for field in fields}
        | {"post_type", "notice_type", "message_type", "request_type"}
        | {"sub_type", "time"}
    )
)


@given(st.dictionaries(FIELDS, WORDS | VALUES), st.text(max_size=30))
def test_any_event_at_all_is_read(raw: dict[str, Any], written: str) -> None:
    event = made(raw, type=written)
    if isinstance(event, MessageEvent):
        list(event.message)
    assert repr(event)


RIGHT = st.fixed_dictionaries(
    {
        "epoch": st.text(),
        "seq": st.integers(0, 2**63),
        "time": st.integers(0, 2**63),
        "account": st.text(),
        "type": WORDS.map("bridge.{}".format),
        "policy": st.dictionaries(
            st.sampled_from(sorted(Policy.__dataclass_fields__)), VALUES
        ),
        "event": st.dictionaries(FIELDS, WORDS | VALUES),
    }
)
KEYS = ("epoch", "seq", "time", "account", "type", "policy", "event", "self_id", "peer")


def over(right: dict[str, Any], wrong: dict[str, Any]) -> dict[str, Any]:
    return {**right, **wrong}


WRONG = st.dictionaries(st.sampled_from((*KEYS, "origin", "key", "text")), VALUES)
#: Envelopes in which some things are wrong, and those in which all are.
ENVELOPES = st.builds(over, RIGHT, WRONG) | VALUES


def outcome(read: Callable[[bytes], Any], message: bytes) -> Any:
    """What is read, or None where it is refused; nothing else is raised."""
    try:
        return read(message)
    except MalformedMessage as refused:
        assert str(refused)
        return None


@given(ENVELOPES)
def test_any_envelope_is_read_or_refused(around: Any) -> None:
    for message in (b"qq.x\0" + msgpack.packb(around), msgpack.packb(around)):
        event = outcome(envelope.decode, message)
        outcome(peek, message)
        if event is not None:
            assert isinstance(hash(event), int)


@given(st.binary(), st.sampled_from(EXAMPLES), st.integers(0), st.integers(0))
def test_any_bytes_are_read_or_refused(
    noise: bytes, file: Path, at: int, to: int
) -> None:
    whole = message_of(json.loads(file.read_text()))
    at, to = sorted((at % len(whole), to % len(whole)))
    for message in (noise, b"qq.x\0" + noise, whole[:at] + noise + whole[to:]):
        outcome(envelope.decode, message)
        outcome(peek, message)


@pytest.mark.parametrize("depth", [1000, 5000])
def test_what_is_nested_deeply_is_read_or_refused(depth: int) -> None:
    deep = b"\x91" * depth + b"\xc0"
    group = {"post_type": "message", "message_type": "group", "message_id": 1}
    for key in ("user_id", "message", "sender"):
        head = msgpack.packb({"epoch": "e", "seq": 1, "time": 1, "account": "a"})
        packed = msgpack.packb({**group, "group_id": 2, "user_id": 3, "message": []})
        message = b"qq.x\0" + bytes([head[0] + 1]) + head[1:] + msgpack.packb("event")
        message += bytes([packed[0] + 1]) + packed[1:] + msgpack.packb(key) + deep
        outcome(envelope.decode, message)
        outcome(peek, message)
    outcome(envelope.decode, b"qq.x\0" + deep)


def test_a_header_is_read_without_the_event() -> None:
    message = message_of(example("group-text"))
    assert peek(message[:200]).seq == peek(message).seq
    with pytest.raises(MalformedMessage):
        envelope.decode(message[:200])


POLICY = {"allowed": True, "respond": True, "mentioned": 1, "reason": "open"}


@pytest.mark.parametrize("key", ["type", "peer", "origin", "key", "text", "self_id"])
@pytest.mark.parametrize("wrong", [None, [], {}, b"x", True])
def test_what_is_ill_typed_around_an_event_is_as_if_missing(
    key: str, wrong: Any
) -> None:
    around = {"origin": "live", "key": "k", "text": "hi", **{key: wrong}}
    raw = example("group-text")["envelope"]["event"]
    event = made(raw, **around)
    assert isinstance(event, GroupMessage)
    assert getattr(event, key) in ("", None, 0)


@pytest.mark.parametrize("skills", [None, 5, "chat", {"a": 1}])
def test_what_is_ill_typed_in_a_policy_grants_nothing(skills: Any) -> None:
    raw = example("group-text")["envelope"]["event"]
    event = made(raw, policy={**POLICY, "skills": skills, "tools": "all"})
    assert isinstance(event, GroupMessage)
    assert event.policy == Policy(
        allowed=True, respond=True, mentioned=False, reason="open"
    )


def test_a_policy_has_what_the_settings_give_the_group() -> None:
    raw = example("group-text")["envelope"]["event"]
    more = {"skills": ["chat", 5], "system_prompt": "Be brief.", "from_bot": True}
    event = made(raw, policy={**POLICY, **more, "tools": {"allow": ["get_*"]}})
    assert isinstance(event, GroupMessage)
    assert event.policy.skills == ("chat",)
    assert event.policy.system_prompt == "Be brief."
    assert event.policy.from_bot
    assert event.policy.tools == {"allow": ["get_*"]}
