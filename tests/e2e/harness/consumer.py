"""Gapless consumers as processes of their own, which can be killed, and what
they have noted; and the journal, to compare it with."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from harness.bridge import Bridge
from harness.build import TESTS, WAIT
from harness.bus import Bus
from harness.gapless import LOST, NOTE, digest_of, envelope_of
from harness.namespace import Namespace
from harness.nats import Place
from harness.wait import until

Notes = list[tuple[int, bytes]]
"""seq and digest, in the order in which they were noted."""


class NotingProcess:
    """A program of the harness that notes what it has in the file `path`."""

    def __init__(self, path: Path, command: Sequence[str]) -> None:
        self._path = path
        self._command = [*command, "--notes", str(path)]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self._path.with_suffix(".stderr").open("wb") as stderr:
            self._process = subprocess.Popen(
                self._command, cwd=TESTS / "e2e", stderr=stderr
            )

    def kill(self) -> None:
        """As `kill -9`; it must not have ended by itself."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            assert process.wait() == -signal.SIGKILL, self._complaint()

    def _complaint(self) -> str:
        return self._path.with_suffix(".stderr").read_text()

    async def has(self, seq: int, seconds: float = WAIT) -> None:
        """Wait until it has noted this event."""
        await until(lambda: self._last() >= seq, f"note of {seq}", seconds)

    def _last(self) -> int:
        assert self._process is not None
        assert self._process.poll() is None, self._complaint()
        if not self._path.exists():
            return 0
        size = self._path.stat().st_size
        size -= size % NOTE.size
        with self._path.open("rb") as file:
            file.seek(max(0, size - NOTE.size))
            return int(NOTE.unpack(file.read(NOTE.size))[0]) if size else 0

    def notes(self) -> Notes:
        return _read(self._path)


class Consumer(NotingProcess):
    """`name` is that of its files, and of its cursor if the bridge keeps it."""

    def __init__(self, bridge: Bridge, name: str, *options: str) -> None:
        addresses = ("--events", bridge.events, "--actions", bridge.actions)
        command = (sys.executable, "-m", "harness.gapless", *addresses, *options)
        super().__init__(bridge.folder / f"{name}.notes", command)

    def live(self) -> Notes:
        """What it heard without asking."""
        return _read(self._path.with_suffix(".live"))


class Durable(NotingProcess):
    """One with a cursor on NATS; `inside`, if the servers are there."""

    def __init__(
        self, place: Place, folder: Path, inside: Namespace | None = None
    ) -> None:
        urls = (word for url in place.urls for word in ("--url", url))
        command = [sys.executable, "-m", "harness.durable", *urls]
        command += ["--stream", place.stream, "--prefix", place.prefix]
        wrapped = inside.command(*command) if inside else command
        super().__init__(folder / "durable.notes", wrapped)


def _read(path: Path) -> Notes:
    data = path.read_bytes()
    return list(NOTE.iter_unpack(data[: len(data) - len(data) % NOTE.size]))


async def journal_of(program: Bus) -> Notes:
    """All that the journal has, and what it says is lost; nothing is left out."""
    notes: Notes = []
    after = 0
    while True:
        reply = await program.call("bridge.replay", {"after": after, "limit": 10_000})
        page = reply["data"]
        found = [(envelope_of(m)["seq"], digest_of(m)) for m in page["events"]]
        found += [(seq, LOST) for a, b in page["lost"] for seq in range(a, b + 1)]
        notes += sorted(found)
        after = page["next"]
        if not page["truncated"]:
            break
    assert [seq for seq, _ in notes] == list(range(1, after + 1))
    return notes


def losses(notes: Sequence[tuple[int, bytes]]) -> list[int]:
    return [seq for seq, digest in notes if digest == LOST]
