"""What a process says, line by line, while it runs."""

from __future__ import annotations

import json
import threading
from collections import deque
from typing import IO

LINES_MAX = 2000


class Log:
    """The last lines of one process after the other; threads may share it."""

    def __init__(self) -> None:
        self._lines: deque[str] = deque(maxlen=LINES_MAX)
        #: Of the process that is followed.
        self._own: deque[str] = deque(maxlen=LINES_MAX)
        self._is_over = True
        self._changed = threading.Condition()
        self._reader: threading.Thread | None = None

    def follow(self, stream: IO[bytes]) -> None:
        """Read the lines of a process that has just been started, to their end."""
        self._own.clear()
        self._is_over = False
        self._reader = threading.Thread(target=self._read, args=[stream], daemon=True)
        self._reader.start()

    def _read(self, stream: IO[bytes]) -> None:
        with stream:
            for line in stream:
                self._add(_shown(line.decode(errors="replace").rstrip()))
        with self._changed:
            self._is_over = True
            self._changed.notify_all()

    def _add(self, line: str) -> None:
        with self._changed:
            self._lines.append(line)
            self._own.append(line)
            self._changed.notify_all()

    def wait_for(self, words: str, seconds: float) -> bool:
        """Wait until the process has said `words`; False if it has not, and will not."""
        with self._changed:
            self._changed.wait_for(lambda: self._is_over or self._has(words), seconds)
            return self._has(words)

    def _has(self, words: str) -> bool:
        return any(words in line for line in self._own)

    def join(self) -> None:
        """Wait for the end of what a process says that has ended."""
        if self._reader is not None:
            self._reader.join()

    @property
    def lines(self) -> list[str]:
        """Of all processes so far, oldest first."""
        with self._changed:
            return list(self._lines)

    @property
    def text(self) -> str:
        """What the process that is followed has said."""
        with self._changed:
            return "\n".join(self._own)


def _shown(line: str) -> str:
    """A line of JSON as `component: what happened`; any other as it is."""
    try:
        told = json.loads(line)
        return f"{told['component']}: {told['msg']}"
    except (ValueError, LookupError, TypeError):
        return line
