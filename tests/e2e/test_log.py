"""The log: its form and its level."""

import re
import signal

from harness.factories import StartBridge, StartSim
from harness.sp import Caller
from harness.wait import until
from harness.websocket import opening


async def test_every_line_is_json_with_time_level_and_part(
    bridge: StartBridge, sim: StartSim
) -> None:
    b = await bridge(env={"ONEBUS_BRIDGE_LOG_LEVEL": "debug"})
    peer = await sim(b)
    await peer.send_text("nonsense")
    await b.wait_for_line("frame: dropped")
    await b.stop()
    for line in b.log:
        assert re.fullmatch(r"\d{4}(-\d\d){2}T\d\d(:\d\d){2}\.\d{3}Z", line["ts"])
        assert line["level"] in ("debug", "info", "warn", "error")
        assert line["component"]
    assert b.noise == []


async def test_the_environment_may_quieten_it(bridge: StartBridge) -> None:
    b = bridge.prepare(env={"ONEBUS_BRIDGE_LOG_LEVEL": "error"})
    await b.launch()
    path = bridge.folder / "actions"
    await until(path.exists, "action socket")
    caller = await Caller.connect(f"ipc://{path}")
    assert (await caller.reply(caller.send("bridge.ping")))["status"] == "ok"
    await caller.close()
    assert await b.stop() == 0
    assert b.log == []


async def test_a_flag_may_make_it_plain_text(bridge: StartBridge) -> None:
    b = bridge.prepare(arguments=["--set", "bridge.log.format=text"])
    await b.launch()
    await until(lambda: "bridge: ready" in "\n".join(b.noise), "ready line")
    assert b.log == []
    wanted = re.compile(r"\S+Z info  ws: listening account=default")
    assert any(wanted.match(line) for line in b.noise)
    b.noise.clear()
    b.signal(signal.SIGTERM)
    assert await b.ended() == 0
    b.noise.clear()


async def test_the_trace_of_a_call_is_logged(
    bridge: StartBridge, sim: StartSim
) -> None:
    b = await bridge()
    await sim(b)
    caller = await Caller.connect(b.actions)
    await caller.reply(caller.send("get_status", trace="t-123"))
    await b.wait_for_line("trace=t-123")
    await caller.close()
    assert (await opening(b.port)).status == 101
