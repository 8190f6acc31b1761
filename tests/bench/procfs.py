# SPDX-License-Identifier: MIT
"""What the kernel tells of a process: its memory, and its threads' CPU time."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path


def memory_kb(pid: int, key: str) -> int:
    """`VmRSS`, what is resident now, or `VmHWM`, the most that ever was."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        name, _, value = line.partition(":")
        if name == key:
            return int(value.split()[0])
    raise KeyError(key)


def _thread_ns(task: Path) -> int:
    """The CPU time of a thread. `schedstat` counts nanoseconds; a kernel
    without it still has `stat`, which counts ticks, mostly of 10 ms."""
    try:
        return int((task / "schedstat").read_text().split()[0])
    except FileNotFoundError:
        # Behind the name, which may hold anything, utime and stime are the
        # 12th and 13th field.
        fields = (task / "stat").read_text().rpartition(")")[2].split()
        ticks = int(fields[11]) + int(fields[12])
        return ticks * 1_000_000_000 // os.sysconf("SC_CLK_TCK")


def cpu_ns(pid: int) -> dict[str, int]:
    """The CPU time of each thread so far, by name and id: `nng:task/4711`."""
    times: dict[str, int] = {}
    for task in Path(f"/proc/{pid}/task").iterdir():
        # A thread may end meanwhile.
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            name = (task / "comm").read_text().strip()
            times[f"{name}/{task.name}"] = _thread_ns(task)
    return times


def switches(pid: int) -> int:
    """How often its threads have gone to sleep so far: as often as they woke."""
    count = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        for line in (task / "status").read_text().splitlines():
            name, _, value = line.partition(":")
            if name == "voluntary_ctxt_switches":
                count += int(value)
    return count
