# SPDX-License-Identifier: MIT
"""What every consumer of the comparison does with an event: count it."""

from __future__ import annotations

import json
import os
import resource
import sys
import time


class Counter:
    """Counts events, and tells the sender how far it has come, in batches."""

    BATCH = 64

    def __init__(self, events: int, progress: int) -> None:
        self._left = events
        self._events = events
        self._progress = progress
        self._untold = 0
        self._started = 0.0
        self._cpu = 0.0

    def count(self) -> bool:
        """One more; True with the last."""
        if self._started == 0.0:
            self._started = time.monotonic()
            self._cpu = cpu_seconds()
            self._tell(1)
            return False
        self._left -= 1
        self._untold += 1
        if self._untold >= self.BATCH or self._left <= 0:
            self._tell(self._untold)
            self._untold = 0
        return self._left <= 0

    def _tell(self, events: int) -> None:
        os.eventfd_write(self._progress, events)

    def report(self) -> None:
        """Print what was found."""
        seconds = time.monotonic() - self._started
        cpu = cpu_seconds() - self._cpu
        found = {
            "events_per_second": self._events / seconds,
            "cpu_us_per_event": cpu / self._events * 1e6,
            "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        }
        say(found)


def cpu_seconds() -> float:
    """Of this process, all its threads."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def ready() -> None:
    """The first line: the consumer listens."""
    say({"ready": True})


def say(what: object) -> None:
    """One line, written at once."""
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def finish(counter: Counter) -> None:
    """The end: what was found, and nothing is waited for."""
    counter.report()
    os._exit(0)
