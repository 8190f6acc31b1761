"""Every event is in the NATS stream, as it was on the bus, once and in order,
whatever becomes of NATS and of the bridge; and nobody on the bus notices."""

from __future__ import annotations

import asyncio
import json
import shutil
import signal
import statistics
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from nats.js.api import RetentionPolicy, StreamConfig

from harness import nats as real_nats
from harness.build import SLOWNESS, WAIT
from harness.bus import Bus, Subscriber
from harness.factories import StartBridge, StartBus, StartSim
from harness.frames import collected, group_message, index
from harness.mirror import (
    caught_up,
    feed,
    fed,
    kept,
    mirrored,
    newest,
    row_of,
    rows_of,
    same_as_kept,
    same_rows,
    state_is,
    state_of,
)
from harness.nats import SUBJECTS, Place
from harness.websocket import Peer, connect
from harness.wire import Wire, wire

QUIET = {"heartbeat": {"enabled": False}}
EVENTS = 3000

#: A stop that waits for nobody who is away.
STOP_SECONDS = 10.0 * SLOWNESS


# ---- what is in the stream ---------------------------------------------------


async def test_the_stream_has_the_very_messages_of_the_bus(
    bridge: StartBridge, bus: StartBus, sim: StartSim, nats: Place
) -> None:
    b = await bridge(bridge={"nats": nats.settings()})
    program = bus(b)
    subscriber = await program.subscribe("qq.*", "qq.bridge.*")
    peer = await sim(b)
    for row in index()["events"]:
        await peer.send_raw(collected("events", row["file"]))
    await peer.send_raw(json.dumps(group_message(user_id=1)).encode())
    await subscriber.next_message(1)
    stored = await mirrored(program, nats)
    rows = {message.id: row for message, row in zip(stored, rows_of(stored), strict=True)}
    assert len(subscriber.events) > len(index()["events"])
    for event in subscriber.events:
        wanted = row_of(event, nats)
        assert rows[wanted[0]] == wanted
    branches = {message.subject.split(".")[2] for message in stored}
    assert branches == {"group", "private", "meta", "other", "bridge"}
    for message in stored:
        assert message.headers["Nats-Expected-Stream"] == nats.stream


async def test_the_stream_is_made_as_the_contract_says(
    bridge: StartBridge, bus: StartBus, nats: Place
) -> None:
    limits = {"maxAge": "1m", "maxBytes": "8MiB"}
    b = await bridge(bridge={"nats": nats.settings(**limits)})
    await state_is(bus(b), "ok")
    made = await nats.config()
    wanted = {
        "subjects": nats.subjects,
        "retention": "limits",
        "discard": "old",
        "storage": "file",
        "num_replicas": 1,
        "max_age": 60 * 10**9,
        "max_bytes": 8 << 20,
        "duplicate_window": 60 * 10**9,
    }
    assert {key: made[key] for key in wanted} == wanted


async def test_without_limits_it_has_the_usual_ones(
    bridge: StartBridge, bus: StartBus, nats: Place
) -> None:
    b = await bridge(bridge={"nats": nats.settings()})
    await state_is(bus(b), "ok")
    made = await nats.config()
    assert made["max_age"] == 7 * 24 * 3600 * 10**9
    assert made["max_bytes"] in (0, -1)
    assert made["duplicate_window"] == 120 * 10**9


async def test_without_a_prefix_a_subject_is_the_topic(
    bridge: StartBridge, bus: StartBus, sim: StartSim, own_nats: Place
) -> None:
    b = await bridge(bridge={"nats": {"url": own_nats.server.url}})
    own_nats.stream, own_nats.prefix = "QQ", ""
    peer = await sim(b)
    await peer.group_message(20002, 30001, "hello")
    program = bus(b)
    await caught_up(program, own_nats)
    assert (await own_nats.config())["subjects"] == list(SUBJECTS)
    stored = {message.id: message for message in await own_nats.messages()}
    for event in await kept(program):
        message = stored[row_of(event, own_nats)[0]]
        assert (message.subject, message.payload) == (event.topic, event.payload)


async def test_a_stream_begins_with_what_comes_once_it_is_set_up(
    bridge: StartBridge, bus: StartBus, sim: StartSim, nats: Place
) -> None:
    first = await bridge()
    await (await sim(first)).group_message(20002, 30001, "before")
    await first.stop()
    b = await bridge(bridge={"nats": nats.settings()})
    program = bus(b)
    await (await sim(b)).group_message(20002, 30001, "after")
    await caught_up(program, nats)
    found = rows_of(await nats.messages())
    whole = [row_of(event, nats) for event in await kept(program)]
    begin = [row[0] for row in whole].index(found[0][0])
    same_as_kept(found, whole[begin:])
    texts = [event.envelope.get("text") for event in await kept(program)]
    assert texts.index("before") < begin <= texts.index("after")


# ---- a stream that is there --------------------------------------------------


def fitting(place: Place, **other: Any) -> StreamConfig:
    own: dict[str, Any] = {"name": place.stream, "subjects": place.subjects}
    return StreamConfig(**own | other)


async def test_a_stream_that_fits_is_used_as_it_is(
    bridge: StartBridge, bus: StartBus, sim: StartSim, nats: Place
) -> None:
    js = await nats.jetstream()
    await js.add_stream(fitting(nats, max_age=3600, max_bytes=64 << 20))
    before = await nats.config()
    b = await bridge(bridge={"nats": nats.settings()})
    program = bus(b)
    await (await sim(b)).group_message(20002, 30001, "hello")
    await mirrored(program, nats)
    assert await nats.config() == before
    warnings = [line for line in b.log if line["level"] == "warn"]
    assert len([line for line in warnings if nats.stream in line["msg"]]) == 1


@pytest.mark.parametrize("retention", [RetentionPolicy.WORK_QUEUE, RetentionPolicy.INTEREST])
async def test_a_stream_that_forgets_what_is_read_is_used_with_a_warning(
    bridge: StartBridge, bus: StartBus, nats: Place, retention: RetentionPolicy
) -> None:
    js = await nats.jetstream()
    await js.add_stream(fitting(nats, retention=retention))
    before = await nats.config()
    b = await bridge(bridge={"nats": nats.settings()})
    await state_is(bus(b), "ok")
    await b.wait_for_line(lambda line: "retention" in line["msg"])
    assert await nats.config() == before


def lacks_one(place: Place) -> StreamConfig:
    return fitting(place, subjects=place.subjects[:-1])


def is_too_wide(place: Place) -> StreamConfig:
    return fitting(place, subjects=[f"{place.prefix}.>"])


def has_actions(place: Place) -> StreamConfig:
    return fitting(place, subjects=[*place.subjects, f"{place.prefix}.qq.action.*"])


def tells_nothing(place: Place) -> StreamConfig:
    return fitting(place, no_ack=True)


MISFITS: dict[Callable[[Place], StreamConfig], str] = {
    lacks_one: "qq.bridge.>",
    is_too_wide: "qq.action",
    has_actions: "qq.action",
    tells_nothing: "no_ack",
}


@pytest.mark.parametrize("misfit", MISFITS)
async def test_a_stream_that_does_not_fit_is_told_and_not_touched(
    bridge: StartBridge,
    bus: StartBus,
    sim: StartSim,
    nats: Place,
    misfit: Callable[[Place], StreamConfig],
) -> None:
    js = await nats.jetstream()
    await js.add_stream(misfit(nats))
    before = await nats.config()
    b = await bridge(bridge={"nats": nats.settings()})
    program = bus(b)
    subscriber = await program.subscribe()
    await (await sim(b)).group_message(20002, 30001, "hello")
    await subscriber.next_event("qq.group.*")
    state = await state_is(program, "misfit")
    assert MISFITS[misfit] in state["fault"] and nats.stream in state["fault"]
    assert await nats.config() == before
    assert await nats.count() == 0


async def test_once_a_stream_fits_all_of_it_comes(
    bridge: StartBridge, bus: StartBus, nats: Place
) -> None:
    js = await nats.jetstream()
    await js.add_stream(fitting(nats))
    await js.update_stream(fitting(nats, sealed=True))
    b = await bridge(QUIET, {"nats": nats.settings()})
    program = bus(b)
    await state_is(program, "misfit", "sealed")
    async with await connect(b.url()) as peer:
        await fed(program, peer, 20)
    await js.delete_stream(nats.stream)
    await mirrored(program, nats)


# ---- NATS is away ------------------------------------------------------------


async def test_what_came_before_nats_was_there_follows(
    bridge: StartBridge, bus: StartBus, own_nats: Place
) -> None:
    own_nats.server.kill()
    b = await bridge(QUIET, {"nats": own_nats.settings()})
    program = bus(b)
    async with await connect(b.url()) as peer:
        await fed(program, peer, EVENTS)
        state = await state_is(program, "connecting", own_nats.server.address)
        assert state["lag"] >= EVENTS and state["acked"] == 0
        await own_nats.server.restart()
        await mirrored(program, own_nats)
        assert (await state_is(program, "ok"))["lost"] == 0


async def test_nats_may_die_in_the_middle_and_come_back(
    bridge: StartBridge, bus: StartBus, own_nats: Place
) -> None:
    b = await bridge(QUIET, {"nats": own_nats.settings()})
    program = bus(b)
    await state_is(program, "ok")
    async with await connect(b.url()) as peer:
        for number in range(3):
            feeding = asyncio.create_task(fed(program, peer, EVENTS))
            await own_nats.has(EVENTS * number + 200)
            own_nats.server.kill()
            await feeding
            await own_nats.server.restart()
        await mirrored(program, own_nats)


@pytest.mark.long
async def test_that_nats_fails_and_is_well_again_is_told(
    bridge: StartBridge, bus: StartBus, own_nats: Place
) -> None:
    b = await bridge(QUIET, {"nats": own_nats.settings()})
    program = bus(b)
    news = await program.subscribe("qq.bridge.*")
    await state_is(program, "ok")
    own_nats.server.kill()
    failing = await news.next_event("qq.bridge.*.nats.failing", 2 * WAIT)
    assert failing.event["reason"]
    assert (await state_of(program))["fault"]
    await own_nats.server.restart()
    await news.next_event("qq.bridge.*.nats.ok")
    await mirrored(program, own_nats)


# ---- nobody waits for it -----------------------------------------------------


class Wait:
    """How long events and calls take, in one state of NATS and in another."""

    def __init__(self, program: Bus, peer: Peer, subscriber: Subscriber) -> None:
        self._program = program
        self._peer = peer
        self._subscriber = subscriber

    async def event(self) -> None:
        message = group_message("timed")
        await self._peer.send_json(message)
        while True:
            event = await self._subscriber.next_event("qq.group.20002.message.*")
            if event.event["message_id"] == message["message_id"]:
                return

    async def call(self) -> None:
        await self._program.call("bridge.ping")

    async def of(self, what: Callable[[], Awaitable[None]], times: int) -> list[float]:
        clock = asyncio.get_running_loop().time
        found = []
        for _ in range(times):
            begun = clock()
            await what()
            found.append(clock() - begun)
        return found


class Trouble:
    """What may become of NATS, or of the wire to it, for a while."""

    def __init__(self, server: real_nats.Server, wire: Wire) -> None:
        self._server = server
        self._wire = wire

    async def begin(self, kind: str) -> None:
        if kind == "away":
            self._server.kill()
        elif kind == "hung":
            self._server.hang()
        else:
            self._wire.bytes_per_second = 50_000

    async def end(self, kind: str) -> None:
        self._wire.bytes_per_second = None
        if kind == "away":
            await self._server.restart()
        elif kind == "hung":
            self._server.go_on()


@pytest.mark.parametrize("kind", ["away", "hung", "slow"])
async def test_a_nats_that_is_not_well_delays_nobody(
    bridge: StartBridge, bus: StartBus, own_nats: Place, kind: str
) -> None:
    calm: list[float] = []
    troubled: list[float] = []
    async with wire(own_nats.server.address) as way:
        trouble = Trouble(own_nats.server, way)
        settings = own_nats.settings(url=f"nats://{way.address}")
        b = await bridge(QUIET, {"nats": settings})
        program = bus(b)
        subscriber = await program.subscribe("qq.group.*")
        await state_is(program, "ok")
        async with await connect(b.url()) as peer:
            wait = Wait(program, peer, subscriber)
            for _ in range(2):
                # More than all buffers on the way there hold.
                await fed(program, peer, 250, size=30_000)
                for what in (wait.event, wait.call):
                    calm += await wait.of(what, 50)
                await trouble.begin(kind)
                await fed(program, peer, 250, size=30_000)
                for what in (wait.event, wait.call):
                    troubled += await wait.of(what, 50)
                await trouble.end(kind)
                await caught_up(program, own_nats)
            await mirrored(program, own_nats)
    # To wait for NATS once, for a write or an answer, would take half a second or
    # more; that others on the machine delay the one and not the other, does not.
    assert statistics.median(troubled) < 3 * statistics.median(calm) + 0.01 * SLOWNESS
    assert max(troubled) < max(calm) + 0.4 * SLOWNESS, (sorted(troubled)[-5:], sorted(calm)[-5:])


async def test_a_bridge_stops_in_time_while_nats_hangs(
    bridge: StartBridge, bus: StartBus, own_nats: Place
) -> None:
    b = await bridge(QUIET, {"nats": own_nats.settings()})
    program = bus(b)
    await state_is(program, "ok")
    own_nats.server.hang()
    async with await connect(b.url()) as peer:
        await fed(program, peer, 400, size=30_000)
    await program.close()
    b.signal(signal.SIGTERM)
    assert await b.ended(STOP_SECONDS) == 0
    own_nats.server.go_on()


async def test_what_is_left_is_published_at_a_stop(
    bridge: StartBridge, bus: StartBus, nats: Place
) -> None:
    b = await bridge(QUIET, {"nats": nats.settings()})
    program = bus(b)
    await state_is(program, "ok")
    async with await connect(b.url()) as peer:
        await fed(program, peer, EVENTS)
        events = await kept(program)
        await b.stop()
    stored = rows_of(await nats.messages())
    same_rows(stored[: len(events)], [row_of(event, nats) for event in events])


# ---- what cannot get there ---------------------------------------------------


async def gaps(program: Bus) -> list[dict[str, Any]]:
    return [e.event for e in await kept(program) if e.topic.endswith(".nats.gap")]


@pytest.mark.parametrize("limit", ["server", "stream"])
async def test_an_event_that_is_too_large_is_passed_over_and_told(
    bridge: StartBridge, bus: StartBus, tmp_path: Path, limit: str
) -> None:
    most = 64 << 10
    settings = {"max_payload": most} if limit == "server" else {}
    with real_nats.server(tmp_path, settings=settings) as server:
        async with real_nats.place([server]) as place:
            if limit == "stream":
                js = await place.jetstream()
                await js.add_stream(fitting(place, max_msg_size=most))
            b = await bridge(QUIET, {"nats": place.settings()})
            program = bus(b)
            async with await connect(b.url()) as peer:
                await fed(program, peer, 20)
                await fed(program, peer, 1, size=2 * most)
                await fed(program, peer, 20)
                await caught_up(program, place)
            (gap,) = await gaps(program)
            assert gap["first"] == gap["last"]
            assert gap["reason"]
            found = rows_of(await place.messages())
            wanted = [row_of(e, place) for e in await kept(program) if e.seq != gap["first"]]
            same_as_kept(found, wanted)
            state = await state_of(program)
            assert (state["state"], state["lost"]) == ("ok", 1)


@pytest.mark.parametrize("enabled", [True, False], ids=["disk", "memory"])
async def test_what_the_journal_no_longer_has_is_told_as_a_gap(
    bridge: StartBridge, bus: StartBus, own_nats: Place, enabled: bool
) -> None:
    own_nats.server.kill()
    journal = {"enabled": enabled, "maxBytes": "4MiB"}
    b = await bridge(QUIET, {"nats": own_nats.settings(), "journal": journal})
    program = bus(b)
    async with await connect(b.url()) as peer:
        await fed(program, peer, 600, size=20_000)
        await own_nats.server.restart()
        await caught_up(program, own_nats)
    told = await gaps(program)
    missing = {seq for gap in told for seq in range(gap["first"], gap["last"] + 1)}
    seqs = [int(message.id.partition("-")[2]) for message in await own_nats.messages()]
    assert seqs == sorted(set(seqs))
    assert missing | set(seqs) == set(range(1, seqs[-1] + 1))
    assert not missing & set(seqs)
    assert (await state_of(program))["lost"] == len(missing) > 0


async def test_without_a_journal_on_disk_events_get_there_as_well(
    bridge: StartBridge, bus: StartBus, nats: Place
) -> None:
    memory = {"journal": {"enabled": False}}
    b = await bridge(QUIET, {"nats": nats.settings()} | memory)
    program = bus(b)
    async with await connect(b.url()) as peer:
        await fed(program, peer, EVENTS)
        await mirrored(program, nats)


# ---- the bridge ends ---------------------------------------------------------


async def test_a_bridge_that_is_killed_in_mid_stream_goes_on_where_it_was(
    bridge: StartBridge, bus: StartBus, nats: Place
) -> None:
    settings = {"nats": nats.settings()}
    b = await bridge(QUIET, settings)
    program = bus(b)
    for number in range(3):
        async with await connect(b.url()) as peer:
            feeding = asyncio.create_task(feed(peer, EVENTS))
            await nats.has(EVENTS // 3 * (number + 1))
            await b.kill()
            await asyncio.gather(feeding, return_exceptions=True)
        await program.close()
        b = await bridge(QUIET, settings)
        program = bus(b)
    await mirrored(program, nats)


async def test_without_what_it_knew_it_asks_the_stream(
    bridge: StartBridge, bus: StartBus, nats: Place
) -> None:
    settings = {"nats": nats.settings()}
    b = await bridge(QUIET, settings)
    program = bus(b)
    async with await connect(b.url()) as peer:
        await fed(program, peer, 500)
        await caught_up(program, nats)
    await b.stop()
    hints = [f for f in (bridge.folder / "state").iterdir() if "nats" in f.name]
    assert hints
    for hint in hints:
        hint.write_bytes(b"\0garbage")
    again = await bridge(QUIET, settings)
    program = bus(again)
    async with await connect(again.url()) as peer:
        await fed(program, peer, 500)
    await mirrored(program, nats)


async def test_a_new_journal_is_a_new_epoch_in_the_same_stream(
    bridge: StartBridge, bus: StartBus, nats: Place
) -> None:
    settings = {"nats": nats.settings()}
    b = await bridge(QUIET, settings)
    program = bus(b)
    async with await connect(b.url()) as peer:
        await fed(program, peer, 500)
    before = await mirrored(program, nats)
    await b.stop()
    shutil.rmtree(bridge.folder / "state")
    again = await bridge(QUIET, settings)
    assert again.epoch != b.epoch
    program = bus(again)
    async with await connect(again.url()) as peer:
        await fed(program, peer, 500)
    await caught_up(program, nats)
    stored = await nats.messages()
    own = [message for message in stored if message.id.startswith(again.epoch)]
    same_as_kept(rows_of(own), [row_of(e, nats) for e in await kept(program)])
    others = [message for message in stored if message.id.startswith(b.epoch)]
    assert rows_of(others)[: len(before)] == rows_of(before)
    assert len(own) + len(others) == len(stored)


# ---- two of them -------------------------------------------------------------


async def test_two_bridges_share_a_stream_at_full_speed(
    tmp_path: Path, bus: StartBus, nats: Place
) -> None:
    starts = []
    for name in ("left", "right"):
        (tmp_path / name).mkdir()
        starts.append(StartBridge(tmp_path / name))
    settings = {"nats": nats.settings()}
    try:
        bridges = [
            await start({"accounts": {name: {"wsPort": 0}}, **QUIET}, settings)
            for name, start in zip(("left", "right"), starts, strict=True)
        ]
        programs = [bus(b) for b in bridges]
        peers = [await connect(b.url()) for b in bridges]
        await asyncio.gather(*(
            fed(program, peer, 2 * EVENTS)
            for program, peer in zip(programs, peers, strict=True)
        ))
        wanted = [
            [row_of(e, nats) for e in await kept(program)] for program in programs
        ]
        stored = rows_of(await nats.has(sum(map(len, wanted))))
        for b, rows in zip(bridges, wanted, strict=True):
            own = [row for row in stored if row[0].startswith(b.epoch)]
            same_rows(own[: len(rows)], rows)
        for peer in peers:
            peer.abort()
    finally:
        for program in programs:
            await program.close()
        for start in starts:
            await start.finish()


# ---- settings ----------------------------------------------------------------


async def test_wrong_credentials_are_told_and_right_ones_help(
    bridge: StartBridge, bus: StartBus, tmp_path: Path
) -> None:
    rights = {"authorization": {"user": "bridge", "password": "right-password"}}
    with real_nats.server(
        tmp_path, settings=rights, userinfo="bridge:right-password"
    ) as server:
        async with real_nats.place([server]) as place:
            wrong = f"nats://bridge:wrong-password@{server.address}"
            b = await bridge(QUIET, {"nats": place.settings(url=wrong)})
            program = bus(b)
            async with await connect(b.url()) as peer:
                await fed(program, peer, 20)
            await state_is(program, "connecting", "uthori")
            await b.wait_for_line(lambda line: "uthori" in line["msg"])
            await b.stop()
            again = await bridge(QUIET, {"nats": place.settings()})
            program = bus(again)
            await mirrored(program, place)
            assert (await state_of(program))["server"] == f"nats://{server.address}"


async def test_other_settings_of_nats_wait_for_a_restart(
    bridge: StartBridge, bus: StartBus, nats: Place
) -> None:
    b = await bridge(QUIET, {"nats": nats.settings()})
    program = bus(b)
    await state_is(program, "ok")
    b.rewrite(QUIET, {"nats": nats.settings(stream="OTHER")})
    reply = await program.call("bridge.reload")
    assert reply["status"] == "ok", reply
    assert "nats" in json.dumps(reply["data"])
    async with await connect(b.url()) as peer:
        await fed(program, peer, 20)
    await mirrored(program, nats)
    assert (await state_of(program))["stream"] == nats.stream
