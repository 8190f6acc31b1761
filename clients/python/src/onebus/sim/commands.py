"""What can be typed in the console, and what it does.

Each command is a function of a `Talk` and the rest of the line.  One that is
given what it cannot use raises CommandError with what it can.
"""

from __future__ import annotations

import asyncio
import difflib
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path

import json5

from . import cq, faults, js
from .model import Member, Role
from .peer import Simulator
from .stage import MediaKind, SentBy, StageError
from .talk import CommandError, Talk

Handler = Callable[[Talk, str], Awaitable[None]]

_ROLES: tuple[Role, ...] = ("owner", "admin", "member")
_MUTE_SECONDS = 600
_WAIT_SECONDS = 5.0
_WAITING = ("wait", "expect", "sleep")
_NEAR = 0.7
"""How alike a command and a word are that is taken for a slip."""


@dataclass(frozen=True)
class Command:
    """`usage` is what follows the name; [] may be left out, | is or."""

    name: str
    usage: str
    help: str
    run: Handler


COMMANDS: dict[str, Command] = {}


def _command(name: str, usage: str, text: str) -> Callable[[Handler], Handler]:
    def register(handler: Handler) -> Handler:
        COMMANDS[name] = Command(name, usage, text, handler)
        return handler

    return register


async def follow(talk: Talk, line: str) -> None:
    """Do what a line asks: a command, or speech.

    Speech may begin with the prefix too, as a bot's own commands do, unless it
    looks like a slip; twice the prefix is always speech.
    """
    if not line.strip():
        return
    prefix = talk.prefix
    if not line.startswith(prefix) or line.startswith(prefix * 2):
        talk.mark = talk.stage.sent_count
    if line.startswith(prefix * 2):
        await talk.say(line[len(prefix) :])
    elif not line.startswith(prefix):
        await talk.say(line)
    else:
        await _command_or_speech(talk, line)


async def _command_or_speech(talk: Talk, line: str) -> None:
    word, _, rest = line[len(talk.prefix) :].partition(" ")
    command = COMMANDS.get(word.lower())
    if command is not None:
        if command.name not in _WAITING:
            talk.mark = talk.stage.sent_count
        await _obey(command, talk, rest.strip())
        return
    near = difflib.get_close_matches(word.lower(), COMMANDS, n=1, cutoff=_NEAR)
    if near:
        raise CommandError(
            f"did you mean {talk.prefix}{near[0]}? to say it to the bot, write "
            f"{talk.prefix}{line}"
        )
    talk.mark = talk.stage.sent_count
    await talk.say(line)


async def _obey(command: Command, talk: Talk, rest: str) -> None:
    try:
        await command.run(talk, rest)
    except StageError as error:
        raise CommandError(str(error)) from None
    except CommandError as error:
        usage = f"{talk.prefix}{command.name} {command.usage}".rstrip()
        raise CommandError(f"{error} ({usage})") from None


# -- who and where ------------------------------------------------------------


@_command("as", "WHO [NAME]", "speak as somebody else, by number or name")
async def _as(talk: Talk, rest: str) -> None:
    who, _, name = rest.partition(" ")
    account = _account(talk, who)
    if name:
        talk.stage.names[account] = name
    talk.seat = replace(talk.seat, user_id=account)


@_command("group", "ID [NAME]", "go to a group; it is made when there is none")
async def _group(talk: Talk, rest: str) -> None:
    number, _, name = rest.partition(" ")
    group_id = _number(number, "a group")
    talk.stage.open_group(group_id, name)
    talk.seat = replace(talk.seat, group_id=group_id)


@_command("dm", "[WHO]", "go to the private chat with the bot, as you or as WHO")
async def _dm(talk: Talk, rest: str) -> None:
    account = _account(talk, rest) if rest else talk.seat.user_id
    talk.seat = replace(talk.seat, user_id=account, group_id=None)


@_command("bot", "ID", "with several bots: the one you write to, and mention")
async def _bot(talk: Talk, rest: str) -> None:
    bot = talk.stage.sim(_account(talk, rest)).self_id
    talk.seat = replace(talk.seat, bot=bot)


@_command("who", "", "list the bots, the groups and who is in this one")
async def _who(talk: Talk, rest: str) -> None:
    for sim in talk.stage.sims:
        talk.tell(_bot_line(talk, sim))
    for group in talk.stage.sims[0].world.commons.groups.values():
        here = "*" if group.group_id == talk.seat.group_id else " "
        talk.tell(f"{here} {group.name} ({group.group_id}): {_members(group.members)}")


def _bot_line(talk: Talk, sim: Simulator) -> str:
    online = "online" if sim.world.online else "logged off"
    linked = "connected" if sim.is_connected else "not connected"
    return f"bot {talk.stage.name_of(sim.self_id)} ({sim.self_id}): {online}, {linked}"


def _members(members: dict[int, Member]) -> str:
    shown: list[str] = []
    for member in members.values():
        role = "" if member.role == "member" else f", {member.role}"
        shown.append(f"{member.card or member.nickname} ({member.user_id}{role})")
    return "; ".join(shown)


# -- speaking -------------------------------------------------------------------


@_command("at", "[WHO] [TEXT]", "mention the bot, or WHO (@NAME or a number)")
async def _at(talk: Talk, rest: str) -> None:
    first, _, text = rest.partition(" ")
    account = talk.seat.bot
    if first.isdecimal() or first.startswith("@"):
        account, rest = _account(talk, first.removeprefix("@")), text
    mention = {"type": "at", "data": {"qq": str(account)}}
    await talk.say(f" {rest}" if rest else "", mention)


@_command("quote", "N TEXT", "answer message N")
async def _quote(talk: Talk, rest: str) -> None:
    number, _, text = rest.partition(" ")
    await talk.say(text, talk.quote(talk.message(number)))


@_command("cq", "TEXT", "say something with CQ codes: [CQ:face,id=13]")
async def _cq(talk: Talk, rest: str) -> None:
    await talk.stage.say(talk.seat, cq.decode(rest))


@_command("face", "ID", "send a QQ face")
async def _face(talk: Talk, rest: str) -> None:
    face = {"type": "face", "data": {"id": str(_number(rest, "a face"))}}
    await talk.stage.say(talk.seat, [face])


async def _media(talk: Talk, kind: MediaKind, path: str) -> None:
    if not path:
        raise CommandError("it takes a path")
    segment = talk.stage.media(talk.seat, kind, Path(path).expanduser())
    await talk.stage.say(talk.seat, [segment])


@_command("image", "PATH", "send a picture")
async def _image(talk: Talk, rest: str) -> None:
    await _media(talk, "image", rest)


@_command("record", "PATH", "send a voice message")
async def _record(talk: Talk, rest: str) -> None:
    await _media(talk, "record", rest)


@_command("video", "PATH", "send a video")
async def _video(talk: Talk, rest: str) -> None:
    await _media(talk, "video", rest)


@_command("file", "PATH", "send a file; in a group it is uploaded")
async def _file(talk: Talk, rest: str) -> None:
    if talk.seat.group_id is None:
        await _media(talk, "file", rest)
        return
    path = Path(rest).expanduser()
    try:
        data = path.read_bytes()
    except OSError as error:
        raise CommandError(f"cannot read {path}: {error.strerror}") from None
    group_id, user_id = talk.seat.group_id, talk.seat.user_id
    talk.stage.enter(group_id, user_id)
    world = talk.stage.world_of(group_id)
    world.upload(group_id, user_id, path.name, len(data), data)
    await talk.stage.flush()


@_command("recall", "[N]", "take message N back, or your last one")
async def _recall(talk: Talk, rest: str) -> None:
    if rest:
        await talk.stage.recall(talk.message(rest), talk.seat.user_id)
        return
    for _, said in reversed(talk.messages):
        if said.sender_id == talk.seat.user_id and not said.recalled:
            await talk.stage.recall(said, talk.seat.user_id)
            return
    raise CommandError("you have said nothing yet")


@_command("react", "N EMOJI", "react to message N of a group with an emoji's id")
async def _react(talk: Talk, rest: str) -> None:
    number, _, emoji = rest.partition(" ")
    if not emoji.isdecimal():
        raise CommandError("an emoji goes by its number, as 76 for a thumb up")
    await talk.stage.react(talk.message(number), talk.seat.user_id, emoji)


@_command("poke", "[WHO]", "poke the bot, or WHO")
async def _poke(talk: Talk, rest: str) -> None:
    await talk.stage.poke(talk.seat, _account(talk, rest, talk.seat.bot))


# -- groups ----------------------------------------------------------------------


@_command("join", "[WHO] [NAME]", "come into the group, you or WHO, or bot")
async def _join(talk: Talk, rest: str) -> None:
    who, _, name = rest.partition(" ")
    account, group_id = _account(talk, who, talk.seat.user_id), talk.group_id
    if name:
        talk.stage.names[account] = name
    if account in talk.stage.bots:
        talk.stage.sim(account).world.rejoin(group_id, talk.seat.user_id)
    else:
        world = talk.stage.world_of(group_id)
        world.join(group_id, account, talk.stage.name_of(account))
    await talk.stage.flush()


@_command("leave", "[WHO]", "leave the group, you or WHO, or bot")
async def _leave(talk: Talk, rest: str) -> None:
    account = _account(talk, rest, talk.seat.user_id)
    talk.stage.world_of(talk.group_id).leave(talk.group_id, account)
    await talk.stage.flush()


@_command("kick", "WHO", "throw somebody, or bot, out of the group")
async def _kick(talk: Talk, rest: str) -> None:
    account, operator = _account(talk, rest), talk.seat.user_id
    talk.stage.world_of(talk.group_id).kick(talk.group_id, account, operator)
    await talk.stage.flush()


@_command("mute", "WHO|all [SECONDS]", "mute somebody, bot or all, 600 s unless told")
async def _mute(talk: Talk, rest: str) -> None:
    who, _, seconds = rest.partition(" ")
    period = _number(seconds, "a number of seconds") if seconds else _MUTE_SECONDS
    await _ban(talk, who, period)


@_command("unmute", "WHO|all", "let somebody, bot or all speak again")
async def _unmute(talk: Talk, rest: str) -> None:
    await _ban(talk, rest, 0)


async def _ban(talk: Talk, who: str, seconds: int) -> None:
    world, operator = talk.stage.world_of(talk.group_id), talk.seat.user_id
    if who == "all":
        world.ban_all(talk.group_id, operator, on=seconds > 0)
    else:
        world.ban(talk.group_id, _account(talk, who), seconds, operator)
    await talk.stage.flush()


@_command("role", "WHO owner|admin|member", "make somebody, or bot, something else")
async def _role(talk: Talk, rest: str) -> None:
    who, _, role = rest.partition(" ")
    if role not in _ROLES:
        raise CommandError(f"{role or 'nothing'} is no role")
    account = _account(talk, who)
    world = talk.stage.world_of(talk.group_id)
    if role == "owner":
        world.member(talk.group_id, account).role = role
    else:
        world.set_admin(talk.group_id, account, on=role == "admin")
    await talk.stage.flush()


@_command("friend", "[TEXT]", "ask the bot to be your friend")
async def _friend(talk: Talk, rest: str) -> None:
    talk.stage.sim(talk.seat.bot).world.ask_friendship(talk.seat.user_id, rest)
    await talk.stage.flush()


@_command("knock", "[TEXT]", "ask to be let into the group")
async def _knock(talk: Talk, rest: str) -> None:
    world = talk.stage.world_of(talk.group_id)
    world.ask_group(talk.group_id, talk.seat.user_id, rest)
    await talk.stage.flush()


@_command("invite", "GROUP", "invite the bot into a group")
async def _invite(talk: Talk, rest: str) -> None:
    world = talk.stage.sim(talk.seat.bot).world
    world.ask_group(_number(rest, "a group"), talk.seat.user_id, how="invite")
    await talk.stage.flush()


# -- the account and its connection -------------------------------------------------


@_command("offline", "", "QQ logs the bot off")
async def _offline(talk: Talk, rest: str) -> None:
    talk.stage.sim(talk.seat.bot).world.go_offline()
    await talk.stage.flush()


@_command("online", "", "the bot is logged in again")
async def _online(talk: Talk, rest: str) -> None:
    talk.stage.sim(talk.seat.bot).world.go_online()


@_command("drop", "", "break the connection; it is dialed again")
async def _drop(talk: Talk, rest: str) -> None:
    talk.stage.drop(talk.seat.bot)


@_command("fault", "ACTION KIND[:ARGUMENT] [TIMES] | clear", "what answers shall meet")
async def _fault(talk: Talk, rest: str) -> None:
    sim = talk.stage.sim(talk.seat.bot)
    if rest == "clear":
        sim.faults.clear()
        return
    words = rest.split()
    if len(words) not in (2, 3):
        raise CommandError(f"the kinds are {', '.join(faults.KINDS)}")
    times = f"*{words[2]}" if len(words) == 3 else ""
    try:
        glob, fault, left = faults.parse(f"{words[0]}={words[1]}{times}")
    except ValueError as error:
        raise CommandError(str(error)) from None
    sim.fault(glob, fault, times=left)


@_command("faults", "", "list the faults that are left")
async def _faults(talk: Talk, rest: str) -> None:
    for rule in talk.stage.sim(talk.seat.bot).faults:
        if rule.left != 0:
            left = "always" if rule.left is None else f"{rule.left} left"
            talk.tell(f"{rule.action}: {', '.join(map(str, rule.faults))}, {left}")


@_command("raw", "{JSON}", "send an event as it stands; time and self_id are filled in")
async def _raw(talk: Talk, rest: str) -> None:
    try:
        event = json5.loads(rest)
    except ValueError as error:
        raise CommandError(f"this is no JSON: {error}") from None
    if not isinstance(event, dict):
        raise CommandError("an event is an object")
    sim = talk.stage.sim(talk.seat.bot)
    head = {"time": sim.world.time, "self_id": sim.self_id, "post_type": "notice"}
    await sim.emit(head | event)


# -- the console ---------------------------------------------------------------------


@_command("wait", "[SECONDS]", "wait until the bot says something")
async def _wait(talk: Talk, rest: str) -> None:
    def fits(sent: SentBy) -> bool:
        return sent.count > talk.mark

    await _await_sent(talk, fits, rest, "the bot has said nothing")


@_command("expect", "TEXT", "wait until the bot says something with TEXT in it")
async def _expect(talk: Talk, rest: str) -> None:
    def fits(sent: SentBy) -> bool:
        return rest in sent.sent.text

    await _await_sent(talk, fits, "", f"the bot has not said {rest!r}")


async def _await_sent(
    talk: Talk, fits: Callable[[SentBy], bool], seconds: str, otherwise: str
) -> None:
    """Each message is waited for once."""
    period = _WAIT_SECONDS
    if seconds:
        period = float(_number(seconds, "a number of seconds"))
    try:
        await talk.stage.take(talk.stage.sent, fits, period)
    except TimeoutError:
        raise CommandError(f"{otherwise} within {period:g} s") from None


@_command("sleep", "SECONDS", "do nothing for a while")
async def _sleep(talk: Talk, rest: str) -> None:
    try:
        await asyncio.sleep(float(rest))
    except ValueError:
        raise CommandError(f"{rest or 'nothing'} is no number") from None


@_command("verbose", "on|off", "show what the bot only reads, or do not")
async def _verbose(talk: Talk, rest: str) -> None:
    talk.verbose = _switch(rest)


@_command("codes", "on|off", "take CQ codes in what you say, or do not")
async def _codes(talk: Talk, rest: str) -> None:
    talk.codes = _switch(rest)


@_command("show", "N", "show message N as a bot gets it")
async def _show(talk: Talk, rest: str) -> None:
    said = talk.message(rest)
    talk.tell(json.dumps(said.segments, ensure_ascii=False, indent=2))


@_command("help", "[COMMAND]", "list the commands, or explain one")
async def _help(talk: Talk, rest: str) -> None:
    wanted = COMMANDS.get(rest.removeprefix(talk.prefix))
    for command in [wanted] if wanted else COMMANDS.values():
        usage = f"{talk.prefix}{command.name} {command.usage}"
        talk.tell(f"{usage:<42} {command.help}")
    if wanted is None:
        talk.tell("Anything else is said, whatever it begins with;")
        talk.tell(f"{talk.prefix * 2}help says {talk.prefix}help to the bot.")


@_command("quit", "", "end")
async def _quit(talk: Talk, rest: str) -> None:
    talk.ended = True


# -- words -----------------------------------------------------------------------------


def _account(talk: Talk, word: str, otherwise: int | None = None) -> int:
    if not word and otherwise is not None:
        return otherwise
    if not word:
        raise CommandError("it takes an account")
    if word == "bot":
        return talk.seat.bot
    return talk.stage.account_of(word)


def _number(word: str, what: str) -> int:
    if not (word.isascii() and word.isdigit()):
        raise CommandError(f"{word or 'nothing'} is not {what}")
    return int(word)


def _switch(word: str) -> bool:
    if word not in ("on", "off"):
        raise CommandError(f"{js.text(word) or 'nothing'} is neither on nor off")
    return word == "on"
