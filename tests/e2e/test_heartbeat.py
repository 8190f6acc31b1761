"""Is the link alive, is QQ online, are actions answered: each by itself."""

import asyncio
from typing import Any

from harness.factories import StartBridge, StartBus, StartSim
from harness.frames import group_message

# Long enough for a peer on a machine under load to answer a ping.
QUICK = {"heartbeat": {"interval": 800, "timeout": 700}}


async def account(program: Any) -> dict[str, Any]:
    reply = await program.call("bridge.status")
    return dict(reply["data"]["accounts"]["default"])


async def test_a_peer_that_hangs_is_found_and_said(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    b = await bridge(QUICK)
    program = bus(b)
    subscriber = await program.subscribe("qq.bridge.*")
    peer = await sim(b, reconnect_interval=60)
    await subscriber.next_event("qq.bridge.default.link.up")
    loop = asyncio.get_running_loop()
    begun = loop.time()
    peer.freeze()
    gone = await subscriber.next_event("qq.bridge.default.link.down")
    assert "not even to a ping" in gone.event["reason"]
    assert loop.time() - begun > 0.7
    assert (await account(program))["state"] == "down"
    peer.thaw()


async def test_a_peer_that_only_answers_pings_stays(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    b = await bridge(QUICK)
    peer = await sim(b)
    await asyncio.sleep(4)
    assert peer.link.connections == 1
    assert not peer.requests
    assert (await bus(b).call("get_status"))["status"] == "ok"


async def test_qq_offline_behind_a_live_link(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    b = await bridge({"heartbeat": {"interval": 60000}})
    program = bus(b)
    subscriber = await program.subscribe("qq.bridge.*")
    peer = await sim(b, heart_interval=50)
    await subscriber.next_event("qq.bridge.default.online")
    assert (await account(program))["online"] is True
    peer.world.online = False
    event = await subscriber.next_event("qq.bridge.default.offline")
    assert event.event["source"] == "heartbeat"
    assert (await account(program))["online"] is False
    reply = await program.call("send_group_msg", {"group_id": 1, "message": "x"})
    assert reply["error"] == "offline"
    assert (await program.call("get_version_info"))["status"] == "ok"
    peer.world.online = True
    await subscriber.next_event("qq.bridge.default.online")


async def test_a_kick_is_told_and_asked_about_until_it_is_over(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    b = await bridge({"heartbeat": {"interval": 200}})
    subscriber = await bus(b).subscribe("qq.bridge.*")
    peer = await sim(b)
    peer.world.online = False
    await peer.notice("bot_offline", user_id=peer.self_id, tag="kick", message="bye")
    event = await subscriber.next_event("qq.bridge.default.offline")
    assert event.event["source"] == "bot_offline"
    await peer.next_request("get_status")
    peer.world.online = True
    event = await subscriber.next_event("qq.bridge.default.online")
    assert event.event["source"] == "get_status"


async def test_events_flow_but_calls_hang(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    b = await bridge(QUICK)
    program = bus(b)
    subscriber = await program.subscribe("qq.*")
    peer = await sim(b)
    peer.hold()
    for _ in range(2):
        reply = await program.call("get_group_list", timeout=100)
        assert reply["error"] == "timeout"
    await subscriber.next_event("qq.bridge.default.actions.stalled")
    await peer.emit(group_message("still heard"))
    assert (await subscriber.next_event()).envelope["text"] == "still heard"
    reply = await program.call("get_group_list")
    assert reply["error"] == "stalled"
    assert (await account(program))["actions"] == "stalled"
    assert peer.link.connections == 1
    peer.release()
    await subscriber.next_event("qq.bridge.default.actions.ok")
    assert (await program.call("get_group_list"))["status"] == "ok"
