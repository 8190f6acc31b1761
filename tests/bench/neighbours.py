# SPDX-License-Identifier: MIT
"""How much of the machine others used meanwhile: the reason for most figures
that look wrong."""

from __future__ import annotations

import os
import resource
import time
from pathlib import Path

# Above this share, latencies are theirs: a thread that wakes on a core that is
# taken waits for the end of the other's time slice.
DISTURBING = 0.1


def _busy_seconds() -> float:
    """CPU time of all processes since the machine started."""
    fields = Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]
    user, nice, system, _idle, _wait, irq, softirq, steal = map(int, fields[:8])
    ticks = user + nice + system + irq + softirq + steal
    return ticks / os.sysconf("SC_CLK_TCK")


def _our_seconds() -> float:
    """CPU time of this process and of those it has waited for."""
    usages = map(
        resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


class Neighbours:
    """Watches from its making on."""

    def __init__(self) -> None:
        self._started = time.monotonic()
        self._theirs = _busy_seconds() - _our_seconds()

    def share(self) -> float:
        """The part of all cores' time that others took; what virtual
        neighbours stole is in it. Ask when all children have ended."""
        seconds = time.monotonic() - self._started
        theirs = _busy_seconds() - _our_seconds() - self._theirs
        return max(0.0, theirs / seconds / (os.cpu_count() or 1))
