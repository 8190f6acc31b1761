"""Keeping a link up: dial, serve, dial again.

Follows NapCat's `network/websocket-client.ts` to the letter where it shows:
the end of *any* connection of an adapter makes it forget its current one, and
a new attempt is made after the interval if there is none by then.
"""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar, Union

from . import dialect, js, problems
from .link import HandshakeRefused, Link, Opening, open_link
from .model import MessageFormat

log = logging.getLogger("onebus.sim")

WAIT_SECONDS = 10.0
"""How long the waiting methods wait unless told otherwise."""

T = TypeVar("T")


@dataclass
class LinkSettings:
    """The settings of one adapter; names follow NapCat's where it has one."""

    url: str
    token: str = ""
    dialect: str = "napcat"
    """`napcat`, `llbot`, `gocqhttp` or `lagrange`: who this looks and answers
    like."""
    role: str = "Universal"
    """`Universal`, `API` (no events) or `Event` (takes no requests)."""
    headers: Mapping[str, str | None] = field(
        default_factory=dict[str, Union[str, None]]
    )
    """Headers to replace or add; None removes one."""
    message_format: MessageFormat = "array"
    report_self_message: bool = False
    heart_interval: int = 30000
    """Milliseconds between heartbeat events; 0 or less turns them off."""
    reconnect_interval: float = 5.0
    """Seconds."""
    auto_reconnect: bool = True
    handshake_timeout: float = 2.0
    """Seconds."""
    verify_certificate: bool = True
    certificate: str = ""
    """PEM file with the certificate and the key to show; empty: none."""


@dataclass(frozen=True)
class Refusal:
    """A handshake the server did not accept; header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The first line of the body, which often says why."""
        lines = self.body.decode("utf-8", "replace").strip().splitlines()
        return lines[0] if lines else ""


class Watch:
    """Lets coroutines wait for a condition on state that others change."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[None]] = set()

    def notify(self) -> None:
        """The state has changed: conditions are looked at again."""
        for waiter in self._waiting:
            if not waiter.done():
                waiter.set_result(None)

    async def until(self, look: Callable[[], T | None], seconds: float, what: str) -> T:
        """Wait until `look` gives something true, and give that."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + seconds
        while not (found := look()):
            waiter: asyncio.Future[None] = loop.create_future()
            self._waiting.add(waiter)
            try:
                left = deadline - loop.time()
                await asyncio.wait_for(waiter, left if left < math.inf else None)
            except asyncio.TimeoutError:
                raise TimeoutError(f"no {what} within {seconds:g} s") from None
            finally:
                self._waiting.discard(waiter)
        return found


OnOpen = Callable[["Adapter"], None]
OnRequest = Callable[["Adapter", Link, str], None]
OnBeat = Callable[["Adapter"], None]


class Adapter:
    """One configured connection to a server, with what follows its breaks."""

    def __init__(
        self,
        settings: LinkSettings,
        self_id: int,
        *,
        on_open: OnOpen,
        on_text: OnRequest,
        on_beat: OnBeat,
    ) -> None:
        dialect.target_of(settings.url)
        self.settings = settings
        self.dialect = dialect.DIALECTS[settings.dialect]
        self.refusal: Refusal | None = None
        """The last handshake that was refused."""
        self.last_error = ""
        """Why the last attempt failed, empty after a success."""
        self.problem = ""
        """The same in words that say what to do."""
        self.connections = 0
        """How many handshakes have succeeded."""
        self.attempts = 0
        """How many were begun."""
        self.last_close: tuple[int, str] | None = None
        """Code and reason of the connection that ended last."""
        self._self_id = self_id
        self._on_open = on_open
        self._on_text = on_text
        self._on_beat = on_beat
        self._current: Link | None = None
        self._links: list[Link] = []
        self._dialing = False
        self._frozen = False
        self._started = False
        self._watch = Watch()
        self._tasks: set[asyncio.Task[None]] = set()

    # -- life --------------------------------------------------------------

    def start(self) -> None:
        """Dial, and begin to beat: the timer does not wait for a connection."""
        self._started = True
        self._spawn(self._dial_after(0))
        if self.settings.heart_interval > 0:
            self._spawn(self._beat())

    async def stop(self) -> None:
        """Close what is open and dial no more."""
        self._started = False
        for link in self._links:
            link.thaw()
            link.close()
        await self._settle(1.0)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _settle(self, seconds: float) -> None:
        """Give the closing handshakes a moment, then cut."""
        try:
            await self._watch.until(lambda: not self._links, seconds, "close")
        except TimeoutError:
            for link in self._links:
                link.abort()

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # -- state -------------------------------------------------------------

    @property
    def current(self) -> Link | None:
        """The connection that events and answers leave on, when it is open."""
        link = self._current
        return link if link is not None and link.is_open else None

    @property
    def open_links(self) -> list[Link]:
        """All open connections, the forgotten ones included, oldest first."""
        return [link for link in self._links if link.is_open]

    @property
    def response_headers(self) -> Mapping[str, str] | None:
        """Headers of the accepted handshake, their names in lower case."""
        return self._current.response_headers if self._current else None

    @property
    def carries_events(self) -> bool:
        """A connection with role API gets no events."""
        return self.settings.role.lower() != "api"

    @property
    def takes_requests(self) -> bool:
        """A connection with role Event takes no requests."""
        return self.settings.role.lower() != "event"

    async def connected(self, timeout: float = WAIT_SECONDS) -> Link:
        """Wait until the WebSocket is open."""
        return await self._watch.until(lambda: self.current, timeout, "connection")

    async def renewed(self, broken: Link) -> Link:
        """Wait, for ever, until there is another connection than `broken`."""

        def look() -> Link | None:
            return self.current if self.current is not broken else None

        return await self._watch.until(look, math.inf, "connection")

    async def disconnected(self, timeout: float = WAIT_SECONDS) -> None:
        """Wait until no connection is open any more."""
        await self._watch.until(lambda: not self._links, timeout, "disconnection")

    async def refused(self, timeout: float = WAIT_SECONDS) -> Refusal:
        """Wait until a handshake has been refused."""
        return await self._watch.until(lambda: self.refusal, timeout, "refusal")

    async def failed(self, timeout: float = WAIT_SECONDS) -> str:
        """Wait until an attempt has failed; gives the problem."""
        return await self._watch.until(lambda: self.problem, timeout, "failure")

    async def decided(self, timeout: float = WAIT_SECONDS) -> Link | Refusal:
        """Wait until the WebSocket is open, or a handshake has been refused."""
        return await self._watch.until(
            lambda: self.current or self.refusal, timeout, "connection"
        )

    async def attempted(self, count: int, timeout: float = WAIT_SECONDS) -> None:
        """Wait until `count` attempts have been begun since the start."""
        await self._watch.until(lambda: self.attempts >= count, timeout, "attempt")

    # -- dialing -----------------------------------------------------------

    async def _dial_after(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        if self._started and self._current is None and not self._dialing:
            await self._dial()

    async def _dial(self) -> None:
        self._dialing = True
        self.attempts += 1
        self._watch.notify()
        try:
            link = await open_link(self._opening())
        except (HandshakeRefused, TimeoutError, OSError) as error:
            self._failed(error)
        else:
            self._opened(link)
        finally:
            self._dialing = False
            self._watch.notify()

    def _opening(self) -> Opening:
        settings = self.settings
        return Opening(
            url=settings.url,
            identity=dialect.Identity(self._self_id, settings.token, settings.role),
            dialect=self.dialect,
            headers=settings.headers,
            handshake_seconds=settings.handshake_timeout,
            verify_certificate=settings.verify_certificate,
            certificate=settings.certificate,
        )

    def _opened(self, link: Link) -> None:
        self._current = link
        self._links.append(link)
        self.connections += 1
        self.last_error = self.problem = ""
        log.info("connected to %s", self.settings.url)
        # Nothing may come between: the lifecycle event is the first frame.
        self._on_open(self)
        self._spawn(self._serve(link))

    def _failed(self, error: Exception) -> None:
        self.last_error = str(error)
        if isinstance(error, HandshakeRefused):
            self.refusal = Refusal(error.status, error.headers, error.body)
        self._tell_problem(problems.problem(self.settings.url, error))
        self._dial_again()

    def _tell_problem(self, problem: str) -> None:
        """Once: the attempts that fail for the same reason are as many as one
        is patient."""
        if problem == self.problem:
            return
        self.problem = problem
        log.warning("cannot connect to %s: %s", self.settings.url, problem)
        if self._started and self.settings.auto_reconnect:
            interval = self.settings.reconnect_interval
            log.warning("trying again every %g s", interval)

    def _dial_again(self) -> None:
        if self._started and self.settings.auto_reconnect:
            self._spawn(self._dial_after(self.settings.reconnect_interval))

    async def _serve(self, link: Link) -> None:
        await link.run(lambda source, text: self._on_text(self, source, text))
        self._links.remove(link)
        self.last_close = (link.close_code or 1006, link.close_reason)
        # NapCat's close handler clears the adapter's connection, whichever
        # one ended; the others look whether it was theirs.
        if self.dialect.answers_on_current or self._current is link:
            self._current = None
        if self._started:
            log.warning("connection closed: %d %s", *self.last_close)
        self._dial_again()
        self._watch.notify()

    async def _beat(self) -> None:
        """The timer runs from the adapter's start, connected or not."""
        while True:
            await asyncio.sleep(self.settings.heart_interval / 1000)
            if self.current is not None and not self._frozen:
                self._on_beat(self)

    # -- control -----------------------------------------------------------

    async def drop(self) -> None:
        """End the TCP connection abruptly, without a close frame."""
        link = await self.connected()
        link.abort()
        await self._watch.until(lambda: link not in self._links, WAIT_SECONDS, "end")

    async def close_link(self, code: int | None = None, reason: str = "") -> None:
        """Close in good order; without a code the server sees 1005."""
        link = await self.connected()
        link.close(code, reason)
        await self._watch.until(lambda: link not in self._links, WAIT_SECONDS, "end")

    async def reconnect(self) -> None:
        """Dial now, without waiting for the interval; close what is open first.

        Raises ConnectionError when the server does not take it.
        """
        if self.current is not None:
            await self.close_link()
        await self._dial_now()

    async def forget(self) -> Link:
        """Open a second connection and leave the first one open.

        This is what NapCat does when its url is changed: the older
        connection, given back here, reads requests and answers pings, but
        carries no events and no answers.
        """
        forgotten = await self.connected()
        self._current = None
        await self._dial_now()
        return forgotten

    async def _dial_now(self) -> None:
        await self._watch.until(lambda: not self._dialing, WAIT_SECONDS, "attempt")
        if self._current is None:
            await self._dial()
        if self._current is None:
            raise ConnectionError(self.last_error)

    def freeze(self) -> None:
        """Hang: read nothing, answer no pings, send no heartbeats."""
        self._frozen = True
        for link in self._links:
            link.freeze()

    def thaw(self) -> None:
        """Go on after `freeze`."""
        self._frozen = False
        for link in self._links:
            link.thaw()

    # -- sending -----------------------------------------------------------

    def put(self, frame: object) -> bool:
        """Send a frame on the current connection; False when there is none."""
        return self.put_text(js.dumps(frame).encode())

    def put_text(self, payload: bytes) -> bool:
        """Send one text frame with these bytes; False when nothing is open."""
        link = self.current
        if link is None:
            return False
        link.send_text(payload)
        return True

    async def send_text(self, text: str) -> None:
        """One text frame."""
        await self.send_raw(text.encode("utf-8", "surrogatepass"))

    async def send_raw(self, payload: bytes) -> None:
        """One text frame with these bytes, UTF-8 or not."""
        link = await self.connected()
        link.send_text(payload)
        await link.drain()

    async def send_fragments(self, pieces: list[bytes]) -> None:
        """One text message in several frames."""
        link = await self.connected()
        link.send_fragments(pieces)
        await link.drain()

    async def send_binary(self, payload: bytes) -> None:
        """One binary frame."""
        link = await self.connected()
        link.send_binary(payload)
        await link.drain()
