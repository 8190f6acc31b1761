"""How long a call may take, and what it is told when that was too long."""

import pytest

from harness.build import SLOWNESS
from harness.factories import StartBridge, StartBus, StartSim

READ = "get_status"
WRITE = "set_group_card"
PARAMS = {READ: {}, WRITE: {"group_id": 1, "user_id": 2, "card": "x"}}

#: What a loaded machine may add.
SPARE_MS = 5000 * SLOWNESS


async def test_an_unanswered_read_may_be_repeated(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    b = await bridge()
    peer = await sim(b)
    peer.hold()
    reply = await bus(b).call(READ, timeout=200, id="i")
    assert (reply["status"], reply["error"]) == ("failed", "timeout")
    assert (reply["retcode"], reply["id"]) == (33004, "i")
    assert 200 <= reply["ms"] < 200 + SPARE_MS
    assert "safe to repeat" in reply["message"]


async def test_of_an_unanswered_write_nothing_is_known(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    b = await bridge()
    peer = await sim(b)
    peer.hold()
    reply = await bus(b).call(WRITE, PARAMS[WRITE], timeout=200)
    assert (reply["status"], reply["error"]) == ("unknown", "unknown")
    assert reply["retcode"] == 33005
    assert 200 <= reply["ms"] < 200 + SPARE_MS


@pytest.mark.parametrize(("action", "ms"), [(READ, 300), (WRITE, 600)])
async def test_without_a_timeout_the_settings_count(
    bridge: StartBridge, bus: StartBus, sim: StartSim, action: str, ms: int
) -> None:
    b = await bridge(bridge={"call": {"timeout": 300, "writeTimeout": "600ms"}})
    peer = await sim(b)
    peer.hold()
    reply = await bus(b).call(action, PARAMS[action])
    assert ms <= reply["ms"] < ms + SPARE_MS


async def test_deadlines_run_by_themselves_with_nothing_else_going_on(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    b = await bridge()
    peer = await sim(b)
    peer.hold()
    program = bus(b)
    for timeout in (1, 7, 50, 33):
        reply = await program.call(READ, timeout=timeout)
        assert reply["error"] == "timeout"
        assert timeout <= reply["ms"] < timeout + SPARE_MS


async def test_a_call_without_a_peer_waits_for_one_as_long_as_set(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    b = await bridge({"reconnect": {"retryDelay": 300}})
    program = bus(b)
    peer = await sim(b, auto_reconnect=False)
    await peer.drop()
    await b.wait_for_line("link: down")
    for action in (READ, WRITE):
        reply = await program.call(action, PARAMS[action])
        assert (reply["status"], reply["error"]) == ("failed", "not_connected")
        assert (reply["retcode"], reply["account"]) == (33001, "default")
        assert reply["ms"] < 300 + SPARE_MS
