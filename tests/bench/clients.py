# SPDX-License-Identifier: MIT
"""Programs in Python that take events and make calls: our client, and others.

Ours get the events from the bridge; aiocqhttp and NoneBot2, which have a
WebSocket server of their own, the same frames straight from the sender. Each
has a core for itself; the sender, and the bridge, have the other one.
"""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

from children import BenchError, Tool, results
from measures import TOOL_SECONDS, UNPACED, WINDOW, Bench, Found, drive_calls

CONSUMERS = Path(__file__).resolve().parent / "consumers"
#: What has its events over the bus, and in which form.
FORMS = ("raw", "typed", "bot")
#: What is itself a server, and the path that it is asked for.
OTHERS = {"aiocqhttp": "/ws", "nonebot": "/onebot/v11/ws"}
PARALLEL = (1, 64)
EVENTS, CALLS = 0.2, 0.2  # of what the bridge itself is measured with
#: What the others manage is much less; they need not take as long.
SLOW = 0.1


def measure(bench: Bench) -> Found:
    """One round of all of them, one after the other."""
    check(bench)
    found: Found = {}
    for form in FORMS:
        for key, value in _take_from_bridge(bench, form).items():
            found[f"python_{form}_{key}"] = value
    for name, path in OTHERS.items():
        for key, value in _take_straight(bench, name, path).items():
            found[f"python_{name}_{key}"] = value
    for parallel in PARALLEL:
        for key, value in _call(bench, parallel).items():
            found[f"python_calls_{parallel}_{key}"] = value
    return found


def check(bench: Bench) -> None:
    """BenchError if the Python that is named lacks what is measured."""
    modules = "import aiocqhttp, nonebot.adapters.onebot.v11, onebus, uvicorn"
    done = subprocess.run(
        [bench.python, "-c", modules], capture_output=True, text=True
    )
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["it does not run"])[-1]
        raise BenchError(
            f"{bench.python}: {last}; ./dev bench makes one that has all, or"
            " name yours with --python"
        )


def _consumer(bench: Bench, name: str, *words: str, share: Sequence[int] = ()) -> Tool:
    command = [bench.python, str(CONSUMERS / f"{name}.py"), *words]
    return Tool(command, bench.load_core, share)


def _take(
    bench: Bench, consumer: Tool, port: int, events: int, progress: int, *peer: str
) -> Found:
    """Send events to what listens at `port`, once the consumer is ready."""
    consumer.wait_line(TOOL_SECONDS)
    options = ["--events", str(events), "--progress", str(progress)]
    options += ["--port", str(port), "--window", str(WINDOW), *peer]
    with bench.sender("peer", *options, share=[progress]) as sender:
        found = results([consumer], TOOL_SECONDS)[0]
        sender.stop()
    return {
        "events_per_s": found["events_per_second"],
        "cpu_us": found["cpu_us_per_event"],
    }


@contextlib.contextmanager
def _progress() -> Iterator[int]:
    """The eventfd by which a consumer tells the sender how far it has come."""
    descriptor = os.eventfd(0)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _take_from_bridge(bench: Bench, form: str) -> Found:
    events = int(bench.amounts.events * EVENTS)
    with _progress() as progress, bench.start_bridge() as server:
        words = [form, bench.events_url, bench.actions_url]
        words += [str(events), str(progress)]
        with _consumer(bench, "onebus_events", *words, share=[progress]) as taker:
            return _take(bench, taker, server.port, events, progress)


def _take_straight(bench: Bench, name: str, path: str) -> Found:
    events = int(bench.amounts.events * EVENTS * SLOW)
    port = _free_port()
    with _progress() as progress:
        words = [str(port), str(events), str(progress)]
        with _consumer(bench, f"{name}_events", *words, share=[progress]) as taker:
            return _take(bench, taker, port, events, progress, "--path", path)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _call(bench: Bench, parallel: int) -> Found:
    calls = int(bench.amounts.calls * CALLS) // (4 if parallel == 1 else 1)
    with bench.start_bridge(settings=UNPACED) as server:

        def consumer() -> Tool:
            words = [bench.actions_url, str(calls), str(parallel)]
            return _consumer(bench, "onebus_calls", *words)

        found = drive_calls(bench, server, consumer)
    return {
        "per_s": found["calls_per_second"],
        "p50_us": found["p50_us"],
        "p99_us": found["p99_us"],
    }
