"""WebSocket frames, cut and mixed in every way the protocol allows."""

import asyncio
import json
from collections.abc import Callable

import pytest

from harness.factories import StartBridge, StartBus
from harness.frames import group_message, same
from harness.websocket import (
    BINARY,
    CLOSE,
    CONTINUATION,
    PING,
    PONG,
    TEXT,
    Peer,
    connect,
    frame_bytes,
)

MIB = 1024 * 1024


def halves(data: bytes) -> list[bytes]:
    return [data[: len(data) // 2], data[len(data) // 2 :]]


def thousand(data: bytes) -> list[bytes]:
    size = -(-len(data) // 1000)
    return [data[at : at + size] for at in range(0, len(data), size)]


def single_bytes(data: bytes) -> list[bytes]:
    return [data[at : at + 1] for at in range(len(data))]


def with_empty_ones(data: bytes) -> list[bytes]:
    first, second = halves(data)
    return [b"", first, b"", b"", second, b""]


@pytest.mark.parametrize("cut", [halves, thousand, single_bytes, with_empty_ones])
async def test_a_message_in_pieces_is_one_event(
    bridge: StartBridge, bus: StartBus, cut: Callable[[bytes], list[bytes]]
) -> None:
    b = await bridge()
    subscriber = await bus(b).subscribe("qq.group.*")
    frame = group_message("在" * 5000)
    async with await connect(b.url()) as peer:
        await peer.send_pieces(cut(json.dumps(frame, ensure_ascii=False).encode()))
        await peer.send_json(group_message("whole"))
        assert same((await subscriber.next_event()).event, frame)
        assert (await subscriber.next_event()).envelope["text"] == "whole"


async def test_frames_may_come_a_byte_at_a_time(
    bridge: StartBridge, bus: StartBus
) -> None:
    b = await bridge()
    subscriber = await bus(b).subscribe("qq.group.*")
    async with await connect(b.url()) as peer:
        for byte in single_bytes(frame_bytes(json.dumps(group_message()))):
            await peer.send_bytes(byte)
            await asyncio.sleep(0)
        assert (await subscriber.next_event()).envelope["text"] == "hello"


@pytest.mark.parametrize("pieces", [1, 2, 1000])
async def test_a_frame_of_5_mib_comes_through(
    bridge: StartBridge, bus: StartBus, pieces: int
) -> None:
    b = await bridge()
    subscriber = await bus(b).subscribe("qq.group.*")
    text = "0123456789abcdef" * (5 * MIB // 16)
    data = json.dumps(group_message(text)).encode()
    size = -(-len(data) // pieces)
    async with await connect(b.url()) as peer:
        await peer.send_pieces(
            [data[n * size : n * size + size] for n in range(pieces)]
        )
        event = await subscriber.next_event()
        assert event.envelope["text"] == text
        await peer.send_json(group_message("after"))
        assert (await subscriber.next_event()).envelope["text"] == "after"


async def test_a_ping_is_answered(bridge: StartBridge) -> None:
    b = await bridge()
    async with await connect(b.url()) as peer:
        for payload in (b"", b"are you there", bytes(range(125))):
            await peer.send(payload, PING)
            frame = await peer.receive()
            assert (frame.opcode, frame.payload) == (PONG, payload)


async def test_a_pong_that_nobody_asked_for_does_no_harm(
    bridge: StartBridge, bus: StartBus
) -> None:
    b = await bridge()
    subscriber = await bus(b).subscribe("qq.group.*")
    async with await connect(b.url()) as peer:
        await peer.send(b"hm", PONG)
        await peer.send_json(group_message())
        assert await subscriber.next_event()


async def test_a_ping_may_come_between_pieces(
    bridge: StartBridge, bus: StartBus
) -> None:
    b = await bridge()
    subscriber = await bus(b).subscribe("qq.group.*")
    pieces = thousand(json.dumps(group_message("x" * 4000)).encode())
    async with await connect(b.url()) as peer:
        for place, piece in enumerate(pieces):
            opcode = CONTINUATION if place else TEXT
            await peer.send(piece, opcode, is_final=place == len(pieces) - 1)
            await peer.send(b"%d" % place, PING)
        assert (await subscriber.next_event()).envelope["text"] == "x" * 4000
        await pong_comes(peer)


async def pong_comes(peer: Peer) -> None:
    """Of pings in a row a server may leave some out; one by itself counts."""
    assert (await peer.receive()).opcode == PONG
    await peer.send(b"last", PING)
    while (frame := await peer.receive()).payload != b"last":
        assert frame.opcode == PONG


async def test_a_binary_frame_is_read_as_text(
    bridge: StartBridge, bus: StartBus
) -> None:
    b = await bridge()
    subscriber = await bus(b).subscribe("qq.group.*")
    frame = group_message("在")
    async with await connect(b.url()) as peer:
        await peer.send(json.dumps(frame, ensure_ascii=False), BINARY)
        assert same((await subscriber.next_event()).event, frame)


def padded(size: int) -> bytes:
    """A good event of exactly this many bytes."""
    message = group_message("", raw_message="")
    room = size - len(json.dumps(message))
    return json.dumps(message | {"raw_message": "x" * room}).encode()


def whole(data: bytes) -> list[bytes]:
    return [data]


@pytest.mark.parametrize("limit", [1024, 100_000, 3 * MIB])
@pytest.mark.parametrize("cut", [whole, halves, thousand])
async def test_a_frame_may_have_as_many_bytes_as_allowed_and_not_one_more(
    bridge: StartBridge,
    bus: StartBus,
    limit: int,
    cut: Callable[[bytes], list[bytes]],
) -> None:
    b = await bridge(bridge={"media": {"maxFrame": limit}})
    subscriber = await bus(b).subscribe("qq.group.*")
    async with await connect(b.url()) as peer:
        await peer.send_pieces(cut(padded(limit)))
        assert await subscriber.next_event()
        await peer.send_pieces(cut(padded(limit + 1)))
        assert await peer.closed() == 1009
    line = await b.wait_for_line("maxFrame")
    assert f"allowed_bytes={limit}" in line["msg"]
    async with await connect(b.url()) as peer:
        await peer.send_json(group_message("next"))
        assert (await subscriber.next_event()).envelope["text"] == "next"


async def test_a_close_is_answered(bridge: StartBridge) -> None:
    b = await bridge()
    async with await connect(b.url()) as peer:
        await peer.send((1000).to_bytes(2, "big"), CLOSE)
        assert await peer.closed() == 1000
    await b.wait_for_line("link: down")


async def test_a_close_without_a_code_is_fine(bridge: StartBridge) -> None:
    """NapCat's own closes have none."""
    b = await bridge()
    async with await connect(b.url()) as peer:
        await peer.send(b"", CLOSE)
        await peer.closed()
    await b.wait_for_line("link: down")


ODD_BYTES = [
    frame_bytes("x", 3),
    frame_bytes("x", CONTINUATION),
    frame_bytes("x", PING, is_final=False),
    frame_bytes("x" * 126, PING),
    b"\x81\x05hello",
    b"\xf1\x80\0\0\0\0",
    b"GET / HTTP/1.1\r\n\r\n",
    b"\x81\xff\x7f\xff\xff\xff\xff\xff\xff\xff\0\0\0\0x",
]


@pytest.mark.parametrize("data", ODD_BYTES, ids=range(len(ODD_BYTES)))
async def test_bytes_that_are_no_frames_harm_their_link_at_most(
    bridge: StartBridge, bus: StartBus, data: bytes
) -> None:
    b = await bridge()
    program = bus(b)
    subscriber = await program.subscribe("qq.group.*")
    async with await connect(b.url()) as good, await connect(b.url()) as odd:
        await odd.send_bytes(data)
        odd.abort()
        await good.send_json(group_message())
        assert await subscriber.next_event()
    assert (await program.call("bridge.ping"))["status"] == "ok"
