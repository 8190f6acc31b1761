"""What a call can be refused for."""

import asyncio
import json
from typing import Any

import msgpack
import pytest
from onebus.sim import ActionFailed

from harness.factories import StartBridge, StartBus, StartSim
from harness.sp import Caller

MIB = 1024 * 1024
DEEP = b"\x91" * 2000 + b"\xc0"


def request(**fields: Any) -> bytes:
    return bytes(msgpack.packb({"action": "get_status", **fields}))


#: Bytes, and what the reply's message must name.
BAD_REQUESTS = [
    (b"", "map"),
    (b"\xc0", "map"),
    (b"hello", "map"),
    (b"[]", "map"),
    (b'"{}"', "map"),
    (msgpack.packb(["action"]), "map"),
    (request()[:-1], "map"),
    (request() + b"\xc0", "map"),
    (b"\xdf\xff\xff\xff\xff", "map"),
    (b"\xc1", "map"),
    (b"{", "JSON"),
    (b'{"action":"get_status",}', "JSON"),
    (b'{"action":"get_status"}{}', "JSON"),
    (b'{"action":"\xff"}', "JSON"),
    (b"{}", "action"),
    (b'{"params":{}}', "action"),
    (b'{"action":null}', "action"),
    (b'{"action":5}', "action"),
    (b'{"action":""}', "action"),
    (request(action="x" * 5000), "action"),
    (request(params=[1]), "params"),
    (request(params="x"), "params"),
    (request(params={"n": float("nan")}), "params"),
    (request(params={"n": float("inf")}), "params"),
    (request(params={1: 2}), "params"),
    (request(params={"x": msgpack.ExtType(5, b"x")}), "params"),
    (b"\x82\xa6action\xa1a\xa6params\x81\xa1s\xa2\xff\xfe", "params"),
    (b"\x82\xa6action\xa1a\xa6params\x81\xa1x" + DEEP, "params"),
    (request(account=5), "account"),
    (request(self_id="bot"), "self_id"),
    (request(self_id=-1), "self_id"),
    (request(timeout=-1), "timeout"),
    (request(timeout=1.5), "timeout"),
    (request(timeout=2**60), "timeout"),
    (request(id=5), "id"),
    (request(id="x" * 129), "id"),
    (request(trace=["t"]), "trace"),
]


async def test_a_bad_request_is_told_what_is_wrong_and_reaches_no_peer(
    bridge: StartBridge, sim: StartSim
) -> None:
    b = await bridge()
    peer = await sim(b)
    caller = await Caller.connect(b.actions)
    for payload, named in BAD_REQUESTS:
        if payload.startswith(b"{"):
            continue
        reply = await caller.reply(caller.send_bytes(payload))
        assert reply["error"] == "bad_request", payload[:60]
        assert (reply["status"], reply["retcode"]) == ("failed", 10001)
        assert named in reply["message"], (payload[:60], reply["message"])
    assert peer.requests == []
    await caller.close()


async def test_a_bad_request_in_json_is_answered_in_json(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    b = await bridge()
    program = bus(b)
    peer = await sim(b)
    for payload, named in BAD_REQUESTS:
        if not payload.startswith(b"{"):
            continue
        reply = json.loads(await program.request(payload))
        assert reply["error"] == "bad_request", payload
        assert named in reply["message"], (payload, reply["message"])
    assert peer.requests == []


async def test_even_a_bad_request_gets_its_id_back(
    bridge: StartBridge, bus: StartBus
) -> None:
    reply = await bus(await bridge()).call("", id="i-1", trace="t-1")
    assert reply["error"] == "bad_request"
    assert (reply["id"], reply["trace"]) == ("i-1", "t-1")


async def test_with_several_accounts_one_must_be_named(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    b = await bridge({"accounts": {"a": {}, "b": {"selfId": 10002}}})
    program = bus(b)
    await sim(b, "a", self_id=10001)
    await sim(b, "b", self_id=10002)
    rows: list[tuple[dict[str, Any], str, int]] = [
        ({}, "account_required", 10101),
        ({"account": "c"}, "unknown_account", 10102),
        ({"account": "A"}, "unknown_account", 10102),
        ({"self_id": 9}, "unknown_account", 10102),
        ({"account": "a", "self_id": 10002}, "unknown_account", 10102),
    ]
    for fields, error, retcode in rows:
        reply = await program.call("get_status", **fields)
        assert (reply["error"], reply["retcode"]) == (error, retcode), fields
    for fields, user_id in (
        ({"account": "a"}, 10001),
        ({"self_id": 10001}, 10001),
        ({"self_id": 10002}, 10002),
        ({"account": "b", "self_id": 10002}, 10002),
    ):
        reply = await program.call("get_login_info", **fields)
        assert reply["data"]["user_id"] == user_id


async def test_with_one_account_another_name_is_unknown(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    b = await bridge()
    await sim(b)
    reply = await bus(b).call("get_status", account="other")
    assert reply["error"] == "unknown_account"


async def test_one_call_too_many_is_told_so_at_once(
    bridge: StartBridge, sim: StartSim
) -> None:
    b = await bridge(bridge={"call": {"maxInFlight": 4}})
    peer = await sim(b)
    peer.hold()
    caller = await Caller.connect(b.actions)
    first = [caller.send("get_status") for _ in range(4)]
    for _ in first:
        await peer.next_request()
    for _ in range(40):
        reply = await caller.reply(caller.send("get_status", id="i"))
        assert (reply["error"], reply["retcode"]) == ("busy", 36000)
        assert reply["id"] == "i"
    peer.release()
    for number in first:
        assert (await caller.reply(number))["status"] == "ok"
    assert (await caller.reply(caller.send("get_status")))["status"] == "ok"
    await caller.close()


async def test_more_callers_than_may_wait_are_all_answered(
    bridge: StartBridge, sim: StartSim
) -> None:
    """Beyond what the bridge reads at a time, NNG holds them back."""
    b = await bridge(bridge={"call": {"maxInFlight": 4}})
    peer = await sim(b)
    peer.on("get_thing", lambda request: request.params["n"])
    callers = [await Caller.connect(b.actions) for _ in range(20)]
    numbers = [
        [caller.send("get_thing", params={"n": n}) for n in range(20)]
        for caller in callers
    ]
    for caller, row in zip(callers, numbers, strict=True):
        for n, number in enumerate(row):
            reply = await caller.reply(number)
            assert reply.get("error") == "busy" or reply["data"] == n
        assert all(len(caller.replies[number]) == 1 for number in row)
        await caller.close()


async def test_a_request_too_large_for_a_peer_is_refused(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    """NapCat closes its connection on a frame above 50 MiB."""
    b = await bridge()
    program = bus(b)
    peer = await sim(b)
    reply = await program.call("do", {"text": "x" * (48 * MIB)})
    assert (reply["error"], reply["retcode"]) == ("too_large", 10413)
    assert (await program.call("get_status"))["status"] == "ok"
    assert [request.action for request in peer.requests] == ["get_status"]


async def test_what_the_peer_refuses_comes_with_its_own_code(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    def fail(_: object) -> None:
        raise ActionFailed("禁言中", 1200)

    b = await bridge()
    program = bus(b)
    peer = await sim(b)
    peer.on("send_group_msg", fail)
    reply = await program.call("send_group_msg", {"group_id": 1, "message": "x"})
    assert (reply["status"], reply["error"]) == ("failed", "peer_error")
    assert (reply["retcode"], reply["wording"]) == (1200, "禁言中")
    assert reply["data"] is None


async def test_an_action_the_peer_does_not_know_is_unknown(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    b = await bridge()
    await sim(b)
    reply = await bus(b).call("no_such_action")
    assert (reply["error"], reply["retcode"]) == ("unknown_action", 1404)
    assert "no_such_action" in reply["message"]


async def test_an_action_of_the_bridge_that_is_none_is_unknown(
    bridge: StartBridge, bus: StartBus
) -> None:
    reply = await bus(await bridge()).call("bridge.dance")
    assert (reply["error"], reply["retcode"]) == ("unknown_action", 10002)
    assert "bridge.ping" in reply["message"]


async def test_a_peer_that_takes_nothing_any_more_makes_its_account_busy(
    bridge: StartBridge, sim: StartSim
) -> None:
    """What waits for a peer that hangs is bounded."""
    b = await bridge()
    peer = await sim(b)
    peer.freeze()
    caller = await Caller.connect(b.actions)
    large = {"text": "x" * (15 * MIB)}
    numbers = [caller.send("do", params=large, timeout=600_000)]
    while not (replies := [r for n in numbers for r in caller.replies.get(n, [])]):
        numbers.append(caller.send("do", params=large, timeout=600_000))
        assert len(numbers) < 30
        ping = caller.send("bridge.ping")
        assert (await caller.reply(ping))["status"] == "ok"
    assert replies[0]["error"] == "busy"
    await peer.drop()
    for number in numbers:
        assert (await caller.reply(number))["error"] in ("busy", "unknown")
    await caller.close()


@pytest.mark.parametrize("count", [1, 50])
async def test_a_caller_that_leaves_does_no_harm(
    bridge: StartBridge, bus: StartBus, sim: StartSim, count: int
) -> None:
    b = await bridge()
    peer = await sim(b)
    peer.hold("get_status")
    caller = await Caller.connect(b.actions)
    for _ in range(count):
        caller.send("get_status")
    for _ in range(count):
        await peer.next_request("get_status")
    await caller.close()
    peer.release()
    program = bus(b)
    replies = await asyncio.gather(*(program.call("get_status") for _ in range(count)))
    assert {reply["status"] for reply in replies} == {"ok"}
