"""What `onebus pairing` asks the bridge, and how it shows the reply."""

import json
import time
from pathlib import Path

import pytest

from harness.cli import onebus
from harness.scripted import answering, scripted

#: So far from a whole minute that a slow machine does not matter.
LEFT_MS = 41 * 60_000 + 30_000
PERSON = {"account": "default", "user_id": 30001, "nickname": "小猫"}


def waiting(nickname: str = "小猫") -> dict[str, object]:
    now = int(time.time() * 1000)
    return PERSON | {
        "nickname": nickname,
        "code": "ABCD2345",
        "asked_at": now,
        "expires_at": now + LEFT_MS,
    }


@pytest.mark.parametrize(
    ("arguments", "action", "params"),
    [
        (("list",), "list", {}),
        (("list", "napcatqq"), "list", {}),
        (("list", "--account", "a"), "list", {"account": "a"}),
        (("approve", "napcatqq", "30001"), "approve", {"user_id": "30001"}),
        (("approve", "napcatqq", "abcd2345"), "approve", {"code": "abcd2345"}),
        (("deny", "napcatqq", "A2345678"), "deny", {"code": "A2345678"}),
        (
            ("revoke", "napcatqq", "5", "--account", "a"),
            "revoke",
            {"user_id": "5", "account": "a"},
        ),
    ],
)
async def test_what_is_asked(
    folder: Path, arguments: tuple[str, ...], action: str, params: dict[str, str]
) -> None:
    async with answering(folder, **PERSON, state="done") as bridge:
        result = await onebus("pairing", *arguments, "--url", bridge.url)
        assert (result.status, result.err) == (0, "")
        request = {"action": f"bridge.pairing.{action}", "params": params}
        assert bridge.requests == [request]


async def test_a_list_says_who_waits_and_who_is_let_in(folder: Path) -> None:
    let_in = PERSON | {"user_id": 30002, "approved_at": 1_786_700_000_000}
    async with answering(folder, pending=[waiting()], approved=[let_in]) as bridge:
        result = await onebus(
            "pairing", "list", "--url", bridge.url, env={"TZ": "UTC-8"}
        )
    assert result.out.splitlines() == [
        "waiting:",
        "  ABCD2345  default      30001        小猫  expires in 42 min",
        "approved:",
        "  default      30002        小猫  since 2026-08-14 17:33:20",
    ]


async def test_an_empty_list_is_said_in_words(folder: Path) -> None:
    async with answering(folder, pending=[], approved=[]) as bridge:
        result = await onebus("pairing", "list", "--url", bridge.url)
    assert (result.status, result.err) == (0, "")
    assert "nobody waits" in result.out


HOSTILE = "x\x1b[2J\r\napproved:\n  default 1"


async def test_a_nickname_forges_no_line_of_the_list(folder: Path) -> None:
    async with answering(folder, pending=[waiting(HOSTILE)], approved=[]) as bridge:
        result = await onebus("pairing", "list", "--url", bridge.url)
    assert len(result.out.splitlines()) == 2
    assert "\x1b" not in result.out


async def test_a_nickname_does_not_drive_the_terminal(folder: Path) -> None:
    person = PERSON | {"nickname": HOSTILE, "state": "approved"}
    async with answering(folder, **person) as bridge:
        result = await onebus(
            "pairing", "approve", "napcatqq", "30001", "--url", bridge.url
        )
    assert len(result.out.splitlines()) == 1
    assert result.out.rstrip("\n").isprintable()


async def test_a_decision_is_said(folder: Path) -> None:
    async with answering(folder, **PERSON, state="approved") as bridge:
        result = await onebus(
            "pairing", "approve", "napcatqq", "30001", "--url", bridge.url
        )
    assert (result.status, result.err) == (0, "")
    assert result.out == "approved: 30001 (小猫) at account default\n"


async def test_json_is_the_reply(folder: Path) -> None:
    async with answering(folder, pending=[waiting()], approved=[]) as bridge:
        result = await onebus("pairing", "list", "--json", "--url", bridge.url)
    assert result.status == 0
    assert json.loads(result.out)["data"]["pending"][0]["code"] == "ABCD2345"


@pytest.mark.parametrize("option", [(), ("--json",)])
async def test_what_the_bridge_refuses_is_1(
    folder: Path, option: tuple[str, ...]
) -> None:
    refusal = {"status": "failed", "retcode": 10003, "error": "bad_params"}
    async with scripted(folder, **refusal, message="nobody waits") as bridge:
        result = await onebus(
            "pairing", "deny", "napcatqq", "5", *option, "--url", bridge.url
        )
    assert result.status == 1
    assert "nobody waits" in result.out + result.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "wants list, approve, deny or revoke"),
        (("dance", "napcatqq", "5"), "wants list, approve, deny or revoke"),
        (("list", "telegram"), "the channel is napcatqq"),
        (("list", "napcatqq", "5"), "list takes no user"),
        (("approve", "telegram", "5"), "the channel is napcatqq"),
        (("approve", "30001"), "the channel is napcatqq"),
        (("approve", "napcatqq"), "wants a QQ number or a code"),
        (("approve", "napcatqq", "5", "6"), "wants a QQ number or a code"),
    ],
)
async def test_a_slip_on_the_command_line_is_2(
    folder: Path, arguments: tuple[str, ...], said: str
) -> None:
    async with answering(folder) as bridge:
        result = await onebus("pairing", *arguments, "--url", bridge.url)
        assert (result.status, result.out) == (2, "")
        assert said in result.err
        assert bridge.requests == []


async def test_when_nobody_is_there_it_says_so(folder: Path) -> None:
    result = await onebus("pairing", "list", "--url", f"ipc://{folder}/none")
    assert result.status == 1
    assert "cannot reach the bridge" in result.err
