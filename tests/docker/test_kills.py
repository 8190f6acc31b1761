"""Each container is killed in turn while people talk: nothing is lost, nothing
is said twice."""

from __future__ import annotations

import contextlib
import threading
import time
from collections import Counter
from dataclasses import dataclass

import pytest

from engine import wait_until
from stack import Stack

GROUPS = (801, 802, 803)
#: Seconds between two messages, and of talk before and after a kill.
PAUSE, TALK = 0.02, 1.5
#: Seconds within which the bridge writes what it has taken.
WRITTEN = 0.5


@dataclass(frozen=True)
class Said:
    """A message that was said."""

    text: str
    at: float
    #: The bridge has taken it from its socket.
    heard: bool


class Chatter:
    """People who talk, until the block ends."""

    def __init__(self, stack: Stack, name: str) -> None:
        self._stack, self._name = stack, name
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
                heard = self._stack.order(
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


@pytest.mark.parametrize("service", ["bot", "bridge", "sim"])
def test_a_kill_loses_nothing(stack: Stack, service: str) -> None:
    stack.wait_for_link()
    with Chatter(stack, service) as chatter:
        chatter.wait_for(TALK)
        killed = time.monotonic()
        stack.crash(service)
        stack.wait_for_link()
        chatter.wait_for(TALK)

    taken = {
        event["text"].removeprefix("/echo "): event["key"] for event in stack.journal()
    }
    # A bridge that is killed takes with it what it has read and not yet written.
    for said in chatter.said:
        if service != "bridge" or not killed - WRITTEN < said.at < killed + WRITTEN:
            assert not said.heard or said.text in taken, said

    ours = {text: key for text, key in taken.items() if text.startswith(f"{service} ")}

    def open_answers() -> set[str]:
        """What neither was answered nor will be: the bot was told that nobody
        knows whether its answer was said, and says nothing twice."""
        logs = stack.logs("bot")
        missing = set(ours) - set(stack.answers())
        return {text for text in missing if f"{ours[text]}: it may have" not in logs}

    with contextlib.suppress(TimeoutError):
        wait_until(lambda: not open_answers(), "answer to each")
    assert open_answers() == set(), stack.logs("bot")[-3000:]
    counted = Counter(stack.answers())
    once = [text for text in ours if counted[text] == 1]
    unknown = [text for text in ours if counted[text] == 0]
    print(service, len(chatter.said), "said", len(ours), "taken", len(once),
          "answered once", len(unknown), "unknown")  # fmt: skip
    assert len(once) + len(unknown) == len(ours)
    # One call at a time is under way in a chat.
    assert len(unknown) <= (0 if service == "bot" else len(GROUPS))
