"""Which suites ThreadSanitizer is shown (tests/unit/main.c): all that may meet a
thread."""

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
MAIN = (TESTS / "unit" / "main.c").read_text()
SUITE = re.compile(r"^SUITE\((\w+)", re.MULTILINE)
MEETS_THREADS = re.compile(r'^#include ("edge/|<p?threads?\.h>)', re.MULTILINE)
SOURCES = sorted([*TESTS.glob("unit/*_test.c"), *TESTS.glob("flow/*_test.c")])


def listed(name: str) -> list[str]:
    """The suites of one of the lists."""
    lines = MAIN.partition(f"#define {name}(RUN)")[2].partition("\n\n")[0]
    return re.findall(r"RUN\((\w+)\)", lines)


SHOWN = listed("THREADED") + listed("WITH_NATS")


def test_each_suite_is_listed_once() -> None:
    found = [suite for path in SOURCES for suite in SUITE.findall(path.read_text())]
    assert sorted(found) == sorted([*SHOWN, *listed("PLAIN")])


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_what_meets_threads_is_shown(path: Path) -> None:
    text = path.read_text()
    (suite,) = SUITE.findall(text)
    assert suite in SHOWN or not MEETS_THREADS.search(text)
