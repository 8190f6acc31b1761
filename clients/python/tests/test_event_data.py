"""The data of the events against frames of each implementation."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgpack
import pytest

from onebus import Event, MessageEvent, UnknownEvent, envelope
from onebus.message import Message

ROOT = Path(__file__).parents[3]
DATA: dict[str, Any] = json.loads((ROOT / "schema/events.json").read_text())
KINDS: dict[str, dict[str, Any]] = {kind["class"]: kind for kind in DATA["events"]}
FRAMES = sorted((ROOT / "tests/fixtures/events").glob("*.json"))
CONTRACT = (ROOT / "schema/README.md").read_text()

DETAILS = ("message_type", "notice_type", "request_type", "meta_event_type")


def frame(file: Path) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(file.read_text())
    return data


def read(raw: dict[str, Any]) -> Event:
    around = {"epoch": "e", "seq": 1, "time": 1, "account": "a", "event": raw}
    return envelope.decode(b"qq.other.1.x\0" + msgpack.packb(around))


def kind_of(raw: dict[str, Any]) -> dict[str, Any]:
    """The row of the data that a frame belongs to."""
    detail = next(raw[key] for key in DETAILS if key in raw)
    (kind,) = (
        kind
        for kind in KINDS.values()
        if (kind["post_type"], kind["detail"]) == (raw["post_type"], detail)
        and kind.get("sub_type", raw.get("sub_type")) == raw.get("sub_type")
    )
    return kind


def told(
    raw: dict[str, Any], fields: dict[str, Any], found: object
) -> Iterator[tuple[str, dict[str, Any], Any, Any]]:
    """Each field that a frame has: name, data, value there, value in the object.

    Those of maps within it as well.
    """
    for key, field in fields.items():
        name = key.removesuffix("?")
        if raw.get(name) is None:
            continue
        there, here = raw[name], getattr(found, name)
        yield name, field, there, here
        if field["type"] in DATA["shapes"] and here is not None:
            yield from told(there, DATA["shapes"][field["type"]]["fields"], here)


@pytest.mark.parametrize("file", FRAMES, ids=lambda file: file.stem)
def test_each_frame_is_of_the_class_that_the_data_says(file: Path) -> None:
    raw = frame(file)
    event = read(raw)
    assert not isinstance(event, UnknownEvent), event.reason
    assert type(event).__name__ == kind_of(raw)["class"]
    assert event.time == raw["time"]


@pytest.mark.parametrize("file", FRAMES, ids=lambda file: file.stem)
def test_no_field_of_a_frame_is_lost(file: Path) -> None:
    raw = frame(file)
    for name, field, there, here in told(raw, kind_of(raw)["fields"], read(raw)):
        assert here is not None, f"{name}: {there!r} is no {field['type']}"
        if field["type"] in ("str", "int", "bool", "float"):
            assert here == type(here)(there)
            assert there in field.get("values", [there])
        if field["type"] == "message":
            assert here == Message.from_wire(there)


def test_there_is_a_frame_for_each_class_of_the_implementations() -> None:
    met = {kind_of(frame(file))["class"] for file in FRAMES}
    assert met == {n for n, kind in KINDS.items() if kind["post_type"] != "bridge"}


def table(heading: str) -> list[list[str]]:
    """The cells of the first table of section 6 whose head begins so."""
    section = CONTRACT.partition("## 6. ")[2].partition("\n## ")[0]
    rows = section.partition(f"| {heading} |")[2].partition("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in row.strip("|").split(" | ")] for row in rows]


def test_the_bridges_own_events_have_the_fields_that_the_contract_says() -> None:
    words = {word for row in table("event") for word in re.findall(r"`(\w+)`", row[1])}
    own = [kind for kind in KINDS.values() if kind["post_type"] == "bridge"]
    for kind in own:
        for key, field in kind["fields"].items():
            assert {key.removesuffix("?"), *field.get("values", ())} <= words


def own_events() -> Iterator[str]:
    """The bridge's own events by the topics in the table of section 6."""
    name = ""
    for row in table("topic"):
        topics = r"`(?:…|qq\.bridge\.<account>)\.([a-z.]+)`|`\.([a-z]+)`"
        for whole, last in re.findall(topics, row[0]):
            name = whole or f"{name.rpartition('.')[0]}.{last}"
            yield name


def test_each_of_the_bridges_own_events_has_a_class() -> None:
    own = [kind["detail"] for kind in KINDS.values() if kind["post_type"] == "bridge"]
    assert sorted(own_events()) == sorted(own)


def test_an_event_needs_little_more_than_its_ids() -> None:
    for kind in KINDS.values():
        if kind["post_type"] in ("notice", "request"):
            needed = [key for key in kind["fields"] if not key.endswith("?")]
            assert len(needed) <= 4, kind["class"]


def test_messages_are_the_events_with_a_policy() -> None:
    for file in FRAMES:
        event = read(frame(file))
        is_message = event.raw["post_type"] in ("message", "message_sent")
        is_guild = "guild_id" in event.raw
        assert isinstance(event, MessageEvent) == (is_message and not is_guild)
