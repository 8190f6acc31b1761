"""Which part may include which: the arrows of the architecture, as a table.

    base <- core <- top        base <- edge <- top        base <- config <- top
    base <- console <- top

The core has no socket, no file, no clock and no thread; that is checked by
what it may include from outside.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

BRIDGE = Path(__file__).parents[2] / "bridge"

#: Part -> the parts it may include. The top (main, app) may include all.
ARROWS = {
    "base": {"base"},
    "core": {"base", "core"},
    "edge": {"base", "edge"},
    "config": {"base", "config"},
    "console": {"base", "console"},
    "cli": {"base", "core", "config", "cli", "edge"},
    ".": {"base", "core", "edge", "config", "console", "cli", "."},
}

#: What is pure: computation, msgpack-c for packing, libutf8proc's tables.
CORE_SYSTEM_HEADERS = {
    "assert.h", "emmintrin.h", "endian.h", "errno.h", "float.h", "inttypes.h",
    "limits.h", "math.h", "msgpack.h", "stdarg.h", "stdbool.h", "stddef.h", "stdint.h",
    "stdio.h", "stdlib.h", "string.h", "strings.h", "utf8proc.h",
}  # fmt: skip

INCLUDE = re.compile(r'^#include (?:"([^"]+)"|<([^>]+)>)', re.MULTILINE)
SOURCES = sorted(BRIDGE.rglob("*.[ch]"))


def part_of(path: Path) -> str:
    return path.relative_to(BRIDGE).parent.as_posix()


def own_includes(path: Path) -> Iterator[Path]:
    """Our headers that the file includes: beside it, or from bridge/."""
    for own, _ in INCLUDE.findall(path.read_text()):
        if own:
            beside = path.parent / own
            yield beside if beside.exists() else BRIDGE / own


def test_there_is_something_to_check() -> None:
    assert {part_of(path) for path in SOURCES} == set(ARROWS)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem + path.suffix)
def test_every_include_follows_an_arrow(path: Path) -> None:
    for header in own_includes(path):
        assert header.exists(), f"{path.name} includes {header}, which is not there"
        assert part_of(header) in ARROWS[part_of(path)], (
            f"{path.relative_to(BRIDGE)} must not include "
            f"{header.relative_to(BRIDGE)}"
        )


def test_the_core_reaches_for_nothing_outside() -> None:
    for path in SOURCES:
        if part_of(path) == "core":
            system = {name for _, name in INCLUDE.findall(path.read_text()) if name}
            assert system <= CORE_SYSTEM_HEADERS, path.name


def test_what_is_logged_is_of_a_component_that_can_be_named() -> None:
    names = (BRIDGE / "base" / "log_level.c").read_text()
    known = names.partition("log_components[")[2].partition("}")[0]
    known_names = set(re.findall(r'"(\w+)"', known))
    said = re.compile(
        r'\b(?:log_(?:debug|info|warn|error)\(|inside_say\([^"]*?)\s*"(\w+): '
    )
    spoken = {name for path in SOURCES for name in said.findall(path.read_text())}
    assert {"ws", "link", "bridge"} <= spoken
    assert spoken <= known_names
    assert known_names - spoken <= {"actions", "bus", "event", "http"}


def test_the_core_asks_nobody_the_time_and_does_not_log() -> None:
    for path in SOURCES:
        if part_of(path) == "core":
            assert not re.search(
                r"\b(clock_now|log_(write|debug|info|warn|error))\(", path.read_text()
            ), path.name


def test_no_header_includes_itself_by_a_detour() -> None:
    headers = [path for path in SOURCES if path.suffix == ".h"]
    done: set[Path] = set()

    def visit(header: Path, trail: tuple[Path, ...]) -> None:
        assert header not in trail, " -> ".join(h.name for h in (*trail, header))
        if header not in done:
            for included in own_includes(header):
                visit(included, (*trail, header))
            done.add(header)

    for header in headers:
        visit(header, ())


@pytest.mark.parametrize(
    "source",
    [path for path in SOURCES if path.suffix == ".c" and path.with_suffix(".h").exists()],
    ids=lambda path: path.stem,
)
def test_a_source_includes_its_own_header_first(source: Path) -> None:
    first = INCLUDE.search(source.read_text())
    assert first is not None
    assert first[1] is not None and Path(first[1]).name == f"{source.stem}.h"
