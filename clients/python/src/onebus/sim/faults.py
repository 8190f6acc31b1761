"""What an answer can meet on its way: faults, by action and by count.

``Faults.add("send_*", Lost(), times=2)`` makes a rule.  A request meets the
oldest rule that its action's name fits and that has times left, and only that
one; a rule with several faults lets the request meet them all.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, TypeVar, Union

from . import js


@dataclass(frozen=True)
class Late:
    """The answer waits so many seconds."""

    seconds: float


@dataclass(frozen=True)
class Lost:
    """What is asked is done, and never answered."""


@dataclass(frozen=True)
class Failed:
    """Answered `failed`; with `runs` what is asked is done all the same, as
    when NapCat gives up waiting for QQ."""

    wording: str = "failed"
    retcode: int = 1200
    runs: bool = False


@dataclass(frozen=True)
class Twice:
    """The answer is written twice."""


@dataclass(frozen=True)
class Reversed:
    """Answers are kept until there are `count`, and leave last one first."""

    count: int


@dataclass(frozen=True)
class OnNextLink:
    """What is asked is done, the connection breaks, and the answer leaves on
    the next one, as NapCat's do.  Where answers are bound to their connection,
    it is lost."""


@dataclass(frozen=True)
class BreakBefore:
    """The connection breaks, and what is asked is not done."""


@dataclass(frozen=True)
class BreakAfter:
    """What is asked is done, the connection breaks, and no answer comes."""


@dataclass(frozen=True)
class CutShort:
    """Of an answer in several frames only the first `frames` come."""

    frames: int


@dataclass(frozen=True)
class Damaged:
    """One byte of a chunk is changed: of an upload's on its way in, of a
    download's first one on its way out."""


Fault = Union[
    Late,
    Lost,
    Failed,
    Twice,
    Reversed,
    OnNextLink,
    BreakBefore,
    BreakAfter,
    CutShort,
    Damaged,
]

F = TypeVar("F")


@dataclass(eq=False)
class Rule:
    """Faults for actions whose name fits the glob `action`."""

    action: str
    faults: tuple[Fault, ...]
    left: int | None = None
    """How many requests it is still for; None: all."""
    kept: list[Callable[[], None]] = field(default_factory=list, repr=False)
    """Answers that wait for their turn in `Reversed`."""

    def fits(self, action: object) -> bool:
        """Whether a request for `action` meets it now."""
        return self.left != 0 and fits(self.action, action)

    def get(self, kind: type[F]) -> F | None:
        """Its fault of that kind, if it has one."""
        return next((fault for fault in self.faults if isinstance(fault, kind)), None)

    def keep(self, answer: Callable[[], None], count: int) -> None:
        """Keep an answer; the one that makes it `count` lets them all go."""
        self.kept.append(answer)
        if len(self.kept) >= count:
            kept, self.kept = self.kept, []
            for write in reversed(kept):
                write()


NO_RULE = Rule("", (), 0)
"""What a request meets when nothing is in its way."""


def fits(glob: str | None, action: object) -> bool:
    """Whether the name fits the glob; None fits all."""
    return glob is None or (isinstance(action, str) and fnmatchcase(action, glob))


class Faults:
    """The rules, oldest first."""

    def __init__(self) -> None:
        self._rules: list[Rule] = []

    def __iter__(self) -> Iterator[Rule]:
        return iter(self._rules)

    def add(self, action: str, *faults: Fault, times: int | None = None) -> Rule:
        """Let the next `times` requests that fit meet `faults`; None: all."""
        rule = Rule(action, faults, times)
        self._rules.append(rule)
        return rule

    def clear(self) -> None:
        """Let nothing happen any more."""
        self._rules.clear()

    def take(self, action: object) -> Rule:
        """The rule that a request for `action` meets; counts it."""
        for rule in self._rules:
            if rule.fits(action):
                if rule.left is not None:
                    rule.left -= 1
                return rule
        return NO_RULE


def damaged(encoded: str) -> str:
    """Base64 of the same bytes but for the first."""
    data = bytearray(js.base64_bytes(encoded))
    if data:
        data[0] ^= 0xFF
    return base64.b64encode(data).decode()


def damaged_packets(packets: tuple[dict[str, Any], ...]) -> tuple[dict[str, Any], ...]:
    """The packets of a stream, a byte of the first chunk changed."""
    changed = list(packets)
    for place, packet in enumerate(changed):
        if packet.get("data_type") == "file_chunk":
            changed[place] = packet | {"data": damaged(packet["data"])}
            break
    return tuple(changed)


_KINDS: dict[str, Callable[[str], Fault]] = {
    "late": lambda text: Late(float(text or 1)),
    "lost": lambda _text: Lost(),
    "failed": lambda text: Failed(text or "failed"),
    "twice": lambda _text: Twice(),
    "reversed": lambda text: Reversed(int(text or 2)),
    "on-next-link": lambda _text: OnNextLink(),
    "break-before": lambda _text: BreakBefore(),
    "break-after": lambda _text: BreakAfter(),
    "cut-short": lambda text: CutShort(int(text or 1)),
    "damaged": lambda _text: Damaged(),
}

KINDS = tuple(_KINDS)
"""What `parse` knows."""


def parse(text: str) -> tuple[str, Fault, int | None]:
    """``GLOB=KIND[:ARGUMENT][*TIMES]`` of the command line, taken apart.

    Raises ValueError.
    """
    glob, equals, rest = text.partition("=")
    head, star, times = rest.rpartition("*")
    kind, _, argument = (head if star else rest).partition(":")
    if not glob or not equals or kind not in _KINDS:
        allowed = ", ".join(KINDS)
        raise ValueError(f"{text}: allowed: GLOB=KIND[:ARGUMENT][*TIMES], of {allowed}")
    return glob, _KINDS[kind](argument), int(times) if star else None
