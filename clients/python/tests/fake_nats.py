"""A bridge on NATS of which a test decides what it publishes and answers.

The stream is a real one; what puts events into it is not the bridge.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import threading
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import msgpack
import nats
from anyio.from_thread import BlockingPortal, start_blocking_portal
from fake_bridge import GROUP, FakeBridge
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js import JetStreamContext
from nats.js.api import StreamConfig
from nats_server import NatsServer

from onebus.position import Position

BRANCHES = ("group", "private", "meta", "other", "bridge")


class FakeNats(FakeBridge):
    """The same as `FakeBridge`, but for what only sockets and journals have."""

    def __init__(self, server: NatsServer, portal: BlockingPortal) -> None:
        # What stands before the topics of the one is no folder of the other.
        self.stream, self.prefix = server.place()
        self._reset(f"{server.url}")
        self.server = server
        self.run = "run1"
        self._portal = portal
        self._client: Client
        self._js: JetStreamContext
        self._accounts: dict[str, Any] = {}
        self._asked: Callable[[Msg], Any] | None = None
        #: All requests, whole.
        self.requests: list[dict[str, Any]] = []

    @property
    def options(self) -> dict[str, Any]:
        return {"stream": self.stream, "subject_prefix": self.prefix}

    # ---- life ----------------------------------------------------------------

    def start(self) -> None:
        self._portal.call(self._start)

    def stop(self) -> None:
        self._portal.call(self._stop)

    async def _start(self) -> None:
        self._client = await nats.connect(
            self.server.url,
            max_reconnect_attempts=-1,
            reconnect_time_wait=0.05,  # type: ignore[arg-type]
            error_cb=_say_nothing,
        )
        self._js = self._client.jetstream(timeout=20)
        await self.make_stream()
        await self.take("default")

    async def _stop(self) -> None:
        with contextlib.suppress(Exception):
            await self._js.delete_stream(self.stream)
            await self._js.delete_stream(f"KV_{self.stream}_accounts")
        await self._client.close()

    async def make_stream(self, **config: Any) -> None:
        subjects = [f"{self.prefix}.qq.{branch}.>" for branch in BRANCHES]
        await self._js.add_stream(
            StreamConfig(name=self.stream, subjects=subjects, duplicate_window=1),
            **config,
        )

    def run_there(self, work: Callable[[], Awaitable[Any]]) -> Any:
        """Do something with the connection of the bridge, from any thread."""
        return self._portal.call(work)

    @property
    def js(self) -> JetStreamContext:
        return self._js

    # ---- accounts --------------------------------------------------------------

    async def take(self, account: str, bridge: str | None = None) -> None:
        """Hold the name of an account and answer its calls."""
        bucket = f"{self.stream}_accounts"
        with contextlib.suppress(Exception):
            await self._js.create_key_value(bucket=bucket, ttl=15)
        store = await self._js.key_value(bucket)
        card = {"bridge": bridge or self.epoch, "run": self.run}
        await store.put(account, json.dumps(card).encode())
        if account not in self._accounts:
            self._accounts[account] = await self._client.subscribe(
                f"{self.prefix}.qq.action.{account}", cb=self._on_request
            )
            await self._client.flush()

    async def leave(self, account: str, *, is_told: bool = False) -> None:
        """Answer no more; `is_told`: let go of the name."""
        await self._accounts.pop(account).unsubscribe()
        await self._client.flush()
        if is_told:
            await (await self._js.key_value(f"{self.stream}_accounts")).delete(account)

    def asks(self, put: Callable[[Msg], Any]) -> None:
        """Requests are for `put`, which is to have them answered by `say`."""
        self._asked = put

    def say(self, message: Msg, reply: bytes) -> None:
        """Answer a request, from any thread."""
        self._portal.call(message.respond, reply)

    def hold_writes(self) -> None:
        """Answer what is said only once that is let go."""
        self.hold("send_group_msg", threading.Event())

    def is_gone(self) -> None:
        """It has been killed."""
        self._portal.call(self.leave, "default")

    def is_back(self) -> None:
        """It has started again."""
        self.run += "+"
        self._portal.call(self.take, "default")

    async def _on_request(self, message: Msg) -> None:
        if self._asked is not None:
            self._asked(message)
            return
        request = msgpack.unpackb(message.data)
        self.requests.append(request)
        reply = await asyncio.to_thread(self._reply, request)
        await message.respond(msgpack.packb(reply))

    # ---- events ----------------------------------------------------------------

    def publish(
        self,
        topic: str = GROUP,
        *,
        is_heard: bool = True,
        is_kept: bool = True,
        account: str = "default",
        age: float = 0.0,
        **event: Any,
    ) -> int:
        """One that is not kept is never in the stream; whether it is heard does not
        matter here."""
        self.newest += 1
        if is_kept:
            message = self.message(self.newest, topic, account, age, event)
            self.kept[self.newest] = message
            self.send(message)
        return self.newest

    def send(self, message: bytes) -> None:
        """Put these very bytes into the stream, whether it has had them or not."""
        topic, _, body = message.partition(b"\0")
        self._portal.call(self._js.publish, f"{self.prefix}.{topic.decode()}", body)

    def flood(self, count: int) -> None:
        """Publish many at once."""
        bodies = []
        for _ in range(count):
            self.newest += 1
            bodies.append(self.message(self.newest).partition(b"\0")[2])
        self._portal.call(self._flood, bodies)

    async def _flood(self, bodies: list[bytes]) -> None:
        subject = f"{self.prefix}.{GROUP}"
        for body in bodies[:-1]:
            await self._client.publish(subject, body)
        await self._js.publish(subject, bodies[-1])

    def has_subscriber(self) -> None:
        """A stream needs none."""

    def forget(self, until: int) -> None:
        """The stream rolls past these, by its limits."""
        self._portal.call(self._limit, self.newest - until)
        self._portal.call(self._limit, -1)

    async def _limit(self, count: int) -> None:
        info = await self._js.stream_info(self.stream)
        await self._js.update_stream(info.config, max_msgs=count)

    # ---- places ------------------------------------------------------------------

    def place(self, seq: int) -> Position:
        created = self._portal.call(self._created)
        return Position(f"{self.stream}@{created}", seq)

    async def _created(self) -> str:
        info = await self._client.request(f"$JS.API.STREAM.INFO.{self.stream}", b"")
        return str(json.loads(info.data)["created"])

    def consumer(self, name: str) -> dict[str, Any]:
        """What the server says of a consumer."""
        return dict(self._portal.call(self._consumer, name))

    async def _consumer(self, name: str) -> dict[str, Any]:
        subject = f"$JS.API.CONSUMER.INFO.{self.stream}.{name}"
        return dict(json.loads((await self._client.request(subject, b"")).data))


async def _say_nothing(_: Exception) -> None:
    """That a server is away is what some tests are about."""


@contextlib.contextmanager
def fake_nats(server: NatsServer) -> Iterator[FakeNats]:
    with start_blocking_portal() as portal:
        bridge = FakeNats(server, portal)
        bridge.start()
        try:
            yield bridge
        finally:
            bridge.stop()
