"""JSON as JavaScript writes and reads it."""

from __future__ import annotations

from typing import Any

import pytest

from onebus.sim import js


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.0, "1"),
        (-0.0, "0"),
        (0.1, "0.1"),
        (1e-7, "1e-7"),
        (0.000001, "0.000001"),
        (123456.789, "123456.789"),
        (1e21, "1e+21"),
        (1.5e300, "1.5e+300"),
        (2.0**60, "1152921504606847000"),
        (-2.5, "-2.5"),
        (float("nan"), "null"),
        (float("inf"), "null"),
        (2**64, "18446744073709551616"),
        (True, "true"),
        (None, "null"),
    ],
)
def test_numbers_and_constants(value: Any, text: str) -> None:
    assert js.dumps(value) == text


def test_text_is_escaped_as_little_as_possible() -> None:
    written = js.dumps({"a": '"\\\x00\n\x7f\u2028 你好😀', "b": ["\ud800", "x"]})
    assert written == '{"a":"\\"\\\\\\u0000\\n\x7f\u2028 你好😀","b":["\\ud800","x"]}'


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ('{"a":[1,null]}', {"a": [1, None]}),
        ("{a: 1, /* why */ 'b': [2,],}", {"a": 1, "b": [2]}),
        ("9007199254740993", 9007199254740992.0),
        ("{n: 9007199254740993}", {"n": 9007199254740992.0}),
        ("9007199254740992", 2**53),
        ('"x"', "x"),
    ],
)
def test_reading(source: str, value: Any) -> None:
    assert js.loads(source) == value


@pytest.mark.parametrize("source", ['{"action":', "", "{", "[" * 100_000, "nope nope"])
def test_what_is_not_json(source: str) -> None:
    with pytest.raises(ValueError):
        js.loads(source)


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("aGVsbG8=", b"hello"),
        ("aGVsbG8", b"hello"),
        ("aGVs\nbG8=", b"hello"),
        ("a*G!Vs", b"hel"),
        ("_-8=", b"\xff\xef"),
        ("aGVs=bG8=", b"hel"),
        ("aGVsb", b"hel"),
        ("é", b""),
        ("", b""),
    ],
)
def test_base64_never_fails(text: str, data: bytes) -> None:
    assert js.base64_bytes(text) == data
