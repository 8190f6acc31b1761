"""Writing of Python source."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterable
from pathlib import Path
from typing import Any

SCHEMA = Path(__file__).parents[3] / "schema"
PACKAGE = Path(__file__).parents[1] / "src" / "onebus"
WIDTH = 88
INDENT = "    "


def read(name: str) -> dict[str, Any]:
    """The data of a file in `schema/`."""
    data: dict[str, Any] = json.loads((SCHEMA / name).read_text(encoding="utf-8"))
    return data


def head(docstring: str, *files: str) -> str:
    """The beginning of a module that is made from files in `schema/`."""
    return head_of(docstring, " and ".join(f"schema/{name}" for name in files))


def head_of(docstring: str, origin: str) -> str:
    """The beginning of a generated module."""
    note = wrap(f"Made from {origin} by `python -m generate`: edit those.", WIDTH)
    return f'"""{docstring}\n\n{note}\n"""\n\nfrom __future__ import annotations\n\n'


def indent(text: str, depth: int = 1) -> str:
    """`text` moved to the right; empty lines stay empty."""
    return textwrap.indent(text, INDENT * depth)


def wrap(text: str, width: int, *, hang: str = "") -> str:
    """`text` in lines of up to `width`, all but the first after `hang`."""
    return "\n".join(
        textwrap.wrap(
            text,
            width,
            subsequent_indent=hang,
            break_long_words=False,
            break_on_hyphens=False,
        )
    )


def docstring(paragraphs: Iterable[str], depth: int) -> str:
    """A docstring of paragraphs, which are taken as they are, indented."""
    text = "\n\n".join(paragraphs).replace("\\", "\\\\")
    quotes = '"""'
    is_short = "\n" not in text and len(text) + 6 + 4 * depth <= WIDTH
    end = "" if is_short else "\n"
    return indent(f"{quotes}{text}{end}{quotes}", depth)


def bracketed(head: str, items: list[str], tail: str, depth: int) -> str:
    """`head`, items and `tail` in one line, or with the items in lines between."""
    row = f"{head}{', '.join(items)}{tail}"
    if len(INDENT) * depth + len(row) <= WIDTH:
        return indent(row, depth)
    row = ", ".join(items)
    lines = [row] if len(INDENT) * (depth + 1) + len(row) <= WIDTH else items
    comma = "" if lines == [row] else ","
    return "\n".join(
        [
            indent(head, depth),
            *(indent(f"{line}{comma}", depth + 1) for line in lines),
            indent(tail, depth),
        ]
    )


def sentence(text: str) -> str:
    """`text` with a full stop."""
    return text if text.endswith((".", "!", "?", ":")) else text + "."


def lowered(text: str) -> str:
    """`text` as it goes on within a sentence; a name keeps its capitals."""
    word = text.split(" ", 1)[0]
    return text if word != word.capitalize() else text[0].lower() + text[1:]


_PEERS = {
    "onebot11": "OneBot 11",
    "napcat": "NapCat",
    "gocqhttp": "go-cqhttp",
    "lagrange": "Lagrange",
    "llbot": "LLBot",
}


def peers(names: list[str]) -> str:
    """Implementations as one writes them."""
    return ", ".join(_PEERS[name] for name in names)


def snake(name: str) -> str:
    """A name of capitals in snake case."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def comment(text: str) -> list[str]:
    """A comment that documents the field below it."""
    lines = wrap(text, WIDTH - 7).split("\n")
    return [f"    #: {line}" for line in lines]


def exports(names: Iterable[str]) -> str:
    """The `__all__` of a module."""
    lines = "".join(f'    "{name}",\n' for name in sorted(names))
    return f"__all__ = [\n{lines}]\n\n"
