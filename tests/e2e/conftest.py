"""The fixtures: factories of bridges, programs on the bus, and simulated QQs."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from onebus.sim import Simulator

from harness.bridge import Bridge, default_settings, merged
from harness.build import BINARY, SANITIZERS, WAIT
from harness.bus import Bus

if SANITIZERS:
    # Valgrind cannot run a sanitized build, which checks more anyway.
    collect_ignore = ["test_valgrind.py"]


def pytest_configure() -> None:
    if not BINARY.exists():
        raise pytest.UsageError(f"{BINARY} is missing: build it, see ONEBUS_BUILD_DIR")


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder with a short name: a Unix socket's path has 107 bytes at most."""
    path = Path(tempfile.mkdtemp(prefix="onebus-", dir="/tmp"))
    yield path
    shutil.rmtree(path, ignore_errors=True)


class StartBridge:
    """`await bridge(channel={"accessToken": "x"}, bridge={…})` starts one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.started: list[Bridge] = []

    def prepare(
        self,
        channel: Mapping[str, Any] | None = None,
        bridge: Mapping[str, Any] | None = None,
        *,
        settings: Mapping[str, Any] | None = None,
        arguments: Sequence[str] = (),
        wrapper: Sequence[str] = (),
        env: Mapping[str, str] | None = None,
    ) -> Bridge:
        """One that is not started yet; `settings` are whole, else defaults."""
        own = {"channels": {"napcatqq": channel or {}}, "bridge": bridge or {}}
        whole = settings or merged(default_settings(self.folder), own)
        made = Bridge(
            dict(whole), self.folder, arguments=arguments, wrapper=wrapper, env=env
        )
        self.started.append(made)
        return made

    async def __call__(self, *args: Any, **options: Any) -> Bridge:
        made = self.prepare(*args, **options)
        await made.start()
        return made


@pytest.fixture
async def bridge(folder: Path) -> AsyncIterator[StartBridge]:
    """Starts bridges; each must end with 0 and say nothing but log lines."""
    start = StartBridge(folder)
    yield start
    for started in start.started:
        await started.stop_cleanly()


class StartBus:
    """`bus(bridge)` is a program on its bus."""

    def __init__(self) -> None:
        self.made: list[Bus] = []

    def __call__(self, bridge: Bridge) -> Bus:
        self.made.append(Bus(bridge))
        return self.made[-1]


@pytest.fixture
async def bus(bridge: StartBridge) -> AsyncIterator[StartBus]:
    start = StartBus()
    yield start
    for made in start.made:
        await made.close()


class StartSim:
    """`await sim(bridge)` is a QQ account that is connected."""

    def __init__(self, stack: contextlib.AsyncExitStack) -> None:
        self._stack = stack

    async def __call__(
        self, bridge: Bridge, account: str | None = None, **options: Any
    ) -> Simulator:
        started = await self.dialing(bridge.url(account), **options)
        await started.connected(WAIT)
        return started

    async def dialing(self, url: str, **options: Any) -> Simulator:
        """One that dials `url`, whether there is a bridge or not."""
        usual = {
            "heart_interval": 0,
            "reconnect_interval": 0.2,
            "handshake_timeout": WAIT,
        }
        started = Simulator(url, **(usual | options))
        return await self._stack.enter_async_context(started)


@pytest.fixture
async def sim(bridge: StartBridge) -> AsyncIterator[StartSim]:
    async with contextlib.AsyncExitStack() as stack:
        yield StartSim(stack)
