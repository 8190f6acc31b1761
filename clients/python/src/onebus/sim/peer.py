"""The simulator: one QQ account, its world and its links.

async with Simulator("ws://127.0.0.1:3001/onebot/v11/ws", self_id=10001) as sim:
    await sim.connected()
    await sim.group_message(20002, 30003, "hello")
    request = await sim.next_request("send_group_msg")
"""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import logging
import random
import ssl
import time
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import Any, Literal, Union

from . import actions, catalogue, cq, events, faults, js
from .adapter import WAIT_SECONDS, Adapter, LinkSettings, Refusal, Watch
from .answers import (
    ABSENT,
    FAILED,
    NO_ANSWER,
    NORMAL,
    STREAM,
    UNKNOWN_ACTION,
    ActionFailed,
    Answer,
    Stream,
)
from .commons import Commons
from .faults import Fault, Faults, Rule
from .link import Link
from .model import Event, Message, MessageFormat
from .server import Listener, Served
from .world import World

log = logging.getLogger("onebus.sim")
requests_log = logging.getLogger("onebus.sim.requests")

REQUESTS_KEPT = 10000
"""Older requests are forgotten, so that a long demo does not grow."""

_SEQ_EPOCH = 1_600_000_000
"""Unix seconds at which the numbers of messages would have begun."""

_BAD_JSON = "json解析失败,请检查数据格式"
_ENDING = frozenset({"bot_exit", "set_restart"})
_STREAM_ACTIONS = "*_stream"
_BEFORE_STREAMS = "4.8.0"
_STREAM_ERROR = {"type": "error", "data_type": "error"}


@dataclass(eq=False)
class Request:
    """A request that came in."""

    action: Any
    """A text, unless the caller sent something else."""
    params: Any
    """`{}` for all that JavaScript finds false."""
    echo: Any
    """None when there was none."""
    text: str
    """The frame."""
    arrived: float
    """`time.monotonic()`"""
    adapter: Adapter | Served = field(repr=False)
    link: Link | Served = field(repr=False)
    gate: asyncio.Event = field(default_factory=asyncio.Event, repr=False)
    """Closed while the answer is held."""
    rule: Rule = field(default=faults.NO_RULE, repr=False)
    """What it meets."""
    waits_to_run: bool = field(default=False, repr=False)
    """Nothing is done before `gate` opens."""
    answered: bool = False
    """An answer was written to a connection."""
    done: bool = False
    """The simulator is through with it, with an answer or without."""


OverrideHandler = Callable[[Request], Union[Any, Awaitable[Any]]]


class Simulator:
    """Plays a QQ account behind NapCat.

    `url` opens a first link on entering the context; more come by `add_link`.
    `heart_interval` is in milliseconds, `reconnect_interval` and
    `handshake_timeout` in seconds, `answer_delay` a range in milliseconds.
    Without `streams` it is an older NapCat that knows no stream actions;
    `app_version` is what `get_version_info` gives, if not the usual.

    Message ids and numbers differ from start to start; with `fixed_ids` they
    come from the seed alone.  An account `beside` another is in the same QQ:
    each hears what the other says in the groups that both are in.
    """

    def __init__(
        self,
        url: str | None = None,
        *,
        token: str = "",
        self_id: int = 10001,
        nickname: str = "小桥",
        seed: int = 0,
        dialect: str = "napcat",
        role: str = "Universal",
        headers: Mapping[str, str | None] | None = None,
        message_format: MessageFormat = "array",
        report_self_message: bool = False,
        heart_interval: int = 30000,
        reconnect_interval: float = 5.0,
        auto_reconnect: bool = True,
        handshake_timeout: float = 2.0,
        verify_certificate: bool = True,
        certificate: str = "",
        answer_delay: tuple[float, float] = (0.0, 0.0),
        streams: bool = True,
        app_version: str = "",
        now: Callable[[], float] = time.time,
        fixed_ids: bool = False,
        beside: Simulator | None = None,
    ) -> None:
        start = 0.0 if fixed_ids else now()
        self.world: World = World(
            self_id,
            nickname,
            now=now,
            rng=random.Random(seed),
            ids=random.Random(f"{seed} {self_id} {start}"),
            commons=beside.world.commons if beside else Commons(_first_seq(start)),
        )
        self.company: list[Simulator] = beside.company if beside else []
        """All accounts in this QQ, this one included."""
        self.company.append(self)
        self.links: list[Adapter] = []
        """Every link, the constructor's first."""
        self.requests: list[Request] = []
        """What has come in, oldest first."""
        self.faults = Faults()
        """What answers meet; see `fault`."""
        self.unknown: set[str] = set() if streams else {_STREAM_ACTIONS}
        """Globs of actions that are refused as not known."""
        self.app_version = app_version or ("" if streams else _BEFORE_STREAMS)
        """What `get_version_info` gives; empty: the dialect's own."""
        self._delay_rng = random.Random(seed)
        self._answer_delay = answer_delay
        self._overrides: dict[str, OverrideHandler] = {}
        self._held: dict[str | None, bool] = {}
        self._unseen: deque[Request] = deque(maxlen=REQUESTS_KEPT)
        self._watch = Watch()
        self._tasks: set[asyncio.Task[None]] = set()
        self._listeners: list[Callable[[Event], None]] = []
        self._outcome_listeners: list[Callable[[Request, Any], None]] = []
        self._running = False
        self.listeners: list[Listener] = []
        """Ports that bridges dial."""
        self.served: list[Served] = []
        """Connections that bridges have opened."""
        if url is not None:
            self.add_link(
                LinkSettings(
                    url=url,
                    token=token,
                    dialect=dialect,
                    role=role,
                    headers=headers or {},
                    message_format=message_format,
                    report_self_message=report_self_message,
                    heart_interval=heart_interval,
                    reconnect_interval=reconnect_interval,
                    auto_reconnect=auto_reconnect,
                    handshake_timeout=handshake_timeout,
                    verify_certificate=verify_certificate,
                    certificate=certificate,
                )
            )

    # -- life --------------------------------------------------------------

    async def __aenter__(self) -> Simulator:
        self._running = True
        for link in self.links:
            link.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._running = False
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(
            *(link.stop() for link in self.links),
            *(listener.stop() for listener in self.listeners),
        )

    def add_link(self, settings: LinkSettings) -> Adapter:
        """One more connection of this account, dialed at once when running."""
        link = Adapter(
            settings,
            self.self_id,
            on_open=self._greet,
            on_text=self._on_text,
            on_beat=self._on_beat,
        )
        self.links.append(link)
        if self._running:
            link.start()
        return link

    async def listen(
        self,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        token: str = "",
        dialect: str = "napcat",
        ssl_context: ssl.SSLContext | None = None,
        **settings: Any,
    ) -> Listener:
        """Be dialed: a forward WebSocket server, as `dialect` has it.

        `napcat`, `llbot`, `gocqhttp` or `lagrange`; `settings` are those of
        LinkSettings that make sense here.
        """
        listener = Listener(
            token=token,
            dialect=dialect,
            settings=LinkSettings(url="ws://0.0.0.0", **settings),
            on_open=self._on_served,
            on_text=self._on_text,
            on_close=self.served.remove,
            on_beat=self._on_beat,
        )
        await listener.start(host, port, ssl_context)
        self.listeners.append(listener)
        return listener

    def _on_served(self, served: Served) -> None:
        self.served.append(served)
        self._greet(served)

    # -- the first link ----------------------------------------------------

    @property
    def self_id(self) -> int:
        """The account."""
        return self.world.self_id

    @property
    def link(self) -> Adapter:
        """The first link, which the methods below speak for."""
        return self.links[0]

    @property
    def refusal(self) -> Refusal | None:
        """The last refused handshake: status, headers, body."""
        return self.link.refusal

    @property
    def response_headers(self) -> Mapping[str, str] | None:
        """Headers of the accepted handshake, their names in lower case."""
        return self.link.response_headers

    async def connected(self, timeout: float = WAIT_SECONDS) -> Link:
        """Wait until the WebSocket is open."""
        return await self.link.connected(timeout)

    async def disconnected(self, timeout: float = WAIT_SECONDS) -> None:
        """Wait until no connection is open."""
        await self.link.disconnected(timeout)

    async def refused(self, timeout: float = WAIT_SECONDS) -> Refusal:
        """Wait until a handshake has been refused."""
        return await self.link.refused(timeout)

    async def drop(self) -> None:
        """End the TCP connection abruptly, without a close frame."""
        await self.link.drop()

    async def close_link(self, code: int | None = None, reason: str = "") -> None:
        """Close in good order; without a code the server sees 1005."""
        await self.link.close_link(code, reason)

    async def reconnect(self) -> None:
        """Dial now; ConnectionError when the server does not take it."""
        await self.link.reconnect()

    async def forget(self) -> Link:
        """Open a second connection beside the first, which goes deaf."""
        return await self.link.forget()

    def freeze(self) -> None:
        """Hang: read nothing, answer no pings, send no heartbeats."""
        self.link.freeze()

    def thaw(self) -> None:
        """Go on after `freeze`."""
        self.link.thaw()

    @property
    def auto_reconnect(self) -> bool:
        """Whether the first link dials again after a break."""
        return self.link.settings.auto_reconnect

    @auto_reconnect.setter
    def auto_reconnect(self, on: bool) -> None:
        self.link.settings.auto_reconnect = on

    @property
    def reconnect_interval(self) -> float:
        """Seconds between a break and the next attempt."""
        return self.link.settings.reconnect_interval

    @reconnect_interval.setter
    def reconnect_interval(self, seconds: float) -> None:
        self.link.settings.reconnect_interval = seconds

    async def send_text(self, text: str) -> None:
        """One text frame."""
        await self.link.send_text(text)

    async def send_raw(self, payload: bytes) -> None:
        """One text frame with these bytes, UTF-8 or not."""
        await self.link.send_raw(payload)

    async def send_fragments(self, pieces: list[bytes]) -> None:
        """One text message in several frames."""
        await self.link.send_fragments(pieces)

    async def send_binary(self, payload: bytes) -> None:
        """One binary frame."""
        await self.link.send_binary(payload)

    # -- what happens in QQ --------------------------------------------------

    async def group_message(
        self, group_id: int, user_id: int, message: object
    ) -> Message:
        """A member speaks; `message` is a CQ string, a segment or a list.

        Group and member are made up when they do not exist.
        """
        said = self.world.say_in_group(group_id, user_id, cq.segments_of(message))
        await self.flush()
        return said

    async def private_message(
        self, user_id: int, message: object, *, from_group: int | None = None
    ) -> Message:
        """A friend writes, or, with `from_group`, a member of that group."""
        said = self.world.say_privately(
            user_id, cq.segments_of(message), from_group=from_group
        )
        await self.flush()
        return said

    async def notice(self, notice_type: str, **fields: Any) -> dict[str, Any]:
        """A notice with any fields; the world is not changed."""
        frame = events.notice(self.world.time, self.self_id, notice_type, **fields)
        await self.emit(frame)
        return frame

    async def friend_request(self, user_id: int, comment: str = "") -> str:
        """Somebody wants to be a friend; gives the flag."""
        asked = self.world.ask_friendship(user_id, comment)
        await self.flush()
        return asked.flag

    async def group_request(
        self,
        group_id: int,
        user_id: int,
        comment: str = "",
        sub_type: Literal["add", "invite"] = "add",
    ) -> str:
        """Somebody wants into a group, or wants the bot in theirs; the flag."""
        asked = self.world.ask_group(group_id, user_id, comment, how=sub_type)
        await self.flush()
        return asked.flag

    async def flush(self) -> None:
        """Send what has happened in `world` since the last time, and what
        others in this QQ have heard of it."""
        # All are written before the first wait, so that no other event gets
        # in between.
        for sim in self.company:
            for event in sim.world.take_events():
                sim._publish(event)
        for sim in self.company:
            await sim._drain()

    async def emit(self, event: Event) -> None:
        """Send an event on every link that carries events.

        A link without an open connection loses it, as with NapCat.
        """
        self._publish(event)
        await self._drain()

    async def heard(self) -> None:
        """Wait until whoever is connected has read all that was sent so far.

        A connection that ends has nothing more to wait for.
        """
        for way in (way for sim in self.company for way in sim.ways):
            if way.current is not None:
                with contextlib.suppress(ConnectionError):
                    await way.current.heard()

    @property
    def is_connected(self) -> bool:
        """Whether any connection is open."""
        return any(way.current is not None for way in self.ways)

    @property
    def ways(self) -> list[Adapter | Served]:
        """All that events leave on: the links, and what bridges have opened."""
        return [*self.links, *self.served]

    def _publish(self, event: Event) -> None:
        for adapter in self.ways:
            self._report(adapter, event)
        for listener in self._listeners:
            listener(event)

    async def _drain(self) -> None:
        for adapter in self.ways:
            if adapter.current is not None:
                await adapter.current.drain()

    def on_event(self, listener: Callable[[Event], None]) -> None:
        """Have `listener` told all that happens, the bot's messages included."""
        self._listeners.append(listener)

    def on_outcome(self, listener: Callable[[Request, Any], None]) -> None:
        """Have `listener` told what came of each request that was carried out:
        its data, or the ActionFailed, before it is answered."""
        self._outcome_listeners.append(listener)

    def _report(self, adapter: Adapter | Served, event: Event) -> None:
        if not adapter.carries_events:
            return
        if isinstance(event, dict):
            adapter.put(event)
        elif event.sender_id != self.self_id or adapter.settings.report_self_message:
            form = adapter.settings.message_format
            adapter.put(events.message(self.self_id, event, form))

    def _greet(self, adapter: Adapter | Served) -> None:
        if adapter.carries_events:
            adapter.put(events.lifecycle(self.world.time, self.self_id))

    def _on_beat(self, adapter: Adapter | Served) -> None:
        if adapter.carries_events:
            interval = adapter.settings.heart_interval
            adapter.put(
                events.heartbeat(
                    self.world.time, self.self_id, interval, online=self.world.online
                )
            )

    # -- requests ------------------------------------------------------------

    def on(self, action: str, handler: OverrideHandler) -> None:
        """Answer `action` by `handler(request)` from now on.

        It may be a coroutine function.  It returns the data, ABSENT,
        NO_ANSWER or a Stream, or raises ActionFailed(wording, retcode).
        `perform(request)` gives what the simulator itself would.
        """
        self._overrides[action] = handler

    def off(self, action: str) -> None:
        """Undo `on`."""
        self._overrides.pop(action, None)

    def perform(self, request: Request) -> Any:
        """Do truthfully what the request asks; gives its data."""
        dialect = request.adapter.dialect
        if self.app_version:
            dialect = replace(dialect, app_version=self.app_version)
        if any(faults.fits(glob, request.action) for glob in self.unknown):
            raise actions.unknown(request.action, dialect)
        return actions.perform(
            self.world,
            request.action,
            _params(request),
            request.adapter.settings.message_format,
            dialect,
        )

    def fault(self, action: str, *meets: Fault, times: int | None = None) -> Rule:
        """Let the next `times` (None: all) requests for `action`, a name or a
        glob, meet these faults.

        Of several rules the oldest that has times left counts, so that two
        calls with `times=1` are for the first request and the second.
        """
        return self.faults.add(action, *meets, times=times)

    def hold(self, action: str | None = None, *, run: bool = True) -> None:
        """Keep back the answers to `action` (a name or a glob; None: all) that
        come from now on.

        What is asked is done at once, and only the answer waits; without `run`
        it is done at the release.
        """
        self._held[action] = run

    def release(self, what: str | Request | None = None) -> None:
        """Let answers go: one request's, or all of an action and its hold.

        None ends every hold.
        """
        if isinstance(what, Request):
            what.gate.set()
            return
        if what is None:
            self._held.clear()
        self._held.pop(what, None)
        for request in self.held:
            if faults.fits(what, request.action):
                request.gate.set()

    @property
    def held(self) -> list[Request]:
        """Requests whose answers are kept back, oldest first."""
        return [request for request in self.requests if not request.gate.is_set()]

    def delay(self, milliseconds: float, most: float | None = None) -> None:
        """Answer so much later; with `most`, by a random time between the two."""
        self._answer_delay = (milliseconds, milliseconds if most is None else most)

    async def next_request(
        self, action: str | None = None, timeout: float = WAIT_SECONDS
    ) -> Request:
        """The oldest request (of `action`) not yet given; waits for one."""

        def take() -> Request | None:
            for request in self._unseen:
                if action is None or request.action == action:
                    self._unseen.remove(request)
                    return request
            return None

        return await self._watch.until(
            take, timeout, f"request {action or ''}".rstrip()
        )

    async def answered(self, request: Request, timeout: float = WAIT_SECONDS) -> None:
        """Wait until the request's answer has been written."""
        await self._watch.until(lambda: request.answered, timeout, "answer")

    async def done(self, request: Request, timeout: float = WAIT_SECONDS) -> None:
        """Wait until nothing more will come of the request."""
        await self._watch.until(lambda: request.done, timeout, "end of the request")

    def answer(
        self,
        request: Request,
        data: Any = ABSENT,
        *,
        retcode: int = 0,
        wording: str = "",
        stream: str = NORMAL,
    ) -> bool:
        """Write an answer by hand: late, twice, or with odd contents.

        It leaves where NapCat's would; False when nothing is open.
        """
        answer = Answer(data, retcode, wording, request.echo, stream)
        written = self._put_answer(request.adapter, request.link, answer)
        request.answered = request.answered or written
        self._watch.notify()
        return written

    def _put_answer(
        self, adapter: Adapter | Served, link: Link | Served, answer: Answer
    ) -> bool:
        """NapCat answers on the adapter's current connection, whichever the
        request came in on; others on the request's own."""
        dialect = adapter.dialect
        payload = (js.dumps(dialect.frame(answer)) + dialect.line_end).encode()
        if dialect.answers_on_current:
            return adapter.put_text(payload)
        if link.is_open:
            link.send_text(payload)
        return link.is_open

    def _on_text(
        self, adapter: Adapter | Served, link: Link | Served, text: str
    ) -> None:
        if not adapter.takes_requests:
            log.warning("request on an event connection: %s", text[:200])
            return
        try:
            value = js.loads(text)
            if value is None:
                raise ValueError("null has no action")
        except ValueError:
            self._refuse_text(adapter, link)
            return
        if js.is_object(value) or js.is_array(value):
            self._take_request(adapter, link, text, value)

    def _refuse_text(self, adapter: Adapter | Served, link: Link | Served) -> None:
        code = adapter.dialect.bad_json
        if code is not None:
            answer = Answer(None, code, _BAD_JSON, has_echo=False)
            self._put_answer(adapter, link, answer)

    def _take_request(
        self,
        adapter: Adapter | Served,
        link: Link | Served,
        text: str,
        value: dict[str, Any] | list[Any],
    ) -> None:
        """An array has no `action`; to JavaScript that is no different."""
        frame = value if isinstance(value, dict) else {}
        params = frame.get("params")
        request = Request(
            action=frame.get("action"),
            params=params if js.truthy(params) else {},
            echo=frame.get("echo"),
            text=text,
            arrived=time.monotonic(),
            adapter=adapter,
            link=link,
            rule=self.faults.take(frame.get("action")),
        )
        held = self._held.items()
        holds = [run for glob, run in held if faults.fits(glob, request.action)]
        request.waits_to_run = not all(holds)
        if not holds:
            request.gate.set()
        self.requests.append(request)
        del self.requests[:-REQUESTS_KEPT]
        self._unseen.append(request)
        self._watch.notify()
        task = asyncio.ensure_future(self._serve(request))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, request: Request) -> None:
        await self._meet(request)
        request.done = True
        self._watch.notify()

    async def _meet(self, request: Request) -> None:
        """Do what is asked and answer it, as far as the rule lets us."""
        rule = request.rule
        if rule.get(faults.BreakBefore):
            request.link.abort()
            return
        if request.waits_to_run:
            await request.gate.wait()
        result = await self._outcome(request)
        for listener in self._outcome_listeners:
            listener(request, result)
        # QQ tells of what was done before NapCat has answered, or after: both
        # happen.  Before is the order in which a held answer shows its use.
        await self.flush()
        await self._wait_turn(request)
        if rule.get(faults.BreakAfter):
            request.link.abort()
        elif rule.get(faults.OnNextLink):
            await self._break_and_answer(request, result)
        elif not rule.get(faults.Lost):
            self._answer_in_turn(request, result)

    async def _outcome(self, request: Request) -> Any:
        failed = request.rule.get(faults.Failed)
        result: Any = ABSENT
        if failed is None or failed.runs:
            result = await self._caught(request)
        return result if failed is None else _failure(failed)

    async def _caught(self, request: Request) -> Any:
        """The result, a failure included."""
        try:
            result = await self._result(request)
        except ActionFailed as failure:
            requests_log.info("<- %s failed: %s", request.action, failure.wording)
            return failure
        except Exception as error:
            # Whatever a handler of NapCat throws becomes a 1200; here it can
            # only be an override's mistake, which must not stay hidden.
            log.exception("the handler of %s failed", request.action)
            return ActionFailed(str(error))
        requests_log.info("<- %s %s", request.action, js.dumps(request.params)[:120])
        return result

    async def _result(self, request: Request) -> Any:
        override = None
        if isinstance(request.action, str):
            override = self._overrides.get(request.action)
        if override is None:
            return self.perform(request)
        result = override(request)
        return await result if inspect.isawaitable(result) else result

    async def _wait_turn(self, request: Request) -> None:
        least, most = self._answer_delay
        if most > 0:
            await asyncio.sleep(self._delay_rng.uniform(least, most) / 1000)
        late = request.rule.get(faults.Late)
        if late:
            await asyncio.sleep(late.seconds)
        await request.gate.wait()

    async def _break_and_answer(self, request: Request, result: Any) -> None:
        """An adapter's next connection is waited for; one that a bridge has
        opened has no next."""
        request.link.abort()
        adapter = request.adapter
        if isinstance(adapter, Adapter) and isinstance(request.link, Link):
            await adapter.renewed(request.link)
        self._answer_in_turn(request, result)

    def _answer_in_turn(self, request: Request, result: Any) -> None:
        def write() -> None:
            for _ in range(2 if request.rule.get(faults.Twice) else 1):
                self._answer_with(request, result)

        reverse = request.rule.get(faults.Reversed)
        if reverse:
            request.rule.keep(write, reverse.count)
        else:
            write()

    def _answer_with(self, request: Request, result: Any) -> None:
        plain = actions.plain_name(request.action, request.adapter.dialect)
        stream = STREAM if plain in catalogue.STREAMS else NORMAL
        if isinstance(result, ActionFailed):
            self._answer_failure(request, result, stream)
        elif isinstance(result, Stream):
            self._answer_stream(request, result)
        elif result is not NO_ANSWER:
            self.answer(request, result, stream=stream)
        elif request.action in _ENDING:
            request.link.abort()

    def _answer_failure(
        self, request: Request, failure: ActionFailed, stream: str = NORMAL
    ) -> None:
        """A stream's failure has data; an action that is not known is none."""
        known = failure.retcode != UNKNOWN_ACTION
        is_stream = stream == STREAM and known
        self.answer(
            request,
            dict(_STREAM_ERROR) if is_stream else None,
            retcode=failure.retcode,
            wording=failure.wording,
            stream=STREAM if is_stream else NORMAL,
        )

    def _answer_stream(self, request: Request, row: Stream) -> None:
        packets, cut = row.packets, request.rule.get(faults.CutShort)
        if request.rule.get(faults.Damaged):
            packets = faults.damaged_packets(packets)
        for packet in packets[: cut.frames] if cut else packets:
            self.answer(request, packet, stream=STREAM)
        if row.error is not None and not cut:
            self._answer_failure(request, ActionFailed(row.error, FAILED), STREAM)


def _first_seq(start: float) -> int:
    """Numbers go on rising from one start to the next, as long as no chat has
    more than a message a second."""
    return max(0, int(start) - _SEQ_EPOCH)


def _failure(failed: faults.Failed) -> ActionFailed:
    return ActionFailed(failed.wording, failed.retcode)


def _params(request: Request) -> Any:
    """What was asked for, a byte of its chunk changed if the rule says so."""
    params: object = request.params
    if request.rule.get(faults.Damaged) and js.is_object(params):
        chunk = params.get("chunk_data")
        if isinstance(chunk, str):
            return params | {"chunk_data": faults.damaged(chunk)}
    return params
