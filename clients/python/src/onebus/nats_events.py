"""Events from a stream of JetStream: a source as the bridge's own socket is one.

Places are those of the stream (`Position`: the stream, and its number of the
message), for the events of several bridges may lie in it, each with a `seq` of its
own. With a cursor by name they are read from a durable consumer, else from one that
ends with the reader.
"""

from __future__ import annotations

import base64
import logging
import os
import socket
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Any

import anyio
import anyio.lowlevel
from typing_extensions import Self

from . import nats_api, nats_subjects
from .cursors import BridgeCursor, CursorStore
from .errors import MalformedMessage
from .event import Gap, GapReason
from .feed import Item
from .nats_api import FILTER_UNFIT, NO_MESSAGE, STREAM_MISSING, Answer, ApiError
from .nats_cursor import UNDONE_MAX, DurableCursor
from .nats_link import FAILURES, Connection, NatsLink
from .nats_reader import Delivered, Reader
from .position import Position
from .raw import RawEvent, peek
from .seqs import Seqs, Step
from .transport import Wanted

log = logging.getLogger("onebus.nats")

#: Items after which others have their turn, however much there is to take.
TURN = 128
#: Seconds until something is tried again.
RETRY_LEAST = 0.1
RETRY_MOST = 2.0
#: Seconds after which a reader that nobody reads from ends.
INACTIVE_SECONDS = 60.0
#: Seconds until it is looked again how far the stream is.
LOOK_SECONDS = 0.02


@dataclass(frozen=True)
class Place:
    """Where a bridge's events lie."""

    stream: str
    #: What stands before topics, with its dot; empty if nothing does.
    prefix: str


class NatsEvents:
    """A stream."""

    def __init__(self, link: NatsLink, place: Place) -> None:
        self.address = link.address
        self._link = link
        self._place = place

    async def __aenter__(self) -> Self:
        await self._link.hold()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._link.release()

    def source(self, wanted: Wanted) -> NatsSource:
        """What a stream of events reads from."""
        return NatsSource(self._link, self._place, wanted)

    def cursor(self, name: str) -> CursorStore:
        """The durable consumer of that name."""
        return DurableCursor(self._link, self._place.stream, name)


class NatsSource:
    """A `Source`."""

    #: That is not known here; how old an event is tells the server's clock.
    is_fresh = False

    def __init__(self, link: NatsLink, place: Place, wanted: Wanted) -> None:
        self._link = link
        self._stream = place.stream
        self._prefix = place.prefix
        self._since = wanted.since
        self._keeper = wanted.keeper
        store = None if wanted.keeper is None else wanted.keeper.store
        if isinstance(store, BridgeCursor):
            raise ValueError(
                f"cursor {store.name}: a bridge keeps only how far one is in its own"
                " journal; for a stream of NATS give the name alone"
            )
        self._durable = store if isinstance(store, DurableCursor) else None
        self._subject = nats_subjects.narrowest(
            wanted.patterns.texts, place.prefix.rstrip(".")
        )
        self._seqs = Seqs(sees_all=self._subject is None)
        self._is_timed = wanted.max_age is not None
        #: Names the stream: one that was made anew is another one.
        self._epoch: str | None = None
        #: Up to here all was taken from the reader; up to there it came out.
        self._last = 0
        self._at = 0
        self._ready: deque[tuple[Item, int, bool]] = deque()
        #: Those that came out, so that one can say which are done.
        self._given: deque[tuple[str, int, int]] = deque(maxlen=UNDONE_MAX)
        #: What is up to here was missed when it happened.
        self._missed_until = 0
        #: The reader gives again what the durable consumer had delivered up to here.
        self._again_until = 0
        self._reader: Reader | None = None
        #: Seconds until a reader follows one that had no answer.
        self._pause = RETRY_LEAST
        self._turn = TURN
        self._asked: Position | None = None
        self._reached: dict[str, int] = {}
        self.is_replayed = False
        self.now_ms: float | None = None

    # ---- how far it is -----------------------------------------------------------

    @property
    def place(self) -> Position | None:
        """How far what was taken reaches, in the stream's own numbers."""
        if self._epoch is None:
            return None
        return Position(self._epoch, self._at if self._ready else self._last)

    def place_of(self, epoch: str, seq: int) -> Position | None:
        """Of the last event of this epoch that came out and is not behind `seq`."""
        for known, number, place in reversed(self._given):
            if known == epoch and number <= seq:
                return Position(self._epoch or "", place)
        return None

    def reaches(self, place: Position) -> bool:
        """What is not known is looked up while nothing comes."""
        known = max(self._seqs.highest(place.epoch), self._reached.get(place.epoch, 0))
        if known >= place.seq and not self._ready:
            return True
        self._asked = place
        if self._reader is not None:
            self._reader.wake()
        return False

    # ---- what comes out ------------------------------------------------------------

    def take(self) -> Item | None:
        """The next item. None: others have their turn, or there is none."""
        while self._turn > 0:
            self._turn -= 1
            if self._ready:
                item, self._at, self.is_replayed = self._ready.popleft()
                if isinstance(item, RawEvent) and self._keeper is not None:
                    self._given.append((item.epoch, item.seq, self._at))
                return item
            message = None if self._reader is None else self._reader.take()
            if message is None:
                self._pass()
                return None
            self._ready.extend(self._items(message))
        return None

    def _pass(self) -> None:
        """What nobody wants lies behind us as well."""
        if self._reader is not None and not self._again_until:
            self._last = max(self._last, self._reader.passed)

    def _items(self, message: Delivered) -> Iterator[tuple[Item, int, bool]]:
        place, before = message.seq, self._last
        if self._again_until and place > self._again_until:
            # The durable consumer delivers it.
            self._end_again()
            return
        if self._durable is not None:
            note = self._durable.made_up if self._again_until else self._durable.delivered
            note(message)
        if place <= before:
            return
        self._last = place
        is_replayed = place <= self._missed_until
        if self._subject is None and place > before + 1:
            yield self._expired(before + 1, place - 1), place - 1, is_replayed
        event = self._event(message)
        if event is None:
            return
        step = self._seqs.told(event.epoch, event.seq)
        if step is Step.HOLE:
            first, last = self._seqs.missing
            reason: GapReason = "expired" if self._seqs.is_beginning else "lost"
            gap = Gap(first, last, reason, event.epoch)
            yield gap, before, is_replayed
        if step is not Step.PASS:
            yield event, place, is_replayed

    def _event(self, message: Delivered) -> RawEvent | None:
        topic = message.subject.removeprefix(self._prefix)
        try:
            return peek(topic.encode() + b"\0" + message.payload)
        except MalformedMessage as error:
            log.warning("passed over: %s", error)
            return None

    def _expired(self, first: int, last: int) -> Gap:
        self._seqs.skipped()
        return Gap(first, last, "expired", self._epoch or "")

    # ---- waiting -------------------------------------------------------------------

    async def more(self, seconds: float | None) -> None:
        """Wait until there may be something to take, for `seconds` at most."""
        is_turn = self._turn <= 0
        self._turn = TURN
        if is_turn:
            await anyio.lowlevel.checkpoint()
            return
        reader = self._reader
        try:
            if reader is None or reader.fault is not None:
                await self._go_on()
            elif self._asked is not None:
                await self._look(reader.connection, self._asked)
            else:
                await self._more_of(reader, seconds)
        except FAILURES as error:
            if reader is not None:
                reader.fault = reader.fault or str(error) or repr(error)

    async def _more_of(self, reader: Reader, seconds: float | None) -> None:
        if self._again_until and self._is_given_again(reader):
            self._end_again()
            return
        if not reader.is_pulling:
            if reader.pending:
                info = await nats_api.stream(reader.connection, self._stream)
                if self._note_expired(info):
                    return
            await reader.pull()
        await reader.wait(seconds)

    def _end_again(self) -> None:
        """All that the durable consumer had delivered has been read again."""
        self._last = max(self._last, self._again_until)
        self._leave_reader()

    def _is_given_again(self, reader: Reader) -> bool:
        return self._last >= self._again_until or not reader.pending

    async def _look(self, connection: Connection, wanted: Position) -> None:
        """How far the stream is, which some wait for: if the event that they want is
        its last one or before that, and nothing of it is to come."""
        info = await nats_api.stream(connection, self._stream)
        last = int(info["state"]["last_seq"])
        told = await self._told_at(connection, last)
        is_there = told is not None and told.epoch == wanted.epoch and told.seq >= wanted.seq
        if is_there and await self._has_all(connection, last):
            self._reached[wanted.epoch] = wanted.seq
            self._asked = None
        elif self._reader is not None:
            if not self._reader.is_pulling:
                await self._reader.pull()
            await self._reader.wait(LOOK_SECONDS)
            self._asked = None

    async def _told_at(self, connection: Connection, place: int) -> RawEvent | None:
        """The event at a place of the stream."""
        try:
            answer = await nats_api.ask(
                connection, f"STREAM.MSG.GET.{self._stream}", {"seq": place}
            )
        except ApiError as error:
            if error.code != NO_MESSAGE:
                raise
            return None
        message = answer["message"]
        topic = str(message["subject"]).removeprefix(self._prefix)
        body = base64.b64decode(message.get("data", ""))
        return peek(topic.encode() + b"\0" + body)

    async def _has_all(self, connection: Connection, last: int) -> bool:
        """Whether nothing up to the place `last` is still to come."""
        if self._last >= last:
            return True
        if self._reader is None or self._again_until or not self._reader.is_empty:
            return False
        found = await nats_api.consumer(connection, self._stream, self._reader.consumer)
        if found is None or found.get("num_pending") or not self._reader.is_empty:
            return False
        return bool(self._last >= found["delivered"]["stream_seq"] or self._durable is None)

    # ---- life ------------------------------------------------------------------------

    async def open(self) -> None:
        """Find the stream and where to begin; waits for as long as that takes."""
        await self._go_on()

    def close(self) -> None:
        """Nothing comes any more."""
        self._leave_reader()

    def _leave_reader(self) -> None:
        reader, self._reader = self._reader, None
        self._again_until = 0
        if reader is not None:
            reader.close()

    async def _go_on(self) -> None:
        """Read behind the last message, as soon as that can be done."""
        pause = RETRY_LEAST
        reader = self._reader
        is_contested = reader is not None and reader.is_contested
        if reader is not None:
            log.info("%s: reading anew: %s", self._stream, reader.fault)
            await self._rest(reader)
        self._leave_reader()
        told = ""
        while True:
            connection = await self._link.connected()
            try:
                await self._begin(connection, is_contested=is_contested)
                return
            except FAILURES as error:
                said = self._said(error)
                if said != told:
                    log.warning("%s: trying again: %s", self._stream, said)
                told = said
                self._leave_reader()
            await anyio.sleep(pause)
            pause = min(pause * 2, RETRY_MOST)

    async def _rest(self, reader: Reader) -> None:
        """A consumer that has no leader is there, and answers no pull."""
        if reader.was_answered:
            self._pause = RETRY_LEAST
            return
        await anyio.sleep(self._pause)
        self._pause = min(self._pause * 2, RETRY_MOST)

    def _said(self, error: BaseException) -> str:
        if isinstance(error, ApiError) and error.code == STREAM_MISSING:
            return f"there is no such stream on {self._link.address} yet"
        return str(error) or repr(error)

    async def _begin(self, connection: Connection, *, is_contested: bool) -> None:
        info = await nats_api.stream(connection, self._stream)
        epoch = f"{self._stream}@{info['created']}"
        is_first = self._epoch is None
        if self._durable is not None and (is_first or is_contested):
            await self._durable.alone(connection)
        if is_first:
            await self._find_place(connection, info, epoch)
        elif epoch != self._epoch:
            self._change(epoch)
        else:
            self._note_expired(info)
        self._missed_until = int(info["state"]["last_seq"])
        if self._is_timed and self.now_ms is None:
            (await self._ephemeral(connection)).close()
        await self._read(connection)

    async def _find_place(self, connection: Connection, info: Answer, epoch: str) -> None:
        """Where to begin: at the cursor, at `since`, or with what comes."""
        state = info["state"]
        first, last = max(1, int(state["first_seq"])), int(state["last_seq"])
        begin = last if self._since is None else first - 1
        if self._durable is not None:
            is_new = not await self._is_known(connection)
            found = await self._durable.attach(connection, begin + 1, self._subject)
            self._last = begin if is_new else self._durable.stands(found)
            self._epoch = epoch
            if is_new:
                self._seqs.begin_behind(self._since)
            else:
                self._note_expired(info, since=self._had(found))
            return
        saved = None if self._keeper is None else await self._keeper.load()
        if saved is None:
            self._epoch, self._last = epoch, begin
            self._seqs.begin_behind(self._since)
            if self._keeper is not None:
                self._keeper.note(Position(epoch, begin))
                await self._keeper.save()
            return
        self._epoch, self._last = saved.epoch, saved.seq
        if saved.epoch != epoch:
            self._change(epoch)
        else:
            self._note_expired(info)

    async def _is_known(self, connection: Connection) -> bool:
        assert self._durable is not None
        name = self._durable.consumer
        return await nats_api.consumer(connection, self._stream, name) is not None

    def _change(self, epoch: str) -> None:
        """It is another stream, and read from its beginning."""
        gap = Gap(self._last + 1, None, "epoch", self._epoch or "")
        self._seqs.skipped()
        self._ready.append((gap, 0, True))
        self._given.clear()
        if self._durable is not None:
            self._durable.forget()
        self._epoch, self._last, self._at = epoch, 0, 0

    def _had(self, found: Answer) -> int:
        """Up to where the durable consumer was: of what it passed over nothing is
        lost if the stream loses it."""
        if self._subject is None or found.get("num_ack_pending"):
            return self._last
        return max(self._last, int(found["delivered"]["stream_seq"]))

    def _note_expired(self, info: Answer, since: int = 0) -> bool:
        """Tell of what the stream does not have any more, behind `since`; True if
        there is any."""
        first, before = int(info["state"]["first_seq"]), max(self._last, since)
        if first <= before + 1:
            return False
        gap = self._expired(before + 1, first - 1)
        self._last = first - 1
        self._ready.append((gap, self._last, True))
        return True

    async def _read(self, connection: Connection) -> None:
        """Open a reader of what is behind the last message."""
        if self._durable is None:
            self._reader = await self._ephemeral(connection)
            return
        found = await self._durable.attach(connection, self._last + 1, self._subject)
        delivered = int(found["delivered"]["stream_seq"])
        if delivered > self._last:
            self._again_until = delivered
            self._durable.again(found)
            self._reader = await self._ephemeral(connection)
            return
        number = int(found["delivered"]["consumer_seq"]) + 1
        self._reader = await self._opened(connection, self._durable.consumer, number)
        self._reader.pending = int(found.get("num_pending", 0))

    async def _ephemeral(self, connection: Connection) -> Reader:
        config: dict[str, Any] = {
            "description": f"onebus events, {socket.gethostname()} pid {os.getpid()}",
            "ack_policy": "none",
            "deliver_policy": "by_start_sequence",
            "opt_start_seq": self._last + 1,
            "replay_policy": "instant",
            "inactive_threshold": nats_api.nanoseconds(INACTIVE_SECONDS),
            "mem_storage": True,
            "num_replicas": 1,
        }
        if self._subject is not None:
            config["filter_subject"] = self._subject
        try:
            made = await nats_api.create_ephemeral(connection, self._stream, config)
        except ApiError as error:
            if error.code != FILTER_UNFIT:
                raise
            del config["filter_subject"]
            made = await nats_api.create_ephemeral(connection, self._stream, config)
        self.now_ms = nats_api.milliseconds(str(made["created"]))
        reader = await self._opened(connection, str(made["name"]), 1)
        reader.pending = int(made.get("num_pending", 0))
        return reader

    async def _opened(self, connection: Connection, consumer: str, number: int) -> Reader:
        reader = Reader(connection, self._stream, consumer, number)
        await reader.open()
        return reader
