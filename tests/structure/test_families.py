"""The metrics: what is written of them, what alerts and what the dashboard asks
for, held against the one table of them."""

import json
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
TABLE = ROOT / "bridge/core/family.c"
PAGE = ROOT / "deploy/METRICS.md"
RULES = ROOT / "deploy/prometheus/onebus.rules.yml"
RULES_TEST = ROOT / "deploy/prometheus/onebus.rules.test.yml"
SCRAPE = ROOT / "deploy/prometheus/prometheus.yml"
BOARD = ROOT / "deploy/grafana/onebus.json"

ENTRY = re.compile(r"\[FAMILY_\w+\] =\s*\{(.*?)\n        \},", re.DOTALL)
STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')
NAME = re.compile(r"\b(?:onebus|process)_[a-z_]+\b")


@dataclass(frozen=True)
class Family:
    name: str
    kind: str
    labels: tuple[str, ...]
    help: str


def read_entry(text: str) -> Family:
    head = text.split("LABELS(")[0].split("SECONDS_BY(")[0]
    name, *lines = STRING.findall(head)
    labels = re.search(r"LABELS\((.*?)\)", text)
    kind = (
        "histogram"
        if "SECONDS_BY(" in text
        else "counter" if "COUNTER" in text else "gauge"
    )
    return Family(
        name,
        kind,
        tuple(STRING.findall(labels[1])) if labels else (),
        "".join(lines),
    )


FAMILIES = [read_entry(text) for text in ENTRY.findall(TABLE.read_text())]
SAMPLES = {
    family.name + suffix
    for family in FAMILIES
    for suffix in (
        ("_bucket", "_sum", "_count") if family.kind == "histogram" else ("",)
    )
}


def row_of(family: Family) -> str:
    labels = ", ".join(f"`{label}`" for label in family.labels)
    return f"| `{family.name}` | {family.kind} | {labels} | {family.help} |"


def names_in(expression: str) -> set[str]:
    return set(NAME.findall(expression))


def expressions(value: Any) -> list[str]:
    """Every `expr` and every variable's query of a dashboard."""
    if isinstance(value, list):
        return [found for item in value for found in expressions(item)]
    if not isinstance(value, dict):
        return []
    own = [value[key] for key in ("expr", "definition") if key in value]
    return own + [found for item in value.values() for found in expressions(item)]


def test_the_table_is_read() -> None:
    assert len(FAMILIES) > 50
    assert Family(
        "onebus_journal_bytes",
        "gauge",
        (),
        "What the journal takes, on disk or else in memory.",
    ) in FAMILIES


def test_the_page_says_of_each_metric_what_the_table_says() -> None:
    lines = [line for line in PAGE.read_text().splitlines() if line.startswith("| `")]
    rows = [row for row in lines if NAME.match(row[3:])]
    assert rows == [row_of(family) for family in FAMILIES]


def test_alerts_ask_for_metrics_that_exist() -> None:
    used = names_in(RULES.read_text())
    assert used and used <= SAMPLES


def test_the_dashboard_asks_for_metrics_that_exist() -> None:
    found = expressions(json.loads(BOARD.read_text()))
    assert len(found) > 20
    for expression in found:
        assert names_in(expression), expression
        assert names_in(expression) <= SAMPLES, expression


def test_panels_are_told_apart() -> None:
    panels = json.loads(BOARD.read_text())["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    assert len({panel["title"] for panel in panels}) == len(panels)


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "rules", RULES.name),
        ("test", "rules", RULES_TEST.name),
        ("check", "config", SCRAPE.name),
    ],
    ids=lambda arguments: " ".join(arguments[:2]),
)
def test_promtool_finds_nothing_wrong(arguments: tuple[str, ...]) -> None:
    done = subprocess.run(
        ["promtool", *arguments], cwd=RULES.parent, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_alert_is_tested_for_sounding_and_for_silence() -> None:
    alerts = set(re.findall(r"- alert: (\w+)", RULES.read_text()))
    cases = re.findall(r"- name: (.+)", RULES_TEST.read_text())
    assert alerts and sorted(cases) == sorted(
        case for alert in alerts for case in (alert, f"{alert}, not")
    )
