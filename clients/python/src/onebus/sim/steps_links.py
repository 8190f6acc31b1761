"""Steps of the account, its connection and the time."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable

from . import faults
from .cq import text_segment
from .nodes import Node
from .stage import Seat, StageError
from .steps import Play, Reading, Run, StepFailed, Verbs

VERBS = Verbs()

_LINES: tuple[str, ...] = (
    "早上好",
    "今天喝什么？",
    "Morning, all.",
    "哈哈哈",
    "谁在？",
    "Has anyone seen my umbrella?",
)
_CLEAR = "clear"


@VERBS.add("wait")
def _wait(node: Node, _reading: Reading) -> Run:
    seconds = node["wait"].seconds()
    return lambda _play: asyncio.sleep(seconds)


@VERBS.add("offline")
def _offline(node: Node, reading: Reading) -> Run:
    bot = reading.cast.bot(node["offline"])

    async def run(play: Play) -> None:
        play.stage.sim(bot).world.go_offline()
        await play.stage.flush()

    return run


@VERBS.add("online")
def _online(node: Node, reading: Reading) -> Run:
    bot = reading.cast.bot(node["online"])

    async def run(play: Play) -> None:
        play.stage.sim(bot).world.go_online()

    return run


@VERBS.add("drop", "stay")
def _drop(node: Node, reading: Reading) -> Run:
    """Break the connection without a close frame.  It is dialed again after
    the interval, unless it is to `stay` down until `reconnect`."""
    bot = reading.cast.bot(node["drop"])
    stays = node["stay"].flag() if node.has("stay") else False

    async def run(play: Play) -> None:
        sim = play.stage.sim(bot)
        for link in sim.links:
            link.settings.auto_reconnect = not stays
        play.stage.drop(sim.self_id)
        for link in sim.links:
            await link.disconnected()
        for listener in sim.listeners:
            await listener.disconnected()

    return run


@VERBS.add("reconnect", "within")
def _reconnect(node: Node, reading: Reading) -> Run:
    """Dial at once; where the bot dials, wait until it does."""
    bot = reading.cast.bot(node["reconnect"])
    within = node["within"].seconds() if node.has("within") else None

    async def run(play: Play) -> None:
        sim = play.stage.sim(bot)
        try:
            for link in sim.links:
                link.settings.auto_reconnect = True
                await link.reconnect()
            await play.stage.connected_one(sim, within or play.patience)
        except (ConnectionError, TimeoutError) as error:
            raise StepFailed(str(error)) from None

    return run


@VERBS.add("fault", "bot")
def _fault(node: Node, reading: Reading) -> Run:
    """``GLOB=KIND[:ARGUMENT][*TIMES]``, or `clear`."""
    text, bot = node["fault"].text(), reading.cast.bot(node.get("bot"))
    if text != _CLEAR:
        try:
            faults.parse(text)
        except ValueError as error:
            raise node["fault"].error(str(error)) from None

    async def run(play: Play) -> None:
        sim = play.stage.sim(bot)
        if text == _CLEAR:
            sim.faults.clear()
        else:
            glob, fault, times = faults.parse(text)
            sim.fault(glob, fault, times=times)

    return run


# -- chatter ---------------------------------------------------------------------


@VERBS.add("chatter", "seconds", "count", "by", "in", "lines")
def _chatter(node: Node, reading: Reading) -> Run:
    """So many messages a second beside the steps, for some seconds, or so many
    in all, or until the scenario ends."""
    rate = node["chatter"].seconds()
    if rate <= 0:
        raise node["chatter"].error("a rate above 0 is wanted, in messages a second")
    most = node["count"].integer(1) if node.has("count") else None
    if node.has("seconds"):
        most = max(1, round(rate * node["seconds"].seconds()))
    seats = _seats(node, reading)
    given = node.get("lines")
    lines = [line.text() for line in given.elements()] if given else list(_LINES)
    if not lines:
        raise node["lines"].error("there is nothing to say")

    async def run(play: Play) -> None:
        play.start_chatter(_chat(play, seats, lines, 1 / rate, most))

    return run


def _seats(node: Node, reading: Reading) -> list[Seat]:
    """All whom `by` names, in all groups that `in` names."""
    cast, by, places = reading.cast, node.get("by"), node.get("in")
    users = [who.id for who in cast.people.values()]
    if by is not None:
        users = [cast.account(who) for who in by.elements()]
    groups = [place.id for place in cast.groups.values()]
    if places is not None:
        groups = [cast.group(place) for place in places.elements()]
    if not users or not groups:
        raise node.error("people and groups are wanted, in the scenario or here")
    return [Seat(user, group, cast.bots[0]) for group in groups for user in users]


async def _chat(
    play: Play, seats: list[Seat], lines: list[str], pause: float, most: int | None
) -> None:
    """Seeded, so that it is the same each time; who is muted keeps silent."""
    rng = random.Random(len(lines))
    loop = asyncio.get_running_loop()
    start, said = loop.time(), 0
    while most is None or said < most:
        segment = text_segment(rng.choice(lines))
        try:
            await play.stage.say(rng.choice(seats), [segment])
        except StageError:
            pass
        said += 1
        await asyncio.sleep(max(0, start + said * pause - loop.time()))


@VERBS.add("chatter_end")
def _chatter_end(node: Node, _reading: Reading) -> Run:
    """`wait` until all chatter is through, or `stop` it."""
    stops = node["chatter_end"].one_of(("wait", "stop")) == "stop"

    def run(play: Play) -> Awaitable[None]:
        return play.end() if stops else play.chatter_done()

    return run
