"""The group chat that goes on by itself, as lines of a log."""

from __future__ import annotations

import asyncio
import logging
import random

from .chat import GroupChat
from .model import Event, Message
from .peer import Simulator
from .rendering import Renderer
from .terminal import one_line

log = logging.getLogger("onebus.sim")

_LINE_CHARACTERS = 100


async def play_demo(sims: list[Simulator], *, seed: int, interval: float) -> int:
    """Let the chat go on for ever, but only while somebody listens; with an
    `interval` (seconds) of 0 nothing is said.  All bots are in its groups."""
    sim, *others = sims
    chat = GroupChat(sim.world, random.Random(seed))
    for group in sim.world.groups.values():
        for other in others:
            other.world.add_group(group.group_id, group.name)
    sim.on_event(chat.heard)
    sim.on_event(_Log(sim))
    while interval > 0:
        await asyncio.sleep(interval)
        if any(sim.is_connected for sim in sims):
            chat.step()
            await sim.flush()
    await asyncio.Event().wait()
    return 0


class _Log:
    """Writes events of one account to the log."""

    def __init__(self, sim: Simulator) -> None:
        self._world = sim.world
        self._renderer = Renderer(self._name_of, sim.world.forwards)

    def __call__(self, event: Event) -> None:
        if isinstance(event, Message):
            where = event.group_name or "private"
            text = self._renderer.text(event.segments)
            line = f"[{where}] {event.card or event.nickname}: {text}"
        else:
            line = f"* {self._renderer.notice(event)}"
        log.info("%s", one_line(line, _LINE_CHARACTERS))

    def _name_of(self, account: int) -> str:
        if account == 0:
            return "everybody"
        return self._world.nickname_of(account) or str(account)
