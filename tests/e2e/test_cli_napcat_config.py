"""`onebus napcat-config`: what it prints connects."""

import json
from pathlib import Path
from typing import Any

import pytest

from harness.cli import Result, onebus
from harness.factories import StartBridge
from harness.net import free_port
from harness.websocket import connect

SECRET = "SECRETSECRETSECRET"


async def entry(folder: Path, channel: dict[str, Any], *arguments: str) -> Result:
    file = folder / "some.json"
    file.write_text(json.dumps({"channels": {"napcatqq": channel}}))
    return await onebus("napcat-config", "--config", str(file), *arguments)


def bearer(token: str) -> list[tuple[str, str]]:
    return [("Authorization", f"Bearer {token}")]


async def test_a_peer_with_that_entry_is_let_in(bridge: StartBridge) -> None:
    b = await bridge({"wsPort": free_port(), "wsPath": "/a/b", "accessToken": SECRET})
    result = await onebus("napcat-config", "--config", f"{b.folder}/onebus.json")
    assert result.status == 0
    printed = json.loads(result.out)
    async with await connect(printed["url"], bearer(printed["token"])):
        await b.wait_for_line("link: up")


async def test_where_it_goes_is_told_beside(folder: Path) -> None:
    result = await entry(folder, {})
    assert json.loads(result.out)["url"] == "ws://127.0.0.1:3001/onebot/v11/ws"
    assert "network.websocketClients" in result.err
    assert "onebot11_" in result.err
    assert "token" not in result.err


async def test_the_token_can_be_left_out(folder: Path) -> None:
    result = await entry(folder, {"accessToken": SECRET})
    assert json.loads(result.out)["token"] == SECRET
    assert SECRET not in result.err
    assert "--hide-token" in result.err
    result = await entry(folder, {"accessToken": SECRET}, "--hide-token", "--json")
    assert (json.loads(result.out)["token"], result.out.count("\n")) == ("***", 1)


async def test_an_account_that_dials_has_a_listener(folder: Path) -> None:
    result = await entry(folder, {"connect": "ws://napcat:3005/"})
    printed = json.loads(result.out)
    assert (printed["host"], printed["port"]) == ("0.0.0.0", 3005)
    assert "network.websocketServers" in result.err
    assert "accessToken" in result.err
    result = await entry(folder, {"connect": "ws://127.0.0.1:3005/"})
    assert json.loads(result.out)["host"] == "127.0.0.1"
    assert "accessToken" not in result.err


async def test_one_that_listens_everywhere_has_to_be_named(folder: Path) -> None:
    channel = {"wsHost": "0.0.0.0", "accessToken": SECRET}
    result = await entry(folder, channel)
    assert "127.0.0.1" in result.out
    assert "--host" in result.err
    result = await entry(folder, channel, "--host", "onebus")
    assert json.loads(result.out)["url"].startswith("ws://onebus:3001/")
    assert "--host" not in result.err


async def test_a_host_that_cannot_get_here_is_told(folder: Path) -> None:
    result = await entry(folder, {}, "--host", "onebus")
    assert result.status == 0
    assert "set wsHost" in result.err


async def test_of_several_accounts_one_is_named(folder: Path) -> None:
    channel = {"accounts": {"bot1": {"wsPath": "/1"}, "bot2": {"wsPath": "/2"}}}
    result = await entry(folder, channel)
    assert (result.status, result.out) == (2, "")
    assert result.err.endswith(": bot1 bot2\n")
    result = await entry(folder, channel, "--account", "bto2")
    assert (result.status, result.out) == (2, "")
    assert "did you mean bot2?" in result.err
    result = await entry(folder, channel, "--account", "bot2")
    printed = json.loads(result.out)
    assert (printed["name"], printed["url"][-2:]) == ("onebus-bot2", "/2")


async def test_tls_makes_it_wss(folder: Path) -> None:
    for name in ("cert", "key"):
        (folder / name).write_text("x")
    channel = {"tls": {"cert": f"{folder}/cert", "key": f"{folder}/key"}}
    result = await entry(folder, channel)
    assert result.status == 0, result.err
    printed = json.loads(result.out)
    assert printed["url"].startswith("wss://")
    assert printed["verifyCertificate"] is True


@pytest.mark.parametrize("peer", ["llbot", "lagrange"])
async def test_other_peers_have_their_own_form(folder: Path, peer: str) -> None:
    result = await entry(folder, {"accessToken": SECRET}, "--for", peer)
    assert result.status == 0
    assert SECRET in json.loads(result.out).values()
    assert peer in result.err.lower()


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("--for", "mirai"), 2),
        (("--host", "ws://x"), 2),
        (("more",), 2),
        (("--set", "channels.napcatqq.wsPort=0"), 78),
        (("--config", "/nonexistent"), 78),
    ],
)
async def test_what_cannot_be_printed(arguments: tuple[str, ...], status: int) -> None:
    result = await onebus("napcat-config", *arguments)
    assert (result.status, result.out) == (status, "")
    assert result.err
