"""A little group chat that goes on by itself.

Two groups of made-up people talk about tea, code and birds, sometimes to the
bot, and now and then something happens: somebody joins, pokes, takes a
message back, is muted for a minute.  The same seed gives the same chat.

Lines are written in a small notation: ``<bot>`` and ``<at:name>`` address
somebody, ``<face:id>`` is a QQ face, ``<image:file>`` a picture, ``<reply>``
answers the message before.
"""

from __future__ import annotations

import random
import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from .cq import Segment, text_segment
from .model import Chat, Event, Message, Role
from .world import World

TEA_GROUP = 20002
BIRD_GROUP = 20003


@dataclass(frozen=True)
class Person:
    """Somebody of the cast."""

    user_id: int
    nickname: str
    card: str = ""
    role: Role = "member"


CAST: dict[str, Person] = {
    "lin": Person(30001, "小林", role="owner"),
    "mei": Person(30002, "梅子", card="梅子 (泡茶中)"),
    "ana": Person(30003, "Ana"),
    "bo": Person(30004, "老薄"),
    "kit": Person(30005, "Kit", card="Kit 🐦"),
    "yu": Person(30006, "雨声", role="owner"),
    "sam": Person(30007, "Sam"),
}

_MEMBERS = {
    TEA_GROUP: ("茶与代码 Tea & Code", ("lin", "mei", "ana", "bo")),
    BIRD_GROUP: ("城市观鸟小组", ("yu", "kit", "sam", "mei")),
}

_VISITORS = ((30011, "晚风"), (30012, "Nori"), (30013, "路过的猫"), (30014, "Elio"))

Line = tuple[str, str]
"""Who (a key of CAST), and what in the notation above."""

_SCENES: dict[int, tuple[tuple[Line, ...], ...]] = {
    TEA_GROUP: (
        (
            ("lin", "早上好，今天喝什么？"),
            ("mei", "白毫银针，第三泡了 <face:76>"),
            ("ana", "Morning! Still on my first coffee here."),
            ("lin", "<reply>咖啡也算，进来坐 <face:21>"),
        ),
        (
            ("bo", "谁还记得那个并发的 bug 最后怎么修的？"),
            ("ana", "We moved everything to one thread and it went away."),
            ("bo", "<reply><at:ana> 所以是把 bug 也排队了 <face:178>"),
            ("ana", "Exactly. It is waiting politely."),
        ),
        (
            ("mei", "新到的茶盏，给大家看看"),
            ("mei", "<image:cup.jpg>"),
            ("lin", "<reply>釉色真好看"),
            ("bo", "这个颜色像我的终端主题"),
        ),
        (
            ("ana", "<bot> are you awake?"),
            ("lin", "它从来不睡 <face:13>"),
        ),
        (
            ("lin", "/echo 你好，世界"),
            ("mei", "看看机器人理不理我们"),
        ),
        (
            ("bo", "今晚八点一起看书吗？第四章"),
            ("mei", "好呀，我带点心"),
            ("ana", "I'm in. Is there a summary of chapter three?"),
            ("lin", "<reply>有，晚点发群文件"),
        ),
        (
            ("ana", "/echo hello from the tea table"),
            ("bo", "<bot> 现在几点了？"),
        ),
        (
            ("mei", "下雨了，适合写测试"),
            ("bo", "晴天呢？"),
            ("mei", "<reply>晴天也适合写测试 <face:74>"),
        ),
    ),
    BIRD_GROUP: (
        (
            ("yu", "公园湖边来了一对凤头䴙䴘！"),
            ("kit", "On my way. East gate?"),
            ("yu", "<reply>东门进来左手边，别惊动它们"),
            ("kit", "<image:grebe.jpg>"),
            ("sam", "Wow, what a crest <face:76>"),
        ),
        (
            ("sam", "What was the small green one this morning?"),
            ("mei", "暗绿绣眼鸟吧，喜欢樱花"),
            ("sam", "<reply><at:mei> thank you, that's the one!"),
        ),
        (
            ("kit", "/echo 今日鸟种：麻雀 x 42"),
            ("yu", "麻雀也要认真数 <face:21>"),
        ),
        (
            ("yu", "周六早上六点集合，有人来吗"),
            ("sam", "Six?! ...fine. I'll bring tea."),
            ("mei", "我跟 Sam 一起"),
        ),
        (
            ("sam", "<bot> which bird is this?"),
            ("sam", "<image:mystery.jpg>"),
            ("kit", "<reply>That is a branch, Sam. <face:178>"),
        ),
    ),
}

_REACTIONS = (
    "<reply>哈哈，收到 <face:13>",
    "<reply>Nice, it works!",
    "机器人今天很精神 <face:76>",
    "<reply>谢谢小助手",
    "It answered! <face:21>",
)

_PRIVATE = (
    "在吗？想问问你会做什么",
    "/echo just between us",
    "help",
    "今天群里好热闹 <face:13>",
)

_FACES = {
    "13": "/呲牙",
    "21": "/可爱",
    "74": "/太阳",
    "76": "/赞",
    "178": "/斜眼笑",
}

_MARK = re.compile(r"<(bot|reply|at|face|image)(?::([^>]*))?>")


@dataclass
class Room:
    """Where a group's talk stands: the scene being played, and its last line."""

    group_id: int
    script: deque[Line] = field(default_factory=deque)
    scenes: deque[tuple[Line, ...]] = field(default_factory=deque)
    """Those still to come before any is played again."""
    last: Message | None = None


class GroupChat:
    """Plays the chat into a world, one thing a step."""

    def __init__(self, world: World, rng: random.Random) -> None:
        self._world = world
        self._rng = rng
        self._rooms = [Room(group_id) for group_id in _MEMBERS]
        self._due: deque[tuple[Room, Callable[[], None]]] = deque()
        self._visitors = deque(_VISITORS)
        self._furnish()

    def _furnish(self) -> None:
        for group_id, (name, people) in _MEMBERS.items():
            role: Role = "admin" if group_id == TEA_GROUP else "member"
            self._world.add_group(group_id, name, bot_role=role)
            for key in people:
                person = CAST[key]
                self._world.add_member(
                    group_id,
                    person.user_id,
                    person.nickname,
                    role=person.role,
                    card=person.card,
                )
        for key in ("lin", "sam"):
            self._world.add_friend(CAST[key].user_id, CAST[key].nickname)

    # -- one thing a step ----------------------------------------------------

    def step(self) -> None:
        """Let the next thing happen."""
        if self._due and self._rng.random() < 0.6:
            room, happen = self._due.popleft()
        else:
            # Two thirds of the talk is in the tea group.
            room = self._rng.choices(self._rooms, weights=(2, 1))[0]
            happen = partial(self._go_on, room)
        # A group the bot has left is not heard of any more.
        if room.group_id in self._world.groups:
            happen()

    def _go_on(self, room: Room) -> None:
        if room.script:
            self._speak(room, *room.script.popleft())
        elif self._rng.random() < 0.5:
            self._rng.choice(self._happenings())(room)
        else:
            room.script.extend(self._next_scene(room))
            self._speak(room, *room.script.popleft())

    def _next_scene(self, room: Room) -> tuple[Line, ...]:
        if not room.scenes:
            scenes = _SCENES[room.group_id]
            room.scenes.extend(self._rng.sample(scenes, len(scenes)))
        return room.scenes.popleft()

    def heard(self, said: Event) -> None:
        """Somebody may react to what the bot says in a group, a little later."""
        if not isinstance(said, Message):
            return
        places = {Chat("group", room.group_id): room for room in self._rooms}
        room = places.get(said.chat)
        if room is None or said.sender_id != self._world.self_id:
            return
        room.last = said
        chance = self._rng.random()
        if chance < 0.35:
            self._due.append((room, partial(self._react, room)))
        elif chance < 0.6:
            self._due.append((room, partial(self._like, said)))

    def _speak(self, room: Room, who: str, line: str) -> None:
        self._say(room, CAST[who].user_id, line)

    def _say(self, room: Room, user_id: int, line: str) -> None:
        if user_id not in self._world.group(room.group_id).members:
            # Kicked by the bot, or so: they come back.
            self._world.join(room.group_id, user_id, self._nickname(user_id))
        member = self._world.member(room.group_id, user_id)
        if member.banned_until > self._world.time:
            return
        segments = self._segments(line, room.last)
        room.last = self._world.say_in_group(room.group_id, user_id, segments)

    def _nickname(self, user_id: int) -> str | None:
        names = {person.user_id: person.nickname for person in CAST.values()}
        return names.get(user_id)

    def _react(self, room: Room) -> None:
        self._say(room, self._somebody(room), self._rng.choice(_REACTIONS))

    def _like(self, said: Message) -> None:
        if self._world.message(said.message_id) is not None:
            self._world.react(said.message_id, CAST["mei"].user_id, "76", on=True)

    def _somebody(self, room: Room) -> int:
        """Any person of the room who is not its owner."""
        people = _MEMBERS[room.group_id][1][1:]
        return CAST[self._rng.choice(people)].user_id

    # -- happenings ----------------------------------------------------------

    def _happenings(self) -> list[Callable[[Room], None]]:
        return [
            self._visit,
            self._poke,
            self._slip,
            self._cool_down,
            self._whisper,
            self._command,
            self._enthusiasm,
        ]

    def _owner(self, room: Room) -> int:
        return CAST[_MEMBERS[room.group_id][1][0]].user_id

    def _visit(self, room: Room) -> None:
        """Somebody joins, is greeted, and leaves after a while."""
        user_id, nickname = self._visitors[0]
        self._visitors.rotate(-1)
        if user_id in self._world.group(room.group_id).members:
            self._world.leave(room.group_id, user_id)
            return
        self._world.join(
            room.group_id, user_id, nickname, operator_id=self._owner(room)
        )
        greeting = f"欢迎 {nickname}！"
        greeter = self._somebody(room)
        self._due.append((room, partial(self._say, room, greeter, greeting)))

    def _poke(self, room: Room) -> None:
        target = self._rng.choice((self._world.self_id, self._owner(room)))
        self._world.poke(self._somebody(room), target, group_id=room.group_id)

    def _slip(self, room: Room) -> None:
        """A message in the wrong group, taken back."""
        who = self._somebody(room)
        self._say(room, who, "咦，发错群了")
        slip = room.last
        if slip is not None and slip.sender_id == who:
            self._due.append((room, partial(self._take_back, slip)))

    def _take_back(self, slip: Message) -> None:
        if self._world.message(slip.message_id) is not None and not slip.recalled:
            self._world.recall(slip.message_id, slip.sender_id)

    def _cool_down(self, room: Room) -> None:
        """The owner mutes somebody for a minute, with a wink, and lifts it."""
        who, owner = self._somebody(room), self._owner(room)
        self._world.ban(room.group_id, who, 60, owner)
        lift = partial(self._world.ban, room.group_id, who, 0, owner)
        self._due.append((room, lift))

    def _whisper(self, _room: Room) -> None:
        """A friend writes to the bot."""
        friend = CAST[self._rng.choice(("lin", "sam"))]
        line = self._rng.choice(_PRIVATE)
        self._world.say_privately(friend.user_id, self._segments(line, None))

    def _command(self, room: Room) -> None:
        number = self._rng.randrange(100)
        self._say(room, self._somebody(room), f"/echo {number} 只麻雀")

    def _enthusiasm(self, room: Room) -> None:
        """A reaction to the last message of the room."""
        if room.last is not None and self._world.message(room.last.message_id):
            who = self._somebody(room)
            self._world.react(room.last.message_id, who, "76", on=True)

    # -- the notation --------------------------------------------------------

    def _segments(self, line: str, previous: Message | None) -> list[Segment]:
        segments: list[Segment] = []
        end = 0
        for mark in _MARK.finditer(line):
            _append_text(segments, line[end : mark.start()])
            segments += self._marked(mark.group(1), mark.group(2) or "", previous)
            end = mark.end()
        _append_text(segments, line[end:])
        return segments

    def _marked(self, kind: str, what: str, previous: Message | None) -> list[Segment]:
        if kind == "reply":
            return [] if previous is None else [_reply(previous)]
        if kind == "face":
            return [_face(what)]
        if kind == "image":
            return [_image(what, self._rng.randrange(50_000, 900_000))]
        account = self._world.self_id if kind == "bot" else CAST[what].user_id
        return [{"type": "at", "data": {"qq": str(account)}}]


def _append_text(segments: list[Segment], text: str) -> None:
    if text:
        segments.append(text_segment(text))


def _reply(previous: Message) -> Segment:
    return {"type": "reply", "data": {"id": str(previous.message_id)}}


def _face(face_id: str) -> Segment:
    """NapCat adds the client's own description of the face."""
    raw = {"faceIndex": int(face_id), "faceText": _FACES[face_id], "faceType": 1}
    return {
        "type": "face",
        "data": {"id": face_id, "raw": raw, "resultId": None, "chainCount": None},
    }


def _image(file: str, size: int) -> Segment:
    return {
        "type": "image",
        "data": {
            "summary": "",
            "file": file,
            "sub_type": 0,
            "url": f"https://multimedia.nt.qq.com.cn/download?appid=1407&fileid={file}",
            "file_size": str(size),
        },
    }
