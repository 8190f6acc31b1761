# SPDX-License-Identifier: MIT
"""The measurements, each made on a process that was started for it."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import procfs
from children import BenchError, Server, Tool, results

TOOL_SECONDS = 30
VALGRIND_SECONDS = 120
PATIENCE_SECONDS = 0.5
# Events on their way: enough to keep every stage busy, few enough that no
# subscriber's queue (8192) runs over.
WINDOW = 2048
PACED_RATE = 2000
# Under callgrind: enough that the start of a thread is nothing beside them.
COUNTED_EVENTS = 5000
IDLE_RATE = 300

Found = dict[str, float]


@dataclass(frozen=True)
class Amounts:
    """How much is sent: enough for a figure that holds."""

    rounds: int
    events: int
    paced_events: int
    burst: int
    calls: int
    idle_calls: int
    slow_calls: int


QUICK = Amounts(1, 60_000, 4_000, 100_000, 10_000, 600, 20_000)
FULL = Amounts(5, 150_000, 10_000, 100_000, 30_000, 900, 60_000)


@dataclass
class Bench:
    """Where the programs are, and which cores they get."""

    build: Path
    scratch: Path
    amounts: Amounts
    settings: Sequence[str] = ()  # PATH=VALUE, put over the bridge's file
    bridge_core: int | None = None
    load_core: int | None = None
    # CPU µs per event of each of the bridge's threads, by "name/id", a dict
    # for each round of throughput()
    threads: list[dict[str, float]] = field(default_factory=list)

    @property
    def events_url(self) -> str:
        return f"ipc://{self.scratch}/events.ipc"

    @property
    def actions_url(self) -> str:
        return f"ipc://{self.scratch}/actions.ipc"

    def program(self, name: str) -> str:
        """The path of a benchmark tool in the build tree."""
        path = self.build / "tests" / "bench" / name
        if not os.access(path, os.X_OK):
            raise BenchError(f"{path} is not there: build with ONEBUS_TESTS=ON")
        return str(path)

    def start_bridge(self, *wrapper: str) -> Server:
        path = self.build / "bridge" / "onebus"
        if not os.access(path, os.X_OK):
            raise BenchError(f"{path} is not there: build the bridge first")
        command = [*wrapper, str(path), "run"]
        command += ["--config", str(self._write_settings())]
        for setting in self.settings:
            command += ["--set", setting]
        return Server(command, self.bridge_core, self._environment())

    def start_floor(self) -> Server:
        command = [
            self.program("onebus_bench_floor"),
            "--events",
            self.events_url,
        ]
        return Server(command, self.bridge_core)

    def _write_settings(self) -> Path:
        path = self.scratch / "onebus.json"
        settings = {
            "channels": {"napcatqq": {"wsPort": 0}},
            "bridge": {
                "events": [self.events_url],
                "actions": [self.actions_url],
                "log": {"format": "json"},
            },
        }
        path.write_text(json.dumps(settings))
        return path

    def _environment(self) -> dict[str, str]:
        """Ours without what would change the bridge's settings; what it
        keeps, it keeps in the scratch directory."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("ONEBUS_")
        }
        return kept | {"XDG_STATE_HOME": str(self.scratch / "state")}

    def tool(self, name: str, *options: str, share: Sequence[int] = ()) -> Tool:
        command = [self.program(f"onebus_bench_{name}"), *options]
        command += ["--time-limit", str(TOOL_SECONDS)]
        return Tool(command, self.load_core, share)


def _drive_events(
    bench: Bench,
    server: Server,
    events: int,
    *,
    peer: Sequence[str] = (),
    subscriber: Sequence[str] = (),
) -> dict[str, Any]:
    """Send events through and take them. Returns what the subscriber found."""
    progress = os.eventfd(0)
    common = ["--events", str(events), "--progress", str(progress)]
    giving = [*common, "--port", str(server.port), *peer]
    taking = [*common, "--url", bench.events_url, *subscriber]
    try:
        with (
            bench.tool("subscriber", *taking, share=[progress]) as taker,
            bench.tool("peer", *giving, share=[progress]) as giver,
        ):
            found = results([taker, giver], TOOL_SECONDS)[0]
    except BenchError:
        server.check(PATIENCE_SECONDS)
        raise
    finally:
        os.close(progress)
    server.check()
    return found


def throughput(bench: Bench, server: Server) -> Found:
    """As many events a second as go through, and what each costs."""
    events = bench.amounts.events
    idle_kb = procfs.memory_kb(server.pid, "VmRSS")
    before = procfs.cpu_ns(server.pid)
    found = _drive_events(bench, server, events, peer=["--window", str(WINDOW)])
    spent = {
        name: (nanos - before.get(name, 0)) / 1e3 / events
        for name, nanos in procfs.cpu_ns(server.pid).items()
    }
    if server.name == "onebus":
        bench.threads.append(spent)
    return {
        "start_ms": server.start_ms,
        "rss_idle_mb": idle_kb / 1024,
        "rss_load_mb": procfs.memory_kb(server.pid, "VmHWM") / 1024,
        "events_per_s": found["events_per_second"],
        "cpu_us_per_event": sum(spent.values()),
        "events_lost": found["lost"],
    }


def latency(bench: Bench, server: Server) -> Found:
    """How long an event takes when there is little to do."""
    found = _drive_events(
        bench,
        server,
        bench.amounts.paced_events,
        peer=["--rate", str(PACED_RATE)],
    )
    return {
        "event_p50_us": found["latency_us"]["p50"],
        "event_p99_us": found["latency_us"]["p99"],
        "event_p999_us": found["latency_us"]["p999"],
        "events_lost": found["lost"],
    }


def burst(bench: Bench, server: Server) -> Found:
    """Events sent with no regard to the subscriber, an NNG one."""
    found = _drive_events(
        bench, server, bench.amounts.burst, subscriber=["--nng"]
    )
    return {
        "burst_lost": found["lost"],
        "burst_per_s": found["events_per_second"],
    }


def _drive_calls(
    bench: Bench, server: Server, *caller: str, delay_ms: int = 0
) -> dict[str, Any]:
    """Call while a peer answers. Returns what the caller found."""
    port = ("--port", str(server.port), "--delay-ms", str(delay_ms))
    try:
        with bench.tool("peer", "--answer", *port) as peer:
            peer.wait_line(TOOL_SECONDS)
            with bench.tool(
                "caller", "--url", bench.actions_url, *caller
            ) as calls:
                found = results([calls], TOOL_SECONDS)[0]
            peer.stop()
            results([peer], TOOL_SECONDS)
    except BenchError:
        server.check(PATIENCE_SECONDS)
        raise
    server.check()
    return found


def actions(bench: Bench, server: Server) -> Found:
    """Actions answered at once: 64 at a time."""
    calls = ("--calls", str(bench.amounts.calls))
    found = _drive_calls(bench, server, "--parallel", "64", *calls)
    return {
        "actions_per_s": found["calls_per_second"],
        "action_p50_us": found["latency_us"]["p50"],
        "action_p99_us": found["latency_us"]["p99"],
    }


def idle_actions(bench: Bench, server: Server) -> Found:
    """Actions answered at once: one at a time, with pauses."""
    calls = ("--calls", str(bench.amounts.idle_calls))
    rate = ("--rate", str(IDLE_RATE))
    found = _drive_calls(bench, server, "--parallel", "1", *calls, *rate)
    return {
        "idle_action_p50_us": found["latency_us"]["p50"],
        "idle_action_p99_us": found["latency_us"]["p99"],
    }


def slow_actions(bench: Bench, server: Server) -> Found:
    """Actions that take the peer 5 ms: 256 at a time."""
    calls = ("--calls", str(bench.amounts.slow_calls))
    found = _drive_calls(bench, server, "--parallel", "256", *calls, delay_ms=5)
    return {"slow_actions_per_s": found["calls_per_second"]}


def _collected(
    core: str, options: Sequence[str], rounds: int
) -> tuple[int, int]:
    """The instructions of a run of the core, and the events of one round."""
    command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"]
    command += [core, *options, "--rounds", str(rounds)]
    try:
        run = subprocess.run(
            command, capture_output=True, text=True, timeout=VALGRIND_SECONDS
        )
    except subprocess.TimeoutExpired:
        raise BenchError(
            f"callgrind: longer than {VALGRIND_SECONDS} s"
        ) from None
    count = re.search(r"Collected : (\d+)", run.stderr)
    if run.returncode != 0 or count is None:
        raise BenchError(f"callgrind: {_last_words(run)}")
    return int(count.group(1)), int(json.loads(run.stdout)["events"])


def _last_words(run: subprocess.CompletedProcess[str]) -> str:
    """What a failed run said last."""
    lines = run.stderr.strip().splitlines() or ["no output"]
    return f"exit status {run.returncode}: {lines[-1]}"


def _collected_by_bridge(bench: Bench, events: int) -> int:
    """The instructions of a whole bridge that has passed so many events on."""
    counts = bench.scratch / "callgrind.out"
    wrapper = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={counts}"]
    with bench.start_bridge(*wrapper) as server:
        window = ["--window", str(WINDOW)]
        found = _drive_events(bench, server, events, peer=window)
    if found["lost"] != 0:
        raise BenchError(f"callgrind: {found['lost']} events were lost")
    count = re.search(r"^(?:summary|totals): (\d+)", counts.read_text(), re.M)
    if count is None:
        raise BenchError("callgrind: no sum in its output")
    return int(count.group(1))


def bridge_instructions(bench: Bench) -> Found:
    """What an event costs the whole process in user space, one subscriber."""
    more = _collected_by_bridge(bench, 5 * COUNTED_EVENTS)
    less = _collected_by_bridge(bench, COUNTED_EVENTS)
    return {"bridge_ir_950": (more - less) / (4 * COUNTED_EVENTS)}


def instructions(bench: Bench, fixtures: Path) -> Found:
    """What an event costs in the core alone: (Ir(2N) - Ir(N)) / events of N."""
    core = bench.program("onebus_bench_core")
    sample = ["--sample", "medium"]
    corpora = {"core_ir_950": (sample, 1000)}
    if fixtures.is_dir():
        corpora["core_ir_corpus"] = ([*sample, "--fixtures", str(fixtures)], 5)
    found: Found = {}
    for key, (options, rounds) in corpora.items():
        once, events = _collected(core, options, rounds)
        twice, _ = _collected(core, options, 2 * rounds)
        found[key] = (twice - once) / (events * rounds)
    return found


Measure = Callable[[Bench, Server], Found]
