"""People who talk in QQ while something is done to the containers."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

from engine import wait_until
from qq import QQ

GROUPS = (801, 802, 803)
#: Seconds between two messages.
PAUSE = 0.02


@dataclass(frozen=True)
class Said:
    """A message that was said."""

    text: str
    at: float
    #: The bridge has taken it from its socket.
    heard: bool


class Chatter:
    """People who talk, until the block ends."""

    def __init__(self, qq: QQ, name: str) -> None:
        self._qq, self._name = qq, name
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._talk)
        self.said: list[Said] = []

    def __enter__(self) -> Chatter:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._thread.join()

    def _talk(self) -> None:
        while not self._stopping.wait(PAUSE):
            number = len(self.said)
            text = f"{self._name} {number}"
            try:
                heard = self._qq.order(
                    say=f"/echo {text}", group=GROUPS[number % len(GROUPS)]
                )
            except (ConnectionError, TimeoutError):
                heard = False
            self.said.append(Said(text, time.monotonic(), heard))

    def wait_for(self, seconds: float) -> None:
        """Until so many seconds of talk have been heard from now on."""
        since = time.monotonic()
        wait_until(
            lambda: any(s.heard and s.at > since + seconds for s in tuple(self.said)),
            "message that is heard",
        )
