"""Patterns of topics: which events are wanted.

    qq.group.*               all that happens in groups
    qq.group.*.message.*     messages of all groups
    qq.group.20002.          a plain prefix: what is below it

A `*` in the middle stands for one token, a last one for one or more. A pattern
without `*` is one topic, or with a dot at its end all that is below.
"""

from __future__ import annotations

import re

#: Bytes of the longest pattern.
PATTERN_MAX = 383

_TOKEN = re.compile(r"[A-Za-z0-9_-]+")
_NUL = b"\0"


class PatternError(ValueError):
    """What is given is no pattern: the message names the place."""


class Patterns:
    """One or more patterns, compiled once; none at all stand for every event.

    PatternError for what is no pattern.
    """

    def __init__(self, *patterns: str) -> None:
        for pattern in patterns:
            check(pattern)
        self.texts = patterns
        self._wants = _compile(patterns)

    def __repr__(self) -> str:
        return f"Patterns({', '.join(map(repr, self.texts))})"

    def match(self, topic: str) -> bool:
        """Whether an event with this topic is wanted."""
        return self.wants(topic.encode() + _NUL)

    def wants(self, message: bytes) -> bool:
        """The same by a message of the bus: a topic, NUL, and what follows."""
        return self._wants is None or self._wants.match(message) is not None


def check(pattern: str) -> None:
    """PatternError if it is no pattern."""
    if len(pattern) > PATTERN_MAX:
        raise _fault(pattern, f"{len(pattern)} bytes; allowed: {PATTERN_MAX}")
    tokens = pattern.split(".")
    is_prefix = len(tokens) > 1 and tokens[-1] == ""
    for place, token in enumerate(tokens[:-1] if is_prefix else tokens, 1):
        if token != "*" and not _TOKEN.fullmatch(token):
            raise _fault(
                pattern,
                f"token {place}, {token[:80]!r}; allowed: letters, digits, _ and -,"
                " or * alone",
            )
    if is_prefix and "*" in tokens:
        raise _fault(pattern, f"ends in a dot; allowed: {pattern[:-1]}, or {pattern}*")


def prefix(pattern: str) -> bytes:
    """What to subscribe to: all that matches begins with it.

    It ends in a dot, or in NUL where the pattern is one topic.
    """
    check(pattern)
    head, star, _ = pattern.partition("*")
    is_topic = not star and not head.endswith(".")
    return head.encode() + (_NUL if is_topic else b"")


def _fault(pattern: str, what: str) -> PatternError:
    return PatternError(f"pattern {pattern[:80]!r}: {what}; e.g. qq.group.*")


def _compile(patterns: tuple[str, ...]) -> re.Pattern[bytes] | None:
    """None if every topic matches."""
    if not patterns or "*" in patterns:
        return None
    return re.compile(b"(?:" + b"|".join(map(_regex, patterns)) + b")\0")


def _regex(pattern: str) -> bytes:
    """A regular expression for the topic, without the NUL behind it."""
    *tokens, last = pattern.split(".")
    parts = [r"[^.\0]+" if token == "*" else re.escape(token) for token in tokens]
    parts.append(r"[^\0]+" if last in ("", "*") else re.escape(last))
    return r"\.".join(parts).encode()
