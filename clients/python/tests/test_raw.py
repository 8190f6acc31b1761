"""Which event a message is, read where it lies."""

from __future__ import annotations

from typing import Any

import msgpack
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onebus.errors import MalformedMessage
from onebus.raw import RawEvent, peek

TOPIC = "qq.group.7.message.normal"

numbers = st.integers(0, 2**63 - 1)
accounts = st.text("abcdefghij0123456789_-", min_size=1, max_size=64)


def message(envelope: Any, topic: str = TOPIC) -> bytes:
    return topic.encode() + b"\0" + msgpack.packb(envelope)


def envelope(**own: Any) -> dict[str, Any]:
    usual = {"v": 1, "epoch": "0123456789abcdef", "seq": 42, "time": 1786700000000}
    return {**usual, "account": "default", "event": {"post_type": "message"}, **own}


@given(seq=numbers, time=numbers, account=accounts)
def test_what_stands_in_the_envelope_is_read(seq: int, time: int, account: str) -> None:
    data = message(envelope(seq=seq, time=time, account=account))
    assert peek(data) == RawEvent("0123456789abcdef", seq, data, time, account)


@given(st.permutations(["v", "epoch", "seq", "time", "account", "event", "x"]))
def test_the_order_of_the_keys_does_not_matter(keys: list[str]) -> None:
    usual = envelope(x=None)
    data = message({key: usual[key] for key in keys})
    found = peek(data)
    assert found == ("0123456789abcdef", 42, data, 1786700000000, "default")


def test_an_event_of_many_keys_is_read() -> None:
    data = message(envelope(**{f"key{number}": number for number in range(40)}))
    assert peek(data).seq == 42


def test_topic_and_envelope_are_at_hand() -> None:
    found = peek(message(envelope(text="a\0b")))
    assert found.topic == TOPIC
    assert found.envelope == envelope(text="a\0b")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        TOPIC.encode(),
        TOPIC.encode() + b"\0",
        TOPIC.encode() + b"\0\xc1",
        message([1, 2]),
        message({}),
        message(envelope(seq="many")),
        message(envelope(seq=None)),
        message(envelope())[:40],
    ],
)
def test_what_is_no_event_is_malformed(data: bytes) -> None:
    with pytest.raises(MalformedMessage):
        peek(data)


@given(st.binary(max_size=80))
def test_no_bytes_raise_anything_else(data: bytes) -> None:
    try:
        peek(TOPIC.encode() + b"\0" + data)
    except MalformedMessage:
        pass
