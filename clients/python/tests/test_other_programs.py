"""The simulator against other people's programs: NoneBot2 and aiocqhttp.

Each is a small bot in a process of its own, which the tests here share; the
scenario that users are shown plays with all of them.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from onebus.sim import Chat, Simulator
from onebus.sim.bots import Company, Roster
from onebus.sim.player import Player
from onebus.sim.report import Report, Reporter
from onebus.sim.scenario import Scenario, load
from onebus.sim.terminal import Palette

PROGRAMS = Path(__file__).parent / "programs"
SCENARIOS = Path(__file__).parents[1] / "examples" / "scenarios"
TOKEN = "a-secret"
SECONDS = 30.0
AGAIN = 0.05
"""Seconds between two attempts to dial."""


@contextlib.contextmanager
def program(name: str, *arguments: str, serves: socket.socket | None) -> Iterator[None]:
    """A program that runs meanwhile; `serves` is its file descriptor 3."""
    process = subprocess.Popen(
        [sys.executable, str(PROGRAMS / name), *arguments],
        preexec_fn=None if serves is None else lambda: os.dup2(serves.fileno(), 3),
        close_fds=serves is None,
    )
    try:
        yield
    finally:
        # NoneBot takes ten seconds to end in good order while it dials in vain.
        process.kill()
        process.wait(SECONDS)


@contextlib.contextmanager
def serving(name: str, *arguments: str) -> Iterator[int]:
    """A program that serves at the port given; it is dialed in vain only until
    it listens, for the socket is open already."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        with program(name, *arguments, serves=listener):
            yield int(listener.getsockname()[1])


@dataclass(frozen=True)
class Server:
    """A program that takes reverse connections."""

    port: int
    path: str

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}{self.path}"


@pytest.fixture(scope="module")
def servers() -> Iterator[dict[str, Server]]:
    """Both at once: what takes long is their start."""
    with contextlib.ExitStack() as stack:
        nonebot = stack.enter_context(serving("nonebot_bot.py", "serve", TOKEN))
        aiocqhttp = stack.enter_context(serving("aiocqhttp_bot.py", TOKEN))
        yield {
            "nonebot": Server(nonebot, "/onebot/v11/ws"),
            "aiocqhttp": Server(aiocqhttp, "/ws/"),
        }


@pytest.fixture(params=["nonebot", "aiocqhttp"])
def server(servers: dict[str, Server], request: pytest.FixtureRequest) -> Server:
    return servers[request.param]


def prepared(bot: dict[str, Any], name: str) -> tuple[Scenario, Company, Player]:
    """A scenario of the examples, with bots that are reached so."""
    scenario = load(SCENARIOS / f"{name}.json5", Roster(common=bot))
    company = Company(
        scenario.bots,
        link={"reconnect_interval": AGAIN, "handshake_timeout": SECONDS},
    )
    player = Player(Reporter(Palette(False)), wait=SECONDS, patience=SECONDS)
    return scenario, company, player


async def play(bot: dict[str, Any], name: str = "greeter") -> Report:
    """Play it."""
    scenario, company, player = prepared(bot, name)
    return await player.play(scenario, company, company.simulators())


def failures(report: Report) -> list[str]:
    return [report.problem, *(result.failure for result in report.results)]


@pytest.mark.parametrize("form", ["array", "string"])
async def test_the_greeter_plays_over_reverse_connections(
    server: Server, form: str
) -> None:
    report = await play({"url": server.url, "token": TOKEN, "format": form})
    assert not any(failures(report))
    assert len(report.results) > 15


@pytest.mark.parametrize("name", ["rough_day", "crowd"])
async def test_the_other_scenarios_play_too(server: Server, name: str) -> None:
    report = await play({"url": server.url, "token": TOKEN}, name)
    assert not any(failures(report))


@pytest.mark.parametrize("dialect", ["llbot", "gocqhttp", "lagrange"])
async def test_other_implementations_are_taken_as_well(
    server: Server, dialect: str
) -> None:
    report = await play({"url": server.url, "token": TOKEN, "dialect": dialect})
    assert not any(failures(report))


async def test_the_greeter_plays_with_a_nonebot_that_dials() -> None:
    scenario, company, player = prepared({"listen": 0, "token": TOKEN}, "greeter")
    (sim,) = sims = company.simulators()
    playing = asyncio.ensure_future(player.play(scenario, company, sims))
    while not sim.listeners:
        await asyncio.sleep(0)
    url = sim.listeners[0].url
    with program("nonebot_bot.py", "dial", TOKEN, url, serves=None):
        assert not any(failures(await playing))


async def test_a_nonebot_that_dials_with_the_wrong_token_is_not_let_in() -> None:
    async with Simulator() as sim:
        listener = await sim.listen(token=TOKEN)
        with program("nonebot_bot.py", "dial", "wrong", listener.url, serves=None):
            await listener.attempted(1, SECONDS)
            await listener.disconnected(SECONDS)
        assert sim.requests == []


async def test_the_greeter_plays_over_a_connection_for_each_role(
    servers: dict[str, Server],
) -> None:
    url = servers["aiocqhttp"].url
    ways = {"api": f"{url}api/", "event": f"{url}event/", "token": TOKEN}
    assert not any(failures(await play(ways)))


@pytest.mark.parametrize("token", ["", "wrong"])
async def test_without_the_right_token_nobody_is_let_in(
    server: Server, token: str
) -> None:
    async with Simulator(
        server.url,
        token=token,
        reconnect_interval=AGAIN,
        handshake_timeout=SECONDS,
    ) as sim:
        refusal = await sim.refused(SECONDS)
        assert refusal.status in (401, 403)
        assert "--token" in sim.link.problem
        assert not sim.is_connected


async def test_programs_are_told_who_it_is_and_what(server: Server) -> None:
    async with Simulator(
        server.url,
        token=TOKEN,
        self_id=12345,
        reconnect_interval=AGAIN,
        handshake_timeout=SECONDS,
    ) as sim:
        await sim.connected(SECONDS)
        await sim.group_message(700, 42, "/id")
        login = await sim.next_request("get_login_info", SECONDS)
        version = await sim.next_request("get_version_info", SECONDS)
        sent = await sim.next_request("send_msg", SECONDS)
        await sim.done(sent)
        assert login.answered and version.answered
        assert sim.world.sent[-1].text == "12345 NapCat.Onebot"


async def test_two_bots_of_one_program_answer_in_one_group(server: Server) -> None:
    settings: Any = {
        "token": TOKEN,
        "reconnect_interval": AGAIN,
        "handshake_timeout": SECONDS,
    }
    first = Simulator(server.url, self_id=10001, **settings)
    second = Simulator(server.url, self_id=10002, beside=first, **settings)
    async with first, second:
        for sim in (first, second):
            await sim.connected(SECONDS)
            sim.world.add_group(700, "tea")
        await first.group_message(700, 42, "/echo 你好")
        for sim in (first, second):
            await sim.done(await sim.next_request("send_msg", SECONDS))
        for sim in (first, second):
            said = sim.world.history(Chat("group", 700))
            assert [message.sender_id for message in said[:1]] == [42]
            assert {message.sender_id for message in said[1:]} == {10001, 10002}
