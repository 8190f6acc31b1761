"""The pytest plugin of onebus: a bot under test, the real bridge, a simulated QQ.

    async def test_bot(qqsim, run_bot):
        await run_bot(bot)
        await qqsim.group(700).say("/ping", by=42)
        assert (await qqsim.next_sent()).text == "pong"

It is a module of its own, and takes in nothing of the package before a fixture is
asked for, so that it costs nothing where onebus is merely installed.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, cast

import pytest

if TYPE_CHECKING or find_spec("pytest_asyncio"):
    from pytest_asyncio import fixture as async_fixture
else:  # Who asks for such a fixture is told by pytest what is missing.
    from pytest import fixture as async_fixture

if TYPE_CHECKING:
    from onebus import Bus
    from onebus.testing import BridgeProcess, Runnable, Scene, SimulatedQQ

RunBot = Callable[["Runnable"], Awaitable[None]]
SimulateQQ = Callable[..., Awaitable["SimulatedQQ"]]


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line(
        "markers",
        "onebus(settings=None, **simulator): settings of the bridge, laid over those"
        " of the fixture onebus_settings, and options of qqsim, such as self_id",
    )


def _marks(request: pytest.FixtureRequest) -> list[pytest.Mark]:
    """Those of the test, the nearest first."""
    # By name, for only from 9.2 on does pytest say of what type it is.
    node = cast(pytest.Item | pytest.Collector, getattr(request, "node"))
    return list(node.iter_markers("onebus"))


def _settings(request: pytest.FixtureRequest, base: Mapping[str, Any]) -> dict[str, Any]:
    """`base`, and over it what the marks say, those nearest to the test last."""
    from onebus.testing.bridge import merged

    settings = dict(base)
    for mark in reversed(_marks(request)):
        settings = merged(settings, mark.kwargs.get("settings") or {})
    return settings


def _options(request: pytest.FixtureRequest) -> dict[str, Any]:
    """What the marks say of the simulated QQ."""
    options: dict[str, Any] = {}
    for mark in _marks(request):
        options = {**mark.kwargs, **options}
    options.pop("settings", None)
    return options


@pytest.fixture
def onebus_settings() -> Mapping[str, Any]:
    """Settings of the bridge that all tests have; override this fixture."""
    return {}


@pytest.fixture
def onebus_bridge(
    request: pytest.FixtureRequest,
    onebus_settings: Mapping[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[BridgeProcess]:
    """The real bridge, running, in a folder of its own.

    `onebus.connect()` finds it, and no other, as long as the test lasts.
    """
    from onebus.testing import BridgeProcess

    with BridgeProcess(_settings(request, onebus_settings)) as bridge:
        for name in ("ONEBUS_TOKEN", "ONEBUS_TOKEN_FILE", "ONEBUS_ACCOUNT"):
            monkeypatch.delenv(name, raising=False)
        for name, value in bridge.environment.items():
            monkeypatch.setenv(name, value)
        yield bridge


@async_fixture
async def bus(onebus_bridge: BridgeProcess) -> AsyncIterator[Bus]:
    """A bus that is connected to the bridge."""
    async with onebus_bridge.connect() as opened:
        yield opened


@async_fixture
async def onebus_scene(onebus_bridge: BridgeProcess, bus: Bus) -> AsyncIterator[Scene]:
    """All of a test: the bridge, the QQs behind it, the bots in front of it."""
    from onebus.testing import Scene

    async with Scene(onebus_bridge, bus) as scene:
        yield scene


@pytest.fixture
def qqsims(onebus_scene: Scene) -> SimulateQQ:
    """`await qqsims("bot2", self_id=10002)` is one more simulated QQ, for the
    account of that name."""
    return onebus_scene.qq


@async_fixture
async def qqsim(request: pytest.FixtureRequest, onebus_scene: Scene) -> SimulatedQQ:
    """A simulated QQ that is connected to the bridge."""
    return await onebus_scene.qq(**_options(request))


@pytest.fixture
def run_bot(onebus_scene: Scene) -> RunBot:
    """`await run_bot(bot)` runs a bot until the test is over.

    It listens when that returns, so nothing that is said afterwards is missed. A
    function that has a loop over `bus.events(…)` will do as well; it gets the bus.
    """
    return onebus_scene.run
