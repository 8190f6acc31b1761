"""Groups and friends of a simulated QQ: what people do there, and what a bot says.

    said = await qq.group(700).say("/ping", by=42)
    await qq.friend(42).say("hello?")
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from ..message import Message, MessageLike
from ..segments import At, Reply
from ..sim.model import Chat
from ..sim.model import Message as Said
from .sent import SentMessage

if TYPE_CHECKING:
    from .qq import SimulatedQQ

#: How long the bot may take, in seconds.
TIMEOUT = 5.0

Role = Literal["owner", "admin", "member"]
#: What can be quoted: what somebody said, what the bot sent, a message_id.
Quotable = Said | SentMessage | int


@dataclass(frozen=True)
class GroupHandle:
    """A group, and what is done there. Members are made up when they do not exist."""

    qq: SimulatedQQ
    id: int

    # ---- messages ----------------------------------------------------------

    async def say(
        self,
        message: MessageLike,
        *,
        by: int,
        at_bot: bool = False,
        quote: Quotable | None = None,
    ) -> Said:
        """Somebody speaks; with `at_bot` they mention the bot first.

        LookupError if the bot is not there any more, for it would hear nothing.
        """
        if self.id not in self.qq.world.groups:
            raise LookupError(f"group {self.id}: the bot is not in it: readmit_bot()")
        said = At(self.qq.self_id) + " " + message if at_bot else Message(message)
        return await self.qq.group_message(
            self.id, by, self.qq.segments(_quoting(quote, said))
        )

    async def whisper(self, message: MessageLike, *, by: int) -> Said:
        """A member who is no friend writes to the bot alone: a temporary chat."""
        return await self.qq.private_message(
            by, self.qq.segments(message), from_group=self.id
        )

    async def recall(self, said: Quotable, *, by: int | None = None) -> None:
        """A message is taken back, by its author or by an administrator."""
        message = self.qq.said(said)
        self.qq.world.recall(message.message_id, by or message.sender_id)
        await self.qq.flush()

    async def react(self, to: Quotable, emoji: int, *, by: int, on: bool = True) -> None:
        """Somebody reacts to a message by an emoji, or takes that back."""
        message_id = self.qq.said(to).message_id
        self.qq.world.react(message_id, by, str(emoji), on=on)
        await self.qq.flush()

    async def upload(self, name: str, data: bytes, *, by: int) -> Said:
        """Somebody puts a file into the group; gives the message that shows it."""
        self.qq.world.upload(self.id, by, name, len(data), data)
        await self.qq.flush()
        return self.qq.world.history(Chat("group", self.id))[-1]

    async def poke(self, *, by: int, whom: int | None = None) -> None:
        """Somebody pokes the bot, or `whom`."""
        self.qq.world.member(self.id, by)
        self.qq.world.poke(by, whom or self.qq.self_id, group_id=self.id)
        await self.qq.flush()

    async def next_sent(self, timeout: float = TIMEOUT) -> SentMessage:
        """The next message of the bot in this group."""
        return await self.qq.next_sent(timeout, chat=Chat("group", self.id))

    # ---- members -----------------------------------------------------------

    def add(
        self, user: int, nickname: str = "", *, card: str = "", role: Role = "member"
    ) -> None:
        """Let somebody have been there all along, by these names."""
        name = nickname or self.qq.world.nickname_of(user) or f"User {user}"
        self.qq.world.add_member(self.id, user, name, role=role, card=card)

    def set_role(self, user: int, role: Role) -> None:
        """Make somebody an administrator, or less."""
        self.qq.world.member(self.id, user).role = role

    def set_bot_role(self, role: Role) -> None:
        """Make the bot an administrator, or less."""
        self.set_role(self.qq.self_id, role)

    async def join(self, user: int, *, nickname: str | None = None) -> None:
        """Somebody joins."""
        self.qq.world.join(self.id, user, nickname)
        await self.qq.flush()

    async def leave(self, user: int) -> None:
        """Somebody leaves."""
        self.qq.world.leave(self.id, user)
        await self.qq.flush()

    async def kick(self, user: int, *, by: int) -> None:
        """Somebody is made to leave."""
        self.qq.world.kick(self.id, user, by)
        await self.qq.flush()

    async def mute(self, user: int, seconds: int = 600, *, by: int) -> None:
        """Somebody is muted; 0 seconds lift it."""
        self.qq.world.ban(self.id, user, seconds, by)
        await self.qq.flush()

    async def ask_to_join(self, user: int, comment: str = "") -> str:
        """Somebody wants in; gives the flag of the request."""
        return await self.qq.group_request(self.id, user, comment)

    # ---- the bot -----------------------------------------------------------

    async def invite_bot(self, *, by: int, comment: str = "") -> str:
        """Somebody wants the bot in; gives the flag of the request."""
        return await self.qq.group_request(self.id, by, comment, "invite")

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

    async def readmit_bot(self) -> None:
        """It is again, as an ordinary member."""
        self.qq.world.rejoin(self.id)
        await self.qq.flush()


@dataclass(frozen=True)
class FriendHandle:
    """A friend, and what they do."""

    qq: SimulatedQQ
    id: int

    async def say(self, message: MessageLike, *, quote: Quotable | None = None) -> Said:
        """They write."""
        said = _quoting(quote, Message(message))
        return await self.qq.private_message(self.id, self.qq.segments(said))

    async def recall(self, said: Quotable) -> None:
        """They take a message back."""
        self.qq.world.recall(self.qq.said(said).message_id, self.id)
        await self.qq.flush()

    async def poke(self) -> None:
        """They poke the bot."""
        self.qq.world.poke(self.id, self.qq.self_id)
        await self.qq.flush()

    async def next_sent(self, timeout: float = TIMEOUT) -> SentMessage:
        """The next message of the bot to this friend."""
        return await self.qq.next_sent(timeout, chat=Chat("private", self.id))


def _quoting(quote: Quotable | None, said: Message) -> Message:
    if quote is None:
        return said
    return Reply(quote if isinstance(quote, int) else quote.message_id) + said
