"""Messages of one consumer of JetStream, pulled in batches of bounded size.

A consumer numbers what it delivers. Where a number is missing something was lost
on the way, or went to somebody else who reads by the same name; then the reader
has failed, and whoever uses it begins anew behind the last message.
"""

from __future__ import annotations

import asyncio
import json
from collections import deque
from typing import TYPE_CHECKING, NamedTuple

import anyio

from .nats_api import nanoseconds
from .nats_link import FAILURES, Connection, either

if TYPE_CHECKING:
    from nats.aio.msg import Msg
    from nats.aio.subscription import Subscription

#: A batch: messages, and bytes of all of them.
BATCH = 256
BATCH_BYTES = 1 << 20
#: Seconds for which a batch is waited for, and between two signs of life meanwhile.
PULL_SECONDS = 30.0
BEAT_SECONDS = 2.0
#: Without one for so long there is nobody who would deliver.
SILENCE = 3 * BEAT_SECONDS

#: What JetStream says when a pull has ended as it should.
_ENDS = ("404", "408")
_COMPLETE = "Batch Completed"
_TOO_BIG = "Message Size Exceeds MaxBytes"


class Delivered(NamedTuple):
    """A message, and where it stands in the stream."""

    seq: int
    subject: str
    payload: bytes
    #: Where it is acknowledged.
    reply: str


class Reader:
    """Of `consumer`, whose next delivery has the number `number`."""

    def __init__(
        self, connection: Connection, stream: str, consumer: str, number: int
    ) -> None:
        self.connection = connection
        self.consumer = consumer
        self._next = f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{consumer}"
        self._number = number
        self._queue: deque[Delivered] = deque()
        self._subscription: Subscription | None = None
        self._inbox = ""
        #: Messages that the pull under way may still give; 0: none is under way.
        self._left = 0
        self._has_big = False
        self._woken = asyncio.Event()
        #: Since then nothing has been heard, although it was waited for.
        self._silent_since: float | None = None
        #: Messages that were behind the last one.
        self.pending = 0
        #: Up to there the stream has nothing more of what is wanted.
        self._passed = 0
        #: Why nothing more comes.
        self.fault: str | None = None
        #: The reason may be that somebody else reads from the same consumer.
        self.is_contested = False
        #: The consumer has delivered something, or said that there is nothing.
        self.was_answered = False

    async def open(self) -> None:
        """Be there for what is pulled; FAILURES."""
        self._inbox = self.connection.new_inbox()
        self._subscription = await self.connection.subscribe(
            self._inbox, self._on_message
        )

    def close(self) -> None:
        """Nothing comes any more."""
        subscription, self._subscription = self._subscription, None
        if subscription is not None and not self.connection.gone.done():
            asyncio.ensure_future(_end(subscription))

    def take(self) -> Delivered | None:
        """The next message, None if there is none now."""
        if not self._queue:
            return None
        # Whoever takes one may be long about it, and meanwhile waits for nothing.
        self._silent_since = None
        return self._queue.popleft()

    @property
    def passed(self) -> int:
        """Up to where the stream has nothing more of what is wanted, 0 if that is not
        known; once all was taken."""
        return 0 if self._queue else self._passed

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to take."""
        return not self._queue

    @property
    def is_pulling(self) -> bool:
        """Whether more was asked for."""
        return self._left > 0

    def wake(self) -> None:
        """End a wait."""
        self._woken.set()

    async def pull(self) -> None:
        """Ask for a batch; FAILURES."""
        size: dict[str, int] = {"batch": BATCH, "max_bytes": BATCH_BYTES}
        if self._has_big:
            size = {"batch": 1}
        times = {"expires": PULL_SECONDS, "idle_heartbeat": BEAT_SECONDS}
        body = size | {key: nanoseconds(value) for key, value in times.items()}
        self._has_big = False
        self._left = size["batch"]
        await self.connection.publish(self._next, json.dumps(body).encode(), self._inbox)

    async def wait(self, seconds: float | None) -> None:
        """Until there may be a message, or a fault, or the time is up."""
        now = anyio.current_time()
        if self._silent_since is None:
            self._silent_since = now
        left = self._silent_since + SILENCE - now
        if left <= 0:
            self.fault = f"nothing was heard for {SILENCE:g} s"
            return
        if not self._queue and self.fault is None:
            with anyio.move_on_after(left if seconds is None else min(left, seconds)):
                await self._heard()
        self._woken.clear()

    async def _heard(self) -> None:
        """Until something has come or the connection is gone."""
        woken = asyncio.ensure_future(self._woken.wait())
        try:
            await either(woken, self.connection.gone)
        finally:
            woken.cancel()
        if self.connection.gone.done() and not self._queue:
            self.fault = "the connection is gone"

    # ---- what comes ----------------------------------------------------------

    async def _on_message(self, message: Msg) -> None:
        self._silent_since = None
        if self.fault is not None:
            return
        if message.reply.startswith("$JS.ACK."):
            self._on_delivery(message)
        else:
            self._on_status(message.headers or {})
        self._woken.set()

    def _on_delivery(self, message: Msg) -> None:
        seq, number, pending = numbers(message.reply)
        if number != self._number:
            self._miss(f"delivery {self._number} is missing, {number} came")
            return
        self.was_answered = True
        self._number += 1
        self._left -= 1
        self.pending = pending
        self._queue.append(
            Delivered(seq, message.subject, message.data, message.reply)
        )

    def _miss(self, fault: str) -> None:
        self.fault, self.is_contested = fault, True

    def _on_status(self, headers: dict[str, str]) -> None:
        status, text = headers.get("Status", ""), headers.get("Description", "")
        last = headers.get("Nats-Last-Consumer")
        if status == "100":
            if last is not None and int(last) != self._number - 1:
                self._miss(f"delivery {self._number} is missing")
            else:
                self.was_answered = True
                self._passed = int(headers.get("Nats-Last-Stream", 0))
        elif status in _ENDS or text == _COMPLETE:
            self._left = 0
        elif text == _TOO_BIG:
            self._left, self._has_big = 0, True
        else:
            self.fault = f"{status} {text}".strip().split("\n")[0]


def numbers(reply: str) -> tuple[int, int, int]:
    """Place in the stream, number of the delivery, and how many are behind it."""
    words = reply.split(".")
    # A domain and an account stand before them where there are domains.
    place = 5 if len(words) <= 9 else 7
    return int(words[place]), int(words[place + 1]), int(words[place + 3])


async def _end(subscription: Subscription) -> None:
    try:
        await subscription.unsubscribe()
    except FAILURES:
        return
