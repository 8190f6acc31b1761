# SPDX-License-Identifier: MIT
"""Whether an event gets dearer with its size, or with how many links and chats
there are. What counts is the bridge's own CPU time, so it does not matter how
fast these few lines of Python are."""

from __future__ import annotations

import contextlib
import json
import resource
import socket
import threading
import time
from collections.abc import Iterator, Sequence

import procfs
from children import BenchError, Server

PATIENCE_SECONDS = 60.0
EVENTS = 50_000
LINKS = 1000
CHATS = 100_000
SMALL_MIB, LARGE_MIB = 1, 50

_HELLO = b"\0SP\0\0\x21\0\0"  # a subscriber's
_OPENING = (
    "GET /onebot/v11/ws HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\n"
    "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nX-Self-ID: 10001\r\n\r\n"
).encode()


def _frame(event: dict[str, object]) -> bytes:
    """A masked text frame, the mask all zeros."""
    data = json.dumps(event, ensure_ascii=False).encode()
    size = len(data)
    if size < 1 << 16:
        return b"\x81\xfe" + size.to_bytes(2, "big") + bytes(4) + data
    return b"\x81\xff" + size.to_bytes(8, "big") + bytes(4) + data


def _message(number: int, group: int, text: str) -> bytes:
    return _frame(
        {
            "time": 1786700000,
            "self_id": 10001,
            "post_type": "message",
            "message_type": "group",
            "sub_type": "normal",
            "message_id": number,
            "group_id": group,
            "user_id": 30001,
            "message": [{"type": "text", "data": {"text": text}}],
            "raw_message": text,
        }
    )


class _Taker:
    """A subscriber that only counts bytes, in a thread of its own."""

    def __init__(self, url: str) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.connect(url.removeprefix("ipc://"))
        self._socket.sendall(_HELLO)
        self._thread = threading.Thread(target=self._take, daemon=True)
        self._thread.start()

    def _take(self) -> None:
        with contextlib.suppress(OSError):
            while self._socket.recv(1 << 20):
                pass

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._socket.close()


@contextlib.contextmanager
def _links(port: int, count: int) -> Iterator[list[socket.socket]]:
    with contextlib.ExitStack() as stack:
        links = []
        for _ in range(count):
            link = stack.enter_context(
                socket.create_connection(("127.0.0.1", port), PATIENCE_SECONDS)
            )
            link.sendall(_OPENING)
            if b" 101 " not in link.recv(4096):
                raise BenchError("a link was refused")
            links.append(link)
        yield links


def _bridge_cpu_ns(server: Server) -> int:
    return sum(procfs.cpu_ns(server.pid).values())


def _wait_idle(server: Server) -> int:
    """The CPU time spent once nothing is going on any more."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    spent = _bridge_cpu_ns(server)
    while time.monotonic() < deadline:
        time.sleep(0.2)
        now = _bridge_cpu_ns(server)
        if now == spent:
            return spent
        spent = now
    raise BenchError("the bridge does not come to rest")


def _cost_ns(
    server: Server, links: Sequence[socket.socket], frames: Sequence[bytes]
) -> float:
    """The CPU time of a frame, each link sending its share."""
    before = _wait_idle(server)
    share = -(-len(frames) // len(links))
    for place, link in enumerate(links):
        link.sendall(b"".join(frames[place * share : (place + 1) * share]))
    return (_wait_idle(server) - before) / len(frames)


def measure(server: Server, events_url: str) -> dict[str, float]:
    """Ratios: 1 means no dearer."""
    taker = _Taker(events_url)
    text = "x" * 300
    numbers = iter(range(1, 1 << 31))

    def events(count: int, chats: int) -> list[bytes]:
        return [_message(next(numbers), 1 + n % chats, text) for n in range(count)]

    def sized(mib: int, count: int) -> list[bytes]:
        return [_message(next(numbers), 1, "y" * (mib << 20)) for _ in range(count)]

    with _links(server.port, 1) as one:
        _cost_ns(server, one, events(EVENTS, 1))  # warm
        plain = _cost_ns(server, one, events(EVENTS, 1))
        chats = _cost_ns(server, one, events(CHATS, CHATS))
        small = _cost_ns(server, one, sized(SMALL_MIB, LARGE_MIB)) / SMALL_MIB
        large = _cost_ns(server, one, sized(LARGE_MIB, SMALL_MIB)) / LARGE_MIB
    with _links(server.port, LINKS) as many:
        links = _cost_ns(server, many, events(EVENTS, 1))
    taker.close()
    return {
        "scale_chats": chats / plain,
        "scale_links": links / plain,
        "scale_size": large / small,
    }


def raise_descriptors() -> None:
    """For a thousand links, here and in the bridge that is started next."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(4096, hard), hard))
