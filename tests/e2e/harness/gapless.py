"""A consumer that gets every event, in order and once: as it comes, or by
bridge.replay what it has not heard. As a program it notes each event in a
file, which may be all that it has left when it starts again:

    python -m harness.gapless --events URL --actions URL --notes FILE
"""

from __future__ import annotations

import argparse
import hashlib
import os
import struct
import time
import traceback
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NoReturn

import msgpack
import pynng

#: What is noted of an event: seq and digest.
NOTE = struct.Struct("<Q16s")

#: The digest of an event of which the bridge says that it is lost.
LOST = bytes(16)

_QUIET_MS = 200
_REPLY_MS = 5000
_PASSING = ("busy", "shutting_down")
_CURSOR_EVENTS = 500

Message = tuple[int, bytes]
"""seq, and the message whole; no bytes if it is lost."""


def digest_of(message: bytes) -> bytes:
    return hashlib.blake2b(message, digest_size=16).digest() if message else LOST


def note_of(message: Message) -> bytes:
    return NOTE.pack(message[0], digest_of(message[1]))


def envelope_of(message: bytes) -> dict[str, Any]:
    return dict(msgpack.unpackb(message[message.index(b"\0") + 1 :]))


class Caller:
    """Calls a bridge that may be gone for a while."""

    def __init__(self, url: str) -> None:
        self._socket = pynng.Req0(
            resend_time=-1,
            send_timeout=_REPLY_MS,
            recv_timeout=_REPLY_MS,
            recv_max_size=0,
            reconnect_time_min=20,
            reconnect_time_max=100,
        )
        self._socket.dial(url, block=False)

    def call(self, action: str, **params: Any) -> dict[str, Any] | None:
        """The data of the reply; None if there is none for now."""
        try:
            self._socket.send(msgpack.packb({"action": action, "params": params}))
            reply = msgpack.unpackb(self._socket.recv())
        except pynng.NNGException:
            return None
        if reply.get("error") in _PASSING:
            return None
        assert reply["status"] == "ok", reply
        return dict(reply["data"])


class Gapless:
    """Give it the seq to go on behind."""

    def __init__(self, events: str, caller: Caller, *, last: int, queue: int) -> None:
        self.last = last
        self.on_live: Callable[[Message], None] = lambda message: None
        """Told all that comes by itself."""
        self._caller = caller
        self._epoch: str | None = None
        self._is_behind = True
        self._socket = pynng.Sub0(
            recv_buffer_size=queue,
            recv_max_size=0,
            recv_timeout=_QUIET_MS,
            reconnect_time_min=20,
            reconnect_time_max=100,
        )
        self._socket.subscribe(b"qq.")
        self._socket.dial(events, block=False)

    def take(self) -> list[Message]:
        """What follows; nothing if nothing is to be had for now."""
        if self._is_behind:
            return self._replay()
        message = self._hear()
        if message is None or message[0] > self.last + 1:
            self._is_behind = True
            return []
        if message[0] <= self.last:
            return []
        self.last = message[0]
        return [message]

    def _hear(self) -> Message | None:
        """None: it has been quiet for a while, so the last may be missing."""
        try:
            message = self._socket.recv()
        except pynng.Timeout:
            return None
        envelope = envelope_of(message)
        assert self._epoch in (None, envelope["epoch"]), "another epoch"
        self.on_live((envelope["seq"], message))
        return envelope["seq"], message

    def _replay(self) -> list[Message]:
        """The next page of what is missing."""
        own = {} if self._epoch is None else {"epoch": self._epoch}
        page = self._caller.call("bridge.replay", after=self.last, **own)
        if page is None:
            return []
        self._epoch = page["epoch"]
        self._is_behind = page["truncated"]
        found = [(envelope_of(m)["seq"], m) for m in page["events"]]
        for first, last in page["lost"]:
            found += [(seq, b"") for seq in range(first, last + 1)]
        found.sort()
        seqs = [seq for seq, _ in found]
        asked = range(self.last + 1, page["next"] + 1)
        assert seqs == list(asked), f"of {asked}: {sorted({*asked} ^ {*seqs})[:5]}"
        self.last = page["next"]
        return found


# ---- the program -------------------------------------------------------------


class Notes:
    """The file; what was being written when its writer was killed is cut off."""

    def __init__(self, path: Path) -> None:
        self._fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        size = os.fstat(self._fd).st_size
        os.ftruncate(self._fd, size - size % NOTE.size)

    def last(self) -> int:
        size = os.fstat(self._fd).st_size
        if size == 0:
            return 0
        return int(NOTE.unpack(os.pread(self._fd, NOTE.size, size - NOTE.size))[0])

    def add(self, messages: Iterable[Message]) -> None:
        os.write(self._fd, b"".join(map(note_of, messages)))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--events", required=True)
    parser.add_argument("--actions", required=True)
    parser.add_argument("--notes", type=Path, required=True)
    parser.add_argument("--cursor", help="kept by the bridge; else the notes are it")
    parser.add_argument("--queue", type=int, default=8192)
    parser.add_argument("--pause", type=float, default=0.0, help="after 64 events")
    return parser.parse_args()


def _cursor(caller: Caller, name: str) -> int:
    while (found := caller.call("bridge.cursor.get", consumer=name)) is None:
        time.sleep(0.05)
    assert found["valid"] or found["seq"] is None, found
    return int(found["seq"] or 0)


def consume(own: argparse.Namespace) -> NoReturn:
    notes, live = Notes(own.notes), Notes(own.notes.with_suffix(".live"))
    caller = Caller(own.actions)
    last = _cursor(caller, own.cursor) if own.cursor else notes.last()
    stream = Gapless(own.events, caller, last=last, queue=own.queue)
    stream.on_live = lambda message: live.add([message])
    kept, taken = last, 0
    while True:
        messages = stream.take()
        if messages:
            notes.add(messages)
        is_due = not messages or stream.last >= kept + _CURSOR_EVENTS
        if own.cursor and is_due and stream.last > kept:
            caller.call("bridge.cursor.set", consumer=own.cursor, seq=stream.last)
            kept = stream.last
        taken += len(messages)
        if own.pause and taken >= 64:
            taken = 0
            time.sleep(own.pause)


def main() -> None:
    try:
        consume(_arguments())
    except Exception:
        # An orderly end would wait for sockets that are still at work.
        traceback.print_exc()
        os._exit(1)


if __name__ == "__main__":
    main()
