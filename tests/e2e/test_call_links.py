"""What becomes of calls when the peer's connection goes or comes."""

import asyncio

from harness.factories import StartBridge, StartBus, StartSim
from harness.sp import Caller

LONG_MS = 600_000
SAID = {"group_id": 1, "message": "x"}


async def test_callers_of_a_link_that_drops_are_told_at_once(
    bridge: StartBridge, sim: StartSim
) -> None:
    b = await bridge()
    peer = await sim(b, auto_reconnect=False)
    peer.hold()
    caller = await Caller.connect(b.actions)
    read = caller.send("get_status", timeout=LONG_MS)
    write = caller.send("send_group_msg", params=SAID, timeout=LONG_MS)
    for _ in range(2):
        await peer.next_request()
    await peer.drop()
    lost = await caller.reply(read)
    assert (lost["error"], lost["retcode"]) == ("not_connected", 33001)
    unclear = await caller.reply(write)
    assert (unclear["status"], unclear["error"]) == ("unknown", "unknown")
    await caller.close()


async def test_a_call_is_held_until_the_peer_is_back(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    b = await bridge({"reconnect": {"retryDelay": LONG_MS}})
    program = bus(b)
    peer = await sim(b, auto_reconnect=False)
    await peer.drop()
    await b.wait_for_line("link: down")
    call = asyncio.create_task(program.call("get_login_info", timeout=LONG_MS))
    waiting = 0
    while waiting == 0:
        waiting = (await program.call("bridge.status"))["data"]["calls"]["waiting"]
    await peer.reconnect()
    assert (await call)["status"] == "ok"
    assert [request.action for request in peer.requests] == ["get_login_info"]


async def test_calls_before_the_first_connection_leave_in_their_order(
    bridge: StartBridge, sim: StartSim
) -> None:
    b = await bridge({"reconnect": {"retryDelay": LONG_MS}})
    caller = await Caller.connect(b.actions)
    numbers = []
    for n in range(50):
        numbers.append(caller.send("do", params={"n": n}, timeout=LONG_MS))
        ping = caller.send("bridge.ping")
        await caller.reply(ping)
    peer = await sim.dialing(b.url())
    peer.on("do", lambda request: request.params["n"])
    for n, number in enumerate(numbers):
        assert (await caller.reply(number))["data"] == n
    assert [request.params["n"] for request in peer.requests] == list(range(50))
    await caller.close()


async def test_calls_by_one_caller_leave_in_their_order(
    bridge: StartBridge, sim: StartSim
) -> None:
    b = await bridge()
    peer = await sim(b)
    caller = await Caller.connect(b.actions)
    numbers = [caller.send("do", params={"n": n}) for n in range(200)]
    for number in numbers:
        await caller.reply(number)
    assert [request.params["n"] for request in peer.requests] == list(range(200))
    await caller.close()


async def test_a_lost_call_is_not_sent_again(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    b = await bridge()
    program = bus(b)
    peer = await sim(b, reconnect_interval=0.01)
    peer.hold("send_group_msg")
    call = asyncio.create_task(program.call("send_group_msg", SAID))
    await peer.next_request("send_group_msg")
    await peer.drop()
    assert (await call)["error"] == "unknown"
    await peer.connected()
    assert (await program.call("get_status"))["status"] == "ok"
    # The bridge may look into the history for it.
    assert [r.action for r in peer.requests].count("send_group_msg") == 1


async def test_with_another_link_left_callers_go_on_waiting(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    b = await bridge()
    program = bus(b)
    peer = await sim(b, reconnect_interval=600)
    peer.hold("get_status")
    call = asyncio.create_task(program.call("get_status", timeout=LONG_MS))
    await peer.next_request("get_status")
    forgotten = await peer.forget()
    forgotten.abort()
    await b.wait_for_line("link: down")
    await peer.reconnect()
    peer.release()
    assert (await call)["status"] == "ok"


async def test_storms_of_reconnects_lose_no_reply(
    bridge: StartBridge, sim: StartSim
) -> None:
    b = await bridge({"reconnect": {"retryDelay": "30s"}})
    peer = await sim(b, reconnect_interval=0.01)
    peer.delay(0, 5)
    caller = await Caller.connect(b.actions)
    numbers = []
    for _ in range(15):
        numbers += [caller.send("get_status") for _ in range(20)]
        await peer.drop()
    for number in numbers:
        reply = await caller.reply(number)
        assert reply.get("error") in (None, "not_connected", "busy")
    assert all(len(caller.replies[number]) == 1 for number in numbers)
    await caller.close()
