"""Guessing tokens is slow."""

from harness.factories import StartBridge, StartSim
from harness.websocket import opening

WRONG = [("Authorization", "Bearer wrong")]
RIGHT = [("Authorization", "Bearer right")]


async def test_an_address_that_keeps_failing_has_to_wait(
    bridge: StartBridge, sim: StartSim
) -> None:
    b = await bridge({"accessToken": "right"})
    statuses = [(await opening(b.port, headers=WRONG)).status for _ in range(40)]
    assert statuses[:30] == [403] * 30
    assert statuses[-1] == 429
    answer = await opening(b.port, headers=RIGHT)
    if answer.status == 429:
        assert 1 <= int(answer.headers["retry-after"]) <= 15
        assert "too many failed attempts" in answer.body
    assert len(b.lines("ws: refused", "429")) == 1
    # It gets in once it has waited.
    await sim(b, token="right", reconnect_interval=0.5)
