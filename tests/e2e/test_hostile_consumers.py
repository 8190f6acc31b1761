"""Programs on the bus that mean harm, or are written badly: each harms itself,
nobody else, and is told of once."""

import asyncio
import contextlib
import os
import time
from collections.abc import AsyncIterator
from typing import Any

import msgpack
import pynng
import pytest

from harness.bridge import Bridge
from harness.build import CALLERS_LEAVE, SLOWNESS, WAIT
from harness.cli import onebus
from harness.factories import StartBridge, StartBus
from harness.frames import group_message
from harness.marks import ONE_AT_A_TIME
from harness.others import BAD, GOOD, SERVED_SECONDS, memory_stays, others, two_accounts
from harness.sp import REQ, Caller, dial
from harness.websocket import Peer, connect

pytestmark = ONE_AT_A_TIME

KIB = 1024
MIB = 1024 * 1024
TCP = {key: ["tcp://127.0.0.1:0"] for key in ("events", "actions")}


# ---- texts that are too long ------------------------------------------------


@pytest.mark.parametrize("pattern", ["x" * 64 * KIB, "qq." * 16 * KIB + "*"])
async def test_a_pattern_of_64_kib_is_refused_with_its_limit(pattern: str) -> None:
    result = await onebus("listen", "--url", "ipc:///nowhere", pattern)
    assert result.status == 2
    assert "383 bytes" in result.err
    assert len(result.err) < KIB


async def test_texts_of_64_kib_are_refused_where_a_name_is_asked_for(
    bridge: StartBridge, bus: StartBus
) -> None:
    b = await bridge(two_accounts(), bridge=TCP)
    program = bus(b)
    async with others(b, program) as they, memory_stays(b, 16):
        for field in ("action", "account", "id", "trace"):
            reply = await program.call(**{"action": "get_status"} | {field: LONG})
            assert reply["error"] == "bad_request"
            assert field in reply["message"]
            assert len(msgpack.packb(reply)) < KIB
        await they.are_served()
    (line,) = b.lines("call: refused error=bad_request")
    assert "caller=127.0.0.1:" in line
    assert "count=1" in line


LONG = "x" * 64 * KIB


async def test_parameters_of_64_kib_pass(bridge: StartBridge, bus: StartBus) -> None:
    b = await bridge()
    program = bus(b)
    async with await connect(b.url()) as peer:
        task = asyncio.create_task(program.call("a", {LONG: LONG}))
        request = await peer.request()
        assert request["params"] == {LONG: LONG}
        await peer.answer_ok(request, LONG)
        assert (await task)["data"] == LONG


# ---- MessagePack that claims or nests too much ------------------------------

DEEP = b"\x91" * 100_000 + b"\xc0"
DEEP_MAPS = b"\x81\xa1x" * 100_000 + b"\xc0"
ACTION = b"\xa6action\xa1a"
CALL = b"\x83" + ACTION + b"\xa7account\xa3bad"
HUGE = [b"\xdf" + b"\xff" * 4, b"\xdd" + b"\xff" * 4, b"\xdb" + b"\xff" * 4]
HUGE += [b"\xc6" + b"\xff" * 4, b"\xc9" + b"\xff" * 4 + b"\1"]

BOMBS = [
    DEEP,
    DEEP_MAPS,
    *HUGE,
    *(CALL + b"\xa6params" + bomb for bomb in (DEEP, DEEP_MAPS, *HUGE)),
    *(CALL + b"\xa6params\x81\xa1x" + bomb for bomb in (DEEP, *HUGE)),
    *(b"\x82" + ACTION + bomb for bomb in (DEEP, *HUGE)),
    *(b"\x82" + bomb + b"\xc0" + ACTION for bomb in HUGE),
    b"\xdf\xff\xff\xff\xff" + ACTION + bytes(MIB),
    b"\xdd\xff\xff\xff\xff" + bytes(MIB),
    b"\x82\xa6action\xda\xff\xffshort",
    b'{"action":"a","params":' + b'{"x":' * 100_000,
    b'{"action":"a","account":"bad","params":{"x":' + b"[" * 100_000 + b"]" * 100_000 + b"}}",
]


async def test_a_bomb_gets_one_clear_refusal_quickly(
    bridge: StartBridge, bus: StartBus
) -> None:
    b = await bridge(two_accounts())
    program = bus(b)
    async with (
        others(b, program) as they,
        await connect(b.url(BAD)) as peer,
        memory_stays(b, 32),
    ):
        for bomb in BOMBS:
            begin = time.monotonic()
            reply = await program.request(bomb)
            assert time.monotonic() - begin < SERVED_SECONDS, bomb[:40]
            assert b"bad_request" in reply, bomb[:40]
            assert len(reply) < KIB
        await they.are_served()
        with pytest.raises(asyncio.TimeoutError):
            await peer.receive(0.05)
    (line,) = b.lines("call: refused error=bad_request")
    assert f"caller=pid:{os.getpid()}" in line


# ---- too many calls ---------------------------------------------------------

COUNT = 10_000


@contextlib.asynccontextmanager
async def answering(b: Bridge) -> AsyncIterator[None]:
    """A peer that answers each request."""

    async def answer(peer: Peer) -> None:
        while True:
            await peer.answer_ok(await peer.request(WAIT), None)

    async with await connect(b.url(BAD)) as peer:
        task = asyncio.create_task(answer(peer))
        yield
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def kind(reply: dict[str, Any]) -> str:
    return str(reply.get("error", reply["status"]))


@pytest.mark.parametrize("connections", [1, 100])
async def test_calls_without_waiting_get_a_reply_each(
    bridge: StartBridge, bus: StartBus, connections: int
) -> None:
    b = await bridge(
        two_accounts(), {"call": {"timeout": "60s"}}, env=CALLERS_LEAVE
    )
    callers = [await Caller.connect(b.actions) for _ in range(connections)]
    each = COUNT // connections
    async with others(b, bus(b)) as they, answering(b), memory_stays(b, 64):
        for caller in callers:
            for _ in range(each):
                caller.send("get_status", account=BAD)
        await they.see_events()
        for caller in callers:
            await caller.has_replies(each)
        await they.are_served()
    replies = [row for caller in callers for row in caller.replies.values()]
    assert [len(row) for row in replies] == [1] * COUNT
    assert {kind(row[0]) for row in replies} <= {"ok", "busy"}
    for caller in callers:
        await caller.close()


async def test_calls_of_a_thousand_contexts_get_a_reply_each(
    bridge: StartBridge, bus: StartBus
) -> None:
    b = await bridge(two_accounts())
    request = msgpack.packb({"action": "bridge.ping"})

    async def call(socket: pynng.Req0) -> list[str]:
        with socket.new_context() as context:
            kinds = []
            for _ in range(COUNT // 1000):
                await context.asend(request)
                kinds.append(kind(msgpack.unpackb(await context.arecv())))
            return kinds

    async with others(b, bus(b)) as they, memory_stays(b, 64):
        with pynng.Req0(dial=b.actions, resend_time=-1) as socket:
            calls = asyncio.gather(*(call(socket) for _ in range(1000)))
            # We are busy ourselves.
            await they.see_events(WAIT)
            kinds = await asyncio.wait_for(calls, 2 * WAIT)
        await they.are_served()
    assert sum(kinds, []) == ["ok"] * COUNT


# ---- callers that do not read -----------------------------------------------


async def pour(url: str, count: int) -> asyncio.StreamWriter:
    """A caller that sends as many requests as it can, and reads no reply."""
    reader, writer = await dial(url, REQ)
    writer.transport.pause_reading()  # type: ignore[attr-defined]
    mark = b"\1" if url.startswith("ipc") else b""
    request = b"\x80\0\0\1" + msgpack.packb({"action": "bridge.status"})
    writer.write((mark + len(request).to_bytes(8, "big") + request) * count)
    return writer


@pytest.mark.parametrize("transport", ["ipc", "tcp"])
async def test_callers_that_read_no_reply_keep_nobody_from_calling(
    bridge: StartBridge, bus: StartBus, transport: str
) -> None:
    b = await bridge(
        two_accounts(), TCP if transport == "tcp" else {}, env=CALLERS_LEAVE
    )
    program = bus(b)
    async with others(b, program) as they, memory_stays(b, 64):
        mute = [await pour(b.actions, 100_000) for _ in range(3)]
        line = await b.wait_for_line("actions: cut off")
        assert ("caller=127.0.0.1:" if transport == "tcp" else "pid:") in line["msg"]
        # One after the other may have got hold of what the last one had.
        await they.are_served(WAIT)
        for writer in mute:
            writer.transport.abort()
        await they.are_served()
    assert len(b.lines("actions: cut off")) == 1


async def test_one_that_pauses_is_left_alone_while_there_is_room(
    bridge: StartBridge, bus: StartBus
) -> None:
    """Its replies wait for it: nobody else needs the place."""
    b = await bridge(two_accounts(), env=CALLERS_LEAVE)
    caller = await Caller.connect(b.actions)
    async with others(b, bus(b)) as they:
        caller.pause()
        numbers = [caller.send("bridge.status") for _ in range(100)]
        await asyncio.sleep(3.0)
        await they.are_served()
        caller.go_on()
        for number in numbers:
            assert (await caller.reply(number))["status"] == "ok"
    assert b.lines("actions: cut off") == []
    await caller.close()


# ---- large requests ---------------------------------------------------------


async def test_large_requests_for_an_absent_peer_are_bounded(
    bridge: StartBridge, bus: StartBus
) -> None:
    b = await bridge(
        two_accounts() | {"reconnect": {"retryDelay": 300_000}},
        {"call": {"writeTimeout": "300s"}},
        env=CALLERS_LEAVE,
    )
    async with others(b, bus(b)) as they, memory_stays(b, 320):
        caller = await Caller.connect(b.actions)
        # NNG reads a few ahead of the bridge; of those it looks at, 64 MiB stay.
        for _ in range(24):
            caller.send("do", account=BAD, params={"text": "x" * 8 * MIB})
        await caller.has_replies(16)
        await they.are_served()
        assert {kind(row[0]) for row in caller.replies.values()} == {"busy"}
        await caller.close()
