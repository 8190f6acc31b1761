# SPDX-License-Identifier: MIT
"""The measurements, each made on a process that was started for it."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import procfs
import scale
from children import BenchError, Server, Tool, results

TOOL_SECONDS = 30
VALGRIND_SECONDS = 120
PATIENCE_SECONDS = 0.5
# Events on their way: enough to keep every stage busy, few enough that no
# subscriber's queue (8192) runs over.
WINDOW = 2048
PACED_RATE = 2000
# Until the start is forgotten, and then how long is watched.
SETTLE_SECONDS = 1.0
QUIET_SECONDS = 5.0
# Under callgrind: enough that the start of a thread is nothing beside them.
COUNTED_EVENTS = 5000
COUNTED_CALLS = 1000
# What a call of the kind `upload` has.
UPLOAD_MIB = 50
IDLE_RATE = 300

Found = dict[str, float]

#: Sends are to go as fast as they can.
UNPACED = (
    "bridge.pacing.accountPerSecond=0",
    "bridge.pacing.chatPerSecond=0",
)


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
    kind_calls: int


QUICK = Amounts(1, 60_000, 4_000, 100_000, 10_000, 600, 20_000, 3_000)
FULL = Amounts(5, 150_000, 10_000, 100_000, 30_000, 900, 60_000, 10_000)


@dataclass
class Bench:
    """Where the programs are, and which cores they get."""

    build: Path
    scratch: Path
    amounts: Amounts
    settings: Sequence[str] = ()  # PATH=VALUE, put over the bridge's file
    bridge_core: int | None = None
    load_core: int | None = None
    python: str = "python3"  # runs what is written in Python
    # CPU µs per event of each of the bridge's threads, by "name/id", a dict
    # for each round of throughput()
    threads: list[dict[str, float]] = field(default_factory=list)

    @property
    def events_url(self) -> str:
        return f"ipc://{self.scratch}/events.ipc"

    @property
    def event_urls(self) -> list[str]:
        """One for each transport; the port is chosen when it starts."""
        return [self.events_url, "tcp://127.0.0.1:0"]

    @property
    def actions_url(self) -> str:
        return f"ipc://{self.scratch}/actions.ipc"

    @property
    def _state(self) -> Path:
        return self.scratch / "state"

    def program(self, name: str) -> str:
        """The path of a benchmark tool in the build tree."""
        path = self.build / "tests" / "bench" / name
        if not os.access(path, os.X_OK):
            raise BenchError(f"{path} is not there: build with ONEBUS_TESTS=ON")
        return str(path)

    def start_bridge(
        self, *wrapper: str, settings: Sequence[str] = ()
    ) -> Server:
        path = self.build / "bridge" / "onebus"
        if not os.access(path, os.X_OK):
            raise BenchError(f"{path} is not there: build the bridge first")
        command = [*wrapper, str(path), "run"]
        command += ["--config", str(self._write_settings())]
        for setting in [*settings, *self.settings]:
            command += ["--set", setting]
        return Server(command, self.bridge_core, self._environment())

    def start_floor(self) -> Server:
        command = [
            self.program("onebus_bench_floor"),
            "--events",
            self.events_url,
            "--actions",
            self.actions_url,
        ]
        return Server(command, self.bridge_core)

    def _write_settings(self) -> Path:
        # Each begins with an empty journal, so that none is dearer than others.
        shutil.rmtree(self._state, ignore_errors=True)
        path = self.scratch / "onebus.json"
        settings = {
            "channels": {
                "napcatqq": {"wsPort": 0, "dmPolicy": "open", "groupPolicy": "open"}
            },
            "bridge": {
                "stateDir": str(self._state),
                "events": self.event_urls,
                "actions": [self.actions_url],
                "http": "",
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
        return kept | {"XDG_STATE_HOME": str(self._state)}

    def tool(self, name: str, *options: str, share: Sequence[int] = ()) -> Tool:
        return Tool(self._tool_command(name, *options), self.load_core, share)

    def sender(self, name: str, *options: str, share: Sequence[int] = ()) -> Tool:
        """A tool that leaves the load's core to what is measured there."""
        return Tool(self._tool_command(name, *options), self.bridge_core, share)

    def _tool_command(self, name: str, *options: str) -> list[str]:
        command = [self.program(f"onebus_bench_{name}"), *options]
        return [*command, "--time-limit", str(TOOL_SECONDS)]


def drive_events(
    bench: Bench,
    server: Server,
    events: int,
    *,
    peer: Sequence[str] = (),
    subscriber: Sequence[str] = (),
    url: str | None = None,
    taker: str = "subscriber",
) -> dict[str, Any]:
    """Send events through and take them. Returns what the taker found."""
    progress = os.eventfd(0)
    common = ["--events", str(events), "--progress", str(progress)]
    giving = [*common, "--port", str(server.port), *peer]
    taking = [*common, "--url", url or bench.events_url, *subscriber]
    try:
        with (
            bench.tool(taker, *taking, share=[progress]) as taking_tool,
            bench.tool("peer", *giving, share=[progress]) as giving_tool,
        ):
            found = results([taking_tool, giving_tool], TOOL_SECONDS)[0]
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
    found = drive_events(bench, server, events, peer=["--window", str(WINDOW)])
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
    events = bench.amounts.paced_events
    before = sum(procfs.cpu_ns(server.pid).values())
    found = drive_events(
        bench, server, events, peer=["--rate", str(PACED_RATE)]
    )
    spent = sum(procfs.cpu_ns(server.pid).values()) - before
    return {
        "paced_cpu_percent": spent / (events / PACED_RATE * 1e9) * 100,
        "event_p50_us": found["latency_us"]["p50"],
        "event_p99_us": found["latency_us"]["p99"],
        "event_p999_us": found["latency_us"]["p999"],
        "events_lost": found["lost"],
    }


def burst(bench: Bench, server: Server) -> Found:
    """Events sent with no regard to the subscriber, an NNG one."""
    found = drive_events(
        bench, server, bench.amounts.burst, subscriber=["--nng"]
    )
    return {
        "burst_lost": found["lost"],
        "burst_per_s": found["events_per_second"],
    }


def quiet(bench: Bench, server: Server) -> Found:
    """A peer is connected and says nothing."""
    with bench.tool("peer", "--answer", "--port", str(server.port)) as peer:
        peer.wait_line(TOOL_SECONDS)
        time.sleep(SETTLE_SECONDS)
        before = procfs.switches(server.pid)
        time.sleep(QUIET_SECONDS)
        wakeups = procfs.switches(server.pid) - before
        peer.stop()
        results([peer], TOOL_SECONDS)
    return {
        "wakeups_per_s": wakeups / QUIET_SECONDS,
        "threads": len(procfs.cpu_ns(server.pid)),
    }


def _cost_us(bench: Bench, subscribers: int, url: str) -> float:
    """The CPU time of an event for so many subscribers at `url`."""
    events = bench.amounts.events // 5
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(bench.start_bridge())
        url = server.addresses("events")[bench.event_urls.index(url)]
        taking = ["--events", str(events), "--url", url]
        for _ in range(subscribers - 1):
            stack.enter_context(bench.tool("subscriber", *taking))
        before = sum(procfs.cpu_ns(server.pid).values())
        window = ["--window", str(WINDOW)]
        drive_events(bench, server, events, peer=window, url=url)
        spent = sum(procfs.cpu_ns(server.pid).values()) - before
    return spent / 1e3 / events


def subscribers(bench: Bench) -> Found:
    """What one more subscriber costs."""
    found = {}
    for key, url in zip(("ipc", "tcp"), bench.event_urls):
        one, four = (_cost_us(bench, count, url) for count in (1, 4))
        found[f"subscriber_{key}_us"] = (four - one) / 3
    return found


def scales(bench: Bench) -> Found:
    """Whether size, links and chats make an event dearer."""
    scale.raise_descriptors()
    with bench.start_bridge() as server:
        return scale.measure(server, bench.events_url)


def _drive_calls(
    bench: Bench, server: Server, *caller: str, delay_ms: int = 0
) -> dict[str, Any]:
    """Have the caller of these tools call while a peer answers."""

    def start() -> Tool:
        return bench.tool("caller", "--url", bench.actions_url, *caller)

    return drive_calls(bench, server, start, delay_ms=delay_ms)


def drive_calls(
    bench: Bench, server: Server, caller: Callable[[], Tool], *, delay_ms: int = 0
) -> dict[str, Any]:
    """Call while a peer answers. Returns what the caller found."""
    port = ("--port", str(server.port), "--delay-ms", str(delay_ms))
    try:
        with bench.tool("peer", "--answer", *port) as peer:
            peer.wait_line(TOOL_SECONDS)
            with caller() as calls:
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


#: What is called, and how many at a time.
KINDS = ("read", "send", "once")
IN_FLIGHT = (1, 16, 256)


def call_kinds(bench: Bench, server: Server) -> Found:
    """Each kind of call, so many at a time, answered at once."""
    found = {}
    for kind in KINDS:
        for parallel in IN_FLIGHT:
            calls = bench.amounts.kind_calls
            if parallel == 1:
                calls //= 4
            options = ["--kind", kind, "--calls", str(calls)]
            options += ["--parallel", str(parallel)]
            one = _drive_calls(bench, server, *options)
            key = f"calls_{kind}_{parallel}"
            found[f"{key}_per_s"] = one["calls_per_second"]
            found[f"{key}_p50_us"] = one["latency_us"]["p50"]
            found[f"{key}_p99_us"] = one["latency_us"]["p99"]
    return found


def uploads(bench: Bench) -> Found:
    """Files of 50 MiB as `bin`, which go on in chunks: one, and eight at a
    time, of which some may be refused."""
    found: Found = {}
    for parallel in (1, 8):
        with bench.start_bridge(settings=UNPACED) as server:
            idle_kb = procfs.memory_kb(server.pid, "VmRSS")
            options = ["--kind", "upload", "--allow-refusals"]
            count = str(parallel)
            options += ["--parallel", count, "--calls", count]
            calls = _drive_calls(bench, server, *options)
            peak_kb = procfs.memory_kb(server.pid, "VmHWM")
        found[f"upload_{parallel}_peak_mb"] = (peak_kb - idle_kb) / 1024
        found[f"upload_{parallel}_ok"] = calls["ok"]
        megabytes = calls["ok"] * UPLOAD_MIB
        found[f"upload_{parallel}_mb_s"] = megabytes / calls["seconds"]
    return found


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


def _collected_by_bridge(bench: Bench, events: int, journal: bool) -> int:
    """The instructions of a whole bridge that has passed so many events on."""
    settings = [f"bridge.journal.enabled={str(journal).lower()}"]
    counts = bench.scratch / "callgrind.out"
    wrapper = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={counts}"]
    with bench.start_bridge(*wrapper, settings=settings) as server:
        # Under callgrind all takes long, and nothing must be given up.
        peer = ["--window", str(WINDOW), "--patience-ms", "10000"]
        quiet = ["--quiet-ms", "20000"]
        found = drive_events(
            bench, server, events, peer=peer, subscriber=quiet
        )
    if found["lost"] != 0:
        raise BenchError(f"callgrind: {found['lost']} events were lost")
    count = re.search(r"^(?:summary|totals): (\d+)", counts.read_text(), re.M)
    if count is None:
        raise BenchError("callgrind: no sum in its output")
    return int(count.group(1))


def bridge_instructions(bench: Bench) -> Found:
    """What an event costs the whole process in user space, one subscriber,
    with and without a journal."""
    found = {}
    for key, journal in (("bridge_ir_950", False), ("journal_ir_950", True)):
        more = _collected_by_bridge(bench, 5 * COUNTED_EVENTS, journal)
        less = _collected_by_bridge(bench, COUNTED_EVENTS, journal)
        found[key] = (more - less) / (4 * COUNTED_EVENTS)
    return found


def instructions(bench: Bench, fixtures: Path) -> Found:
    """What an event costs, in the core alone and in all."""
    return (
        _core_instructions(bench, fixtures)
        | _call_instructions(bench)
        | bridge_instructions(bench)
    )


def _call_instructions(bench: Bench) -> Found:
    """What a call costs in the core, from the request to the reply."""
    calls = bench.program("onebus_bench_calls")
    found: Found = {}
    for kind in KINDS:
        once, _ = _collected(calls, ["--kind", kind], COUNTED_CALLS)
        twice, _ = _collected(calls, ["--kind", kind], 2 * COUNTED_CALLS)
        found[f"call_ir_{kind}"] = (twice - once) / COUNTED_CALLS
    return found


def _core_instructions(bench: Bench, fixtures: Path) -> Found:
    """(Ir(2N) - Ir(N)) / events of N."""
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
