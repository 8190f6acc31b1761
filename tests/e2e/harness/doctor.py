"""`onebus doctor`: what it finds."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.bridge import Bridge
from harness.cli import onebus
from harness.net import free_port

Finding = dict[str, Any]


@dataclass(frozen=True)
class Diagnosis:
    """All that it has said."""

    status: int
    report: dict[str, Any]
    findings: list[Finding]

    def of(self, *severities: str) -> list[str]:
        """The codes of the findings of these severities."""
        return [f["code"] for f in self.findings if f["severity"] in severities]

    @property
    def troubles(self) -> list[str]:
        """What a healthy bridge has none of."""
        return self.of("fault", "warn")

    def one(self, code: str) -> Finding:
        """The only finding with this code; it must come with its remedy, unless
        all is well."""
        (found,) = [f for f in self.findings if f["code"] == code]
        assert found["remedy"] or found["severity"] in ("ok", "note"), found
        return found


async def doctor(
    *arguments: str,
    env: Mapping[str, str] | None = None,
    wrapper: Sequence[str] = (),
) -> Diagnosis:
    """Run it with these arguments."""
    result = await onebus("doctor", "--json", *arguments, env=env, wrapper=wrapper)
    assert result.err == "", result.err
    report = json.loads(result.out)
    return Diagnosis(result.status, report, report["findings"])


async def doctor_of(b: Bridge, *arguments: str, **options: Any) -> Diagnosis:
    """Run it beside this bridge, with its settings; `options` as above."""
    return await doctor(
        "--config", str(b.folder / "onebus.json"), *arguments, **options
    )


def settings_file(
    folder: Path,
    channel: Mapping[str, Any] | None = None,
    bridge: Mapping[str, Any] | None = None,
) -> str:
    """Settings on addresses that are free, in a file that others cannot read."""
    own: dict[str, Any] = {
        "stateDir": f"{folder}/state",
        "events": [f"ipc://{folder}/events"],
        "actions": [f"ipc://{folder}/actions"],
        "http": f"127.0.0.1:{free_port()}",
    }
    default = {} if "connect" in (channel or {}) else {"wsPort": 0}
    whole = {
        "channels": {"napcatqq": default | dict(channel or {})},
        "bridge": own | dict(bridge or {}),
    }
    file = folder / "onebus.json"
    file.touch(mode=0o600)
    file.write_text(json.dumps(whole))
    return str(file)
