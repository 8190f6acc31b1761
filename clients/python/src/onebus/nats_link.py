"""The connection to NATS: made anew for as long as it is wanted.

nats-py can connect again by itself, and then sends what it kept meanwhile, also
what nobody waits for any more. Here each connection is a client of its own, and
what was under way on one that broke has failed.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
import ssl
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import unquote, urlsplit

import nats.errors
import sniffio
from nats.aio.client import Client

from . import nats_creds
from .errors import OnebusError
from .waiting import cancel

if TYPE_CHECKING:
    from nats.aio.msg import Msg
    from nats.aio.subscription import Subscription

log = logging.getLogger("onebus.nats")

SCHEMES = ("nats", "tls")
PORT = 4222

#: Seconds for one attempt, and between two attempts.
CONNECT_SECONDS = 5
PAUSE_LEAST = 0.05
PAUSE_MOST = 1.0
#: Seconds between two questions whether the server is there; how many may be open.
PING_SECONDS = 5
PINGS_MOST = 2
#: How often it is looked whether nats-py has lost it without a word, in seconds.
LOOK_SECONDS = 1.0
#: Bytes that may wait to be sent.
OUTGOING_MAX = 128 << 20
#: Seconds for the goodbye.
FAREWELL = 1.0

_SOURCE = re.compile(r" \(_ssl\.c:\d+\)$")

#: What a connection, or a request over it, fails with.
FAILURES = (nats.errors.Error, OSError, asyncio.TimeoutError)
#: The same where there is no server.
_NOBODY = (nats.errors.NoServersError, ConnectionRefusedError, asyncio.TimeoutError)


class Lost(nats.errors.Error):
    """The connection broke while something was under way on it."""


@dataclass(frozen=True)
class Server:
    """One address; what it has of secrets is never shown."""

    host: str
    port: int
    is_tls: bool
    user: str | None
    password: str | None

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'tls' if self.is_tls else 'nats'}://{host}:{self.port}"

    def __repr__(self) -> str:
        return f"<Server {self}>"


def servers_of(addresses: Sequence[str]) -> list[Server]:
    """ValueError, which shows no secret, if one of them is no address."""
    return [_server(address) for address in addresses]


def _server(address: str) -> Server:
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise _no_address(address) from None
    rest = parts.path.strip("/") or parts.query or parts.fragment
    if parts.scheme not in SCHEMES or not host or rest:
        raise _no_address(address)
    user, password = parts.username, parts.password
    return Server(
        host,
        port or PORT,
        parts.scheme == "tls",
        None if user is None else unquote(user),
        None if password is None else unquote(password),
    )


def _no_address(address: str) -> ValueError:
    scheme, _, rest = address.rpartition("@")[2].rpartition("://")
    shown = f"{scheme}://{rest}" if scheme else rest
    return ValueError(
        f"{shown!r}: no address of NATS; allowed: nats://host:port or tls://host:port,"
        " with user:password@ or token@ before the host; several with commas between"
    )


class _Client(Client):
    """Knows whether it has TLS, before it tells who it is."""

    def __init__(self, server: Server) -> None:
        super().__init__()
        self._server = server
        self.has_tls = False

    @property
    def ssl_context(self) -> ssl.SSLContext:
        self.has_tls = True
        return super().ssl_context

    @property
    def wants_certificate(self) -> bool:
        """Whether the server has said so."""
        return bool(self._server_info.get("tls_verify"))

    def secrets(self) -> dict[str, Callable[[], str]]:
        """What the address has of such; asked for where it may be sent."""
        server = self._server
        if server.user is None:
            return {}
        if server.password is None:
            return {"token": partial(self._secret, server.user)}
        return {
            "user": partial(self._secret, server.user),
            "password": partial(self._secret, server.password),
        }

    def _secret(self, text: str) -> str:
        self.check()
        return text

    def check(self) -> None:
        """nats.errors.Error if there is no TLS, although there has to be."""
        if self._server.is_tls and not self.has_tls:
            raise nats.errors.Error("the server offers no TLS")


class Connection:
    """One connection, until it is gone."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self._client = _Client(server)
        self.gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def open(
        self, *, name: str, creds: str | None, tls: ssl.SSLContext | None
    ) -> None:
        """Connect; FAILURES."""
        if creds is not None:
            nats_creds.check(creds)
        try:
            await self._connect(name, creds, tls)
        except ssl.SSLCertVerificationError:
            raise
        except OSError as error:
            if not self._client.wants_certificate:
                raise
            # How that is said depends on which of both ends is faster.
            raise nats.errors.Error(
                "it broke off: the server wants a certificate whose authority it"
                " knows: give `tls` one"
            ) from error
        self._client.check()

    async def _connect(
        self, name: str, creds: str | None, tls: ssl.SSLContext | None
    ) -> None:
        # What nats-py says of its types is not whole.
        client: Any = self._client
        await client.connect(
            str(self.server),
            name=name,
            allow_reconnect=False,
            max_reconnect_attempts=1,
            reconnect_time_wait=0,
            connect_timeout=CONNECT_SECONDS,
            ping_interval=PING_SECONDS,
            max_outstanding_pings=PINGS_MOST,
            pending_size=OUTGOING_MAX,
            tls=tls,
            user_credentials=creds,
            error_cb=self._on_error,
            closed_cb=self._on_close,
            **self._client.secrets(),
        )

    async def end(self) -> None:
        """Wait until it is gone."""
        while not self.gone.done() and self._client.is_connected:
            await either(self.gone, seconds=LOOK_SECONDS)
        self._leave()

    async def close(self) -> None:
        """Close it, whatever state it is in."""
        with contextlib.suppress(*FAILURES, AssertionError):
            await asyncio.wait_for(self._client.close(), FAREWELL)
        self._leave()

    async def request(self, subject: str, payload: bytes, seconds: float) -> Msg:
        """The reply; Lost if the connection breaks, NoRespondersError, or
        TimeoutError of nats-py after so long."""
        asking = asyncio.ensure_future(
            self._client.request(subject, payload, timeout=seconds)
        )
        try:
            await either(asking, self.gone)
            if asking.done():
                return asking.result()
        finally:
            asking.cancel()
        raise Lost("the connection to NATS broke")

    async def publish(self, subject: str, payload: bytes, reply: str) -> None:
        """FAILURES."""
        await self._client.publish(subject, payload, reply=reply)

    async def subscribe(
        self, subject: str, call: Callable[[Msg], Awaitable[None]]
    ) -> Subscription:
        """Have `call` called for each message, one after the other; FAILURES."""
        client: Any = self._client
        return cast("Subscription", await client.subscribe(subject, cb=call))

    def new_inbox(self) -> str:
        """A subject of one's own, to be answered at."""
        return self._client.new_inbox()

    @property
    def payload_max(self) -> int:
        """Bytes of the largest message that the server takes."""
        return self._client.max_payload

    async def _on_error(self, error: Exception) -> None:
        log.debug("%s: %r", self.server, error)

    async def _on_close(self) -> None:
        self._leave()

    def _leave(self) -> None:
        if not self.gone.done():
            self.gone.set_result(None)


class NatsLink:
    """Connects to one of `servers`, again and again, while anybody holds it.

    OnebusError on an event loop other than asyncio's.
    """

    def __init__(
        self,
        servers: list[Server],
        *,
        creds: str | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.address = ",".join(map(str, servers))
        self._servers = servers
        self._creds = creds
        self._tls = tls
        self._holders = 0
        self._task: asyncio.Task[None] | None = None
        self._now: Connection | None = None
        self._changed: asyncio.Event | None = None
        #: Why it is not connected, where a server was there; empty: that is not known.
        self.fault = ""
        #: What was said of each server last.
        self._told: dict[Server, str] = {}

    async def hold(self) -> None:
        """From now on it connects."""
        if sniffio.current_async_library() != "asyncio":
            raise OnebusError(f"{self.address}: NATS needs asyncio: nats-py has no other")
        self._holders += 1
        if self._task is None:
            self._changed = asyncio.Event()
            self._task = asyncio.ensure_future(self._keep())
            self._task.add_done_callback(lambda _: self._wake())

    async def release(self) -> None:
        """What `hold` began ends with the last holder."""
        self._holders -= 1
        if self._holders == 0 and self._task is not None:
            task, self._task = self._task, None
            await cancel(task)

    async def connected(self) -> Connection:
        """Wait until it is connected; RuntimeError if nobody holds it."""
        while True:
            if self._task is None or self._changed is None:
                raise RuntimeError("the bus is closed: use it within `async with`")
            if self._task.done():
                self._task.result()  # What nobody reckoned with ended it.
            if self.now is not None:
                return self.now
            await self._changed.wait()

    @property
    def now(self) -> Connection | None:
        """The connection, None if there is none now."""
        now = self._now
        return None if now is None or now.gone.done() else now

    async def _keep(self) -> None:
        """Connect, and again when that breaks."""
        assert self._changed is not None
        turn, pause = 0, PAUSE_LEAST
        while True:
            server = self._servers[turn % len(self._servers)]
            turn += 1
            connection = Connection(server)
            try:
                await connection.open(name="onebus", creds=self._creds, tls=self._tls)
            except FAILURES as error:
                self._note(server, error)
                await connection.close()
                await asyncio.sleep(pause)
                pause = min(pause * 2, PAUSE_MOST)
                continue
            except BaseException:
                await connection.close()
                raise
            pause = PAUSE_LEAST
            self._told.clear()
            self.fault = ""
            log.info("connected to %s", server)
            self._now = connection
            self._changed.set()
            try:
                await connection.end()
            finally:
                self._changed.clear()
                self._now = None
                await connection.close()
            log.info("%s is gone; it connects again", server)

    def _note(self, server: Server, error: BaseException) -> None:
        """The same is said once."""
        said = _said(error)
        if not isinstance(error, _NOBODY):
            self.fault = said if len(self._servers) == 1 else f"{server}: {said}"
        if self._told.get(server) != said:
            log.warning("%s: not connected: %s", server, said)
        self._told[server] = said

    def _wake(self) -> None:
        if self._changed is not None:
            self._changed.set()


async def either(*futures: asyncio.Future[Any], seconds: float | None = None) -> None:
    """Wait until one of them is done, for `seconds` at most."""
    await asyncio.wait(futures, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)


def _said(error: BaseException) -> str:
    """Without the place in Python's own source that errors of TLS end with."""
    return _SOURCE.sub("", str(error)) or type(error).__name__
