# SPDX-License-Identifier: MIT
"""What was found, as a table for people and as JSON for programs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any


@dataclass(frozen=True)
class Figure:
    """A row of the table."""

    key: str
    title: str
    digits: int = 0
    higher_is_better: bool = False


FIGURES = (
    Figure("start_ms", "start to listening, ms", 1),
    Figure("rss_idle_mb", "memory idle, MB", 1),
    Figure("rss_load_mb", "memory under load (peak), MB", 1),
    Figure("events_per_s", "events/s, 1 ipc subscriber", 0, True),
    Figure("cpu_us_per_event", "CPU per event, µs", 2),
    Figure("event_p50_us", "event latency at 2,000/s, p50 µs"),
    Figure("event_p99_us", "event latency at 2,000/s, p99 µs"),
    Figure("event_p999_us", "event latency at 2,000/s, p99.9 µs"),
    Figure("paced_cpu_percent", "CPU at 2,000 events/s, % of a core", 1),
    Figure("events_lost", "events lost meanwhile"),
    Figure("burst_lost", "events lost in a burst of 100,000"),
    Figure("burst_per_s", "events/s received in that burst", 0, True),
    Figure("actions_per_s", "actions/s, 64 in parallel", 0, True),
    Figure("action_p50_us", "action latency, 64 in parallel, p50 µs"),
    Figure("action_p99_us", "action latency, 64 in parallel, p99 µs"),
    Figure("idle_action_p50_us", "action latency, one at a time, p50 µs"),
    Figure("idle_action_p99_us", "action latency, one at a time, p99 µs"),
    Figure("slow_actions_per_s", "actions/s, 256, peer takes 5 ms", 0, True),
    Figure("wakeups_per_s", "wake-ups a second, connected and quiet", 1),
    Figure("threads", "threads"),
    Figure("subscriber_ipc_us", "CPU per event, 1 more ipc subscriber, µs", 2),
    Figure("subscriber_tcp_us", "CPU per event, 1 more tcp subscriber, µs", 2),
    Figure("scale_size", "CPU per byte, 50 MiB frame / 1 MiB", 2),
    Figure("scale_links", "CPU per event, 1,000 links / 1", 2),
    Figure("scale_chats", "CPU per event, 100,000 chats / 1", 2),
    Figure("upload_1_peak_mb", "memory above idle, 1 upload of 50 MiB, MB", 1),
    Figure("upload_1_mb_s", "MiB/s of it", 1, True),
    Figure("upload_1_ok", "taken"),
    Figure("upload_8_peak_mb", "memory above idle, 8 uploads, MB", 1),
    Figure("upload_8_mb_s", "MiB/s of them", 1, True),
    Figure("upload_8_ok", "taken of 8; the others are told busy"),
    Figure("bridge_ir_950", "whole process, no journal: instr., 950 bytes"),
    Figure("journal_ir_950", "whole process: instructions, 950-byte event"),
    Figure("core_ir_950", "core: instructions, 950-byte event"),
    Figure("core_ir_corpus", "core: instructions, mean of the corpus"),
    Figure("call_ir_read", "core: instructions of a read"),
    Figure("call_ir_send", "core: instructions of a send"),
    Figure("call_ir_once", "core: instructions of a send with an id"),
)

BRIDGE, FLOOR = "bridge", "floor"
#: The journal's part has sides of its own; all is held against `off`.
OFF = "off"
JOURNAL_PREFIX = "journal_"
JOURNAL_SIDES = (OFF, "normal", "full", "replayed")
JOURNAL_FIGURES = (
    Figure("journal_events_per_s", "events/s, 1 ipc subscriber", 0, True),
    Figure("journal_cpu_us_per_event", "CPU per event, µs", 2),
    Figure("journal_event_p50_us", "latency at 2,000/s, p50 µs"),
    Figure("journal_event_p99_us", "latency at 2,000/s, p99 µs"),
    Figure("journal_event_p999_us", "latency at 2,000/s, p99.9 µs"),
    Figure("journal_paced_cpu_percent", "CPU at 2,000/s, % of a core", 1),
    Figure("journal_rss_load_mb", "memory (peak), MB", 1),
    Figure("journal_events_lost", "events lost meanwhile"),
    Figure("journal_replayed_per_s", "events/s replayed meanwhile", 0, True),
)

#: Publishing to NATS has sides of its own, too: into one server, into three
#: replicas, and with no server there.
ONE, THREE, AWAY = "one", "three", "away"
STREAMS_PREFIX = "nats_"
STREAMS_SIDES = (OFF, ONE, THREE, AWAY)
STREAMS_FIGURES = (
    Figure("nats_stored_per_s", "events/s into the stream", 0, True),
    Figure("nats_drained_per_s", "the same of a backlog", 0, True),
    Figure("nats_stream_p50_us", "latency to its consumer at 2,000/s, p50 µs"),
    Figure("nats_stream_p99_us", "latency to its consumer at 2,000/s, p99 µs"),
    Figure("nats_events_per_s", "events/s, 1 ipc subscriber", 0, True),
    Figure("nats_cpu_us_per_event", "CPU per event, µs", 2),
    Figure("nats_event_p50_us", "latency at 2,000/s, p50 µs"),
    Figure("nats_event_p99_us", "latency at 2,000/s, p99 µs"),
    Figure("nats_paced_cpu_percent", "CPU at 2,000/s, % of a core", 1),
    Figure("nats_events_lost", "events lost meanwhile"),
)

#: What is called, how many at a time, and what is measured of it.
CALLS = tuple(
    (kind, parallel)
    for kind in ("read", "send", "once")
    for parallel in (1, 16, 256)
)
CALL_FIGURES = tuple(
    Figure(f"calls_{kind}_{parallel}_{what}", f"{kind}, {parallel}: {what}")
    for kind, parallel in CALLS
    for what in ("per_s", "p50_us", "p99_us")
)


#: Programs in Python: how each has its events, and what one calls.
PYTHON_EVENTS = {
    "raw": "onebus, raw",
    "typed": "onebus, typed events",
    "bot": "onebus, a Bot's handler",
    "aiocqhttp": "aiocqhttp, a handler",
    "nonebot": "NoneBot2, a matcher's handler",
}
PYTHON_CALLS = (1, 64)
PYTHON_FIGURES = (
    *(
        Figure(f"python_{form}_{what}", f"{title}: {what}", 0, what != "cpu_us")
        for form, title in PYTHON_EVENTS.items()
        for what in ("events_per_s", "cpu_us")
    ),
    *(
        Figure(f"python_calls_{parallel}_{what}", f"{parallel} calls: {what}")
        for parallel in PYTHON_CALLS
        for what in ("per_s", "p50_us", "p99_us")
    ),
)


@dataclass
class Findings:
    """All values of each figure, by side, in the order of the rounds."""

    values: dict[str, dict[str, list[float]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )

    def add(self, side: str, found: dict[str, float]) -> None:
        for key, value in found.items():
            self.values[key][side].append(value)

    def ratio(
        self, key: str, side: str = BRIDGE, base: str = FLOOR
    ) -> float | None:
        """One side's to another's: the median of each round's ratio, because
        the runs of a round had the same machine."""
        sides = self.values[key]
        pairs = zip(sides.get(side, []), sides.get(base, []))
        ratios = [ours / theirs for ours, theirs in pairs if theirs != 0]
        return median(ratios) if ratios else None

    def as_json(self) -> dict[str, Any]:
        return {
            figure.key: {
                "title": figure.title,
                "higher_is_better": figure.higher_is_better,
                **{
                    side: {"median": median(values), "values": values}
                    for side, values in self.values[figure.key].items()
                },
                "ratio": self.ratio(figure.key),
                "ratios_to_off": {
                    side: self.ratio(figure.key, side, OFF)
                    for side in self.values[figure.key]
                    if OFF in self.values[figure.key]
                },
            }
            for figure in (
                *FIGURES,
                *JOURNAL_FIGURES,
                *STREAMS_FIGURES,
                *CALL_FIGURES,
                *PYTHON_FIGURES,
            )
            if figure.key in self.values
        }


def _best(figure: Figure, values: Sequence[float]) -> float:
    return max(values) if figure.higher_is_better else min(values)


def _cells(figure: Figure, findings: Findings) -> list[str]:
    def number(value: float) -> str:
        return f"{value:,.{figure.digits}f}"

    cells = [figure.title]
    for side in (BRIDGE, FLOOR):
        values = findings.values[figure.key].get(side)
        cells += ["", ""] if not values else []
        if values:
            cells += [number(median(values)), number(_best(figure, values))]
    ratio = findings.ratio(figure.key)
    return [*cells, _ratio_cell(ratio)]


def _layout(rows: Iterable[Sequence[str]]) -> str:
    """Columns as wide as they must be: the first to the left, the others to
    the right."""
    table = list(rows)
    widths = [max(map(len, column)) for column in zip(*table)]
    lines = (
        "  ".join(
            cell.ljust(width) if index == 0 else cell.rjust(width)
            for index, (cell, width) in enumerate(zip(row, widths))
        ).rstrip()
        for row in table
    )
    return "\n".join(lines)


def table(findings: Findings) -> str:
    head = ["", "bridge", "best", "floor", "best", "bridge/floor"]
    rows = [_cells(f, findings) for f in FIGURES if f.key in findings.values]
    return _layout([head, *rows]) if rows else ""


def _ratio_cell(ratio: float | None) -> str:
    return "" if ratio is None else f"{ratio:.2f}"


def _side_cells(
    figure: Figure,
    findings: Findings,
    sides: Sequence[str],
    pairs: Sequence[tuple[str, str]],
) -> list[str]:
    """The medians of sides, and the ratios of one to another."""
    values = findings.values[figure.key]
    return [
        figure.title,
        *(
            f"{median(values[side]):,.{figure.digits}f}" if side in values else ""
            for side in sides
        ),
        *(_ratio_cell(findings.ratio(figure.key, *pair)) for pair in pairs),
    ]


def _side_table(
    name: str,
    findings: Findings,
    figures: Sequence[Figure],
    sides: Sequence[str],
    pairs: Sequence[tuple[str, str]],
) -> str:
    """Empty if none of it was measured."""
    head = [name, *sides, *("/".join(pair) for pair in pairs)]
    rows = [
        _side_cells(figure, findings, sides, pairs)
        for figure in figures
        if figure.key in findings.values
    ]
    return _layout([head, *rows]) if rows else ""


def journal_table(findings: Findings) -> str:
    pairs = [*((side, OFF) for side in JOURNAL_SIDES[1:]), (OFF, FLOOR)]
    return _side_table("journal", findings, JOURNAL_FIGURES, JOURNAL_SIDES, pairs)


def streams_table(findings: Findings) -> str:
    pairs = [(side, OFF) for side in STREAMS_SIDES[1:]]
    return _side_table("NATS", findings, STREAMS_FIGURES, STREAMS_SIDES, pairs)


def _call_cells(kind: str, parallel: int, findings: Findings) -> list[str]:
    """What is added is the median of the rounds' differences."""
    cells = [f"{kind}, {parallel} in flight"]
    for what in ("per_s", "p50_us", "p99_us"):
        sides = findings.values[f"calls_{kind}_{parallel}_{what}"]
        ours, floor = sides[BRIDGE], sides[FLOOR]
        cells += [f"{median(ours):,.0f}", f"{median(floor):,.0f}"]
        if what == "per_s":
            ratios = [one / other for one, other in zip(ours, floor)]
            cells.append(f"{median(ratios):.2f}")
        else:
            added = [one - other for one, other in zip(ours, floor)]
            cells.append(f"{median(added):,.0f}")
    return cells


def calls_table(findings: Findings) -> str:
    """Empty if that part was not measured."""
    head = ["calls", "a second", "floor", "ratio"]
    head += ["p50 µs", "floor", "added", "p99 µs", "floor", "added"]
    rows = [
        _call_cells(kind, parallel, findings)
        for kind, parallel in CALLS
        if f"calls_{kind}_{parallel}_per_s" in findings.values
    ]
    return _layout([head, *rows]) if rows else ""


def _python_cells(form: str, title: str, findings: Findings) -> list[str]:
    """Others are held against ours that does the same: a handler each."""

    def values(one: str, what: str) -> list[float]:
        return findings.values[f"python_{one}_{what}"][BRIDGE]

    ours, own = values("bot", "events_per_s"), values(form, "events_per_s")
    ratios = [one / other for one, other in zip(own, ours)]
    cpu = median(values(form, "cpu_us"))
    return [title, f"{median(own):,.0f}", f"{cpu:,.1f}", f"{median(ratios):.2f}"]


def python_table(findings: Findings) -> str:
    """Empty if that part was not measured."""
    if "python_bot_events_per_s" not in findings.values:
        return ""
    head = ["one consumer in Python", "events/s", "its CPU, µs", "ratio to a Bot"]
    rows = [head]
    rows += [_python_cells(*form, findings) for form in PYTHON_EVENTS.items()]
    calls = [["sends in Python", "a second", "p50 µs", "p99 µs"]]
    for parallel in PYTHON_CALLS:
        cells = [f"{parallel} in flight"]
        for what in ("per_s", "p50_us", "p99_us"):
            found = findings.values[f"python_calls_{parallel}_{what}"][BRIDGE]
            cells.append(f"{median(found):,.0f}")
        calls.append(cells)
    return f"{_layout(rows)}\n\n{_layout(calls)}"


def by_name(threads: Sequence[dict[str, float]]) -> dict[str, float]:
    """CPU µs per event, the threads of one name together: the median of the
    rounds, the dearest first."""
    sums: dict[str, list[float]] = defaultdict(lambda: [0.0] * len(threads))
    for index, row in enumerate(threads):
        for thread, micros in row.items():
            sums[thread.rpartition("/")[0]][index] += micros
    medians = {name: median(values) for name, values in sums.items()}
    return dict(sorted(medians.items(), key=lambda item: -item[1]))


def thread_table(threads: Sequence[dict[str, float]]) -> str:
    rows = [["CPU per event by the bridge's threads", "µs"]]
    rows += [
        [name, f"{micros:.2f}"] for name, micros in by_name(threads).items()
    ]
    return _layout(rows)
