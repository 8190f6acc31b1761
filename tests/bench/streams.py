# SPDX-License-Identifier: MIT
"""What publishing to NATS JetStream gives and costs: the same measurements with
it off, on and with no server there; how fast events get into a stream of one
server and of three replicas, and how long one takes to a consumer of it."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import shutil
import socket
import subprocess
import threading
import time
import urllib.request
from collections.abc import Iterator
from typing import Any

import measures
from children import BenchError, Server, pinned
from measures import Bench, Found
from report import AWAY, OFF, ONE, STREAMS_PREFIX, THREE

STREAM = "QQ"
START_SECONDS = 20.0
DRAIN_SECONDS = 240.0
LOOK_SECONDS = 0.02
#: The rate of the first events is that of whatever had to start.
SETTLED = 0.1
#: Of what the bridge itself is measured with: there are four sides.
SHARE = 0.5
REPLICAS = {ONE: 1, THREE: 3}
MEASURED = (
    "events_per_s",
    "cpu_us_per_event",
    "event_p50_us",
    "event_p99_us",
    "paced_cpu_percent",
    "events_lost",
)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Servers:
    """One nats-server or three as a cluster, on the core of the load. The ports
    are known before it starts."""

    def __init__(self, bench: Bench, count: int) -> None:
        self._folder = bench.scratch / "nats"
        self._core = bench.load_core
        self._ports = [_free_port() for _ in range(count)]
        self._monitors = [_free_port() for _ in range(count)]
        self._routes = [_free_port() for _ in range(count)]
        self._running: list[subprocess.Popen[bytes]] = []

    @property
    def url(self) -> str:
        return f"nats://127.0.0.1:{self._ports[0]}"

    def start(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir()
        with pinned(self._core):
            for number in range(len(self._ports)):
                self._running.append(self._start_one(number))
        deadline = time.monotonic() + START_SECONDS
        while not all(map(self._is_ready, self._monitors)):
            if time.monotonic() > deadline:
                raise BenchError("nats-server is not ready; is it installed?")
            time.sleep(LOOK_SECONDS)

    def _start_one(self, number: int) -> subprocess.Popen[bytes]:
        name = f"nats{number}"
        settings: dict[str, Any] = {
            "server_name": name,
            "listen": f"127.0.0.1:{self._ports[number]}",
            "http": f"127.0.0.1:{self._monitors[number]}",
            "jetstream": {"store_dir": str(self._folder / name)},
        }
        if len(self._ports) > 1:
            settings["cluster"] = {
                "name": "bench",
                "listen": f"127.0.0.1:{self._routes[number]}",
                "routes": [f"nats://127.0.0.1:{port}" for port in self._routes],
            }
        path = self._folder / f"{name}.conf"
        path.write_text(json.dumps(settings))
        return subprocess.Popen(
            ["nats-server", "-c", str(path)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def _is_ready(self, monitor: int) -> bool:
        page = self._look(monitor, "jsz")
        is_alone = len(self._ports) == 1
        leader = page.get("meta_cluster", {}).get("leader")
        return bool(page.get("config") if is_alone else leader)

    @staticmethod
    def _look(monitor: int, page: str) -> dict[str, Any]:
        url = f"http://127.0.0.1:{monitor}/{page}"
        try:
            with urllib.request.urlopen(url, timeout=1.0) as answer:
                return dict(json.load(answer))
        except OSError:
            return {}

    def stored(self) -> int:
        """How many messages the stream has; -1: there is no stream."""
        page = self._look(self._monitors[0], "jsz?streams=1")
        for account in page.get("account_details") or []:
            for stream in account.get("stream_detail") or []:
                if stream["name"] == STREAM:
                    return int(stream["state"]["messages"])
        return -1

    def __enter__(self) -> Servers:
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._running:
            process.kill()
            process.wait()


class Watch:
    """Looks at how many messages there are, until there are enough."""

    def __init__(self, servers: Servers) -> None:
        self._servers = servers
        self._seen: list[tuple[float, int]] = []
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while not self._end.wait(LOOK_SECONDS):
            self._seen.append((time.monotonic(), self._servers.stored()))

    def rate(self, events: int) -> float:
        """Of their coming, once there are so many."""
        deadline = time.monotonic() + DRAIN_SECONDS
        while not self._seen or self._seen[-1][1] < events:
            if time.monotonic() > deadline:
                raise BenchError(f"{self._seen[-1:]} of {events} in the stream")
            time.sleep(LOOK_SECONDS)
        self._end.set()
        self._thread.join()
        begun = next(one for one in self._seen if one[1] >= SETTLED * events)
        ended = next(one for one in self._seen if one[1] >= events)
        return (ended[1] - begun[1]) / max(ended[0] - begun[0], LOOK_SECONDS)


def _settings(url: str, replicas: int = 1) -> list[str]:
    return [f"bridge.nats.url={url}", f"bridge.nats.replicas={replicas}"]


def _in_all(bench: Bench, server: Server) -> Found:
    found = measures.latency(bench, server)
    found |= measures.throughput(bench, server)
    return {key: found[key] for key in MEASURED}


@contextlib.contextmanager
def _publishing(bench: Bench, side: str) -> Iterator[tuple[Server, Servers]]:
    """A bridge whose stream is there."""
    with Servers(bench, REPLICAS[side]) as servers:
        servers.start()
        settings = _settings(servers.url, REPLICAS[side])
        with bench.start_bridge(settings=settings) as server:
            _wait_for_stream(servers)
            yield server, servers


def _wait_for_stream(servers: Servers) -> None:
    """The bridge makes it."""
    deadline = time.monotonic() + START_SECONDS
    while servers.stored() < 0:
        if time.monotonic() > deadline:
            raise BenchError("the bridge makes no stream in NATS")
        time.sleep(LOOK_SECONDS)


def _published(bench: Bench, side: str) -> Found:
    with _publishing(bench, side) as (server, servers):
        found = measures.latency(bench, server)
        before = servers.stored()
        watch = Watch(servers)
        found |= measures.throughput(bench, server)
        found = {key: found[key] for key in MEASURED}
        found["stored_per_s"] = watch.rate(before + bench.amounts.events)
    with _publishing(bench, side) as (server, servers):
        taken = measures.drive_events(
            bench,
            server,
            bench.amounts.paced_events,
            peer=["--rate", str(measures.PACED_RATE)],
            taker="streamer",
            url=servers.url,
        )
        found["stream_p50_us"] = taken["latency_us"]["p50"]
        found["stream_p99_us"] = taken["latency_us"]["p99"]
    return found


def _backlog(bench: Bench, replicas: int) -> tuple[Found, float]:
    """With no server there; and how fast all goes to those that come then."""
    with Servers(bench, replicas) as servers:
        settings = _settings(servers.url, replicas)
        with bench.start_bridge(settings=settings) as server:
            found = _in_all(bench, server)
            watch = Watch(servers)
            servers.start()
            return found, watch.rate(bench.amounts.events)


def _keep(found: Found) -> Found:
    return {STREAMS_PREFIX + key: value for key, value in found.items()}


def measure(bench: Bench) -> dict[str, Found]:
    """A round: each side once."""
    amounts = dataclasses.replace(
        bench.amounts,
        events=int(bench.amounts.events * SHARE),
        paced_events=int(bench.amounts.paced_events * SHARE),
    )
    bench = dataclasses.replace(bench, threads=[], amounts=amounts)
    found: dict[str, Found] = {}
    with bench.start_bridge() as server:
        found[OFF] = _in_all(bench, server)
    for side, replicas in REPLICAS.items():
        found[side] = _published(bench, side)
        away, found[side]["drained_per_s"] = _backlog(bench, replicas)
        found[AWAY] = away
    return {side: _keep(values) for side, values in found.items()}
