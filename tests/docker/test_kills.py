"""Each container is killed in turn while people talk: nothing is lost, nothing
is said twice."""

from __future__ import annotations

import contextlib
import time
from collections import Counter

import pytest

from chatter import GROUPS, Chatter
from engine import wait_until
from stack import Stack

#: Seconds of talk before and after a kill.
TALK = 1.5
#: Seconds within which the bridge writes what it has taken.
WRITTEN = 0.5


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
