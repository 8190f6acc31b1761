"""The way to the bridge: `connect`, and the `Bus` that it gives."""

from __future__ import annotations

import os
import secrets
import ssl
import time
import weakref
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, cast

import anyio
from typing_extensions import Self, TypedDict, Unpack

from . import kinds, wire
from ._actions import Actions
from .bridge_actions import BridgeActions
from .calls import CONNECT_TIMEOUT, Caller, NoReply, NoTurn, log
from .errors import (
    ActionTimeout,
    BridgeError,
    BridgeUnreachable,
    Busy,
    OnebusError,
    OutcomeUnknown,
    ShuttingDown,
    error_of,
    refusal,
)
from .files import load
from .guide import Guide
from .stream import EventStream, Stream, StreamOptions
from .ways import Options, is_nats, ways

if TYPE_CHECKING:
    import pynng

    from .event import Event
    from .message import MessageLike
    from .results import MessageSent

EVENTS = "tcp://127.0.0.1:7710"
ACTIONS = "tcp://127.0.0.1:7711"
#: The stream of NATS that the bridge makes.
STREAM = "QQ"

#: One address; of NATS also several, as a list or with commas between.
Address = str | Sequence[str]

#: How much longer than the bridge the client waits for a reply, in seconds.
GRACE = 5.0
#: How long it waits where the bridge decides, in seconds. The bridge tells of
#: each deadline by itself; this is for one that hangs.
PATIENCE = 120.0
LONG_PATIENCE = 2000.0
#: The longest `timeout` that the bridge takes, in seconds.
TIMEOUT_MAX = 1800.0

#: Seconds for which what has come of a call is asked: the bridge looks for ten
#: minutes.
SETTLE_TIMEOUT = 660.0
#: Seconds until it is asked again, at first and at most.
SETTLE_PAUSE = 0.25
SETTLE_PAUSE_MOST = 5.0
#: Seconds after which the bridge may have forgotten an idempotency key (a day, less
#: an hour for clocks that differ); to ask with it then would be to do it again.
KEY_LIFE = 23 * 3600.0


class ConnectOptions(TypedDict, total=False):
    """What `connect` takes; most have a variable in the environment."""

    #: Address of the events: ONEBUS_EVENTS.
    events: Address | None
    #: Address of the actions: ONEBUS_ACTIONS. Where the events come from NATS, by
    #: default the same.
    actions: Address | None
    #: The token of a grant: ONEBUS_TOKEN, or the file that ONEBUS_TOKEN_FILE names.
    token: str | None
    #: The account that calls go to which name none: ONEBUS_ACCOUNT.
    account: str | None
    #: Seconds for calls that say nothing else; else the bridge decides.
    timeout: float | None
    #: Seconds within which the bridge is to be found.
    connect_timeout: float
    #: For `tls+tcp://` and `wss://` addresses; for those of NATS an SSLContext.
    tls: pynng.TLSConfig | ssl.SSLContext | None
    #: Of NATS: a file with credentials: ONEBUS_NATS_CREDS.
    creds: str | os.PathLike[str] | None
    #: Of NATS: the stream, QQ by default: ONEBUS_NATS_STREAM.
    stream: str | None
    #: Of NATS: what stands before subjects: ONEBUS_NATS_SUBJECT_PREFIX.
    subject_prefix: str | None


def connect(
    events: Address | None = None,
    actions: Address | None = None,
    *,
    token: str | None = None,
    account: str | None = None,
    timeout: float | None = None,
    connect_timeout: float = CONNECT_TIMEOUT,
    tls: pynng.TLSConfig | ssl.SSLContext | None = None,
    creds: str | os.PathLike[str] | None = None,
    stream: str | None = None,
    subject_prefix: str | None = None,
) -> Bus:
    """A bus, to be used by `async with`.

    What is None comes from the environment (`ConnectOptions` has the names), else
    it is the bridge's own default. The bridge need not be there yet: a call waits
    for it, for up to `connect_timeout` seconds, or its own `timeout` if that is less.
    `tls` is whom to trust behind a `tls+tcp://` or `wss://` address:
    `pynng.TLSConfig(pynng.TLSConfig.MODE_CLIENT, server_name=…, ca_files=…)`.

    `nats://host:port` and `tls://host:port` are NATS, for which `onebus[nats]` is
    to be installed; several servers are a list, or have commas between. A user and
    password, or a token, may stand before the host; `creds` is a file with
    credentials, `stream` and `subject_prefix` are those of the bridge's settings,
    and `tls` is an `ssl.SSLContext`. It needs asyncio.

    ValueError for what is no address, no timeout, no stream; OnebusError if there is
    no token in the file of ONEBUS_TOKEN_FILE, or nats-py is missing.
    """
    environment = os.environ
    chosen = _addresses(events) or environment.get("ONEBUS_EVENTS") or EVENTS
    by_default = chosen if is_nats(chosen) else ACTIONS
    creds = creds or environment.get("ONEBUS_NATS_CREDS")
    return Bus(
        chosen,
        _addresses(actions) or environment.get("ONEBUS_ACTIONS") or by_default,
        token=token or _token_of_environment(),
        account=account or environment.get("ONEBUS_ACCOUNT"),
        timeout=timeout,
        connect_timeout=connect_timeout,
        tls=tls,
        creds=None if creds is None else os.fspath(creds),
        stream=stream or environment.get("ONEBUS_NATS_STREAM") or STREAM,
        subject_prefix=subject_prefix
        or environment.get("ONEBUS_NATS_SUBJECT_PREFIX")
        or "",
    )


def _addresses(given: Address | None) -> str:
    if given is None or isinstance(given, str):
        return given or ""
    return ",".join(given)


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
        tls: pynng.TLSConfig | ssl.SSLContext | None = None,
        creds: str | None = None,
        stream: str = STREAM,
        subject_prefix: str = "",
    ) -> None:
        self._credentials = {} if token is None else {"token": token}
        options = Options(
            tls, creds, stream, subject_prefix, account, self._credentials
        )
        #: Where the events come from.
        self.events_way, wire = ways(self, events, actions, options)
        self.events_address = self.events_way.address
        self.actions_address = wire.address
        self.account = account
        _milliseconds(timeout)
        if not connect_timeout > 0:
            raise ValueError(f"connect_timeout={connect_timeout}: allowed: seconds above 0")
        self.timeout = timeout
        self.bridge = BridgeActions(self.call_bridge, account)
        self.guide = Guide(self)
        self._caller = Caller(wire, connect_timeout=connect_timeout)
        #: Those that somebody has; they are closed with the bus.
        self.streams = weakref.WeakSet[Stream[Any]]()

    def __repr__(self) -> str:
        return f"<Bus {self.events_address} {self.actions_address}>"

    async def __aenter__(self) -> Self:
        await self._caller.__aenter__()
        try:
            await self.events_way.__aenter__()
        except BaseException:
            await self._caller.__aexit__(None, None, None)
            raise
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
            await self.events_way.__aexit__(kind, error, traceback)
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

        `timeout` is in seconds, 1800 at most; without one the bridge decides by what
        is asked.
        What fails raises the `BridgeError` of its class. A write has an
        idempotency key by itself; give one of your own (at most 128 bytes) to
        make the same call again in another run.
        """
        if not self_id and not action.startswith("bridge."):
            account = account or self.account
        timeout = self.timeout if timeout is None else timeout
        asked: dict[str, Any] = {
            "action": action,
            "params": await load(action, wire.params(action, params or {})),
            "account": account,
            "self_id": self_id,
            "timeout": _milliseconds(timeout),
            "id": idempotency_key or _new_id(action),
            "trace": trace,
        }
        return await self._ask({k: v for k, v in asked.items() if v is not None})

    async def call_bridge(self, action: str, params: dict[str, Any]) -> Any:
        """Call one of the bridge's own actions, which have no account."""
        return (await self._ask({"action": action, "params": params})).data

    async def _ask(self, request: Mapping[str, Any]) -> CallReply:
        """Make the call that `request` is, and raise what it fails with."""
        raw = await self._answer(request)
        for warning in raw.get("warnings", ()):
            log.warning("%s: %s", request["action"], warning)
        return _judged(request, raw)

    async def _answer(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """The reply to `request`, whatever it says."""
        patience = _patience(request)
        begin_within = request["timeout"] / 1000 if "timeout" in request else patience
        try:
            return await self._caller.ask(
                {**request, **self._credentials},
                begin_within=begin_within,
                patience=patience,
            )
        except NoTurn as error:
            raise refusal(Busy, request, str(error)) from None
        except NoReply as error:
            raise _no_reply(request, error) from None

    async def settled(
        self, error: OutcomeUnknown, *, timeout: float = SETTLE_TIMEOUT
    ) -> CallReply:
        """What has come of a call that was answered `unknown`.

        Waits until the bridge knows, for `timeout` seconds. Gives the reply that
        there would have been; raises `ActionTimeout` if it did not happen, what
        the peer refused it with, or `OutcomeUnknown` if nobody knows still. Nothing
        is done a second time; but what never reached the bridge is done now.
        ValueError a day after the call, when the bridge has forgotten it.
        """
        request = _known(error)
        deadline = anyio.current_time() + timeout
        pause = SETTLE_PAUSE
        with anyio.move_on_at(deadline + GRACE):
            while (reply := await self._verdict(request)) is None:
                if anyio.current_time() + pause > deadline:
                    break
                await anyio.sleep(pause)
                pause = min(pause * 2, SETTLE_PAUSE_MOST)
            else:
                return reply
        raise error

    async def _verdict(self, request: Mapping[str, Any]) -> CallReply | None:
        """What has come of `request`, None if that is not known now."""
        try:
            return _judged(request, await self._answer(request))
        except (OutcomeUnknown, BridgeUnreachable, Busy, ShuttingDown):
            return None

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


def _new_id(action: str) -> str | None:
    """A key for what must not happen twice, the same in no other process."""
    return None if kinds.is_read(action) else secrets.token_hex(12)


def _milliseconds(timeout: float | None) -> int | None:
    if timeout is None:
        return None
    if not 0 < timeout <= TIMEOUT_MAX:
        raise ValueError(f"timeout={timeout}: allowed: seconds above 0, up to 1800")
    return max(1, round(timeout * 1000))


def _patience(request: Mapping[str, Any]) -> float:
    """Seconds after which the bridge would have said something, if it could."""
    action = request["action"]
    if "timeout" in request and not kinds.is_stream(action):
        return float(request["timeout"]) / 1000 + GRACE
    return LONG_PATIENCE if kinds.is_long(action) else PATIENCE


def _no_reply(request: Mapping[str, Any], error: NoReply) -> OnebusError:
    """The error that the bridge would have told, had it said anything."""
    if not kinds.is_read(request["action"]):
        return _unsettled(refusal(OutcomeUnknown, request, str(error)), request)
    if error.is_gone:
        return BridgeUnreachable(str(error))
    return refusal(ActionTimeout, request, str(error))


def _judged(request: Mapping[str, Any], raw: Mapping[str, Any]) -> CallReply:
    """The reply if it went well; raises what it failed with."""
    if raw["status"] in ("ok", "async"):
        return _reply(raw)
    raise _unsettled(error_of(str(request["action"]), raw), request)


def _unsettled(error: BridgeError, request: Mapping[str, Any]) -> BridgeError:
    """The error, with what is needed to ask what has come of the call."""
    if isinstance(error, OutcomeUnknown):
        error.request = request
        error.asked = time.time()
    return error


def _known(error: OutcomeUnknown) -> Mapping[str, Any]:
    """The request that `error` comes from, which the bridge still knows."""
    if error.request is None:
        raise ValueError("this error comes from no call of a Bus")
    if time.time() - error.asked > KEY_LIFE:
        raise ValueError("the call is a day old: the bridge has forgotten it")
    return error.request


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
