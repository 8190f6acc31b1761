"""A small disk that can be filled, freed and made read-only: a tmpfs in a mount
namespace of its own, which a bridge is started in."""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

from harness.build import WAIT

_OWN_ROOT = () if os.geteuid() == 0 else ("--map-root-user",)
_MOUNT = 'mount -t tmpfs -o size="$1" onebus "$0" && echo mounted && read -r _'


class SmallDisk:
    """At `path`, for those that are started with `wrapper`."""

    def __init__(self, path: Path, mib: int) -> None:
        path.mkdir()
        self.path = path
        self._size = mib << 20
        self._keeper = subprocess.Popen(
            ["unshare", *_OWN_ROOT, "--mount", "sh", "-c", _MOUNT, path, f"{mib}m"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self._keeper.stdout is not None
        assert self._keeper.stdout.readline() == b"mounted\n"

    @property
    def wrapper(self) -> Sequence[str]:
        user = ("--user", "--preserve-credentials") if _OWN_ROOT else ()
        return ("nsenter", "--target", str(self._keeper.pid), *user, "--mount", "--")

    def seen(self, name: str) -> Path:
        """Where this file of the disk is seen from here."""
        return Path(f"/proc/{self._keeper.pid}/root{self.path}") / name

    def fill(self) -> None:
        """Leave no room."""
        with self.seen("ballast").open("ab", buffering=0) as file:
            with contextlib.suppress(OSError):
                while True:
                    file.write(bytes(4096))

    def free(self) -> None:
        self.seen("ballast").unlink()

    def make_read_only(self) -> None:
        """While nobody has a file of it open to write."""
        self._mount("ro")

    def make_writable(self) -> None:
        self._mount("rw")

    def _mount(self, how: str) -> None:
        command = ["mount", "-o", f"remount,{how}", self.path]
        subprocess.run([*self.wrapper, *command], check=True, timeout=WAIT)

    def remove(self) -> None:
        self._keeper.communicate(b"\n", timeout=WAIT)


@contextlib.contextmanager
def small_disk(path: Path, mib: int) -> Iterator[SmallDisk]:
    made = SmallDisk(path, mib)
    try:
        yield made
    finally:
        made.remove()
