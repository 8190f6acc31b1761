"""bridge.actions tells exactly what schema/actions.json says."""

import json
from pathlib import Path
from typing import Any

from harness.factories import StartBridge, StartBus

DATA = Path(__file__).parents[2] / "schema" / "actions.json"
CATALOG = json.loads(DATA.read_text(encoding="utf-8"))
PEERS = ["onebot11", "napcat", "llbot", "lagrange", "gocqhttp"]
FLAGS = ["speech", "paced", "needs_qq", "upload", "stream"]
TYPES = ["integer", "string", "boolean", "object", "array", "message", "null"]


def in_order(words: list[str], order: list[str]) -> list[str]:
    return sorted(words, key=order.index)


def told_param(param: dict[str, Any]) -> dict[str, Any]:
    told = {key: value for key, value in param.items() if key != "warn_peers"}
    for key in {"types", "items"} & param.keys():
        told[key] = in_order(param[key], TYPES)
    told["required"] = param.get("required", False)
    if isinstance(told["required"], list):
        told["required"] = in_order(told["required"], PEERS)
    return told


def told_action(action: dict[str, Any]) -> dict[str, Any]:
    return action | {
        "peers": in_order(action["peers"], PEERS),
        "flags": in_order(action.get("flags", []), FLAGS),
        "answer": action.get("answer", "always"),
        "params": [told_param(param) for param in action["params"]],
    }


async def test_every_row_of_the_catalogue_is_told(
    bridge: StartBridge, bus: StartBus
) -> None:
    program = bus(await bridge())
    data = (await program.call("bridge.actions"))["data"]
    for told, action in zip(data["actions"], CATALOG["actions"], strict=True):
        assert told == told_action(action)
    aliases = {alias["name"]: alias["action"] for alias in CATALOG["aliases"]}
    assert data["aliases"] == aliases


async def test_what_the_bridge_lists_as_its_own_it_serves(
    bridge: StartBridge, bus: StartBus
) -> None:
    program = bus(await bridge())
    own = (await program.call("bridge.actions", {"name": "bridge.*"}))["data"]["bridge"]
    assert {"name": "bridge.actions", "kind": "read"} in own
    for action in own:
        if action["kind"] == "read":
            reply = await program.call(action["name"])
            assert reply.get("error") != "unknown_action", action
