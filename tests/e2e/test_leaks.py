"""Who comes and goes leaves nothing behind."""

import asyncio
import contextlib
import os
import subprocess
from collections.abc import Mapping

import msgpack
import pytest

from harness.bridge import Bridge
from harness.build import BUILD, CALLERS_LEAVE, SANITIZER_OPTIONS, SANITIZERS, WAIT
from harness.factories import StartBridge, StartBus
from harness.marks import ONE_AT_A_TIME
from harness.sp import REQ, SUB, Caller, dial
from harness.wait import until
from harness.websocket import connect, opening

COUNT = 1000
AT_ONCE = 20


async def subscribe_shortly(b: Bridge, n: int) -> None:
    _, writer = await dial(b.events, SUB)
    writer.transport.abort()


async def call_shortly(b: Bridge, n: int) -> None:
    """Every third leaves before its reply."""
    if n % 3 == 0:
        _, writer = await dial(b.actions, REQ)
        request = b"\x80\0\0\1" + msgpack.packb({"action": "bridge.ping"})
        writer.write(b"\1" + len(request).to_bytes(8, "big") + request)
        await writer.drain()
        writer.transport.abort()
        return
    caller = await Caller.connect(b.actions)
    assert (await caller.reply(caller.send("bridge.ping")))["status"] == "ok"
    await caller.close()


async def knock_shortly(b: Bridge, n: int) -> None:
    """Peers that are let in, refused, or leave in the middle."""
    if n % 4 == 0:
        await opening(b.port)
    elif n % 4 == 1:
        await opening(b.port, "/elsewhere")
    elif n % 4 == 2:
        await opening(b.port, "/", is_upgrade=False)
    else:
        _, writer = await asyncio.open_connection("127.0.0.1", b.port)
        writer.write(b"GET /onebot/v11/ws HTTP/1.1\r\nHost: x\r\n")
        await writer.drain()
        writer.transport.abort()


async def fds_go_down(b: Bridge, count: int) -> None:
    """The bridge learns a moment later that somebody is gone."""
    await until(lambda: b.fd_count() <= count, f"{count} descriptors")


async def test_a_thousand_visitors_of_each_kind_leave_no_descriptor(
    bridge: StartBridge, bus: StartBus
) -> None:
    b = await bridge(env=CALLERS_LEAVE)
    program = bus(b)
    await program.call("bridge.ping")
    for visit in (subscribe_shortly, call_shortly, knock_shortly):
        before = b.fd_count()
        for first in range(0, COUNT, AT_ONCE):
            visits = (visit(b, n) for n in range(first, first + AT_ONCE))
            await asyncio.gather(*visits)
        await fds_go_down(b, before)
        assert (await program.call("bridge.ping"))["status"] == "ok"
    status = (await program.call("bridge.status"))["data"]
    assert status["accounts"]["default"]["links"] == 0
    assert status["calls"]["waiting"] == 0


async def test_links_that_come_and_go_under_calls_leave_nothing(
    bridge: StartBridge, bus: StartBus
) -> None:
    b = await bridge()
    program = bus(b)
    await program.call("bridge.ping")
    before = b.fd_count()
    for n in range(100):
        async with await connect(b.url()) as peer:
            task = asyncio.create_task(program.call("get_status"))
            request = await peer.request()
            if n % 2:
                await peer.answer_ok(request, n)
            await peer.send_bytes(b"\x81\xfe\x10\x00\0\0\0\0half a frame")
            if n % 3 == 0:
                with contextlib.suppress(asyncio.IncompleteReadError):
                    await peer.send(b"\x03\xe8", 8)
        reply = await asyncio.wait_for(task, WAIT)
        assert reply["status"] == "ok" or reply["error"] == "not_connected"
    await fds_go_down(b, before)
    status = (await program.call("bridge.status"))["data"]
    assert (status["calls"]["waiting"], b.is_running) == (0, True)


@ONE_AT_A_TIME
async def test_memory_stays_bounded_after_large_frames(
    bridge: StartBridge, bus: StartBus
) -> None:
    """What one huge frame needed is not kept for ever."""
    b = await bridge()
    program = bus(b)
    async with await connect(b.url()) as peer:
        for _ in range(20):
            task = asyncio.create_task(program.call("do"))
            request = await peer.request()
            await peer.answer_ok(request, "x" * (10 * 1024 * 1024))
            assert (await task)["status"] == "ok"
    # The address sanitizer holds 256 MiB of what has been freed.
    assert b.resident_mib() < (400 if SANITIZERS else 120)


@pytest.mark.parametrize(
    ("options", "forgiven"),
    [
        (SANITIZER_OPTIONS, {"bus_publish"}),
        (SANITIZER_OPTIONS | CALLERS_LEAVE, {"bus_publish", "make_reply"}),
    ],
    ids=["usually", "callers leave"],
)
@pytest.mark.parametrize("function", ["bus_publish", "make_reply", "other"])
def test_of_what_nng_loses_only_what_is_known_is_forgiven(
    function: str, options: Mapping[str, str], forgiven: set[str]
) -> None:
    """Without the sanitizer nothing is found at all."""
    program = BUILD / "tests" / "onebus_leaks"
    found = subprocess.run(
        [program, function], env={**os.environ, **options}, capture_output=True
    )
    is_told = "address" in SANITIZERS and function not in forgiven
    assert found.returncode == (99 if is_told else 0), found.stderr
