"""What the containers begin with, and the commands of the guide."""

import json
import re
from pathlib import Path
from typing import Any

from claw.gateway import Gateway
from claw.node import PLUGIN, ROOT
from claw.plugin import PACKED

SETTINGS = ROOT / "deploy/docker/openclaw/openclaw.json"


def settings(folder: Path) -> dict[str, Any]:
    """Those of the container, with what is elsewhere here."""
    found: dict[str, Any] = json.loads(SETTINGS.read_text())
    token = folder / "token"
    token.write_text("of-the-bus")
    found["plugins"]["load"]["paths"] = [str(PACKED)]
    found["channels"]["napcatqq"]["busTokenFile"] = str(token)
    return found


async def test_the_settings_of_the_container_hold(folder: Path) -> None:
    gateway = Gateway(folder, "http://127.0.0.1:1/v1", {})
    found = settings(folder)
    gateway.write(found)
    outcome = await gateway.cli("config", "validate")
    assert outcome.status == 0, outcome
    found["channels"]["napcatqq"]["eventURL"] = "tcp://bridge:7710"
    gateway.write(found)
    outcome = await gateway.cli("config", "validate")
    assert outcome.status == 1 and "eventURL" in outcome.out + outcome.err, outcome


async def test_the_commands_of_the_guide_are_there(folder: Path) -> None:
    gateway = Gateway(folder, "http://127.0.0.1:1/v1", {})
    gateway.write(settings(folder))
    guide = (PLUGIN / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"openclaw napcatqq ([a-z]+)", guide))
    outcome = await gateway.cli("napcatqq", "--help")
    there = set(re.findall(r"^  ([a-z]+)[| ]", outcome.out, re.MULTILINE))
    assert {"approve", "status"} <= named <= there, outcome
