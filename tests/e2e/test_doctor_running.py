"""`onebus doctor` beside a running bridge: what it has seen, and what to do."""

import asyncio
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from onebus.sim import Simulator

from harness.bridge import Bridge
from harness.build import SLOWNESS
from harness.bus import Bus
from harness.disk import SmallDisk, small_disk
from harness.doctor import Diagnosis, doctor, doctor_of
from harness.factories import StartBridge, StartBus, StartSim
from harness.frames import group_message
from harness.net import free_port

TOKEN = "the right one"
SMALL = {"journal": {"maxBytes": "16MiB"}}
BOUND_SECONDS = 6.0 * SLOWNESS


# -- all is well -------------------------------------------------------------


async def test_a_healthy_bridge_has_no_trouble(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    http = {"http": f"127.0.0.1:{free_port()}"}
    b = await bridge({"wsPort": free_port()}, SMALL | http)
    program = bus(b)
    subscriber = await program.subscribe("qq.*")
    peer = await sim(b, heart_interval=50)
    await subscriber.next_event("qq.bridge.default.online")
    await peer.emit(group_message("hello"))
    await subscriber.next_event("qq.group.*")
    found = await doctor_of(b)
    assert (found.status, found.troubles) == (0, [])
    assert found.report["running"] is True
    assert "10001" in found.one("connected")["seen"]
    assert found.of("ok").count("listening") == 4
    assert found.one("journal")["severity"] == "ok"


async def test_looking_changes_nothing(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    b = await bridge()
    program = bus(b)
    await sim(b)
    # That it is there is told by two events.
    while (before := (await program.call("bridge.status"))["data"])["seq"] < 2:
        await asyncio.sleep(0.01)
    troubles = (await program.call("bridge.troubles"))["data"]
    await doctor_of(b)
    after = (await program.call("bridge.status"))["data"]
    assert after["seq"] == before["seq"]
    assert after["accounts"]["default"]["links"] == 1
    assert (await program.call("bridge.troubles"))["data"] == troubles


# -- nobody comes ------------------------------------------------------------


async def test_a_peer_that_never_came_is_told(bridge: StartBridge) -> None:
    b = await bridge()
    found = await doctor_of(b)
    assert found.of("fault") == ["nobody-came"]
    assert "napcat-config --account default" in found.one("nobody-came")["remedy"]


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        ({"token": "SECRETSECRET"}, "token-wrong", "disable and enable"),
        ({}, "token-missing", "websocketClients[].token"),
        ({"token": TOKEN, "self_id": 9}, "other-qq", "channels.napcatqq.accounts"),
    ],
)
async def test_a_peer_that_is_refused_is_told(
    bridge: StartBridge, sim: StartSim, options: dict[str, Any], code: str, said: str
) -> None:
    b = await bridge({"accessToken": TOKEN, "selfId": 10001})
    Path(b.folder / "onebus.json").chmod(0o600)
    peer = await sim.dialing(b.url(), **options)
    await peer.refused()
    found = await doctor_of(b)
    assert found.of("fault") == [code]
    assert "127.0.0.1 was refused" in found.one(code)["seen"]
    assert said in found.one(code)["remedy"]
    assert "SECRET" not in str(found.report)
    assert TOKEN not in str(found.report)


async def test_a_path_that_there_is_not_is_told(
    bridge: StartBridge, sim: StartSim
) -> None:
    b = await bridge()
    peer = await sim.dialing(b.url().removesuffix("/onebot/v11/ws") + "/ws")
    await peer.refused()
    found = await doctor_of(b)
    assert found.of("fault") == ["path-unknown"]
    told = found.one("path-unknown")
    assert "path /ws" in told["seen"]
    assert "/onebot/v11/ws" in told["why"]


async def test_a_peer_that_went_is_told(bridge: StartBridge, sim: StartSim) -> None:
    b = await bridge()
    peer = await sim(b, auto_reconnect=False)
    await peer.close_link(1001, "bye")
    await b.wait_for_line("link: down")
    assert "code 1001" in (await doctor_of(b)).one("link-down")["seen"]


async def test_a_peer_that_cannot_be_dialled_is_told(bridge: StartBridge) -> None:
    url = f"ws://127.0.0.1:{free_port()}/"
    b = bridge.prepare({"connect": url})
    del b.settings["channels"]["napcatqq"]["wsPort"]
    await b.start()
    await b.wait_for_line("cannot reach the peer")
    found = await doctor_of(b)
    assert found.of("fault") == ["peer-not-there"]
    assert found.one("not-connected")["severity"] == "warn"


async def test_a_peer_that_is_dialled_and_there_is_not_knocked_at(
    bridge: StartBridge,
) -> None:
    async with Simulator() as peer:
        listener = await peer.listen(heart_interval=0)
        b = bridge.prepare({"connect": listener.url})
        del b.settings["channels"]["napcatqq"]["wsPort"]
        await b.start()
        await b.wait_for_line("link: up")
        found = await doctor_of(b)
        assert found.of("fault") == []
        assert "peer" not in found.of("ok")


# -- connected, and silent ---------------------------------------------------


async def test_messages_as_strings_are_noted(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    b = await bridge()
    subscriber = await bus(b).subscribe("qq.group.*")
    peer = await sim(b, message_format="string")
    await peer.group_message(20002, 30001, "hello")
    await subscriber.next_event()
    told = (await doctor_of(b)).one("string-format")
    assert told["severity"] == "note"
    assert '"messagePostFormat": "array"' in told["remedy"]


async def test_qq_offline_is_told(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    b = await bridge({"heartbeat": {"interval": 60000}})
    subscriber = await bus(b).subscribe("qq.bridge.*")
    peer = await sim(b, heart_interval=50)
    peer.world.online = False
    await subscriber.next_event("qq.bridge.default.offline")
    found = await doctor_of(b)
    assert found.of("fault") == ["qq-offline"]
    assert "log in again" in found.one("qq-offline")["remedy"]


async def test_a_peer_that_answers_nothing_is_told(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    b = await bridge({"heartbeat": {"interval": 800, "timeout": 700}})
    program = bus(b)
    subscriber = await program.subscribe("qq.bridge.*")
    peer = await sim(b)
    peer.hold()
    for _ in range(2):
        await program.call("get_group_list", timeout=100)
    await subscriber.next_event("qq.bridge.default.actions.stalled")
    found = await doctor_of(b)
    assert found.of("fault") == ["actions-stalled"]
    assert "restart the peer" in found.one("actions-stalled")["remedy"]
    peer.release()


async def test_frames_that_lead_nowhere_are_told(
    bridge: StartBridge, sim: StartSim
) -> None:
    b = await bridge()
    peer = await sim(b)
    await peer.send_text("{")
    await b.wait_for_line("frame: dropped")
    assert "1 frame led nowhere" in (await doctor_of(b)).one("frames-dropped")["seen"]


async def test_a_gate_that_lets_nobody_through_is_told(
    bridge: StartBridge, sim: StartSim
) -> None:
    b = await bridge({"groupPolicy": "allowlist"})
    peer = await sim(b)
    await peer.group_message(20002, 30001, "hello")
    await b.wait_for_line("group_not_listed")
    told = (await doctor_of(b)).one("nobody-heard")
    assert "group_not_listed" in told["seen"]
    assert "groups" in told["remedy"]


async def test_a_muted_bot_is_told(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    b = await bridge()
    subscriber = await bus(b).subscribe("qq.bridge.*")
    peer = await sim(b)
    await peer.notice(
        "group_ban", sub_type="ban", group_id=20002, user_id=10001, duration=600
    )
    await subscriber.next_event("qq.bridge.default.sending.paused")
    told = (await doctor_of(b)).one("sending-paused")
    assert "group 20002 muted" in told["seen"]


async def test_sends_that_are_not_reported_back_are_noted(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    b = await bridge()
    program = bus(b)
    peer = await sim(b)
    peer.on("send_group_msg", lambda _: {"message_id": 7})
    for _ in range(3):
        params = {"group_id": 20002, "message": "x"}
        assert (await program.call("send_group_msg", params))["status"] == "ok"
    assert "reportSelfMessage" in (await doctor_of(b)).one("self-messages-off")["remedy"]


async def test_somebody_who_waits_to_be_let_in_is_noted(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    b = await bridge({"dmPolicy": "pairing"})
    subscriber = await bus(b).subscribe("qq.bridge.*")
    peer = await sim(b)
    await peer.private_message(30001, "let me in")
    await subscriber.next_event("qq.bridge.default.pairing.*")
    assert "pairing approve" in (await doctor_of(b)).one("pairing-waiting")["remedy"]


# -- the bridge itself -------------------------------------------------------


async def test_that_nobody_listens_is_told(
    bridge: StartBridge, sim: StartSim
) -> None:
    b = await bridge(None, {"http": f"127.0.0.1:{free_port()}"})
    await sim(b)
    assert "onebus listen" in (await doctor_of(b)).one("nobody-listens")["remedy"]


async def test_that_http_is_off_is_noted(bridge: StartBridge) -> None:
    b = await bridge(None, {"http": ""})
    assert (await doctor_of(b)).one("http-off")["severity"] == "note"


@pytest.fixture
def disk(bridge: StartBridge) -> Iterator[SmallDisk]:
    with small_disk(bridge.folder / "state", 24) as made:
        yield made


async def test_a_journal_that_cannot_be_written_is_told(
    bridge: StartBridge, bus: StartBus, sim: StartSim, disk: SmallDisk
) -> None:
    b = await bridge(None, {"journal": {"maxBytes": "64MiB"}}, wrapper=disk.wrapper)
    program = bus(b)
    subscriber = await program.subscribe("qq.*")
    peer = await sim(b)
    disk.fill()
    await peer.emit(group_message("x" * 200_000))
    await subscriber.next_event("qq.bridge.default.journal.failing")
    found = await doctor_of(b, wrapper=disk.wrapper)
    assert {"journal-failing", "disk-full"} <= set(found.of("fault"))
    disk.free()
    await subscriber.next_event("qq.bridge.default.journal.ok")


async def test_settings_that_were_refused_are_told(bridge: StartBridge) -> None:
    b = await bridge()
    b.rewrite({"groupPolicy": "mauve"})
    b.signal(signal.SIGHUP)
    await b.wait_for_line("settings: refused")
    assert (await doctor_of(b)).status == 78
    b.rewrite({})
    told = (await doctor_of(b)).one("reload-refused")
    assert "mauve" in told["seen"]
    assert "bridge.reload" in told["remedy"]


async def test_settings_that_were_not_read_yet_are_told(bridge: StartBridge) -> None:
    b = await bridge()
    b.rewrite({"wsPort": free_port(), "accounts": {"default": {}, "new": {"wsPath": "/n"}}})
    found = await doctor_of(b)
    assert "not-listening" in found.of("fault")
    assert found.one("not-read")["account"] == "new"


async def test_a_bridge_that_hangs_is_told_in_time(bridge: StartBridge) -> None:
    b = await bridge()
    b.signal(signal.SIGSTOP)
    begin = time.monotonic()
    found = await doctor_of(b)
    assert time.monotonic() - begin < BOUND_SECONDS
    b.signal(signal.SIGCONT)
    assert "bridge-mute" in found.of("fault")
    assert "restart" in found.one("bridge-mute")["remedy"]


async def test_one_account_can_be_asked_about(
    bridge: StartBridge, sim: StartSim
) -> None:
    b = await bridge({"accounts": {"one": {}, "two": {"wsPath": "/two"}}})
    await sim(b, "two")
    assert (await doctor_of(b)).one("nobody-came")["account"] == "one"
    assert (await doctor_of(b, "--account", "two")).of("fault") == []


# -- grants ------------------------------------------------------------------


def grant(name: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "token": f"SECRET of {name}, long"} | more


async def with_token(b: Bridge, name: str) -> Diagnosis:
    return await doctor_of(b, env={"ONEBUS_TOKEN": f"SECRET of {name}, long"})


async def test_with_grants_it_needs_a_token(bridge: StartBridge) -> None:
    grants = [grant("all"), grant("some", actions=["bridge.status"])]
    b = await bridge(None, {"grants": grants})
    bare = await doctor_of(b)
    assert bare.report["running"] is True
    assert "--token-file" in bare.one("unauthorized")["remedy"]
    found = await with_token(b, "all")
    assert "unauthorized" not in found.troubles
    assert "nobody-came" in found.of("fault")
    found = await with_token(b, "some")
    assert "bridge.*" in found.one("not-covered")["remedy"]
    assert "SECRET of" not in str(found.report)


async def test_requests_without_a_token_are_told(
    bridge: StartBridge, bus: StartBus
) -> None:
    b = await bridge(None, {"grants": [grant("all")]})
    program: Bus = bus(b)
    await program.call("bridge.ping")
    found = await with_token(b, "all")
    assert "bridge.grants" in found.one("calls-unauthorized")["remedy"]


async def test_a_bridge_that_is_named_is_asked_though_the_settings_are_faulty(
    bridge: StartBridge,
) -> None:
    b = await bridge()
    found = await doctor("--set", "bridge.log.level=loud", "--url", b.actions)
    assert (found.status, found.report["running"]) == (78, True)
