"""The bus for code that is not asynchronous: scripts, notebooks.

    import onebus.sync

    with onebus.sync.connect() as bus:
        bus.send_group_msg(20002, "hello")
        for event in bus.events("qq.group.*"):
            if isinstance(event, onebus.GroupMessage):
                bus.reply(event, "pong")

Behind it an event loop runs in a thread of its own. A bus may be used by several
threads at once, an `EventStream` by one at a time.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from types import TracebackType
from typing import TYPE_CHECKING, Any

from anyio.from_thread import start_blocking_portal
from typing_extensions import Self, Unpack

from ._actions import SyncActions
from ._twins import SyncBridgeActions, SyncGuide
from .bus import SETTLE_TIMEOUT, Bus, CallReply, ConnectOptions
from .bus import connect as connect_async
from .event import Gap
from .loop import Loop

if TYPE_CHECKING:
    from .errors import OutcomeUnknown
    from .event import Event
    from .message import MessageLike
    from .results import MessageSent
    from .stream import EventStream, StreamOptions


@contextmanager
def connect(**options: Unpack[ConnectOptions]) -> Generator[SyncBus, None, None]:
    """A bus, to be used by `with`; the options are those of `onebus.connect`."""
    bus = connect_async(**options)
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(bus):
        yield SyncBus(Loop(portal), bus)


class SyncBus(SyncActions):
    """A `Bus` whose methods return when they are done."""

    def __init__(self, loop: Loop, bus: Bus) -> None:
        self._loop = loop
        self._bus = bus
        self.bridge = SyncBridgeActions(self._of_bridge, bus.account)
        self.guide = SyncGuide(self)

    def _of_bridge(self, action: str, params: dict[str, Any]) -> Any:
        return self._loop.run(lambda: self._bus.call_bridge(action, params))

    def _act(
        self,
        action: str,
        params: dict[str, Any],
        account: str | None,
        timeout: float | None,
        idempotency_key: str | None,
    ) -> Any:
        reply = self.request(
            action,
            params,
            account=account,
            timeout=timeout,
            idempotency_key=idempotency_key,
        )
        return reply.data

    def events(
        self, *patterns: str, **options: Unpack[StreamOptions]
    ) -> SyncEventStream:
        """The events whose topics fit one of `patterns`, all if there is none."""
        return SyncEventStream(self._loop, self._bus.events(*patterns, **options))

    def call(
        self,
        action: str,
        /,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
        **params: Any,
    ) -> Any:
        """Call any action, known or not, and give its data."""
        return self._act(action, params, account, timeout, idempotency_key)

    def request(
        self,
        action: str,
        params: Mapping[str, Any] | None = None,
        /,
        *,
        account: str | None = None,
        self_id: int | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
        trace: str | None = None,
    ) -> CallReply:
        """Call any action and give the whole reply, as `Bus.request` does."""
        return self._loop.run(
            lambda: self._bus.request(
                action,
                params,
                account=account,
                self_id=self_id,
                timeout=timeout,
                idempotency_key=idempotency_key,
                trace=trace,
            )
        )

    def settled(
        self, error: OutcomeUnknown, *, timeout: float = SETTLE_TIMEOUT
    ) -> CallReply:
        """What has come of a call that was answered `unknown`."""
        return self._loop.run(lambda: self._bus.settled(error, timeout=timeout))

    def reply(
        self,
        event: Event,
        message: MessageLike,
        *,
        quote: bool = False,
        at: bool = False,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> MessageSent:
        """Say `message` in the chat of `event`, by the account that heard it."""
        return self._loop.run(
            lambda: self._bus.reply(
                event,
                message,
                quote=quote,
                at=at,
                timeout=timeout,
                idempotency_key=idempotency_key,
            )
        )


class SyncEventStream:
    """An `EventStream` to iterate over with `for`.

    `with` opens it at once and closes it; without, it opens at the first event and
    closes with the bus. A loop that is broken off, by Ctrl-C too, can be gone on
    with: no event is lost by it.
    """

    def __init__(self, loop: Loop, stream: EventStream) -> None:
        self._loop = loop
        self._stream = stream
        #: What came in the moment in which the loop was broken off.
        self._rescued: list[Event | Gap] = []

    def __enter__(self) -> Self:
        self._loop.run(self._stream.__aenter__)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Save the cursor and disconnect; the iteration ends."""
        self._loop.run(self._stream.aclose)

    def commit(self, seq: int | None = None, epoch: str | None = None) -> None:
        """Everything up to `seq` is done, as `EventStream.commit` has it."""
        self._loop.run(lambda: self._stream.commit(seq, epoch))

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Event | Gap:
        if self._rescued:
            return self._rescued.pop()
        try:
            return self._loop.run(self._next, rescue=self._rescued.append)
        except StopAsyncIteration:
            raise StopIteration from None

    async def _next(self) -> Event | Gap:
        event = await self._stream.__anext__()
        # Its own methods are for the loop's thread; `SyncBus.reply` is for ours.
        return event if isinstance(event, Gap) else replace(event, _bus=None)
