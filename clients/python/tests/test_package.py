"""The package as it is published: built, installed and used in a fresh venv."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def run(*command: str | Path, cwd: Path) -> str:
    """What a command prints; its whole output is shown if it fails."""
    own = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "PYTEST"))}
    done = subprocess.run(
        [str(word) for word in command], cwd=cwd, env=own, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist, and the wheel that is built from it."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--outdir", folder, ROOT, cwd=folder)
    return folder


def test_the_archives_hold_what_they_should(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    for name in ("onebus/py.typed", "onebus/events.py", "pytest_onebus.py"):
        assert name in names
    assert {name.partition("/")[0] for name in names if "dist-info" not in name} == {
        "onebus",
        "pytest_onebus.py",
    }
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        files = {name.partition("/")[2] for name in archive.getnames()}
    assert {"examples/echo_bot.py", "src/onebus/sim/world.py", "README.md"} <= files


def test_a_fresh_venv_has_all_it_needs(built: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "venv", with_pip=True)
    python = tmp_path / "venv" / "bin" / "python"
    (wheel,) = built.glob("*.whl")
    pip = (python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    run(*pip, wheel, cwd=tmp_path)
    script = "import onebus, onebus.sync; print(onebus.Message('hi') + onebus.At(1))"
    assert "hi" in run(python, "-c", script, cwd=tmp_path)
    assert "listen" in run(python, "-m", "onebus", "--help", cwd=tmp_path)
    run(*pip, f"{wheel}[pytest]", cwd=tmp_path)
    (tmp_path / "test_it.py").write_text(BOT_AND_TEST)
    binary = f"ONEBUS_BINARY={os.environ.get('ONEBUS_BINARY', 'onebus')}"
    told = run("env", binary, python, "-m", "pytest", "-q", "test_it.py", cwd=tmp_path)
    assert "1 passed" in told
    assert "--url" in run(python, "-m", "onebus.sim", "--help", cwd=tmp_path)


BOT_AND_TEST = '''
import pytest
from onebus import Bot

bot = Bot()


@bot.command("ping")
async def ping(event, words):
    await event.reply("pong")


@pytest.mark.asyncio
async def test_bot(qqsim, run_bot):
    await run_bot(bot)
    await qqsim.group(700).say("/ping", by=42)
    assert (await qqsim.next_sent()).text == "pong"
'''
