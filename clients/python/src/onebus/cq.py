"""CQ codes: messages as one string.

    hello [CQ:at,qq=10001] &#91;not a code&#93;

The rules are those of the bridge (its contract, section 4).  Segments are maps
here, ``{"type": str, "data": dict}``.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePath
from typing import Any, cast

_WORD = re.compile(r"\w+", re.ASCII)
#: A code without its end.  What follows one that does not end well is not part
#: of a code that began within it, so no character is looked at twice.
_OPENING = re.compile(r"\[CQ:(\w+)((?:,\w+=[^,\]]*)*)", re.ASCII)
_ESCAPE = re.compile(r"&(?:amp|#91|#93|#44);")
_CHARACTERS = {"&amp;": "&", "&#91;": "[", "&#93;": "]", "&#44;": ","}


class NoCQForm(ValueError):
    """A segment holds what a CQ code cannot carry."""


def escape(text: str) -> str:
    """Escape text that stands outside of codes."""
    return text.replace("&", "&amp;").replace("[", "&#91;").replace("]", "&#93;")


def escape_value(text: str) -> str:
    """Escape the value of a parameter inside a code."""
    return escape(text).replace(",", "&#44;")


def unescape(text: str) -> str:
    """Undo either escape, once: ``&amp;#91;`` gives ``&#91;`` and not ``[``."""
    return _ESCAPE.sub(lambda escaped: _CHARACTERS[escaped[0]], text)


def parse(source: str) -> list[dict[str, Any]]:
    """The segments of a CQ string; what is no code is text.  All values are texts."""
    segments: list[dict[str, Any]] = []
    end = 0
    for code in _codes(source):
        segments += _text(source[end : code.start()])
        segments.append({"type": code[1], "data": _parse_data(code[2])})
        end = code.end() + 1
    return segments + _text(source[end:])


def _codes(source: str) -> Iterator[re.Match[str]]:
    at = 0
    while opening := _OPENING.search(source, at):
        at = opening.end()
        if source.startswith("]", at):
            yield opening


def _text(escaped: str) -> list[dict[str, Any]]:
    if not escaped:
        return []
    return [{"type": "text", "data": {"text": unescape(escaped)}}]


def _parse_data(params: str) -> dict[str, str]:
    pairs = (param.partition("=") for param in params.split(",")[1:])
    return {key: unescape(value) for key, _, value in pairs}


def format(segments: Iterable[Mapping[str, Any]]) -> str:
    """Write segments as a CQ string.

    Numbers become their digits, bytes ``base64://…``, the content of a node a CQ
    string of its own, other maps and lists JSON; nulls are left out.  NoCQForm
    where a type or a key is no word, or a value has no text.
    """
    return "".join(map(_format_segment, segments))


def _format_segment(segment: Mapping[str, Any]) -> str:
    kind, data = _word(segment.get("type")), _map(segment.get("data"))
    if kind == "text" and data.keys() <= {"text"}:
        return escape(_value_text(kind, "text", data.get("text", "")))
    params = (
        f",{_word(key)}={escape_value(_value_text(kind, key, value))}"
        for key, value in data.items()
        if value is not None
    )
    return f"[CQ:{kind}{''.join(params)}]"


def _map(data: object) -> Mapping[str, Any]:
    if data is None or isinstance(data, Mapping):
        return cast("Mapping[str, Any]", data or {})
    raise NoCQForm(f"CQ code: data: allowed: a map, not {data!r}")


def _word(name: object) -> str:
    if isinstance(name, str) and _WORD.fullmatch(name):
        return name
    raise NoCQForm(f"CQ code: {name!r}: allowed: letters, digits and _")


def _value_text(kind: str, key: str, value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return "base64://" + base64.b64encode(value).decode("ascii")
    if isinstance(value, PurePath):
        raise NoCQForm(f"CQ code: {kind}.{key}: {value}: read the file, and give bytes")
    if kind == "node" and key == "content" and isinstance(value, list):
        return format(cast("list[Mapping[str, Any]]", value))
    return _json(kind, key, value)


def _json(kind: str, key: str, value: object) -> str:
    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    except (TypeError, ValueError) as error:
        raise NoCQForm(f"CQ code: {kind}.{key}: {error}") from error
