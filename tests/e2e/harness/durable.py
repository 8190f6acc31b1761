"""A consumer with a durable consumer in JetStream: it notes each event in a file,
which is all that it has left when it starts again, and only then acknowledges it:

    python -m harness.durable --url URL … --stream S --prefix P --notes FILE

What its predecessor had been given and did not acknowledge comes again later, so
what comes behind a hole waits for it.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import traceback
from pathlib import Path
from typing import NoReturn

import msgpack
import nats
from nats.aio.msg import Msg
from nats.errors import Error
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig
from nats.js.errors import Error as JetStreamError

from harness.gapless import Notes

_NAME = "proof"
_PAGE = 500
_PAGE_SECONDS = 1.0
_ACK_SECONDS = 3.0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--url", action="append", required=True)
    parser.add_argument("--stream", required=True)
    parser.add_argument("--prefix", required=True)
    parser.add_argument("--notes", type=Path, required=True)
    return parser.parse_args()


async def _reader(js: JetStreamContext, stream: str) -> JetStreamContext.PullSubscription:
    config = ConsumerConfig(
        durable_name=_NAME,
        ack_policy=AckPolicy.EXPLICIT,
        ack_wait=_ACK_SECONDS,
        max_ack_pending=4 * _PAGE,
    )
    while True:
        with contextlib.suppress(Error, JetStreamError, asyncio.TimeoutError):
            await js.add_consumer(stream, config)
            return await js.pull_subscribe_bind(_NAME, stream)
        await asyncio.sleep(0.1)


class Sequence:
    """Notes in order what comes out of order, or again."""

    def __init__(self, notes: Notes, prefix: str) -> None:
        self._notes = notes
        self._last = notes.last()
        self._skip = len(prefix) + 1
        self._waiting: dict[int, Msg] = {}

    def add(self, message: Msg) -> list[Msg]:
        """Gives those that are done with."""
        seq = msgpack.unpackb(message.data)["seq"]
        if seq <= self._last:
            return [message]
        self._waiting[seq] = message
        done = []
        while following := self._waiting.pop(self._last + 1, None):
            self._last += 1
            done.append(following)
        topics = (one.subject[self._skip :].encode() for one in done)
        first = self._last + 1 - len(done)
        self._notes.add(
            (seq, topic + b"\0" + one.data)
            for seq, (topic, one) in enumerate(zip(topics, done, strict=True), first)
        )
        return done


async def _say_nothing(_: Exception) -> None:
    pass


async def consume(own: argparse.Namespace) -> NoReturn:
    client = await nats.connect(
        own.url,
        allow_reconnect=True,
        max_reconnect_attempts=-1,
        reconnect_time_wait=0.1,
        error_cb=_say_nothing,
    )
    reader = await _reader(client.jetstream(), own.stream)
    sequence = Sequence(Notes(own.notes), own.prefix)
    while True:
        with contextlib.suppress(Error, JetStreamError, asyncio.TimeoutError):
            for message in await reader.fetch(_PAGE, timeout=_PAGE_SECONDS):
                for done in sequence.add(message):
                    await done.ack()


def main() -> None:
    try:
        asyncio.run(consume(_arguments()))
    except BaseException:
        traceback.print_exc()
        os._exit(1)


if __name__ == "__main__":
    main()
