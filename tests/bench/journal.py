# SPDX-License-Identifier: MIT
"""What it costs that events are kept: the same measurements with the journal
off, with each way of keeping it, and with a consumer that replays it
meanwhile."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Iterator
from pathlib import Path

import measures
from children import BenchError, Server, results
from measures import Bench, Found
from report import FLOOR, JOURNAL_PREFIX, OFF

NORMAL, FULL, REPLAYED = "normal", "full", "replayed"
SETTINGS = {
    OFF: ["bridge.journal.enabled=false"],
    NORMAL: ["bridge.journal.enabled=true", "bridge.journal.sync=normal"],
    FULL: ["bridge.journal.enabled=true", "bridge.journal.sync=full"],
    REPLAYED: ["bridge.journal.enabled=true", "bridge.journal.sync=normal"],
}
MEASURED = (
    "events_per_s",
    "cpu_us_per_event",
    "rss_load_mb",
    "event_p50_us",
    "event_p99_us",
    "event_p999_us",
    "paced_cpu_percent",
    "events_lost",
)
MEMORY_FILE_SYSTEMS = ("tmpfs", "ramfs")


def _file_system(folder: Path) -> str:
    """What the mount that holds the folder is."""
    found = ("", "")
    for line in Path("/proc/self/mounts").read_text().splitlines():
        _, mount, kind, *_ = line.split(" ")
        if folder.resolve().is_relative_to(mount):
            found = max(found, (mount, kind), key=lambda pair: len(pair[0]))
    return found[1]


def _check_disk(bench: Bench) -> None:
    kind = _file_system(bench.scratch)
    if kind in MEMORY_FILE_SYSTEMS:
        raise BenchError(
            f"{bench.scratch} is in memory ({kind}), where keeping events "
            "costs nothing: let TMPDIR name a folder on a disk"
        )


@contextlib.contextmanager
def _replaying(bench: Bench, found: Found) -> Iterator[None]:
    """A consumer goes over the journal again and again meanwhile."""
    with bench.tool("replayer", "--url", bench.actions_url) as tool:
        tool.wait_line(measures.TOOL_SECONDS)
        yield
        tool.stop()
        told = results([tool], measures.TOOL_SECONDS)[0]
    found["replayed_per_s"] = told["events_per_second"]


def _measure_server(bench: Bench, server: Server, side: str) -> Found:
    """The latency first: what is written under load, the disk is busy with for
    a while."""
    found: Found = {}
    for measure in (measures.latency, measures.throughput):
        beside = (
            _replaying(bench, found)
            if side == REPLAYED
            else contextlib.nullcontext()
        )
        with beside:
            found |= measure(bench, server)
    return found


def _keep(found: Found) -> Found:
    wanted = (*MEASURED, "replayed_per_s")
    return {
        JOURNAL_PREFIX + key: found[key] for key in wanted if key in found
    }


def measure(bench: Bench) -> dict[str, Found]:
    """A round: each side once."""
    _check_disk(bench)
    bench = dataclasses.replace(bench, threads=[])
    found = {}
    for side, settings in SETTINGS.items():
        with bench.start_bridge(settings=settings) as server:
            found[side] = _keep(_measure_server(bench, server, side))
    with bench.start_floor() as server:
        found[FLOOR] = _keep(_measure_server(bench, server, FLOOR))
    return found
