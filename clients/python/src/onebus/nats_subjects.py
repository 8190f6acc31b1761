"""Names on NATS: subjects of what is wanted, of who is called, and of cursors."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

#: Bytes of the longest token of a topic.
TOKEN_MAX = 64
#: Bytes of the longest consumer that NATS takes a name for, and what is left of one
#: that is longer.
CONSUMER_MAX = 200
_CUT = 160

_UNFIT = re.compile(rb"[^A-Za-z0-9_-]")
_CURSOR = re.compile(r"[A-Za-z0-9._:@/-]{1,128}")
_PREFIX = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*")
_STREAM = re.compile(r"[A-Za-z0-9_-]+")


def token(account: str) -> str:
    """The account as it stands in topics and subjects."""
    name = account.encode(errors="surrogateescape")[:TOKEN_MAX]
    return _UNFIT.sub(b"_", name).decode() or "_"


def check_prefix(prefix: str) -> None:
    """ValueError if nothing can be behind it."""
    if prefix and not _PREFIX.fullmatch(prefix):
        raise ValueError(
            f"subject_prefix={prefix!r}: allowed: letters, digits, _ and -, and dots"
            " between them"
        )


def check_stream(stream: str) -> None:
    """ValueError if no stream has such a name."""
    if not _STREAM.fullmatch(stream):
        raise ValueError(f"stream={stream!r}: allowed: letters, digits, _ and -")


def consumer(cursor: str) -> str:
    """The durable consumer of a cursor; no two cursors have the same.

    ValueError for what is no name of a cursor.
    """
    if not _CURSOR.fullmatch(cursor):
        raise ValueError(
            f"cursor={cursor!r}: allowed: 1 to 128 letters, digits and ._:@/-"
        )
    name = re.sub(r"[^A-Za-z0-9_-]", lambda found: f"={ord(found[0]):02X}", cursor)
    if len(name) <= CONSUMER_MAX:
        return name
    return f"{name[:_CUT]}==" + hashlib.sha256(cursor.encode()).hexdigest()[:32]


def narrowest(patterns: Sequence[str], prefix: str) -> str | None:
    """The one subject that has all that the patterns match; None: everything.

    A server of version 2.9 takes only one.
    """
    if not patterns or "*" in patterns:
        return None
    merged = [*_tokens(patterns[0])]
    for pattern in patterns[1:]:
        merged = _merge(merged, _tokens(pattern))
    if merged == [">"]:
        return None
    return ".".join([prefix, *merged] if prefix else merged)


def _tokens(pattern: str) -> list[str]:
    *tokens, last = pattern.split(".")
    return [*tokens, ">" if last in ("", "*") else last]


def _merge(one: list[str], other: list[str]) -> list[str]:
    """What takes in both. A `>` stands for one token or more."""
    is_open = len(one) != len(other) or one[-1] == ">" or other[-1] == ">"
    length = min(len(one), len(other))
    if is_open:
        length -= 1
    head = [a if a == b else "*" for a, b in zip(one[:length], other[:length], strict=True)]
    if not is_open:
        return head
    while head and head[-1] == "*":
        head.pop()
    return [*head, ">"]
