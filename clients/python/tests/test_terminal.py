"""Lines for people: nothing in them that a terminal obeys."""

from __future__ import annotations

import io
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onebus.sim.rendering import Renderer
from onebus.sim.terminal import Palette, one_line, palette_for, printable, size_text

ANYTHING = st.text(st.characters(exclude_categories=()))


@given(ANYTHING)
def test_no_text_can_give_a_terminal_orders(text: str) -> None:
    for shown in (printable(text), one_line(text)):
        assert not any(
            unicodedata.category(sign) in ("Cc", "Cs")
            for sign in shown.replace("\n", "")
        )
        shown.encode()
    assert "\n" not in one_line(text)


def test_what_is_harmless_stays() -> None:
    text = "你好 Ünï 👨‍👩‍👧 🐦\nsecond line"
    assert printable(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b]0;title\x07", "\\x1b]0;title\\x07"),
        ("\x9b2J", "\\x9b2J"),
        ("a\rb\x08c", "a\\x0db\\x08c"),
        ("\u202egnp", "\\u202egnp"),
        ("\ud800", "\\ud800"),
        ("a\tb", "a    b"),
    ],
)
def test_orders_are_shown_by_number(text: str, shown: str) -> None:
    assert printable(text) == shown


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_colours_are_for_terminals_that_want_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("NO_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    assert palette_for(Terminal()).enabled and not palette_for(io.StringIO()).enabled
    monkeypatch.setenv("TERM", "dumb")
    assert not palette_for(Terminal()).enabled
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", "1")
    assert not palette_for(Terminal()).enabled
    assert palette_for(io.StringIO(), "always").enabled
    assert Palette(False).paint("x", "error") == "x"


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "0 B"), (999, "999 B"), (12_345, "12 KB"), (5_400_000, "5 MB"), (3 * 10**9, "3 GB")],
)
def test_sizes_in_words(size: int, text: str) -> None:
    assert size_text(size) == text


RENDERER = Renderer({0: "everybody", 42: "梅子"}.__getitem__, {})


@pytest.mark.parametrize(
    ("kind", "data", "shown"),
    [
        ("text", {"text": "hi"}, "hi"),
        ("at", {"qq": "42"}, "@梅子 "),
        ("at", {"qq": "all"}, "@everybody "),
        ("face", {"id": "13", "raw": {"faceText": "/呲牙"}}, "[/呲牙]"),
        ("face", {"id": "13"}, "[face 13]"),
        ("image", {"file": "a.png", "file_size": "12345"}, "[image 12 KB]"),
        ("image", {"summary": "[动画表情]"}, "[动画表情]"),
        ("record", {"file": "a.amr"}, "[voice]"),
        ("video", {"file_size": 7}, "[video 7 B]"),
        ("file", {"file": "a.pdf", "file_size": "2000"}, "[file a.pdf 2 KB]"),
        ("dice", {"result": "4"}, "[dice 4]"),
        ("rps", {"result": 2}, "[scissors]"),
        ("json", {"data": '{"app":"a","prompt":"[分享]"}'}, "[card [分享]]"),
        ("json", {"data": "no json"}, "[card no json]"),
        ("json", {"data": "[1]"}, "[card ]"),
        ("markdown", {"content": "# Title"}, "[markdown]\n# Title"),
        ("location", {"lat": "1", "lon": "2"}, "[place 1, 2]"),
        ("forward", {"id": "unknown"}, "[forward of 0 messages]"),
        ("reply", {"id": "1"}, ""),
        ("strange", {}, "[strange]"),
        ("text", None, "[text]"),
    ],
)
def test_segments_in_words(kind: str, data: object, shown: str) -> None:
    assert RENDERER.text([{"type": kind, "data": data}]) == shown
