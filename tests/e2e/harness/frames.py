"""Frames for tests: the collected ones, and small ones made to measure."""

from __future__ import annotations

import itertools
import json
from functools import cache
from typing import Any

from harness.build import FIXTURES


@cache
def index() -> dict[str, list[dict[str, Any]]]:
    """The collected frames: `events` and `malformed`."""
    return dict(json.loads((FIXTURES / "index.json").read_text()))


def collected(kind: str, file: str) -> bytes:
    """One of the collected frames, as on the wire."""
    return (FIXTURES / kind / file).read_bytes()


_message_ids = itertools.count(1)


def group_message(text: str = "hello", **fields: Any) -> dict[str, Any]:
    """A small group message of user 30001 in group 20002, each with an id of its
    own: one that comes again is folded."""
    return {
        "time": 1786700000,
        "self_id": 10001,
        "post_type": "message",
        "message_type": "group",
        "sub_type": "normal",
        "message_id": next(_message_ids),
        "group_id": 20002,
        "user_id": 30001,
        "message": [{"type": "text", "data": {"text": text}}],
        "raw_message": text,
    } | fields


def renewed(message: dict[str, Any]) -> dict[str, Any]:
    """The same said again, as a message of its own."""
    return message | {"message_id": next(_message_ids)}


def same(one: object, other: object) -> bool:
    """Equal in value, type and the order of keys: 1, 1.0 and True differ."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict) and isinstance(other, dict):
        return list(one) == list(other) and all(same(one[k], other[k]) for k in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return one == other
