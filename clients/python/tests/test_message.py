"""Messages as sequences, as text, and as what is on the wire."""

from __future__ import annotations

import copy
import pickle
import time
from typing import Any

import pytest
from hypothesis import given, strategies as st

from onebus import cq
from onebus.message import Message
from onebus.segment import Segment, UnknownSegment
from onebus.segments import At, Dice, Face, Image, Json, Node, Reply, Text
from wires import messages, texts, values, wire_messages


def bridge_text(wire: list[Any]) -> str:
    """What the bridge puts in `text`, by its contract."""
    maps = (each for each in wire if isinstance(each, dict))
    data = (each.get("data") for each in maps if each.get("type") == "text")
    found = (each.get("text") for each in data if isinstance(each, dict))
    return "".join(text for text in found if isinstance(text, str))


# ---- putting together ---------------------------------------------------------


def test_parts_are_put_together() -> None:
    expected = Message([Text("hi "), At(1), Image("a.png")])
    assert Message("hi ", At(1), Image("a.png")) == expected
    assert "hi " + At(1) + Image("a.png") == expected
    assert Message("hi ") + At(1) + [Image("a.png")] == expected
    assert Text("hi ") + At(1) + Image("a.png") == expected
    image = {"type": "image", "data": {"file": "a.png"}}
    assert Message(["hi ", [At(1), image]]) == expected
    longer = Message("hi ")
    longer += At(1)
    longer += "!"
    assert longer == Message("hi ", At(1), "!")


def test_a_string_is_text_and_never_codes() -> None:
    assert Message("[CQ:at,qq=all]").to_wire() == [
        {"type": "text", "data": {"text": "[CQ:at,qq=all]"}}
    ]


def test_nothing_is_false() -> None:
    assert not Message()
    assert not Message("")
    assert Message(" ")
    assert Message(Face(1))


@pytest.mark.parametrize("part", [5, None, b"PNG", [1], 2.5])
def test_what_is_no_part_is_refused(part: Any) -> None:
    with pytest.raises(TypeError, match="Message: allowed: text, a segment"):
        Message(part)


@given(messages, messages, messages)
def test_concatenation_is_that_of_sequences(a: Message, b: Message, c: Message) -> None:
    assert (a + b) + c == a + (b + c) == Message(a, b, c)
    assert a + Message() == a == Message() + a
    assert len(a + b) == len(a) + len(b)
    assert (a + b).text == a.text + b.text
    assert list(a + b) == [*a, *b]
    assert (a + b)[: len(a)] == a and (a + b)[len(a) :] == b


@given(st.lists(messages, max_size=4), messages)
def test_joining_is_that_of_texts(parts: list[Message], between: Message) -> None:
    joined = between.join(parts)
    assert joined.text == between.text.join(part.text for part in parts)
    assert len(joined) == sum(map(len, parts)) + len(between) * max(0, len(parts) - 1)


# ---- looking into it ----------------------------------------------------------

MIXED = Message(Reply(7), At(1), " /ban ", At(2), At(1), At("all"), Image("a"), " now ")


def test_a_message_is_asked_what_is_in_it() -> None:
    assert MIXED.text == " /ban  now "
    assert MIXED.mentions == (1, 2)
    assert MIXED.mentions_all
    assert MIXED.quoted == 7
    assert MIXED.first(Image) == Image("a")
    assert MIXED.first(Dice) is None
    assert MIXED.all(At) == (At(1), At(2), At(1), At("all"))
    assert At(2) in MIXED and At(3) not in MIXED
    assert Image in MIXED and Dice not in MIXED
    assert "ban" in MIXED and "At" not in MIXED
    assert MIXED.startswith((" /kick", " /ban")) and MIXED.endswith("now ")
    assert MIXED.index(At(2)) == 3 and MIXED.count(At(1)) == 2
    assert (Message("hi").quoted, Message("hi").mentions) == (None, ())


def test_a_message_is_cut() -> None:
    assert MIXED[1] == At(1)
    assert MIXED[-1] == Text(" now ")
    assert MIXED[1:3] == Message(At(1), " /ban ")
    assert list(reversed(MIXED))[0] == Text(" now ")
    assert MIXED.without(At, Reply) == Message(" /ban ", Image("a"), " now ")
    assert MIXED.removeprefix(" /ban") == MIXED[:2] + " " + MIXED[3:]
    assert MIXED.removeprefix("/ban") == MIXED
    assert Message("/ban").removeprefix("/ban") == Message()


def test_blanks_are_stripped_up_to_what_is_no_text() -> None:
    padded = Message(" ", "\n a ", At(1), " b ", " ")
    assert padded.strip() == Message("a ", At(1), " b")
    assert MIXED.strip() == MIXED[:-1] + " now"
    assert Message(" ", " ").strip() == Message()
    assert Message("xxaxx").lstrip("x") == Message("axx")


@given(st.lists(texts, max_size=4))
def test_of_mere_text_stripping_is_that_of_strings(parts: list[str]) -> None:
    message, text = Message(parts), "".join(parts)
    assert message.strip().text == text.strip()
    assert message.lstrip().text == text.lstrip()
    assert message.rstrip().text == text.rstrip()
    assert message.merged() == Message(text)


def test_a_message_shows_itself() -> None:
    assert repr(Message("hi ", At(1), Text(""))) == "Message('hi ', At(1), '')"
    assert str(Message("hi ", At(1))) == "hi "


@given(messages)
def test_a_message_can_be_copied_kept_and_counted(message: Message) -> None:
    for twin in (copy.copy(message), copy.deepcopy(message),
                 pickle.loads(pickle.dumps(message)), Message(message)):  # fmt: skip
        assert twin == message
        assert hash(twin) == hash(message)
        assert twin.to_wire() == message.to_wire()


# ---- the wire -----------------------------------------------------------------


@given(wire_messages)
def test_segments_leave_as_they_came(wire: list[Any]) -> None:
    message = Message.from_wire(wire)
    assert len(message) == len(wire)
    for segment, part in zip(message, wire, strict=True):
        if isinstance(part, dict):
            assert segment.to_wire() == part
        else:
            assert segment == UnknownSegment("", {"value": part})


@given(wire_messages)
def test_the_text_is_what_the_bridge_makes_of_it(wire: list[Any]) -> None:
    assert Message.from_wire(wire).text == bridge_text(wire)


@given(values | wire_messages)
def test_nothing_on_the_wire_raises(wire: Any) -> None:
    message = Message.from_wire(wire)
    assert isinstance(repr(message), str)
    assert hash(message) == hash(Message.from_wire(wire))
    assert message == Message.from_wire(wire)
    assert isinstance(message.mentions, tuple)
    assert message.quoted is None or isinstance(message.quoted, int)
    assert all(isinstance(segment, Segment) for segment in message)


def test_one_segment_and_a_string_of_codes_are_messages() -> None:
    assert Message.from_wire({"type": "at", "data": {"qq": "1"}}) == Message(At(1))
    assert Message.from_wire("hi [CQ:at,qq=1]") == Message("hi ", At(1))
    assert Message.from_wire(None) == Message.from_wire(5) == Message()


# ---- CQ codes -----------------------------------------------------------------


@given(st.text(max_size=40) | st.lists(texts, max_size=6).map("".join))
def test_any_string_is_read_and_written_as_the_same_message(source: str) -> None:
    message = Message.from_cq(source)
    assert Message.from_cq(message.to_cq()).merged() == message.merged()


@given(st.text(max_size=40) | st.lists(texts, max_size=6).map("".join))
def test_escaped_text_is_read_as_the_text(text: str) -> None:
    assert Message.from_cq(cq.escape(text)) == Message(text)
    value = cq.parse(f"[CQ:x,k={cq.escape_value(text)}]")
    assert value == [{"type": "x", "data": {"k": text}}]


def writable(message: Message) -> str | None:
    try:
        return message.to_cq()
    except cq.NoCQForm:
        return None


@given(messages)
def test_what_is_written_once_stays_as_it_is(message: Message) -> None:
    if (source := writable(message)) is not None:
        assert Message.from_cq(source).to_cq() == source
        assert Message.from_cq(source).text == message.text


def carried(message: Message) -> bool:
    """Whether codes carry it without loss: no bytes, maps or lists in it."""
    values = (value for each in message.to_wire() for value in each["data"].values())
    return not any(isinstance(value, (bytes, dict, list)) for value in values)


@given(messages)
def test_what_codes_can_carry_comes_back(message: Message) -> None:
    source = writable(message)
    if source is not None and carried(message):
        assert Message.from_cq(source) == message.merged()


def test_what_codes_carry_in_another_form() -> None:
    image, card = Message(Image(b"PNG")), Message(Json({"a": 1}))
    assert Message.from_cq(image.to_cq()) == Message(Image("base64://UE5H"))
    assert Message.from_cq(card.to_cq()) == Message(Json('{"a":1}'))
    nested = Message(Node(["a", "b", Node(["[x]", At(1)])], user_id=5))
    assert Message.from_cq(nested.to_cq()) == Message(
        Node(["ab", Node(["[x]", At(1)])], user_id=5)
    )


def test_reading_takes_a_time_that_grows_with_the_size() -> None:
    begin = time.process_time()
    assert len(cq.parse("[CQ:a,b=" * 50_000 + ",!]")) == 1
    assert time.process_time() - begin < 5
