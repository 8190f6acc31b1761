"""A cursor that a durable consumer of JetStream is.

What is done is acknowledged, with all before it. After a consumer was killed
JetStream holds what it had delivered to it for another `ACK_SECONDS`, and gives it
behind what is newer; so that is read by other means (`nats_events`), and its
acknowledgements are put together here.
"""

from __future__ import annotations

import logging
import socket
from collections import deque
from typing import TYPE_CHECKING

import anyio

from . import nats_api, nats_subjects
from .cursors import CursorError
from .errors import BridgeUnreachable
from .nats_api import FILTER_UNFIT, Answer, ApiError
from .nats_link import FAILURES, Connection, NatsLink
from .nats_reader import PULL_SECONDS, numbers
from .position import Position

if TYPE_CHECKING:
    from .nats_reader import Delivered

log = logging.getLogger("onebus.nats")

#: Seconds after which JetStream delivers again what was not acknowledged.
ACK_SECONDS = 3600.0
#: Events that may be delivered and not acknowledged; beyond that none come.
UNDONE_MAX = 20_000
#: Seconds for an acknowledgement.
SAVE_SECONDS = 2.0
#: How often it is looked whether somebody else still reads, in seconds, and for how
#: long at most: a pull of one who is gone ends by then.
LOOK_SECONDS = 0.25
OTHERS_SECONDS = PULL_SECONDS + 2
#: For how long a consumer may look like somebody else's.
SETTLE_SECONDS = 3.0


class DurableCursor:
    """One consumer at a time reads by a name."""

    def __init__(self, link: NatsLink, stream: str, name: str) -> None:
        self.name = name
        self.consumer = nats_subjects.consumer(name)
        self._link = link
        self._stream = stream
        #: What was delivered and is not acknowledged: place, and where to do that.
        self._undone: deque[tuple[int, str]] = deque()
        #: Of what was delivered before this run: the number of the next one, and
        #: the last there can be.
        self._number, self._number_last = 0, 0
        #: What the stream takes for none of its subjects: all is read then.
        self._unfit: str | None = None
        #: Where one begins that is being made anew; 0: none is.
        self._begin = 0

    # ---- as a store ------------------------------------------------------------

    async def load(self) -> Position | None:
        """Where it stands is known when it is attached."""
        return None

    async def save(self, position: Position) -> None:
        """Acknowledge it; BridgeUnreachable if NATS does not confirm that."""
        place, reply = 0, ""
        for place, at in self._undone:
            if place > position.seq:
                break
            reply = at
        if not reply:
            return
        connection = self._link.now
        if connection is None:
            raise BridgeUnreachable(f"{self._link.address}: not connected")
        try:
            await connection.request(reply, b"", SAVE_SECONDS)
        except FAILURES as error:
            raise BridgeUnreachable(f"{self._link.address}: {error!r}") from None
        while self._undone and self._undone[0][0] <= position.seq:
            self._undone.popleft()

    # ---- as a consumer -----------------------------------------------------------

    async def attach(
        self, connection: Connection, begin: int, subject: str | None
    ) -> Answer:
        """What there is to know of the consumer, which is made if it is missing, to
        begin with place `begin`, and made anew if it was for another `subject`."""
        found = await nats_api.consumer(connection, self._stream, self.consumer)
        if found is None:
            # What was delivered and is not done comes again from a new one.
            begin = self._undone[0][0] if self._undone else self._begin or begin
            made = await self._create(connection, begin, subject)
            self._undone.clear()
            self._begin = 0
            return made
        config = found["config"]
        if not _is_ours(config):
            await self._settled(connection)
            return await self.attach(connection, begin, subject)
        if config.get("filter_subject") == (None if subject == self._unfit else subject):
            return found
        # One that is changed has passed over what it now wants, and would not say so.
        self._begin = self.stands(found) + 1
        await nats_api.delete_consumer(connection, self._stream, self.consumer)
        return await self.attach(connection, self._begin, subject)

    async def _settled(self, connection: Connection) -> None:
        """Wait until the consumer is one of ours, or is gone, as one is of which a
        server that has just been started does not know all yet; CursorError if it
        stays."""
        deadline = anyio.current_time() + SETTLE_SECONDS
        while True:
            await anyio.sleep(LOOK_SECONDS)
            found = await nats_api.consumer(connection, self._stream, self.consumer)
            if found is None or _is_ours(found["config"]):
                return
            if anyio.current_time() > deadline:
                raise CursorError(
                    f"cursor {self.name}: the consumer {self.consumer} of the stream"
                    f" {self._stream} is not one of ours (ack_policy all, pulled):"
                    f" {found['config']}; remove it, or take another name"
                )

    def stands(self, found: Answer) -> int:
        """Up to which place all is done for certain, by what is known of the
        consumer. That nothing is to be acknowledged does not say that all is done: a
        purge of the stream takes that away as well."""
        delivered, floor = found["delivered"], found["ack_floor"]
        if not delivered["consumer_seq"]:
            return int(delivered["stream_seq"])
        begin = int(found["config"].get("opt_start_seq", 1))
        return max(int(floor["stream_seq"]), begin - 1)

    async def alone(self, connection: Connection) -> None:
        """Wait until nobody else reads by this name; CursorError if that lasts."""
        deadline = anyio.current_time() + OTHERS_SECONDS
        is_told = False
        while await self._is_read(connection):
            if anyio.current_time() > deadline:
                raise CursorError(
                    f"cursor {self.name}: somebody else reads by this name. One"
                    " consumer to a cursor"
                )
            if not is_told:
                log.warning("cursor %s: somebody else reads by this name", self.name)
                is_told = True
            await anyio.sleep(LOOK_SECONDS)

    async def _is_read(self, connection: Connection) -> bool:
        found = await nats_api.consumer(connection, self._stream, self.consumer)
        return found is not None and bool(found.get("num_waiting"))

    def delivered(self, message: Delivered) -> None:
        """It was delivered by this consumer."""
        if not self._undone or message.seq > self._undone[-1][0]:
            self._undone.append((message.seq, message.reply))

    def again(self, found: Answer) -> None:
        """What it has delivered, by what is known of it, and was not taken, comes now
        another way."""
        last = numbers(self._undone[-1][1])[1] if self._undone else 0
        self._number = max(int(found["ack_floor"]["consumer_seq"]), last) + 1
        self._number_last = int(found["delivered"]["consumer_seq"])

    def forget(self) -> None:
        """The stream is another one."""
        self._undone.clear()

    def made_up(self, message: Delivered) -> None:
        """It was delivered by this consumer to a reader before; so its
        acknowledgement, whose number nobody knows exactly, is made up."""
        number = min(self._number, self._number_last)
        self._number += 1
        reply = f"$JS.ACK.{self._stream}.{self.consumer}.1.{message.seq}.{number}.0.0"
        self.delivered(message._replace(reply=reply))

    async def _create(
        self, connection: Connection, begin: int, subject: str | None
    ) -> Answer:
        config: Answer = {
            "description": self._description(),
            "ack_policy": "all",
            "ack_wait": nats_api.nanoseconds(ACK_SECONDS),
            "max_ack_pending": UNDONE_MAX,
            "deliver_policy": "by_start_sequence",
            "opt_start_seq": begin,
            "replay_policy": "instant",
            **_filter(subject),
        }
        try:
            return await nats_api.create_durable(
                connection, self._stream, self.consumer, config
            )
        except ApiError as error:
            if error.code != FILTER_UNFIT:
                raise
            self._unfit = subject
            rest = {key: value for key, value in config.items() if key != "filter_subject"}
            return await nats_api.create_durable(
                connection, self._stream, self.consumer, rest
            )

    def _description(self) -> str:
        return f"onebus cursor {self.name}, made on {socket.gethostname()}"


def _is_ours(config: Answer) -> bool:
    return config.get("ack_policy") == "all" and not config.get("deliver_subject")


def _filter(subject: str | None) -> Answer:
    return {} if subject is None else {"filter_subject": subject}
