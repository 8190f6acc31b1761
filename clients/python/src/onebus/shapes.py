"""What events are made of.

Made from schema/events.json by `python -m generate`: edit those.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from . import fields

__all__ = [
    "AnonymousMember",
    "ClientDevice",
    "EmojiCount",
    "HeartbeatStatus",
    "ReceivedFile",
    "Sender",
    "UploadedFile",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnonymousMember:
    """The mask of an anonymous member."""

    id: int | None = None
    name: str | None = None
    flag: str | None = None


read_anonymous_member = fields.shape(
    AnonymousMember,
    (
        fields.Field("id", fields.integer, False),
        fields.Field("name", fields.text, False),
        fields.Field("flag", fields.text, False),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientDevice:
    """A device on which the account is logged in."""

    app_id: int | None = None
    device_name: str | None = None
    device_kind: str | None = None


read_client_device = fields.shape(
    ClientDevice,
    (
        fields.Field("app_id", fields.integer, False),
        fields.Field("device_name", fields.text, False),
        fields.Field("device_kind", fields.text, False),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EmojiCount:
    """A face and how many reacted with it."""

    #: The number of a face, or the code point of an emoji in decimal.
    emoji_id: str
    count: int | None = None


read_emoji_count = fields.shape(
    EmojiCount,
    (
        fields.Field("emoji_id", fields.text, True),
        fields.Field("count", fields.integer, False),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeartbeatStatus:
    """How the peer is."""

    #: Whether QQ is, as far as the peer knows.
    online: bool | None = None
    #: NapCat: always true.
    good: bool | None = None
    #: Unsigned 64-bit counters.
    stat: Mapping[str, Any] | None = field(default=None, hash=False)
    app_initialized: bool | None = None
    app_enabled: bool | None = None
    app_good: bool | None = None
    plugins_good: bool | None = None


read_heartbeat_status = fields.shape(
    HeartbeatStatus,
    (
        fields.Field("online", fields.boolean, False),
        fields.Field("good", fields.boolean, False),
        fields.Field("stat", fields.mapping, False),
        fields.Field("app_initialized", fields.boolean, False),
        fields.Field("app_enabled", fields.boolean, False),
        fields.Field("app_good", fields.boolean, False),
        fields.Field("plugins_good", fields.boolean, False),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedFile:
    """A file that was sent."""

    name: str
    #: In bytes.
    size: int | None = None
    url: str | None = None
    id: str | None = None
    hash: str | None = None


read_received_file = fields.shape(
    ReceivedFile,
    (
        fields.Field("name", fields.text, True),
        fields.Field("size", fields.integer, False),
        fields.Field("url", fields.text, False),
        fields.Field("id", fields.text, False),
        fields.Field("hash", fields.text, False),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Who says something, as far as the peer tells."""

    user_id: int | None = None
    nickname: str | None = None
    #: The name in the group; NapCat has it in private messages too, empty as a rule.
    card: str | None = None
    sex: Literal["male", "female", "unknown"] | str | None = None
    age: int | None = None
    #: Source group of a temporary chat.
    group_id: int | None = None
    #: NapCat: missing if it does not know the member.
    role: Literal["owner", "admin", "member", "unknown"] | str | None = None
    area: str | None = None
    level: str | None = None
    title: str | None = None
    tiny_id: str | None = None


read_sender = fields.shape(
    Sender,
    (
        fields.Field("user_id", fields.integer, False),
        fields.Field("nickname", fields.text, False),
        fields.Field("card", fields.text, False),
        fields.Field("sex", fields.text, False),
        fields.Field("age", fields.integer, False),
        fields.Field("group_id", fields.integer, False),
        fields.Field("role", fields.text, False),
        fields.Field("area", fields.text, False),
        fields.Field("level", fields.text, False),
        fields.Field("title", fields.text, False),
        fields.Field("tiny_id", fields.text, False),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadedFile:
    """A file in a group's files."""

    #: Opaque; NapCat: the MD5, else the uuid, else 32 random hex digits.
    id: str
    name: str
    #: In bytes.
    size: int | None = None
    #: 0 when unknown.
    busid: int | None = None
    url: str | None = None


read_uploaded_file = fields.shape(
    UploadedFile,
    (
        fields.Field("id", fields.text, True),
        fields.Field("name", fields.text, True),
        fields.Field("size", fields.integer, False),
        fields.Field("busid", fields.integer, False),
        fields.Field("url", fields.text, False),
    ),
)
