"""Requests: what may be in them, and what is told of what may not."""

from __future__ import annotations

import asyncio
import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from test_calls import Bridge, Request, run

import onebus
from onebus import Bus, errors, wire
from onebus.waiting import wait_for


@pytest.fixture
def bridge(tmp_path: Path) -> Iterator[Bridge]:
    started = Bridge(f"ipc://{tmp_path}/a")
    started.start()
    yield started
    started.stop()


def sent(bridge: Bridge, action: str, **params: Any) -> Any:
    """The parameters that the bridge gets."""

    async def main(bus: Bus) -> None:
        await bus.request(action, params)

    run("asyncio", bridge, main)
    request: Request = bridge.requests[-1]
    return request["params"]


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "an id": ({"group_id": 1 << 70}, r"params\.group_id: 1180591620717411303424: allowed"),
    "a text": ({"a": {"b": ["x", "\ud800"]}}, r"params\.a\.b\[1\]: '\\ud800': allowed"),
    "not a number": ({"a": [float("nan")]}, r"params\.a\[0\]: nan: allowed: a finite"),
    "infinity": ({"message": {"type": "x", "data": {"y": float("inf")}}}, r"data\.y: inf"),
    "a set": ({"a": {1}}, r"params\.a: \{1\}: allowed: text, numbers"),
    "a class": ({"message": {"type": "x", "data": {"y": int}}}, r"message\[0\]\.data\.y"),
}


@pytest.mark.parametrize("what", BAD)
def test_what_has_no_form_on_the_wire_is_named(what: str, bridge: Bridge) -> None:
    params, told = BAD[what]
    with pytest.raises(ValueError, match=told):
        sent(bridge, "send_x", **params)
    assert bridge.requests == []


def test_numbers_that_are_finite_are_sent(bridge: Bridge) -> None:
    numbers = {"a": [1.5, -(1 << 63), (1 << 64) - 1, {"b": 0.0}]}
    assert sent(bridge, "send_x", **numbers) == numbers


@pytest.mark.parametrize("timeout", [0, -1, 1801, float("nan"), float("inf")])
def test_a_timeout_that_is_none_is_refused(timeout: float, bridge: Bridge) -> None:
    async def main(bus: Bus) -> None:
        with pytest.raises(ValueError, match="allowed: seconds above 0, up to 1800"):
            await bus.get_status(timeout=timeout)

    run("asyncio", bridge, main)
    with pytest.raises(ValueError, match="timeout="):
        onebus.connect(timeout=timeout)


@pytest.mark.parametrize("seconds", [0, -1, float("nan")])
def test_a_time_to_connect_that_is_none_is_refused(seconds: float) -> None:
    with pytest.raises(ValueError, match="connect_timeout=.*: allowed: seconds above 0"):
        onebus.connect(connect_timeout=seconds)


def test_messages_are_messages_wherever_they_are_given(bridge: Bridge) -> None:
    code = "[CQ:face,id=1]"
    text = {"type": "text", "data": {"text": code}}
    generator = (part for part in [code])
    for message in (code, generator, [[[code]]], onebus.Text(code)):
        assert sent(bridge, "send_group_msg", message=message)["message"] == [text]
    node = {"type": "node", "data": {"content": [onebus.Text(code)]}}
    (wired,) = sent(bridge, "send_group_msg", message=node)["message"]
    assert wired["data"]["content"] == [text]
    quick = {"reply": code, "delete": True}
    operation = sent(bridge, ".handle_quick_operation", operation=quick)["operation"]
    assert operation == {"reply": [text], "delete": True}


def test_a_message_that_is_a_plain_string_for_the_peer_stays_one(bridge: Bridge) -> None:
    async def main(bus: Bus) -> None:
        await bus.set_group_kick(1, 2, message="bye")

    run("asyncio", bridge, main)
    assert bridge.requests[0]["params"]["message"] == "bye"


def test_which_messages_are_plain_strings_is_as_in_the_catalogue() -> None:
    catalogue = Path(__file__).parents[3] / "schema" / "actions.json"
    actions = json.loads(catalogue.read_text(encoding="utf-8"))["actions"]
    for action in actions:
        for param in action.get("params", ()):
            if param["name"] in ("message", "messages"):
                given = wire.params(action["name"], {param["name"]: "x"})
                is_plain = given[param["name"]] == "x"
                assert is_plain == ("message" not in param["types"]), action["name"]


#: NNG itself must not have been used before a fork, so this runs on its own.
FORKED = """
import os, sys, anyio, onebus

bus = onebus.connect(actions=sys.argv[1])

async def main():
    async with bus:
        await bus.send_group_msg(1, "x")

child = os.fork()
anyio.run(main)
if child:
    os.waitpid(child, 0)
"""


def test_keys_of_forked_processes_differ(bridge: Bridge) -> None:
    command = [sys.executable, "-c", FORKED, bridge.address]
    subprocess.run(command, check=True, timeout=60)
    first, second = (request["id"] for request in bridge.requests)
    assert first != second


@pytest.mark.parametrize(
    ("content", "told"), [(None, "No such file"), ("\n", "no token in it")]
)
def test_a_token_that_cannot_be_read_is_told_of(
    content: str | None, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "token"
    if content is not None:
        file.write_text(content)
    monkeypatch.setenv("ONEBUS_TOKEN_FILE", str(file))
    with pytest.raises(errors.OnebusError, match=f"ONEBUS_TOKEN_FILE={file}.*{told}"):
        onebus.connect()
    assert onebus.connect(token="mine")


async def test_a_bus_is_closed_although_a_stream_ends_badly(
    bridge: Bridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    bus = onebus.connect(events=bridge.address + "e", actions=bridge.address)

    async def fail() -> None:
        raise onebus.CursorError("the disk is full")

    events = bus.events(since=0)
    monkeypatch.setattr(events, "aclose", fail)
    with pytest.raises(onebus.CursorError, match="the disk is full"):
        async with bus:
            pass
    with pytest.raises(RuntimeError, match="the bus is closed"):
        await bus.get_status()


async def test_a_cancellation_that_pynng_passes_over_comes_again() -> None:
    """It does so when the operation has ended in the same moment."""
    begun = asyncio.Event()

    async def operation() -> None:
        with contextlib.suppress(asyncio.CancelledError):
            begun.set()
            await asyncio.sleep(60)
        await asyncio.sleep(60)

    task = asyncio.ensure_future(wait_for(operation()))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(task, 5)
