"""Message segments and CQ code, as NapCat converts them (`helper/cqcode.ts`).

A segment is ``{"type": str, "data": dict}``.  A CQ string holds text with
codes ``[CQ:type,key=value,...]`` in it.
"""

from __future__ import annotations

from typing import Any

from ..cq import escape, escape_value
from ..cq import parse as decode
from . import js

__all__ = ["decode", "encode", "plain_text", "segments_of", "text_segment"]

Segment = dict[str, Any]


def encode(segments: list[Segment]) -> str:
    """Write segments as a CQ string; empty and null values are left out."""
    return "".join(map(_encode_segment, segments))


def _encode_segment(segment: Segment) -> str:
    data: dict[str, Any] = segment.get("data") or {}
    if segment["type"] == "text":
        return escape(js.text(data.get("text", "")))
    values = ((key, _value_text(value)) for key, value in data.items())
    attributes = "".join(f",{key}={escape_value(text)}" for key, text in values if text)
    return f"[CQ:{segment['type']}{attributes}]"


def _value_text(value: object) -> str:
    if isinstance(value, dict):
        return js.dumps(value)
    return "" if value is None else js.text(value)


def text_segment(text: str) -> Segment:
    """A segment of plain text."""
    return {"type": "text", "data": {"text": text}}


def plain_text(segments: list[Segment]) -> str:
    """The texts of the segments, one behind the other."""
    texts = (s["data"].get("text", "") for s in segments if s["type"] == "text")
    return "".join(map(js.text, texts))


def segments_of(message: object, *, auto_escape: bool = False) -> list[Any]:
    """The segments of what a request or a test gives as its message.

    `message` is a CQ string, one segment or a list of segments.  With
    `auto_escape` a string is plain text.  The elements of a list are handed
    on unchecked, as NapCat does.
    """
    if isinstance(message, str):
        return [text_segment(message)] if auto_escape else decode(message)
    if js.is_array(message):
        return message
    return [message]
