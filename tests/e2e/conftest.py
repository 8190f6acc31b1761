"""The fixtures: factories of bridges, programs on the bus, and simulated QQs."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from harness.browser import Browser, Page
from harness import nats as real_nats
from harness.certificates import Certificates
from harness.build import BINARY, SANITIZERS
from harness.factories import StartBridge, StartBus, StartSim
from harness.scene import StartScene
from harness.secrets import SECRETS

if SANITIZERS:
    # Valgrind cannot run a sanitized build, which checks the same and more; nor
    # does one bear the library that sets a clock.
    collect_ignore = ["test_valgrind.py", "test_clock_jumps.py"]
    # What looks at a page, or at what is written of the commands, finds nothing
    # more here, and takes its time.
    collect_ignore += ["test_guide_commands.py", "test_cli_manual.py"]
    collect_ignore_glob = ["test_console*.py", "test_cli_completion.py"]


def pytest_sessionstart() -> None:
    if not BINARY.exists():
        raise pytest.UsageError(f"{BINARY} is missing: build it, or set its folder")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What is long begins first, or it would go on alone when all else is done."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


@pytest.fixture(autouse=True)
def no_secret_is_told() -> Iterator[None]:
    """No process of ours prints a token that the test uses, at any level."""
    SECRETS.forget()
    yield
    assert SECRETS.told() == []


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder with a short name: a Unix socket's path has 107 bytes at most."""
    path = Path(tempfile.mkdtemp(prefix="onebus-", dir="/tmp"))
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return Certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
async def bridge(folder: Path) -> AsyncIterator[StartBridge]:
    """Starts bridges; each must end with 0 and say nothing but log lines."""
    start = StartBridge(folder)
    yield start
    await start.finish()


@pytest.fixture
async def other(bridge: StartBridge) -> AsyncIterator[StartBridge]:
    """Starts bridges that have a folder, and so a journal, of their own."""
    folder = Path(tempfile.mkdtemp(prefix="onebus-", dir="/tmp"))
    start = StartBridge(folder)
    yield start
    await start.finish()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
async def bus(bridge: StartBridge) -> AsyncIterator[StartBus]:
    start = StartBus()
    yield start
    await start.finish()


@pytest.fixture
async def sim(bridge: StartBridge) -> AsyncIterator[StartSim]:
    start = StartSim()
    yield start
    await start.finish()


@pytest.fixture
def scene(bridge: StartBridge, bus: StartBus, sim: StartSim) -> StartScene:
    """Puts up a bridge, a peer and a program, with faults, in one line."""
    return StartScene(bridge, bus, sim)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    started = Browser()
    yield started
    started.quit()


@pytest.fixture
async def page(browser: Browser) -> AsyncIterator[Page]:
    """A page of the console; nothing in it may go wrong, nor try what its policy
    forbids."""
    opened = Page(browser)
    yield opened
    assert await opened.faults() == []


@pytest.fixture(scope="session")
def nats_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[real_nats.Server]:
    """One that all tests share; nobody may stop it."""
    with real_nats.server(tmp_path_factory.mktemp("nats")) as server:
        yield server


@pytest.fixture
async def nats(nats_server: real_nats.Server) -> AsyncIterator[real_nats.Place]:
    """A stream and subjects of one's own on the shared server."""
    async with real_nats.place([nats_server]) as place:
        yield place


@pytest.fixture
async def own_nats(tmp_path: Path) -> AsyncIterator[real_nats.Place]:
    """The same on a server that the test may stop, hang and kill."""
    with real_nats.server(tmp_path) as server:
        async with real_nats.place([server]) as place:
            yield place


@pytest.fixture(scope="module")
def nats_cluster(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[real_nats.Cluster]:
    """Three servers, as all tests of a module use them."""
    with real_nats.cluster(tmp_path_factory.mktemp("cluster")) as cluster:
        yield cluster


@pytest.fixture
async def replicated_nats(
    nats_cluster: real_nats.Cluster,
) -> AsyncIterator[real_nats.Place]:
    """A stream of three replicas on the cluster."""
    async with real_nats.place(nats_cluster.servers, replicas=3) as place:
        yield place
