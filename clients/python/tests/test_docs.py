"""The documentation: its code runs, its links lead somewhere, its languages agree."""

from __future__ import annotations

import ast
import asyncio
import inspect
import os
import re
import subprocess
import sys
import textwrap
from functools import partial
from pathlib import Path
from typing import Any

import pages
import pytest
from pages import CHINESE, DOCS, ENGLISH, PACKAGE, REPOSITORY, Block
from pytest_onebus import RunBot

from onebus import errors
from onebus.guide import Guide
from onebus.testing import BridgeProcess
from onebus.testing.qq import SimulatedQQ

#: What pieces of programs may use without saying where it comes from.
GIVEN = """\
import re
from pathlib import Path
from typing import Any
import onebus
from onebus.segments import *
from onebus.sim import Simulator
from onebus.testing.qq import SentMessage, SimulatedQQ

"""
PARAMETERS = {
    "bot": "onebus.Bot",
    "bus": "onebus.Bus",
    "event": "onebus.GroupMessage",
    "friends": "set[int]",
    "qqsim": "SimulatedQQ",
    "sent": "SentMessage",
    "sim": "Simulator",
    "store": "onebus.CursorStore",
}

INI = """\
[pytest]
asyncio_mode = auto
asyncio_default_fixture_loop_scope = function
"""

ALL = [REPOSITORY / "README.md", REPOSITORY / "schema/README.md", *ENGLISH, *CHINESE]

WHOLE = ("file", "chat", "test", "run")
FOLDERS = sorted({block.page for block in pages.python(ENGLISH, "file")})


def name(page: Path) -> str:
    return str(page.relative_to(REPOSITORY))


def run(folder: Path, *arguments: str, **more: str) -> None:
    """A Python program in `folder`; what it says is shown if it fails."""
    path = os.pathsep.join([str(PACKAGE / "src"), str(PACKAGE / "examples")])
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": path, **more},
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stdout + done.stderr


# ---- the code --------------------------------------------------------------


@pytest.mark.parametrize("page", ALL, ids=name)
def test_all_code_compiles(page: Path) -> None:
    for block in pages.python([page], "", "other", *WHOLE):
        parsed(block)


def parsed(block: Block) -> ast.AST:
    """Code that may wait at its top level, as a piece of a program does."""
    flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT | ast.PyCF_ONLY_AST
    tree = compile(block.code, str(block), "exec", flags)
    assert isinstance(tree, ast.AST)
    return tree


def piece(number: int, block: Block) -> str:
    """A piece of a program as a function."""
    own = {
        node.id
        for node in ast.walk(parsed(block))
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    given = [f"{name}: {kind}" for name, kind in PARAMETERS.items() if name not in own]
    body = textwrap.indent(block.code, "    ")
    return f"# {block}\nasync def piece_{number}({', '.join(given)}) -> None:\n{body}\n"


def test_all_names_and_arguments_exist(tmp_path: Path) -> None:
    found = enumerate(pages.python(ENGLISH, ""))
    (tmp_path / "pieces.py").write_text(GIVEN + "\n".join(piece(*each) for each in found))
    for number, block in enumerate(pages.python(ENGLISH, "file", "chat", "run")):
        (tmp_path / f"whole_{number}.py").write_text(f"# {block}\n{block.code}")
    options = ["--python-version=3.10", "--check-untyped-defs", "--cache-dir=cache"]
    local = "--disable-error-code=import-not-found"
    run(tmp_path, "-m", "mypy", *options, local, ".", MYPYPATH=str(PACKAGE / "stubs"))


@pytest.mark.parametrize("page", FOLDERS, ids=name)
def test_the_tests_of_a_page_pass(page: Path, tmp_path: Path) -> None:
    for block in pages.python([page], "file"):
        (tmp_path / block.argument).write_text(block.code)
    (tmp_path / "pytest.ini").write_text(INI)
    run(tmp_path, "-m", "pytest", "-q", "-p", "no:cacheprovider")


@pytest.mark.parametrize("block", pages.python(ENGLISH, "test"), ids=str)
def test_a_test_of_an_example_passes(block: Block, tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text(INI)
    code = f"from {block.argument} import bot\n\n\n{block.code}"
    (tmp_path / "test_example.py").write_text(code)
    run(tmp_path, "-m", "pytest", "-q", "-p", "no:cacheprovider")


@pytest.mark.parametrize("block", pages.python(ENGLISH, "chat"), ids=str)
async def test_a_bot_says_what_the_page_says(
    block: Block, qqsim: SimulatedQQ, run_bot: RunBot
) -> None:
    said, answer = re.fullmatch(r'"(.*)" -> "(.*)"', block.argument).groups()  # type: ignore[union-attr]
    program: dict[str, Any] = {"__name__": "bot"}
    exec(compile(block.code, str(block), "exec"), program)
    await run_bot(program["bot"])
    await qqsim.group(700).say(said, by=42, at_bot=True)
    assert (await qqsim.next_sent()).text.strip() == answer


@pytest.mark.parametrize("block", pages.python(ENGLISH, "run"), ids=str)
async def test_a_program_runs(
    block: Block, qqsim: SimulatedQQ, onebus_bridge: BridgeProcess, tmp_path: Path
) -> None:
    (tmp_path / "program.py").write_text(block.code)
    own = {"ONEBUS_EVENTS": onebus_bridge.events, "ONEBUS_ACTIONS": onebus_bridge.actions}
    await asyncio.to_thread(partial(run, tmp_path, "program.py", **own))


# ---- the pages -------------------------------------------------------------

@pytest.mark.parametrize("page", ALL, ids=name)
def test_links_lead_somewhere(page: Path) -> None:
    for link in pages.links(page):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        assert not anchor or anchor in pages.anchors(target), link


def without_comments(block: Block) -> Any:
    if block.language != "python":
        return re.sub(r" *(#|//) .*", "", block.code)
    return ast.dump(parsed(block))


@pytest.mark.parametrize("page", sorted(DOCS.glob("*.md")), ids=name)
def test_the_chinese_page_has_the_same_headings_and_code(page: Path) -> None:
    other = DOCS / "zh" / page.name
    depths = [[depth for depth, _ in pages.headings(each)] for each in (page, other)]
    assert depths[0] == depths[1]
    ours, theirs = pages.blocks(page), pages.blocks(other)
    for block, same in zip(ours, theirs, strict=True):
        assert (block.language, block.mark, block.argument) == (
            same.language,
            same.mark,
            same.argument,
        )
        assert without_comments(block) == without_comments(same), str(same)


def test_no_chinese_page_is_left_over() -> None:
    assert {page.name for page in CHINESE} == {page.name for page in DOCS.glob("*.md")}


# ---- what tables say -------------------------------------------------------


def rows(page: Path, heading: str) -> list[list[str]]:
    """The cells of the table below a heading."""
    section = page.read_text(encoding="utf-8").split(f"## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [line.strip("| ").split(" | ") for line in lines[2:]]


def test_the_table_of_errors_has_every_class_that_a_call_may_raise() -> None:
    told = {name for row in rows(DOCS / "actions.md", "Errors") for name in words(row[0])}
    raised = set(errors.__all__) - {"OnebusError", "BridgeError", "MalformedMessage"}
    assert told == raised


def words(cell: str) -> list[str]:
    return re.findall(r"`(\w+)`", cell)


def test_the_table_of_the_guide_has_its_functions_as_they_are() -> None:
    table = rows(DOCS / "actions.md", "The guide's functions")
    assert len(table) == 11
    for ours, theirs, _ in table:
        name, given = re.fullmatch(r"`(\w+)\((.*)\)`", ours).groups()  # type: ignore[union-attr]
        function = getattr(Guide, name)
        assert getattr(Guide, theirs.strip("`")) is function
        params = list(inspect.signature(function).parameters.values())[1:]
        assert given == ", ".join(map(shown, params))


def shown(param: inspect.Parameter) -> str:
    has_default = param.default is not inspect.Parameter.empty
    return f"{param.name}={param.default!r}" if has_default else param.name
