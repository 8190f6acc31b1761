"""Node and the commands that run on it."""

from __future__ import annotations

import asyncio
import os
import platform
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from harness.build import TESTS

ROOT: Final = TESTS.parent
PLUGIN: Final = ROOT / "clients" / "openclaw"
OPENCLAW: Final = PLUGIN / "node_modules" / "openclaw" / "openclaw.mjs"

#: What may be thrown away, and is kept from one run to the next.
KEPT: Final = ROOT / "build" / "openclaw"

#: Seconds of a command, which on a quiet machine takes 2 to 26.
COMMAND_SECONDS: Final = 120.0

_MACHINES = {"x86_64": "x64", "aarch64": "arm64"}


def node_folder() -> Path:
    """Where the `node` is that `./dev test --openclaw` installs."""
    package = f"node-linux-{_MACHINES.get(platform.machine(), '')}"
    return ROOT / "build" / "node" / "node_modules" / package / "bin"


def environment(folder: Path) -> dict[str, str]:
    """Of a gateway and its commands that have nothing of ours but this folder, and
    look for nothing outside the machine."""
    return {
        "PATH": f"{node_folder()}:{PLUGIN}/node_modules/.bin:/usr/bin:/bin",
        "HOME": f"{folder}/home",
        "TMPDIR": f"{folder}/tmp",
        "LANG": "C.UTF-8",
        "NO_COLOR": "1",
        "CI": "true",
        "DO_NOT_TRACK": "1",
        "NODE_COMPILE_CACHE": f"{KEPT}/compiled",
        "OPENCLAW_HOME": f"{folder}/home",
        "OPENCLAW_STATE_DIR": f"{folder}/state",
        "OPENCLAW_CONFIG_PATH": f"{folder}/state/openclaw.json",
        "OPENCLAW_NO_AUTO_UPDATE": "1",
        "OPENCLAW_OFFLINE": "1",
        "OPENCLAW_DISABLE_BONJOUR": "1",
        "OPENCLAW_SKIP_GMAIL_WATCHER": "1",
        "OPENCLAW_SKIP_CANVAS_HOST": "1",
        "OPENCLAW_SKIP_BROWSER_CONTROL_SERVER": "1",
    }


def missing() -> list[Path]:
    """What the tests need and is not there."""
    return [path for path in (node_folder() / "node", OPENCLAW) if not path.exists()]


@dataclass(frozen=True)
class Outcome:
    """Of a command that has ended."""

    status: int
    out: str
    err: str


async def run(
    *command: str,
    env: Mapping[str, str],
    cwd: Path | None = None,
    seconds: float = COMMAND_SECONDS,
) -> Outcome:
    """Run a command to its end."""
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=dict(env),
        cwd=cwd,
        start_new_session=True,
    )
    try:
        out, err = await asyncio.wait_for(process.communicate(), seconds)
    except BaseException:
        kill_group(process.pid)
        await process.wait()
        raise
    status = process.returncode
    assert status is not None
    return Outcome(status, out.decode(errors="replace"), err.decode(errors="replace"))


def kill_group(pid: int) -> None:
    """A process that leads a group, and all that it has started."""
    try:
        os.killpg(pid, 9)
    except ProcessLookupError:
        pass


def fresh(folder: Path) -> Path:
    """The folder, empty."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


