"""`onebus send`"""

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from harness.cli import onebus
from harness.scene import GROUP, StartScene
from harness.scripted import answering, scripted


def text(words: str) -> dict[str, Any]:
    return {"type": "text", "data": {"text": words}}


@pytest.mark.parametrize(
    ("kind", "action", "key"),
    [
        ("group", "send_group_msg", "group_id"),
        ("private", "send_private_msg", "user_id"),
    ],
)
async def test_what_is_asked(folder: Path, kind: str, action: str, key: str) -> None:
    async with answering(folder, message_id=77) as bridge:
        words = "小桥 [CQ:at,qq=all] -x"
        result = await onebus("send", kind, "20002", words, "--url", bridge.url)
        assert (result.status, result.out, result.err) == (0, "77\n", "")
        params = {key: 20002, "message": [text(words)]}
        assert bridge.requests == [{"action": action, "params": params}]


async def test_its_options_go_with_it(folder: Path) -> None:
    image = folder / "a.png"
    image.write_bytes(b"\x89PNG\0")
    async with answering(folder, message_id="9") as bridge:
        result = await onebus(
            *("send", "group", "1", "--url", bridge.url, "--account", "a"),
            *("--id", "i", "--timeout", "5s", "--reply-to", "-3", "hi"),
            *("--image", str(image), "--image", "https://x/y.png"),
        )
        assert (result.status, result.out) == (0, "9\n")
        (request,) = bridge.requests
    message = request["params"].pop("message")
    assert request == {
        "action": "send_group_msg",
        "account": "a",
        "id": "i",
        "timeout": 5000,
        "params": {"group_id": 1},
    }
    assert message == [
        {"type": "reply", "data": {"id": "-3"}},
        text("hi"),
        {"type": "image", "data": {"file": b"\x89PNG\0"}},
        {"type": "image", "data": {"file": "https://x/y.png"}},
    ]


async def test_it_reaches_qq(scene: StartScene, folder: Path) -> None:
    image = folder / "a.png"
    image.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    s = await scene()
    result = await onebus(
        *("send", "group", str(GROUP), "hi", "--image", str(image)),
        *("--url", s.bridge.actions),
    )
    assert result.status == 0, result.err
    assert int(result.out)
    (request,) = (r for r in s.peer.requests if r.action == "send_group_msg")
    said, shown = request.params["message"]
    assert said == text("hi")
    scheme, _, data = shown["data"]["file"].partition("base64://")
    assert (scheme, base64.b64decode(data)) == ("", image.read_bytes())


@pytest.mark.parametrize(
    ("stdin", "sent"),
    [(b"a\nb\n", "a\nb"), (b"a", "a"), (b"a\n\n", "a\n"), ("你好".encode(), "你好")],
)
async def test_the_text_comes_on_stdin(folder: Path, stdin: bytes, sent: str) -> None:
    async with answering(folder, message_id=1) as bridge:
        result = await onebus(
            "send", "group", "1", "-", "--url", bridge.url, stdin=stdin
        )
        assert result.status == 0
        assert bridge.requests[0]["params"]["message"] == [text(sent)]


async def test_what_is_not_known_is_explained(folder: Path) -> None:
    reply: dict[str, Any] = {
        "status": "unknown",
        "retcode": 33005,
        "error": "unknown",
        "message": "no answer",
        "data": None,
        "warnings": ["the text of 4120 characters left as 3 messages"],
    }
    async with scripted(folder, **reply) as bridge:
        for options, advice in (((), "With --id"), (("--id", "i"), "the same --id")):
            result = await onebus(
                "send", "group", "1", "x", *options, "--url", bridge.url
            )
            assert (result.status, result.out) == (1, "")
            assert "it may have been sent" in result.err
            assert advice in result.err
            assert "note: the text of 4120" in result.err


async def test_a_refusal_is_told(folder: Path) -> None:
    reply = {"status": "failed", "error": "muted", "message": "for\n9 min", "data": None}
    async with scripted(folder, **reply) as bridge:
        result = await onebus("send", "group", "1", "x", "--url", bridge.url)
        assert (result.status, result.out) == (1, "")
        assert result.err == "onebus send: muted: for\\n9 min\n"
        result = await onebus("send", "group", "1", "x", "--json", "--url", bridge.url)
        assert result.status == 1
        assert json.loads(result.out) == reply


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "group or private"),
        (("group",), "group or private"),
        (("channel", "1", "x"), "got channel"),
        (("group", "x", "x"), "QQ number"),
        (("group", "0", "x"), "QQ number"),
        (("group", "1"), "nothing to send"),
        (("group", "1", "two", "words"), "quotes"),
        (("group", "1", ""), "empty"),
        (("group", "1", "-"), "empty"),
        (("group", "1", "\udcff"), "not UTF-8"),
        (("group", "1", "--image", "/nonexistent"), "/nonexistent: No such file"),
        (("group", "1", "x", *(["--image", "a"] * 10)), "9 times"),
        (("group", "1", "x", "--timeout", "soon"), "a time"),
    ],
)
async def test_a_slip_on_the_command_line_is_2(
    folder: Path, arguments: tuple[str, ...], said: str
) -> None:
    async with answering(folder, message_id=1) as bridge:
        result = await onebus("send", *arguments, "--url", bridge.url)
        assert (result.status, result.out) == (2, "")
        assert said in result.err
        assert bridge.requests == []
