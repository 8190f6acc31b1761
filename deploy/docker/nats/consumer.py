"""Keeps what is said in QQ, each message once, whatever is killed meanwhile.

Where it stands is known to NATS, as the durable consumer `archive`: what was said
while it was away comes when it is back. NATS learns of it a moment later than the
file, so after a kill some come again; the file itself tells which those are.
"""

from __future__ import annotations

import json
import logging
import os
from pathlib import Path
from typing import TextIO

import anyio

import onebus

log = logging.getLogger("archive")

FILE = Path("/data/messages.jsonl")
PASSWORD = Path("/run/secrets/nats_bot_password")


class Archive:
    """A line for each message."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        #: The last message of each bridge, by the epoch of its journal.
        self._last: dict[str, int] = {}
        self._read()

    def _read(self) -> None:
        """What is there; a last line that was broken off is cut away."""
        end = 0
        self._file.seek(0)
        while (line := self._file.readline()).endswith("\n"):
            end = self._file.tell()
            kept = json.loads(line)
            self._last[kept["epoch"]] = kept["seq"]
        self._file.seek(end)
        self._file.truncate()

    def keep(self, event: onebus.MessageEvent) -> None:
        """Write it down, unless it is there."""
        if event.seq <= self._last.get(event.epoch, 0):
            return
        kept = {"epoch": event.epoch, "seq": event.seq, "account": event.account,
                "key": event.key, "text": event.text}  # fmt: skip
        self._file.write(json.dumps(kept, ensure_ascii=False) + "\n")
        self._file.flush()
        self._last[event.epoch] = event.seq


def bus() -> onebus.Bus:
    """By whichever of the servers is there."""
    password = PASSWORD.read_text()
    servers = os.environ["NATS_SERVERS"].split(",")
    return onebus.connect([f"nats://bot:{password}@{server}" for server in servers])


async def main() -> None:
    with FILE.open("a+", encoding="utf-8") as file:
        archive = Archive(file)
        async with bus() as there:
            events = there.events("qq.group.*", "qq.private.*", cursor="archive", since=0)
            async for event in events:
                if isinstance(event, onebus.MessageEvent):
                    archive.keep(event)
                elif isinstance(event, onebus.Gap):
                    log.error("there is no more of these: %s", event)


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    anyio.run(main)
