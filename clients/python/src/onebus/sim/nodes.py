"""Reading a scenario file: values with their places, checked as they are read.

Each error names the line, the field, what is wrong and what is allowed.
"""

from __future__ import annotations

import difflib
import pathlib
from collections.abc import Iterable, Iterator
from typing import Any

import json5

from . import js
from .places import Path, lines_of


class ScenarioError(Exception):
    """A scenario that does not hold; one line for each error."""


class Document:
    """A file and the places in it."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        try:
            self._value = json5.loads(text, allow_duplicate_keys=False)
        except ValueError as error:
            raise ScenarioError(f"{name}: {_of_json5(error)}") from None
        self._lines = lines_of(text)

    @property
    def root(self) -> Node:
        """The whole."""
        return Node(self, self._value, ())

    def line(self, path: Path) -> int:
        """Where it stands, or what it is missing in."""
        while path not in self._lines:
            path = path[:-1]
        return self._lines[path]


class Node:
    """A value in a document."""

    def __init__(self, document: Document, value: Any, path: Path) -> None:
        self.value = value
        self.path = path
        self._document = document

    @property
    def line(self) -> int:
        """From 1."""
        return self._document.line(self.path)

    def error(self, text: str) -> ScenarioError:
        """An error here."""
        field = ".".join(str(part) for part in self.path) or "the file"
        return ScenarioError(f"{self._document.name}:{self.line}: {field}: {text}")

    # -- members -----------------------------------------------------------------

    def has(self, key: str) -> bool:
        """Whether the object has the key."""
        return js.is_object(self.value) and key in self.value

    def get(self, key: str) -> Node | None:
        """The member, None when there is none."""
        if not self.has(key):
            return None
        return Node(self._document, self.value[key], (*self.path, key))

    def __getitem__(self, key: str) -> Node:
        found = self.get(key)
        if found is None:
            raise self.error(f"{key} is missing")
        return found

    def items(self) -> Iterator[tuple[str, Node]]:
        """The members of an object."""
        for key in self.object():
            yield key, self[key]

    def elements(self) -> list[Node]:
        """The elements of an array."""
        if not js.is_array(self.value):
            raise self.error(f"an array is wanted, not {_kind(self.value)}")
        return [
            Node(self._document, value, (*self.path, place))
            for place, value in enumerate(self.value)
        ]

    def only(self, allowed: Iterable[str]) -> None:
        """Refuse other keys than these."""
        names = list(allowed)
        for key, member in self.items():
            if key not in names:
                raise member.error(f"not known here{hint(key, names)}")

    # -- values --------------------------------------------------------------------

    def object(self) -> dict[str, Any]:
        """An object."""
        if not js.is_object(self.value):
            raise self.error(f"an object is wanted, not {_kind(self.value)}")
        return self.value

    def text(self) -> str:
        """A text."""
        if not isinstance(self.value, str):
            raise self.error(f"a text is wanted, not {_kind(self.value)}")
        return self.value

    def integer(self, least: int = 0, most: int = 2**53 - 1) -> int:
        """A whole number, `least` to `most`."""
        value = self.value
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.error(f"a whole number is wanted, not {_kind(value)}")
        if not least <= value <= most:
            raise self.error(f"{value} is out of range: {least} to {most}")
        return value

    def seconds(self) -> float:
        """A number that is not negative."""
        value = self.value
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise self.error(f"a number of seconds is wanted, not {_kind(value)}")
        if not 0 <= value < float("inf"):
            raise self.error(f"{value} is no number of seconds")
        return float(value)

    def flag(self) -> bool:
        """true or false."""
        if not isinstance(self.value, bool):
            raise self.error(f"true or false is wanted, not {_kind(self.value)}")
        return self.value

    def one_of(self, allowed: Iterable[str]) -> str:
        """One of these texts."""
        names = list(allowed)
        if self.text() not in names:
            raise self.error(f"{self.value!r} is not allowed{hint(self.value, names)}")
        return self.text()


def hint(word: str, allowed: list[str]) -> str:
    """What may have been meant, and what is allowed."""
    near = difflib.get_close_matches(word, allowed, n=1)
    meant = f"; did you mean {near[0]}?" if near else ""
    return f"{meant} (allowed: {', '.join(allowed)})"


def read_document(path: pathlib.Path) -> Document:
    """The file; raises ScenarioError."""
    try:
        return Document(str(path), path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ScenarioError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ScenarioError(f"{path}: this is no UTF-8") from None


def _of_json5(error: ValueError) -> str:
    """The library names the text `<string>:LINE`."""
    return str(error).replace("<string>:", "line ")


def _kind(value: object) -> str:
    if value is None:
        return "null"
    for kind, name in _KINDS:
        if isinstance(value, kind):
            return name
    return "a number"


_KINDS: tuple[tuple[type, str], ...] = (
    (dict, "an object"),
    (list, "an array"),
    (str, "a text"),
    (bool, "a flag"),
)
