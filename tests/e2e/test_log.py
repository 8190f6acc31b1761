"""The log: its form and its level."""

import re
import signal

from harness.bridge import Bridge
from harness.bus import Bus
from harness.cli import onebus
from harness.factories import StartBridge, StartBus, StartSim
from harness.frames import group_message
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


async def test_the_pairs_are_members_whatever_strangers_say(
    bridge: StartBridge, sim: StartSim
) -> None:
    b = await bridge()
    odd = 'Agent" level=error account="other" seq=7 "'
    await sim(b, self_id=10001)
    up = await b.wait_for_line("link: up")
    assert up["account"] == "default"
    assert (up["self_id"], up["links"]) == (10001, 1)
    await opening(b.port, '/x"y=1', [("X-Client-Role", odd)])
    refused = await b.wait_for_line("ws: refused")
    assert refused["level"] == "warn"
    assert refused["role"] == odd.replace('"', "'")
    assert "seq" not in refused
    assert refused["status"] == 404


async def narrated(b: Bridge, program: Bus, sim: StartSim) -> list[str]:
    """What is told of an event and a call with a text of their own."""
    peer = await sim(b)
    await peer.emit(group_message("heard words", group_id=20002))
    params = {"group_id": 20002, "message": "said words"}
    await program.call("send_group_msg", params)
    await b.wait_for_line("call: ended")
    await b.wait_for_line("event: message.group.normal")
    return b.lines("event: message.group") + b.lines("call: ")


async def test_events_and_calls_are_told_one_by_one_at_level_debug(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    b = await bridge(None, {"log": {"levels": {"event": "debug", "call": "debug"}}})
    lines = await narrated(b, bus(b), sim)
    assert len(lines) == 3
    assert b"words" not in b.stderr
    assert {line["level"] for line in b.log if line["component"] == "event"} == {
        "debug"
    }


async def test_content_is_shown_if_the_settings_say_so(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    b = await bridge(None, {"log": {"level": "debug", "content": "preview"}})
    event, made, _ = await narrated(b, bus(b), sim)
    assert 'text="heard words"' in event
    assert 'text="said words"' in made


async def test_the_level_is_changed_for_a_while(
    bridge: StartBridge, bus: StartBus
) -> None:
    b = await bridge()
    program = bus(b)
    now = (await program.call("bridge.log"))["data"]
    assert now == {"level": "info", "format": "auto", "content": "none", "levels": {}}
    await program.call("bridge.log", {"level": "debug", "for_ms": 200})
    await b.wait_for_line("log: changed level=debug content=none component=all")
    await b.wait_for_line("log: as the settings have it again level=info")
    assert (await program.call("bridge.log"))["data"] == now


async def test_a_signal_has_the_state_told(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    b = await bridge({"accessToken": "told-to-nobody"})
    peer = await sim(b, token="told-to-nobody")
    await peer.emit(group_message("heard words"))
    b.signal(signal.SIGUSR1)
    link = await b.wait_for_line("state: link account=default")
    assert link["role"] == "Universal"
    (account,) = [x for x in b.log if x["msg"].startswith("account account=")]
    assert (account["state"], account["links"]) == ("up", 1)
    assert b.lines("state: bridge seq=", "callers=0", "stopping=false")
    assert b.lines("state: journal mode=ok")
    assert b.lines("state: nats mode=off")
    assert b.lines("state: process", "resident_bytes=", "replies_unsent=0 links=1")
    assert b"words" not in b.stderr


async def test_the_command_changes_it_until_the_settings_are_read(
    bridge: StartBridge, bus: StartBus
) -> None:
    b = await bridge()
    url = ("--url", b.actions)
    shown = await onebus("log", *url)
    assert shown.out == "level info, format auto, content none\n"
    shown = await onebus("log", *url, "debug", "--component", "link", "--for", "10m")
    assert shown.out.startswith("level info, format auto, content none, for 600 s\n")
    assert "link: debug\n" in shown.out
    shown = await onebus("log", *url, "warn", "--content", "full")
    assert shown.out == "level warn, format auto, content full\n"
    refused = await onebus("log", *url, "debug", "--component", "nobody")
    assert refused.status == 1
    assert "allowed: access, account" in refused.err
    b.signal(signal.SIGHUP)
    await bus(b).call("bridge.reload")
    shown = await onebus("log", *url)
    assert shown.out == "level info, format auto, content none\n"
