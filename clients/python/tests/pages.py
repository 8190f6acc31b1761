"""The pages of the documentation, and the code in them.

A comment above a block of code says what becomes of it; readers do not see it.

    <!-- file: NAME -->        a file; those of a page lie in one folder, where the
                               ones that are tests are run
    <!-- chat: "A" -> "B" -->  a program with a `bot`; told A, it says B
    <!-- test: EXAMPLE -->     a test of the `bot` of an example
    <!-- run -->               a program that ends by itself
    <!-- other -->             for a package that is not ours

Without one it is a piece of a program, and may use what `GIVEN` has.
"""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass
from pathlib import Path

PACKAGE = Path(__file__).parents[1]
REPOSITORY = PACKAGE.parents[1]
DOCS = PACKAGE / "docs"

ENGLISH = [PACKAGE / "README.md", *sorted(DOCS.glob("*.md"))]
CHINESE = sorted((DOCS / "zh").glob("*.md"))

_BLOCK = re.compile(
    r"(?:^ *<!-- (?P<mark>\w+)(?:: (?P<argument>.+?))? -->\n)?"
    r"^(?P<indent> *)```(?P<language>\w*)\n(?P<code>.*?)^(?P=indent)```$",
    re.MULTILINE | re.DOTALL,
)
_HEADING = re.compile(r"^(#+) (.*)$", re.MULTILINE)
_LINK = re.compile(r"\]\(([^)\s]+)\)")


@dataclass(frozen=True)
class Block:
    """Some code of a page."""

    page: Path
    line: int
    language: str
    mark: str
    argument: str
    code: str

    def __str__(self) -> str:
        return f"{self.page.relative_to(REPOSITORY)}:{self.line}"


def blocks(page: Path) -> list[Block]:
    """All code of a page."""
    text = page.read_text(encoding="utf-8")
    return [
        Block(
            page,
            text.count("\n", 0, found.start("code")) + 1,
            found["language"],
            found["mark"] or "",
            found["argument"] or "",
            textwrap.dedent(found["code"]),
        )
        for found in _BLOCK.finditer(text)
    ]


def python(pages: list[Path], *marks: str) -> list[Block]:
    """The Python of pages, with one of these marks."""
    found = (block for page in pages for block in blocks(page))
    return [each for each in found if each.language == "python" and each.mark in marks]


def _prose(page: Path) -> str:
    return _BLOCK.sub("", page.read_text(encoding="utf-8"))


def headings(page: Path) -> list[tuple[int, str]]:
    """The headings of a page: how deep, and what they say."""
    return [(len(marks), text) for marks, text in _HEADING.findall(_prose(page))]


def anchors(page: Path) -> list[str]:
    """What a link into a page may name, as GitHub makes it of headings."""
    words = (re.sub(r"[^\w\- ]", "", text.lower()) for _, text in headings(page))
    return [word.replace(" ", "-") for word in words]


def links(page: Path) -> list[str]:
    """Where a page leads to, other sites aside."""
    return [to for to in _LINK.findall(_prose(page)) if not re.match(r"\w+:", to)]
