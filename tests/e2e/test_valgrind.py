"""A bridge under valgrind: no error, and nothing lost in the end."""

import shutil
from pathlib import Path

import pytest

from harness.bridge import Bridge
from harness.factories import StartBridge, StartBus, StartSim
from harness.frames import collected, group_message, index
from harness.sp import Caller
from harness.websocket import connect, opening

LEAKS = "definite,indirect"


def valgrind(log: Path) -> list[str]:
    return [
        "valgrind",
        "--quiet",
        "--fair-sched=try",  # or one thread may keep the others from running
        "--leak-check=full",
        f"--show-leak-kinds={LEAKS}",
        f"--errors-for-leak-kinds={LEAKS}",
        "--error-exitcode=99",
        f"--log-file={log}",
    ]


async def test_a_busy_life_under_valgrind_ends_with_0(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    if shutil.which("valgrind") is None:
        pytest.skip("valgrind is not installed")
    report = bridge.folder / "valgrind.log"
    channel = {"accounts": {"a": {"accessToken": "t"}, "b": {}}}
    settings = {"media": {"maxFrame": 6_000_000}}
    b = await bridge(channel, settings, wrapper=valgrind(report))
    program = bus(b)
    subscriber = await program.subscribe(account="b")
    peer = await sim(b, "a", token="t")
    for row in index()["events"]:
        await peer.send_raw(collected("events", row["file"]))
    for row in index()["malformed"]:
        await peer.send_raw(collected("malformed", row["file"]))
    await peer.emit(group_message(user_id=777))
    await subscriber.next_message(777)
    for n in range(20):
        params = {"n": n, "s": "x" * n * 1000}
        await program.call("do", params, account="a", id=f"i-{n}", trace="t")
        await program.request(b"\xc1nonsense")
    await misbehave(b)
    peer.hold()
    caller = await Caller.connect(b.actions)
    lost = caller.send("get_status", account="a")
    await peer.next_request("get_status")
    await peer.drop()
    await caller.reply(lost)
    caller.send("get_status", account="b")
    assert await b.stop() == 0, report.read_text()
    assert report.read_text() == ""
    await caller.close()


async def misbehave(b: Bridge) -> None:
    """Refused peers, a frame that is too large, a link cut in a frame."""
    await opening(b.port)
    await opening(b.port, "/elsewhere")
    await opening(b.port, "/", is_upgrade=False)
    async with await connect(b.url("b")) as odd:
        await odd.send("x" * 6_000_001)
        assert await odd.closed() == 1009
    async with await connect(b.url("b")) as odd:
        await odd.send_bytes(b"\x01\x85\0\0\0\0hello\x80\xfe\x10\x00\0\0\0\0half")
