"""Every known event as a class.

Made from schema/events.json by `python -m generate`: edit those.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from . import fields, shapes
from .event import (
    BridgeEvent,
    Event,
    MessageEvent,
    MetaEvent,
    NoticeEvent,
    RequestEvent,
)
from .message import Message
from .shapes import (
    AnonymousMember,
    ClientDevice,
    EmojiCount,
    HeartbeatStatus,
    ReceivedFile,
    Sender,
    UploadedFile,
)

__all__ = [
    "ActionSettled",
    "ActionsOk",
    "ActionsStalled",
    "BotOffline",
    "BotOnline",
    "ChannelCreated",
    "ChannelDestroyed",
    "ChannelUpdated",
    "ClientStatus",
    "ConfigReloaded",
    "EssenceNotice",
    "FlashFileNotice",
    "FriendAdd",
    "FriendRecall",
    "FriendRequest",
    "GrayTip",
    "GroupAdmin",
    "GroupBan",
    "GroupCard",
    "GroupDecrease",
    "GroupDismiss",
    "GroupEmojiLike",
    "GroupIncrease",
    "GroupMessage",
    "GroupMessageSent",
    "GroupNameChange",
    "GroupNameNotice",
    "GroupRecall",
    "GroupRequest",
    "GroupUpload",
    "GuildMessage",
    "GuildReactions",
    "GuildRecall",
    "Heartbeat",
    "Honor",
    "InputStatus",
    "JournalFailing",
    "JournalOk",
    "Lifecycle",
    "LinkDegraded",
    "LinkDown",
    "LinkUp",
    "LuckyKing",
    "NatsFailing",
    "NatsGap",
    "NatsOk",
    "OfflineFile",
    "OnlineFileReceive",
    "OnlineFileSend",
    "PairingApproved",
    "PairingDenied",
    "PairingExpired",
    "PairingRequested",
    "PairingRevoked",
    "PokeRecall",
    "Poked",
    "PrivateMessage",
    "PrivateMessageSent",
    "ProfileLike",
    "QQOffline",
    "QQOnline",
    "Reaction",
    "SendingPaused",
    "SendingResumed",
    "TitleChange",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionSettled(BridgeEvent):
    """What has come of a call that was answered `unknown`, or `async` by the bridge.

    `bridge.action.settled`.
    """

    action: str
    #: Unknown: for good.
    status: Literal["ok", "failed", "unknown"] | str
    #: What told it.
    source: Literal["answer", "event", "history", "none"] | str
    #: The request's.
    id: str | None = None
    #: The request's.
    trace: str | None = None
    #: The peer's, if it has answered.
    retcode: int | None = None
    #: Of the message that was sent.
    message_id: Any = field(default=None, hash=False)
    #: What there is to say about it.
    message: str | None = None
    #: The chat, of what says something in one.
    group_id: int | None = None
    #: Likewise.
    user_id: int | None = None
    #: Ms since 1970.
    sent_at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionsOk(BridgeEvent):
    """The peer answers actions again.

    `bridge.actions.ok`.
    """

    #: Calls in a row.
    unanswered: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionsStalled(BridgeEvent):
    """The peer takes actions and answers none.

    `bridge.actions.stalled`.
    """

    #: Calls in a row.
    unanswered: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BotOffline(NoticeEvent):
    """QQ has logged the account off.

    `notice.bot_offline`; known to NapCat, Lagrange.
    """

    #: Same as self_id.
    user_id: int | None = None
    tag: str | None = None
    message: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BotOnline(NoticeEvent):
    """The account is logged in again.

    `notice.bot_online`; known to Lagrange.
    """

    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelCreated(NoticeEvent):
    """A channel of a guild is new.

    `notice.channel_created`; known to go-cqhttp.
    """

    guild_id: str
    channel_id: str
    operator_id: str | None = None
    self_tiny_id: str | None = None
    #: Above 2^53.
    user_id: int | None = None
    channel_info: Mapping[str, Any] | None = field(default=None, hash=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelDestroyed(NoticeEvent):
    """A channel of a guild is gone.

    `notice.channel_destroyed`; known to go-cqhttp.
    """

    guild_id: str
    channel_id: str
    operator_id: str | None = None
    self_tiny_id: str | None = None
    #: Above 2^53.
    user_id: int | None = None
    channel_info: Mapping[str, Any] | None = field(default=None, hash=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelUpdated(NoticeEvent):
    """A channel of a guild has changed.

    `notice.channel_updated`; known to go-cqhttp.
    """

    guild_id: str
    channel_id: str
    operator_id: str | None = None
    self_tiny_id: str | None = None
    #: Above 2^53.
    user_id: int | None = None
    old_info: Mapping[str, Any] | None = field(default=None, hash=False)
    new_info: Mapping[str, Any] | None = field(default=None, hash=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientStatus(NoticeEvent):
    """A client of the account has come online or gone.

    `notice.client_status`; known to go-cqhttp.
    """

    client: ClientDevice
    online: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigReloaded(BridgeEvent):
    """The settings have been read again.

    `bridge.config.reloaded`.
    """

    #: `changed` and `restart`: lists of paths.
    settings: Mapping[str, Any] | None = field(default=None, hash=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class EssenceNotice(NoticeEvent):
    """A message was marked as an essential one, or no longer.

    `notice.essence`; known to NapCat, go-cqhttp, Lagrange, LLBot.

    NapCat tells of `add` only.
    """

    sub_type: Literal["add", "delete"] | str
    group_id: int
    #: Who said it.
    sender_id: int
    #: NapCat: missing if it has forgotten the message.
    message_id: int | None = None
    #: NapCat: 0 when not found.
    operator_id: int | None = None
    #: Same as sender_id.
    user_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FlashFileNotice(NoticeEvent):
    """How far a flash file has come.

    `notice.flash_file`; known to LLBot.
    """

    sub_type: Literal["downloading", "downloaded", "uploading", "uploaded"] | str
    file_set_id: str
    title: str | None = None
    share_link: str | None = None
    #: Maps of name, size, and path.
    files: tuple[Any, ...] | None = field(default=None, hash=False)
    downloaded_size: int | None = None
    uploaded_size: int | None = None
    total_size: int | None = None
    speed: float | None = None
    remain_seconds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FriendAdd(NoticeEvent):
    """Somebody has become a friend.

    `notice.friend_add`; known to OneBot 11, NapCat, go-cqhttp, Lagrange, LLBot.

    Lagrange sends it together with the friend request, before it is granted.
    """

    user_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FriendRecall(NoticeEvent):
    """A message was taken back in a private chat.

    `notice.friend_recall`; known to OneBot 11, NapCat, go-cqhttp, Lagrange, LLBot.
    """

    #: NapCat: who said it, so `self_id` when the bot took back its own.
    user_id: int
    message_id: int
    tip: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FriendRequest(RequestEvent):
    """Somebody asks to be a friend.

    `request.friend`; known to OneBot 11, NapCat, go-cqhttp, Lagrange, LLBot.
    """

    user_id: int
    #: May be empty.
    comment: str | None = None
    via: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GrayTip(NoticeEvent):
    """A grey line of a kind that NapCat does not know.

    `notice.notify.gray_tip`; known to NapCat.
    """

    group_id: int
    #: Who it comes from.
    user_id: int | None = None
    message_id: int | None = None
    busi_id: str | None = None
    #: JSON text.
    content: str | None = None
    #: Maps msgSeq, msgTime, msgId and json.
    raw_info: Mapping[str, Any] | None = field(default=None, hash=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupAdmin(NoticeEvent):
    """A member has become an administrator, or is none any more.

    `notice.group_admin`; known to OneBot 11, NapCat, go-cqhttp, Lagrange, LLBot.
    """

    sub_type: Literal["set", "unset"] | str
    group_id: int
    user_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupBan(NoticeEvent):
    """A member was muted, or the mute lifted.

    `notice.group_ban`; known to OneBot 11, NapCat, go-cqhttp, Lagrange, LLBot.
    """

    sub_type: Literal["ban", "lift_ban"] | str
    group_id: int
    #: 0: the whole group.
    user_id: int
    operator_id: int | None = None
    #: In seconds; 0 when lifted; of a whole group -1 (NapCat, Lagrange) or what QQ says
    #: (go-cqhttp).
    duration: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupCard(NoticeEvent):
    """A member's card has changed.

    `notice.group_card`; known to NapCat, go-cqhttp, LLBot.

    Told when the member next speaks, before or after that message.
    """

    group_id: int
    user_id: int
    card_new: str
    card_old: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupDecrease(NoticeEvent):
    """A member has left a group, or was removed.

    `notice.group_decrease`; known to OneBot 11, NapCat, go-cqhttp, Lagrange, LLBot.

    `disband` is NapCat's.
    """

    sub_type: Literal["leave", "kick", "kick_me", "disband"] | str
    group_id: int
    #: Who is gone; 0 when unknown (NapCat).
    user_id: int
    #: 0 when unknown (NapCat, Lagrange).
    operator_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupDismiss(NoticeEvent):
    """A group has been dissolved.

    `notice.group_dismiss`; known to LLBot.
    """

    group_id: int
    user_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupEmojiLike(NoticeEvent):
    """Somebody has reacted to a message, as NapCat tells it.

    `notice.group_msg_emoji_like`; known to NapCat, LLBot.
    """

    group_id: int
    #: Who reacted.
    user_id: int
    message_id: int
    #: NapCat: one.
    likes: tuple[EmojiCount, ...]
    is_add: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupIncrease(NoticeEvent):
    """A member has joined a group.

    `notice.group_increase`; known to OneBot 11, NapCat, go-cqhttp, Lagrange, LLBot.
    """

    sub_type: Literal["approve", "invite"] | str
    group_id: int
    user_id: int
    #: 0 when unknown.
    operator_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupMessage(MessageEvent):
    """Somebody says something in a group.

    `message.group`; known to OneBot 11, NapCat, go-cqhttp, Lagrange, LLBot.

    NapCat sends `normal` only.
    """

    group_id: int
    sub_type: Literal["normal", "anonymous", "notice"] | str | None = None
    #: With CQ codes; NapCat trims it at both ends.
    raw_message: str | None = None
    #: NapCat: message_id again; go-cqhttp (in groups) and LLBot: the number in the
    #: chat.
    message_seq: int | None = None
    #: Message_id again.
    real_id: int | None = None
    #: NapCat: the number in the chat, in digits.
    real_seq: str | None = None
    group_name: str | None = None
    #: Only of a masked member.
    anonymous: AnonymousMember | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupMessageSent(MessageEvent):
    """The bot has said something in a group, as its peer reports it.

    `message_sent.group`; known to NapCat, go-cqhttp, LLBot.

    Only with reportSelfMessage (NapCat) or report-self-message (go-cqhttp).
    """

    group_id: int
    sub_type: Literal["normal"] | str | None = None
    #: With CQ codes; NapCat trims it at both ends.
    raw_message: str | None = None
    #: NapCat: message_id again; go-cqhttp (in groups) and LLBot: the number in the
    #: chat.
    message_seq: int | None = None
    #: Message_id again.
    real_id: int | None = None
    #: NapCat: the number in the chat, in digits.
    real_seq: str | None = None
    group_name: str | None = None
    #: The group.
    target_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupNameChange(NoticeEvent):
    """A group was renamed, as Lagrange tells it.

    `notice.group_name_change`; known to Lagrange.
    """

    group_id: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupNameNotice(NoticeEvent):
    """A group was renamed, as NapCat tells it.

    `notice.notify.group_name`; known to NapCat.
    """

    group_id: int
    name_new: str
    #: Who renamed it, if NapCat knows.
    user_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRecall(NoticeEvent):
    """A message was taken back in a group.

    `notice.group_recall`; known to OneBot 11, NapCat, go-cqhttp, Lagrange, LLBot.
    """

    group_id: int
    #: Who said it.
    user_id: int
    message_id: int
    #: Who took it back.
    operator_id: int | None = None
    tip: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRequest(RequestEvent):
    """Somebody asks to join a group, or invites the bot to one.

    `request.group`; known to OneBot 11, NapCat, go-cqhttp, Lagrange, LLBot.
    """

    sub_type: Literal["add", "invite"] | str
    group_id: int
    #: Who asks, or invites.
    user_id: int
    comment: str | None = None
    #: Who brought who asks; 0 if nobody.
    invitor_id: int | None = None
    source_group_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupUpload(NoticeEvent):
    """Somebody has uploaded a file to a group.

    `notice.group_upload`; known to OneBot 11, NapCat, go-cqhttp, Lagrange, LLBot.

    NapCat tells of the same file in a message as well.
    """

    group_id: int
    file: UploadedFile
    #: Missing if NapCat does not know.
    user_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GuildMessage(Event):
    """Somebody says something in a channel of a guild.

    `message.guild`; known to go-cqhttp.
    """

    guild_id: str
    channel_id: str
    message_id: str
    user_id: str
    message: Message
    sub_type: Literal["channel"] | str | None = None
    self_tiny_id: str | None = None
    sender: Sender | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GuildReactions(NoticeEvent):
    """The reactions to a message in a guild have changed.

    `notice.message_reactions_updated`; known to go-cqhttp.
    """

    guild_id: str
    channel_id: str
    message_id: str
    operator_id: str | None = None
    self_tiny_id: str | None = None
    #: Above 2^53.
    user_id: int | None = None
    #: Maps of emoji_id, emoji_name, count, clicked ….
    current_reactions: tuple[Any, ...] | None = field(default=None, hash=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class GuildRecall(NoticeEvent):
    """A message was taken back in a guild.

    `notice.guild_channel_recall`; known to go-cqhttp.
    """

    guild_id: str
    channel_id: str
    message_id: str
    operator_id: str | None = None
    self_tiny_id: str | None = None
    #: Above 2^53.
    user_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Heartbeat(MetaEvent):
    """A sign of life of the peer.

    `meta_event.heartbeat`; known to OneBot 11, NapCat, go-cqhttp, Lagrange, LLBot.
    """

    status: HeartbeatStatus
    #: Ms.
    interval: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Honor(NoticeEvent):
    """A member has got an honour of the group.

    `notice.notify.honor`; known to OneBot 11, go-cqhttp.

    `legend`, `strong_newbie` and `ERROR` are go-cqhttp's.
    """

    group_id: int
    user_id: int
    honor_type: Literal[
        "talkative", "performer", "emotion", "legend", "strong_newbie", "ERROR"
    ] | str


@dataclass(frozen=True, slots=True, kw_only=True)
class InputStatus(NoticeEvent):
    """Somebody is typing.

    `notice.notify.input_status`; known to NapCat.
    """

    user_id: int
    #: 0.
    group_id: int | None = None
    event_type: int | None = None
    status_text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalFailing(BridgeEvent):
    """From here on events are published that are not on disk.

    `bridge.journal.failing`.
    """

    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalOk(BridgeEvent):
    """The journal is written again.

    `bridge.journal.ok`.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifecycle(MetaEvent):
    """A peer has opened a link.

    `meta_event.lifecycle`; known to OneBot 11, NapCat, go-cqhttp, Lagrange, LLBot.

    Over WebSocket only `connect`.
    """

    sub_type: Literal["connect", "enable", "disable"] | str


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkDegraded(BridgeEvent):
    """Too many attempts to dial have failed; it goes on being tried.

    `bridge.link.degraded`.
    """

    attempts: int
    #: Why the last one failed.
    reason: str
    retry_in_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkDown(BridgeEvent):
    """A link is gone.

    `bridge.link.down`.
    """

    #: Which one.
    link: int
    role: str
    #: With 0 the account cannot be reached.
    links: int
    reason: str
    #: The peer's close code; 1005: it gave none, 1006: there was no goodbye.
    code: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkUp(BridgeEvent):
    """A peer has opened a link, or the bridge one to it.

    `bridge.link.up`.
    """

    #: Which one, counted from the start of the bridge.
    link: int
    #: What it is for.
    role: str
    #: How many the account has now.
    links: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LuckyKing(NoticeEvent):
    """Somebody has drawn the most from a red packet.

    `notice.notify.lucky_king`; known to OneBot 11, go-cqhttp.
    """

    group_id: int
    #: Who gave the red packet.
    user_id: int
    #: Who drew the most.
    target_id: int
    sender_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NatsFailing(BridgeEvent):
    """For ten seconds nothing has gone to NATS; the journal keeps what has to.

    `bridge.nats.failing`.
    """

    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NatsGap(BridgeEvent):
    """Events that NATS will never have.

    `bridge.nats.gap`.
    """

    #: The `seq` of the first.
    first: int
    #: And of the last.
    last: int
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NatsOk(BridgeEvent):
    """Events go to NATS again.

    `bridge.nats.ok`.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class OfflineFile(NoticeEvent):
    """Somebody has sent a file.

    `notice.offline_file`; known to go-cqhttp, Lagrange.
    """

    user_id: int
    file: ReceivedFile


@dataclass(frozen=True, slots=True, kw_only=True)
class OnlineFileReceive(NoticeEvent):
    """A file sent online to the bot is offered no more.

    `notice.online_file_receive`; known to NapCat.
    """

    #: The other end.
    peer_id: int
    sub_type: Literal["cancel"] | str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OnlineFileSend(NoticeEvent):
    """What has become of a file that the bot sent online.

    `notice.online_file_send`; known to NapCat.
    """

    sub_type: Literal["receive", "refuse"] | str
    #: The other end.
    peer_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PairingApproved(BridgeEvent):
    """Somebody may be heard.

    `bridge.pairing.approved`.
    """

    user_id: int
    nickname: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PairingDenied(BridgeEvent):
    """Somebody who asked is refused.

    `bridge.pairing.denied`.
    """

    user_id: int
    nickname: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PairingExpired(BridgeEvent):
    """A code was not used in time.

    `bridge.pairing.expired`.
    """

    user_id: int
    nickname: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PairingRequested(BridgeEvent):
    """A stranger has been sent a code.

    `bridge.pairing.requested`.
    """

    user_id: int
    code: str
    #: Ms since 1970.
    expires_at: int
    nickname: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PairingRevoked(BridgeEvent):
    """Somebody is no longer heard.

    `bridge.pairing.revoked`.
    """

    user_id: int
    nickname: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PokeRecall(NoticeEvent):
    """A poke was taken back.

    `notice.notify.poke_recall`; known to LLBot.
    """

    user_id: int
    target_id: int
    group_id: int | None = None
    raw_info: tuple[Any, ...] | None = field(default=None, hash=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Poked(NoticeEvent):
    """Somebody was poked.

    `notice.notify.poke`; known to OneBot 11, NapCat, go-cqhttp, Lagrange, LLBot.
    """

    #: Who poked; in a private chat NapCat has the other end here.
    user_id: int
    #: Who was poked.
    target_id: int
    #: Only in a group.
    group_id: int | None = None
    #: Who poked: NapCat and Lagrange in a private chat, go-cqhttp always.
    sender_id: int | None = None
    #: Pieces of the grey line: maps whose `type` is qq, img or nor.
    raw_info: tuple[Any, ...] | None = field(default=None, hash=False)
    action: str | None = None
    suffix: str | None = None
    action_img_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateMessage(MessageEvent):
    """Somebody says something to the bot alone.

    `message.private`; known to OneBot 11, NapCat, go-cqhttp, Lagrange, LLBot.
    """

    sub_type: Literal["friend", "group", "other", "group_self"] | str | None = None
    #: With CQ codes; NapCat trims it at both ends.
    raw_message: str | None = None
    #: NapCat: message_id again; go-cqhttp (in groups) and LLBot: the number in the
    #: chat.
    message_seq: int | None = None
    #: Message_id again.
    real_id: int | None = None
    #: NapCat: the number in the chat, in digits.
    real_seq: str | None = None
    #: NapCat: the other end; go-cqhttp, Lagrange: who it is said to.
    target_id: int | None = None
    #: Only of a temporary chat: where they met; 284840486 if NapCat does not know.
    group_id: int | None = None
    #: Only of a temporary chat; NapCat: 0.
    temp_source: Literal[0, 1, 2, 3, 4, 6, 7, 8, 9] | int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateMessageSent(MessageEvent):
    """The bot has said something to somebody, as its peer reports it.

    `message_sent.private`; known to NapCat, go-cqhttp, LLBot.

    Only with reportSelfMessage (NapCat) or report-self-message (go-cqhttp).
    """

    sub_type: Literal["friend", "group"] | str | None = None
    #: With CQ codes; NapCat trims it at both ends.
    raw_message: str | None = None
    #: NapCat: message_id again; go-cqhttp (in groups) and LLBot: the number in the
    #: chat.
    message_seq: int | None = None
    #: Message_id again.
    real_id: int | None = None
    #: NapCat: the number in the chat, in digits.
    real_seq: str | None = None
    #: Who it is said to; LLBot may have 0.
    target_id: int | None = None
    #: Only of a temporary chat.
    group_id: int | None = None
    #: Only of a temporary chat.
    temp_source: Literal[0] | int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileLike(NoticeEvent):
    """Somebody has liked the profile of the bot.

    `notice.notify.profile_like`; known to NapCat, LLBot.

    NapCat's `time` is when QQ counted it.
    """

    operator_id: int | None = None
    operator_nick: str | None = None
    times: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QQOffline(BridgeEvent):
    """QQ is offline behind the peer.

    `bridge.offline`.
    """

    #: What told it.
    source: Literal["heartbeat", "get_status", "bot_offline"] | str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QQOnline(BridgeEvent):
    """QQ is online behind the peer.

    `bridge.online`.
    """

    #: What told it.
    source: Literal["heartbeat", "get_status", "bot_offline"] | str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaction(NoticeEvent):
    """Somebody has reacted to a message, as Lagrange tells it.

    `notice.reaction`; known to Lagrange.
    """

    sub_type: Literal["add", "remove"] | str
    group_id: int
    message_id: int
    #: Of the face.
    code: str
    operator_id: int | None = None
    #: How many have reacted so by now.
    count: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SendingPaused(BridgeEvent):
    """Nothing is sent to a chat, or by the account, for now.

    `bridge.sending.paused`.
    """

    reason: Literal["muted", "whole_ban", "removed", "failing"] | str
    #: The chat; neither: the whole account.
    group_id: int | None = None
    user_id: int | None = None
    #: Missing if nobody knows.
    retry_after_ms: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SendingResumed(BridgeEvent):
    """What was paused is sent to again.

    `bridge.sending.resumed`.
    """

    #: The chat; neither: the whole account.
    group_id: int | None = None
    user_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TitleChange(NoticeEvent):
    """A member's title has changed.

    `notice.notify.title`; known to NapCat, go-cqhttp, LLBot.
    """

    group_id: int
    user_id: int
    title: str


#: The class and the fields for each post_type, detail and sub_type; the
#: last is empty where any fits.
CLASSES: dict[
    tuple[str, str, str], tuple[type[Event], tuple[fields.Field, ...]]
] = {
    ("bridge", "action.settled", ""): (
        ActionSettled,
        (
            fields.Field("action", fields.text, True),
            fields.Field("status", fields.text, True),
            fields.Field("source", fields.text, True),
            fields.Field("id", fields.text, False),
            fields.Field("trace", fields.text, False),
            fields.Field("retcode", fields.integer, False),
            fields.Field("message_id", fields.anything, False),
            fields.Field("message", fields.text, False),
            fields.Field("group_id", fields.integer, False),
            fields.Field("user_id", fields.integer, False),
            fields.Field("sent_at", fields.integer, False),
        ),
    ),
    ("bridge", "actions.ok", ""): (
        ActionsOk,
        (
            fields.Field("unanswered", fields.integer, False),
        ),
    ),
    ("bridge", "actions.stalled", ""): (
        ActionsStalled,
        (
            fields.Field("unanswered", fields.integer, False),
        ),
    ),
    ("notice", "bot_offline", ""): (
        BotOffline,
        (
            fields.Field("user_id", fields.integer, False),
            fields.Field("tag", fields.text, False),
            fields.Field("message", fields.text, False),
        ),
    ),
    ("notice", "bot_online", ""): (
        BotOnline,
        (
            fields.Field("reason", fields.text, False),
        ),
    ),
    ("notice", "channel_created", ""): (
        ChannelCreated,
        (
            fields.Field("guild_id", fields.text, True),
            fields.Field("channel_id", fields.text, True),
            fields.Field("operator_id", fields.text, False),
            fields.Field("self_tiny_id", fields.text, False),
            fields.Field("user_id", fields.integer, False),
            fields.Field("channel_info", fields.mapping, False),
        ),
    ),
    ("notice", "channel_destroyed", ""): (
        ChannelDestroyed,
        (
            fields.Field("guild_id", fields.text, True),
            fields.Field("channel_id", fields.text, True),
            fields.Field("operator_id", fields.text, False),
            fields.Field("self_tiny_id", fields.text, False),
            fields.Field("user_id", fields.integer, False),
            fields.Field("channel_info", fields.mapping, False),
        ),
    ),
    ("notice", "channel_updated", ""): (
        ChannelUpdated,
        (
            fields.Field("guild_id", fields.text, True),
            fields.Field("channel_id", fields.text, True),
            fields.Field("operator_id", fields.text, False),
            fields.Field("self_tiny_id", fields.text, False),
            fields.Field("user_id", fields.integer, False),
            fields.Field("old_info", fields.mapping, False),
            fields.Field("new_info", fields.mapping, False),
        ),
    ),
    ("notice", "client_status", ""): (
        ClientStatus,
        (
            fields.Field("client", shapes.read_client_device, True),
            fields.Field("online", fields.boolean, True),
        ),
    ),
    ("bridge", "config.reloaded", ""): (
        ConfigReloaded,
        (
            fields.Field("settings", fields.mapping, False),
        ),
    ),
    ("notice", "essence", ""): (
        EssenceNotice,
        (
            fields.Field("sub_type", fields.text, True),
            fields.Field("group_id", fields.integer, True),
            fields.Field("sender_id", fields.integer, True),
            fields.Field("message_id", fields.integer, False),
            fields.Field("operator_id", fields.integer, False),
            fields.Field("user_id", fields.integer, False),
        ),
    ),
    ("notice", "flash_file", ""): (
        FlashFileNotice,
        (
            fields.Field("sub_type", fields.text, True),
            fields.Field("file_set_id", fields.text, True),
            fields.Field("title", fields.text, False),
            fields.Field("share_link", fields.text, False),
            fields.Field("files", fields.array(fields.anything), False),
            fields.Field("downloaded_size", fields.integer, False),
            fields.Field("uploaded_size", fields.integer, False),
            fields.Field("total_size", fields.integer, False),
            fields.Field("speed", fields.number, False),
            fields.Field("remain_seconds", fields.number, False),
        ),
    ),
    ("notice", "friend_add", ""): (
        FriendAdd,
        (
            fields.Field("user_id", fields.integer, True),
        ),
    ),
    ("notice", "friend_recall", ""): (
        FriendRecall,
        (
            fields.Field("user_id", fields.integer, True),
            fields.Field("message_id", fields.integer, True),
            fields.Field("tip", fields.text, False),
        ),
    ),
    ("request", "friend", ""): (
        FriendRequest,
        (
            fields.Field("user_id", fields.integer, True),
            fields.Field("flag", fields.text, True),
            fields.Field("comment", fields.text, False),
            fields.Field("via", fields.text, False),
        ),
    ),
    ("notice", "notify", "gray_tip"): (
        GrayTip,
        (
            fields.Field("group_id", fields.integer, True),
            fields.Field("user_id", fields.integer, False),
            fields.Field("message_id", fields.integer, False),
            fields.Field("busi_id", fields.text, False),
            fields.Field("content", fields.text, False),
            fields.Field("raw_info", fields.mapping, False),
        ),
    ),
    ("notice", "group_admin", ""): (
        GroupAdmin,
        (
            fields.Field("sub_type", fields.text, True),
            fields.Field("group_id", fields.integer, True),
            fields.Field("user_id", fields.integer, True),
        ),
    ),
    ("notice", "group_ban", ""): (
        GroupBan,
        (
            fields.Field("sub_type", fields.text, True),
            fields.Field("group_id", fields.integer, True),
            fields.Field("user_id", fields.integer, True),
            fields.Field("operator_id", fields.integer, False),
            fields.Field("duration", fields.integer, False),
        ),
    ),
    ("notice", "group_card", ""): (
        GroupCard,
        (
            fields.Field("group_id", fields.integer, True),
            fields.Field("user_id", fields.integer, True),
            fields.Field("card_new", fields.text, True),
            fields.Field("card_old", fields.text, False),
        ),
    ),
    ("notice", "group_decrease", ""): (
        GroupDecrease,
        (
            fields.Field("sub_type", fields.text, True),
            fields.Field("group_id", fields.integer, True),
            fields.Field("user_id", fields.integer, True),
            fields.Field("operator_id", fields.integer, False),
        ),
    ),
    ("notice", "group_dismiss", ""): (
        GroupDismiss,
        (
            fields.Field("group_id", fields.integer, True),
            fields.Field("user_id", fields.integer, False),
        ),
    ),
    ("notice", "group_msg_emoji_like", ""): (
        GroupEmojiLike,
        (
            fields.Field("group_id", fields.integer, True),
            fields.Field("user_id", fields.integer, True),
            fields.Field("message_id", fields.integer, True),
            fields.Field("likes", fields.array(shapes.read_emoji_count), True),
            fields.Field("is_add", fields.boolean, False),
        ),
    ),
    ("notice", "group_increase", ""): (
        GroupIncrease,
        (
            fields.Field("sub_type", fields.text, True),
            fields.Field("group_id", fields.integer, True),
            fields.Field("user_id", fields.integer, True),
            fields.Field("operator_id", fields.integer, False),
        ),
    ),
    ("message", "group", ""): (
        GroupMessage,
        (
            fields.Field("message_id", fields.integer, True),
            fields.Field("user_id", fields.integer, True),
            fields.Field("message", fields.message, True),
            fields.Field("group_id", fields.integer, True),
            fields.Field("sub_type", fields.text, False),
            fields.Field("raw_message", fields.text, False),
            fields.Field("sender", shapes.read_sender, False),
            fields.Field("message_seq", fields.integer, False),
            fields.Field("real_id", fields.integer, False),
            fields.Field("real_seq", fields.text, False),
            fields.Field("group_name", fields.text, False),
            fields.Field("anonymous", shapes.read_anonymous_member, False),
        ),
    ),
    ("message_sent", "group", ""): (
        GroupMessageSent,
        (
            fields.Field("message_id", fields.integer, True),
            fields.Field("user_id", fields.integer, True),
            fields.Field("message", fields.message, True),
            fields.Field("group_id", fields.integer, True),
            fields.Field("sub_type", fields.text, False),
            fields.Field("raw_message", fields.text, False),
            fields.Field("sender", shapes.read_sender, False),
            fields.Field("message_seq", fields.integer, False),
            fields.Field("real_id", fields.integer, False),
            fields.Field("real_seq", fields.text, False),
            fields.Field("group_name", fields.text, False),
            fields.Field("target_id", fields.integer, False),
        ),
    ),
    ("notice", "group_name_change", ""): (
        GroupNameChange,
        (
            fields.Field("group_id", fields.integer, True),
            fields.Field("name", fields.text, True),
        ),
    ),
    ("notice", "notify", "group_name"): (
        GroupNameNotice,
        (
            fields.Field("group_id", fields.integer, True),
            fields.Field("name_new", fields.text, True),
            fields.Field("user_id", fields.integer, False),
        ),
    ),
    ("notice", "group_recall", ""): (
        GroupRecall,
        (
            fields.Field("group_id", fields.integer, True),
            fields.Field("user_id", fields.integer, True),
            fields.Field("message_id", fields.integer, True),
            fields.Field("operator_id", fields.integer, False),
            fields.Field("tip", fields.text, False),
        ),
    ),
    ("request", "group", ""): (
        GroupRequest,
        (
            fields.Field("sub_type", fields.text, True),
            fields.Field("group_id", fields.integer, True),
            fields.Field("user_id", fields.integer, True),
            fields.Field("flag", fields.text, True),
            fields.Field("comment", fields.text, False),
            fields.Field("invitor_id", fields.integer, False),
            fields.Field("source_group_id", fields.integer, False),
        ),
    ),
    ("notice", "group_upload", ""): (
        GroupUpload,
        (
            fields.Field("group_id", fields.integer, True),
            fields.Field("file", shapes.read_uploaded_file, True),
            fields.Field("user_id", fields.integer, False),
        ),
    ),
    ("message", "guild", ""): (
        GuildMessage,
        (
            fields.Field("guild_id", fields.text, True),
            fields.Field("channel_id", fields.text, True),
            fields.Field("message_id", fields.text, True),
            fields.Field("user_id", fields.text, True),
            fields.Field("message", fields.message, True),
            fields.Field("sub_type", fields.text, False),
            fields.Field("self_tiny_id", fields.text, False),
            fields.Field("sender", shapes.read_sender, False),
        ),
    ),
    ("notice", "message_reactions_updated", ""): (
        GuildReactions,
        (
            fields.Field("guild_id", fields.text, True),
            fields.Field("channel_id", fields.text, True),
            fields.Field("message_id", fields.text, True),
            fields.Field("operator_id", fields.text, False),
            fields.Field("self_tiny_id", fields.text, False),
            fields.Field("user_id", fields.integer, False),
            fields.Field("current_reactions", fields.array(fields.anything), False),
        ),
    ),
    ("notice", "guild_channel_recall", ""): (
        GuildRecall,
        (
            fields.Field("guild_id", fields.text, True),
            fields.Field("channel_id", fields.text, True),
            fields.Field("message_id", fields.text, True),
            fields.Field("operator_id", fields.text, False),
            fields.Field("self_tiny_id", fields.text, False),
            fields.Field("user_id", fields.integer, False),
        ),
    ),
    ("meta_event", "heartbeat", ""): (
        Heartbeat,
        (
            fields.Field("status", shapes.read_heartbeat_status, True),
            fields.Field("interval", fields.integer, False),
        ),
    ),
    ("notice", "notify", "honor"): (
        Honor,
        (
            fields.Field("group_id", fields.integer, True),
            fields.Field("user_id", fields.integer, True),
            fields.Field("honor_type", fields.text, True),
        ),
    ),
    ("notice", "notify", "input_status"): (
        InputStatus,
        (
            fields.Field("user_id", fields.integer, True),
            fields.Field("group_id", fields.integer, False),
            fields.Field("event_type", fields.integer, False),
            fields.Field("status_text", fields.text, False),
        ),
    ),
    ("bridge", "journal.failing", ""): (
        JournalFailing,
        (
            fields.Field("reason", fields.text, False),
        ),
    ),
    ("bridge", "journal.ok", ""): (
        JournalOk,
        (),
    ),
    ("meta_event", "lifecycle", ""): (
        Lifecycle,
        (
            fields.Field("sub_type", fields.text, True),
        ),
    ),
    ("bridge", "link.degraded", ""): (
        LinkDegraded,
        (
            fields.Field("attempts", fields.integer, True),
            fields.Field("reason", fields.text, True),
            fields.Field("retry_in_ms", fields.integer, True),
        ),
    ),
    ("bridge", "link.down", ""): (
        LinkDown,
        (
            fields.Field("link", fields.integer, True),
            fields.Field("role", fields.text, True),
            fields.Field("links", fields.integer, True),
            fields.Field("reason", fields.text, True),
            fields.Field("code", fields.integer, True),
        ),
    ),
    ("bridge", "link.up", ""): (
        LinkUp,
        (
            fields.Field("link", fields.integer, True),
            fields.Field("role", fields.text, True),
            fields.Field("links", fields.integer, True),
        ),
    ),
    ("notice", "notify", "lucky_king"): (
        LuckyKing,
        (
            fields.Field("group_id", fields.integer, True),
            fields.Field("user_id", fields.integer, True),
            fields.Field("target_id", fields.integer, True),
            fields.Field("sender_id", fields.integer, False),
        ),
    ),
    ("bridge", "nats.failing", ""): (
        NatsFailing,
        (
            fields.Field("reason", fields.text, False),
        ),
    ),
    ("bridge", "nats.gap", ""): (
        NatsGap,
        (
            fields.Field("first", fields.integer, True),
            fields.Field("last", fields.integer, True),
            fields.Field("reason", fields.text, False),
        ),
    ),
    ("bridge", "nats.ok", ""): (
        NatsOk,
        (),
    ),
    ("notice", "offline_file", ""): (
        OfflineFile,
        (
            fields.Field("user_id", fields.integer, True),
            fields.Field("file", shapes.read_received_file, True),
        ),
    ),
    ("notice", "online_file_receive", ""): (
        OnlineFileReceive,
        (
            fields.Field("peer_id", fields.integer, True),
            fields.Field("sub_type", fields.text, False),
        ),
    ),
    ("notice", "online_file_send", ""): (
        OnlineFileSend,
        (
            fields.Field("sub_type", fields.text, True),
            fields.Field("peer_id", fields.integer, True),
        ),
    ),
    ("bridge", "pairing.approved", ""): (
        PairingApproved,
        (
            fields.Field("user_id", fields.integer, True),
            fields.Field("nickname", fields.text, False),
        ),
    ),
    ("bridge", "pairing.denied", ""): (
        PairingDenied,
        (
            fields.Field("user_id", fields.integer, True),
            fields.Field("nickname", fields.text, False),
        ),
    ),
    ("bridge", "pairing.expired", ""): (
        PairingExpired,
        (
            fields.Field("user_id", fields.integer, True),
            fields.Field("nickname", fields.text, False),
        ),
    ),
    ("bridge", "pairing.requested", ""): (
        PairingRequested,
        (
            fields.Field("user_id", fields.integer, True),
            fields.Field("code", fields.text, True),
            fields.Field("expires_at", fields.integer, True),
            fields.Field("nickname", fields.text, False),
        ),
    ),
    ("bridge", "pairing.revoked", ""): (
        PairingRevoked,
        (
            fields.Field("user_id", fields.integer, True),
            fields.Field("nickname", fields.text, False),
        ),
    ),
    ("notice", "notify", "poke_recall"): (
        PokeRecall,
        (
            fields.Field("user_id", fields.integer, True),
            fields.Field("target_id", fields.integer, True),
            fields.Field("group_id", fields.integer, False),
            fields.Field("raw_info", fields.array(fields.anything), False),
        ),
    ),
    ("notice", "notify", "poke"): (
        Poked,
        (
            fields.Field("user_id", fields.integer, True),
            fields.Field("target_id", fields.integer, True),
            fields.Field("group_id", fields.integer, False),
            fields.Field("sender_id", fields.integer, False),
            fields.Field("raw_info", fields.array(fields.anything), False),
            fields.Field("action", fields.text, False),
            fields.Field("suffix", fields.text, False),
            fields.Field("action_img_url", fields.text, False),
        ),
    ),
    ("message", "private", ""): (
        PrivateMessage,
        (
            fields.Field("message_id", fields.integer, True),
            fields.Field("user_id", fields.integer, True),
            fields.Field("message", fields.message, True),
            fields.Field("sub_type", fields.text, False),
            fields.Field("raw_message", fields.text, False),
            fields.Field("sender", shapes.read_sender, False),
            fields.Field("message_seq", fields.integer, False),
            fields.Field("real_id", fields.integer, False),
            fields.Field("real_seq", fields.text, False),
            fields.Field("target_id", fields.integer, False),
            fields.Field("group_id", fields.integer, False),
            fields.Field("temp_source", fields.integer, False),
        ),
    ),
    ("message_sent", "private", ""): (
        PrivateMessageSent,
        (
            fields.Field("message_id", fields.integer, True),
            fields.Field("user_id", fields.integer, True),
            fields.Field("message", fields.message, True),
            fields.Field("sub_type", fields.text, False),
            fields.Field("raw_message", fields.text, False),
            fields.Field("sender", shapes.read_sender, False),
            fields.Field("message_seq", fields.integer, False),
            fields.Field("real_id", fields.integer, False),
            fields.Field("real_seq", fields.text, False),
            fields.Field("target_id", fields.integer, False),
            fields.Field("group_id", fields.integer, False),
            fields.Field("temp_source", fields.integer, False),
        ),
    ),
    ("notice", "notify", "profile_like"): (
        ProfileLike,
        (
            fields.Field("operator_id", fields.integer, False),
            fields.Field("operator_nick", fields.text, False),
            fields.Field("times", fields.integer, False),
        ),
    ),
    ("bridge", "offline", ""): (
        QQOffline,
        (
            fields.Field("source", fields.text, False),
        ),
    ),
    ("bridge", "online", ""): (
        QQOnline,
        (
            fields.Field("source", fields.text, False),
        ),
    ),
    ("notice", "reaction", ""): (
        Reaction,
        (
            fields.Field("sub_type", fields.text, True),
            fields.Field("group_id", fields.integer, True),
            fields.Field("message_id", fields.integer, True),
            fields.Field("code", fields.text, True),
            fields.Field("operator_id", fields.integer, False),
            fields.Field("count", fields.integer, False),
        ),
    ),
    ("bridge", "sending.paused", ""): (
        SendingPaused,
        (
            fields.Field("reason", fields.text, True),
            fields.Field("group_id", fields.integer, False),
            fields.Field("user_id", fields.integer, False),
            fields.Field("retry_after_ms", fields.integer, False),
        ),
    ),
    ("bridge", "sending.resumed", ""): (
        SendingResumed,
        (
            fields.Field("group_id", fields.integer, False),
            fields.Field("user_id", fields.integer, False),
        ),
    ),
    ("notice", "notify", "title"): (
        TitleChange,
        (
            fields.Field("group_id", fields.integer, True),
            fields.Field("user_id", fields.integer, True),
            fields.Field("title", fields.text, True),
        ),
    ),
}
