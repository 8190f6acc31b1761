"""What all events of the bus have, and those that are no known ones.

The classes of the known events are in `onebus.events`.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from .errors import OnebusError

if TYPE_CHECKING:
    from .bus import Bus
    from .message import Message, MessageLike
    from .results import MessageSent
    from .shapes import Sender

_CHAT = re.compile(r"qq\.(group|private)\.(-?[0-9]+)(?:\.|$)", re.ASCII)

#: What decides a request, by parameters of the actions.
_GROUP_DECISION = ("flag", "sub_type", "approve", "reason")
_FRIEND_DECISION = ("flag", "approve", "remark")

#: Why events cannot be had.
GapReason = Literal["expired", "lost", "epoch", "denied"]


class Chat(NamedTuple):
    """Where something is said: a group, or a private chat by its other end."""

    kind: Literal["group", "private"]
    id: int


@dataclass(frozen=True, slots=True)
class Policy:
    """What the bridge's settings say about a message."""

    #: It may be heard; False comes only with `bridge.access: mark`.
    allowed: bool
    #: An answer is expected: allowed, and mentioned where that is required.
    respond: bool
    #: The bot is mentioned, or what it said is quoted.
    mentioned: bool
    #: What decided: section 4 of the bus contract has the words.
    reason: str
    #: Another account of the same bridge said it.
    from_bot: bool = False
    #: What the group's settings have for its agent.
    system_prompt: str | None = None
    skills: tuple[str, ...] = ()
    tools: Mapping[str, Any] | None = field(default=None, hash=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that has happened."""

    #: `qq.group.20002.message.normal`.
    topic: str
    #: Names the journal; `seq` counts within it, over all events, without holes.
    epoch: str
    seq: int
    #: When the bridge got it, in ms since 1970.
    received_ms: int
    #: The account that it happened to: its key in the settings, and its QQ number.
    account: str
    self_id: int
    #: What the peer calls itself, if it has said.
    peer: str | None
    origin: str
    #: `message.group.normal`, `notice.notify.poke`, `bridge.link.up`.
    type: str
    #: The same for the same event, also when two accounts see it.
    key: str
    #: The peer's own time, in s since 1970.
    time: int
    #: It comes from the journal, for it was missed when it happened.
    replayed: bool = False
    #: The OneBot event exactly as it came, and the bus's envelope around it.
    raw: Mapping[str, Any] = field(repr=False, hash=False)
    envelope: Mapping[str, Any] = field(repr=False, compare=False)
    _bus: Bus | None = field(default=None, repr=False, compare=False)

    @property
    def bus(self) -> Bus:
        """The bus it came over; OnebusError if it came over none."""
        if self._bus is None:
            raise OnebusError(
                f"{self.topic}: no asynchronous bus is known to this event; call"
                " the actions of the bus that you have"
            )
        return self._bus

    @property
    def chat(self) -> Chat | None:
        """Where it happened; None for what belongs to no chat."""
        return chat_of(self.topic)

    def age(self) -> float:
        """Seconds since the bridge got it, by this machine's clock."""
        return time.time() - self.received_ms / 1000

    async def reply(
        self,
        message: MessageLike,
        *,
        quote: bool = False,
        at: bool = False,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> MessageSent:
        """Say `message` in the chat where it happened, by the same account.

        `quote` quotes the message that this is, `at` mentions who it comes from.
        ValueError if it has no chat, or is no message to be quoted.
        """
        return await self.bus.reply(
            self,
            message,
            quote=quote,
            at=at,
            timeout=timeout,
            idempotency_key=idempotency_key,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownEvent(Event):
    """An event of no known class, or one that lacks what its class must have."""

    #: Why.
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageEvent(Event):
    """Something was said, by somebody else or by the bot itself."""

    message_id: int
    user_id: int
    message: Message
    #: The text segments, joined.
    text: str = ""
    sender: Sender
    policy: Policy

    @property
    def chat(self) -> Chat:
        """Where it was said."""
        return chat_of(self.topic) or self._chat_by_itself()

    def _chat_by_itself(self) -> Chat:
        """The same from its fields: its topic is `qq.other`, or it has none."""
        group_id = getattr(self, "group_id", None)
        if group_id is not None and self.raw.get("message_type") == "group":
            return Chat("group", group_id)
        is_own = self.user_id == self.self_id
        other_end = getattr(self, "target_id", None) if is_own else None
        return Chat("private", other_end or self.user_id)

    async def recall(self, *, timeout: float | None = None) -> None:
        """Take the message back; others' the bot can as an administrator."""
        await self.bus.delete_msg(
            self.message_id, account=self.account, timeout=timeout
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeEvent(Event):
    """Something was done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestEvent(Event):
    """Somebody asks for something that the bot may grant."""

    flag: str

    async def approve(self, *, remark: str = "", timeout: float | None = None) -> None:
        """Grant it; `remark` is what the bot's account is to call a new friend."""
        await self._decide({"approve": True, "remark": remark}, timeout)

    async def reject(self, reason: str = "", *, timeout: float | None = None) -> None:
        """Refuse it; `reason` is told to who wants to join a group."""
        await self._decide({"approve": False, "reason": reason}, timeout)

    async def _decide(self, decision: dict[str, Any], timeout: float | None) -> None:
        of_group = self.raw.get("request_type") == "group"
        action = "set_group_add_request" if of_group else "set_friend_add_request"
        taken = _GROUP_DECISION if of_group else _FRIEND_DECISION
        given = {"flag": self.flag, "sub_type": self.raw.get("sub_type"), **decision}
        params = {key: given.get(key) for key in taken if given.get(key) != ""}
        await self.bus.request(action, params, account=self.account, timeout=timeout)


@dataclass(frozen=True, slots=True, kw_only=True)
class MetaEvent(Event):
    """A sign of the peer itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BridgeEvent(Event):
    """Something of the bridge's own."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Events that cannot be had: nothing is missing without one of these."""

    #: The numbers of the first and the last of them; the last is None where
    #: nobody knows how many there were.
    first: int
    last: int | None
    #: `expired`: older than what the journal keeps. `lost`: the bridge's disk did
    #: not take them. `epoch`: the journal is another one. `denied`: they came while
    #: we did not listen, and the token's grant does not let us ask for them.
    reason: GapReason
    #: The journal that they were in; empty where nobody knows.
    epoch: str


def chat_of(topic: str) -> Chat | None:
    """The chat of a topic `qq.group.<id>.…` or `qq.private.<id>.…`."""
    found = _CHAT.match(topic)
    if found is None:
        return None
    kind: Literal["group", "private"] = "group" if found[1] == "group" else "private"
    return Chat(kind, int(found[2]))
