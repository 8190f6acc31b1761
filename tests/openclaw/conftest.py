"""The plugin, packed once for all tests, and one gateway that most of them share."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from harness.build import BINARY
from xdist.scheduler import LoadScopeScheduling

from claw import node, plugin
from claw.scene import Scene, put_up
from claw.shared import ACCOUNTS, BRIDGE, CHANNEL, SETTINGS, SKILLS

os.environ["ONEBUS_BINARY"] = str(BINARY)


def pytest_sessionstart(session: pytest.Session) -> None:
    if not BINARY.exists():
        raise pytest.UsageError(f"{BINARY} is missing: build it, or set its folder")
    if missing := node.missing():
        names = ", ".join(map(str, missing))
        raise pytest.UsageError(f"{names} missing: ./dev test --openclaw installs them")
    # Those that run tests beside each other find it packed.
    if not hasattr(session.config, "workerinput"):
        plugin.pack()


#: Files whose tests have a gateway of their own: they run beside those that share one.
OWN_GATEWAY = ("test_restart", "test_install", "test_deploy")


class ByGateway(LoadScopeScheduling):
    """A gateway takes long to start: the tests of each run in one process."""

    def _split_scope(self, nodeid: str) -> str:
        file = Path(nodeid.partition("::")[0]).stem
        return file if file in OWN_GATEWAY else "shared"


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByGateway:
    return ByGateway(config, log)


def _folder() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="claw-", dir="/tmp"))
    yield path
    shutil.rmtree(path, ignore_errors=True)


#: A folder of a test's own, with a short name.
folder = pytest.fixture(_folder)
session_folder = pytest.fixture(_folder, scope="session")


@pytest.fixture(scope="session")
async def shared_scene(session_folder: Path) -> AsyncIterator[Scene]:
    async with put_up(
        session_folder,
        CHANNEL,
        settings=SETTINGS,
        accounts=ACCOUNTS,
        bridge=BRIDGE,
        skills=SKILLS,
    ) as scene:
        yield scene


@pytest.fixture
async def scene(shared_scene: Scene) -> AsyncIterator[Scene]:
    """The gateway that tests share, and what belongs to it; `claw.shared` says who
    may do what there. What a test has caused it has to look at."""
    yield shared_scene
    assert shared_scene.left_over() == []
