"""Who comes and goes leaves nothing behind."""

import asyncio
import contextlib
import socket
import struct

import msgpack
import pytest

from harness.bridge import Bridge
from harness.build import CALLERS_LEAVE, WAIT
from harness.factories import StartBridge, StartBus, StartSim
from harness.marks import BUG_SECONDS, needs_nng_1_6
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


def knock(url: str) -> None:
    """Connect and leave at once, as a port scan or a health check does."""
    scheme, _, rest = url.partition("://")
    if scheme == "ipc":
        with socket.socket(socket.AF_UNIX) as unix:
            unix.connect(rest)
        return
    host, _, port = rest.rpartition(":")
    with socket.create_connection((host, int(port))) as tcp:
        reset = struct.pack("ii", 1, 0)
        tcp.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, reset)
        tcp.shutdown(socket.SHUT_WR)


@pytest.mark.parametrize("scheme", ["ipc", "tcp"])
@needs_nng_1_6
async def test_who_leaves_before_shaking_hands_disturbs_nobody(
    bridge: StartBridge, bus: StartBus, sim: StartSim, scheme: str
) -> None:
    tcp = {key: ["tcp://127.0.0.1:0"] for key in ("events", "actions")}
    b = await bridge(bridge=tcp if scheme == "tcp" else {})
    peer = await sim(b)
    peer.hold()
    subscriber = await bus(b).subscribe("qq.group.*")
    caller = await Caller.connect(b.actions)
    number = caller.send("get_status")
    await peer.next_request()
    for url in (b.events, b.actions):
        for _ in range(20):
            knock(url)
    await bus(b).until_served(BUG_SECONDS)
    peer.release()
    await peer.group_message(20002, 30001, "still there?")
    await caller.reply_or_end(number)
    assert len(caller.replies[number]) == 1
    assert (await subscriber.next_event()).envelope["text"] == "still there?"


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


async def test_memory_stays_bounded_after_large_frames(
    bridge: StartBridge, bus: StartBus
) -> None:
    """What one huge frame needed is not kept for ever."""
    b = await bridge()
    program = bus(b)
    async with await connect(b.url()) as peer:
        for _ in range(20):
            task = asyncio.create_task(program.call("get_record"))
            request = await peer.request()
            await peer.answer_ok(request, "x" * (10 * 1024 * 1024))
            assert (await task)["status"] == "ok"
    assert resident_mib(b) < 250


def resident_mib(b: Bridge) -> float:
    with open(f"/proc/{b.pid}/status") as file:
        (row,) = (line for line in file if line.startswith("VmRSS:"))
    return int(row.split()[1]) / 1024
