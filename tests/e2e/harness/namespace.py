"""A peer whose cable can be pulled: in a network namespace of its own, at the
other end of a pair of virtual interfaces."""

from __future__ import annotations

import contextlib
import itertools
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

_numbers = itertools.count(os.getpid() % 200)


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True)


class Namespace:
    """`address` is ours as seen from inside, `inside` the other end's."""

    def __init__(self) -> None:
        number = next(_numbers) % 250
        self.name = f"onebus{number}"
        self.address = f"10.213.{number}.1"
        self.inside = f"10.213.{number}.2"
        self._link = f"ob{number}"

    def make(self) -> None:
        _ip("netns", "add", self.name)
        peer = f"{self._link}p"
        _ip("link", "add", self._link, "type", "veth", "peer", "name", peer)
        _ip("link", "set", peer, "netns", self.name)
        _ip("addr", "add", f"{self.address}/24", "dev", self._link)
        _ip("link", "set", self._link, "up")
        inside = ("netns", "exec", self.name, "ip")
        _ip(*inside, "addr", "add", f"{self.inside}/24", "dev", peer)
        _ip(*inside, "link", "set", peer, "up")
        _ip(*inside, "link", "set", "lo", "up")

    def pull_the_cable(self) -> None:
        """From now on nothing gets through, and nobody is told."""
        _ip("netns", "exec", self.name, "ip", "link", "set", f"{self._link}p", "down")

    def plug_in(self) -> None:
        """The cable again."""
        _ip("netns", "exec", self.name, "ip", "link", "set", f"{self._link}p", "up")

    def remove(self) -> None:
        for arguments in (("link", "del", self._link), ("netns", "del", self.name)):
            with contextlib.suppress(subprocess.CalledProcessError):
                _ip(*arguments)

    def command(self, *words: str) -> list[str]:
        """What runs a program inside."""
        return ["ip", "netns", "exec", self.name, *words]

    def start_simulator(self, url: str) -> subprocess.Popen[bytes]:
        """A simulated QQ inside, as a process of its own."""
        python = Path(sys.executable)
        command = [str(python), "-m", "onebus.sim", "--url", url]
        return subprocess.Popen(
            self.command(*command),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )


@contextlib.contextmanager
def namespace() -> Iterator[Namespace | None]:
    """None where this process may not make one."""
    made = Namespace()
    try:
        made.make()
    except (subprocess.CalledProcessError, FileNotFoundError):
        made.remove()
        yield None
        return
    try:
        yield made
    finally:
        made.remove()
