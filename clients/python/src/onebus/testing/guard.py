"""Ends a process with the one that started it, however that ends.

A shell waits at the other end of a pipe. The pipe breaks when the test run is over,
or is killed; a run that closes the guard itself says so first.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

_SCRIPT = 'read -r _ || { kill -KILL "$1"; [ -z "$2" ] || rm -rf -- "$2"; }'


class Guard:
    """Over the process `pid`, which is killed, and a folder, which is taken away."""

    def __init__(self, pid: int, folder: Path | None) -> None:
        self._shell = subprocess.Popen(
            ["/bin/sh", "-c", _SCRIPT, "onebus-guard", str(pid), str(folder or "")],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            # Ctrl-C is for the test run, which then closes the guard.
            start_new_session=True,
        )

    def close(self) -> None:
        """The process has ended by itself."""
        self._shell.communicate(b"over\n")
