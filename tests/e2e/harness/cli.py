"""The command line: one command run to its end, or one that goes on."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from harness.bridge import environment
from harness.build import BINARY, WAIT
from harness.secrets import SECRETS
from harness.wait import Watch


@dataclass(frozen=True)
class Result:
    """How a command ended, and what it said."""

    status: int
    out: str
    err: str


async def onebus(
    *arguments: str,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    stdin: bytes = b"",
    wrapper: Sequence[str] = (),
) -> Result:
    """Run `onebus ARGUMENT…` to its end."""
    process = await asyncio.create_subprocess_exec(
        *(*wrapper, str(BINARY), *arguments),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=environment({"HOME": "/nonexistent"} | dict(env or {})),
        cwd=cwd,
    )
    try:
        out, err = await asyncio.wait_for(process.communicate(stdin), WAIT)
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
    assert process.returncode is not None
    SECRETS.note_arguments(arguments)
    SECRETS.note_environment(env or {})
    SECRETS.printed_by(lambda: err)
    return Result(process.returncode, out.decode(), err.decode())


class Listener:
    """A running command, as `onebus listen`."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.out = b""
        self.err = b""
        self._is_over = False
        SECRETS.printed_by(lambda: self.err)
        self._watch = Watch()
        self._task = asyncio.create_task(self._read())

    async def _read(self) -> None:
        await asyncio.gather(self._read_out(), self._read_err())
        await self.process.wait()
        self._is_over = True
        self._watch.notify()

    async def _read_out(self) -> None:
        stream = self.process.stdout
        assert stream is not None
        while piece := await stream.read(1 << 16):
            self.out += piece
            self._watch.notify()

    async def _read_err(self) -> None:
        stream = self.process.stderr
        assert stream is not None
        while piece := await stream.read(1 << 16):
            self.err += piece
            self._watch.notify()

    @property
    def lines(self) -> list[str]:
        """Whole lines so far."""
        return self.out.decode().split("\n")[:-1]

    async def has_line(self, part: str, seconds: float = WAIT) -> None:
        """Wait for a line with `part` in it."""
        wanted = part.encode()
        await self._watch.until(lambda: wanted in self.out, f"line {part}", seconds)

    async def has_lines(self, count: int, seconds: float = WAIT) -> None:
        """Wait for so many lines."""
        await self._watch.until(
            lambda: len(self.lines) >= count, f"{count} lines", seconds
        )

    async def has_said(self, part: str, seconds: float = WAIT) -> None:
        """Wait for `part` on its stderr."""
        wanted = part.encode()
        await self._watch.until(lambda: wanted in self.err, f"word {part}", seconds)

    def stop_reading(self) -> None:
        """Close our end of its output."""
        transport = self.process._transport  # type: ignore[attr-defined]
        transport.get_pipe_transport(1).close()

    async def ended(self, seconds: float = WAIT) -> int:
        """Wait until it has ended and all it said is here; the exit status."""
        await self._watch.until(lambda: self._is_over, "end", seconds)
        assert self.process.returncode is not None
        return self.process.returncode

    async def stop(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()
        await self._task


@contextlib.asynccontextmanager
async def running(*arguments: str) -> AsyncIterator[Listener]:
    """`onebus ARGUMENT…`, ended with the block."""
    process = await asyncio.create_subprocess_exec(
        *(str(BINARY), *arguments),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=environment({"HOME": "/nonexistent"}),
    )
    listener = Listener(process)
    try:
        yield listener
    finally:
        await listener.stop()


def listening(*arguments: str) -> contextlib.AbstractAsyncContextManager[Listener]:
    """`onebus listen ARGUMENT…`, ended with the block."""
    return running("listen", *arguments)
