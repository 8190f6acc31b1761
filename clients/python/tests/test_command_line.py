"""`python -m onebus`."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import pytest
from anyio.abc import ByteReceiveStream
from anyio.streams.text import TextReceiveStream
from pytest_onebus import SimulateQQ

import onebus
from onebus.__main__ import main
from onebus.testing import BridgeProcess
from onebus.testing.qq import SimulatedQQ

#: How the bridge is found.
WAYS = ("nng", "nats")


def environment(bridge: BridgeProcess) -> dict[str, str]:
    own = {"ONEBUS_EVENTS": bridge.events, "ONEBUS_ACTIONS": bridge.actions}
    return {**os.environ, **own}


async def run(
    bridge: BridgeProcess, *arguments: str
) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "onebus", *arguments]
    return await anyio.run_process(command, env=environment(bridge), check=False)


async def line_of(stream: ByteReceiveStream) -> str:
    """The next line, without its end."""
    line = ""
    with anyio.fail_after(20):
        async for part in TextReceiveStream(stream):
            line += part
            if line.endswith("\n"):
                return line[:-1]
    raise AssertionError(f"the output ends in {line!r}")


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


@pytest.mark.only_nng
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
            lines.append(await line_of(process.stdout))
            process.terminate()
    assert lines[0].endswith("qq.group.700.message.normal 'before'")
    assert json.loads(lines[1])["text"] == "before"


@pytest.mark.only_nng
async def test_numbers_are_said_as_they_are_written(
    qqsim: SimulatedQQ, onebus_bridge: BridgeProcess
) -> None:
    qqsim.group(700)
    await run(onebus_bridge, "call", "send_group_msg", "group_id=700", "message=123")
    assert (await qqsim.next_sent()).text == "123"


@pytest.mark.only_nng
@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["message=[1]"], b"onebus: Message: allowed: text"),
        (["=1"], b"onebus: =1: allowed: NAME=VALUE"),
        (["group_id=99999999999999999999"], b"group_id: 99999999999999999999: allowed"),
        (["a=NaN"], b"onebus: params.a: nan: allowed: a finite number"),
        (["a=1", "--timeout", "0"], b"onebus: timeout=0.0: allowed: seconds above 0"),
    ],
)
async def test_what_cannot_be_called_is_told(
    words: list[str], told: bytes, onebus_bridge: BridgeProcess
) -> None:
    done = await run(onebus_bridge, "call", "send_group_msg", *words)
    assert told in done.stderr
    assert b"Traceback" not in done.stderr


def test_no_bridge_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    soon = partial(onebus.connect, connect_timeout=0.1)
    monkeypatch.setattr("onebus.__main__.connect", soon)
    address = f"ipc://{tmp_path}/none"
    assert main(["--actions", address, "call", "get_status"]) == 1
    assert capsys.readouterr().err.startswith(f"onebus: {address}: no bridge there")


@pytest.mark.only_nng
async def test_ctrl_c_ends_it_without_a_word(
    qqsim: SimulatedQQ, onebus_bridge: BridgeProcess
) -> None:
    await qqsim.group(700).say("before", by=42)
    command = [sys.executable, "-m", "onebus", "listen", "--since", "0"]
    async with await anyio.open_process(
        command, env=environment(onebus_bridge)
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        await process.stdout.receive()
        process.send_signal(signal.SIGINT)
        told = [part async for part in process.stderr]
        assert (await process.wait(), told) == (130, [])


@pytest.mark.only_nng
async def test_a_reader_that_goes_away_is_no_fault(
    qqsim: SimulatedQQ, onebus_bridge: BridgeProcess
) -> None:
    await qqsim.group(700).say("line", by=42)
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "onebus", "listen", "--since", "0"]
    with os.fdopen(write) as stdout:
        done = await anyio.run_process(
            command, env=environment(onebus_bridge), stdout=stdout, check=False
        )
    assert (done.returncode, done.stderr) == (0, b"")


ACCOUNTS = {"one": {"wsPath": "/one"}, "two": {"wsPath": "/two"}}


@pytest.mark.onebus(settings={"channels": {"napcatqq": {"accounts": ACCOUNTS}}})
async def test_events_are_those_of_the_account_that_is_named(
    qqsims: SimulateQQ, onebus_bridge: BridgeProcess
) -> None:
    for name, number in (("one", 1), ("two", 2)):
        qq = await qqsims(name, self_id=number)
        await qq.group(700).say(f"to {name}", by=42)
    command = [sys.executable, "-m", "onebus", "--account", "two", "listen", "--since", "0"]
    async with await anyio.open_process(
        [*command, "qq.group.*"], env=environment(onebus_bridge)
    ) as process:
        assert process.stdout is not None
        line = await line_of(process.stdout)
        process.terminate()
    assert line.endswith("'to two'")
