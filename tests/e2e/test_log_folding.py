"""At most one line a minute repeats itself, and the counts add up."""

from harness.bridge import Bridge
from harness.factories import StartBridge, StartBus, StartSim
from harness.websocket import opening

PATH = "/onebot/v11/ws"
TIMES = 200
#: That are told one by one, and the sums of a minute, should it be over.
LINES_MAX = 12 + 3


def counted(b: Bridge, *texts: str) -> int:
    """What these lines tell of together."""
    return sum(line.get("count", 1) for line in b.log if holds(line["msg"], texts))


def holds(message: str, texts: tuple[str, ...]) -> bool:
    return any(text in message for text in texts)


async def test_a_peer_that_comes_and_goes_has_a_bounded_number_of_lines(
    bridge: StartBridge,
) -> None:
    b = await bridge()
    for _ in range(TIMES):
        assert (await opening(b.port, PATH, [("X-Self-ID", "10001")])).status == 101
    await b.stop()
    assert len(b.lines("link: ")) <= LINES_MAX
    (sums,) = b.lines("link: flapping account=default")[-1:]
    assert "links=0" in sums
    assert "its log says why it comes back" in sums
    assert counted(b, "up account=", "down account=", "flapping") == 2 * TIMES


async def test_the_tail_of_a_burst_is_told(bridge: StartBridge, sim: StartSim) -> None:
    b = await bridge()
    peer = await sim(b)
    for _ in range(TIMES):
        await peer.send_text("nonsense")
    await b.wait_for_line("frame: dropped")
    await peer.close_link()
    await b.wait_for_line("link: down")
    await b.stop()
    first, *_, last = b.lines("frame: dropped")
    assert "offset=" in first
    assert "offset=" not in last
    assert counted(b, "dropped account=") == TIMES


async def test_the_tail_of_the_refusals_is_told(
    bridge: StartBridge, bus: StartBus
) -> None:
    b = await bridge()
    program = bus(b)
    for _ in range(TIMES):
        reply = await program.call("send_group_msg", {"group_id": "none"})
        assert reply["status"] == "failed"
    await b.stop()
    assert len(b.lines("call: refused error=")) in (2, 3)
    assert counted(b, "refused error=") == TIMES
