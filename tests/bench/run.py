#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Measures the bridge against its floor. See README.md for what each figure
means."""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import clients
import gate
import journal
import measures
import streams
from children import BenchError, Server
from measures import Bench, Found, Measure
from neighbours import DISTURBING, Neighbours
from report import (
    BRIDGE,
    FLOOR,
    Findings,
    by_name,
    calls_table,
    journal_table,
    python_table,
    streams_table,
    table,
    thread_table,
)

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures" / "events"


@dataclass(frozen=True)
class Part:
    """A measurement, whether the floor can be measured alike, and what the
    bridge's settings have for it."""

    measure: Measure
    has_floor: bool = False
    settings: tuple[str, ...] = ()


#: What is measured in each round, on a process started for it.
PARTS = {
    "throughput": Part(measures.throughput, has_floor=True),
    "latency": Part(measures.latency, has_floor=True),
    "burst": Part(measures.burst),
    "actions": Part(measures.actions, settings=measures.UNPACED),
    "idle": Part(measures.idle_actions, settings=measures.UNPACED),
    "slow": Part(measures.slow_actions, settings=measures.UNPACED),
    "calls": Part(
        measures.call_kinds, has_floor=True, settings=measures.UNPACED
    ),
    "quiet": Part(measures.quiet),
}
#: What starts its processes itself, each round.
JOURNAL = "journal"
NATS = "nats"
PYTHON = "python"
INSTRUCTIONS = "instructions"
#: What is measured once, and starts its processes itself.
ONCE: dict[str, Callable[[Bench], Found]] = {
    "subscribers": measures.subscribers,
    "scale": measures.scales,
    "uploads": measures.uploads,
    INSTRUCTIONS: lambda bench: measures.instructions(bench, FIXTURES),
}
RECORDED = Path(__file__).resolve().parent / "recorded.json"


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--build-dir",
        type=Path,
        default=Path("build/release"),
        help="where the bridge and the tools are built (%(default)s)",
    )
    parser.add_argument(
        "--python",
        type=Path,
        default=Path("build/venv/bin/python"),
        help="what runs the programs in Python (%(default)s)",
    )
    parser.add_argument(
        "--quick", action="store_true", help="one short round, about a minute"
    )
    parser.add_argument(
        "--json", type=Path, help="write all values here as well"
    )
    parser.add_argument(
        "--only",
        action="append",
        choices=[*PARTS, JOURNAL, NATS, PYTHON, *ONCE],
        help="this part alone; may be repeated",
    )
    parser.add_argument(
        "--gate",
        action="store_true",
        help="count the instructions alone; fail if they are more than 3 %% "
        "above those of recorded.json",
    )
    parser.add_argument(
        "--record",
        action="store_true",
        help="count the instructions alone and write them to recorded.json",
    )
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="PATH=VALUE",
        help="a setting for the bridge; may be repeated",
    )
    return parser.parse_args()


def choose_cores() -> tuple[int | None, int | None]:
    """One core for the bridge, one for all that loads it: so the two do not
    take time from each other. With less than two cores there is no choice."""
    cores = sorted(os.sched_getaffinity(0))
    return (cores[0], cores[1]) if len(cores) > 1 else (None, None)


def choose_parts(only: list[str] | None) -> list[str]:
    names = only or [*PARTS, JOURNAL, NATS, PYTHON, *ONCE]
    if INSTRUCTIONS in names and shutil.which("valgrind") is None:
        print("valgrind is not there: no instructions are counted\n")
        names = [name for name in names if name != INSTRUCTIONS]
    if NATS in names and shutil.which("nats-server") is None:
        print("nats-server is not there: nothing is published to it\n")
        names = [name for name in names if name != NATS]
    return names


def run_round(bench: Bench, name: str) -> dict[str, Found]:
    """What each side of a part gave."""
    if name == JOURNAL:
        return journal.measure(bench)
    if name == NATS:
        return streams.measure(bench)
    if name == PYTHON:
        return {BRIDGE: clients.measure(bench)}
    part = PARTS[name]
    found = {}
    sides: list[tuple[str, Callable[[], Server]]] = [
        (BRIDGE, lambda: bench.start_bridge(settings=part.settings))
    ]
    if part.has_floor:
        sides.append((FLOOR, bench.start_floor))
    for side, start in sides:
        with start() as server:
            found[side] = part.measure(bench, server)
    return found


def run_parts(
    bench: Bench, names: Iterable[str], findings: Findings
) -> list[str]:
    """Run what is wanted. A part that fails leaves the others their turn.
    Returns what failed."""
    failures = []
    for name in names:
        try:
            if name in ONCE:
                progress(name)
                findings.add(BRIDGE, ONCE[name](bench))
                continue
            for number in range(bench.amounts.rounds):
                progress(f"{name} {number + 1}/{bench.amounts.rounds}")
                for side, found in run_round(bench, name).items():
                    findings.add(side, found)
        except BenchError as error:
            failures.append(f"{name}: {error}")
    progress("")
    return failures


def progress(text: str) -> None:
    """A line that is written over, for those who watch."""
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


@dataclass
class Outcome:
    """All that is told at the end."""

    bench: Bench
    findings: Findings
    failures: list[str]
    others: float  # the share of the machine that others used

    def as_json(self) -> dict[str, object]:
        threads = self.bench.threads
        return {
            "system": platform.platform(),
            "cores": os.cpu_count(),
            "others_percent": round(100 * self.others),
            "rounds": self.bench.amounts.rounds,
            "settings": list(self.bench.settings),
            "figures": self.findings.as_json(),
            "threads": {"by_name": by_name(threads), "rounds": threads},
            "failures": self.failures,
        }

    def show(self) -> None:
        tables = [
            table(self.findings),
            calls_table(self.findings),
            journal_table(self.findings),
            streams_table(self.findings),
            python_table(self.findings),
        ]
        print("\n\n".join(filter(None, tables)))
        if self.bench.threads:
            print(f"\n{thread_table(self.bench.threads)}")
        if self.bench.bridge_core is None:
            print("\nOne core only: the bridge and its load shared it.")
        note = " Measure again." if self.others > DISTURBING else ""
        print(f"\nOthers used {self.others:.0%} of the machine.{note}")
        self.show_failures()

    def show_failures(self) -> None:
        for failure in self.failures:
            print(f"\nFAILED {failure}", file=sys.stderr)


def run(arguments: argparse.Namespace) -> Outcome:
    names = choose_parts(arguments.only)
    findings = Findings()
    neighbours = Neighbours()
    with tempfile.TemporaryDirectory(prefix="onebus-bench-") as scratch:
        bench = Bench(
            arguments.build_dir.resolve(),
            Path(scratch),
            measures.QUICK if arguments.quick else measures.FULL,
            arguments.set,
            *choose_cores(),
            python=str(arguments.python),
        )
        failures = run_parts(bench, names, findings)
    return Outcome(bench, findings, failures, neighbours.share())


def main() -> int:
    arguments = read_arguments()
    # As an interrupt: every `with` cleans up after itself.
    signal.signal(signal.SIGTERM, on_terminate)
    if arguments.gate or arguments.record:
        arguments.only = [INSTRUCTIONS]
    outcome = run(arguments)
    outcome.show()
    if arguments.record:
        gate.record(RECORDED, outcome.findings)
    if arguments.gate:
        outcome.failures += gate.faults(RECORDED, outcome.findings)
        outcome.show_failures()
    if arguments.json is not None:
        document = json.dumps(outcome.as_json(), indent=1, ensure_ascii=False)
        arguments.json.write_text(document + "\n")
    return 1 if outcome.failures else 0


def on_terminate(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
