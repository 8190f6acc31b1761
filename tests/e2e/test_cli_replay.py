"""onebus replay"""

import json
from pathlib import Path
from typing import Any

import msgpack
import pytest

from harness.cli import Result, onebus
from harness.journal import Journal, journal
from harness.scripted import answering, scripted


async def replayed(bridge: Journal, *arguments: str) -> Result:
    return await onebus("replay", "--url", bridge.actions_url, *arguments)


def seqs(result: Result) -> list[int]:
    return [json.loads(line)["envelope"]["seq"] for line in result.out.splitlines()]


async def test_it_prints_the_journal_page_by_page(folder: Path) -> None:
    async with journal(folder, range(1, 11)) as bridge:
        bridge.slice = 4
        result = await replayed(bridge, "--json")
        assert (result.status, result.err) == (0, "")
        assert seqs(result) == list(range(1, 11))
        assert bridge.requests == [
            {"action": "bridge.replay", "params": params}
            for params in ({}, {"after": 4}, {"after": 8})
        ]


async def test_a_line_is_as_listen_prints_it(folder: Path) -> None:
    async with journal(folder, [1]) as bridge:
        result = await replayed(bridge)
    assert (result.status, result.err) == (0, "")
    assert result.out.split()[1] == "qq.group.20002.message.normal"


async def test_it_ends_with_the_newest_of_when_it_began(folder: Path) -> None:
    async with journal(folder, range(1, 6)) as bridge:
        reply = bridge.reply

        def growing(request: dict[str, Any]) -> dict[str, Any]:
            answer = reply(request)
            newest = max(bridge.held)
            bridge.keep(range(newest + 1, newest + 4))
            return answer

        bridge.slice = 2
        bridge.reply = growing  # type: ignore[method-assign]
        result = await replayed(bridge, "--json")
        assert (result.status, result.err) == (0, "")
        assert seqs(result) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("arguments", "params"),
    [
        ((), {}),
        (("--since", "0"), {"after": 0}),
        (("--since", "1042"), {"after": 1042}),
        (("--since", "10m"), {"max_age": 600_000}),
        (("--since", "7d"), {"max_age": 604_800_000}),
        (("--count", "5"), {"limit": 5}),
        (("qq.group.*", "qq.meta.1.*"), {"topics": ["qq.group.*", "qq.meta.1.*"]}),
    ],
)
async def test_what_is_asked(
    folder: Path, arguments: tuple[str, ...], params: dict[str, Any]
) -> None:
    async with journal(folder, [2000]) as bridge:
        await replayed(bridge, *arguments)
        assert bridge.requests[0] == {"action": "bridge.replay", "params": params}


async def test_count_ends_it(folder: Path) -> None:
    async with journal(folder, range(1, 11)) as bridge:
        bridge.slice = 2
        result = await replayed(bridge, "--json", "--count", "3", "--since", "4")
        assert (result.status, result.err) == (0, "")
        assert seqs(result) == [5, 6, 7]
        assert [r["params"]["limit"] for r in bridge.requests] == [3, 1]


async def test_what_is_lost_is_told_and_no_failure(folder: Path) -> None:
    async with journal(folder, [1, 2, 10, 12]) as bridge:
        bridge.slice = 1
        result = await replayed(bridge, "--json", "--since", "1")
    assert result.status == 0
    assert seqs(result) == [2, 10, 12]
    assert result.err.splitlines() == [
        "onebus replay: events 3 to 9 are no longer in the journal",
        "onebus replay: event 11 is no longer in the journal",
    ]


async def test_a_seq_beyond_the_newest_is_told(folder: Path) -> None:
    async with journal(folder, [1, 2]) as bridge:
        result = await replayed(bridge, "--since", "50")
    assert (result.status, result.out) == (0, "")
    assert "nothing follows event 50: the journal's newest is 2" in result.err


async def test_another_journal_meanwhile_is_a_failure(folder: Path) -> None:
    async with journal(folder, range(1, 5)) as bridge:
        reply = bridge.reply

        def restarting(request: dict[str, Any]) -> dict[str, Any]:
            answer = reply(request)
            bridge.epoch = "b" * 16
            return answer

        bridge.slice = 2
        bridge.reply = restarting  # type: ignore[method-assign]
        result = await replayed(bridge, "--json")
    assert result.status == 1
    assert seqs(result) == [1, 2]
    assert "another journal" in result.err


async def test_a_page_that_leads_nowhere_ends_it(folder: Path) -> None:
    page = {"epoch": "a", "events": [], "next": 3, "newest": 9, "truncated": True}
    async with answering(folder, **page) as bridge:
        result = await onebus("replay", "--url", bridge.url)
        assert (result.status, result.out, result.err) == (0, "", "")
        assert len(bridge.requests) == 2


@pytest.mark.parametrize("form", [(), ("--json",)])
async def test_control_characters_do_not_reach_the_terminal(
    folder: Path, form: tuple[str, ...]
) -> None:
    odd = "\x1b[31mred\x1b[0m\x07\x9b2J\u0085\rx\ny\x00z\x7f"
    event = {"message": [{"type": "text", "data": {"text": odd}}]}
    envelope = {"epoch": "a", "seq": 1, "text": odd, "event": event}
    message = b"qq.group.1.message.normal\0" + msgpack.packb(envelope)
    page = {"epoch": "a", "events": [message], "next": 1, "newest": 1}
    async with answering(folder, **page) as bridge:
        result = await onebus("replay", *form, "--url", bridge.url)
    assert "red" in result.out
    assert {c for c in result.out if ord(c) < 32 or 0x7F <= ord(c) < 0xA0} == {"\n"}


async def test_what_the_bridge_refuses_is_1(folder: Path) -> None:
    refusal = {"status": "failed", "retcode": 10003, "error": "bad_params"}
    async with scripted(folder, **refusal, message="after: no") as bridge:
        result = await onebus("replay", "--url", bridge.url)
    assert (result.status, result.out) == (1, "")
    assert "onebus replay: bad_params: after: no" in result.err


async def test_a_reply_that_is_no_page_is_1(folder: Path) -> None:
    async with answering(folder, decisions=[]) as bridge:
        result = await onebus("replay", "--url", bridge.url)
    assert (result.status, result.out) == (1, "")
    assert "no page" in result.err


async def test_when_nobody_is_there_it_says_so(folder: Path) -> None:
    result = await onebus("replay", "--url", f"ipc://{folder}/none")
    assert result.status == 1
    assert "cannot reach the bridge" in result.err


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("--since", "x"), "--since x: allowed"),
        (("--since", ""), "--since : allowed"),
        (("--since", "-5"), "--since -5: allowed"),
        (("--since", "-5m"), "--since -5m: allowed"),
        (("--since", "0s"), "--since 0s: allowed"),
        (("--since", "1.5h"), "--since 1.5h: allowed"),
        (("--since", "9" * 30), "allowed"),
        (("--since", "x", "--since", "5"), "--since x: allowed"),
        (("--count", "0"), "--count 0: allowed"),
        (("qq..x",), "qq..x is no pattern"),
        (("qq.*",) * 65, "64 patterns at most"),
    ],
)
async def test_a_slip_on_the_command_line_is_2(
    folder: Path, arguments: tuple[str, ...], word: str
) -> None:
    async with journal(folder, [1]) as bridge:
        result = await replayed(bridge, *arguments)
        assert (result.status, result.out) == (2, "")
        assert word in result.err
        assert "onebus replay --help" in result.err
        assert bridge.requests == []
