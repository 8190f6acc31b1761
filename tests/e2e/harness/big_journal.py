"""A journal of many events, written as the bridge would, but quickly."""

from __future__ import annotations

import sqlite3
import struct
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import msgpack

EPOCH = "00000000deadbeef"
BLOCK_EVENTS = 256

_SCHEMA = """
PRAGMA auto_vacuum = INCREMENTAL;
PRAGMA journal_mode = WAL;
PRAGMA synchronous = OFF;
CREATE TABLE event (
 seq INTEGER PRIMARY KEY,
 time_ms INTEGER NOT NULL,
 topic TEXT NOT NULL,
 envelope BLOB NOT NULL);
CREATE TABLE block (id INTEGER PRIMARY KEY, chats BLOB NOT NULL);
CREATE TABLE gap (first INTEGER PRIMARY KEY, last INTEGER NOT NULL);
CREATE TABLE meta (key TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL)
 WITHOUT ROWID;
PRAGMA user_version = 1;
"""


@cache
def chat(group_id: int) -> int:
    """What a block says of a chat: FNV-1a, 32 bits."""
    value = 2166136261
    for byte in f"group.{group_id}".encode():
        value = (value ^ byte) * 16777619 & 0xFFFFFFFF
    return value or 1


class BigJournal:
    """`count` events of 1,000 groups, of which `rare` has one in `every`."""

    def __init__(self, count: int, *, rare: int, every: int) -> None:
        self.count = count
        self.rare = rare
        self.every = every

    def group_of(self, seq: int) -> int:
        return self.rare if seq % self.every == 0 else 30000 + seq % 1000

    def write(self, state_dir: Path) -> None:
        state_dir.mkdir(mode=0o700)
        with sqlite3.connect(state_dir / "journal.db") as db:
            db.executescript(_SCHEMA)
            db.execute("INSERT INTO meta VALUES ('epoch', ?)", (EPOCH,))
            db.executemany("INSERT INTO event VALUES (?, ?, ?, ?)", self._events())
            db.executemany("INSERT INTO block VALUES (?, ?)", self._blocks())
        db.close()

    def _events(self) -> Iterator[tuple[int, int, str, bytes]]:
        begun = int(time.time() * 1000) - self.count
        event = msgpack.packb({"post_type": "message", "raw_message": "x" * 200})
        for seq in range(1, self.count + 1):
            head = {"v": 1, "epoch": EPOCH, "seq": seq, "time": begun + seq}
            # A map of five: what comes last is packed already.
            envelope = b"\x85" + msgpack.packb(head)[1:] + b"\xa5event" + event
            topic = f"qq.group.{self.group_of(seq)}.message.normal"
            yield seq, begun + seq, topic, envelope

    def _blocks(self) -> Iterator[tuple[int, bytes]]:
        """All but the one that is being filled."""
        for number in range(self.count // BLOCK_EVENTS):
            first = number * BLOCK_EVENTS
            chats = [
                chat(self.group_of(seq)) if seq > 0 else 0
                for seq in range(first, first + BLOCK_EVENTS)
            ]
            yield number, struct.pack(f"={BLOCK_EVENTS}I", *chats)
