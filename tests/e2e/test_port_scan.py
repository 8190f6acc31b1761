"""Who connects to the bus and leaves in the middle of the handshake, as a port
scan or a health check does, disturbs nobody."""

import socket
import struct

import pytest

from harness.bridge import Bridge, Settings
from harness.build import SANITIZERS
from harness.factories import StartBridge, StartBus, StartSim
from harness.sp import SUB, Caller, hello
from harness.wait import until

HELLO = hello(SUB)


def addresses(scheme: str) -> Settings:
    """Settings with the bus on addresses of this scheme."""
    if scheme == "ipc":
        return {}
    return {key: ["tcp://127.0.0.1:0"] for key in ("events", "actions")}


def knock(url: str, said: bytes, *, is_rude: bool) -> None:
    """Connect, say something, and leave; rudely: with a reset, over tcp."""
    scheme, _, rest = url.partition("://")
    host, _, port = rest.rpartition(":")
    is_tcp = scheme == "tcp"
    with socket.socket(socket.AF_INET if is_tcp else socket.AF_UNIX) as knocker:
        knocker.connect((host, int(port)) if is_tcp else rest)
        knocker.sendall(said)
        if is_tcp and is_rude:
            reset = struct.pack("ii", 1, 0)
            knocker.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, reset)
            knocker.shutdown(socket.SHUT_WR)


def scan(b: Bridge, said: bytes, count: int) -> None:
    """Knock at both addresses of the bus."""
    for n in range(count):
        for url in (b.events, b.actions):
            knock(url, said, is_rude=n % 2 == 0)


async def newcomers_get_in(b: Bridge, bus: StartBus) -> None:
    newcomer = bus(b)
    assert (await newcomer.call("bridge.ping"))["status"] == "ok"
    await newcomer.subscribe()


@pytest.mark.parametrize("size", [0, 1, 4, 7])
@pytest.mark.parametrize("scheme", ["ipc", "tcp"])
async def test_who_is_in_misses_nothing_and_others_get_in(
    bridge: StartBridge, bus: StartBus, sim: StartSim, scheme: str, size: int
) -> None:
    b = await bridge(bridge=addresses(scheme))
    peer = await sim(b)
    subscriber = await bus(b).subscribe("qq.group.*")
    caller = await Caller.connect(b.actions)
    peer.hold()
    number = caller.send("get_status")
    await peer.next_request()
    for n in range(10):
        scan(b, HELLO[:size], 20)
        await peer.group_message(20002, 30001, str(n))
    peer.release()
    await newcomers_get_in(b, bus)
    assert (await caller.reply(number))["status"] == "ok"
    events = await subscriber.next_events(10)
    assert [event.envelope["text"] for event in events] == list("0123456789")
    await caller.close()


@pytest.mark.parametrize("scheme", ["ipc", "tcp"])
async def test_thousands_leave_no_descriptor_and_no_memory_behind(
    bridge: StartBridge, bus: StartBus, scheme: str
) -> None:
    b = await bridge(bridge=addresses(scheme))
    await newcomers_get_in(b, bus)
    descriptors = b.fd_count()
    mib = []
    for _ in range(11):
        scan(b, HELLO[:4], 200)
        # NNG clears away more slowly than one can knock.
        await until(lambda: b.fd_count() <= descriptors, f"{descriptors} descriptors")
        mib.append(b.resident_mib())
    # A sanitizer keeps what was freed for a while, and finds leaks by itself.
    assert SANITIZERS or mib[-1] < mib[0] + 4
    await newcomers_get_in(b, bus)
