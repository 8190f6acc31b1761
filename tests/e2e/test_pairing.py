"""A stranger writes, is told a code, is let in, and heard."""

import re
from typing import Any

from harness.bridge import Bridge
from harness.bus import Bus
from harness.cli import Result, onebus
from harness.factories import StartBridge, StartBus, StartSim

PAIRING = {"dmPolicy": "pairing"}


async def pairing(b: Bridge, *arguments: str) -> Result:
    file = str(b.folder / "onebus.json")
    return await onebus("pairing", *arguments, "--config", file)


def code_in(request: Any) -> str:
    (segment,) = request.params["message"]
    found = re.search(r"配对码：([A-HJ-NP-Z2-9]{8})（", segment["data"]["text"])
    assert found is not None, segment
    return found[1]


async def test_a_stranger_is_let_in_by_code(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    b = await bridge(PAIRING)
    subscriber = await bus(b).subscribe("qq.private.*", "qq.bridge.*")
    peer = await sim(b)
    await peer.private_message(30001, "let me in")
    asked = await subscriber.next_event("qq.bridge.default.pairing.requested")
    request = await peer.next_request("send_private_msg")
    assert request.params["user_id"] == 30001
    code = code_in(request)
    assert asked.event["code"] == code
    assert code not in b.stderr.decode()
    listed = await pairing(b, "list", "napcatqq")
    assert code in listed.out
    approved = await pairing(b, "approve", "napcatqq", code.lower())
    assert (approved.status, approved.err) == (0, "")
    assert "approved: 30001" in approved.out
    await subscriber.next_event("qq.bridge.default.pairing.approved")
    await peer.private_message(30001, "thanks")
    event = await subscriber.next_event("qq.private.*")
    assert event.envelope["text"] == "thanks"
    assert event.envelope["policy"]["reason"] == "paired"
    assert len(subscriber.events) == len({event.seq for event in subscriber.events})


async def test_an_approval_survives_a_kill(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    b = await bridge(PAIRING)
    await sim(b)
    assert (await pairing(b, "approve", "napcatqq", "30001")).status == 0
    await b.kill()
    b = await bridge(PAIRING)
    subscriber = await bus(b).subscribe("qq.private.*")
    peer = await sim(b)
    await peer.private_message(30001, "still here")
    assert (await subscriber.next_event()).envelope["text"] == "still here"
    assert (await pairing(b, "revoke", "napcatqq", "30001")).status == 0
    await b.kill()
    b = await bridge(PAIRING)
    assert "30001" not in (await pairing(b, "list")).out


async def test_a_code_survives_a_restart(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    b = await bridge(PAIRING)
    peer = await sim(b)
    await peer.private_message(30001, "hello")
    code = code_in(await peer.next_request("send_private_msg"))
    await b.stop_cleanly()
    b = await bridge(PAIRING)
    assert (await pairing(b, "approve", "napcatqq", code)).status == 0


async def refused(program: Bus) -> int:
    """How many events the gate has dropped; one round trip."""
    status = (await program.call("bridge.status"))["data"]
    return int(status["accounts"]["default"]["refused"])


async def test_strangers_cannot_make_the_bot_write_often(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    b = await bridge(PAIRING)
    peer, program = await sim(b), bus(b)
    users = (30001, 30001, 30002, 30003, 30004, 30005, 30001)
    for user in users:
        await peer.private_message(user, "hello")
    while await refused(program) < len(users):
        pass
    # What is sent afterwards comes after all of it.
    assert (await program.call("get_status"))["status"] == "ok"
    reply = await program.call("bridge.pairing.list")
    waiting = [entry["user_id"] for entry in reply["data"]["pending"]]
    assert waiting == [30001, 30002, 30003]
    told = [request.params.get("user_id") for request in peer.requests]
    assert told == [30001, 30002, 30003, None]


async def test_denied_is_denied(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    b = await bridge(PAIRING)
    subscriber = await bus(b).subscribe("qq.bridge.*")
    peer = await sim(b)
    await peer.private_message(30001, "hello")
    await subscriber.next_event("qq.bridge.default.pairing.requested")
    assert (await pairing(b, "deny", "napcatqq", "30001")).status == 0
    await subscriber.next_event("qq.bridge.default.pairing.denied")
    await peer.private_message(30001, "hello?")
    await b.wait_for_line("denied within the hour")
    assert (await bus(b).call("get_status"))["status"] == "ok"
    assert len(peer.requests) == 2


async def test_what_is_asked_for_in_vain_is_said(
    bridge: StartBridge, sim: StartSim
) -> None:
    b = await bridge(PAIRING)
    for arguments, status, said in (
        (("approve", "napcatqq", "NOSUCHCO"), 1, "nobody waits with it"),
        (("revoke", "napcatqq", "5"), 1, "nobody with this number"),
        (("approve", "telegram", "5"), 2, "the channel is napcatqq"),
        (("approve",), 2, "the channel is napcatqq"),
        (("dance", "napcatqq", "5"), 2, "wants list, approve, deny or revoke"),
        (("approve", "napcatqq", "5", "--account", "x"), 1, "no account"),
    ):
        result = await pairing(b, *arguments)
        assert result.status == status, arguments
        assert said in result.err, arguments


async def test_a_bridge_without_a_place_says_so_and_runs(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    blocked = bridge.folder / "blocked"
    blocked.write_text("a file, no folder")
    b = await bridge(PAIRING, {"stateDir": str(blocked)})
    await sim(b)
    await b.wait_for_line("request ids are forgotten when the bridge ends")
    reply = await bus(b).call("bridge.pairing.approve", {"user_id": 30001})
    assert reply["error"] == "internal"


async def test_two_bridges_do_not_share_a_store(
    bridge: StartBridge, sim: StartSim
) -> None:
    await bridge(PAIRING)
    folder = bridge.folder
    other = await bridge(
        PAIRING,
        {"events": [f"ipc://{folder}/e2"], "actions": [f"ipc://{folder}/a2"]},
    )
    line = await other.wait_for_line("store:")
    assert "another onebus" in line["msg"]
