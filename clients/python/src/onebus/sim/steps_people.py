"""Steps that people do: say, poke, recall, come, go, moderate, ask."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, get_args

from . import cq
from .cq import Segment, text_segment
from .model import Role
from .nodes import Node
from .stage import MediaKind, Seat
from .steps import Play, Reading, Run, Verbs
from .world import World

VERBS = Verbs()

_MEDIA: tuple[MediaKind, ...] = ("image", "record", "video", "file")
_MUTE_SECONDS = 600
_PLACE = ("by", "in", "to")

Part = Callable[[Play, Seat], Segment]
"""A segment that is made when its message is said."""


@VERBS.add("say", *_PLACE, "at", "quote", "codes", "as", *_MEDIA)
def _say(node: Node, reading: Reading) -> Run:
    """`say` is a text, or a list of segments, which stand as they are."""
    seat = reading.cast.seat(node)
    parts = [*_quote(node), *_mention(node, reading), *_media(node, reading)]
    speech, label = _speech(node), node["as"].text() if node.has("as") else None

    async def run(play: Play) -> None:
        segments = [part(play, seat) for part in parts] + speech(play)
        said = await play.stage.say(seat, segments)
        if label is not None:
            play.labels[label] = said

    return run


def _speech(node: Node) -> Callable[[Play], list[Segment]]:
    given = node["say"]
    if isinstance(given.value, list):
        segments = [_segment(element) for element in given.elements()]
        return lambda _play: list(segments)
    text = given.text()
    if node.has("codes") and node["codes"].flag():
        return lambda play: cq.decode(play.filled(text))
    return lambda play: [text_segment(play.filled(text))] if text else []


def _segment(node: Node) -> Segment:
    if isinstance(node.value, str):
        return text_segment(node.value)
    node.only(("type", "data"))
    return {"type": node["type"].text(), "data": node["data"].object()}


def _quote(node: Node) -> list[Part]:
    given = node.get("quote")
    if given is None:
        return []
    label = given.text()

    def part(play: Play, seat: Seat) -> Segment:
        known = play.message(label)
        bot = seat.bot
        if seat.group_id is not None:
            bot = play.stage.world_of(seat.group_id).self_id
        said = known.copies.get(bot, known)
        return {"type": "reply", "data": {"id": str(said.message_id)}}

    return [part]


def _mention(node: Node, reading: Reading) -> list[Part]:
    given = node.get("at")
    if given is None:
        return []
    qq = "all" if given.value == "all" else str(reading.cast.account(given))
    return [lambda _play, _seat: {"type": "at", "data": {"qq": qq}}]


def _media(node: Node, reading: Reading) -> list[Part]:
    parts: list[Part] = []
    for kind in _MEDIA:
        given = node.get(kind)
        if given is not None:
            parts.append(_file(kind, reading.folder / given.text(), given))
    return parts


def _file(kind: MediaKind, path: Path, node: Node) -> Part:
    if not path.is_file():
        raise node.error(f"there is no file {path}")
    return lambda play, seat: play.stage.media(seat, kind, path)


@VERBS.add("poke", *_PLACE)
def _poke(node: Node, reading: Reading) -> Run:
    seat, target = reading.cast.seat(node), reading.cast.account(node["poke"])
    return lambda play: play.stage.poke(seat, target)


@VERBS.add("recall", "by")
def _recall(node: Node, reading: Reading) -> Run:
    """A labelled message is taken back, by who said it unless told."""
    label = node["recall"].text()
    by = reading.cast.account(node["by"]) if node.has("by") else None

    async def run(play: Play) -> None:
        said = play.message(label)
        await play.stage.recall(said, by or said.sender_id)

    return run


@VERBS.add("react", "on", "by")
def _react(node: Node, reading: Reading) -> Run:
    emoji, label = str(node["react"].integer()), node["on"].text()
    by = reading.cast.seat_person(node)
    return lambda play: play.stage.react(play.message(label), by, emoji)


# -- groups ----------------------------------------------------------------------


def _in_group(
    node: Node, reading: Reading, act: Callable[[World, int, Play], Any]
) -> Run:
    """Something done to a group, in a world that sees it."""
    group_id = reading.cast.place(node)

    async def run(play: Play) -> None:
        act(play.stage.world_of(group_id), group_id, play)
        await play.stage.flush()

    return run


@VERBS.add("join", "in", "by")
def _join(node: Node, reading: Reading) -> Run:
    """`by` is who lets them in; a bot comes back where it was thrown out."""
    account, group_id = reading.cast.account(node["join"]), reading.cast.place(node)
    by = reading.cast.account(node["by"]) if node.has("by") else 0

    async def run(play: Play) -> None:
        stage = play.stage
        is_bot = account in stage.bots
        world = stage.sim(account).world if is_bot else stage.world_of(group_id)
        world.join(group_id, account, stage.nickname(account), operator_id=by)
        await stage.flush()

    return run


@VERBS.add("leave", "in")
def _leave(node: Node, reading: Reading) -> Run:
    account = reading.cast.account(node["leave"])
    return _in_group(node, reading, lambda world, group, _: world.leave(group, account))


@VERBS.add("kick", "in", "by")
def _kick(node: Node, reading: Reading) -> Run:
    account, by = reading.cast.account(node["kick"]), reading.cast.seat_person(node)
    return _in_group(
        node, reading, lambda world, group, _: world.kick(group, account, by)
    )


@VERBS.add("mute", "in", "by", "seconds")
def _mute(node: Node, reading: Reading) -> Run:
    seconds = node["seconds"].integer(1) if node.has("seconds") else _MUTE_SECONDS
    return _ban(node, node["mute"], reading, seconds)


@VERBS.add("unmute", "in", "by")
def _unmute(node: Node, reading: Reading) -> Run:
    return _ban(node, node["unmute"], reading, 0)


def _ban(node: Node, who: Node, reading: Reading, seconds: int) -> Run:
    by = reading.cast.seat_person(node)
    if who.value == "all":
        on = seconds > 0
        return _in_group(
            node, reading, lambda world, group, _: world.ban_all(group, by, on=on)
        )
    account = reading.cast.account(who)
    return _in_group(
        node, reading, lambda world, group, _: world.ban(group, account, seconds, by)
    )


@VERBS.add("role", "of", "in")
def _role(node: Node, reading: Reading) -> Run:
    roles: dict[str, Role] = {role: role for role in get_args(Role)}
    role = roles[node["role"].one_of(roles)]
    account = reading.cast.account(node["of"])

    def act(world: World, group: int, _play: Play) -> None:
        if role == "owner":
            world.member(group, account).role = role
        else:
            world.set_admin(group, account, on=role == "admin")

    return _in_group(node, reading, act)


# -- requests, and anything else ----------------------------------------------------


@VERBS.add("request", *_PLACE, "comment")
def _request(node: Node, reading: Reading) -> Run:
    """`friend`; `join`, to be let into a group; `invite`, of the bot."""
    kind = node["request"].one_of(("friend", "join", "invite"))
    comment = node["comment"].text() if node.has("comment") else ""
    person = reading.cast.seat_person(node)
    bot = reading.cast.bot(node.get("to")) or reading.cast.bots[0]
    group_id = 0 if kind == "friend" else reading.cast.place(node)

    async def run(play: Play) -> None:
        world = play.stage.sim(bot).world
        if kind == "friend":
            world.ask_friendship(person, comment)
        else:
            how: Any = "add" if kind == "join" else "invite"
            world.ask_group(group_id, person, comment, how=how)
        await play.stage.flush()

    return run


@VERBS.add("upload", "by", "in")
def _upload(node: Node, reading: Reading) -> Run:
    """A file into the group's file area."""
    path, by = reading.folder / node["upload"].text(), reading.cast.seat_person(node)
    if not path.is_file():
        raise node["upload"].error(f"there is no file {path}")

    def act(world: World, group: int, _play: Play) -> None:
        data = path.read_bytes()
        world.upload(group, by, path.name, len(data), data)

    return _in_group(node, reading, act)


@VERBS.add("emit", "bot")
def _emit(node: Node, reading: Reading) -> Run:
    """An event as it stands; what is missing of its head is filled in."""
    event = node["emit"].object()
    bot = reading.cast.bot(node.get("bot"))

    def run(play: Play) -> Awaitable[None]:
        sim = play.stage.sim(bot)
        head = {"time": sim.world.time, "self_id": sim.self_id, "post_type": "notice"}
        return sim.emit(head | event)

    return run
