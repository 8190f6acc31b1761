"""`onebus completion`: what it prints, in the shells it is for."""

import asyncio
from pathlib import Path

import pytest

from harness.build import BINARY, WAIT
from harness.cli import onebus

BASH = """
source "$1"
COMP_WORDS=("${@:2}")
COMP_CWORD=$(($# - 2))
_onebus onebus "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
printf '%s\\n' "${COMPREPLY[@]}"
"""

#: What the script says to zsh's own functions, one word a line.
ZSH = """
compdef() { }
_describe() { print -rl -- ${(P)4} }
_arguments() { print -rl -- "$@" }
source "$1"
shift
words=("$@")
CURRENT=$#
_onebus
"""


async def shell(*arguments: str) -> str:
    """Run a shell; gives what it prints. It must have nothing to complain of."""
    process = await asyncio.create_subprocess_exec(
        *arguments,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await asyncio.wait_for(process.communicate(), WAIT)
    assert (process.returncode, err.decode()) == (0, "")
    return out.decode()


@pytest.fixture
async def script(folder: Path, request: pytest.FixtureRequest) -> Path:
    """The file for the shell that is the parameter."""
    name = request.param
    result = await onebus("completion", name)
    assert (result.status, result.err) == (0, "")
    file = folder / f"onebus.{name}"
    file.write_text(result.out)
    return file


bash = pytest.mark.parametrize("script", ["bash"], indirect=True)
zsh = pytest.mark.parametrize("script", ["zsh"], indirect=True)
fish = pytest.mark.parametrize("script", ["fish"], indirect=True)

#: What is typed, and what some of it may become.
CASES = [
    (("pa",), {"pairing"}),
    (("pairing", ""), {"list", "approve", "deny", "revoke"}),
    (("listen", "--s"), {"--since", "--set"}),
    (("napcat-config", "--for", "l"), {"llbot", "lagrange"}),
    (("help", "sta"), {"status"}),
    (("send", "g"), {"group"}),
    (("--conf",), {"--config"}),
    (("completion", "z"), {"zsh"}),
]


@bash
@pytest.mark.parametrize(("typed", "offered"), CASES)
async def test_bash(script: Path, typed: tuple[str, ...], offered: set[str]) -> None:
    out = await shell("bash", "-uc", BASH, "-", str(script), "onebus", *typed)
    assert set(out.split()) == offered


@bash
async def test_bash_offers_files_where_one_is_wanted(
    script: Path, folder: Path
) -> None:
    (folder / "some settings.json").touch()
    for typed in (("--config", f"{folder}/some"), ("--config", "=", f"{folder}/some")):
        out = await shell(
            "bash", "-uc", BASH, "-", str(script), "onebus", "check", *typed
        )
        assert out == f"{folder}/some settings.json\n"


@bash
@pytest.mark.parametrize(
    "typed", [("listen", "--since", "--"), ("check", "x"), ("dance", "")]
)
async def test_bash_offers_nothing_it_does_not_know(
    script: Path, typed: tuple[str, ...]
) -> None:
    out = await shell("bash", "-uc", BASH, "-", str(script), "onebus", *typed)
    assert out.strip() == ""


@fish
@pytest.mark.parametrize(("typed", "offered"), CASES)
async def test_fish(script: Path, typed: tuple[str, ...], offered: set[str]) -> None:
    line = " ".join(("onebus", *typed))
    out = await shell(
        "fish", "--no-config", "-c", f"source {script}; complete -C '{line}'"
    )
    assert {row.split("\t")[0] for row in out.splitlines()} == offered


@zsh
@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        (("",), "pairing:say who may write to the bot in private"),
        (("pairing", ""), "1: :(list approve deny revoke)"),
        (("listen", "--s"), "*--since=[first those of the journal]:SEQ|TIME: "),
        (("check", ""), "*--config=[settings file]:FILE:_files"),
        (
            ("napcat-config", "--for", ""),
            "*--for=[another peer than NapCat]:napcat|llbot|lagrange:"
            "(napcat llbot lagrange)",
        ),
        (("--conf",), "*--config=[settings file]:FILE:_files"),
        (("why", ""), "--help[explain it]"),
    ],
)
async def test_zsh(script: Path, typed: tuple[str, ...], offered: str) -> None:
    out = await shell("zsh", "-f", "-c", ZSH, "-", str(script), "onebus", *typed)
    assert offered in out.splitlines()


@bash
async def test_every_option_is_there(script: Path) -> None:
    text = script.read_text()
    overview = (await onebus("help")).out
    commands = [line.split()[0] for line in overview.splitlines() if line[:2] == "  "]
    assert len(commands) > 10
    for command in commands:
        usage = (await onebus("help", command)).out
        options = [line.split()[0] for line in usage.splitlines() if line[:4] == "  --"]
        row = text.split(f"\n    {command}", 1)[1].split("options='", 1)[1]
        listed = set(row.split("'", 1)[0].split())
        assert listed - {"--help", "--version"} == set(options)


@pytest.mark.parametrize("arguments", [(), ("tcsh",), ("bash", "zsh"), ("--bash",)])
async def test_another_shell_is_refused(arguments: tuple[str, ...]) -> None:
    result = await onebus("completion", *arguments)
    assert (result.status, result.out) == (2, "")
    assert "onebus completion" in result.err


def test_they_are_made_by_the_build() -> None:
    told = BINARY.parent / "told"
    names = {"onebus.1", "onebus.bash", "_onebus", "onebus.fish"}
    assert {file.name for file in told.iterdir()} == names
    assert all(file.stat().st_size > 1000 for file in told.iterdir())
