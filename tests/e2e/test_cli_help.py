"""How the command line explains itself."""

import json

import pytest

from harness.cli import onebus

COMMANDS = [
    "run", "check", "napcat-config",
    "status", "doctor", "why", "health", "console", "log",
    "listen", "replay", "send", "call", "pairing",
    "help", "completion", "version",
]  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
async def test_each_command_explains_itself(command: str) -> None:
    result = await onebus(command, "--help")
    assert (result.status, result.err) == (0, "")
    assert result.out.startswith(f"Usage: onebus {command}")
    assert max(len(line) for line in result.out.splitlines()) < 80
    assert await onebus("help", command) == result


@pytest.mark.parametrize("arguments", [("--help",), ("help",)])
async def test_help_names_every_command(arguments: tuple[str, ...]) -> None:
    result = await onebus(*arguments)
    assert (result.status, result.err) == (0, "")
    assert all(f"\n  {command} " in result.out for command in COMMANDS)


@pytest.mark.parametrize("arguments", [("version",), ("--version",)])
async def test_version_names_the_libraries_too(arguments: tuple[str, ...]) -> None:
    result = await onebus(*arguments)
    assert (result.status, result.err) == (0, "")
    assert result.out.startswith("onebus 0.")
    assert "libwebsockets" in result.out
    assert "NNG" in result.out
    assert "libnats 3." in result.out


async def test_version_as_json() -> None:
    result = await onebus("version", "--json")
    assert (result.status, result.err) == (0, "")
    libraries = ["libwebsockets", "nng", "sqlite", "libnats"]
    assert list(json.loads(result.out)) == ["onebus", *libraries]


@pytest.mark.parametrize("arguments", [("dance",), ("help", "dance")])
async def test_an_unknown_command_is_told_what_there_is(
    arguments: tuple[str, ...],
) -> None:
    result = await onebus(*arguments)
    assert (result.status, result.out) == (2, "")
    assert "dance" in result.err
    assert all(f"\n  {command} " in result.err for command in COMMANDS)


async def test_a_slip_in_a_command_is_told_what_was_meant() -> None:
    result = await onebus("lisen")
    assert (result.status, result.out) == (2, "")
    assert result.err == "onebus: lisen is no command, did you mean listen?\n"


@pytest.mark.parametrize("command", COMMANDS)
async def test_an_unknown_option_is_told_where_help_is(command: str) -> None:
    result = await onebus(command, "--no-such-option")
    assert (result.status, result.out) == (2, "")
    assert "--no-such-option" in result.err
    assert f"See: onebus {command} --help\n" in result.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--snce", "1"), "--snce is no option, did you mean --since?"),
        (("--snce=1",), "--snce is no option, did you mean --since?"),
        (("--co", "1"), "--co is short for several options"),
        (("--since",), "--since wants a value: SEQ|TIME"),
        (("--json=1",), "--json takes no value"),
        (("--help=1",), "--help takes no value"),
        (("-j",), "there is no -j; options have two dashes"),
    ],
)
async def test_a_slip_in_an_option_is_told(
    arguments: tuple[str, ...], said: str
) -> None:
    result = await onebus("listen", *arguments)
    assert (result.status, result.out) == (2, "")
    assert result.err.splitlines()[0] == f"onebus listen: {said}"


@pytest.mark.parametrize("command", ["run", "check", "napcat-config", "status", "doctor", "health", "console", "version"])
async def test_what_is_not_asked_for_is_refused(command: str) -> None:
    result = await onebus(command, "more")
    assert (result.status, result.out) == (2, "")


async def test_options_alone_are_those_of_run() -> None:
    result = await onebus("--config", "/nonexistent/file")
    assert result.status == 78
    assert "/nonexistent/file" in result.err


@pytest.mark.parametrize("command", ["run", "listen", "call", "check"])
async def test_a_bad_assignment_is_told(command: str) -> None:
    rest = ["do"] if command == "call" else []
    result = await onebus(command, "--set", "bridge.log.level=loud", *rest)
    assert result.status == 78
    assert "bridge.log.level" in result.err
