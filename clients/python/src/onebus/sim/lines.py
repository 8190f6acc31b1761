"""Lines that come in and lines that go out, on a terminal or through pipes."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import threading
import unicodedata
from collections.abc import Callable, Iterable
from typing import Protocol, TextIO

_READ_BYTES = 64 * 1024


class Screen(Protocol):
    """Where lines go and come from."""

    def put(self, line: str) -> None:
        """Write a line, which may have line feeds in it."""

    async def next(self, prompt: str) -> str | None:
        """The next line that was typed, None at the end."""

    def close(self) -> None:
        """Leave the terminal as it was."""


class PipeScreen:
    """Lines from a pipe or a file, and into one."""

    def __init__(self, source: TextIO, target: TextIO) -> None:
        self._target = target
        self._lines: asyncio.Queue[str | None] = asyncio.Queue()
        self._loop = asyncio.get_running_loop()
        self._room = threading.Semaphore(1000)
        """Of lines that are read ahead."""
        reader = threading.Thread(
            target=self._read, args=(source.fileno(),), daemon=True
        )
        reader.start()

    def put(self, line: str) -> None:
        """Write a line."""
        self._target.write(f"{line}\n")
        self._target.flush()

    async def next(self, prompt: str) -> str | None:
        """The next line; the prompt is for people."""
        del prompt
        line = await self._lines.get()
        self._room.release()
        return line

    def close(self) -> None:
        """Nothing has been changed."""

    def _read(self, descriptor: int) -> None:
        """Not by `source` itself: a lock held at the end of Python is fatal."""
        rest = b""
        while data := os.read(descriptor, _READ_BYTES):
            *lines, rest = (rest + data).split(b"\n")
            for line in lines:
                self._pass_on(line)
        if rest:
            self._pass_on(rest)
        self._room.acquire()
        self._call(None)

    def _pass_on(self, line: bytes) -> None:
        self._room.acquire()
        self._call(line.decode("utf-8", "replace").rstrip("\r"))

    def _call(self, line: str | None) -> None:
        # The loop is closed when the console has ended first.
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._lines.put_nowait, line)


class TerminalScreen:
    """Lines typed on a terminal, edited by readline where there is one.

    A line that goes out while one is typed is written above it.
    """

    def __init__(self, complete: Callable[[str], Iterable[str]]) -> None:
        self._loop = asyncio.get_running_loop()
        self._prompt = ""
        self._typing = False
        self._restore = _terminal_state()
        self._readline = _readline(complete)

    def put(self, line: str) -> None:
        """Write a line above what is being typed."""
        if not self._typing:
            print(line, flush=True)
            return
        typed = self._readline.get_line_buffer() if self._readline else ""
        print(f"\r\x1b[J{line}\n{self._prompt}{typed}", end="", flush=True)

    async def next(self, prompt: str) -> str | None:
        """Let a line be typed; None for the end of the input."""
        self._prompt, self._typing = prompt, True
        typed: asyncio.Future[str | None] = self._loop.create_future()
        threading.Thread(target=self._input, args=(prompt, typed), daemon=True).start()
        try:
            line = await typed
        finally:
            self._typing = False
        if line is not None:
            self._wipe(prompt + line)
        return line

    def _input(self, prompt: str, typed: asyncio.Future[str | None]) -> None:
        try:
            line: str | None = input(prompt)
        except (EOFError, OSError, ValueError):
            line = None
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(_settle, typed, line)

    @staticmethod
    def _wipe(line: str) -> None:
        """What was typed is shown again, as everybody sees it."""
        width = os.get_terminal_size(sys.stdout.fileno()).columns
        rows = _cells(line) // max(width, 1) + 1
        print(f"\x1b[{rows}A\r\x1b[J", end="", flush=True)

    def close(self) -> None:
        """Leave the terminal as it was, though a line may be half typed."""
        self._restore()
        if self._typing:
            print(flush=True)


def _settle(typed: asyncio.Future[str | None], line: str | None) -> None:
    if not typed.done():
        typed.set_result(line)


def _cells(text: str) -> int:
    """How wide it is; a Chinese character takes two cells."""
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in text)
    return len(text) + wide


def _terminal_state() -> Callable[[], None]:
    """Gives what brings the terminal back into its present state."""
    try:
        import termios
    except ImportError:
        return lambda: None
    descriptor = sys.stdin.fileno()
    state = termios.tcgetattr(descriptor)
    return lambda: termios.tcsetattr(descriptor, termios.TCSADRAIN, state)


class _Readline(Protocol):
    def get_line_buffer(self) -> str: ...


def _readline(complete: Callable[[str], Iterable[str]]) -> _Readline | None:
    """Editing, history and the Tab key; None where Python has no readline."""
    try:
        import readline
    except ImportError:
        return None

    def completer(text: str, state: int) -> str | None:
        found = list(complete(text))
        return found[state] if state < len(found) else None

    readline.set_completer_delims(" ")
    readline.set_completer(completer)
    readline.parse_and_bind("tab: complete")
    return readline
