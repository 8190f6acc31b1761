"""Several accounts at one bridge."""

import asyncio

from onebus.sim import LinkSettings, Simulator

from harness.bridge import Bridge
from harness.bus import Bus, Subscriber
from harness.factories import StartBridge, StartBus, StartSim
from harness.frames import group_message
from harness.net import free_port

LONG_MS = 600_000


async def speak(peers: dict[str, Simulator], subscriber: Subscriber) -> None:
    """Each account's event comes out under its name and number."""
    for name, peer in peers.items():
        await peer.emit(group_message(name, self_id=peer.self_id))
        event = await subscriber.next_event("qq.group.*")
        assert event.envelope["account"] == event.envelope["text"] == name
        assert event.envelope["self_id"] == peer.self_id


async def answer(peers: dict[str, Simulator], program: Bus) -> None:
    """Each account's calls reach its own peer, by name and by number."""
    for name, peer in peers.items():
        for address in ({"account": name}, {"self_id": peer.self_id}):
            reply = await program.call("get_login_info", **address)
            assert reply["data"]["user_id"] == peer.self_id
            assert reply["account"] == name


async def connect_all(
    b: Bridge, sim: StartSim, numbers: dict[str, int], **options: str
) -> dict[str, Simulator]:
    started = (sim(b, n, self_id=i, **options) for n, i in numbers.items())
    return dict(zip(numbers, await asyncio.gather(*started), strict=True))


async def test_accounts_share_a_port_by_their_paths(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    accounts = {"a": {"wsPath": "/a/ws"}, "b": {"wsPath": "/b/ws"}}
    b = await bridge({"wsPort": free_port(), "accounts": accounts})
    assert len(b.addresses("ws")) == 1
    program = bus(b)
    subscriber = await program.subscribe("qq.group.*")
    peers = await connect_all(b, sim, {"a": 10001, "b": 10002})
    await speak(peers, subscriber)
    await answer(peers, program)


async def test_accounts_share_a_path_by_their_numbers(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    accounts = {
        "a": {"selfId": 10001, "accessToken": "token-a"},
        "b": {"selfId": 10002, "accessToken": "token-b"},
    }
    b = await bridge({"wsPort": free_port(), "accounts": accounts})
    assert b.url("a") == b.url("b")
    program = bus(b)
    subscriber = await program.subscribe("qq.group.*")
    peers = {
        "a": await sim(b, "a", self_id=10001, token="token-a"),
        "b": await sim(b, "b", self_id=10002, token="token-b"),
    }
    await speak(peers, subscriber)
    await answer(peers, program)
    other = await sim.dialing(b.url(), self_id=10002, token="token-a")
    assert (await other.refused()).status == 403
    third = await sim.dialing(b.url(), self_id=10003, token="token-a")
    assert (await third.refused()).status == 403


async def test_accounts_have_ports_of_their_own(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    b = await bridge({"accounts": {"a": {}, "b": {}, "c": {}}})
    assert len(set(b.addresses("ws"))) == 3
    program = bus(b)
    subscriber = await program.subscribe("qq.group.*")
    peers = await connect_all(b, sim, {"a": 10001, "b": 10002, "c": 10003})
    await speak(peers, subscriber)
    await answer(peers, program)


async def test_an_account_that_is_away_does_not_hold_up_another(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    accounts = {"a": {}, "b": {"reconnect": {"retryDelay": LONG_MS}}}
    b = await bridge({"accounts": accounts})
    program = bus(b)
    await sim(b, "a")
    held = asyncio.create_task(program.call("get_status", account="b", timeout=LONG_MS))
    for _ in range(20):
        assert (await program.call("get_status", account="a"))["status"] == "ok"
    assert not held.done()
    await sim(b, "b", self_id=10002)
    assert (await held)["status"] == "ok"


async def test_an_account_that_is_not_enabled_has_no_door(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    accounts = {"a": {}, "off": {"enabled": False, "wsPort": 1}}
    b = await bridge({"accounts": accounts})
    peer = await sim(b)
    reply = await bus(b).call("get_login_info")
    assert reply["data"]["user_id"] == peer.self_id
    assert b.lines("account=off") == []


async def test_a_peer_may_split_its_roles_over_two_links(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    """go-cqhttp and Lagrange do."""
    b = await bridge()
    program = bus(b)
    subscriber = await program.subscribe("qq.group.*", "qq.bridge.*")
    peer = await sim(b, role="Event", dialect="gocqhttp")
    api = peer.add_link(LinkSettings(b.url(), role="API", dialect="gocqhttp"))
    await api.connected()
    assert (await program.call("get_login_info"))["data"]["user_id"] == peer.self_id
    request = await peer.next_request("get_login_info")
    assert request.adapter is api
    await peer.group_message(20002, 30001, "hi")
    assert (await subscriber.next_event("qq.group.*")).envelope["text"] == "hi"


async def test_with_the_event_link_alone_a_call_waits_for_the_other(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    b = await bridge({"reconnect": {"retryDelay": 100}})
    program = bus(b)
    peer = await sim(b, role="Event")
    reply = await program.call("get_status")
    assert reply["error"] == "not_connected"
    assert peer.requests == []
    api = peer.add_link(LinkSettings(b.url(), role="Api"))
    await api.connected()
    assert (await program.call("get_status"))["status"] == "ok"


async def test_when_the_api_link_drops_its_callers_are_told(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    b = await bridge()
    program = bus(b)
    peer = await sim(b, role="Event", dialect="lagrange")
    settings = LinkSettings(
        b.url(), role="API", dialect="lagrange", auto_reconnect=False
    )
    api = peer.add_link(settings)
    await api.connected()
    peer.hold()
    call = asyncio.create_task(program.call("get_status", timeout=LONG_MS))
    await peer.next_request()
    await api.drop()
    assert (await call)["error"] == "not_connected"
