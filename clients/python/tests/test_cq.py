"""CQ code, both ways."""

from __future__ import annotations

from typing import Any

import pytest

from onebus.sim import cq


def text(value: str) -> dict[str, Any]:
    return cq.text_segment(value)


@pytest.mark.parametrize(
    ("source", "segments"),
    [
        ("", []),
        ("hello", [text("hello")]),
        ("a&#91;b&#93;&amp;&#44;", [text("a[b]&,")]),
        ("&amp;#91;", [text("&#91;")]),
        ("[CQ:at,qq=1] hi", [{"type": "at", "data": {"qq": "1"}}, text(" hi")]),
        ("x[CQ:shake]", [text("x"), {"type": "shake", "data": {}}]),
        ("[CQ:a,k=v=w,l=]", [{"type": "a", "data": {"k": "v=w", "l": ""}}]),
        ("[CQ:a,k=1&#44;2]", [{"type": "a", "data": {"k": "1,2"}}]),
        ("[CQ: at,qq=1]", [text("[CQ: at,qq=1]")]),
        ("[CQ:at,qq]", [text("[CQ:at,qq]")]),
        ("[CQ:名]", [text("[CQ:名]")]),
        ("[CQ:a,u=line\nend]", [{"type": "a", "data": {"u": "line\nend"}}]),
    ],
)
def test_decode(source: str, segments: list[Any]) -> None:
    assert cq.decode(source) == segments


@pytest.mark.parametrize(
    ("segments", "source"),
    [
        ([text("a[b]&,")], "a&#91;b&#93;&amp;,"),
        ([{"type": "at", "data": {"qq": 1, "name": "", "x": None}}], "[CQ:at,qq=1]"),
        ([{"type": "x", "data": {"k": "a,b"}}], "[CQ:x,k=a&#44;b]"),
        ([{"type": "face", "data": {"raw": {"i": 1, "t": "[x]"}}}],
         '[CQ:face,raw={"i":1&#44;"t":"&#91;x&#93;"}]'),
        ([{"type": "forward", "data": {"content": [{}]}}],
         "[CQ:forward,content=&#91;object Object&#93;]"),
        ([{"type": "x", "data": {"a": 0, "b": False}}], "[CQ:x,a=0,b=false]"),
    ],
)  # fmt: skip
def test_encode(segments: list[Any], source: str) -> None:
    assert cq.encode(segments) == source


@pytest.mark.parametrize(
    "message", ["plain [CQ:face,id=1] &amp; more", "", "[CQ:x,a=b]"]
)
def test_there_and_back(message: str) -> None:
    assert cq.encode(cq.decode(message)) == message


def test_forms_of_a_message() -> None:
    assert cq.segments_of("[CQ:at,qq=1]", auto_escape=True) == [text("[CQ:at,qq=1]")]
    assert cq.segments_of(text("one")) == [text("one")]
    assert cq.segments_of([text("two")]) == [text("two")]
