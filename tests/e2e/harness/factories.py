"""What the fixtures `bridge`, `bus` and `sim` hand out."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from onebus.sim import Simulator
from onebus.testing.bridge import merged

from harness.bridge import Bridge, default_settings
from harness.build import WAIT
from harness.bus import Bus
from harness.introduced import Introduced
from harness.secrets import SECRETS


#: Whatever the settings of a test are: its bridges run beside each other.
_ANY_PORT = {"bridge": {"http": "127.0.0.1:0"}}


class StartBridge:
    """`await bridge({"accessToken": "x"}, {"call": {…}})` starts one.

    The first dict goes to `channels.napcatqq`, the second to `bridge`, both
    over defaults that suit a test. `settings` are whole instead.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._made: list[Bridge] = []

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
        """One that is not started yet."""
        own = {"channels": {"napcatqq": channel or {}}, "bridge": bridge or {}}
        whole = merged(_ANY_PORT, settings or merged(default_settings(self.folder), own))
        made = Bridge(
            dict(whole), self.folder, arguments=arguments, wrapper=wrapper, env=env
        )
        self._made.append(made)
        return made

    async def __call__(
        self,
        channel: Mapping[str, Any] | None = None,
        bridge: Mapping[str, Any] | None = None,
        **options: Any,
    ) -> Bridge:
        """One that is ready."""
        made = self.prepare(channel, bridge, **options)
        await made.start()
        return made

    async def finish(self) -> None:
        """End all of them and see that each has run well."""
        for made in self._made:
            if made.is_launched:
                await made.stop_cleanly()


class StartBus:
    """`bus(bridge)` is a program on its bus."""

    def __init__(self) -> None:
        self._made: list[Bus] = []

    def __call__(self, bridge: Bridge) -> Bus:
        self._made.append(Bus(bridge))
        return self._made[-1]

    async def finish(self) -> None:
        for made in self._made:
            await made.close()


class StartSim:
    """`await sim(bridge)` is a QQ account that is connected."""

    def __init__(self) -> None:
        self._stack = contextlib.AsyncExitStack()

    async def __call__(
        self, bridge: Bridge, account: str | None = None, **options: Any
    ) -> Simulator:
        started = await self.dialing(bridge.url(account), **options)
        await started.connected(WAIT)
        return started

    async def dialing(self, url: str, **options: Any) -> Simulator:
        """One that dials `url`, whether there is a bridge or not."""
        usual: dict[str, Any] = {
            "heart_interval": 0,
            "reconnect_interval": 0.2,
            "handshake_timeout": WAIT,
        }
        SECRETS.note(options.get("token"))
        return await self._stack.enter_async_context(Introduced(url, **usual | options))

    async def finish(self) -> None:
        await self._stack.aclose()
