"""What is given back: results that are no JSON value, and frames of answers.

Keys stand in the order of each implementation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

OK: Final = 0
FAILED: Final = 1200
BAD_REQUEST: Final = 1400
UNKNOWN_ACTION: Final = 1404

NORMAL: Final = "normal-action"
STREAM: Final = "stream-action"


class ActionFailed(Exception):
    """An answer with status `failed`."""

    def __init__(self, wording: str, retcode: int = FAILED) -> None:
        super().__init__(wording)
        self.wording = wording
        self.retcode = retcode


class Refused(Exception):
    """QQ or NapCat would not do this; the text is the `wording` of a 1200."""


class _Sentinel:
    """A result that is no JSON value."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __repr__(self) -> str:
        return self._name


ABSENT: Final = _Sentinel("ABSENT")
"""The handler gives nothing: the answer has no key `data`."""

NO_ANSWER: Final = _Sentinel("NO_ANSWER")
"""The request is never answered."""


@dataclass(frozen=True)
class Stream:
    """Several answers with one echo (`stream` is `stream-action`).

    With an `error` the row ends in a failure with that wording.
    """

    packets: tuple[dict[str, Any], ...]
    error: str | None = None


@dataclass(frozen=True)
class Answer:
    """One answer, before it is a frame."""

    data: Any = ABSENT
    retcode: int = OK
    wording: str = ""
    echo: Any = None
    """None when there was none."""
    stream: str = NORMAL
    has_echo: bool = True
    """False: it answers a frame that could not be read."""

    @property
    def status(self) -> str:
        """`ok` or `failed`."""
        return "failed" if self.retcode else "ok"


Frame = Callable[[Answer], dict[str, Any]]


def napcat(answer: Answer) -> dict[str, Any]:
    """No echo becomes an empty text, except where there is no action."""
    echo = answer.echo
    if echo is None and answer.has_echo and answer.retcode != UNKNOWN_ACTION:
        echo = ""
    return _with_data({"status": answer.status, "retcode": answer.retcode}, answer) | {
        "message": answer.wording,
        "wording": answer.wording,
        "echo": echo,
        "stream": answer.stream,
    }


def llbot(answer: Answer) -> dict[str, Any]:
    """As NapCat's, but data is always there and nothing tells of streams."""
    frame = napcat(replace(answer, data=_data(answer)))
    del frame["stream"]
    return frame


def lagrange(answer: Answer) -> dict[str, Any]:
    """Lagrange gives no text."""
    return {
        "status": answer.status,
        "retcode": answer.retcode,
        "data": _data(answer),
        "echo": answer.echo,
    }


_GOCQHTTP_CODES: Mapping[int, str] = {404: "API_NOT_FOUND", 1400: "BAD_REQUEST"}


def gocqhttp(answer: Answer) -> dict[str, Any]:
    """Keys sorted, as Go writes a map; `msg` is a code word, and only there
    when it failed."""
    frame = {"data": _data(answer), "message": ""}
    if answer.echo is not None:
        frame["echo"] = answer.echo
    if answer.retcode:
        frame["msg"] = _GOCQHTTP_CODES.get(answer.retcode, "SEND_MSG_API_ERROR")
        frame["wording"] = answer.wording
    frame |= {"retcode": answer.retcode, "status": answer.status}
    return dict(sorted(frame.items()))


def _data(answer: Answer) -> Any:
    """The data, null when there is none."""
    return None if answer.data is ABSENT else answer.data


def _with_data(frame: dict[str, Any], answer: Answer) -> dict[str, Any]:
    return frame if answer.data is ABSENT else frame | {"data": answer.data}
