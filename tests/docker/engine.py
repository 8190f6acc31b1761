"""A Docker engine for the tests, which leaves nothing behind on the machine.

It has processes, mounts and, once the images are built, a network of its own:
whatever becomes of the tests, all that it runs ends with it. What it has built
stays in build/docker, for the next run.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

ROOT = Path(__file__).parents[2]
#: What is kept: images and layers.
STORE = ROOT / "build" / "docker" / "store"
CGROUP = "onebus-tests"
NEEDED = ("dockerd", "docker", "docker-compose", "docker-init", "mmdebstrap", "nsenter")

#: Seconds.
START, STOP, COMMAND = 60, 30, 300
POLL = 0.05

#: In the namespaces. What containerd keeps beside it is in a fixed place, and an
#: init takes care of its helpers.
SCRIPT = """
mkdir -p /run/containerd
mount -t tmpfs tmpfs /run/containerd
[ "$1" = online ] || ip link set lo up
shift
exec docker-init -- dockerd "$@"
"""


def wait_until(look: Callable[[], T | None], what: str, seconds: float = 30) -> T:
    """Look until there is something true, and give that."""
    deadline = time.monotonic() + seconds
    while not (found := look()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"no {what} within {seconds:g} s")
        time.sleep(POLL)
    return found


class Engine:
    """`with Engine(online=True)`: with the machine's network, to build by.

    Else with one of its own, where it makes bridges and rules as it does anywhere.
    """

    def __init__(self, *, online: bool) -> None:
        self._online = online
        # A Unix socket's path has 107 bytes at most.
        self.folder = Path(tempfile.mkdtemp(prefix="onebus-docker-", dir="/tmp"))
        self.log = self.folder / "engine.log"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Engine:
        STORE.mkdir(parents=True, exist_ok=True)
        try:
            self._start()
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    # ---- commands ----------------------------------------------------------

    @property
    def environment(self) -> dict[str, str]:
        """What the commands need to find it; the old builder needs no plugin."""
        return os.environ | {
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
            "DOCKER_HOST": f"unix://{self.folder}/docker.sock",
            "DOCKER_BUILDKIT": "0",
            "COMPOSE_DOCKER_CLI_BUILD": "0",
            "DOCKER_CONFIG": str(self.folder),
        }

    def docker(self, *arguments: str, input: bytes | None = None) -> str:
        """Run `docker`, and give what it prints; AssertionError if it fails."""
        return run(["docker", *arguments], env=self.environment, input=input)

    def kill(self, pid: int) -> None:
        """Kill a process of a container, whose number is the engine's."""
        run(["nsenter", f"--target={self._inner()}", "--pid", "kill", "-KILL", str(pid)])

    # ---- its life ----------------------------------------------------------

    def _start(self) -> None:
        spaces = ["--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
        options = [
            f"--data-root={STORE}", f"--exec-root={self.folder}/exec",
            f"--pidfile={self.folder}/pid", f"--host=unix://{self.folder}/docker.sock",
            f"--cgroup-parent=/{CGROUP}", "--exec-opt=native.cgroupdriver=cgroupfs",
        ]  # fmt: skip
        if self._online:
            options += ["--bridge=none", "--iptables=false", "--ip-forward=false"]
        else:
            spaces.append("--net")
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                ["setpriv", "--pdeathsig", "KILL", "unshare", *spaces,
                 "sh", "-ec", SCRIPT, "sh", "online" if self._online else "offline",
                 *options],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip
        wait_until(self._answers, f"engine: {self.log.read_text()[-2000:]}", START)

    def _answers(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, self.log.read_text()[-2000:]
        asked = subprocess.run(
            ["docker", "version"], env=self.environment, capture_output=True
        )
        return asked.returncode == 0

    def _inner(self) -> int:
        """The first process in the namespaces."""
        assert self._process is not None
        pid = self._process.pid
        return int(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0])

    def _end(self) -> None:
        if self._process is not None:
            with contextlib.suppress(OSError, IndexError):
                os.kill(self._inner(), signal.SIGTERM)
            try:
                self._process.wait(STOP)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        _remove_cgroups()
        shutil.rmtree(self.folder, ignore_errors=True)


def _remove_cgroups() -> None:
    """Of both versions."""
    mounted = Path("/sys/fs/cgroup")
    for top in [*mounted.glob(CGROUP), *mounted.glob(f"*/{CGROUP}")]:
        for folder, _, _ in os.walk(top, topdown=False):
            with contextlib.suppress(OSError):
                os.rmdir(folder)


def run(
    command: list[str],
    *,
    cwd: Path = ROOT,
    env: dict[str, str] | None = None,
    input: bytes | None = None,
) -> str:
    """What the command prints; AssertionError with what it complains of."""
    done = subprocess.run(
        command, cwd=cwd, env=env, input=input, capture_output=True, timeout=COMMAND,
        stdin=subprocess.DEVNULL if input is None else None,
    )  # fmt: skip
    out, err = done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")
    assert done.returncode == 0, f"{command} ended with {done.returncode}: {err or out}"
    return out
