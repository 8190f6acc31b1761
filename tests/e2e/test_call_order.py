"""The order in which calls of a program reach the peer: its own."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable

import msgpack
import pynng

from harness.build import WAIT
from harness.factories import StartBridge, StartSim
from harness.sp import Caller

CALLERS = 4
CALLS = 1000
CONTEXTS = 64
#: None of them is refused, so none may be missing.
ROOM = {"call": {"maxInFlight": CALLERS * CALLS}}


def misplaced(numbers: Iterable[int]) -> list[int]:
    """The first few that are not where they should be."""
    return [n for at, n in enumerate(numbers) if n != at][:5]


async def test_calls_of_many_callers_leave_in_the_order_of_each(
    bridge: StartBridge, sim: StartSim
) -> None:
    b = await bridge(bridge=ROOM)
    peer = await sim(b)
    callers = [await Caller.connect(b.actions) for _ in range(CALLERS)]
    for n in range(CALLS):
        for name, caller in enumerate(callers):
            caller.send("do", params={"caller": name, "n": n})
    for caller in callers:
        await caller.has_replies(CALLS)
    left = defaultdict(list)
    for request in peer.requests:
        left[request.params["caller"]].append(request.params["n"])
    assert [len(left[name]) for name in range(CALLERS)] == [CALLS] * CALLERS
    assert [misplaced(left[name]) for name in range(CALLERS)] == [[]] * CALLERS
    for caller in callers:
        await caller.close()


async def test_calls_of_parallel_contexts_leave_in_the_order_of_their_begin(
    bridge: StartBridge, sim: StartSim
) -> None:
    b = await bridge(bridge=ROOM)
    peer = await sim(b)
    begun = iter(range(CALLS))

    async def call(socket: pynng.Req0) -> None:
        with socket.new_context() as context:
            for n in begun:
                request = {"action": "do", "params": {"n": n}}
                await context.asend(msgpack.packb(request))
                await context.arecv()

    with pynng.Req0(dial=b.actions, resend_time=-1) as socket:
        calls = asyncio.gather(*(call(socket) for _ in range(CONTEXTS)))
        await asyncio.wait_for(calls, WAIT)
    assert len(peer.requests) == CALLS
    assert misplaced(request.params["n"] for request in peer.requests) == []
