# SPDX-License-Identifier: MIT
"""The instructions of an event and of a call, held against those that were
recorded. They are the same on every day, but not with another compiler or other
libraries: with those there is nothing to compare."""

from __future__ import annotations

import json
import platform
import subprocess
from pathlib import Path
from statistics import median

from report import BRIDGE, Findings

ALLOWED = 1.03
KEYS = (
    "core_ir_950",
    "core_ir_corpus",
    "call_ir_read",
    "call_ir_send",
    "call_ir_once",
    "bridge_ir_950",
    "journal_ir_950",
)


def _version(package: str) -> str:
    """The upstream version of a Debian package; empty where there is none."""
    command = ["dpkg-query", "-W", "-f", "${source:Upstream-Version}", package]
    try:
        return subprocess.run(command, capture_output=True, text=True).stdout
    except FileNotFoundError:
        return ""


def _ground() -> dict[str, str]:
    """What the figures depend on."""
    compiler = ["cc", "-dumpfullversion"]
    cc = subprocess.run(compiler, capture_output=True, text=True).stdout
    return {
        "machine": platform.machine(),
        "libc": "-".join(platform.libc_ver()),
        "cc": cc.strip(),
        "libwebsockets": _version("libwebsockets-dev"),
        "nng": _version("libnng-dev"),
    }


def _counts(findings: Findings) -> dict[str, int]:
    values = {key: findings.values[key].get(BRIDGE) for key in KEYS}
    return {key: round(median(found)) for key, found in values.items() if found}


def record(path: Path, findings: Findings) -> None:
    """Write down what was found, as what is allowed from now on."""
    document = {"ground": _ground(), "instructions": _counts(findings)}
    path.write_text(json.dumps(document, indent=1) + "\n")


def faults(path: Path, findings: Findings) -> list[str]:
    """What costs more than is allowed."""
    recorded = json.loads(path.read_text())
    if recorded["ground"] != _ground():
        print(f"recorded on other ground, nothing compared: {recorded['ground']}")
        return []
    counts = _counts(findings)
    missing = [key for key in KEYS if key not in counts]
    return [f"{key} was not counted" for key in missing] + [
        f"{key}: {counts[key]:,} instructions, recorded were {count:,}"
        for key, count in recorded["instructions"].items()
        if key in counts and counts[key] > ALLOWED * count
    ]
