"""The plugin, packed once for all tests, and one gateway that most of them share."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from harness.build import BINARY

from claw import node, plugin
from claw.scene import Scene, put_up
from claw.shared import ACCOUNTS, BRIDGE, CHANNEL, SETTINGS

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


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A gateway takes long to start: all that use the shared one run in one process,
    and those of a file that has one of its own in another."""
    for item in items:
        is_shared = "scene" in getattr(item, "fixturenames", ())
        group = "shared" if is_shared else item.path.stem
        item.add_marker(pytest.mark.xdist_group(group))


def _folder() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="claw-", dir="/tmp"))
    yield path
    shutil.rmtree(path, ignore_errors=True)


#: A folder of a test's own, with a short name.
folder = pytest.fixture(_folder)
session_folder = pytest.fixture(_folder, scope="session")


@pytest.fixture(scope="session")
async def scene(session_folder: Path) -> AsyncIterator[Scene]:
    """The gateway that tests share, and what belongs to it; `claw.shared` says who
    may do what there."""
    async with put_up(
        session_folder, CHANNEL, settings=SETTINGS, accounts=ACCOUNTS, bridge=BRIDGE
    ) as scene:
        yield scene
