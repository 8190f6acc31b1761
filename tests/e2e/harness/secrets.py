"""Whether any process of ours tells a secret.

All that a test uses of tokens is noted here: those of its settings, whatever
way they come in, and those that peers and programs send, right or wrong. What a
bridge prints, all of it, and what a command says on stderr must have none of
them. The fixture `no_secret_is_told` sees to it after every test.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

#: Shorter ones are a part of harmless words.
SHORTEST = 6

#: Words of ours that a test may use as a token.
HARMLESS = frozenset({"secret", "Bearer", "access_token", "optional_token"})

_SET = re.compile(r"[tT]oken(?P<file>File)?=(?P<value>.+)", re.DOTALL)
_VARIABLE = re.compile(r"^ONEBUS_\w*TOKEN(?P<file>FILE)?$|TOKEN$")


class Secrets:
    """Those of one test."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Begin anew: those of the test before are of no concern."""
        self._values: set[str] = set()
        self._files: set[Path] = set()
        self._printed: list[Callable[[], bytes]] = []

    def note(self, *values: object) -> None:
        """These are secrets."""
        self._values |= {v for v in values if isinstance(v, str)}

    def note_file(self, path: object) -> None:
        """What is in this file, now and at the end, is one."""
        if isinstance(path, str):
            self._files.add(Path(path))
            self.note(*_text_of(Path(path)))

    def note_settings(self, value: Any) -> None:
        """The secrets in settings, however deep."""
        if isinstance(value, Mapping):
            for key, below in value.items():
                self._note_setting(key, below)
        elif isinstance(value, list):
            for below in value:
                self.note_settings(below)

    def _note_setting(self, key: str, value: Any) -> None:
        if key in ("accessToken", "token"):
            self.note(value)
        elif key in ("accessTokenFile", "tokenFile"):
            self.note_file(value)
        elif key in ("connect", "url"):
            for url in [value] if isinstance(value, str) else value:
                self.note_url(url)
        else:
            self.note_settings(value)

    def note_url(self, url: str) -> None:
        """A password in it, or a token, and all that its query says."""
        try:
            parts = urlsplit(url)
            self.note(parts.password or parts.username)
        except ValueError:
            return
        for _, value in parse_qsl(parts.query):
            self.note(value)

    def note_arguments(self, arguments: Iterable[str]) -> None:
        """What comes by `--set`."""
        for argument in arguments:
            if found := _SET.search(argument):
                note = self.note_file if found["file"] else self.note
                note(found["value"])

    def note_environment(self, env: Mapping[str, str]) -> None:
        for name, value in env.items():
            if found := _VARIABLE.search(name):
                note = self.note_file if found["file"] else self.note
                note(value)

    def note_request(self, target: str, headers: Iterable[tuple[str, str]]) -> None:
        """What a peer sends to come in."""
        for name, value in parse_qsl(urlsplit(target).query):
            if "token" in name:
                self.note(value, value.replace(" ", "+"))
        for name, value in headers:
            if name.lower() == "authorization":
                self.note(value.strip().rpartition(" ")[2])

    def printed_by(self, printed: Callable[[], bytes]) -> None:
        """This gives all that a process has printed."""
        self._printed.append(printed)

    def told(self) -> list[str]:
        """The secrets that were printed, each with the line it is in."""
        for path in self._files:
            self.note(*_text_of(path))
        lines = [
            line for printed in self._printed for line in printed().splitlines()
        ]
        return [
            f"{value!r} in {line!r}"
            for value in sorted(self._values)
            for form in _forms(value)
            for line in lines
            if form in line
        ]


def _text_of(path: Path) -> list[str]:
    """Of a file; a pipe would wait for who writes it."""
    try:
        return [path.read_text().strip()] if path.is_file() else []
    except (OSError, ValueError):
        return []


def _forms(value: str) -> set[bytes]:
    forms = {value, value.strip(), unquote(value)}
    return {
        form.encode(errors="replace")
        for form in forms
        if len(form) >= SHORTEST and form not in HARMLESS
    }


#: Of the test that runs.
SECRETS = Secrets()
