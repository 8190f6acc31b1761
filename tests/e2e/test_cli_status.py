"""`onebus status`: of a real bridge, on a terminal and elsewhere."""

import json
import re
from pathlib import Path

import pytest

from harness.cli import onebus, running
from harness.factories import StartBridge, StartSim
from harness.scripted import scripted
from harness.terminal import on_terminal

COLOUR = "\x1b[1m"
HOME = "\x1b[H"


async def test_it_tells_how_each_account_is(bridge: StartBridge, sim: StartSim) -> None:
    b = await bridge({"accounts": {"a": {}, "b": {}}})
    await sim(b, "b", self_id=10002)
    await b.wait_for_line("link: up account=b")
    result = await onebus("status", "--url", b.actions)
    assert (result.status, result.err) == (0, "")
    rows = {line.split()[0]: line.split() for line in result.out.splitlines() if line}
    assert rows["onebus"][1] == "0.1.0,"
    assert rows["journal"][1] == "ok,"
    assert rows["pairing"][1:] == ["nobody", "waits"]
    states = re.findall(r"^(a|b) +(up|down) ", result.out, re.MULTILINE)
    assert states == [("a", "down"), ("b", "up")]
    assert "10002" in result.out
    assert "NapCat" in result.out
    assert "! a: no peer is connected" in result.out
    assert "\x1b" not in result.out


async def test_json_is_the_reply(bridge: StartBridge) -> None:
    b = await bridge()
    result = await onebus("status", "--json", "--url", b.actions)
    assert (result.status, result.err) == (0, "")
    assert json.loads(result.out)["data"]["accounts"]["default"]["state"] == "down"


async def test_who_waits_to_be_let_in_is_counted(
    bridge: StartBridge, sim: StartSim
) -> None:
    b = await bridge({"dmPolicy": "pairing"})
    peer = await sim(b)
    await peer.private_message(30001, "hello")
    await b.wait_for_line("pairing: asked")
    result = await onebus("status", "--url", b.actions)
    assert "pairing  1 waits: onebus pairing list\n" in result.out


async def test_a_grant_for_the_status_alone_will_do(bridge: StartBridge) -> None:
    grant = {"name": "s", "token": "t" * 20, "actions": ["bridge.status"]}
    b = await bridge(bridge={"grants": [grant]})
    result = await onebus(
        "status", "--url", b.actions, env={"ONEBUS_TOKEN": "t" * 20}
    )
    assert (result.status, result.err) == (0, "")
    assert "pairing" not in result.out
    result = await onebus("status", "--url", b.actions)
    assert (result.status, result.out) == (1, "")
    assert "unauthorized" in result.err


async def test_when_nobody_is_there_it_says_where(folder: Path) -> None:
    url = f"ipc://{folder}/none"
    for arguments in ((), ("--watch",), ("--json",)):
        result = await onebus("status", "--url", url, *arguments)
        assert (result.status, result.out) == (1, "")
        assert f"cannot reach the bridge at {url}" in result.err
        assert "onebus run" in result.err


@pytest.mark.parametrize(
    ("env", "has_colours"),
    [
        ({}, True),
        ({"NO_COLOR": "1"}, False),
        ({"NO_COLOR": ""}, True),
        ({"TERM": "dumb"}, False),
    ],
)
async def test_colours_are_for_terminals_that_are_asked_for_them(
    bridge: StartBridge, env: dict[str, str], has_colours: bool
) -> None:
    b = await bridge()
    async with on_terminal("status", "--url", b.actions, env=env) as terminal:
        assert await terminal.ended() == 0
        await terminal.has_said("DROPPED")
        assert (COLOUR.encode() in terminal.out) is has_colours
        assert HOME.encode() not in terminal.out


async def test_it_fits_the_terminal(bridge: StartBridge, sim: StartSim) -> None:
    name = "an-account-whose-name-is-rather-long"
    b = await bridge({"accounts": {name: {}, "b": {}}})
    await sim(b, name)
    await b.wait_for_line("link: up account=")
    async with on_terminal(
        "status", "--url", b.actions, env={"NO_COLOR": "1"}
    ) as terminal:
        assert await terminal.ended() == 0
        await terminal.has_said("no peer is connected")
    lines = terminal.out.decode().split("\r\n")
    assert max(len(line) for line in lines) == 80
    assert any(line.startswith("an-account") and "… " in line for line in lines)


# -- watching ----------------------------------------------------------------------


async def test_a_terminal_is_drawn_over(bridge: StartBridge) -> None:
    b = await bridge({"accounts": {f"a{i}": {} for i in range(30)}})
    async with on_terminal(
        "status", "--watch", "10ms", "--url", b.actions, rows=12
    ) as terminal:
        await terminal.has_said(HOME, 4)
    frames = terminal.out.decode().split(HOME)
    assert frames[0] == "\x1b[2J"
    assert all(frame.count("\n") == 11 for frame in frames[1:3])


async def test_elsewhere_one_stands_below_the_other(bridge: StartBridge) -> None:
    b = await bridge()
    async with running("status", "--watch", "10ms", "--url", b.actions) as status:
        await status.has_line("/S")
        await status.stop()
    first, second = status.out.decode().split("\n\nonebus 0.1.0")[:2]
    assert first.startswith("onebus 0.1.0")
    assert "/S" not in first
    assert b"\x1b" not in status.out


async def test_json_is_a_line_each(bridge: StartBridge) -> None:
    b = await bridge()
    async with running(
        "status", "--json", "--watch=10ms", "--url", b.actions
    ) as status:
        await status.has_lines(3)
        assert all(json.loads(line)["data"]["seq"] >= 0 for line in status.lines[:3])


async def test_a_bridge_that_comes_back_is_shown_again(bridge: StartBridge) -> None:
    b = await bridge()
    async with running("status", "--watch", "50ms", "--url", b.actions) as status:
        await status.has_line("journal")
        await b.stop()
        again = bridge.prepare({"accounts": {"another": {}}})
        await again.start()
        await status.has_line("another")


async def test_nobody_reads_any_more(bridge: StartBridge) -> None:
    b = await bridge()
    async with running("status", "--watch", "10ms", "--url", b.actions) as status:
        await status.has_line("journal")
        status.stop_reading()
        assert await status.ended() in (0, -13)


@pytest.mark.parametrize(
    "arguments", [("more",), ("--watch", "soon"), ("--watch", "0"), ("--watch=x",)]
)
async def test_a_slip_on_the_command_line_is_2(arguments: tuple[str, ...]) -> None:
    result = await onebus("status", *arguments)
    assert (result.status, result.out) == (2, "")


async def test_a_reply_that_is_none_is_told(folder: Path) -> None:
    async with scripted(folder, status="ok") as bridge:
        result = await onebus("status", "--url", bridge.url)
    assert (result.status, result.out) == (1, "")
    assert "no data" in result.err
