"""Lines for people: what may be printed, in which colours, and where.

What comes from a bot is never trusted: a character that a terminal could take
for an order is shown by its number.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import Literal, TextIO

ColourChoice = Literal["auto", "always", "never"]

_ORDERS = re.compile(
    # C0 but for the line feed, DEL and C1; what turns the direction of writing
    # or breaks lines unseen; halves of pairs, which no terminal can write.
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)

_CODES = {
    "bot": "1;36",
    "person": "32",
    "system": "2",
    "notice": "33",
    "error": "31",
    "good": "32",
    "strong": "1",
}


def printable(text: str) -> str:
    """The text with nothing in it that a terminal obeys; line feeds stay."""
    return _ORDERS.sub(_by_number, text)


def _by_number(found: re.Match[str]) -> str:
    number = ord(found.group())
    if number == ord("\t"):
        return "    "
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}"


def one_line(text: str, most: int = 200) -> str:
    """Printable, on one line, and cut at `most` characters."""
    line = " ".join(printable(text).split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


@dataclass(frozen=True)
class Palette:
    """Colours by what they stand for, or none at all."""

    enabled: bool

    def paint(self, text: str, kind: str) -> str:
        """The text in the colour of `kind`, a key of the table above."""
        return f"\x1b[{_CODES[kind]}m{text}\x1b[0m" if self.enabled else text


def palette_for(stream: TextIO, choice: ColourChoice = "auto") -> Palette:
    """Colours on a terminal, unless `NO_COLOR` or a dumb one forbids it."""
    if choice != "auto":
        return Palette(choice == "always")
    forbidden = bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
    return Palette(stream.isatty() and not forbidden)


def size_text(size: int) -> str:
    """A number of bytes for people: `12 KB`."""
    if size < 1000:
        return f"{size} B"
    for unit in ("KB", "MB"):
        size = round(size / 1000)
        if size < 1000:
            return f"{size} {unit}"
    return f"{round(size / 1000)} GB"
