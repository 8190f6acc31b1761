"""The chat in the terminal: lines typed are said, what bots do is shown."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass

from .commands import COMMANDS, follow
from .lines import PipeScreen, Screen, TerminalScreen
from .stage import Seat, Stage, StageError
from .talk import CommandError, Talk
from .terminal import ColourChoice, Palette, one_line, palette_for, printable
from .transcript import Transcript

_LOGGER = "onebus.sim"
_GREETING = "{0}help lists the commands; anything else is said."


@dataclass(frozen=True)
class ConsoleOptions:
    """How the chat begins."""

    user_id: int = 42
    user_name: str = "You"
    group_id: int | None = 700
    """None: the private chat with the first bot."""
    group_name: str = "Test group"
    prefix: str = "/"
    codes: bool = False
    verbose: bool = False
    colour: ColourChoice = "auto"
    linger: float = 1.0
    """Seconds of silence after the last line of a pipe that end the chat."""
    wait: float = 30.0
    """Seconds that a pipe's first line waits for a connection."""


class Console:
    """`run` is the whole chat."""

    def __init__(self, stage: Stage, options: ConsoleOptions) -> None:
        self._stage = stage
        self._options = options
        self._is_terminal = sys.stdin.isatty() and sys.stdout.isatty()
        self._palette = palette_for(sys.stdout, options.colour)
        self._screen = self._open_screen()
        self._handler = _ScreenHandler(self._screen.put, self._palette)
        self.failures = 0
        """Lines that could not be followed."""
        stage.names[options.user_id] = options.user_name
        seat = Seat(options.user_id, options.group_id, stage.sims[0].self_id)
        self._talk = Talk(stage, seat, self._tell, prefix=options.prefix)
        self._talk.codes, self._talk.verbose = options.codes, options.verbose
        if options.group_id is not None:
            stage.open_group(options.group_id, options.group_name)
        Transcript(stage, self._talk, self._palette, self._screen.put)

    def _open_screen(self) -> Screen:
        if self._is_terminal:
            return TerminalScreen(self._completions)
        return PipeScreen(sys.stdin, sys.stdout)

    def _completions(self, text: str) -> Iterable[str]:
        prefix = self._options.prefix
        names = (f"{prefix}{name}" for name in COMMANDS)
        return [name for name in names if name.startswith(text)]

    async def run(self) -> int:
        """Chat until the end of the input or a quit; the exit status.

        Through a pipe, a line that cannot be followed makes it 1.
        """
        try:
            return await self._chat()
        finally:
            self._screen.close()

    @contextmanager
    def logging(self) -> Generator[None]:
        """What is logged meanwhile is shown among the lines."""
        logger, handler = logging.getLogger(_LOGGER), self._handler
        level = logger.level
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
        try:
            yield
        finally:
            logger.removeHandler(handler)
            logger.setLevel(level)

    async def _chat(self) -> int:
        if self._is_terminal:
            self._tell(_GREETING.format(self._options.prefix))
        elif not await self._connected():
            return 1
        while not self._talk.ended:
            prompt = self._talk.prompt if self._is_terminal else ""
            line = await self._screen.next(printable(prompt))
            if line is None:
                break
            await self._follow(line)
        if not self._is_terminal:
            await self._linger()
        return 1 if self.failures and not self._is_terminal else 0

    async def _connected(self) -> bool:
        try:
            await self._stage.connected(self._options.wait)
        except TimeoutError as error:
            self._complain(str(error))
            return False
        return True

    async def _follow(self, line: str) -> None:
        if not any(sim.is_connected for sim in self._stage.sims):
            self._tell("no bot is connected: nobody hears what happens now")
        try:
            await follow(self._talk, line)
        except (CommandError, StageError) as error:
            self._complain(str(error))
        # What happened is written before the next prompt.
        await asyncio.sleep(0)

    async def _linger(self) -> None:
        """Answers may still be on their way."""
        heard = -1
        while heard != self._stage.heard:
            heard = self._stage.heard
            await asyncio.sleep(self._options.linger)

    def _tell(self, text: str) -> None:
        for line in text.split("\n"):
            self._screen.put(self._palette.paint(printable(line), "system"))

    def _complain(self, text: str) -> None:
        self.failures += 1
        self._screen.put(self._palette.paint(f"! {one_line(text, 400)}", "error"))


class _ScreenHandler(logging.Handler):
    """What is logged, connections above all, as lines of the screen."""

    def __init__(self, put: Callable[[str], None], palette: Palette) -> None:
        super().__init__(logging.INFO)
        self._put = put
        self._palette = palette

    def emit(self, record: logging.LogRecord) -> None:
        """Requests, which have a logger below, are in the transcript."""
        if record.name != _LOGGER:
            return
        kind = "error" if record.levelno >= logging.WARNING else "system"
        line = f"* {one_line(record.getMessage(), 400)}"
        self._put(self._palette.paint(line, kind))
