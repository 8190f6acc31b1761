"""Parameters reach the peer, and data the caller, exactly."""

import asyncio
from typing import Any

import pytest

from harness.factories import StartBridge, StartBus
from harness.frames import same
from harness.websocket import connect


def nested(depth: int) -> Any:
    value: Any = "innermost"
    for n in range(depth):
        value = [value] if n % 2 else {"k": value}
    return value


VALUES: dict[str, Any] = {
    "integers": [0, 1, -1, 127, 128, -32, -33, 2**31, 2**53 + 1, -(2**53) - 1],
    "large integers": [2**63 - 1, -(2**63), 2**64 - 1],
    "floats": [0.5, -1.25, 0.1, 1 / 3, 1e308, 5e-324, 1.7976931348623157e308],
    "whole floats": [1.0, -0.0, 1e15, 2.0**70],
    "words": [True, False, None],
    "empty": ["", [], {}, [[]], {"": {}}],
    "unicode": "héllo 你好 🎲👨‍👩‍👧 \u202e\ufeff\U0010ffff",
    "escapes": '"\\/\b\f\n\r\t\x00\x01\x1f\x7f\u2028\u2029',
    "keys": {"": 1, "a b": 2, "你": 3, '"': 4, "z": 5, "a": 6},
    "long": "长" * 100_000,
    "wide": list(range(10_000)),
    "deep": nested(100),
    "cq": "[CQ:at,qq=all] &#91;",
}


@pytest.mark.parametrize("name", VALUES)
async def test_values_make_the_round_trip_unharmed(
    bridge: StartBridge, bus: StartBus, name: str
) -> None:
    value = VALUES[name]
    b = await bridge()
    program = bus(b)
    async with await connect(b.url()) as peer:
        for call in (
            program.call("do", {"value": value}),
            program.call_json("do", params={"value": value}),
        ):
            task = asyncio.create_task(call)
            request = await peer.request()
            assert same(request["params"], {"value": value})
            await peer.answer_ok(request, value)
            assert same((await task)["data"], value)


async def test_without_params_the_peer_gets_none(
    bridge: StartBridge, bus: StartBus
) -> None:
    b = await bridge()
    program = bus(b)
    async with await connect(b.url()) as peer:
        variants: list[dict[str, Any]] = [{}, {"params": None}, {"params": {}}]
        for fields in variants:
            task = asyncio.create_task(program.call_json("do", **fields))
            request = await peer.request()
            assert request["params"] == {}
            await peer.answer_ok(request, None)
            assert (await task)["data"] is None


async def test_an_answer_of_20_mib_reaches_its_caller(
    bridge: StartBridge, bus: StartBus
) -> None:
    """Records and files come as base64 in one frame."""
    data = {"base64": "QUJD" * (5 * 1024 * 1024)}
    b = await bridge()
    program = bus(b)
    async with await connect(b.url()) as peer:
        params = {"file": "a.amr", "out_format": "mp3"}
        task = asyncio.create_task(program.call("get_record", params))
        await peer.answer_ok(await peer.request(), data)
        assert (await task)["data"] == data
