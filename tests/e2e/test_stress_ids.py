"""The bridge is killed at any moment, again and again, while programs ask for
things with an id, and ask again until they are told: nothing is done twice, and
what was told once holds."""

from __future__ import annotations

import asyncio
import itertools
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from onebus.sim import Simulator

from harness.bridge import Bridge
from harness.build import SLOWNESS, WAIT
from harness.factories import StartBridge, StartSim
from harness.net import free_port
from harness.scene import GROUP
from harness.sp import Caller
from harness.stress import dice, size
from harness.wait import Watch

pytestmark = pytest.mark.stress

KILLS = size(8, 50)
IDS = size(60, 200)
PROGRAMS = 8

SETTINGS = {"pacing": {"accountPerSecond": 0, "chatPerSecond": 0}}

#: Nothing was sent, or the bridge says so: ask again.
NOTHING_SENT = {"not_connected", "offline", "busy", "shutting_down"}


class Lives:
    """A bridge, and whichever comes after it."""

    def __init__(self, start: Callable[[], Any]) -> None:
        self.bridge: Bridge
        self._caller: Caller | None = None
        self._start = start
        self._watch = Watch()

    async def begin(self) -> None:
        self.bridge = await self._start()
        self._caller = await Caller.connect(self.bridge.actions)
        self._watch.notify()

    async def end(self) -> None:
        caller, self._caller = self._caller, None
        assert caller is not None
        await self.bridge.kill()
        await caller.ended()
        await caller.close()

    async def ask(self, name: str) -> dict[str, Any]:
        """Until there is a reply that says what became of it."""
        while True:
            caller = await self._watch.until(lambda: self._caller, "bridge", 10 * WAIT)
            params = {"group_id": GROUP, "message": name}
            number = caller.send("send_group_msg", id=name, params=params)
            reply = await caller.reply_or_end(number)
            if reply and reply.get("error") not in NOTHING_SENT:
                return reply
            if reply:
                await asyncio.sleep(0.01)  # as a program would


class Told:
    """What programs were told of each id; the first `ok` is the last word."""

    def __init__(self) -> None:
        self.ok: dict[str, Any] = {}
        self.unknown: set[str] = set()

    def take(self, name: str, reply: dict[str, Any]) -> None:
        assert reply["status"] in ("ok", "unknown"), reply
        if reply["status"] == "unknown":
            assert name not in self.ok, reply
            self.unknown.add(name)
        else:
            assert self.ok.setdefault(name, reply["data"]) == reply["data"]

    @property
    def names(self) -> set[str]:
        return self.unknown | set(self.ok)


def runs(peer: Simulator) -> Counter[str]:
    """How often each was asked of the peer."""
    return Counter(
        request.params["message"]
        for request in peer.requests
        if request.action == "send_group_msg"
    )


async def test_no_id_is_run_twice_whenever_the_bridge_is_killed(
    bridge: StartBridge, sim: StartSim
) -> None:
    chance = dice()
    channel = {"wsPort": free_port(), "heartbeat": {"enabled": False}}
    lives, told = Lives(lambda: bridge(channel, SETTINGS)), Told()
    names = itertools.count()
    await lives.begin()
    peer = await sim(lives.bridge, reconnect_interval=0.01)
    peer.world.add_group(GROUP, "群")
    peer.delay(0, 30)
    is_over = False

    async def program() -> None:
        """New ones, and now and then one of those before."""
        while not is_over:
            before = sorted(told.names)
            is_new = not before or chance.random() < 0.6
            name = str(next(names)) if is_new else chance.choice(before)
            told.take(name, await lives.ask(name))

    programs = [asyncio.create_task(program()) for _ in range(PROGRAMS)]
    kills = 0
    while kills < KILLS or len(told.names) < IDS:
        await asyncio.sleep(chance.uniform(0.0, 0.3) * SLOWNESS)
        await lives.end()
        await lives.begin()
        kills += 1
    is_over = True
    await asyncio.gather(*programs)
    for name in sorted(told.names):
        told.take(name, await lives.ask(name))
    ran = runs(peer)
    assert [name for name, times in ran.items() if times > 1] == []
    assert set(told.ok) <= set(ran)
    print(f"ids={len(told.names)} unknown={len(told.unknown)} kills={kills}")
    assert len(told.ok) > IDS // 2
    await lives.end()
