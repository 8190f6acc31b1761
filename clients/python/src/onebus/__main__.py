"""The bus from the command line.

    python -m onebus listen 'qq.group.*'
    python -m onebus send group 20002 'hello'
    python -m onebus call get_group_list
    python -m onebus call set_group_name group_id=20002 group_name=new
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import anyio

from . import __version__
from .bus import Bus, connect
from .errors import OnebusError
from .event import Event, Gap, MessageEvent
from .message import Message, NoMessage


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; 0 if it went well, 1 if it failed, 2 if it was misused."""
    options = _parser().parse_args(arguments)
    try:
        return anyio.run(_run, options)
    except OnebusError as error:
        print(f"onebus: {error}", file=sys.stderr)
        return 1
    except (ValueError, NoMessage) as error:
        print(f"onebus: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Nobody reads on. Else Python would complain of that at its own end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m onebus",
        description="The bus from the command line.",
        epilog="The addresses and the token may also be in ONEBUS_EVENTS,"
        " ONEBUS_ACTIONS and ONEBUS_TOKEN (or ONEBUS_TOKEN_FILE). Those of NATS begin"
        " with nats:// or tls://; ONEBUS_NATS_STREAM, ONEBUS_NATS_SUBJECT_PREFIX and"
        " ONEBUS_NATS_CREDS say the rest of it.",
    )
    parser.add_argument("--version", action="version", version=__version__)
    parser.add_argument("--events", metavar="URL", help="address of the events")
    parser.add_argument("--actions", metavar="URL", help="address of the actions")
    parser.add_argument("--account", help="which account; of events: of this one only")
    commands = parser.add_subparsers(dest="command", required=True)

    listen = commands.add_parser("listen", help="print events as they come")
    listen.add_argument("patterns", nargs="*", metavar="PATTERN", help="qq.group.*")
    listen.add_argument("--since", type=int, metavar="SEQ", help="begin after this one")
    listen.add_argument("--json", action="store_true", help="the whole envelope")
    listen.set_defaults(run=_listen)

    send = commands.add_parser("send", help="say something in a chat")
    send.add_argument("kind", choices=("group", "private"))
    send.add_argument("id", type=int, help="of the group or the user")
    send.add_argument("text")
    send.add_argument("--cq", action="store_true", help="CQ codes in it are codes")
    send.add_argument("--file", type=Path, action="append", default=[], help="a picture")
    send.set_defaults(run=_send)

    call = commands.add_parser("call", help="call an action and print its data")
    call.add_argument("action")
    call.add_argument("params", nargs="*", metavar="JSON|NAME=VALUE")
    call.add_argument("--timeout", type=float, metavar="SECONDS")
    call.set_defaults(run=_call)
    return parser


async def _run(options: argparse.Namespace) -> int:
    bus = connect(options.events, options.actions, account=options.account)
    async with bus:
        run: Callable[[Bus, argparse.Namespace], Any] = options.run
        await run(bus, options)
    return 0


async def _listen(bus: Bus, options: argparse.Namespace) -> None:
    show = partial(_show_json if options.json else _show, file=sys.stdout)
    stream = bus.events(
        *options.patterns, since=options.since, account=options.account
    )
    async with stream as events:
        async for event in events:
            show(event)


def _show_json(event: Event | Gap, file: Any) -> None:
    if isinstance(event, Gap):
        data: Mapping[str, Any] = {"gap": [event.first, event.last]}
    else:
        data = {"topic": event.topic, **event.envelope}
    print(_json(data), file=file, flush=True)


def _show(event: Event | Gap, file: Any) -> None:
    if isinstance(event, Gap):
        print(f"(events {event.first} to {event.last} are lost)", file=file, flush=True)
        return
    what = f" {event.text!r:.200}" if isinstance(event, MessageEvent) else ""
    print(f"{event.seq} {event.topic}{what}", file=file, flush=True)


async def _send(bus: Bus, options: argparse.Namespace) -> None:
    from .segments import Image

    text = Message.from_cq(options.text) if options.cq else Message(options.text)
    message = text + Message(*map(Image, options.file))
    if options.kind == "group":
        sent = await bus.send_group_msg(options.id, message)
    else:
        sent = await bus.send_private_msg(options.id, message)
    print(sent["message_id"])


async def _call(bus: Bus, options: argparse.Namespace) -> None:
    params = _params(options.params)
    reply = await bus.request(options.action, params, timeout=options.timeout)
    for warning in reply.warnings:
        print(f"onebus: {warning}", file=sys.stderr)
    print(_json(reply.data))


def _params(words: Sequence[str]) -> dict[str, Any]:
    """Parameters from `{"a": 1}` or from `a=1 b=text`; values are JSON if they can be."""
    if len(words) == 1 and words[0].lstrip().startswith("{"):
        return _object(words[0])
    params: dict[str, Any] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals or not name:
            raise ValueError(f"{word}: allowed: NAME=VALUE, or one JSON object")
        params[name] = _value(name, value)
    return params


def _object(text: str) -> dict[str, Any]:
    try:
        return dict(json.loads(text))
    except ValueError as error:
        raise ValueError(f"{text:.60}: no JSON object: {error}") from error


def _value(name: str, text: str) -> Any:
    try:
        value: Any = json.loads(text)
    except ValueError:
        return text
    # "123" may be what is to be said; an array or a map is not.
    if name == "message" and not text.lstrip().startswith(("[", "{")):
        return text
    return value


def _json(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, default=_bytes_as_text)


def _bytes_as_text(value: Any) -> str:
    if isinstance(value, bytes):
        return f"({len(value)} bytes)"
    return str(value)


if __name__ == "__main__":
    sys.exit(main())
