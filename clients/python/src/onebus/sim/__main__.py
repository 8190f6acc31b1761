"""``python -m onebus.sim``: a little QQ to try a bridge and a bot with."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import os
import random
import signal
import sys

from . import faults, js
from .chat import GroupChat
from .dialect import DIALECTS
from .model import Event, Message
from .peer import Simulator

log = logging.getLogger("onebus.sim")

_EXAMPLES = """\
examples:
  python -m onebus.sim
      dial ws://127.0.0.1:3001/onebot/v11/ws as account 10001 and chat
  python -m onebus.sim --token secret --interval 0.2
      with a token, five lines a second
  python -m onebus.sim --url ws://bridge:3001/onebot/v11/ws --self-id 10002 --seed 7
      another account with another chat; the same seed gives the same chat
  python -m onebus.sim --interval 0 --message-format string
      say nothing by itself, only answer requests
  python -m onebus.sim --fault 'send_*=lost*2' --fault 'get_*=late:0.5'
      lose the answers to the first two sends, be half a second late with others

The token may also come from the environment variable ONEBUS_SIM_TOKEN.
Lines addressed to the bot begin with /echo or mention it.
"""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m onebus.sim",
        description="Simulates a QQ account behind NapCat, with a little group chat.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add(
        "--url",
        default="ws://127.0.0.1:3001/onebot/v11/ws",
        help="where to dial (%(default)s)",
    )
    add("--listen", type=int, metavar="PORT",
        help="be dialed instead: a forward WebSocket server")  # fmt: skip
    add("--token", default=os.environ.get("ONEBUS_SIM_TOKEN", ""), help="access token")
    add("--self-id", type=int, default=10001, help="the bot's account (%(default)s)")
    add("--interval", type=float, default=1.0, metavar="SECONDS",
        help="between two lines, 0 for silence (%(default)s)")  # fmt: skip
    add("--seed", type=int, default=1, help="of the chat (%(default)s)")
    add("--heart-interval", type=int, default=30000, metavar="MS",
        help="between heartbeat events, 0 for none (%(default)s)")  # fmt: skip
    add("--reconnect-interval", type=float, default=5.0, metavar="SECONDS",
        help="after a break (%(default)s)")  # fmt: skip
    add("--report-self-message", action=argparse.BooleanOptionalAction, default=False,
        help="report what the bot says itself as message_sent")  # fmt: skip
    add("--message-format", choices=("array", "string"), default="array",
        help="of messages in events (%(default)s)")  # fmt: skip
    add("--dialect", choices=tuple(DIALECTS), default="napcat",
        help="whom to look and answer like (%(default)s)")  # fmt: skip
    add("--fault", action="append", default=[], metavar="GLOB=KIND[:ARGUMENT][*TIMES]",
        help="what answers to these actions meet: " + ", ".join(faults.KINDS)
        + "; may be repeated")  # fmt: skip
    add("--streams", action=argparse.BooleanOptionalAction, default=True,
        help="know stream actions; without, as an older NapCat")  # fmt: skip
    add("--packet-backend", action=argparse.BooleanOptionalAction, default=True,
        help="have what pokes and some others need")  # fmt: skip
    add("--local-file2url", action="store_true",
        help="give files as base64 too, as NapCat's enableLocalFile2Url")  # fmt: skip
    add(
        "--insecure", action="store_true", help="do not check the certificate of wss://"
    )
    add("--quiet", action="store_true", help="only warnings")
    return parser


def _simulator(options: argparse.Namespace) -> Simulator:
    sim = Simulator(
        None if options.listen is not None else options.url,
        token=options.token,
        self_id=options.self_id,
        seed=options.seed,
        dialect=options.dialect,
        message_format=options.message_format,
        report_self_message=options.report_self_message,
        heart_interval=options.heart_interval,
        reconnect_interval=options.reconnect_interval,
        verify_certificate=not options.insecure,
        # A real account takes a moment, and not always the same.
        answer_delay=(20.0, 120.0),
        streams=options.streams,
    )
    sim.world.packet_backend = options.packet_backend
    if options.local_file2url:
        sim.world.file_forms |= {"base64"}
    for text in options.fault:
        glob, fault, times = faults.parse(text)
        sim.fault(glob, fault, times=times)
    return sim


async def _play(sim: Simulator, options: argparse.Namespace) -> None:
    """Let the chat go on for ever, but only while somebody listens."""
    chat = GroupChat(sim.world, random.Random(options.seed))
    sim.on_event(chat.heard)
    sim.on_event(_show)
    if options.listen is not None:
        listener = await sim.listen(
            port=options.listen,
            token=options.token,
            dialect=options.dialect,
            message_format=options.message_format,
            report_self_message=options.report_self_message,
            heart_interval=options.heart_interval,
        )
        log.info("listening at %s", listener.url)
    while options.interval > 0:
        await asyncio.sleep(options.interval)
        if sim.is_connected:
            chat.step()
            await sim.flush()
    await asyncio.Event().wait()


def _show(event: Event) -> None:
    if isinstance(event, Message):
        where = event.group_name or "private"
        log.info("[%s] %s: %s", where, event.card or event.nickname, _shown(event))
    else:
        kind = event.get("sub_type") or ""
        log.info("* %s %s", event.get("notice_type") or event["request_type"], kind)


def _shown(said: Message) -> str:
    """The message on one line, short."""
    parts = []
    for segment in said.segments:
        data = segment["data"]
        if segment["type"] == "text":
            parts.append(js.text(data["text"]))
        elif segment["type"] == "at":
            parts.append(f"@{data['qq']}")
        elif segment["type"] == "face":
            parts.append(data.get("raw", {}).get("faceText", "[face]"))
        else:
            parts.append(f"[{segment['type']}]")
    return " ".join("".join(parts).split())[:100]


async def _run(options: argparse.Namespace) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        # Not on Windows, where Ctrl-C still arrives as KeyboardInterrupt.
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, stop.set)
    async with _simulator(options) as sim:
        play = asyncio.ensure_future(_play(sim, options))
        ended = asyncio.ensure_future(stop.wait())
        await asyncio.wait({play, ended}, return_when=asyncio.FIRST_COMPLETED)
        for task in (play, ended):
            task.cancel()
        results = await asyncio.gather(play, ended, return_exceptions=True)
    for result in results:
        if isinstance(result, Exception):
            raise result


def main() -> None:
    """The command line."""
    options = _parser().parse_args()
    logging.basicConfig(
        stream=sys.stderr,
        level=logging.WARNING if options.quiet else logging.INFO,
        format="%(asctime)s %(message)s",
        datefmt="%H:%M:%S",
    )
    try:
        asyncio.run(_run(options))
    except KeyboardInterrupt:
        return
    except ValueError as error:
        sys.exit(f"onebus.sim: {error}")


if __name__ == "__main__":
    main()
