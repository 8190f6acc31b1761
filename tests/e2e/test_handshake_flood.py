"""NapCat waits two seconds for the answer to its opening request."""

import asyncio
import contextlib
import itertools
import time
from collections.abc import AsyncIterator

from harness.build import SLOWNESS
from harness.factories import StartBridge, StartBus
from harness.marks import ONE_AT_A_TIME
from harness.websocket import Peer, connect, frame_bytes, opening

pytestmark = ONE_AT_A_TIME

ALLOWED_SECONDS = 2.0 * SLOWNESS
#: An event but for its number.
EVENT = (
    '{"time":1786700000,"self_id":10001,"post_type":"message","message_type":"group",'
    '"sub_type":"normal","group_id":20002,"user_id":30001,'
    '"message":"hello","raw_message":"hello","message_id":%d}'
)


@contextlib.asynccontextmanager
async def flood(peer: Peer) -> AsyncIterator[None]:
    """Events as fast as the bridge takes them."""

    async def pour() -> None:
        for first in itertools.count(100_000, 1000):
            events = (EVENT % number for number in range(first, first + 1000))
            await peer.send_bytes(b"".join(map(frame_bytes, events)))

    task = asyncio.create_task(pour())
    yield
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def test_a_flood_of_events_does_not_hold_up_a_newcomer(
    bridge: StartBridge, bus: StartBus
) -> None:
    b = await bridge()
    program = bus(b)
    async with await connect(b.url()) as peer, flood(peer):
        for _ in range(20):
            begin = time.monotonic()
            assert (await opening(b.port)).status == 101
            assert time.monotonic() - begin < ALLOWED_SECONDS
            begin = time.monotonic()
            assert (await program.call("bridge.ping"))["status"] == "ok"
            assert time.monotonic() - begin < ALLOWED_SECONDS
        status = await program.call("bridge.status")
    assert status["data"]["accounts"]["default"]["events"] > 1000
