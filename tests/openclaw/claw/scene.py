"""A whole scene: a bridge, the QQ accounts behind it, a gateway on its bus, and the
model that it asks.

    async with put_up(folder, channel={"allowFrom": [30001]}) as s:
        s.model.on("hello", "hi there")
        await s.qq.friend(30001).say("hello")
        assert (await s.answer()).text == "hi there"
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx
from harness.net import free_port
from harness.wait import until
from onebus.sim.model import Chat
from onebus.testing.bridge import BridgeProcess, merged
from onebus.testing.qq import SimulatedQQ
from onebus.testing.sent import SentMessage

from claw.gateway import START_SECONDS, Gateway
from claw.model import ASKED_SECONDS, Model

#: The bus token of the plugin, which nothing may tell.
BUS_TOKEN: Final = "a-token-of-the-plugin"

#: The QQ number of the first account; the next ones count up.
BOT: Final = 10001

_SUBSCRIBERS = "\nonebus_bus_subscribers "


@dataclass
class Scene:
    bridge: BridgeProcess
    gateway: Gateway
    model: Model
    accounts: dict[str, SimulatedQQ] = field(default_factory=dict)
    """The QQ accounts, by their names in the settings."""

    @property
    def qq(self) -> SimulatedQQ:
        """The first account."""
        return next(iter(self.accounts.values()))

    async def answer(
        self, chat: Chat | None = None, *, account: str | None = None
    ) -> SentMessage:
        """The next message of the bot, to `chat` or to any; each is given once."""
        qq = self.accounts[account] if account else self.qq
        return await qq.next_sent(ASKED_SECONDS, chat=chat)

    def left_over(self) -> list[str]:
        """What no test has asked for: messages of the bot that none has looked at,
        and questions to the model that none has scripted. Told once."""
        told = [f"asked the model: {asked.asked!r}" for asked in self.model.unscripted]
        self.model.unscripted.clear()
        for name, qq in self.accounts.items():
            while (sent := qq._untaken(None)) is not None:
                qq._taken.add(sent.order)
                told.append(f"{name} said in {sent.chat}: {sent.text!r}")
        return told

    async def listening(self) -> None:
        """Wait until each account of the plugin hears what the bridge publishes."""
        url = f"http://{self.bridge.settings['bridge']['http']}/metrics"

        def look() -> bool:
            text = httpx.get(url, trust_env=False).text
            there = int(text.partition(_SUBSCRIBERS)[2].partition("\n")[0])
            return there >= len(self.accounts)

        await until(look, "subscriber of each account", START_SECONDS)

    async def start_gateway(self) -> None:
        """Start it and wait until it hears what is said."""
        await self.gateway.start()
        await self.listening()


def bridge_settings(accounts: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Of a bridge that leaves the gate to the plugin."""
    return {
        "channels": {"napcatqq": {"accounts": accounts}} if accounts else {},
        "bridge": {
            "access": "mark",
            "events": [f"tcp://127.0.0.1:{free_port()}"],
            "actions": [f"tcp://127.0.0.1:{free_port()}"],
            "http": f"127.0.0.1:{free_port()}",
            "grants": [{"name": "openclaw", "token": BUS_TOKEN}],
        },
    }


@contextlib.asynccontextmanager
async def put_up(
    folder: Path,
    channel: Mapping[str, Any],
    *,
    settings: Mapping[str, Any] | None = None,
    accounts: tuple[str, ...] = (),
    qq: Mapping[str, Any] | None = None,
    bridge: Mapping[str, Any] | None = None,
    skills: Mapping[str, str] | None = None,
) -> AsyncIterator[Scene]:
    """`channel` are the plugin's settings, `settings` others of the gateway; the
    accounts are those of the bridge, `default` if none is named. `qq` goes to the
    simulator, `skills` are of the agent's workspace."""
    own = bridge_settings({name: _account(name) for name in accounts})
    async with contextlib.AsyncExitStack() as stack:
        model = await stack.enter_async_context(Model())
        started = stack.enter_context(BridgeProcess(merged(own, bridge or {})))
        where = {
            "enabled": True,
            "eventsUrl": started.events,
            "actionsUrl": started.actions,
            "busToken": BUS_TOKEN,
        }
        whole = {"channels": {"napcatqq": where | channel}}
        gateway = Gateway(folder, model.url, merged(settings or {}, whole))
        stack.push_async_callback(gateway.close)
        scene = Scene(started, gateway, model)
        for number, name in enumerate(accounts or ("default",)):
            # All are in one QQ.
            beside = {"beside": scene.qq} if number else {}
            made = _account_of(started, name, BOT + number, {**beside, **(qq or {})})
            scene.accounts[name] = await stack.enter_async_context(made)
        for one in scene.accounts.values():
            await one.connected()
        for name, what in (skills or {}).items():
            gateway.add_skill(name, what)
        await scene.start_gateway()
        yield scene
        if gateway.is_running:
            assert await gateway.stop() == 0, gateway.log
        assert BUS_TOKEN not in gateway.told
        assert scene.left_over() == []


def _account(name: str) -> dict[str, Any]:
    return {"wsPort": 0, "wsPath": f"/onebot/{name}/ws"}


def _account_of(
    bridge: BridgeProcess, name: str, self_id: int, options: Mapping[str, Any]
) -> SimulatedQQ:
    usual: dict[str, Any] = {
        "token": bridge.token(name),
        "self_id": self_id,
        "heart_interval": 0,
        "reconnect_interval": 0.2,
        "handshake_timeout": 20.0,
    }
    return SimulatedQQ(bridge.url(name), **usual | options)
