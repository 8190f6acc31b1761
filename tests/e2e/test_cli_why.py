"""What `onebus why` asks the bridge, and how it shows the decisions."""

import json
from pathlib import Path
from typing import Any

import pytest

from harness.cli import onebus
from harness.scripted import answering, scripted

DROPPED = {
    "seq": 0,
    "time": 1_786_700_000_000,
    "account": "default",
    "kind": "message",
    "group_id": 20002,
    "user_id": 30001,
    "allowed": False,
    "respond": False,
    "mentioned": False,
    "reason": "group_not_listed",
    "advice": "add 20002 to groupAllowFrom",
}


@pytest.mark.parametrize(
    ("arguments", "params"),
    [
        ((), {}),
        (("20002",), {"id": "20002"}),
        (("--group", "20002"), {"group_id": "20002"}),
        (("--user", "30001", "--limit", "3"), {"user_id": "30001", "limit": "3"}),
        (("--seq", "7", "--account", "a"), {"seq": "7", "account": "a"}),
    ],
)
async def test_what_is_asked(
    folder: Path, arguments: tuple[str, ...], params: dict[str, str]
) -> None:
    async with answering(folder, decisions=[]) as bridge:
        result = await onebus("why", *arguments, "--url", bridge.url)
        assert (result.status, result.err) == (0, "")
        assert bridge.requests == [{"action": "bridge.why", "params": params}]


async def shown(folder: Path, *decisions: dict[str, Any]) -> list[str]:
    async with answering(folder, decisions=list(decisions)) as bridge:
        result = await onebus("why", "--url", bridge.url, env={"TZ": "UTC-8"})
    assert (result.status, result.err) == (0, "")
    return result.out.splitlines()


async def test_a_decision_is_a_line_and_its_advice(folder: Path) -> None:
    assert await shown(folder, DROPPED) == [
        "2026-08-14 17:33:20 account default: message in group 20002 "
        "of user 30001: dropped, group_not_listed",
        "  add 20002 to groupAllowFrom",
    ]


@pytest.mark.parametrize(
    ("change", "end"),
    [
        ({"seq": 9}, ": marked, group_not_listed (seq 9)"),
        ({"seq": 9, "allowed": True, "reason": "r"}, ": heard, no answer, r (seq 9)"),
        (
            {"seq": 9, "allowed": True, "respond": True, "reason": "r"},
            ": heard, r (seq 9)",
        ),
    ],
)
async def test_what_became_of_it(
    folder: Path, change: dict[str, Any], end: str
) -> None:
    assert (await shown(folder, DROPPED | change))[0].endswith(end)


async def test_the_bridges_order_is_kept(folder: Path) -> None:
    private = {key: DROPPED[key] for key in DROPPED if key != "group_id"}
    lines = await shown(folder, private | {"kind": "notice"}, DROPPED)
    assert "default: notice of user 30001: dropped" in lines[0]
    assert "in group 20002" in lines[2]


async def test_no_decision_is_said_in_words(folder: Path) -> None:
    (line,) = await shown(folder)
    assert "no decision about that" in line


async def test_json_is_the_reply(folder: Path) -> None:
    async with answering(folder, decisions=[DROPPED]) as bridge:
        result = await onebus("why", "--json", "--url", bridge.url)
    assert result.status == 0
    assert json.loads(result.out)["data"]["decisions"] == [DROPPED]


async def test_what_the_bridge_refuses_is_1(folder: Path) -> None:
    refusal = {"status": "failed", "retcode": 10003, "error": "bad_params"}
    async with scripted(folder, **refusal, message="limit: too many") as bridge:
        result = await onebus("why", "--limit", "9999", "--url", bridge.url)
    assert (result.status, result.out) == (1, "")
    assert "bad_params: limit: too many" in result.err


@pytest.mark.parametrize("arguments", [("x",), ("1", "2"), ("-5",), ("",)])
async def test_a_slip_on_the_command_line_is_2(
    folder: Path, arguments: tuple[str, ...]
) -> None:
    async with answering(folder, decisions=[]) as bridge:
        result = await onebus("why", "--url", bridge.url, *arguments)
        assert (result.status, result.out) == (2, "")
        assert bridge.requests == []
