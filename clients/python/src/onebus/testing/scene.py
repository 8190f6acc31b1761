"""The scene of a test: a bridge, the QQs behind it, and the bots in front of it."""

from __future__ import annotations

import contextlib
from contextlib import AsyncExitStack
from types import TracebackType
from typing import TYPE_CHECKING, Any

import anyio
from typing_extensions import Self

from ..position import Position
from . import report
from .bots import Bots, Runnable
from .qq import NothingHappened, SimulatedQQ

if TYPE_CHECKING:
    from ..bus import Bus
    from .bridge import BridgeProcess

#: A QQ is back this soon after a break, in seconds.
RECONNECT_SECONDS = 0.05
CONNECT_SECONDS = 10.0


class Scene:
    """Simulated QQs and bots, on a bridge and a bus that are there already.

        with BridgeProcess() as bridge:
            async with bridge.connect() as bus, Scene(bridge, bus) as scene:
                await scene.run(bot)
                qq = await scene.qq()
                await qq.group(700).say("/ping", by=42)
                assert (await qq.next_sent()).text == "pong"
    """

    def __init__(self, bridge: BridgeProcess, bus: Bus) -> None:
        self.bridge = bridge
        self.bus = bus
        self.bots = Bots(bus)
        self.qqs: list[SimulatedQQ] = []
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        # What was entered last is left first, and the QQs stay to the end, so that
        # a bot may still finish what it does.
        async with self._stack:
            await self.bots.__aexit__(kind, error, traceback)

    async def qq(
        self, account: str = "default", *, timeout: float = CONNECT_SECONDS, **options: Any
    ) -> SimulatedQQ:
        """One more simulated QQ, connected, for the account of that name.

        `options` are those of `Simulator`, such as `self_id`. NothingHappened, with
        what the bridge says to it, if it is refused, or does not connect within
        `timeout` seconds.
        """
        given = {
            "token": self.bridge.token(account),
            "reconnect_interval": RECONNECT_SECONDS,
            **options,
        }
        qq = SimulatedQQ(self.bridge.url(account), scene=self, **given)
        await self._stack.enter_async_context(qq)
        self.qqs.append(qq)
        with contextlib.suppress(TimeoutError):
            await qq.link.decided(timeout)
        if not qq.is_connected:
            why = f"QQ {qq.self_id} does not connect: {qq.link.problem}"
            raise NothingHappened(f"{why}\n{await self.report()}")
        return qq

    async def run(self, bot: Runnable) -> None:
        """Run a bot until the scene is over; it listens when this returns."""
        await self.bots.run(bot)

    async def idle(self, timeout: float) -> None:
        """Wait until the bots are through with all that has happened.

        TimeoutError if they are not after `timeout` seconds.
        """
        with anyio.fail_after(timeout):
            done = None
            # What a bot does makes news in turn, until there are none.
            while (now := await self._published()) != done:
                await self.bots.through(now)
                done = now

    async def _published(self) -> Position:
        """Where the last event stands, all that QQ has told so far being out."""
        for qq in self.qqs:
            await qq.heard()
        told = await self.bus.bridge.ping()
        return Position(told["epoch"], told["seq"])

    async def report(self) -> str:
        """What happened, for a failure to tell."""
        bots = f"{self.bots.count or 'none'}, run by run_bot"
        lines = self.bridge.log.lines[-report.LINES_SHOWN :]
        return "\n".join(
            [
                report.section("bots", [bots]),
                await self._events(),
                *map(report.of_qq, self.qqs),
                report.section("the end of the bridge's log", lines),
            ]
        )

    async def _events(self) -> str:
        if self.bridge.is_running:
            return await report.of_bus(self.bus)
        return report.section("events on the bus", ["the bridge does not run"])
