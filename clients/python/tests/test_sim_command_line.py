"""The simulator's command line: options, problems, exit statuses."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from conftest import SECONDS, Bridge

from onebus.sim import Simulator
from onebus.sim.bots import BotSettings, Roster, parse_bot
from onebus.sim.options import (
    UsageError,
    console_options,
    parser,
    roster_of,
    with_command,
)

SOURCES = Path(__file__).parents[1] / "src"


@contextlib.asynccontextmanager
async def started(
    *arguments: str, **env: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    """The simulator as a process that is gone in the end."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "onebus.sim", *arguments,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(SOURCES)} | env,
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def run(*arguments: str) -> tuple[int | None, str, str]:
    async with started(*arguments) as process:
        return await ended(process)


async def ended(process: asyncio.subprocess.Process) -> tuple[int | None, str, str]:
    out, err = await asyncio.wait_for(process.communicate(), SECONDS)
    return process.returncode, out.decode(), err.decode()


def bots(*arguments: str) -> tuple[BotSettings, ...]:
    options = parser().parse_args(with_command(list(arguments)))
    return roster_of(options).bots()


def test_without_more_it_is_one_account_that_dials_the_bridge() -> None:
    assert bots() == (BotSettings(url="ws://127.0.0.1:3001/onebot/v11/ws"),)


def test_options_hold_for_all_bots_and_each_has_its_own() -> None:
    first, second = bots(
        "--url", "ws://a/", "--token", "t", "--message-format", "string",
        "--bot", "1", "--bot", "2,listen=5,token=u,dialect=llbot,format=array,name=B",
    )  # fmt: skip
    assert first == BotSettings(1, url="ws://a/", token="t", format="string")
    assert second == BotSettings(2, listen=5, token="u", dialect="llbot", name="B")


def test_bots_that_listen_take_one_port_after_the_other() -> None:
    made = bots("--listen", "3001", "--bot", "1", "--bot", "2")
    assert [bot.listen for bot in made] == [3001, 3002]


def test_roles_have_urls_of_their_own() -> None:
    (bot,) = bots("chat", "--api-url", "ws://a/api", "--event-url", "ws://a/event")
    assert (bot.url, bot.api, bot.event) == (None, "ws://a/api", "ws://a/event")


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["--bot", "me"], "--bot me: it begins with an account: ID[,KEY=VALUE]..."),
        (["--bot", "1,urk=x"], "--bot 1,urk=x: urk=x: allowed keys: url, api, event"),
        (["--bot", "1,listen=x"], "--bot 1,listen=x: listen=x is no port: 0 to 65535"),
        (["--bot", "1", "--bot", "1"], "--bot 1: the account 1 is named twice"),
        (["--bot", "1,dialect=x"], "dialect: 'x' is not allowed: napcat, llbot"),
        (["--listen", "70000"], "listen: 70000 is no port: 0 to 65535"),
        (["--self-id", "0"], "id: 0 is no account: 1 to 2^53 - 1"),
        (["--url", "http://x"], "not a ws:// or wss:// url: http://x"),
    ],
)
def test_wrong_bots_are_explained(arguments: list[str], error: str) -> None:
    with pytest.raises(ValueError) as caught:
        bots(*arguments)
    assert str(caught.value).startswith(error)


def test_a_bot_is_taken_apart() -> None:
    assert parse_bot("7") == (7, {})
    assert Roster(named={7: {"token": "a=b"}}).bots()[0].token == "a=b"
    assert parse_bot("7,token=a=b") == (7, {"token": "a=b"})


@pytest.mark.parametrize(
    "arguments",
    [["--as", "me"], ["--group", "tea"], ["--prefix", " "], ["--prefix", ""]],
)
def test_wrong_options_of_a_chat_are_explained(arguments: list[str]) -> None:
    with pytest.raises(UsageError, match=arguments[0]):
        console_options(parser().parse_args(["chat", *arguments]))


@pytest.mark.parametrize("command", [[], ["demo"], ["chat"], ["play"]])
async def test_each_command_explains_itself(command: list[str]) -> None:
    status, out, err = await run(*command, "--help")
    assert (status, err) == (0, "")
    assert "usage: python -m onebus.sim" in out


@pytest.mark.parametrize(
    "arguments", [["dance"], ["--no-such"], ["play"], ["chat", "--bot", "x"]]
)
async def test_a_wrong_command_line_ends_with_2(arguments: list[str]) -> None:
    status, out, err = await run(*arguments)
    assert (status, out) == (2, "")
    assert err and "Traceback" not in err


async def test_a_port_that_is_taken_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        status, _, err = await run("--listen", str(port))
    assert status == 1
    assert f"port {port} of 127.0.0.1 is taken: choose another with --listen" in err


def test_the_token_may_be_in_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = tmp_path / "secret"
    secret.write_text(" hidden\n")
    (given,) = bots("--token-file", str(secret))
    assert given.token == "hidden"
    monkeypatch.setenv("ONEBUS_SIM_TOKEN", "plain")
    monkeypatch.setenv("ONEBUS_SIM_TOKEN_FILE", str(secret))
    assert [bot.token for bot in (*bots(), *bots("--token", "t"))] == ["hidden", "t"]


def test_a_file_without_a_token_is_a_misuse(tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("\n")
    for name, why in (("empty", "no token in it"), ("none", "No such file")):
        with pytest.raises(UsageError, match=f"--token-file .*{name}: .*{why}"):
            bots("--token-file", str(tmp_path / name))


async def test_the_token_may_come_from_the_environment(bridge: Bridge) -> None:
    async with started("--url", bridge.url, ONEBUS_SIM_TOKEN="secret") as process:
        request = (await bridge.opened(1)).request
        assert request is not None
        assert request.headers["Authorization"] == "Bearer secret"
        process.send_signal(signal.SIGTERM)
        assert (await ended(process))[0] == 0


async def test_several_bots_dial_with_ids_and_formats_of_their_own(
    bridge: Bridge,
) -> None:
    arguments = ("--url", bridge.url, "--bot", "1", "--bot", "2,format=string")
    formats: dict[int, set[str]] = {1: set(), 2: set()}
    async with started(*arguments, "--interval", "0.01") as process:
        while not all(formats.values()):
            frame = await bridge.frame()
            if frame["post_type"] == "message":
                formats[frame["self_id"]].add(frame["message_format"])
        process.send_signal(signal.SIGTERM)
        status, _, err = await ended(process)
    assert (status, "Traceback" in err) == (0, False)
    assert formats == {1: {"array"}, 2: {"string"}}


# -- problems ----------------------------------------------------------------------


async def problem_of(url: str, **settings: Any) -> str:
    """What is told when `url` is dialed in vain."""
    settings = {"auto_reconnect": False, **settings}
    async with Simulator(url, **settings) as sim:
        await sim.link.failed(SECONDS)
        return sim.link.problem


async def test_where_nothing_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    told = f"nothing listens at 127.0.0.1:{port}: start the bridge or the bot there"
    assert await problem_of(f"ws://127.0.0.1:{port}/") == told


async def test_where_nobody_answers() -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        url = f"ws://127.0.0.1:{deaf.getsockname()[1]}/"
        told = await problem_of(url, handshake_timeout=0.01)
        assert "does not answer: does a WebSocket server listen there?" in told


async def test_where_no_tls_is_spoken(bridge: Bridge) -> None:
    told = await problem_of(bridge.url.replace("ws://", "wss://"))
    assert "does not speak TLS: try ws:// in place of wss://" in told


async def test_where_there_is_no_host() -> None:
    told = await problem_of("ws://no-such-host.invalid/", handshake_timeout=SECONDS)
    assert told == "there is no host no-such-host.invalid"


@pytest.mark.parametrize(
    ("status", "advice"),
    [
        (401, "(why): the access token is missing: give it with --token"),
        (403, "(why): the access token is wrong: give the right one with --token"),
        (404, "(why): nothing is at this path: look at the path in the url"),
        (500, "Unexpected server response: 500 (why)"),
    ],
)
async def test_where_one_is_refused(bridge: Bridge, status: int, advice: str) -> None:
    bridge.refuse = (status, "why\nand more")
    assert (await problem_of(bridge.url)).endswith(advice)


async def test_a_problem_is_told_once_for_all_attempts(
    bridge: Bridge, caplog: pytest.LogCaptureFixture
) -> None:
    bridge.refuse = (401, "no")
    async with Simulator(bridge.url, reconnect_interval=0.01) as sim:
        await sim.link.attempted(4)
        bridge.refuse = None
        await sim.connected()
        assert sim.link.problem == ""
    told = [line for line in caplog.messages if "cannot connect" in line]
    assert len(told) == 1
