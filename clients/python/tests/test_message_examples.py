"""The examples of schema/examples/messages, which the bridge's tests read too."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from onebus import cq
from onebus.message import Message

EXAMPLES = Path(__file__).parents[3] / "schema" / "examples" / "messages"


def rows(name: str) -> list[Any]:
    found = json.loads((EXAMPLES / name).read_text("utf-8"))
    return [pytest.param(row, id=row["what"]) for row in found]


@pytest.mark.parametrize("row", rows("read.json"))
def test_a_string_is_read_as_the_bridge_reads_it(row: dict[str, Any]) -> None:
    assert cq.parse(row["cq"]) == row["message"]
    message = Message.from_cq(row["cq"])
    assert message.to_wire() == row["message"]
    assert message.text == row["text"]


@pytest.mark.parametrize("row", rows("write.json"))
def test_segments_are_kept_and_say_what_the_bridge_says(row: dict[str, Any]) -> None:
    message = Message.from_wire(row["message"])
    assert message.text == row["text"]
    kept = [s for s in row["message"] if isinstance(s, dict)]
    assert [s for s in message.to_wire() if s in kept] == kept


@pytest.mark.parametrize("row", rows("write.json"))
def test_segments_are_written_as_a_string(row: dict[str, Any]) -> None:
    message = Message.from_wire(row["message"])
    if row["cq"] is None:
        with pytest.raises(cq.NoCQForm):
            message.to_cq()
    else:
        assert message.to_cq() == row["cq"]


@pytest.mark.parametrize("row", rows("write.json"))
def test_what_was_written_reads_as_what_it_was(row: dict[str, Any]) -> None:
    if row["cq"] is not None:
        assert Message.from_cq(row["cq"]).to_cq() == row["cq"]
