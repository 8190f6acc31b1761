"""The way to the bridge: `connect`, and the `Bus` that it gives."""

from __future__ import annotations

import os
import secrets
import weakref
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, cast

import anyio
from typing_extensions import Self, TypedDict, Unpack

from . import wire
from ._actions import READS, Actions
from .bridge_actions import BridgeActions
from .calls import CALLS_MAX, CONNECT_TIMEOUT, Caller, NoReply, NoRoom, log
from .errors import (
    BridgeUnreachable,
    Busy,
    OnebusError,
    OutcomeUnknown,
    ShuttingDown,
    error_of,
)
from .files import load
from .guide import Guide
from .stream import EventStream, Stream, StreamOptions

if TYPE_CHECKING:
    import pynng

    from .event import Event
    from .message import MessageLike
    from .results import MessageSent

EVENTS = "tcp://127.0.0.1:7710"
ACTIONS = "tcp://127.0.0.1:7711"

#: How much longer than the bridge the client waits for a reply, in seconds.
GRACE = 5.0
#: How long it waits where the bridge decides, in seconds. The bridge tells of
#: each deadline by itself; this is for one that hangs.
READ_PATIENCE = 120.0
WRITE_PATIENCE = 2000.0
#: The longest `timeout` that the bridge takes, in seconds.
TIMEOUT_MAX = 1800.0
#: One request may have so many bytes; the bridge takes no more.
REQUEST_MAX = 64 << 20

#: How actions begin that only read, of those that the catalogue does not have.
_READ_PREFIXES = ("get_", "_get_", "nc_get_", "can_", "fetch_", "check_", "ocr_")


class ConnectOptions(TypedDict, total=False):
    """What `connect` takes; each has its variable in the environment."""

    #: Address of the events: ONEBUS_EVENTS.
    events: str | None
    #: Address of the actions: ONEBUS_ACTIONS.
    actions: str | None
    #: The token of a grant: ONEBUS_TOKEN, or the file that ONEBUS_TOKEN_FILE names.
    token: str | None
    #: The account that calls go to which name none: ONEBUS_ACCOUNT.
    account: str | None
    #: Seconds for calls that say nothing else; else the bridge decides.
    timeout: float | None
    #: Seconds within which the bridge is to be found.
    connect_timeout: float
    #: For `tls+tcp://` and `wss://` addresses.
    tls: pynng.TLSConfig | None


def connect(
    events: str | None = None,
    actions: str | None = None,
    *,
    token: str | None = None,
    account: str | None = None,
    timeout: float | None = None,
    connect_timeout: float = CONNECT_TIMEOUT,
    tls: pynng.TLSConfig | None = None,
) -> Bus:
    """A bus, to be used by `async with`.

    What is None comes from the environment (`ConnectOptions` has the names), else
    it is the bridge's own default. The bridge need not be there yet: a call waits
    for it, for up to `connect_timeout` seconds. ValueError for a timeout that is
    none, OnebusError if there is no token in the file of ONEBUS_TOKEN_FILE.
    """
    return Bus(
        events or os.environ.get("ONEBUS_EVENTS") or EVENTS,
        actions or os.environ.get("ONEBUS_ACTIONS") or ACTIONS,
        token=token or _token_of_environment(),
        account=account or os.environ.get("ONEBUS_ACCOUNT"),
        timeout=timeout,
        connect_timeout=connect_timeout,
        tls=tls,
    )


def _token_of_environment() -> str | None:
    file = os.environ.get("ONEBUS_TOKEN_FILE")
    if not file:
        return os.environ.get("ONEBUS_TOKEN") or None
    try:
        token = Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise OnebusError(f"ONEBUS_TOKEN_FILE={file}: {error}") from error
    if not token:
        raise OnebusError(f"ONEBUS_TOKEN_FILE={file}: no token in it")
    return token


@dataclass(frozen=True, slots=True)
class CallReply:
    """What the bridge says of a call that went well."""

    #: `ok`, or `async`: the peer works on it and says no more.
    status: str
    retcode: int
    data: Any
    account: str | None
    id: str | None
    trace: str | None
    #: What was done differently than asked, or does other than one may expect.
    warnings: tuple[str, ...]
    #: How long it took.
    ms: int
    raw: Mapping[str, Any]


class Bus(Actions):
    """The bridge, as a program on the bus sees it.

    Every action of the catalogue is a method; `call` and `request` are for any
    other. `guide` has the functions of the settings guide, `bridge` the bridge's
    own actions. All are safe to use from several tasks at once.
    """

    def __init__(
        self,
        events: str,
        actions: str,
        *,
        token: str | None = None,
        account: str | None = None,
        timeout: float | None = None,
        connect_timeout: float = CONNECT_TIMEOUT,
        tls: pynng.TLSConfig | None = None,
    ) -> None:
        self.events_address = events
        self.actions_address = actions
        self.account = account
        self.timeout = timeout
        _milliseconds(timeout)
        if not connect_timeout > 0:
            raise ValueError(f"connect_timeout={connect_timeout}: allowed: seconds above 0")
        self.tls = tls
        self.bridge = BridgeActions(self.call_bridge, account)
        self.guide = Guide(self)
        self._credentials = {} if token is None else {"token": token}
        self._caller = Caller(
            actions, connect_timeout=connect_timeout, calls_max=CALLS_MAX, tls=tls
        )
        #: Those that somebody has; they are closed with the bus.
        self.streams = weakref.WeakSet[Stream[Any]]()

    def __repr__(self) -> str:
        return f"<Bus {self.events_address} {self.actions_address}>"

    async def __aenter__(self) -> Self:
        await self._caller.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        try:
            for stream in list(self.streams):
                await stream.aclose()
        finally:
            await self._caller.__aexit__(kind, error, traceback)

    # ---- events ------------------------------------------------------------

    def events(self, *patterns: str, **options: Unpack[StreamOptions]) -> EventStream:
        """The events whose topics fit one of `patterns`, all if there is none.

        Iterate over it with `async for`; it gives every event once and in order,
        or a `Gap` for what cannot be had.
        """
        return EventStream(self, patterns, **options)

    # ---- actions -----------------------------------------------------------

    async def call(
        self,
        action: str,
        /,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
        **params: Any,
    ) -> Any:
        """Call any action, known or not, and give its data.

        Parameters that have the names of this method's own go through `request`.
        """
        return await self._act(action, params, account, timeout, idempotency_key)

    async def _act(
        self,
        action: str,
        params: dict[str, Any],
        account: str | None,
        timeout: float | None,
        idempotency_key: str | None,
    ) -> Any:
        reply = await self.request(
            action,
            params,
            account=account,
            timeout=timeout,
            idempotency_key=idempotency_key,
        )
        return reply.data

    async def request(
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
        """Call any action and give the whole reply.

        `timeout` is in seconds; without one the bridge decides by what is asked.
        What fails raises the `BridgeError` of its class. A write has an
        idempotency key by itself; give one of your own (at most 128 bytes) to
        make the same call again in another run.
        """
        asked: dict[str, Any] = {
            "action": action,
            "params": await load(action, wire.params(action, params or {})),
            "account": account or (None if self_id else self.account),
            "self_id": self_id,
            "timeout": _milliseconds(self.timeout if timeout is None else timeout),
            "id": idempotency_key or _new_id(action),
            "trace": trace,
        }
        return await self._ask({k: v for k, v in asked.items() if v is not None})

    async def call_bridge(self, action: str, params: dict[str, Any]) -> Any:
        """Call one of the bridge's own actions, which have no account."""
        reply = await self._ask({"action": action, "params": params})
        return reply.data

    async def _ask(
        self, request: Mapping[str, Any], patience: float | None = None
    ) -> CallReply:
        """Make the call that `request` is, and raise what it fails with."""
        action = str(request["action"])
        raw = await self._exchange(request, patience or _patience(request))
        for warning in raw.get("warnings", ()):
            log.warning("%s: %s", action, warning)
        if raw["status"] in ("ok", "async"):
            return _reply(raw)
        failure = error_of(action, raw)
        if isinstance(failure, OutcomeUnknown):
            failure.request = request
        raise failure

    async def _exchange(
        self, request: Mapping[str, Any], patience: float
    ) -> dict[str, Any]:
        """The bridge's reply, or one that tells why there is none."""
        packed = wire.pack({**request, **self._credentials})
        if len(packed) > REQUEST_MAX:
            return _told(request, "too_large", 10413, _TOO_LARGE)
        try:
            return await self._caller.ask(packed, patience=patience)
        except NoRoom as error:
            return _told(request, "busy", 36000, str(error))
        except NoReply as error:
            if is_read(request["action"]):
                return _told(request, "timeout", 33004, str(error))
            return _told(request, "unknown", 33005, str(error))

    async def settled(self, error: OutcomeUnknown, *, timeout: float = 660.0) -> CallReply:
        """What has come of a call that was answered `unknown`.

        Waits until the bridge knows, for `timeout` seconds. Gives the reply that
        there would have been; raises `ActionTimeout` if it did not happen, what
        the peer refused it with, or `OutcomeUnknown` again if nobody knows still.
        Nothing is sent a second time. A bridge that is away meanwhile may come
        back. ValueError if `error` comes from no call of a bus.
        """
        request = error.request
        if request is None or "id" not in request:
            raise ValueError(f"{error}: comes from no call of a bus")
        pause = 0.25
        deadline = anyio.current_time() + timeout
        while True:
            left = deadline - anyio.current_time()
            try:
                return await self._ask(request, max(left, GRACE))
            except (OutcomeUnknown, BridgeUnreachable, Busy, ShuttingDown) as again:
                log.debug("%s: not settled yet: %s", error.action, again)
            if anyio.current_time() + pause > deadline:
                raise error
            await anyio.sleep(pause)
            pause = min(pause * 2, 5.0)

    # ---- answers -----------------------------------------------------------

    async def reply(
        self,
        event: Event,
        message: MessageLike,
        *,
        quote: bool = False,
        at: bool = False,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> MessageSent:
        """Say `message` in the chat of `event`, by the account that heard it.

        `quote` quotes the message that `event` is; `at` mentions, in a group, who
        it comes from. ValueError if the event has no chat, or no message to quote.
        """
        action, params = wire.answer(event, message, quote=quote, at=at)
        sent = await self._act(action, params, event.account, timeout, idempotency_key)
        return cast("MessageSent", sent)


def is_read(action: str) -> bool:
    """Whether `action` changes nothing, so that it may be asked again."""
    if action.startswith("bridge."):
        return True
    return action in READS or action.lstrip(".").startswith(_READ_PREFIXES)


def _new_id(action: str) -> str | None:
    """A key for what must not happen twice, the same in no other process."""
    return None if is_read(action) else secrets.token_hex(12)


def _milliseconds(timeout: float | None) -> int | None:
    if timeout is None:
        return None
    if not 0 < timeout <= TIMEOUT_MAX:
        raise ValueError(f"timeout={timeout}: allowed: seconds above 0, up to 1800")
    return max(1, round(timeout * 1000))


_TOO_LARGE = (
    f"a request may have {REQUEST_MAX >> 20} MiB; for larger files give a URL; nothing"
    " was sent"
)


def _patience(request: Mapping[str, Any]) -> float:
    if "timeout" in request:
        return float(request["timeout"]) / 1000 + GRACE
    return READ_PATIENCE if is_read(request["action"]) else WRITE_PATIENCE


def _told(
    request: Mapping[str, Any], error: str, retcode: int, message: str
) -> dict[str, Any]:
    """The reply that the bridge would have given, had it said anything."""
    return {
        "status": "unknown" if error == "unknown" else "failed",
        "retcode": retcode,
        "error": error,
        "message": message,
        "warnings": [],
        **{key: request[key] for key in ("account", "id", "trace") if key in request},
    }


def _reply(raw: Mapping[str, Any]) -> CallReply:
    return CallReply(
        status=raw["status"],
        retcode=raw.get("retcode", 0),
        data=raw.get("data"),
        account=raw.get("account"),
        id=raw.get("id"),
        trace=raw.get("trace"),
        warnings=tuple(raw.get("warnings", ())),
        ms=raw.get("ms", 0),
        raw=raw,
    )
