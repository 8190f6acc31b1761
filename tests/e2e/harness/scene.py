"""A whole scene in a line: a bridge, a QQ account behind it, a program on its
bus, and what answers meet on their way.

    s = await scene(("send_*", Lost()), bridge={"call": {"timeout": 300}})
    reply = await s.say("hello")
    assert (reply["error"], s.texts) == ("timeout", ["hello"])
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from onebus.sim import Sent, Simulator, World
from onebus.sim.faults import Fault

from harness.bridge import Bridge
from harness.bus import Bus
from harness.factories import StartBridge, StartBus, StartSim

GROUP = 20002
"""The bot is an administrator here."""

FRIEND = 30001
"""Somebody the bot may write to."""


@dataclass(frozen=True)
class Scene:
    """What `StartScene` has put up."""

    bridge: Bridge
    peer: Simulator
    program: Bus

    @property
    def world(self) -> World:
        """The simulated QQ."""
        return self.peer.world

    @property
    def sent(self) -> list[Sent]:
        """What got through to QQ, oldest first."""
        return self.world.sent

    @property
    def texts(self) -> list[str]:
        """The texts of what got through."""
        return [sent.text for sent in self.sent]

    async def call(self, action: str, /, **fields: Any) -> dict[str, Any]:
        """Call an action; `params`, `timeout`, `id` … are fields of the
        request. Gives the reply."""
        return await self.program.call(action, **fields)

    async def say(
        self, message: Any, *, group_id: int = GROUP, **fields: Any
    ) -> dict[str, Any]:
        """Send a message to the group; gives the reply."""
        params = {"group_id": group_id, "message": message}
        return await self.call("send_group_msg", params=params, **fields)

    def calling(self, action: str, /, **fields: Any) -> asyncio.Task[dict[str, Any]]:
        """A call that goes on while the test does something else."""
        return asyncio.create_task(self.call(action, **fields))

    async def happen(self) -> None:
        """Tell what was done to `world` since the last time."""
        await self.peer.flush()


class StartScene:
    """`await scene(("send_*", Lost()), …)` puts one up.

    Each fault is a name or glob with what its answers meet; a number behind
    them says for how many requests. `channel` and `bridge` go to the bridge's
    settings, all other options to the simulator.
    """

    def __init__(self, bridge: StartBridge, bus: StartBus, sim: StartSim) -> None:
        self._bridge, self._bus, self._sim = bridge, bus, sim

    async def __call__(
        self,
        *faults: tuple[str, Fault] | tuple[str, Fault, int],
        channel: Mapping[str, Any] | None = None,
        bridge: Mapping[str, Any] | None = None,
        **options: Any,
    ) -> Scene:
        started = await self._bridge(channel, bridge)
        peer = await self._sim(started, **options)
        peer.world.add_group(GROUP, "群")
        peer.world.add_friend(FRIEND, "小林")
        for action, fault, *times in faults:
            peer.fault(action, fault, times=times[0] if times else None)
        return Scene(started, peer, self._bus(started))
