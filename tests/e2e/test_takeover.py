"""A second link of an account: NapCat opens one beside the first when its url
changes, or comes back before its dead link has been missed."""

import asyncio
from typing import Any

from onebus.sim import LinkSettings

from harness.factories import StartBridge, StartBus, StartSim
from harness.frames import group_message

QUICK = {"heartbeat": {"interval": 60000, "timeout": 1000}}


async def account(program: Any) -> dict[str, Any]:
    reply = await program.call("bridge.status")
    return dict(reply["data"]["accounts"]["default"])


async def test_a_forgotten_link_is_kept_and_nothing_loops(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    """Closing the older one would make NapCat forget the newer one, for ever."""
    b = await bridge(QUICK)
    program = bus(b)
    subscriber = await program.subscribe("qq.group.*")
    peer = await sim(b, reconnect_interval=0.05)
    await peer.forget()
    # Long enough for the older link to have been given up, were it dead, and
    # for many rounds of a loop.
    await asyncio.sleep(2.5)
    assert peer.link.connections == 2
    assert len(peer.link.open_links) == 2
    assert (await account(program))["links"] == 2
    await peer.emit(group_message("after"))
    assert (await subscriber.next_event()).envelope["text"] == "after"
    assert (await program.call("get_login_info"))["status"] == "ok"


async def test_a_call_sent_before_is_answered_on_the_new_link(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    b = await bridge(QUICK)
    program = bus(b)
    peer = await sim(b)
    peer.hold("get_group_list")
    call = asyncio.ensure_future(program.call("get_group_list"))
    await peer.next_request("get_group_list")
    await peer.forget()
    peer.release()
    assert (await call)["status"] == "ok"


async def test_a_frozen_link_is_closed_and_the_new_one_takes_over(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    b = await bridge(QUICK)
    program = bus(b)
    subscriber = await program.subscribe("qq.bridge.*")
    await sim(b)
    peer = await sim(b)
    dead = await sim(b)
    dead.freeze()
    await subscriber.next_event("qq.bridge.*")
    second = await sim(b)
    gone = await subscriber.next_event("qq.bridge.default.link.down")
    assert "not even to a ping" in gone.event["reason"]
    assert (await account(program))["links"] == 3
    assert (await program.call("get_login_info"))["status"] == "ok"
    assert peer.link.connections == second.link.connections == 1
    dead.thaw()


async def test_the_same_event_on_two_links_comes_once(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    b = await bridge(QUICK)
    subscriber = await bus(b).subscribe("qq.group.*")
    peer = await sim(b)
    peer.add_link(LinkSettings(url=b.url(), heart_interval=0, message_format="string"))
    await peer.links[1].connected()
    for text in ("one", "two", "three"):
        await peer.group_message(20002, 30001, text)
        assert (await subscriber.next_event()).envelope["text"] == text


async def test_when_both_are_closed_it_heals(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    b = await bridge(QUICK)
    peer = await sim(b, reconnect_interval=0.05)
    forgotten = await peer.forget()
    forgotten.abort()
    await peer.drop()
    await peer.link.connected()
    assert (await bus(b).call("get_login_info"))["status"] == "ok"


async def test_roles_may_be_split(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    b = await bridge(QUICK)
    program = bus(b)
    subscriber = await program.subscribe("qq.group.*")
    peer = await sim(b, dialect="gocqhttp", role="API")
    peer.add_link(
        LinkSettings(url=b.url(), dialect="gocqhttp", role="Event", heart_interval=0)
    )
    await peer.links[1].connected()
    await peer.emit(group_message("by the Event link"))
    assert (await subscriber.next_event()).envelope["text"] == "by the Event link"
    assert (await program.call("get_login_info"))["status"] == "ok"
    await peer.links[1].drop()
    assert (await program.call("get_login_info"))["status"] == "ok"


async def test_another_qq_is_not_let_in_beside_the_first(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    b = await bridge(QUICK)
    await sim(b, self_id=10001)
    other = await sim.dialing(b.url(), self_id=10002)
    refusal = await other.refused()
    assert refusal.status == 403
    assert "10001" in refusal.text
    assert "10002" in refusal.text
    line = await b.wait_for_line("ws: refused")
    assert "account of its own" in line["msg"]
