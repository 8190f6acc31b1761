"""onebus listen --since: from the journal to the live events."""

import contextlib
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from harness.cli import Listener, listening, onebus
from harness.factories import StartBridge, StartSim
from harness.journal import Journal, journal
from harness.wait import until

META = "qq.meta.10001.heartbeat"


@contextlib.asynccontextmanager
async def following(
    bridge: Journal, since: str, *arguments: str
) -> AsyncIterator[Listener]:
    urls = ("--url", bridge.events_url, "--actions-url", bridge.actions_url)
    async with listening(*urls, "--json", "--since", since, *arguments) as listener:
        yield listener


def seqs(listener: Listener) -> list[int]:
    return [json.loads(line)["envelope"]["seq"] for line in listener.lines]


async def test_live_events_follow_those_of_the_journal(folder: Path) -> None:
    async with (
        journal(folder, range(1, 8)) as bridge,
        following(bridge, "2", "--count", "8") as listener,
    ):
        bridge.slice = 2
        await listener.has_lines(5)
        await bridge.has_subscriber()
        bridge.keep(range(8, 11))
        await bridge.publish([8, 7, 9, 8, 9, 10, 3])
        assert await listener.ended() == 0
        assert seqs(listener) == list(range(3, 11))
        assert listener.err == b""


async def test_live_events_are_shown_without_asking(folder: Path) -> None:
    async with (
        journal(folder, [1, 2]) as bridge,
        following(bridge, "0") as listener,
    ):
        await listener.has_lines(2)
        await bridge.has_subscriber()
        await bridge.publish(range(3, 6))  # which no page has
        await listener.has_lines(5)
        assert seqs(listener) == [1, 2, 3, 4, 5]
        assert listener.err == b""


async def test_what_came_while_replaying_is_shown_once(folder: Path) -> None:
    async with journal(folder, range(1, 6)) as bridge:
        bridge.answers.clear()
        async with following(bridge, "0", "--count", "9") as listener:
            await until(lambda: bridge.requests, "request")
            await bridge.has_subscriber()
            bridge.keep(range(6, 9))
            await bridge.publish(range(4, 9))
            bridge.answers.set()
            await listener.has_lines(8)
            bridge.keep([9])
            await bridge.publish([8, 9])
            assert await listener.ended() == 0
            assert seqs(listener) == list(range(1, 10))


async def test_a_hole_is_filled_before_what_follows_it(folder: Path) -> None:
    async with (
        journal(folder, [1]) as bridge,
        following(bridge, "0", "--count", "7") as listener,
    ):
        bridge.slice = 2
        await listener.has_lines(1)
        await bridge.has_subscriber()
        bridge.keep(range(2, 8))
        await bridge.publish([2, 6, 7])
        assert await listener.ended() == 0
        assert seqs(listener) == list(range(1, 8))
        assert listener.err == b""


async def test_the_lost_end_of_a_burst_comes_when_it_is_quiet(folder: Path) -> None:
    async with (
        journal(folder, [1]) as bridge,
        following(bridge, "0", "--count", "4") as listener,
    ):
        await listener.has_lines(1)
        bridge.keep([2, 3, 4])
        assert await listener.ended() == 0
        assert seqs(listener) == [1, 2, 3, 4]


async def test_a_burst_beyond_every_queue_is_shown_whole(folder: Path) -> None:
    async with (
        journal(folder, [1]) as bridge,
        following(bridge, "0", "--count", "20000") as listener,
    ):
        await listener.has_lines(1)
        await bridge.has_subscriber()
        bridge.keep(range(2, 20001))
        await bridge.publish(range(2, 20001))
        assert await listener.ended() == 0
        assert seqs(listener) == list(range(1, 20001))
        assert listener.err == b""


async def test_what_no_pattern_wants_is_no_hole(folder: Path) -> None:
    async with journal(folder) as bridge:
        bridge.keep([1, 3])
        bridge.keep([2, 4], META)
        async with following(bridge, "0", "--count", "3", "qq.group.*") as listener:
            await listener.has_lines(2)
            await bridge.has_subscriber()
            await bridge.publish([5, 6], META)  # which no page has
            await bridge.publish([7])
            assert await listener.ended() == 0
            assert seqs(listener) == [1, 3, 7]
            assert listener.err == b""
            topics = {tuple(r["params"]["topics"]) for r in bridge.requests}
            assert topics == {("qq.group.*",)}


async def test_what_is_lost_is_told_and_passed_over(folder: Path) -> None:
    async with (
        journal(folder, [5, 6]) as bridge,
        following(bridge, "1", "--count", "4") as listener,
    ):
        await listener.has_lines(2)
        await bridge.has_subscriber()
        bridge.keep([9])
        await bridge.publish([9])
        await listener.has_lines(3)
        await bridge.publish([11])  # neither 10 nor 11 was kept
        assert await listener.ended() == 0
        assert seqs(listener) == [5, 6, 9, 11]
        assert listener.err.decode().splitlines() == [
            "onebus listen: events 2 to 4 are no longer in the journal",
            "onebus listen: events 7 to 8 are no longer in the journal",
            "onebus listen: event 10 is no longer in the journal",
        ]


async def test_a_time_is_where_it_begins(folder: Path) -> None:
    async with (
        journal(folder, [5]) as bridge,
        following(bridge, "10m", "--count", "2") as listener,
    ):
        await listener.has_lines(1)
        bridge.keep([6])
        assert await listener.ended() == 0
        first, second = (bridge.requests[i]["params"] for i in (0, 1))
        assert list(first) == ["max_age"]
        assert 600_000 <= first["max_age"] < 660_000
        assert second == {"after": 5}


# ---- a bridge that goes and comes -------------------------------------------


async def test_after_a_restart_it_goes_on_where_it_was(folder: Path) -> None:
    async with (
        journal(folder, [1, 2]) as bridge,
        following(bridge, "0", "--count", "6") as listener,
    ):
        await listener.has_lines(2)
        await bridge.stop()
        bridge.keep([3, 4])
        bridge.start()
        await listener.has_lines(4)
        await bridge.has_subscriber()
        bridge.keep([5, 6])
        await bridge.publish([5, 6])
        assert await listener.ended() == 0
        assert seqs(listener) == [1, 2, 3, 4, 5, 6]


async def test_the_real_bridge_is_followed_over_kills(
    bridge: StartBridge, sim: StartSim
) -> None:
    b = await bridge()
    arguments = ("--url", b.events, "--actions-url", b.actions, "--json")
    async with listening("--since", "0", *arguments) as listener:
        for life in range(3):
            peer = await sim(b, auto_reconnect=False)
            for number in range(300):
                await peer.group_message(20001, 30001, f"{life} {number}")
            await listener.has_line(f'"text":"{life} 299"')
            await b.kill()
            b = await bridge()
        count = len(listener.lines)
        assert count > 900
        assert seqs(listener)[:count] == list(range(1, count + 1))
        assert b"journal" not in listener.err
        result = await onebus(
            "replay", "--url", b.actions, "--json", "--count", str(count)
        )
        assert (result.status, result.err) == (0, "")
        assert result.out.splitlines() == listener.lines[:count]


@pytest.mark.parametrize("is_published", [True, False])
async def test_another_journal_is_told_once_and_begun_anew(
    folder: Path, is_published: bool
) -> None:
    async with (
        journal(folder, [1, 2, 3]) as bridge,
        following(bridge, "0", "--count", "7") as listener,
    ):
        await listener.has_lines(3)
        await bridge.has_subscriber()
        old = bridge.message(4)
        bridge.renew("b" * 16)
        bridge.keep([1, 2, 3, 4])
        if is_published:
            await bridge.publish([4])
            await bridge.send(old)  # had lain in a queue
        assert await listener.ended() == 0
        assert seqs(listener) == [1, 2, 3, 1, 2, 3, 4]
        assert listener.err.decode().splitlines() == [
            "onebus listen: the bridge has another journal; going on from its "
            "beginning"
        ]


async def test_a_seq_beyond_the_newest_is_another_journals(folder: Path) -> None:
    async with (
        journal(folder, [1, 2]) as bridge,
        following(bridge, "50", "--count", "2") as listener,
    ):
        assert await listener.ended() == 0
        assert seqs(listener) == [1, 2]
        assert b"another journal" in listener.err


async def test_a_bridge_that_does_not_answer_is_told_once_and_asked_again(
    folder: Path,
) -> None:
    async with (
        journal(folder, [1]) as bridge,
        following(bridge, "0") as listener,
    ):
        await listener.has_lines(1)
        await bridge.has_subscriber()
        bridge.answers.clear()
        await listener.has_said("does not answer")
        await bridge.publish([2])  # needs no answer
        await listener.has_lines(2)
        bridge.keep([3, 4])
        await bridge.publish([4])
        asked = len(bridge.requests)
        bridge.answers.set()
        await until(lambda: len(bridge.requests) > asked, "another request")
        await listener.has_lines(4)
        assert seqs(listener) == [1, 2, 3, 4]
        assert listener.err.count(b"does not answer") == 1


async def test_a_busy_bridge_is_asked_again(folder: Path) -> None:
    async with journal(folder, [1]) as bridge:
        bridge.refusal = {"error": "busy", "message": "too many"}
        async with following(bridge, "0", "--count", "1") as listener:
            await listener.has_said("does not answer (busy)")
            bridge.refusal = None
            assert await listener.ended() == 0
            assert seqs(listener) == [1]


async def test_what_the_bridge_refuses_is_1(folder: Path) -> None:
    async with journal(folder, [1]) as bridge:
        bridge.refusal = {"error": "unknown_action", "message": "bridge.replay"}
        async with following(bridge, "0") as listener:
            assert await listener.ended() == 1
            assert b"unknown_action: bridge.replay" in listener.err


# ---- where the bridge is ----------------------------------------------------


async def test_the_addresses_come_from_the_settings(folder: Path) -> None:
    async with journal(folder, [1]) as bridge:
        settings = folder / "onebus.json"
        urls = {"events": [bridge.events_url], "actions": [bridge.actions_url]}
        settings.write_text(json.dumps({"bridge": urls}))
        result = await onebus(
            "listen", "--config", str(settings), "--since", "0", "--count", "1"
        )
        assert (result.status, result.err) == (0, "")


async def test_without_since_nothing_is_asked(folder: Path) -> None:
    async with journal(folder, [1]) as bridge:
        settings = folder / "onebus.json"
        urls = {"events": [bridge.events_url], "actions": [bridge.actions_url]}
        settings.write_text(json.dumps({"bridge": urls}))
        async with listening("--config", str(settings), "--count", "1") as listener:
            await bridge.has_subscriber()
            await bridge.publish([9])
            assert await listener.ended() == 0
        assert bridge.requests == []


async def test_an_action_socket_that_is_not_there_is_told(folder: Path) -> None:
    async with journal(folder) as bridge:
        nowhere = f"ipc://{folder}/none"
        arguments = ("--url", bridge.events_url, "--actions-url", nowhere)
        result = await onebus("listen", "--since", "0", *arguments)
    assert (result.status, result.out) == (1, "")
    assert f"cannot reach the bridge at {nowhere}" in result.err


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("--since", "x"), "--since x: allowed"),
        (("--since", "-5"), "--since -5: allowed"),
        (("--since", "10y"), "--since 10y: allowed"),
        (("--since", "0s"), "--since 0s: allowed"),
        (("--since", "1", *("qq.*",) * 65), "64 patterns at most"),
        (("--since", "1", "qq..x"), "qq..x is no pattern"),
        (("--actions-url", "ipc:///x"), "--actions-url goes with --since"),
    ],
)
async def test_a_slip_on_the_command_line_is_2(
    arguments: tuple[str, ...], word: str
) -> None:
    result = await onebus("listen", *arguments)
    assert (result.status, result.out) == (2, "")
    assert word in result.err
    assert "onebus listen --help" in result.err
