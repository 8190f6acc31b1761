"""Each fuzz target over its corpus, and over the inputs that once broke what
it tests."""

import os
import subprocess
from pathlib import Path

import pytest

from harness.build import BUILD, SANITIZER_OPTIONS, SLOWNESS

HERE = Path(__file__).parent
TARGETS = sorted(path.name.removesuffix("_fuzz.c") for path in HERE.glob("*_fuzz.c"))

#: Far above the second or two that one takes.
TIMEOUT = 30 * SLOWNESS


def inputs(folder: Path) -> list[Path]:
    return [path for path in folder.glob("*") if path.is_file()]


@pytest.mark.parametrize("target", TARGETS)
def test_every_promise_holds_for_every_input_kept(target: str) -> None:
    folders = [HERE / "corpus" / target, HERE / "regressions" / target]
    replay = subprocess.run(
        [BUILD / "tests" / "fuzz" / f"{target}_replay", *folders],
        env=os.environ | SANITIZER_OPTIONS,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=TIMEOUT,
    )
    last = "\n".join(replay.stdout.splitlines()[-20:])
    assert replay.returncode == 0, last
    count = sum(len(inputs(folder)) for folder in folders)
    assert replay.stdout.splitlines()[-1] == f"{count} inputs"


@pytest.mark.parametrize("target", TARGETS)
def test_the_corpus_is_small(target: str) -> None:
    sizes = [path.stat().st_size for path in inputs(HERE / "corpus" / target)]
    assert 0 < len(sizes) <= 100
    assert max(sizes) <= 4096


def test_no_folder_is_without_a_target() -> None:
    for kind in ("corpus", "regressions"):
        assert {path.name for path in (HERE / kind).iterdir()} <= set(TARGETS)
