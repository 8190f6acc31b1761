"""What was published can be asked for again: bridge.replay, bridge.history,
bridge.cursor.*."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from onebus.sim import Simulator

from harness.bus import Bus, Event, read_event
from harness.factories import StartBridge, StartBus, StartSim

MEMORY = {"journal": {"enabled": False}}
BOTH = pytest.mark.parametrize("settings", [{}, MEMORY], ids=["disk", "memory"])


async def ask(program: Bus, action: str, **params: Any) -> dict[str, Any]:
    reply = await program.call(action, params)
    assert reply["status"] == "ok", reply
    return dict(reply["data"])


async def replay(program: Bus, **params: Any) -> tuple[list[Event], dict[str, Any]]:
    """All pages, and the last reply."""
    events: list[Event] = []
    while True:
        data = await ask(program, "bridge.replay", **params)
        events += map(read_event, data["events"])
        assert data["next"] >= params.get("after", 0)
        if not data["truncated"]:
            return events, data
        params["after"] = data["next"]


async def talk(peer: Simulator, groups: Sequence[int], count: int) -> None:
    for number in range(count):
        await peer.group_message(groups[number % len(groups)], 30001, f"say {number}")
    await peer.group_message(999, 30001, "end")


@BOTH
async def test_a_replay_gives_the_very_bytes_that_were_published(
    bridge: StartBridge, bus: StartBus, sim: StartSim, settings: dict[str, Any]
) -> None:
    b = await bridge({}, settings)
    program = bus(b)
    subscriber = await program.subscribe()
    peer = await sim(b)
    await talk(peer, [20001, 20002], 50)
    await subscriber.next_event("qq.group.999.*")
    events, data = await replay(program)
    seqs = [event.seq for event in events]
    assert seqs == list(range(data["oldest"], data["newest"] + 1))
    heard = {event.seq: event for event in subscriber.events}
    assert len(heard) > 50
    for event in events:
        if event.seq in heard:
            assert event == heard[event.seq]


@BOTH
async def test_pages_follow_each_other_without_hole_or_repeat(
    bridge: StartBridge, bus: StartBus, sim: StartSim, settings: dict[str, Any]
) -> None:
    b = await bridge({}, settings)
    program = bus(b)
    subscriber = await program.subscribe()
    await talk(await sim(b), [20001, 20002, 20003], 600)
    await subscriber.next_event("qq.group.999.*")
    whole, _ = await replay(program)
    for params in ({"limit": 7}, {"max_bytes": 1}, {"max_bytes": 5000}):
        paged, _ = await replay(program, **params)
        assert paged == whole
    for pattern in ("qq.group.20002.*", "qq.*.*.message.*", "qq.meta.*", "qq.group.9.*"):
        some, data = await replay(program, topics=[pattern], limit=3)
        prefix = pattern.partition("*")[0]
        assert data["next"] == data["newest"]
        if prefix != "qq.":
            assert some == [e for e in whole if e.topic.startswith(prefix)]
        else:
            assert some == [e for e in whole if ".message." in e.topic]
    middle = whole[len(whole) // 2].seq
    rest, data = await replay(program, after=middle)
    assert rest == [event for event in whole if event.seq > middle]
    assert data["lost"] == []


@BOTH
async def test_a_replay_of_the_last_moments(
    bridge: StartBridge, bus: StartBus, sim: StartSim, settings: dict[str, Any]
) -> None:
    b = await bridge({}, settings)
    program = bus(b)
    subscriber = await program.subscribe()
    await talk(await sim(b), [20001], 5)
    last = (await subscriber.next_event("qq.group.999.*")).envelope["time"]
    whole, _ = await replay(program, max_age=3600_000)
    assert whole[0].seq == 1
    # What is older than the last event by a moment is left out once that moment
    # has passed.
    while (await replay(program, max_age=1))[0]:
        await asyncio.sleep(0.001)
    recent, data = await replay(program, max_age=1)
    assert (recent, data["lost"]) == ([], [])
    assert data["next"] == data["newest"] and last > 0


@BOTH
async def test_a_history_is_of_one_chat_oldest_first(
    bridge: StartBridge, bus: StartBus, sim: StartSim, settings: dict[str, Any]
) -> None:
    b = await bridge({"historyLimit": 10}, settings)
    program = bus(b)
    subscriber = await program.subscribe()
    peer = await sim(b)
    await talk(peer, [20001, 20002], 600)
    await subscriber.next_event("qq.group.999.*")
    data = await ask(program, "bridge.history", group_id=20002)
    texts = [read_event(event).envelope["text"] for event in data["events"]]
    assert texts == [f"say {n}" for n in range(581, 600, 2)]
    assert data["truncated"] is True
    before = read_event(data["events"][0]).seq
    data = await ask(
        program, "bridge.history", group_id=20002, before=before, limit=1000
    )
    texts = [read_event(event).envelope["text"] for event in data["events"]]
    assert texts == [f"say {n}" for n in range(1, 580, 2)]
    assert data["truncated"] is False
    assert (await ask(program, "bridge.history", group_id=7))["events"] == []
    assert (await ask(program, "bridge.history", user_id=20002))["events"] == []


async def test_a_history_can_be_of_one_account(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    accounts = {name: {"wsPath": f"/{name}"} for name in ("one", "two")}
    b = await bridge({"accounts": accounts})
    program = bus(b)
    subscriber = await program.subscribe()
    for number, name in enumerate(accounts):
        peer = await sim(b, name, self_id=10001 + number)
        await peer.group_message(20002, 30001, f"to {name}")
        await subscriber.next_event("qq.group.*")
    data = await ask(program, "bridge.history", group_id=20002)
    assert len(data["events"]) == 2
    data = await ask(program, "bridge.history", group_id=20002, account="two")
    (event,) = map(read_event, data["events"])
    assert event.envelope["text"] == "to two"


async def test_the_journal_goes_on_where_a_killed_bridge_ended(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    events: list[Event] = []
    for _ in range(3):
        b = await bridge()
        program = bus(b)
        before, _ = await replay(program)
        assert before == events
        subscriber = await program.subscribe()
        await talk(await sim(b, auto_reconnect=False), [20001], 300)
        await subscriber.next_event("qq.group.999.*")
        events, data = await replay(program)
        assert [event.seq for event in events] == list(range(1, data["newest"] + 1))
        await b.kill()


async def test_a_cursor_outlives_a_kill(bridge: StartBridge, bus: StartBus) -> None:
    b = await bridge()
    program = bus(b)
    await program.subscribe()  # a link comes and goes
    seq = (await ask(program, "bridge.ping"))["seq"]
    assert seq > 0
    none = await ask(program, "bridge.cursor.get", consumer="logger")
    assert (none["seq"], none["valid"]) == (None, False)
    kept = await ask(program, "bridge.cursor.set", consumer="logger", seq=seq)
    assert kept == {"consumer": "logger", "seq": seq, "epoch": b.epoch}
    await b.kill()
    second = await bridge()
    program = bus(second)
    found = await ask(program, "bridge.cursor.get", consumer="logger")
    assert found == kept | {"valid": True}
    await ask(program, "bridge.cursor.set", consumer="logger", seq=None)
    found = await ask(program, "bridge.cursor.get", consumer="logger")
    assert found["seq"] is None


async def test_what_a_consumer_can_not_get_it_is_told_exactly(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    b = await bridge({}, {"journal": {"maxBytes": "1MiB"}})
    program = bus(b)
    subscriber = await program.subscribe()
    peer = await sim(b)
    for _ in range(4):
        for _ in range(300):
            await peer.group_message(20001, 30001, "x" * 2000)
        await peer.group_message(999, 30001, "end")
        await subscriber.next_event("qq.group.999.*")
    events, data = await replay(program, after=3)
    oldest = data["oldest"]
    assert oldest > 100
    first = await ask(program, "bridge.replay", after=3, limit=1)
    assert first["lost"] == [[4, oldest - 1]]
    assert [event.seq for event in events] == list(range(oldest, data["newest"] + 1))
    # Who does not say where it was has missed nothing.
    assert (await ask(program, "bridge.replay", limit=1))["lost"] == []
