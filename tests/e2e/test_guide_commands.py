"""The guides show commands that there are, and settings that are fine."""

import re
import shlex
from pathlib import Path

import pytest

from harness.build import TESTS
from harness.cli import onebus

ROOT = TESTS.parent
GUIDES = sorted(
    page
    for pattern in ("*.md", "deploy/**/*.md", "schema/*.md", "clients/python/docs/**/*.md")
    for page in ROOT.glob(pattern)
    if page.name != "CHANGELOG.md"
)

BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`(onebus [^`]+)`")


def name(page: Path) -> str:
    return str(page.relative_to(ROOT))


def blocks(page: Path, *languages: str) -> list[str]:
    found = BLOCK.findall(page.read_text(encoding="utf-8"))
    return [code for language, code in found if language in languages]


def words(line: str) -> list[str]:
    lexer = shlex.shlex(line, posix=True, punctuation_chars="|&;<>()")
    lexer.whitespace_split = True
    return list(lexer)


def command_lines(page: Path) -> list[list[str]]:
    """The words behind each `onebus` that is run."""
    text = BLOCK.sub("", page.read_text(encoding="utf-8"))
    shell = "\n".join(blocks(page, "sh")).replace("\\\n", " ")
    lines = shell.splitlines()
    lines += [" ".join(span.split()) for span in SPAN.findall(text)]
    found = []
    for line in lines:
        all_words = words(line)
        for at, word in enumerate(all_words):
            rest = all_words[at + 1 :]
            if word != "onebus" or not rest or rest[0] in ("onebus", "&&", "cd"):
                continue
            end = next((i for i, w in enumerate(rest) if w[0] in "|&;<>()"), None)
            found.append(rest[:end])
    return [line for line in found if line]


async def help_of(command: str) -> str:
    result = await onebus("help", command)
    assert result.status == 0, f"onebus {command}: {result.err}"
    return result.out


@pytest.mark.parametrize("page", GUIDES, ids=name)
async def test_its_commands_and_options_are_known(page: Path) -> None:
    texts: dict[str, str] = {}
    for command, *arguments in command_lines(page):
        if command == "--help":
            continue
        if command not in texts:
            texts[command] = await help_of(command)
        for argument in arguments:
            option = argument.partition("=")[0]
            if option.startswith("--"):
                known = re.search(rf"{option}(?![\w-])", texts[command])
                assert known, f"onebus {command} {argument}"


def settings_in(page: Path) -> list[str]:
    """What is shown of settings, made whole."""
    shown = []
    for code in blocks(page, "json", "jsonc"):
        if code.startswith('"bridge"'):
            code = "{" + code + "}"
        if re.match(r'\{\s*"(channels|bridge)": *\{', code):
            shown.append(code)
    return shown


def test_there_are_commands_and_settings_to_look_at() -> None:
    readme = ROOT / "README.md"
    assert ["why", "20002"] in command_lines(readme)
    assert len(settings_in(readme)) == 4


@pytest.mark.parametrize("page", GUIDES, ids=name)
async def test_its_settings_are_fine(page: Path, tmp_path: Path) -> None:
    (tmp_path / "logger").write_text("a token of somebody's\n")
    (tmp_path / "nats.creds").write_text("who we are\n")
    file = tmp_path / "onebus.json"
    env = {"BOT_TOKEN": "token-of-the-bot", "NAPCAT_TOKEN": "token-of-napcat"}
    for code in settings_in(page):
        for folder in ("/run/secrets", "/etc/onebus"):
            code = code.replace(folder, str(tmp_path))
        file.write_text(code)
        result = await onebus("check", "--config", str(file), env=env)
        assert result.status == 0, code + result.err
