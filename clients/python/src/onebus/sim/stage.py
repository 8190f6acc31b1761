"""The simulated accounts as one QQ that people act in.

The console and the scenarios act through a `Stage`: it knows people by name,
finds the account that sees a chat, and keeps what the bots have done until
somebody asks for it.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar

from .adapter import Watch
from .answers import ActionFailed
from .cq import Segment
from .model import Chat, Message, Sent
from .peer import Request, Simulator
from .world import World

KEPT = 10000
"""Of what nobody has asked for, the oldest is forgotten."""

MediaKind = Literal["image", "record", "video", "file"]

T = TypeVar("T")


class StageError(Exception):
    """What was asked for cannot happen; the text says why."""


@dataclass(frozen=True)
class SentBy:
    """A message that a bot's action has sent."""

    bot: int
    sent: Sent
    count: int
    """From 1, over all bots."""


@dataclass(frozen=True)
class Done:
    """An action that a bot has asked for, and what came of it."""

    bot: int
    request: Request
    failure: ActionFailed | None


@dataclass(frozen=True)
class Seat:
    """Who speaks, and where: in a group, or privately with a bot."""

    user_id: int
    group_id: int | None
    bot: int


class Stage:
    """`sims` are the accounts of one QQ, the first one's company."""

    def __init__(self, sims: list[Simulator]) -> None:
        self.sims = sims
        self.watch = Watch()
        """Told of everything that happens."""
        self.sent: deque[SentBy] = deque(maxlen=KEPT)
        """What bots have sent and nobody has taken, oldest first."""
        self.done: deque[Done] = deque(maxlen=KEPT)
        """What bots have done and nobody has taken, oldest first."""
        self.names: dict[int, str] = {}
        """People by account; bots and those made up are not among them."""
        self.sent_count = 0
        """How many messages the bots have sent."""
        self.heard = 0
        """How much has happened so far."""
        self._outcome_listeners: list[Callable[[Done], None]] = []
        self._orders = {sim.self_id: 0 for sim in sims}
        for sim in sims:
            sim.on_outcome(self._on_outcome(sim))
            sim.on_event(lambda _event: self._notify())

    def _notify(self) -> None:
        self.heard += 1
        self.watch.notify()

    # -- who and where -----------------------------------------------------------

    @property
    def bots(self) -> list[int]:
        """Their accounts."""
        return [sim.self_id for sim in self.sims]

    def sim(self, bot: int | None = None) -> Simulator:
        """The simulator of an account; the first one unless told."""
        for sim in self.sims:
            if bot is None or sim.self_id == bot:
                return sim
        allowed = ", ".join(map(str, self.bots))
        raise StageError(f"there is no bot {bot}; there are: {allowed}")

    def world_of(self, group_id: int) -> World:
        """A world in which the group is seen."""
        seeing = self.sims[0].world.commons.in_group(group_id)
        if not seeing:
            raise StageError(
                f"no bot is in group {group_id}, so nobody hears of it: let one join"
            )
        return seeing[0]

    def name_of(self, account: int) -> str:
        """What people call an account; `everybody` for 0."""
        if account == 0:
            return "everybody"
        known = self.names.get(account)
        for sim in () if known else self.sims:
            known = known or sim.world.nickname_of(account)
        return known or str(account)

    def account_of(self, name: str) -> int:
        """The account of a number or a name; `bot` is the first bot."""
        if name.isascii() and name.isdigit():
            return int(name)
        if name == "bot":
            return self.sims[0].self_id
        people = [user for user, known in self.names.items() if known == name]
        bots = [sim.self_id for sim in self.sims if sim.world.nickname == name]
        for account in (*people, *bots, *self._members_called(name)):
            return account
        raise StageError(f"nobody is called {name}; an account's number will do")

    def _members_called(self, name: str) -> list[int]:
        groups = self.sims[0].world.commons.groups.values()
        members = (member for group in groups for member in group.members.values())
        return [who.user_id for who in members if name in (who.nickname, who.card)]

    def open_group(self, group_id: int, name: str = "") -> None:
        """Have a group, with all bots in it, unless there is one already."""
        if group_id not in self.sims[0].world.commons.groups:
            for sim in self.sims:
                sim.world.add_group(group_id, name or f"Group {group_id}")

    def enter(self, group_id: int, user_id: int) -> None:
        """Have somebody in a group without a word, unless they are."""
        world = self.world_of(group_id)
        if user_id not in world.group(group_id).members:
            world.add_member(group_id, user_id, self.nickname(user_id))

    def nickname(self, user_id: int) -> str:
        """What somebody is called where they are new."""
        name = self.name_of(user_id)
        return f"User {user_id}" if name == str(user_id) else name

    # -- what people do ------------------------------------------------------------

    async def say(self, seat: Seat, segments: list[Segment]) -> Message:
        """Somebody speaks."""
        if seat.group_id is not None:
            self.enter(seat.group_id, seat.user_id)
            world = self.world_of(seat.group_id)
            self._check_mute(world, seat.group_id, seat.user_id)
            said = world.say_in_group(seat.group_id, seat.user_id, segments)
        else:
            world = self.sim(seat.bot).world
            if seat.user_id not in world.friends:
                world.add_friend(seat.user_id, self.nickname(seat.user_id))
            said = world.say_privately(seat.user_id, segments)
        await self.flush()
        return said

    def _check_mute(self, world: World, group_id: int, user_id: int) -> None:
        group = world.group(group_id)
        member = group.members[user_id]
        left = member.banned_until - world.time
        if left > 0:
            raise StageError(f"{self.name_of(user_id)} is muted for {left} s")
        if group.whole_ban and member.role == "member":
            raise StageError(f"group {group_id} is muted")

    def media(self, seat: Seat, kind: MediaKind, path: Path) -> Segment:
        """A real file as a segment that the bot can ask the bytes of."""
        world = self.sim(seat.bot).world
        if seat.group_id is not None:
            world = self.world_of(seat.group_id)
        try:
            return world.file_in_message(kind, path.name, path.read_bytes())
        except OSError as error:
            raise StageError(f"cannot read {path}: {error.strerror}") from None

    def chat_of(self, seat: Seat) -> Chat:
        """The chat as the seat's bot sees it."""
        if seat.group_id is not None:
            return Chat("group", seat.group_id)
        return Chat("private", seat.user_id)

    async def poke(self, seat: Seat, target: int) -> None:
        """Somebody pokes somebody."""
        if seat.group_id is not None:
            self.enter(seat.group_id, seat.user_id)
            world = self.world_of(seat.group_id)
        else:
            world = self.sim(seat.bot).world
        world.poke(seat.user_id, target, group_id=seat.group_id)
        await self.flush()

    async def recall(self, said: Message, operator_id: int) -> None:
        """Somebody takes a message back."""
        if said.recalled:
            raise StageError("the message is taken back already")
        self._world_knowing(said).recall(said.message_id, operator_id)
        await self.flush()

    async def react(self, said: Message, user_id: int, emoji: str) -> None:
        """Somebody reacts to a message of a group."""
        self._world_knowing(said).react(said.message_id, user_id, emoji, on=True)
        await self.flush()

    def _world_knowing(self, said: Message) -> World:
        for sim in self.sims:
            if sim.world.message(said.message_id) is said:
                return sim.world
        raise StageError("the message is too old: QQ has forgotten it")

    def drop(self, bot: int) -> None:
        """Break all connections of a bot, without a close frame."""
        sim = self.sim(bot)
        for way in sim.ways:
            if way.current is not None:
                way.current.abort()

    async def flush(self) -> None:
        """Send what has happened."""
        await self.sims[0].flush()

    # -- what the bots do ------------------------------------------------------------

    def on_outcome(self, listener: Callable[[Done], None]) -> None:
        """Have `listener` told of each action that was carried out."""
        self._outcome_listeners.append(listener)

    def _on_outcome(self, sim: Simulator) -> Callable[[Request, Any], None]:
        def outcome(request: Request, result: Any) -> None:
            failure = result if isinstance(result, ActionFailed) else None
            done = Done(sim.self_id, request, failure)
            self.done.append(done)
            self._collect(sim)
            for listener in self._outcome_listeners:
                listener(done)
            self._notify()

        return outcome

    def _collect(self, sim: Simulator) -> None:
        """Note what the action has sent; most send nothing or one message."""
        first, new = self._orders[sim.self_id], list[Sent]()
        for sent in reversed(sim.world.sent):
            if sent.order < first:
                break
            new.append(sent)
        self._orders[sim.self_id] += len(new)
        for sent in reversed(new):
            self.sent_count += 1
            self.sent.append(SentBy(sim.self_id, sent, self.sent_count))

    async def take(
        self, row: deque[T], wanted: Callable[[T], bool], seconds: float
    ) -> T:
        """Take the oldest that is wanted out of `sent` or `done`; waits for it.

        Raises TimeoutError.
        """

        def look() -> T | None:
            for item in row:
                if wanted(item):
                    row.remove(item)
                    return item
            return None

        return await self.watch.until(look, seconds, "match")

    async def connected(self, seconds: float) -> None:
        """Wait until something talks to each bot; TimeoutError says to which
        nothing does."""
        for sim in self.sims:
            await self.connected_one(sim, seconds)

    async def connected_one(self, sim: Simulator, seconds: float) -> None:
        """The same of one bot."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + seconds
        try:
            for link in sim.links:
                await link.connected(deadline - loop.time())
            for listener in sim.listeners:
                await listener.connected(deadline - loop.time())
        except TimeoutError:
            raise TimeoutError(f"bot {sim.self_id}: {_why(sim)}") from None


def _why(sim: Simulator) -> str:
    """Why nothing talks to it."""
    errors = [link.problem for link in sim.links if link.problem]
    waiting = [f"nothing has dialed {listener.url}" for listener in sim.listeners]
    return "; ".join(errors + waiting) or "no connection"
