"""What several accounts have in common: groups, and who hears of what.

Each account sees QQ through a `World` of its own, with message ids, friends and
a disk of its own, as each runs a NapCat of its own.  Their worlds meet here: a
group is one object in all of them, counted by one row of numbers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .model import Chat, Event, Group, Message

if TYPE_CHECKING:
    from .world import World


@dataclass
class Commons:
    """Owned by the worlds that share it."""

    first_seq: int = 0
    """The numbers of messages in each chat count up from behind this."""
    groups: dict[int, Group] = field(default_factory=dict)
    """All there are, those included that no bot is in any more."""
    forwards: dict[str, list[Message]] = field(default_factory=dict)
    """What is in merged forwards, by their ids."""
    worlds: dict[int, World] = field(default_factory=dict)
    """Those that share, by account, in the order they came."""
    listeners: list[Callable[[Event], None]] = field(default_factory=list)
    """Each is told once of all that happens, however many accounts see it."""
    _last_seq: dict[Chat, int] = field(default_factory=lambda: defaultdict(int))

    def next_seq(self, chat: Chat) -> int:
        """The number of the next message there."""
        self._last_seq[chat] += 1
        return self.first_seq + self._last_seq[chat]

    def tell(self, event: Event) -> None:
        """Something has happened."""
        for listener in self.listeners:
            listener(event)

    def in_group(self, group_id: int) -> list[World]:
        """The worlds of the accounts that are in the group."""
        return [world for world in self.worlds.values() if group_id in world.groups]

    def nickname_of(self, account: int) -> str | None:
        """The name of an account that is a bot."""
        world = self.worlds.get(account)
        return None if world is None else world.nickname
