"""A link whose peer is gone without a word: nothing comes, nothing is refused."""

import asyncio
import contextlib
import signal
import subprocess
import sys
from collections.abc import Iterator

from harness.factories import StartBridge, StartBus
from harness.namespace import namespace

INTERVAL, TIMEOUT = 1.0, 0.8
QUICK = {"heartbeat": {"interval": int(INTERVAL * 1000), "timeout": int(TIMEOUT * 1000)}}
# The rule is interval + 2 * timeout; the rest is for a machine under load.
ALLOWED = INTERVAL + 2 * TIMEOUT + 3


@contextlib.contextmanager
def ended(process: "subprocess.Popen[bytes]") -> Iterator[None]:
    try:
        yield
    finally:
        process.send_signal(signal.SIGCONT)
        process.kill()
        process.wait()


async def test_a_peer_behind_a_black_hole_is_found(
    bridge: StartBridge, bus: StartBus
) -> None:
    loop = asyncio.get_running_loop()
    with namespace() as hole:
        host = "0.0.0.0" if hole else "127.0.0.1"
        b = await bridge(QUICK | {"wsHost": host, "allowInsecure": True})
        program = bus(b)
        subscriber = await program.listen("qq.bridge.*")
        if hole:
            process = hole.start_simulator(b.url().replace("0.0.0.0", hole.address))
        else:
            # Nobody may lay cables here: a peer that is stopped keeps silent
            # as well, but for the kernel's acknowledgements.
            process = subprocess.Popen(
                [sys.executable, "-m", "onebus.sim", "--url", b.url()]
            )
        with ended(process):
            await subscriber.next_event("qq.bridge.default.link.up")
            assert (await program.call("get_login_info"))["status"] == "ok"
            if hole:
                hole.pull_the_cable()
            else:
                process.send_signal(signal.SIGSTOP)
            begun = loop.time()
            # Frames that nobody takes wait in the socket and make no difference.
            pending = [
                asyncio.ensure_future(
                    program.call("do", {"text": "x" * 100_000}, timeout=20_000)
                )
                for _ in range(3)
            ]
            gone = await subscriber.next_event("qq.bridge.default.link.down")
            assert loop.time() - begun < ALLOWED
            assert "not even to a ping" in gone.event["reason"]
            for reply in await asyncio.gather(*pending):
                assert reply["status"] == "unknown"
            state = (await program.call("bridge.status"))["data"]["accounts"]["default"]
            assert state["state"] == "down"
