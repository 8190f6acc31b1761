"""Writes every message into an SQLite file, and misses none.

    python sqlite_logger.py chats.db

Its cursor is in the same file, and moves in the same transaction as the rows:
killed at any moment it goes on where it was, with nothing lost and nothing
twice. What the bridge's journal has no more is written down as a gap.
"""

from __future__ import annotations

import json
import sqlite3
import sys

import anyio

import onebus
from onebus import Gap, MessageEvent, Position

SCHEMA = """
CREATE TABLE IF NOT EXISTS messages (
    epoch TEXT, seq INTEGER, time INTEGER, account TEXT, chat TEXT, chat_id INTEGER,
    user_id INTEGER, message_id INTEGER, text TEXT, event TEXT,
    PRIMARY KEY (epoch, seq));
CREATE TABLE IF NOT EXISTS gaps (epoch TEXT, first INTEGER, last INTEGER, reason TEXT);
CREATE TABLE IF NOT EXISTS position (one INTEGER PRIMARY KEY, epoch TEXT, seq INTEGER);
"""


class Log:
    """The file. A cursor store, too: `load` and `save` are what the bus asks for."""

    def __init__(self, path: str) -> None:
        self._db = sqlite3.connect(path)
        self._db.executescript(SCHEMA)

    async def load(self) -> Position | None:
        row = self._db.execute("SELECT epoch, seq FROM position").fetchone()
        return None if row is None else Position(*row)

    async def save(self, position: Position) -> None:
        self._db.execute(
            "REPLACE INTO position VALUES (1, ?, ?)", (position.epoch, position.seq)
        )
        self._db.commit()

    def add(self, event: MessageEvent) -> None:
        self._db.execute(
            "INSERT OR IGNORE INTO messages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                event.epoch,
                event.seq,
                event.time,
                event.account,
                event.chat.kind,
                event.chat.id,
                event.user_id,
                event.message_id,
                event.text,
                json.dumps(event.raw, ensure_ascii=False),
            ),
        )

    def add_gap(self, gap: Gap) -> None:
        self._db.execute(
            "INSERT INTO gaps VALUES (?, ?, ?, ?)",
            (gap.epoch, gap.first, gap.last, gap.reason),
        )


async def main(path: str) -> None:
    log = Log(path)
    async with (
        onebus.connect() as bus,
        bus.events("qq.*", cursor=log, since=0) as events,
    ):
        async for event in events:
            match event:
                case MessageEvent():
                    log.add(event)
                case Gap():
                    log.add_gap(event)
                case _:
                    pass


if __name__ == "__main__":
    anyio.run(main, sys.argv[1] if len(sys.argv) > 1 else "chats.db")
