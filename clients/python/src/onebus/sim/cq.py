"""Message segments and CQ code, as NapCat converts them (`helper/cqcode.ts`).

A segment is ``{"type": str, "data": dict}``.  A CQ string holds text with
codes ``[CQ:type,key=value,...]`` in it.
"""

from __future__ import annotations

import re
from typing import Any

from . import js

Segment = dict[str, Any]

# Letters of keys and types are JavaScript's \w, hence ASCII only.
_CODE = re.compile(r"\[CQ:(\w+)((?:,\w+=[^,\]]*)*)\]", re.ASCII)


def escape_text(text: str) -> str:
    """Escape text that stands outside of codes."""
    return text.replace("&", "&amp;").replace("[", "&#91;").replace("]", "&#93;")


def escape_value(text: str) -> str:
    """Escape the value of a key inside a code."""
    return escape_text(text).replace(",", "&#44;")


def unescape(text: str) -> str:
    """Undo both escapes.

    ``&amp;`` comes last, so that ``&amp;#91;`` gives ``&#91;`` and not ``[``.
    """
    for entity, character in (
        ("&#91;", "["),
        ("&#93;", "]"),
        ("&#44;", ","),
        ("&amp;", "&"),
    ):
        text = text.replace(entity, character)
    return text


def decode(source: str) -> list[Segment]:
    """Take a CQ string apart; what is no well-formed code stays text."""
    segments: list[Segment] = []
    end = 0
    for code in _CODE.finditer(source):
        _append_text(segments, source[end : code.start()])
        segments.append({"type": code.group(1), "data": _decode_data(code.group(2))})
        end = code.end()
    _append_text(segments, source[end:])
    return segments


def _append_text(segments: list[Segment], escaped: str) -> None:
    if escaped:
        segments.append(text_segment(unescape(escaped)))


def _decode_data(attributes: str) -> dict[str, str]:
    pairs = (pair.partition("=") for pair in attributes.split(",")[1:])
    return {key: unescape(value) for key, _, value in pairs}


def encode(segments: list[Segment]) -> str:
    """Write segments as a CQ string; empty and null values are left out."""
    return "".join(map(_encode_segment, segments))


def _encode_segment(segment: Segment) -> str:
    data: dict[str, Any] = segment.get("data") or {}
    if segment["type"] == "text":
        return escape_text(js.text(data.get("text", "")))
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
