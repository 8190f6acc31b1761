"""The things the simulated QQ is made of: plain data, no behaviour."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, Union

from .cq import Segment, plain_text
from .disk import Content

Role = Literal["owner", "admin", "member"]
MessageFormat = Literal["array", "string"]
Notice = dict[str, Any]
"""An event frame that looks the same on every link."""


@dataclass
class Member:
    """Somebody in a group.  Times are Unix seconds, 0 for never."""

    user_id: int
    nickname: str
    role: Role = "member"
    card: str = ""
    card_seen: str = ""
    """The card at the last message; a difference gives a `group_card` notice."""
    title: str = ""
    join_time: int = 0
    last_sent_time: int = 0
    banned_until: int = 0


@dataclass
class GroupFile:
    """A file in a group's file area.  `size` is in bytes."""

    file_id: str
    name: str
    size: int
    uploader: int
    uploader_name: str
    upload_time: int


@dataclass
class Group:
    """A group with the bot in it."""

    group_id: int
    name: str
    members: dict[int, Member] = field(default_factory=dict)
    whole_ban: bool = False
    remark: str = ""
    max_members: int = 200
    files: list[GroupFile] = field(default_factory=list)


@dataclass
class Friend:
    """Somebody the bot may write to directly."""

    user_id: int
    nickname: str
    remark: str = ""


@dataclass(frozen=True)
class Chat:
    """Where a message stands: a group, or the private chat with `peer_id`."""

    kind: Literal["group", "private"]
    peer_id: int


@dataclass
class Message:
    """A message somebody said, with what was true of the sender at the time."""

    message_id: int
    """0 … 2147483647"""
    real_seq: int
    """Counts up in each chat."""
    time: int
    chat: Chat
    sender_id: int
    nickname: str
    segments: list[Segment]
    card: str = ""
    role: Role | None = None
    group_name: str = ""
    temporary_group: int | None = None
    """The group a temporary private chat came from."""
    recalled: bool = False
    reactions: dict[str, set[int]] = field(default_factory=dict)
    """Accounts by emoji id."""
    copies: dict[int, Message] = field(default_factory=dict, repr=False, compare=False)
    """The message as each bot that hears it has it, by account; the first is of
    the bot in whose world it was said."""


@dataclass(frozen=True)
class Sent:
    """A message an action of the bot got through to QQ."""

    order: int
    """From 0, over all chats."""
    time: float
    """Unix seconds."""
    message: Message
    media: tuple[Content, ...] = ()
    """The files in it, in the order of their segments."""
    nodes: tuple[Segment, ...] = ()
    """Of a merged forward."""

    @property
    def chat(self) -> Chat:
        """Where it went."""
        return self.message.chat

    @property
    def segments(self) -> list[Segment]:
        """What was delivered of what was asked for."""
        return self.message.segments

    @property
    def text(self) -> str:
        """The text in it, without the rest."""
        return plain_text(self.segments)


@dataclass
class JoinRequest:
    """A friend request (`group_id` None) or a group request, not yet answered."""

    flag: str
    user_id: int
    comment: str
    group_id: int | None = None
    sub_type: Literal["add", "invite"] | None = None


Event = Union[Message, Notice]
"""What a link may report: a message takes its form from the link's settings."""
