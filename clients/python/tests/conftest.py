"""A bridge to test the simulator against: a WebSocket server that notes all."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from typing import Any

import pytest
from hypothesis import settings
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from nats_server import NatsServer, nats_server

from onebus.sim import Simulator

#: After so long it hangs; starting a program alone may take some of them.
SECONDS = 30.0

# How long an example takes says more about the machine than about the code.
settings.register_profile("onebus", deadline=None)
settings.load_profile("onebus")

# Begun in the background by a shell, Ctrl-C is ignored, and would be by the programs
# that tests interrupt.
signal.signal(signal.SIGINT, signal.default_int_handler)


class Bridge:
    """One server on a free port; frames of all connections in one queue."""

    def __init__(self) -> None:
        self.connections: list[ServerConnection] = []
        self.refuse: tuple[int, str] | None = None
        self.frames: asyncio.Queue[tuple[ServerConnection, bytes]] = asyncio.Queue()
        self._server: Server
        self._opened = asyncio.Event()

    async def start(self) -> None:
        self._server = await serve(
            self._serve,
            "127.0.0.1",
            0,
            process_request=self._judge,
            compression=None,
            ping_interval=None,
        )

    async def stop(self) -> None:
        self._server.close()
        await self._server.wait_closed()

    @property
    def port(self) -> int:
        return int(self._server.sockets[0].getsockname()[1])

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/onebot/v11/ws"

    def _judge(
        self, _connection: ServerConnection, _request: Request
    ) -> Response | None:
        if self.refuse is None:
            return None
        status, body = self.refuse
        headers = Headers({"Content-Length": str(len(body)), "X-Why": "test"})
        return Response(status, "Refused", headers, body.encode())

    async def _serve(self, connection: ServerConnection) -> None:
        self.connections.append(connection)
        self._opened.set()
        with contextlib.suppress(ConnectionClosed):
            while True:
                frame = await connection.recv(decode=False)
                self.frames.put_nowait((connection, frame))

    async def opened(self, count: int) -> ServerConnection:
        """The connection that came as number `count`, from 1."""
        while len(self.connections) < count:
            self._opened.clear()
            await asyncio.wait_for(self._opened.wait(), SECONDS)
        return self.connections[count - 1]

    async def frame(self) -> Any:
        """The next frame, parsed."""
        return (await self.frame_from())[1]

    async def frame_from(self) -> tuple[ServerConnection, Any]:
        connection, frame = await asyncio.wait_for(self.frames.get(), SECONDS)
        return connection, json.loads(frame)

    async def until(self, wanted: Callable[[Any], bool]) -> Any:
        """Skip to the first frame that is wanted."""
        while True:
            frame = await self.frame()
            if wanted(frame):
                return frame

    async def answer(self, echo: Any) -> Any:
        """Skip to the answer with this echo."""
        return await self.until(lambda f: "retcode" in f and f["echo"] == echo)

    async def call(self, action: str, /, echo: Any = "e", **params: Any) -> Any:
        """Ask on the newest connection; the answer."""
        await self.ask(action, echo, **params)
        return await self.answer(echo)

    async def ask(self, action: str, /, echo: Any = "e", **params: Any) -> None:
        request = {"action": action, "params": params, "echo": echo}
        await self.connections[-1].send(json.dumps(request))


@pytest.fixture(scope="session")
def nats(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NatsServer]:
    """One for all tests; nobody may stop it."""
    with nats_server(tmp_path_factory.mktemp("nats")) as server:
        yield server


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "only_nng: it is about what only NNG has")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A module may have WAYS: its tests with a bridge run by each of them."""
    ways = getattr(metafunc.module, "WAYS", ())
    if metafunc.definition.get_closest_marker("only_nng"):
        return
    if ways and "way" in metafunc.fixturenames:
        metafunc.parametrize("way", ways, indirect=True)


def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> None:
    """What is not to be: nats-py knows no trio."""

    def is_not(item: pytest.Item) -> bool:
        params = getattr(getattr(item, "callspec", None), "params", {})
        return params.get("way") == "nats" and params.get("backend") == "trio"

    config.hook.pytest_deselected(items=[item for item in items if is_not(item)])
    items[:] = [item for item in items if not is_not(item)]


@pytest.fixture
def way(request: pytest.FixtureRequest) -> str:
    """How a test's programs find the bridge."""
    return str(getattr(request, "param", "nng"))


@pytest.fixture
def way_settings(way: str, request: pytest.FixtureRequest) -> Mapping[str, Any]:
    """What the bridge is told for that."""
    if way == "nng":
        return {}
    server: NatsServer = request.getfixturevalue("nats")
    stream, prefix = server.place()
    nats = {"url": server.url, "stream": stream, "subjectPrefix": prefix}
    return {"bridge": {"nats": nats}}


@pytest.fixture
def onebus_settings(way_settings: Mapping[str, Any]) -> Mapping[str, Any]:
    return way_settings


@pytest.fixture
async def bridge() -> AsyncIterator[Bridge]:
    server = Bridge()
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def sim(bridge: Bridge) -> AsyncIterator[Simulator]:
    """Connected, its lifecycle event read, redialing at once after a break."""
    async with Simulator(
        bridge.url, self_id=10001, reconnect_interval=0.01
    ) as simulator:
        await simulator.connected()
        assert (await bridge.frame())["meta_event_type"] == "lifecycle"
        yield simulator
