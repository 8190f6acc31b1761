"""New settings while it runs: all or nothing, and nobody is cut off for it."""

import json
import signal
from typing import Any

from harness.bridge import Bridge
from harness.factories import StartBridge, StartBus, StartSim
from harness.frames import group_message
from harness.net import free_port


def accounts(**named: Any) -> dict[str, Any]:
    return {"accounts": named}


async def test_accounts_come_go_and_move_and_the_others_stay(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    ports = [free_port() for _ in range(4)]
    a, moved = {"wsPort": ports[0]}, {"wsPort": ports[1]}
    b = await bridge(accounts(a=a, gone={"wsPort": ports[2]}, moved=moved))
    program = bus(b)
    subscriber = await program.subscribe("qq.bridge.*", account="a")
    stays = await sim(b, "a", self_id=10001)
    goes = await sim(b, "gone", self_id=10002)
    moves = await sim(b, "moved", self_id=10003)
    b.rewrite(accounts(a=a, new={"wsPort": ports[2]}, moved={"wsPort": ports[3]}))
    reply = await program.call("bridge.reload")
    assert set(reply["data"]["changed"]) == {
        "channels.napcatqq.accounts.gone (removed)",
        "channels.napcatqq.accounts.new (added)",
        "channels.napcatqq.accounts.moved.wsPort",
    }
    await subscriber.next_event("qq.bridge.a.config.reloaded")
    gone = await subscriber.next_event("qq.bridge.*.link.down")
    assert gone.topic in ("qq.bridge.gone.link.down", "qq.bridge.moved.link.down")
    await goes.disconnected()
    await moves.disconnected()
    assert stays.link.connections == 1
    assert (await program.call("get_login_info", account="a"))["status"] == "ok"
    assert (await program.call("get_status", account="gone"))["error"] == (
        "unknown_account"
    )
    fourth = await sim.dialing(b.url("gone"), self_id=10004)
    await fourth.connected()
    reply = await program.call("get_login_info", account="new")
    assert reply["data"]["user_id"] == 10004
    back = await sim.dialing(b.url("moved").replace(f":{ports[1]}/", f":{ports[3]}/"))
    await back.connected()


async def test_a_fault_changes_nothing(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    b = await bridge()
    program = bus(b)
    subscriber = await program.subscribe("qq.group.*")
    peer = await sim(b)
    b.rewrite({"groupPolicy": "closed", "wsPrt": 5})
    reply = await program.call("bridge.reload")
    assert reply["error"] == "bad_params"
    assert "onebus.json:1: channels.napcatqq.wsPrt: unknown key" in reply["message"]
    await b.wait_for_line("settings: refused, all stays as it was")
    await peer.emit(group_message("still heard"))
    assert (await subscriber.next_event()).envelope["text"] == "still heard"


async def test_a_port_that_is_taken_changes_nothing(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    first = await bridge(accounts(a={"wsPort": free_port()}))
    taken = first.port
    other = StartBridge(first.folder / "other")
    other.folder.mkdir()
    b = await other(accounts(a={"wsPort": free_port()}))
    try:
        peer = await sim(b, "a")
        new = {"wsPort": free_port()}
        b.rewrite(accounts(a={"wsPort": taken}, new=new))
        reply = await bus(b).call("bridge.reload")
        assert reply["error"] == "bad_params"
        await b.wait_for_line("the port is taken")
        assert peer.link.connections == 1
        assert (await bus(b).call("get_status"))["status"] == "ok"
    finally:
        await other.finish()


async def test_a_hang_up_reads_them_and_says_what_waits_for_a_restart(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    b = await bridge()
    peer = await sim(b)
    b.rewrite({}, {"log": {"level": "warn"}, "call": {"maxInFlight": 7}})
    b.signal(signal.SIGHUP)
    line = await b.wait_for_line("bridge.call.maxInFlight")
    assert "next start" in line["msg"]
    assert peer.link.connections == 1
    reply = await bus(b).call("bridge.status")
    assert reply["data"]["calls"]["max"] == 256


async def test_a_changed_token_cuts_off_who_came_with_the_old_one(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    b = await bridge({"wsPort": free_port(), "accessToken": "old"})
    peer = await sim(b, token="old")
    b.rewrite({"wsPort": b.port, "accessToken": "new"})
    await bus(b).call("bridge.reload")
    await peer.disconnected()
    assert (await peer.refused()).status == 403
    await sim(b, token="new")
    text = b.stderr.decode() + json.dumps(await bus(b).call("bridge.status"))
    assert '"old"' not in text and '"new"' not in text


async def test_a_dialed_account_and_a_listening_one_change_places(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    b: Bridge = await bridge({"wsPort": free_port()})
    program = bus(b)
    peer = await sim(b)
    listener = await peer.listen(heart_interval=0)
    b.rewrite({"connect": listener.url}, without=("wsPort",))
    assert (await program.call("bridge.reload"))["status"] == "ok"
    await listener.connected()
    await b.wait_for_line(lambda line: len(b.lines("link: up")) == 2)
    assert (await program.call("get_login_info"))["status"] == "ok"
    b.rewrite({"wsPort": free_port()})
    assert (await program.call("bridge.reload"))["status"] == "ok"
    await listener.disconnected()
