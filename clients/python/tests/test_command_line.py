"""`python -m onebus`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

import anyio

from onebus.testing import BridgeProcess
from onebus.testing.qq import SimulatedQQ


def environment(bridge: BridgeProcess) -> dict[str, str]:
    own = {"ONEBUS_EVENTS": bridge.events, "ONEBUS_ACTIONS": bridge.actions}
    return {**os.environ, **own}


async def run(
    bridge: BridgeProcess, *arguments: str
) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "onebus", *arguments]
    return await anyio.run_process(command, env=environment(bridge), check=False)


async def test_something_is_said(qqsim: SimulatedQQ, onebus_bridge: BridgeProcess) -> None:
    qqsim.group(700)
    done = await run(onebus_bridge, "send", "group", "700", "你好 [CQ:face,id=1]")
    sent = await qqsim.next_sent()
    assert sent.text == "你好 [CQ:face,id=1]"
    assert (done.returncode, done.stdout.decode()) == (0, f"{sent.message_id}\n")
    await run(onebus_bridge, "send", "--cq", "group", "700", "[CQ:face,id=1]")
    assert (await qqsim.next_sent()).text == ""


async def test_an_action_is_called(qqsim: SimulatedQQ, onebus_bridge: BridgeProcess) -> None:
    qqsim.group(700)
    both: Sequence[Sequence[str]] = (
        ["group_id=700", "no_cache=false"],
        ['{"group_id": 700}'],
    )
    for params in both:
        done = await run(onebus_bridge, "call", "get_group_info", *params)
        assert json.loads(done.stdout)["group_id"] == 700


async def test_what_fails_is_told(qqsim: SimulatedQQ, onebus_bridge: BridgeProcess) -> None:
    done = await run(onebus_bridge, "call", "get_msg", "message_id=1")
    assert done.returncode == 1
    assert done.stderr.startswith(b"onebus: get_msg (default): peer_error 1200")
    wrong: dict[tuple[str, ...], bytes] = {
        ("call", "x", "words"): b"allowed: NAME=VALUE",
        ("call", "x", "{"): b"no JSON",
        ("listen", "qq..x"): b"token 2",
        ("send", "channel", "1", "x"): b"invalid choice",
    }
    for arguments, told in wrong.items():
        done = await run(onebus_bridge, *arguments)
        assert done.returncode == 2, arguments
        assert told in done.stderr


async def test_events_are_shown(qqsim: SimulatedQQ, onebus_bridge: BridgeProcess) -> None:
    lines: list[Any] = []
    await qqsim.group(700).say("before", by=42)
    command = [sys.executable, "-m", "onebus", "listen", "--since", "0", "qq.group.*"]
    for form in ([], ["--json"]):
        async with await anyio.open_process(
            [*command, *form], env=environment(onebus_bridge)
        ) as process:
            assert process.stdout is not None
            lines.append(await process.stdout.receive())
            process.terminate()
    assert b"qq.group.700.message.normal 'before'\n" in lines[0]
    assert json.loads(lines[1])["text"] == "before"
