"""A conversation with the bots: who you are, where, and what was said.

Messages get numbers, so that a line can name one: ``/quote 3 yes``.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from . import cq
from .cq import Segment, text_segment
from .model import Message
from .stage import Seat, Stage

NUMBERED = 5000
"""Messages before have lost their numbers."""


class CommandError(Exception):
    """A line that cannot be followed; the text says what is allowed."""


@dataclass
class Talk:
    """The state of the console; `tell` prints a line of its own."""

    stage: Stage
    seat: Seat
    tell: Callable[[str], None]
    prefix: str = "/"
    """What the lines begin with that are no speech."""
    codes: bool = False
    """Whether speech may have CQ codes in it."""
    verbose: bool = False
    """Whether what bots only read is shown too."""
    ended: bool = False
    mark: int = 0
    """How many messages the bots had sent when you last did something."""
    _numbered: OrderedDict[int, Message] = field(default_factory=OrderedDict)
    _numbers: dict[int, int] = field(default_factory=dict)
    _count: int = 0

    # -- numbers ---------------------------------------------------------------

    def number(self, said: Message) -> int:
        """The number of a message; it gets one when it has none."""
        key = _key(said)
        if key not in self._numbers:
            self._count += 1
            self._numbers[key] = self._count
            self._numbered[self._count] = said
            if len(self._numbered) > NUMBERED:
                _, oldest = self._numbered.popitem(last=False)
                del self._numbers[_key(oldest)]
        return self._numbers[key]

    def number_of(self, said: Message | None) -> int | None:
        """The number of a message, if it has one."""
        return None if said is None else self._numbers.get(_key(said))

    def message(self, number: str) -> Message:
        """The message of that number, as written by the one who types."""
        plain = number.removeprefix("#")
        found = self._numbered.get(int(plain)) if plain.isdecimal() else None
        if found is None:
            raise CommandError(f"{number or 'nothing'} is no number of a message")
        return found

    @property
    def messages(self) -> list[tuple[int, Message]]:
        """Those that have numbers, oldest first."""
        return list(self._numbered.items())

    # -- speaking ----------------------------------------------------------------

    async def say(self, text: str, *before: Segment) -> None:
        """Say `before` and then the text, as who and where you are."""
        segments = [*before, *self.speech(text)]
        if not segments:
            raise CommandError("there is nothing to say")
        await self.stage.say(self.seat, segments)

    def speech(self, text: str) -> list[Segment]:
        """The text as segments."""
        if self.codes:
            return cq.decode(text)
        return [text_segment(text)] if text else []

    def quote(self, said: Message) -> Segment:
        """A quote; each bot gets the id that it knows the message by."""
        world = self.stage.sim(self.seat.bot).world
        if self.seat.group_id is not None:
            world = self.stage.world_of(self.seat.group_id)
        known = said.copies.get(world.self_id)
        if known is None:
            raise CommandError("the message stands in another chat")
        return {"type": "reply", "data": {"id": str(known.message_id)}}

    # -- places ------------------------------------------------------------------

    @property
    def group_id(self) -> int:
        """The group you are in; CommandError in a private chat."""
        if self.seat.group_id is None:
            raise CommandError(f"this is for groups: {self.prefix}group ID goes to one")
        return self.seat.group_id

    def place(self, group_id: int | None) -> str:
        """A chat in a few letters."""
        if group_id is None:
            return "private"
        group = self.stage.sims[0].world.commons.groups.get(group_id)
        return f"{group.name} {group_id}" if group else str(group_id)

    @property
    def prompt(self) -> str:
        """Where you are and who."""
        seat, name = self.seat, self.stage.name_of
        place = self.place(seat.group_id)
        if seat.group_id is None and len(self.stage.sims) > 1:
            place = f"private with {name(seat.bot)}"
        return f"[{place}] {name(seat.user_id)} ({seat.user_id})> "


def _key(said: Message) -> int:
    """All copies of a message are one."""
    return id(said.copies)
