"""The pytest plugin of onebus: a bot under test, the real bridge, a simulated QQ.

    async def test_bot(qqsim, bus):
        await qqsim.group(700).say("/ping", by=42)
        assert (await qqsim.next_sent()).text == "pong"

It is a module of its own, and takes in nothing of the package before a fixture is
asked for, so that it costs nothing where onebus is merely installed.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import AsyncExitStack
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING or find_spec("pytest_asyncio"):
    from pytest_asyncio import fixture as async_fixture
else:  # Who asks for such a fixture is told by pytest what is missing.
    from pytest import fixture as async_fixture

if TYPE_CHECKING:
    from onebus import Bot, Bus
    from onebus.testing import BridgeProcess
    from onebus.testing.qq import SimulatedQQ

LINES_SHOWN = 15

RunBot = Callable[["Bot"], Awaitable[None]]
SimulateQQ = Callable[..., Awaitable["SimulatedQQ"]]


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line(
        "markers",
        "onebus(settings=None, **simulator): settings of the bridge, laid over those"
        " of the test, and options of the simulated QQ, such as self_id",
    )


def _marked(request: pytest.FixtureRequest) -> dict[str, Any]:
    """What the `onebus` marks of a test say, the nearest one's words counting."""
    said: dict[str, Any] = {}
    for mark in request.node.iter_markers("onebus"):
        said = {**mark.kwargs, **said}
    return said


@pytest.fixture
def onebus_settings() -> Mapping[str, Any]:
    """Settings of the bridge that all tests have; override this fixture."""
    return {}


@pytest.fixture
def onebus_bridge(
    request: pytest.FixtureRequest, onebus_settings: Mapping[str, Any]
) -> Iterator[BridgeProcess]:
    """The real bridge, running, in a folder of its own."""
    from onebus.testing.bridge import BridgeProcess, merged

    settings = merged(onebus_settings, _marked(request).get("settings") or {})
    with BridgeProcess(settings) as bridge:
        yield bridge


@async_fixture
async def qqsims(onebus_bridge: BridgeProcess) -> AsyncIterator[SimulateQQ]:
    """`await qqsims("bot2", self_id=10002)` is one more simulated QQ, for the
    account of that name."""
    from onebus.testing.qq import SimulatedQQ

    def told() -> str:
        lines = onebus_bridge.log.lines[-LINES_SHOWN:]
        return "\n".join(["the bridge's log:", *(f"    {line}" for line in lines)])

    async with AsyncExitStack() as running:

        async def simulate(account: str = "default", **options: Any) -> SimulatedQQ:
            qq = SimulatedQQ(
                onebus_bridge.url(account),
                token=onebus_bridge.token(account),
                told=told,
                **{"reconnect_interval": 0.05, **options},
            )
            await running.enter_async_context(qq)
            await qq.connected()
            return qq

        yield simulate


@async_fixture
async def qqsim(request: pytest.FixtureRequest, qqsims: SimulateQQ) -> SimulatedQQ:
    """A simulated QQ that is connected to the bridge."""
    options = {k: v for k, v in _marked(request).items() if k != "settings"}
    return await qqsims(**options)


@async_fixture
async def bus(onebus_bridge: BridgeProcess) -> AsyncIterator[Bus]:
    """A bus that is connected to the bridge."""
    import onebus

    async with onebus.connect(onebus_bridge.events, onebus_bridge.actions) as opened:
        yield opened


@async_fixture
async def run_bot(bus: Bus) -> AsyncIterator[RunBot]:
    """`await run_bot(bot)` runs a bot until the test is over.

    It listens when that returns, so nothing that is said afterwards is missed.
    """
    async with AsyncExitStack() as running:

        async def run(bot: Bot) -> None:
            await running.enter_async_context(bot.running(bus))

        yield run
