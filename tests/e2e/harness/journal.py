"""A bridge that is not there, with a journal: it publishes what it is told to,
and gives pages of what it holds."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import msgpack
import pynng

from harness.wait import until

GROUP = "qq.group.20002.message.normal"


class Journal:
    """Events are put in by their seq; a page looks at `slice` of them."""

    def __init__(self, folder: Path, epoch: str = "a" * 16) -> None:
        self.events_url = f"ipc://{folder}/events"
        self.actions_url = f"ipc://{folder}/actions"
        self.epoch = epoch
        self.slice = 1000
        self.held: dict[int, tuple[str, bytes]] = {}
        self.requests: list[dict[str, Any]] = []
        self.refusal: dict[str, Any] | None = None
        self.answers = asyncio.Event()
        self.answers.set()
        self.start()

    # ---- its events -----------------------------------------------------------

    def message(self, seq: int, topic: str = GROUP) -> bytes:
        envelope = {"v": 1, "epoch": self.epoch, "seq": seq, "text": f"m{seq}"}
        payload: bytes = msgpack.packb(envelope | {"event": {}})
        return topic.encode() + b"\0" + payload

    def keep(self, seqs: Iterable[int], topic: str = GROUP) -> None:
        """Into the journal, and not to the subscribers."""
        for seq in seqs:
            self.held[seq] = (topic, self.message(seq, topic))

    async def publish(self, seqs: Iterable[int], topic: str = GROUP) -> None:
        """To the subscribers, and not into the journal."""
        for seq in seqs:
            await self.send(self.message(seq, topic))

    async def send(self, message: bytes) -> None:
        await self._pub.asend(message)

    async def has_subscriber(self) -> None:
        await until(lambda: len(self._pub.pipes) > 0, "subscriber")

    def renew(self, epoch: str) -> None:
        """Begin another journal."""
        self.epoch = epoch
        self.held.clear()

    # ---- its replies ----------------------------------------------------------

    def page(self, params: dict[str, Any]) -> dict[str, Any]:
        held = sorted(self.held)
        oldest, newest = (held[0], held[-1]) if held else (0, 0)
        after = params.get("after", max(oldest, 1) - 1)
        looked_at = [seq for seq in held if seq > after][: self.slice]
        following = looked_at[-1] if looked_at else max(after, newest)
        gone = sorted(set(range(after + 1, following + 1)) - set(looked_at))
        return {
            "epoch": self.epoch,
            "events": self._wanted(looked_at, params.get("topics", ["*"])),
            "next": following,
            "oldest": oldest,
            "newest": newest,
            "truncated": following < newest,
            "lost": [[gone[0], gone[-1]]] if gone else [],
        }

    def _wanted(self, seqs: list[int], topics: list[str]) -> list[bytes]:
        return [
            message
            for topic, message in map(self.held.__getitem__, seqs)
            if any(fnmatch(topic, pattern) for pattern in topics)
        ]

    def reply(self, request: dict[str, Any]) -> dict[str, Any]:
        if self.refusal is not None:
            return {"status": "failed", "retcode": 1} | self.refusal
        return {"status": "ok", "retcode": 0, "data": self.page(request["params"])}

    async def _serve(self, socket: pynng.Rep0) -> None:
        while True:
            request = msgpack.unpackb(await socket.arecv())
            self.requests.append(request)
            await self.answers.wait()
            await socket.asend(msgpack.packb(self.reply(request)))

    # ---- its life -------------------------------------------------------------

    def start(self) -> None:
        self._pub = pynng.Pub0(listen=self.events_url)
        self._rep = pynng.Rep0(listen=self.actions_url)
        self._task = asyncio.create_task(self._serve(self._rep))

    async def stop(self) -> None:
        """What it held it still holds when it starts again."""
        self._pub.close()
        self._rep.close()  # pynng may miss that its task is cancelled
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)


@asynccontextmanager
async def journal(folder: Path, seqs: Iterable[int] = ()) -> AsyncIterator[Journal]:
    """One that holds these, ended with the block."""
    it = Journal(folder)
    it.keep(seqs)
    try:
        yield it
    finally:
        await it.stop()
