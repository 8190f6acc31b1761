"""Segments by type."""

from __future__ import annotations

import copy
import dataclasses
import json
import pickle
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given

from onebus import segments
from onebus.message import Message
from onebus.segment import Segment, UnknownSegment
from onebus.segments import (
    TYPES,
    At,
    Contact,
    Dice,
    Face,
    File,
    Image,
    Json,
    Location,
    Music,
    Node,
    Poke,
    Record,
    Reply,
    Rps,
    Text,
)
from wires import CLASSES, any_segments

#: The same without types, for what a type checker would refuse.
loose: Any = segments

SCHEMA = Path(__file__).parents[3] / "schema"


def received(type: str, **data: Any) -> Segment:
    return Message.from_wire([{"type": type, "data": data}])[0]


def sent(segment: Segment) -> Any:
    return segment.to_wire()["data"]


def test_the_data_fit_their_schema() -> None:
    data = json.loads((SCHEMA / "segments.json").read_text("utf-8"))
    schema = json.loads((SCHEMA / "segments.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator(schema).validate(data)
    assert {row["type"] for row in data["segments"]} == {c.TYPE for c in CLASSES}


@pytest.mark.parametrize(
    ("segment", "type", "data"),
    [
        (Text("hi"), "text", {"text": "hi"}),
        (At(10001), "at", {"qq": "10001"}),
        (At("10001"), "at", {"qq": "10001"}),
        (At("all"), "at", {"qq": "all"}),
        (Reply(-7), "reply", {"id": "-7"}),
        (Face(14), "face", {"id": "14"}),
        (Image("https://x/a.png"), "image", {"file": "https://x/a.png"}),
        (Image(b"PNG"), "image", {"file": b"PNG"}),
        (loose.Image(bytearray(b"PNG")), "image", {"file": b"PNG"}),
        (Record(Path("/a.mp3")), "record", {"file": Path("/a.mp3")}),
        (File("/a.pdf", name="b"), "file", {"file": "/a.pdf", "name": "b"}),
        (Dice(), "dice", {}),
        (Dice(result=6), "dice", {"result": 6}),
        (Rps(2), "rps", {"result": 2}),
        (Poke(10001), "poke", {"qq": "10001"}),
        (Json({"a": 1}, config={"token": "t"}), "json",
         {"data": {"a": 1}, "config": {"token": "t"}}),
        (Location(39.9, 116, title="Beijing"), "location",
         {"lat": 39.9, "lon": 116.0, "title": "Beijing"}),
        (loose.Music("163", 5), "music", {"type": "163", "id": "5"}),
        (Contact("qq", 10001), "contact", {"type": "qq", "id": "10001"}),
        (Node(["a", Face(1)], user_id=5), "node", {
            "content": [{"type": "text", "data": {"text": "a"}},
                        {"type": "face", "data": {"id": "1"}}],
            "user_id": "5"}),
        (Face(1, result_id="2"), "face", {"id": "1", "resultId": "2"}),
        (At(1, extra={"color": "red"}), "at", {"qq": "1", "color": "red"}),
    ],
)  # fmt: skip
def test_a_segment_leaves_as_peers_take_it(
    segment: Segment, type: str, data: Any
) -> None:
    assert segment.to_wire() == {"type": type, "data": data}
    assert segment.raw == segment.to_wire()


@pytest.mark.parametrize(
    ("make", "complaint"),
    [
        (lambda: Dice(7), "Dice.result: allowed: 1 or 2 or 3 or 4 or 5 or 6, not 7"),
        (lambda: Rps(result=0), "Rps.result: allowed: 1 or 2 or 3, not 0"),
        (lambda: Dice(True), "Dice.result"),
        (lambda: At("everybody"), 'At.qq: allowed: a QQ number or "all"'),
        (lambda: loose.Text(None), "Text.text: required: a text"),
        (lambda: Image(), "Image: required: file or url or path"),
        (lambda: Location(91, 0), "Location.lat: allowed: a number from -90 to 90"),
        (lambda: Location(0, float("nan")), "Location.lon"),
        (lambda: Music("custom", url="u", audio="a"), "Music.title: required"),
        (lambda: Music("163"), "Music.id: required"),
        (lambda: loose.Contact("guild", 1), "Contact.type: allowed: 'qq' or 'group'"),
        (lambda: Reply(), "Reply: required: id or seq"),
        (lambda: loose.Image(5), "Image.file: allowed: bytes, a path"),
    ],
)  # fmt: skip
def test_what_cannot_be_sent_is_refused_at_once(make: Any, complaint: str) -> None:
    with pytest.raises(ValueError) as error:
        make()
    assert complaint in str(error.value)


def test_ids_are_integers_however_they_came() -> None:
    assert received("at", qq="10001") == At(10001) == received("at", qq=10001.0)
    assert received("mention", user_id=10001) == At(10001)
    assert received("reply", id="-7") == Reply(-7)


def test_a_pattern_tells_segments_apart() -> None:
    match received("at", qq="10001"):
        case At(qq):
            assert qq == 10001
        case _:
            pytest.fail("no At")


def test_what_a_type_does_not_know_is_kept_and_sent_again() -> None:
    wire = {"type": "at", "data": {"qq": "1", "n": None, "deep": {"a": [1]}}, "id": 2}
    (segment,) = Message.from_wire([wire])
    assert segment.extra == {"n": None, "deep": {"a": [1]}}
    assert segment.raw is wire
    assert segment.to_wire() == wire


def test_a_changed_copy_keeps_it_too() -> None:
    (segment,) = Message.from_wire([{"type": "at", "data": {"qq": "1", "n": 5}}])
    assert isinstance(segment, At)
    assert sent(dataclasses.replace(segment, qq=2)) == {"qq": "2", "n": 5}


@pytest.mark.parametrize(
    "wire",
    [
        {"type": "text", "data": {"text": 5}},
        {"type": "text", "data": None},
        {"type": "at", "data": {"qq": "somebody"}},
        {"type": "at"},
        {"type": "contact", "data": {"type": "guild", "id": 1}},
        {"type": "location", "data": {"lat": 91, "lon": 0}},
        {"type": "hologram", "data": {"size": 3}},
        {"type": 5, "data": {}},
        {},
    ],
)
def test_what_does_not_fit_its_type_is_unknown(wire: dict[str, Any]) -> None:
    (segment,) = Message.from_wire([wire])
    assert isinstance(segment, UnknownSegment)
    assert segment.raw is wire
    assert segment.to_wire() == wire


def test_what_does_not_fit_but_is_not_required_is_none() -> None:
    assert received("dice", result="9") != Dice(6)
    image = received("image", file=5, file_size="12", url="u")
    assert isinstance(image, Image)
    assert (image.file, image.file_size, image.url) == (None, 12, "u")


def test_the_content_of_a_node_is_a_message() -> None:
    for content in ("[CQ:face,id=1]", {"type": "face", "data": {"id": 1}}):
        node = received("node", content=content)
        assert isinstance(node, Node)
        assert node.content == Message(Face(1))
    assert Node("[CQ:face,id=1]").content == Message(Text("[CQ:face,id=1]"))


def test_what_is_shown_can_be_typed() -> None:
    assert repr(Location(1, 2, title="a")) == "Location(1.0, 2.0, title='a')"
    assert repr(Image(b"12345")) == "Image(<5 bytes>)"
    assert repr(Image(url="u")) == "Image(url='u')"
    assert repr(UnknownSegment("x", {"a": 1})) == "UnknownSegment('x', {'a': 1})"


@given(any_segments)
def test_a_segment_is_read_as_it_was_sent(segment: Segment) -> None:
    wire = segment.to_wire()
    (read,) = Message.from_wire([wire])
    if not any(isinstance(value, Path) for value in wire["data"].values()):
        assert read == segment
    assert read.to_wire() == wire


@given(any_segments)
def test_a_segment_can_be_copied_kept_and_counted(segment: Segment) -> None:
    kept = pickle.loads(pickle.dumps(segment))
    changed = dataclasses.replace(segment)
    for twin in (copy.copy(segment), copy.deepcopy(segment), kept, changed):
        assert twin == segment
        assert hash(twin) == hash(segment)
        assert twin.to_wire() == segment.to_wire()
    assert {segment: 1}[segment] == 1


def test_a_segment_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        At(1).qq = 2  # type: ignore[misc]
    with pytest.raises((AttributeError, TypeError)):
        At(1).other = 2  # type: ignore[attr-defined]


def test_the_names_on_the_wire_lead_to_the_types() -> None:
    assert TYPES["voice"] is Record
    assert TYPES["mention"] is At
    assert all(getattr(segments, kind.__name__) is kind for kind in CLASSES)
