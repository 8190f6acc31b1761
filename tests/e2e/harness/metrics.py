"""What /metrics answers, read as Prometheus reads it."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field

from harness import web
from harness.bridge import Bridge

LINE = re.compile(r"(\w+)(?:\{(.*)\})? (\S+)")
LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')

Labels = frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Scrape:
    text: str
    #: Name and labels -> value.
    samples: Mapping[tuple[str, Labels], float]
    #: Name -> type, in the order of the text.
    types: Mapping[str, str] = field(default_factory=dict)

    def value(self, name: str, **labels: str) -> float:
        return self.samples[(f"onebus_{name}", frozenset(labels.items()))]

    def has(self, name: str, **labels: str) -> bool:
        return (f"onebus_{name}", frozenset(labels.items())) in self.samples

    def labels(self) -> set[tuple[str, str]]:
        return {pair for _, labels in self.samples for pair in labels}


def parse(text: str) -> Scrape:
    samples: dict[tuple[str, Labels], float] = {}
    types: dict[str, str] = {}
    for line in text.splitlines():
        if line.startswith("# TYPE "):
            _, _, name, kind = line.split(" ")
            assert name not in types, name
            types[name] = kind
        elif not line.startswith("#"):
            match = LINE.fullmatch(line)
            assert match is not None, line
            key = match[1], frozenset(LABEL.findall(match[2] or ""))
            assert key not in samples, line
            samples[key] = float(match[3])
    return Scrape(text, samples, types)


async def scrape(b: Bridge) -> Scrape:
    answer = await web.ask(b, "/metrics")
    assert answer.status == 200, answer.body
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    return parse(answer.body)


def lint(found: Scrape) -> str:
    """What promtool says of it; empty: nothing."""
    done = subprocess.run(
        ["promtool", "check", "metrics"], input=found.text, capture_output=True, text=True
    )
    return done.stdout + done.stderr
