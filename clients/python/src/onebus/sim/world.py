"""The simulated QQ: who is where, who said what.

No socket, no clock, no randomness of its own: the time and the random numbers
are handed in, so a test that hands in the same gets the same.  What happens
is gathered as events, in order, until `take_events` fetches it.
"""

from __future__ import annotations

import random
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Literal

from . import events, faces, js
from .answers import Refused
from .commons import Commons
from .cq import Segment
from .disk import Content, Disk, FileForm, Stored
from .model import (
    Chat,
    Event,
    Friend,
    Group,
    GroupFile,
    JoinRequest,
    Member,
    Message,
    Notice,
    Role,
    Sent,
)
from .streams import Uploads

MEDIA = frozenset({"image", "record", "video", "file"})
"""The types of segments that are files."""

MESSAGES_KEPT = 5000
"""NapCat's table from message id to message holds as many; older ids are dead."""

SENT_KEPT = 10000
"""What was sent before is forgotten."""

_ID_BITS = 31

_NOT_IN_GROUP, _MUTED = 110, 120
"""What the QQ client gives for a send it refuses."""

_OFFLINE = "您的账号已在其他设备登录，请重新登录。"


class World:
    """One account and what it can see of QQ.

    `now` gives Unix seconds.  `ids` is where message ids come from, `rng` unless
    given.  With `commons` this account is in the same QQ as others.  Accounts and
    groups that a method names and that do not exist yet are made up, except
    where the bot is the one acting.
    """

    def __init__(
        self,
        self_id: int,
        nickname: str,
        *,
        now: Callable[[], float],
        rng: random.Random,
        ids: random.Random | None = None,
        commons: Commons | None = None,
    ) -> None:
        self.self_id = self_id
        self.nickname = nickname
        self.online = True
        self.commons = Commons() if commons is None else commons
        self.groups: dict[int, Group] = {}
        """Those the bot is in."""
        self.friends: dict[int, Friend] = {}
        self.join_requests: dict[str, JoinRequest] = {}
        self.sent: list[Sent] = []
        """What actions of the bot got through to QQ, oldest first."""
        self._sent_count = 0
        self.disk = Disk(now)
        self.uploads = Uploads(self.disk, now, rng)
        self.file_forms: frozenset[FileForm] = frozenset({"path", "url"})
        """What `get_file` and the like give; `base64` needs NapCat's setting
        `enableLocalFile2Url`."""
        self.packet_backend = True
        """Without it the actions that need it fail, with 1400."""
        self._now = now
        self._rng = rng
        self._ids = rng if ids is None else ids
        self._messages: OrderedDict[int, Message] = OrderedDict()
        self._events: list[Event] = []
        if self.commons.worlds.setdefault(self_id, self) is not self:
            raise ValueError(f"there are two bots with the account {self_id}")

    # -- reading -----------------------------------------------------------

    @property
    def time(self) -> int:
        """Unix seconds."""
        return int(self._now())

    @property
    def forwards(self) -> dict[str, list[Message]]:
        """What is in merged forwards, by their ids."""
        return self.commons.forwards

    @property
    def files(self) -> dict[str, bytes]:
        """NapCat's disk: bytes by path."""
        return self.disk.files

    def take_events(self) -> list[Event]:
        """What has happened since the last call, oldest first."""
        taken, self._events = self._events, []
        return taken

    def message(self, message_id: int) -> Message | None:
        """The message, unless it has left the table."""
        return self._messages.get(message_id)

    def history(self, chat: Chat) -> list[Message]:
        """What was said in a chat and not taken back, oldest first."""
        return [
            said
            for said in self._messages.values()
            if said.chat == chat and not said.recalled
        ]

    def nickname_of(self, user_id: int) -> str | None:
        """The name of an account that is known from anywhere."""
        if user_id == self.self_id:
            return self.nickname
        if user_id in self.friends:
            return self.friends[user_id].nickname
        for group in self.groups.values():
            if user_id in group.members:
                return group.members[user_id].nickname
        return self.commons.nickname_of(user_id)

    def own_role(self, group_id: int) -> Role | None:
        """The bot's role, None when it is not in the group."""
        group = self.groups.get(group_id)
        return group.members[self.self_id].role if group else None

    # -- furnishing --------------------------------------------------------

    def add_group(self, group_id: int, name: str, *, bot_role: Role = "admin") -> Group:
        """A group with the bot in it, without any event.

        One that another account is in already gets the name.
        """
        if self.commons.in_group(group_id):
            group = self.commons.groups[group_id]
            group.name = name
        else:
            group = self.commons.groups[group_id] = Group(group_id, name)
        self._enter(group, bot_role)
        return group

    def _enter(self, group: Group, role: Role) -> None:
        self.groups[group.group_id] = group
        self.add_member(group.group_id, self.self_id, self.nickname, role=role)

    def add_member(
        self,
        group_id: int,
        user_id: int,
        nickname: str,
        *,
        role: Role = "member",
        card: str = "",
    ) -> Member:
        """Somebody who has always been in the group, without any event."""
        member = Member(
            user_id, nickname, role, card, card_seen=card, join_time=self.time
        )
        self.group(group_id).members[user_id] = member
        return member

    def add_friend(self, user_id: int, nickname: str, *, remark: str = "") -> Friend:
        """A friend of the bot, without any event."""
        friend = Friend(user_id, nickname, remark)
        self.friends[user_id] = friend
        return friend

    def group(self, group_id: int) -> Group:
        """The group, made up when there is none; the bot is in it from then on."""
        if group_id not in self.groups:
            known = self.commons.groups.get(group_id)
            name = known.name if known else f"Group {group_id}"
            self.add_group(group_id, name)
        return self.groups[group_id]

    def member(self, group_id: int, user_id: int) -> Member:
        """The member, made up when there is none."""
        members = self.group(group_id).members
        if user_id not in members:
            name = self.nickname_of(user_id) or f"User {user_id}"
            self.add_member(group_id, user_id, name)
        return members[user_id]

    # -- talking -----------------------------------------------------------

    def say_in_group(
        self, group_id: int, user_id: int, segments: list[Segment]
    ) -> Message:
        """A member (or, from another device, the bot) speaks."""
        member = self.member(group_id, user_id)
        self._notice_card(group_id, member)
        member.last_sent_time = self.time
        said = self._new_message(Chat("group", group_id), user_id, segments)
        said.nickname, said.card, said.role = member.nickname, member.card, member.role
        said.group_name = self.groups[group_id].name
        return self._said(said)

    def say_privately(
        self,
        peer_id: int,
        segments: list[Segment],
        *,
        sender_id: int | None = None,
        from_group: int | None = None,
    ) -> Message:
        """The peer of a private chat speaks, or the bot as `sender_id`.

        `from_group` makes it a temporary chat through that group.
        """
        sender = peer_id if sender_id is None else sender_id
        if from_group is not None:
            self.member(from_group, peer_id)
        elif peer_id not in self.friends and peer_id != self.self_id:
            self.add_friend(peer_id, self.nickname_of(peer_id) or f"User {peer_id}")
        said = self._new_message(Chat("private", peer_id), sender, segments)
        said.nickname = self.nickname_of(sender) or ""
        said.temporary_group = from_group
        return self._said(said)

    def check_may_speak(self, chat: Chat) -> None:
        """Refuse what QQ would: the account is offline, the bot is not in the
        group or is muted there."""
        if not self.online:
            raise Refused(send_timeout())
        if chat.kind == "private":
            return
        group = self.groups.get(chat.peer_id)
        if group is None:
            raise Refused(send_failure(_NOT_IN_GROUP))
        bot = group.members[self.self_id]
        if bot.banned_until > self.time or (group.whole_ban and bot.role == "member"):
            raise Refused(send_failure(_MUTED))

    def note_sent(
        self,
        said: Message,
        media: tuple[Content, ...] = (),
        nodes: tuple[Segment, ...] = (),
    ) -> None:
        """Keep what an action has sent in `sent`."""
        self.sent.append(Sent(self._sent_count, self._now(), said, media, nodes))
        self._sent_count += 1
        del self.sent[:-SENT_KEPT]

    def throw(self, face_id: str, result: str | None = None) -> Segment:
        """A die or a hand of rock-paper-scissors; QQ decides what shows unless
        `result` does."""
        kind, sides = ("dice", 6) if face_id == faces.DICE else ("rps", 3)
        shown = result or str(self._rng.randint(1, sides))
        return {"type": kind, "data": {"result": shown}}

    def file_in_message(
        self, kind: Literal["image", "record", "video", "file"], name: str, data: bytes
    ) -> Segment:
        """A segment with a file that NapCat can then be asked for by its
        `file` (of type `file`: `file_id`)."""
        url = "" if kind == "file" else media_url(name)
        file_id = name if kind != "file" else f"/{self._rng.getrandbits(128):032x}"
        self.disk.store(Stored(file_id, name, data, url))
        body = {"file": name, "url": url, "file_size": str(len(data))}
        if kind == "image":
            return {"type": kind, "data": {"summary": "", "sub_type": 0} | body}
        if kind == "file":
            del body["url"]
            return {"type": kind, "data": body | {"file_id": file_id}}
        return {"type": kind, "data": body}

    def _new_message(
        self, chat: Chat, sender_id: int, segments: list[Segment]
    ) -> Message:
        return Message(
            message_id=self._free_id(),
            real_seq=self.commons.next_seq(chat),
            time=self.time,
            chat=chat,
            sender_id=sender_id,
            nickname="",
            segments=segments,
        )

    def _free_id(self) -> int:
        """NapCat's ids are hashes: they do not rise with time."""
        while True:
            candidate = self._ids.getrandbits(_ID_BITS)
            if candidate and candidate not in self._messages:
                return candidate

    def _said(self, said: Message) -> Message:
        """It is heard here, and by all other bots that can."""
        self._hear(said)
        self.commons.tell(said)
        for world, chat in self._hearing(said):
            world._hear_copy(said, chat, self)
        return said

    def _hearing(self, said: Message) -> list[tuple[World, Chat]]:
        """The other bots that hear it, and where it stands for each."""
        if said.chat.kind == "group":
            others = self.commons.in_group(said.chat.peer_id)
            return [(world, said.chat) for world in others if world is not self]
        peer = self.commons.worlds.get(said.chat.peer_id)
        if peer is None or peer is self:
            return []
        return [(peer, Chat("private", self.self_id))]

    def _hear(self, said: Message) -> None:
        said.copies[self.self_id] = said
        self._messages[said.message_id] = said
        if len(self._messages) > MESSAGES_KEPT:
            _, oldest = self._messages.popitem(last=False)
            self.forwards.pop(forward_id(oldest), None)
        for segment in said.segments:
            self._note_file(segment)
        self._events.append(said)

    def _hear_copy(self, said: Message, chat: Chat, origin: World) -> None:
        """What was said in another world, with an id, and files, of this one."""
        self.disk.take_stored(origin.disk, said.segments)
        segments = [self._own_quote(segment, origin) for segment in said.segments]
        message_id = self._free_id()
        self._hear(replace(said, message_id=message_id, chat=chat, segments=segments))

    def _own_quote(self, segment: Segment, origin: World) -> Segment:
        """A quote by the id that the quoted message has here."""
        if segment.get("type") != "reply":
            return segment
        quoted = js.text(segment["data"].get("id", ""))
        found = origin.message(int(quoted)) if quoted.isdigit() else None
        own = found.copies.get(self.self_id) if found else None
        return segment if own is None else _reply_to(own)

    def _note_file(self, segment: Segment) -> None:
        """A file that stands in a message can be asked for by its id, though
        nothing may be known of its bytes."""
        data = segment.get("data")
        if segment.get("type") not in MEDIA or not js.is_object(data):
            return
        name = js.text(data.get("file", ""))
        file_id = js.text(data.get("file_id", name))
        if file_id and not self.disk.is_stored(file_id):
            url = js.text(data.get("url", ""))
            self.disk.store(Stored(file_id, name or file_id, None, url))

    def _notice_card(self, group_id: int, member: Member) -> None:
        """NapCat finds a changed card only when its owner speaks."""
        if member.card != member.card_seen:
            self._emit_in(
                group_id,
                events.group_card,
                member.user_id,
                member.card,
                member.card_seen,
            )
            member.card_seen = member.card

    # -- what is done to messages -------------------------------------------

    def recall(self, message_id: int, operator_id: int) -> None:
        """Take a message back; who may do so is not checked here."""
        said = self._messages[message_id]
        for world, copy in self._copies(said):
            copy.recalled = True
            world._tell(_recalled(world, copy, operator_id), first=world is self)

    def _copies(self, said: Message) -> list[tuple[World, Message]]:
        """The message as each bot has it."""
        return [
            (self.commons.worlds[account], copy)
            for account, copy in said.copies.items()
        ]

    def react(self, message_id: int, user_id: int, emoji_id: str, *, on: bool) -> None:
        """Add or take away a reaction; only groups tell of it."""
        said = self._messages[message_id]
        # All copies share the reactions.
        accounts = said.reactions.setdefault(emoji_id, set())
        (accounts.add if on else accounts.discard)(user_id)
        if said.chat.kind == "private":
            return
        for world, copy in self._copies(said):
            event = events.emoji_like(
                world.time,
                world.self_id,
                said.chat.peer_id,
                user_id,
                copy.message_id,
                emoji_id,
                len(accounts),
                added=on,
            )
            world._tell(event, first=world is self)

    def make_essence(self, message_id: int, operator_id: int) -> None:
        """Pin a group message as an essence message."""
        said = self._messages[message_id]
        for world, copy in self._copies(said):
            event = events.essence(
                world.time,
                world.self_id,
                said.chat.peer_id,
                said.sender_id,
                operator_id,
                copy.message_id,
            )
            world._tell(event, first=world is self)

    # -- groups ------------------------------------------------------------

    def join(
        self,
        group_id: int,
        user_id: int,
        nickname: str | None = None,
        *,
        operator_id: int = 0,
        how: Literal["approve", "invite"] = "approve",
    ) -> None:
        """Somebody comes into a group, the bot perhaps."""
        world = self.commons.worlds.get(user_id)
        if world is not None:
            world._come_back(group_id)
        else:
            name = nickname or self.nickname_of(user_id) or f"User {user_id}"
            self.add_member(group_id, user_id, name)
        self._emit_in(
            group_id, events.group_increase, user_id, operator_id, how, by=world
        )

    def _come_back(self, group_id: int) -> None:
        """A group the bot has been in is as it was, but for the bot."""
        known = self.commons.groups.get(group_id)
        group = known or Group(group_id, f"Group {group_id}")
        self.commons.groups[group_id] = group
        self._enter(group, "member")

    def leave(self, group_id: int, user_id: int) -> None:
        """Somebody leaves of their own will."""
        self._part(group_id, user_id, 0, "leave")

    def kick(self, group_id: int, user_id: int, operator_id: int) -> None:
        """Somebody is made to leave."""
        self._part(group_id, user_id, operator_id, "kick")

    def _part(
        self,
        group_id: int,
        user_id: int,
        operator_id: int,
        how: Literal["leave", "kick"],
    ) -> None:
        """Who leaves is told as well, of a kick in words of its own."""
        parted = self.commons.worlds.get(user_id)
        if parted is None:
            self.group(group_id).members.pop(user_id, None)
        elif parted.groups.pop(group_id, None) is not None:
            self.commons.groups[group_id].members.pop(user_id, None)
        first = self if parted is None else parted
        for world in {first: None} | dict.fromkeys(self.commons.in_group(group_id)):
            said = "kick_me" if how == "kick" and world is parted else how
            event = events.group_decrease(
                world.time, world.self_id, group_id, user_id, operator_id, said
            )
            world._tell(event, first=world is first)

    def disband(self, group_id: int) -> None:
        """The group ends."""
        self._emit_in(group_id, events.group_decrease, 0, 0, "disband")
        for world in self.commons.in_group(group_id):
            del world.groups[group_id]
        self.commons.groups.pop(group_id, None)

    def ban(self, group_id: int, user_id: int, seconds: int, operator_id: int) -> None:
        """Mute a member; 0 seconds lift it."""
        member = self.member(group_id, user_id)
        member.banned_until = self.time + seconds if seconds else 0
        self._emit_in(group_id, events.group_ban, user_id, operator_id, seconds)

    def ban_all(self, group_id: int, operator_id: int, *, on: bool) -> None:
        """Mute the whole group, or lift that."""
        self.group(group_id).whole_ban = on
        self._emit_in(group_id, events.group_ban, 0, operator_id, -1 if on else 0)

    def set_admin(self, group_id: int, user_id: int, *, on: bool) -> None:
        """Make a member an administrator, or an ordinary member again."""
        self.member(group_id, user_id).role = "admin" if on else "member"
        self._emit_in(group_id, partial(events.group_admin, on=on), user_id)

    def set_card(self, group_id: int, user_id: int, card: str) -> None:
        """Change a card; the notice comes when the member speaks next."""
        self.member(group_id, user_id).card = card

    def set_title(self, group_id: int, user_id: int, title: str) -> None:
        """Give a member a special title."""
        self.member(group_id, user_id).title = title
        self._emit_in(group_id, events.title, user_id, title)

    def rename_group(self, group_id: int, name: str, operator_id: int) -> None:
        """Give the group a new name."""
        self.group(group_id).name = name
        self._emit_in(group_id, events.group_name, operator_id, name)

    def upload(
        self,
        group_id: int,
        user_id: int,
        name: str,
        size: int,
        data: bytes | None = None,
        source: str = "",
    ) -> GroupFile:
        """Put a file of `size` bytes into the group's file area; with `data`
        it can be got from there.  `source` is what the bot gave for it.

        QQ shows it twice: as a message, and as a notice when it is not the
        bot's own.
        """
        member = self.member(group_id, user_id)
        file = GroupFile(
            file_id=f"/{self._rng.getrandbits(128):032x}",
            name=name,
            size=size,
            uploader=user_id,
            uploader_name=member.nickname,
            upload_time=self.time,
        )
        self.groups[group_id].files.append(file)
        if data is not None:
            self.disk.store(Stored(file.file_id, name, data))
        said = self.say_in_group(group_id, user_id, [file_segment(file)])
        if user_id == self.self_id:
            self.note_sent(said, (Content(source, name, data),))
        body = {"id": file.file_id[1:], "name": name, "size": size, "busid": 102}
        for world in self.commons.in_group(group_id):
            if user_id != world.self_id:
                event = events.group_upload(
                    world.time, world.self_id, group_id, user_id, body
                )
                world._tell(event, first=world is self)
        return file

    # -- what befalls the bot ------------------------------------------------

    def mute(self, group_id: int, seconds: int = 600, operator_id: int = 0) -> None:
        """Mute the bot in a group: its sends fail until the time is over."""
        self.group(group_id)
        self.ban(group_id, self.self_id, seconds, operator_id)

    def unmute(self, group_id: int, operator_id: int = 0) -> None:
        """Let the bot speak again."""
        self.mute(group_id, 0, operator_id)

    def mute_all(self, group_id: int, operator_id: int = 0) -> None:
        """Mute the whole group; administrators may still speak."""
        self.ban_all(group_id, operator_id, on=True)

    def unmute_all(self, group_id: int, operator_id: int = 0) -> None:
        """Let all speak again."""
        self.ban_all(group_id, operator_id, on=False)

    def kick_bot(self, group_id: int, operator_id: int = 0) -> None:
        """Throw the bot out of a group: what it sends there fails."""
        self.group(group_id)
        self.kick(group_id, self.self_id, operator_id)

    def rejoin(self, group_id: int, operator_id: int = 0) -> None:
        """The bot is let into a group again, as an ordinary member."""
        self.join(group_id, self.self_id, operator_id=operator_id)

    def go_offline(self, tag: str = "下线通知", message: str = _OFFLINE) -> None:
        """QQ logs the account off: sends fail, the connection stays."""
        self.online = False
        self._emit(partial(events.bot_offline, tag=tag, message=message))

    def go_online(self) -> None:
        """The account is logged in again; NapCat does not tell."""
        self.online = True

    # -- people ------------------------------------------------------------

    def poke(
        self, user_id: int, target_id: int, *, group_id: int | None = None
    ) -> None:
        """`user_id` pokes `target_id`, in a group or in the private chat."""
        if group_id is not None:
            self.group(group_id)
            self._emit_in(group_id, events.group_poke, user_id, target_id)
            return
        peer_id = target_id if user_id == self.self_id else user_id
        self._emit(events.friend_poke, peer_id, user_id, target_id)
        peer = self.commons.worlds.get(peer_id)
        if peer is not None and peer is not self:
            event = events.friend_poke(
                peer.time, peer.self_id, self.self_id, user_id, target_id
            )
            peer._tell(event, first=False)

    def ask_friendship(self, user_id: int, comment: str = "") -> JoinRequest:
        """Somebody wants to be a friend; the flag is the time, as in NapCat."""
        flag = self._free_flag(self.time)
        return self._ask(JoinRequest(flag, user_id, comment))

    def ask_group(
        self,
        group_id: int,
        user_id: int,
        comment: str = "",
        *,
        how: Literal["add", "invite"] = "add",
    ) -> JoinRequest:
        """Somebody wants into a group, or wants the bot in theirs."""
        flag = self._free_flag(self.time * 1_000_000 + self._rng.randrange(1_000_000))
        return self._ask(JoinRequest(flag, user_id, comment, group_id, how))

    def _free_flag(self, number: int) -> str:
        while str(number) in self.join_requests:
            number += 1
        return str(number)

    def _ask(self, asked: JoinRequest) -> JoinRequest:
        self.join_requests[asked.flag] = asked
        self._emit(events.request, asked)
        return asked

    def settle_friendship(self, flag: str, *, approve: bool, remark: str = "") -> None:
        """Answer a friend request."""
        asked = self._take_request(flag, of_group=False)
        if approve:
            name = self.nickname_of(asked.user_id) or f"User {asked.user_id}"
            self.add_friend(asked.user_id, name, remark=remark)
            self._emit(events.friend_add, asked.user_id)

    def settle_group(self, flag: str, *, approve: bool) -> None:
        """Answer a group request or an invitation."""
        asked = self._take_request(flag, of_group=True)
        if not approve or asked.group_id is None:
            return
        if asked.sub_type == "invite":
            self.join(
                asked.group_id, self.self_id, operator_id=asked.user_id, how="invite"
            )
        else:
            self.join(asked.group_id, asked.user_id, operator_id=self.self_id)

    def _take_request(self, flag: str, *, of_group: bool) -> JoinRequest:
        asked = self.join_requests.get(flag)
        if asked is None or (asked.group_id is not None) != of_group:
            raise Refused("No such request")
        return self.join_requests.pop(flag)

    # -- events --------------------------------------------------------------

    def _emit(self, build: Callable[..., Notice], *facts: object) -> None:
        """Gather an event whose builder takes the time and the bot first."""
        self._tell(build(self.time, self.self_id, *facts), first=True)

    def _emit_in(
        self,
        group_id: int,
        build: Callable[..., Notice],
        *facts: object,
        by: World | None = None,
    ) -> None:
        """The same for all bots in the group; the builder takes it third.

        `by` is the one whose event counts as the first, if not this one's.
        """
        first = by or self
        for world in {first: None} | dict.fromkeys(self.commons.in_group(group_id)):
            event = build(world.time, world.self_id, group_id, *facts)
            world._tell(event, first=world is first)

    def _tell(self, event: Event, *, first: bool) -> None:
        """Gather an event; the `first` of those of one fact stands for it."""
        self._events.append(event)
        if first:
            self.commons.tell(event)


def forward_id(said: Message) -> str:
    """The id of what is in a merged forward."""
    return f"sim-forward-{said.message_id}"


def _recalled(world: World, said: Message, operator_id: int) -> Notice:
    time, self_id = world.time, world.self_id
    if said.chat.kind == "private":
        return events.friend_recall(time, self_id, said.sender_id, said.message_id)
    return events.group_recall(
        time,
        self_id,
        said.chat.peer_id,
        said.sender_id,
        operator_id,
        said.message_id,
    )


def _reply_to(said: Message) -> Segment:
    return {"type": "reply", "data": {"id": str(said.message_id)}}


def file_segment(file: GroupFile) -> Segment:
    """A file as NapCat reports it; its size travels as text."""
    return {
        "type": "file",
        "data": {
            "file": file.name,
            "file_id": file.file_id,
            "file_size": str(file.size),
        },
    }


def media_url(name: str) -> str:
    """Where QQ has the media of messages."""
    return f"https://multimedia.nt.qq.com.cn/download?appid=1407&fileid={name}"


def send_failure(result: int) -> str:
    """NapCat's text when the QQ client refuses to send (`helper/event.ts`)."""
    return _send_text("EventChecker Failed: ", {"result": result, "errMsg": ""})


def send_timeout() -> str:
    """NapCat's text when the QQ client says nothing of a send."""
    return _send_text("Timeout: ", {"result": 0, "errMsg": ""})


def _send_text(why: str, returned: dict[str, object]) -> str:
    inner = ",\n".join(f'    "{k}": {js.dumps(v)}' for k, v in returned.items())
    return (
        f"{why}NTEvent "
        "serviceAndMethod:NodeIKernelMsgService/sendMsg "
        "ListenerName:NodeIKernelMsgListener/onMsgInfoListUpdate EventRet:\n"
        f"{{\n{inner}\n}}\n"
    )
