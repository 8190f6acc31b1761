"""A simulated QQ with handles for what tests do: people say things, a bot answers.

    await qq.group(700).say("/ping", by=42)
    assert (await qq.next_sent()).text == "pong"
"""

from __future__ import annotations

import fnmatch
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar, cast

from ..message import Message, MessageLike
from ..segments import At, Reply
from ..sim import Request, Simulator
from ..sim.disk import Content
from ..sim.model import Message as Said
from ..sim.model import Sent

#: How long the bot may take, in seconds.
TIMEOUT = 5.0
#: How long nothing must happen for it to count as nothing, in seconds.
QUIET = 0.3

T = TypeVar("T")

_MEDIA = ("image", "record", "video", "file")


class NothingHappened(AssertionError):
    """What was waited for did not come; says what did."""


@dataclass(frozen=True)
class SentMessage:
    """What the bot has sent, as QQ shows it."""

    #: Where it went: one of the two is None.
    group_id: int | None
    user_id: int | None
    message: Message
    #: The files in it: bytes, or the address that QQ is to load them from.
    media: tuple[bytes | str, ...]
    message_id: int
    #: As the simulator keeps it, the nodes of a forward included.
    raw: Sent

    @property
    def text(self) -> str:
        """The text in it, without the rest."""
        return self.message.text

    @property
    def quotes(self) -> int | None:
        """The message_id of what it quotes."""
        quoted = self.message.first(Reply)
        return None if quoted is None or quoted.id is None else int(quoted.id)

    @property
    def mentions(self) -> tuple[int, ...]:
        """Whom it mentions, everybody (`at` all) aside."""
        return tuple(at.qq for at in self.message.all(At) if isinstance(at.qq, int))


class SimulatedQQ(Simulator):
    """The account of a bot under test, and everybody who talks to it.

    `told` adds to what failures say: the log of the bridge, for one.
    """

    def __init__(
        self,
        url: str,
        *,
        told: Callable[[], str] = str,
        **options: Any,
    ) -> None:
        super().__init__(url, **options)
        self._told = told
        self._taken = 0

    def group(self, group_id: int) -> GroupHandle:
        """A group with the bot in it; it is made up when it does not exist."""
        self.world.group(group_id)
        return GroupHandle(self, group_id)

    def friend(self, user_id: int) -> FriendHandle:
        """A friend of the bot; somebody is made up when there is no such one."""
        if user_id not in self.world.friends:
            name = self.world.nickname_of(user_id) or f"User {user_id}"
            self.world.add_friend(user_id, name)
        return FriendHandle(self, user_id)

    # ---- what the bot does -------------------------------------------------

    @property
    def sent(self) -> list[SentMessage]:
        """All that the bot has sent, oldest first, whether taken or not."""
        return [_sent(one) for one in self.world.sent]

    async def next_sent(self, timeout: float = TIMEOUT) -> SentMessage:
        """The next message of the bot; each is given once.

        NothingHappened, an AssertionError, if none comes in `timeout` seconds.
        """
        found = await self._wait(self._next_untaken, timeout, "the bot sent nothing")
        self._taken = found.order + 1
        return _sent(found)

    async def next_action(self, name: str, timeout: float = TIMEOUT) -> Request:
        """The next request of an action; `name` may be a glob. Each is given once."""

        def look() -> Request | None:
            for request in list(self._unseen):
                if fnmatch.fnmatchcase(str(request.action), name):
                    self._unseen.remove(request)
                    return request
            return None

        return await self._wait(look, timeout, f"no {name} was called")

    async def nothing_sent(self, within: float = QUIET) -> None:
        """Fail if the bot sends something within `within` seconds.

        That takes so long each time. Where the bot answers in order it is quicker
        to say something that it does answer, and to see that answer come first.
        """
        try:
            found = await self._watch.until(self._next_untaken, within, "message")
        except TimeoutError:
            return
        raise AssertionError(f"the bot sent {_sent(found).message!r}")

    def _next_untaken(self) -> Sent | None:
        sent = (one for one in self.world.sent if one.order >= self._taken)
        return next(sent, None)

    async def _wait(
        self, look: Callable[[], T | None], timeout: float, what: str
    ) -> T:
        try:
            return await self._watch.until(look, timeout, what)
        except TimeoutError:
            raise NothingHappened(self._why(f"{what} within {timeout:g} s")) from None

    def _why(self, what: str) -> str:
        called = [str(request.action) for request in self.requests[-10:]]
        lines = [
            what,
            f"it is connected: {self.is_connected}",
            f"actions it called: {', '.join(called) or 'none'}",
        ]
        return "\n".join([*lines, self._told()]).rstrip()

    # ---- what people do ----------------------------------------------------

    def segments(self, message: MessageLike) -> list[dict[str, Any]]:
        """`message` as the simulator has it, its files on NapCat's disk."""
        return [self._segment(wire) for wire in Message(message).to_wire()]

    def _segment(self, wire: dict[str, Any]) -> dict[str, Any]:
        content = wire["data"].get("file")
        if wire["type"] not in _MEDIA or isinstance(content, str) or content is None:
            return wire
        name = wire["data"].get("name") or "file"
        if isinstance(content, os.PathLike):
            path = Path(cast("os.PathLike[str]", content))
            name, content = path.name, path.read_bytes()
        return self.world.file_in_message(wire["type"], name, bytes(content))


@dataclass(frozen=True)
class GroupHandle:
    """A group, and what is done there. Members are made up when they do not exist."""

    qq: SimulatedQQ
    id: int

    async def say(
        self,
        message: MessageLike,
        *,
        by: int,
        at_bot: bool = False,
        quote: Said | SentMessage | int | None = None,
    ) -> Said:
        """Somebody speaks; with `at_bot` they mention the bot first."""
        said = Message(message)
        if at_bot:
            said = At(self.qq.self_id) + " " + said
        if quote is not None:
            said = Reply(quote if isinstance(quote, int) else quote.message_id) + said
        return await self.qq.group_message(self.id, by, self.qq.segments(said))

    async def whisper(self, message: MessageLike, *, by: int) -> Said:
        """A member who is no friend writes to the bot alone: a temporary chat."""
        return await self.qq.private_message(
            by, self.qq.segments(message), from_group=self.id
        )

    async def join(self, user: int) -> None:
        """Somebody joins."""
        self.qq.world.join(self.id, user)
        await self.qq.flush()

    async def leave(self, user: int) -> None:
        """Somebody leaves."""
        self.qq.world.leave(self.id, user)
        await self.qq.flush()

    async def poke(self, *, by: int, whom: int | None = None) -> None:
        """Somebody pokes the bot, or `whom`."""
        self.qq.world.member(self.id, by)
        self.qq.world.poke(by, whom or self.qq.self_id, group_id=self.id)
        await self.qq.flush()

    async def recall(self, said: Said, *, by: int | None = None) -> None:
        """A message is taken back, by its author or by an administrator."""
        self.qq.world.recall(said.message_id, by or said.sender_id)
        await self.qq.flush()

    async def ask_to_join(self, user: int, comment: str = "") -> str:
        """Somebody wants in; gives the flag of the request."""
        return await self.qq.group_request(self.id, user, comment)

    async def mute_bot(self, seconds: int = 600) -> None:
        """The bot may not speak."""
        self.qq.world.mute(self.id, seconds)
        await self.qq.flush()

    async def unmute_bot(self) -> None:
        """It may again."""
        self.qq.world.unmute(self.id)
        await self.qq.flush()

    async def kick_bot(self) -> None:
        """The bot is in the group no more."""
        self.qq.world.kick_bot(self.id)
        await self.qq.flush()

    def set_bot_role(self, role: Literal["owner", "admin", "member"]) -> None:
        """Make the bot an administrator, or less."""
        self.qq.world.member(self.id, self.qq.self_id).role = role

    def set_role(self, user: int, role: Literal["owner", "admin", "member"]) -> None:
        """Make somebody an administrator, or less."""
        self.qq.world.member(self.id, user).role = role


@dataclass(frozen=True)
class FriendHandle:
    """A friend, and what they do."""

    qq: SimulatedQQ
    id: int

    async def say(
        self,
        message: MessageLike,
        *,
        quote: Said | SentMessage | int | None = None,
    ) -> Said:
        """They write."""
        said = Message(message)
        if quote is not None:
            said = Reply(quote if isinstance(quote, int) else quote.message_id) + said
        return await self.qq.private_message(self.id, self.qq.segments(said))

    async def poke(self) -> None:
        """They poke the bot."""
        self.qq.world.poke(self.id, self.qq.self_id)
        await self.qq.flush()



def _sent(sent: Sent) -> SentMessage:
    chat = sent.chat
    return SentMessage(
        group_id=chat.peer_id if chat.kind == "group" else None,
        user_id=chat.peer_id if chat.kind == "private" else None,
        message=Message.from_wire(sent.segments),
        media=tuple(map(_media, sent.media)),
        message_id=sent.message.message_id,
        raw=sent,
    )


def _media(content: Content) -> bytes | str:
    return content.source if content.data is None else content.data
