"""`onebus console`: the address that opens it."""

import json
from pathlib import Path

import pytest

from harness import web
from harness.cli import Result, onebus
from harness.factories import StartBridge

TOKEN = "0123456789abcdef0123456789abcdef"


async def console(folder: Path, *arguments: str) -> Result:
    return await onebus("console", "--set", f"bridge.stateDir={folder}", *arguments)


def write_token(folder: Path, text: str = TOKEN + "\n") -> Path:
    file = folder / "console-token"
    file.write_text(text)
    return file


async def test_the_token_of_a_real_bridge_lets_act(bridge: StartBridge) -> None:
    b = await bridge()
    address = b.http.removeprefix("http://")
    result = await onebus(
        *("console", "--config", f"{b.folder}/onebus.json"),
        *("--set", f"bridge.http={address}"),
    )
    assert (result.status, result.err) == (0, "")
    base, _, token = result.out.strip().partition("/#token=")
    assert base == b.http
    answer = await web.call(b, "bridge.ping", token=token)
    assert (answer.status, answer.json["status"]) == (200, "ok")


async def test_the_token_is_behind_the_address(folder: Path) -> None:
    write_token(folder)
    result = await console(folder)
    assert (result.status, result.err) == (0, "")
    assert result.out == f"http://127.0.0.1:7712/#token={TOKEN}\n"
    result = await console(folder, "--json", "--set", "bridge.http=[::1]:80")
    assert json.loads(result.out) == {"url": f"http://[::1]:80/#token={TOKEN}"}


async def test_one_that_listens_everywhere_is_opened_here(folder: Path) -> None:
    write_token(folder)
    settings = ("bridge.http=0.0.0.0:8080", "bridge.allowInsecure=true")
    result = await console(
        folder, *(word for one in settings for word in ("--set", one))
    )
    assert result.out == f"http://127.0.0.1:8080/#token={TOKEN}\n"


@pytest.mark.parametrize("text", ["", "\n", "a b\n", "x" * 300, "\x1b[2J", "a\nb\n"])
async def test_what_is_no_token_is_not_printed(folder: Path, text: str) -> None:
    file = write_token(folder, text)
    result = await console(folder)
    assert (result.status, result.out) == (1, "http://127.0.0.1:7712/\n")
    assert str(file) in result.err
    assert "\x1b" not in result.err


async def test_a_bridge_that_never_ran_has_none(folder: Path) -> None:
    result = await console(folder)
    assert (result.status, result.out) == (1, "http://127.0.0.1:7712/\n")
    assert "onebus run" in result.err


async def test_with_grants_there_is_no_token(folder: Path) -> None:
    write_token(folder)
    settings = folder / "onebus.json"
    grant = {"name": "me", "token": "t" * 20}
    settings.write_text(json.dumps({"bridge": {"grants": [grant]}}))
    result = await console(folder, "--config", str(settings))
    assert (result.status, result.out) == (0, "http://127.0.0.1:7712/\n")
    assert "grant" in result.err


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("--set", "bridge.http="), 78),
        (("--set", "bridge.http=127.0.0.1:0"), 1),
        (("--config", "/nonexistent"), 78),
        (("more",), 2),
    ],
)
async def test_where_there_is_none(
    folder: Path, arguments: tuple[str, ...], status: int
) -> None:
    result = await console(folder, *arguments)
    assert (result.status, result.out) == (status, "")
    assert result.err
