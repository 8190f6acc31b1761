"""Where the values of a JSON5 text stand: line numbers by path.

The json5 library gives values without places, so the text, which it has found
to be right, is walked once more for its brackets, keys and commas.
"""

from __future__ import annotations

import re
from typing import Union

import json5

Path = tuple[Union[str, int], ...]
"""The keys and places that lead to a value; () is the whole."""

_TOKEN = re.compile(
    r"""(?P<blank>\s+|//[^\n\r\u2028\u2029]*|/\*.*?\*/)
    |(?P<string>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')
    |(?P<mark>[{}\[\],:])
    |(?P<word>[^\s{}\[\],:"'/]+)""",
    re.VERBOSE | re.DOTALL,
)


def lines_of(text: str) -> dict[Path, int]:
    """The line, from 1, of each value; of one with a key, the key's."""
    return _Walk(text).lines


class _Walk:
    """One pass over the tokens of a text that holds."""

    def __init__(self, text: str) -> None:
        self.lines: dict[Path, int] = {}
        self._tokens = [
            (found.group(), text.count("\n", 0, found.start()) + 1)
            for found in _TOKEN.finditer(text)
            if found.lastgroup != "blank"
        ]
        self._next = 0
        self._value(())

    def _take(self) -> tuple[str, int]:
        token = self._tokens[self._next]
        self._next += 1
        return token

    def _peek(self) -> str:
        return self._tokens[self._next][0]

    def _value(self, path: Path) -> None:
        token, line = self._take()
        self.lines.setdefault(path, line)
        if token == "{":
            self._object(path)
        elif token == "[":
            self._array(path)

    def _object(self, path: Path) -> None:
        while self._peek() != "}":
            key, line = self._take()
            name = str(json5.loads(key)) if key[0] in "\"'" else key
            inner = (*path, name)
            self.lines[inner] = line
            self._take()
            self._value(inner)
            self._skip_comma()
        self._take()

    def _array(self, path: Path) -> None:
        count = 0
        while self._peek() != "]":
            self._value((*path, count))
            self._skip_comma()
            count += 1
        self._take()

    def _skip_comma(self) -> None:
        if self._peek() == ",":
            self._take()
