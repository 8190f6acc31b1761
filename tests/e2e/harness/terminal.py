"""A command on a terminal of a given size: what it writes there."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import pty
import struct
import termios
from collections.abc import AsyncIterator, Mapping

from harness.bridge import environment
from harness.build import BINARY, WAIT
from harness.wait import Watch


class Terminal:
    """What is at the other end of a pseudo-terminal."""

    def __init__(self, main: int, process: asyncio.subprocess.Process) -> None:
        self.out = b""
        self.process = process
        self._main = main
        self._watch = Watch()
        asyncio.get_running_loop().add_reader(main, self._read)

    def _read(self) -> None:
        try:
            self.out += os.read(self._main, 1 << 16)
        except OSError:  # its end has been closed
            asyncio.get_running_loop().remove_reader(self._main)
        self._watch.notify()

    async def has_said(self, part: str, times: int = 1) -> None:
        """Wait for so many of `part`."""
        wanted = part.encode()
        await self._watch.until(
            lambda: self.out.count(wanted) >= times, f"{times} {part!r}"
        )

    async def ended(self) -> int:
        return await asyncio.wait_for(self.process.wait(), WAIT)

    def close(self) -> None:
        asyncio.get_running_loop().remove_reader(self._main)
        os.close(self._main)


@contextlib.asynccontextmanager
async def on_terminal(
    *arguments: str,
    columns: int = 80,
    rows: int = 24,
    env: Mapping[str, str] | None = None,
) -> AsyncIterator[Terminal]:
    """`onebus ARGUMENT…` with its output on a terminal, ended with the block."""
    main, side = pty.openpty()
    fcntl.ioctl(side, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    process = await asyncio.create_subprocess_exec(
        *(str(BINARY), *arguments),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=side,
        stderr=asyncio.subprocess.DEVNULL,
        env=environment({"HOME": "/nonexistent", "TERM": "xterm"} | dict(env or {})),
    )
    os.close(side)
    terminal = Terminal(main, process)
    try:
        yield terminal
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        terminal.close()
