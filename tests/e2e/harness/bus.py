"""The bus, as programs use it: pynng and MessagePack."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgpack
import pynng

from harness import websocket
from harness.bridge import Bridge
from harness.build import WAIT
from harness.wait import Watch

#: NNG's most, so that a burst waits here and is not dropped.
QUEUE_MESSAGES = 8192

#: How long one attempt to be heard of by the bridge takes at most.
_PROBE_SECONDS = 0.3
_INFINITE_MS = -1

_TOPIC = re.compile(rb"qq(\.[A-Za-z0-9_-]+){3,}")


@dataclass(frozen=True)
class Event:
    """One message of the event socket."""

    topic: str
    envelope: dict[str, Any]
    payload: bytes
    """The envelope as it came."""

    @property
    def event(self) -> dict[str, Any]:
        return dict(self.envelope["event"])

    @property
    def seq(self) -> int:
        return int(self.envelope["seq"])


def read_event(message: bytes) -> Event:
    """Take a message apart; fails for what the contract does not allow."""
    topic, nul, payload = message.partition(b"\0")
    assert nul, message[:100]
    assert _TOPIC.fullmatch(topic), topic
    # Strings that are not UTF-8, and bytes behind the map, raise.
    envelope = msgpack.unpackb(payload)
    return Event(topic.decode(), envelope, payload)


def prefix_of(pattern: str) -> bytes:
    """What to subscribe to for a pattern of the contract."""
    head, star, _ = pattern.partition("*")
    return head.encode() if star or head.endswith(".") else head.encode() + b"\0"


def matches(pattern: str, topic: str) -> bool:
    """Whether `topic` is one that `pattern` stands for."""
    parts, tokens = pattern.split("."), topic.split(".")
    if len(parts) > len(tokens):
        return False
    if parts[-1] == "*":
        tokens = tokens[: len(parts)]
    return len(parts) == len(tokens) and all(
        part in ("*", token) for part, token in zip(parts, tokens, strict=True)
    )


class Subscriber:
    """Keeps all events that come; `next_event` walks through them."""

    def __init__(self, url: str, patterns: tuple[str, ...]) -> None:
        self.events: list[Event] = []
        """All that came, oldest first."""
        self._patterns = patterns
        self._taken = 0
        self._watch = Watch()
        self._fault: BaseException | None = None
        self._socket = pynng.Sub0(recv_buffer_size=QUEUE_MESSAGES, recv_max_size=0)
        self._socket.subscribe(b"qq.bridge.")
        for pattern in patterns:
            self._socket.subscribe(prefix_of(pattern))
        self._socket.dial(url, block=True)
        self._task = asyncio.create_task(self._read())

    async def _read(self) -> None:
        try:
            while True:
                message = await self._socket.arecv()
                self.events.append(read_event(message))
                self._watch.notify()
        except pynng.Closed:
            pass
        except BaseException as error:
            self._fault = error
            self._watch.notify()
            raise

    async def until_heard(self, bridge: Bridge, account: str | None) -> None:
        """Wait until the bridge sends to this subscriber.

        Connecting is not enough: the bridge learns of it a moment later. So a
        link comes and goes until its coming is told here.
        """
        while not self._links("up"):
            peer = await _probe(bridge, account)
            try:
                await self._watch.until(
                    lambda: self._links("up") or self._fault, "event", _PROBE_SECONDS
                )
            except TimeoutError:
                pass
            finally:
                await peer.close()
            self._check()
        await self._watch.until(
            lambda: self._links("down")[-1:] >= self._links("up")[-1:], "link.down"
        )
        self._forget_probe()

    async def hears_reload(self) -> bool:
        """Whether the settings were read again a moment ago, and it was heard."""

        def heard() -> bool:
            return any(event.topic.endswith(".config.reloaded") for event in self.events)

        with contextlib.suppress(TimeoutError):
            await self._watch.until(heard, "config.reloaded", _PROBE_SECONDS)
        self._check()
        if heard():
            self._forget_probe()
            return True
        return False

    def _links(self, what: str) -> list[int]:
        """The serials of the probes that went up or down."""
        return [
            event.event["link"]
            for event in self.events
            if event.topic.endswith(f".link.{what}") and event.event["role"] == "Event"
        ]

    def _forget_probe(self) -> None:
        self.events.clear()
        self._taken = 0
        if not any(matches(p, "qq.bridge.x.link.up") for p in self._patterns):
            self._socket.unsubscribe(b"qq.bridge.")

    def _check(self) -> None:
        if self._fault is not None:
            raise self._fault

    async def next_event(self, pattern: str = "qq.*", seconds: float = WAIT) -> Event:
        """The next event that matches; those before it are skipped. The
        bridge's own only match a pattern that asks for them."""

        def take() -> Event | None:
            self._check()
            for place in range(self._taken, len(self.events)):
                topic = self.events[place].topic
                is_wanted = pattern.startswith("qq.bridge.") or not topic.startswith(
                    "qq.bridge."
                )
                if is_wanted and matches(pattern, topic):
                    self._taken = place + 1
                    return self.events[place]
            return None

        return await self._watch.until(take, f"event {pattern}", seconds)

    async def next_events(self, count: int, pattern: str = "qq.*") -> list[Event]:
        """The next `count` events that match."""
        return [await self.next_event(pattern) for _ in range(count)]

    async def next_message(self, user_id: int) -> Event:
        """Skip to the message of this user: a mark that a test has sent."""
        while True:
            event = await self.next_event("qq.*.*.message.*")
            if event.event["user_id"] == user_id:
                return event

    async def close(self) -> None:
        self._socket.close()
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)


async def _probe(bridge: Bridge, account: str | None) -> websocket.Peer:
    """A link that carries nothing."""
    settings = bridge.account(account)
    headers = [("X-Client-Role", "Event"), ("X-Self-ID", "")]
    if "accessToken" in settings:
        headers.append(("Authorization", f"Bearer {settings['accessToken']}"))
    if "selfId" in settings:
        headers[1] = ("X-Self-ID", str(settings["selfId"]))
    return await websocket.connect(bridge.url(account), headers)


class Bus:
    """A program on a bridge's bus."""

    def __init__(self, bridge: Bridge) -> None:
        self.bridge = bridge
        self._subscribers: list[Subscriber] = []
        self._caller: pynng.Req0 | None = None

    async def subscribe(
        self, *patterns: str, url: str | None = None, account: str | None = None
    ) -> Subscriber:
        """Subscribe, and wait until events would come. Default: everything."""
        subscriber = Subscriber(url or self.bridge.events, patterns or ("qq.*",))
        self._subscribers.append(subscriber)
        await subscriber.until_heard(self.bridge, account)
        return subscriber

    async def listen(self, *patterns: str) -> Subscriber:
        """Subscribe where no probe can dial in: reading the settings again is
        told on the bus as well."""
        subscriber = Subscriber(self.bridge.events, patterns or ("qq.*",))
        self._subscribers.append(subscriber)
        while not await subscriber.hears_reload():
            await self.call("bridge.reload")
        return subscriber

    async def request(self, payload: bytes, seconds: float = WAIT) -> bytes:
        """One request, one reply, as bytes."""
        if self._caller is None:
            self._caller = pynng.Req0(resend_time=_INFINITE_MS, recv_max_size=0)
            self._caller.dial(self.bridge.actions, block=True)
        with self._caller.new_context() as context:
            await asyncio.wait_for(context.asend(payload), seconds)
            return bytes(await asyncio.wait_for(context.arecv(), seconds))

    async def call(
        self,
        action: str,
        params: Mapping[str, Any] | None = None,
        *,
        seconds: float = WAIT,
        **fields: Any,
    ) -> dict[str, Any]:
        """Call an action in MessagePack; gives the reply."""
        request = {"action": action, **fields}
        if params is not None:
            request["params"] = params
        reply = await self.request(msgpack.packb(request), seconds)
        return dict(msgpack.unpackb(reply))

    async def call_json(self, action: str, **fields: Any) -> dict[str, Any]:
        """Call an action in JSON; gives the reply."""
        request = json.dumps({"action": action, **fields}, ensure_ascii=False)
        return dict(json.loads(await self.request(request.encode())))

    async def close(self) -> None:
        for subscriber in self._subscribers:
            await subscriber.close()
        if self._caller is not None:
            self._caller.close()
