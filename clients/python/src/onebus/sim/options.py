"""The command line, taken apart."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

from . import faults
from .bots import DEFAULT_URL, BotSettings, Company, Roster, parse_bot
from .console import ConsoleOptions
from .dialect import DIALECTS
from .peer import Simulator

COMMANDS = ("demo", "chat", "play")

_DESCRIPTION = """\
Simulates QQ accounts behind NapCat (or LLBot, go-cqhttp, Lagrange), to try and to
test bridges and bots of any kind that speak OneBot 11.
"""

_EXAMPLES = """\
examples:
  python -m onebus.sim
      dial ws://127.0.0.1:3001/onebot/v11/ws as account 10001, and let a little
      group chat go on by itself; the same as `python -m onebus.sim demo`
  python -m onebus.sim chat --token secret
      type as a user, read what the bot answers
  python -m onebus.sim chat --url ws://127.0.0.1:8080/onebot/v11/ws
      the same with a NoneBot that listens there; /ws/ for aiocqhttp
  python -m onebus.sim chat --listen 3001
      the other way round: the bot dials
  python -m onebus.sim play ping.json5
      play a scenario; the exit status is 0 when all came as it says
  python -m onebus.sim chat --bot 10001 --bot 10002,token=other
      two accounts in the same groups
  python -m onebus.sim --fault 'send_*=lost*2' --fault 'get_*=late:0.5'
      lose the answers to the first two sends, be half a second late with others

`python -m onebus.sim COMMAND --help` shows the options of each command.
The token may also come from the environment: ONEBUS_SIM_TOKEN, or
ONEBUS_SIM_TOKEN_FILE for a file that it is in.

exit status: 0 all is well; 1 something failed, or a port is taken; 2 the command
line or a scenario is not right.
"""

_CHAT_EXAMPLES = """\
Through a pipe each line is a line of the chat:
  printf '/ping\\n/expect pong\\n' | python -m onebus.sim chat --url ...
It begins when the bot is connected, ends after a second without news, and the
exit status is 1 when a line could not be followed or an /expect was not met.
"""


class UsageError(ValueError):
    """A command line that does not hold; exit status 2."""


def parser() -> argparse.ArgumentParser:
    """Of all commands."""
    top = argparse.ArgumentParser(
        prog="python -m onebus.sim",
        description=_DESCRIPTION,
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = top.add_subparsers(dest="command", metavar="demo|chat|play")
    demo = commands.add_parser(
        "demo",
        parents=[_accounts(5.0)],
        help="a little group chat that goes on by itself",
    )
    demo.add_argument("--interval", type=float, default=1.0, metavar="SECONDS",
        help="between two lines, 0 for silence (%(default)s)")  # fmt: skip
    chat = commands.add_parser(
        "chat",
        parents=[_accounts(5.0)],
        help="you type, the bot answers",
        epilog=_CHAT_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _chat_options(chat)
    play = commands.add_parser(
        "play", parents=[_accounts(0.5)], help="play scenario files and report"
    )
    _play_options(play)
    return top


def with_command(arguments: list[str]) -> list[str]:
    """`demo` goes without saying, so that its options can stand alone."""
    if arguments and (arguments[0] in COMMANDS or arguments[0] in ("-h", "--help")):
        return arguments
    if arguments and not arguments[0].startswith("-"):
        return arguments
    return ["demo", *arguments]


def _accounts(reconnect_interval: float) -> argparse.ArgumentParser:
    """The options that all commands have; a parent can have one child only,
    lest the defaults of one be those of the other."""
    parent = argparse.ArgumentParser(add_help=False)
    group = parent.add_argument_group("accounts and connections")
    add = group.add_argument
    add("--url", help=f"where to dial ({DEFAULT_URL})")
    add("--api-url", metavar="URL", help="dial here with the role API, and ...")
    add("--event-url", metavar="URL", help="... here with the role Event")
    add("--listen", type=int, metavar="PORT",
        help="be dialed: a forward WebSocket server; a second bot takes the next"
        " port")  # fmt: skip
    add("--host", default="127.0.0.1",
        help="where to listen; 0.0.0.0 for other machines (%(default)s)")  # fmt: skip
    token = group.add_mutually_exclusive_group()
    token.add_argument("--token", help="access token")
    token.add_argument("--token-file", metavar="FILE", help="or the file it is in")
    add("--self-id", type=int, default=10001, help="the bot's account (%(default)s)")
    add("--bot", action="append", default=[], metavar="ID[,KEY=VALUE]...",
        help="an account in place of --self-id; may be repeated. Keys, in place of the"
        " options: url, api, event, listen, token, dialect, format, name")  # fmt: skip
    add("--dialect", choices=tuple(DIALECTS),
        help="whom to look and answer like (napcat)")  # fmt: skip
    add("--message-format", choices=("array", "string"),
        help="of messages in events (array)")  # fmt: skip
    add("--report-self-message", action=argparse.BooleanOptionalAction, default=False,
        help="report what the bot says itself as message_sent")  # fmt: skip
    add("--heart-interval", type=int, default=30000, metavar="MS",
        help="between heartbeat events, 0 for none (%(default)s)")  # fmt: skip
    add("--reconnect-interval", type=float, default=reconnect_interval,
        metavar="SECONDS",
        help="after a break (%(default)s)")  # fmt: skip
    add("--insecure", action="store_true",
        help="do not check the certificate of wss://")  # fmt: skip
    group = parent.add_argument_group("behaviour")
    add = group.add_argument
    add("--seed", type=int, default=1,
        help="of all that is random but message ids (%(default)s)")  # fmt: skip
    add("--fixed-ids", action="store_true",
        help="the same message ids at each start, by the seed")  # fmt: skip
    add("--fault", action="append", default=[], metavar="GLOB=KIND[:ARGUMENT][*TIMES]",
        help="what answers to these actions meet: " + ", ".join(faults.KINDS)
        + "; may be repeated")  # fmt: skip
    add("--streams", action=argparse.BooleanOptionalAction, default=True,
        help="know stream actions; without, as an older NapCat")  # fmt: skip
    add("--packet-backend", action=argparse.BooleanOptionalAction, default=True,
        help="have what pokes and some others need")  # fmt: skip
    add("--local-file2url", action="store_true",
        help="give files as base64 too, as NapCat's enableLocalFile2Url")  # fmt: skip
    add("--quiet", action="store_true", help="log warnings only")
    return parent


def _chat_options(chat: argparse.ArgumentParser) -> None:
    group = chat.add_argument_group("the chat")
    add = group.add_argument
    add("--as", dest="user", default="42=You", metavar="ID[=NAME]",
        help="who you are (%(default)s)")  # fmt: skip
    add("--group", default="700=Test group", metavar="ID[=NAME]",
        help="where you are (%(default)s)")  # fmt: skip
    add("--dm", action="store_true", help="begin in the private chat with the bot")
    add("--prefix", default="/",
        help="what commands of the chat begin with (%(default)s); what a bot's own "
        "begin with is best another")  # fmt: skip
    add("--cq", action="store_true", help="take CQ codes in what you type")
    add("--verbose", action="store_true", help="show what the bot only reads, too")
    add("--color", choices=("auto", "always", "never"), default="auto",
        help="colours; NO_COLOR is heard (%(default)s)")  # fmt: skip
    add("--linger", type=float, default=1.0, metavar="SECONDS",
        help="of silence that end a chat through a pipe (%(default)s)")  # fmt: skip
    add("--wait", type=float, default=30.0, metavar="SECONDS",
        help="for a connection, through a pipe (%(default)s)")  # fmt: skip


def _play_options(play: argparse.ArgumentParser) -> None:
    group = play.add_argument_group("scenarios")
    add = group.add_argument
    add("files", nargs="+", metavar="FILE", help="scenarios, played one after another")
    add("--wait", type=float, default=30.0, metavar="SECONDS",
        help="for the bot to be connected (%(default)s)")  # fmt: skip
    add("--timeout", type=float, metavar="SECONDS",
        help="of expectations that give no `within`, in place of the file's")  # fmt: skip
    add("--verbose", action="store_true", help="log connections and requests")
    add("--check", action="store_true", help="read the scenarios, and play nothing")
    add("--junit", metavar="FILE", help="write a report for CI systems, as JUnit's")
    add("--color", choices=("auto", "always", "never"), default="auto",
        help="colours; NO_COLOR is heard (%(default)s)")  # fmt: skip


# -- what is made of them ------------------------------------------------------


def roster_of(options: argparse.Namespace) -> Roster:
    """The bots of the command line; raises UsageError."""
    common = {
        "url": options.url,
        "api": options.api_url,
        "event": options.event_url,
        "listen": options.listen,
        "token": _token_of(options),
        "dialect": options.dialect,
        "format": options.message_format,
    }
    named: dict[int, dict[str, Any]] = {}
    for text in options.bot:
        try:
            account, keys = parse_bot(text)
        except ValueError as error:
            raise UsageError(str(error)) from None
        if account in named:
            raise UsageError(f"--bot {text}: the account {account} is named twice")
        named[account] = keys
    given = {key: value for key, value in common.items() if value is not None}
    return Roster(options.self_id, given, named)


def _token_of(options: argparse.Namespace) -> str | None:
    """The command line goes before the environment; raises UsageError."""
    if options.token is not None:
        return options.token or None
    if options.token_file is not None:
        return _read_token("--token-file ", options.token_file)
    file = os.environ.get("ONEBUS_SIM_TOKEN_FILE")
    if file:
        return _read_token("ONEBUS_SIM_TOKEN_FILE=", file)
    return os.environ.get("ONEBUS_SIM_TOKEN") or None


def _read_token(given_by: str, file: str) -> str:
    try:
        token = Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{given_by}{file}: {error}") from None
    if not token:
        raise UsageError(f"{given_by}{file}: no token in it")
    return token


def bots_of(options: argparse.Namespace) -> tuple[BotSettings, ...]:
    """The same, settled; raises UsageError."""
    try:
        return roster_of(options).bots()
    except ValueError as error:
        raise UsageError(str(error)) from None


def company_of(
    options: argparse.Namespace,
    bots: tuple[BotSettings, ...],
    answer_delay: tuple[float, float] = (0.0, 0.0),
) -> Company:
    """The accounts with all settings; `answer_delay` is in milliseconds."""
    return Company(
        bots=bots,
        seed=options.seed,
        fixed_ids=options.fixed_ids,
        streams=options.streams,
        answer_delay=answer_delay,
        host=options.host,
        link={
            "report_self_message": options.report_self_message,
            "heart_interval": options.heart_interval,
            "reconnect_interval": options.reconnect_interval,
            "verify_certificate": not options.insecure,
        },
    )


def simulators_of(options: argparse.Namespace, company: Company) -> list[Simulator]:
    """The accounts, with their faults; raises UsageError."""
    try:
        sims = company.simulators()
        rules = [faults.parse(text) for text in options.fault]
    except ValueError as error:
        raise UsageError(str(error)) from None
    for sim in sims:
        sim.world.packet_backend = options.packet_backend
        if options.local_file2url:
            sim.world.file_forms = frozenset({"path", "url", "base64"})
        for glob, fault, times in rules:
            sim.fault(glob, fault, times=times)
    return sims


def console_options(options: argparse.Namespace) -> ConsoleOptions:
    """How the chat begins; raises UsageError."""
    user_id, user_name = _named("--as", options.user)
    group_id, group_name = _named("--group", options.group)
    if not options.prefix or any(sign.isspace() for sign in options.prefix):
        raise UsageError("--prefix: one sign or more, and no blank")
    return ConsoleOptions(
        user_id=user_id,
        user_name=user_name,
        group_id=None if options.dm else group_id,
        group_name=group_name,
        prefix=options.prefix,
        codes=options.cq,
        verbose=options.verbose,
        colour=options.color,
        linger=options.linger,
        wait=options.wait,
    )


def _named(option: str, text: str) -> tuple[int, str]:
    number, _, name = text.partition("=")
    if not (number.isascii() and number.isdigit()):
        raise UsageError(f"{option} {text}: it begins with a number: ID[=NAME]")
    return int(number), name
