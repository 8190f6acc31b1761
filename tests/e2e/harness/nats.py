"""Real NATS servers with JetStream, alone or three as a cluster; and the streams
that they hold, seen by a client that is not ours."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import signal
import subprocess
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nats
from nats.aio.client import Client
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig
from nats.js.errors import NotFoundError
from onebus.testing.bridge import merged

from harness.build import WAIT
from harness.namespace import Namespace
from harness.net import free_port
from harness.wait import until

#: What a stream of ours takes, behind the prefix.
SUBJECTS = ("qq.group.>", "qq.private.>", "qq.meta.>", "qq.other.>", "qq.bridge.>")

#: How long the answer of a server that is there may take.
_LOOK_SECONDS = 1.0
#: One that was away gets what it has missed while more comes.
_READY_SECONDS = 3 * WAIT

#: The server to test with.
PROGRAM = os.environ.get("ONEBUS_NATS_SERVER", "nats-server")
_PAGE = 100


@dataclass(frozen=True)
class Stored:
    """A message of a stream."""

    place: int
    """Its number in the stream."""
    subject: str
    headers: Mapping[str, str]
    payload: bytes

    @property
    def id(self) -> str:
        return self.headers["Nats-Msg-Id"]


class Server:
    """One process. What it stores is still there when it starts again, on the
    same port. Its folder must be its own."""

    def __init__(
        self,
        folder: Path,
        name: str = "nats",
        *,
        settings: Mapping[str, Any] | None = None,
        more: str = "",
        userinfo: str = "",
        inside: Namespace | None = None,
    ) -> None:
        """`more` settings are in the form of its own configuration."""
        self.name = name
        self._more = more
        self.host = inside.inside if inside else "127.0.0.1"
        self.port = free_port()
        self.address = f"{self.host}:{self.port}"
        self.url = f"nats://{userinfo}{'@' if userinfo else ''}{self.address}"
        self._monitor = f"{self.host}:{free_port()}"
        self._wrapper = inside.command() if inside else []
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        own = {
            "server_name": name,
            "listen": self.address,
            "http": self._monitor,
            "jetstream": {"store_dir": str(folder / name)},
        }
        self.settings: dict[str, Any] = merged(own, settings or {})

    # -- life --------------------------------------------------------------

    def start(self) -> None:
        """Start the process; `ready` waits for it."""
        assert not self.is_running
        file = self._folder / f"{self.name}.conf"
        rows = [f"{key}: {json.dumps(value)}" for key, value in self.settings.items()]
        file.write_text("\n".join([*rows, self._more]))
        with self._log.open("ab") as log:
            command = [*self._wrapper, PROGRAM, "-c", str(file)]
            self._process = subprocess.Popen(command, stdout=log, stderr=log)

    async def ready(self) -> None:
        """Wait until it serves all that it stores, and what its cluster does."""
        what = f"health of {self.name}: {self._log}"
        await until(self.is_healthy, what, _READY_SECONDS)

    async def restart(self) -> None:
        self.start()
        await self.ready()

    def kill(self) -> None:
        """As `kill -9`."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def stop(self) -> None:
        """End it in order."""
        self.signal(signal.SIGTERM)
        assert self._process is not None
        self._process.wait(WAIT)

    def hang(self) -> None:
        """From now on it does nothing; its connections stay."""
        self.signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self.signal(signal.SIGCONT)

    def signal(self, number: signal.Signals) -> None:
        assert self.is_running, self._log.read_text()
        assert self._process is not None
        os.kill(self._process.pid, number)

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def _log(self) -> Path:
        return self._folder / f"{self.name}.log"

    # -- what it tells -------------------------------------------------------

    def look(self, page: str) -> dict[str, Any]:
        """A page of its monitor; empty while it does not answer."""
        url = f"http://{self._monitor}/{page}"
        try:
            with urllib.request.urlopen(url, timeout=_LOOK_SECONDS) as answer:
                return dict(json.load(answer))
        except urllib.error.HTTPError as refusal:
            return dict(json.load(refusal))
        except OSError:
            return {}

    def is_healthy(self) -> bool:
        health = self.look("healthz")
        # Of a consumer, another server leads; 2.9 may leave it behind for minutes.
        lags = "JetStream consumer" in health.get("error", "")
        if health.get("status") != "ok" and not lags:
            return False
        cluster = "cluster" in self.settings
        return not cluster or bool(self.look("jsz").get("meta_cluster", {}).get("leader"))

    def streams(self) -> dict[str, dict[str, Any]]:
        """What it knows of its streams and their consumers, by name."""
        page = "jsz?streams=1&consumers=1&config=1"
        accounts = self.look(page).get("account_details") or []
        return {
            stream["name"]: stream
            for account in accounts
            for stream in account.get("stream_detail") or []
        }

    def serves(self, stream: str, consumer: str) -> bool:
        """Whether it is the one that delivers to this consumer."""
        known = self.streams().get(stream, {}).get("consumer_detail") or []
        return any(
            (one["name"], one.get("cluster", {}).get("leader")) == (consumer, self.name)
            for one in known
        )

    def connections(self) -> list[dict[str, Any]]:
        """Who is connected now."""
        return list(self.look("connz?subs=1").get("connections") or [])


class Cluster:
    """Three servers; a stream of three replicas bears the loss of any one."""

    def __init__(
        self,
        folder: Path,
        *,
        settings: Mapping[str, Any] | None = None,
        userinfo: str = "",
        inside: Namespace | None = None,
    ) -> None:
        names = ("one", "two", "three")
        self.servers = [
            Server(folder, name, settings=settings, userinfo=userinfo, inside=inside)
            for name in names
        ]
        listen = [f"{server.host}:{free_port()}" for server in self.servers]
        routes = [f"nats://{address}" for address in listen]
        for server, address in zip(self.servers, listen, strict=True):
            server.settings["cluster"] = {
                "name": "onebus",
                "listen": address,
                "routes": routes,
            }

    @property
    def urls(self) -> list[str]:
        return [server.url for server in self.servers]

    def start(self) -> None:
        for server in self.servers:
            server.start()

    async def ready(self) -> None:
        """Wait until each stores and serves, and they have a leader."""
        for server in self.servers:
            await server.ready()

    def kill(self) -> None:
        for server in self.servers:
            server.kill()

    def leader(self, stream: str) -> Server | None:
        """Who leads the stream's replicas; None while nobody does."""
        for server in self.servers:
            found = server.streams().get(stream, {}).get("cluster", {})
            if found.get("leader") == server.name:
                return server
        return None

    async def led(self, stream: str, seconds: float = WAIT) -> Server:
        """Wait until somebody leads it."""
        what = f"leader of {stream}"
        return await until(lambda: self.leader(stream), what, seconds)

    async def serves(self, stream: str, consumer: str, seconds: float = WAIT) -> Server:
        """Wait until somebody leads the consumer of the stream."""

        def look() -> Server | None:
            return next(
                (one for one in self.servers if one.serves(stream, consumer)), None
            )

        return await until(look, f"leader of {consumer} of {stream}", seconds)

    async def agree(self, stream: str) -> None:
        """Wait until all have as many messages of it: the replica that somebody
        reads is to make no difference. Their bytes may differ by a header for the
        server: of an event that was sent twice, each may have stored another sending,
        at the same place."""

        keys = ("messages", "first_seq", "last_seq")

        def counts() -> set[tuple[int, ...]]:
            states = (one.streams().get(stream, {}).get("state") for one in self.servers)
            return {tuple(s[key] for key in keys) if s else () for s in states}

        await until(
            lambda: len(counts()) == 1, f"agreement on {stream}: {counts()}", WAIT
        )

    async def follower(self, stream: str) -> Server:
        """One of those that do not lead it."""
        leader = await self.led(stream)
        return next(server for server in self.servers if server is not leader)


_numbers = itertools.count(1)


class Place:
    """What one test has of servers: a stream and subjects of its own, which are
    taken away in the end, and a connection."""

    def __init__(self, servers: Sequence[Server], *, replicas: int = 1) -> None:
        number = next(_numbers)
        self.servers = list(servers)
        self.stream = f"QQ{number}"
        self.prefix = f"test{number}"
        self.replicas = replicas
        self._client: Client | None = None

    @property
    def server(self) -> Server:
        """The one, or the first."""
        return self.servers[0]

    @property
    def urls(self) -> list[str]:
        return [server.url for server in self.servers]

    @property
    def bucket(self) -> str:
        """Where the names of accounts are leased."""
        return f"{self.stream}_accounts"

    @property
    def subjects(self) -> list[str]:
        return [f"{self.prefix}.{subject}" for subject in SUBJECTS]

    def settings(self, **more: Any) -> dict[str, Any]:
        """A bridge's `nats` for this place."""
        own = {
            "url": self.urls,
            "stream": self.stream,
            "subjectPrefix": self.prefix,
            "replicas": self.replicas,
        }
        return own | more

    # -- what is there -------------------------------------------------------

    async def client(self) -> Client:
        """Connected once it is wanted; it connects again for as long as it
        takes."""
        if self._client is None:
            self._client = await nats.connect(
                self.urls,
                allow_reconnect=True,
                max_reconnect_attempts=-1,
                reconnect_time_wait=0.05,
                error_cb=_say_nothing,
            )
        return self._client

    async def jetstream(self) -> JetStreamContext:
        return (await self.client()).jetstream(timeout=WAIT)

    async def exists(self) -> bool:
        js = await self.jetstream()
        with contextlib.suppress(NotFoundError):
            await js.stream_info(self.stream)
            return True
        return False

    async def config(self) -> dict[str, Any]:
        """How the stream is, as the server tells it."""
        answer = await (await self.client()).request(
            f"$JS.API.STREAM.INFO.{self.stream}", b"", timeout=WAIT
        )
        return dict(json.loads(answer.data)["config"])

    async def count(self) -> int:
        """How many messages the stream has."""
        info = await (await self.jetstream()).stream_info(self.stream)
        return info.state.messages

    async def has(self, count: int, seconds: float = WAIT) -> list[Stored]:
        """Wait until the stream has so many messages, and give all it has."""

        def look() -> bool:
            known = (server.streams().get(self.stream, {}) for server in self.servers)
            return any(one.get("state", {}).get("messages", 0) >= count for one in known)

        await until(look, f"{count} messages in {self.stream}", seconds)
        return await self.messages()

    async def messages(self) -> list[Stored]:
        """All that the stream has, in its order."""
        js = await self.jetstream()
        whole = ConsumerConfig(ack_policy=AckPolicy.NONE)
        consumer = await js.add_consumer(self.stream, whole)
        left = consumer.num_pending or 0
        name = consumer.name
        reader = await js.pull_subscribe_bind(name, self.stream)
        found: list[Stored] = []
        while left > 0:
            page = await reader.fetch(min(left, _PAGE), timeout=WAIT)
            left -= len(page)
            found += [
                Stored(
                    message.metadata.sequence.stream,
                    message.subject,
                    message.headers or {},
                    message.data,
                )
                for message in page
            ]
        await reader.unsubscribe()
        await js.delete_consumer(self.stream, name)
        return found

    async def close(self) -> None:
        """Leave nothing behind."""
        if any(server.is_healthy() for server in self.servers):
            js = await self.jetstream()
            for stream in (self.stream, f"KV_{self.bucket}"):
                with contextlib.suppress(NotFoundError):
                    await js.delete_stream(stream)
        if self._client is not None:
            await self._client.close()


async def _say_nothing(_: Exception) -> None:
    """That a server is away is what the tests are about."""


@contextlib.contextmanager
def server(folder: Path, **options: Any) -> Iterator[Server]:
    """One alone, which starts; it may be killed and started again."""
    made = Server(folder, **options)
    made.start()
    try:
        yield made
    finally:
        made.kill()


@contextlib.contextmanager
def cluster(folder: Path, **options: Any) -> Iterator[Cluster]:
    """Three that start."""
    made = Cluster(folder, **options)
    made.start()
    try:
        yield made
    finally:
        made.kill()


@contextlib.asynccontextmanager
async def place(servers: Sequence[Server], *, replicas: int = 1) -> AsyncIterator[Place]:
    """Of servers that are ready, once they are."""
    for one in servers:
        await one.ready()
    made = Place(servers, replicas=replicas)
    try:
        yield made
    finally:
        await made.close()
