"""The parameters of segments: what they may be, in Python and on the wire.

A parameter is read in two ways.  What a peer sent is *read*: what does not fit
is None.  What a developer gives is *taken*: what does not fit is an error.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from os import PathLike
from typing import Any, cast

from .address import as_received

_DIGITS = re.compile(r"-?[0-9]{1,20}")
_TRUE, _FALSE = {"true", "yes", "1"}, {"false", "no", "0"}


def read_text(value: object) -> str | None:
    """A text as it is."""
    return value if isinstance(value, str) else None


def take_text(value: object) -> str | None:
    """A text, or a number as one."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    return read_text(value)


def read_integer(value: object) -> int | None:
    """12, 12.0 or "12"."""
    if isinstance(value, str):
        return int(value) if _DIGITS.fullmatch(value) else None
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def read_who(value: object) -> int | str | None:
    """A QQ number, or "all"."""
    return "all" if value == "all" else read_integer(value)


def read_number(value: object) -> float | None:
    """39.9, 39 or "39.9"."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        return float(value)
    except (ValueError, OverflowError):
        return None


def read_boolean(value: object) -> bool | None:
    """True, 1, "true", "yes" or "1", and the like."""
    if not isinstance(value, (int, str)):
        return None
    word = str(value).lower()
    return True if word in _TRUE else False if word in _FALSE else None


def read_file(value: object) -> str | bytes | PathLike[str] | None:
    """Bytes; an address, a path or a name as text; a path as such."""
    if isinstance(value, (bytearray, memoryview)):
        return bytes(cast("bytearray", value))
    is_path = isinstance(value, PathLike)
    return cast("Any", value) if is_path or isinstance(value, (str, bytes)) else None


def read_received_file(value: object) -> str | bytes | PathLike[str] | None:
    """The same, of the peer's machine."""
    file = read_file(value)
    return cast("str", as_received(file)) if isinstance(file, str) else file


def read_json(value: object) -> str | Mapping[str, Any] | None:
    """JSON as text, or the map that it says."""
    return value if isinstance(value, str) else read_object(value)


def read_object(value: object) -> Mapping[str, Any] | None:
    """A map."""
    return cast("Mapping[str, Any]", value) if isinstance(value, Mapping) else None


def read_array(value: object) -> list[Any] | None:
    """A list."""
    return list(cast("list[Any]", value)) if isinstance(value, (list, tuple)) else None


def read_message(value: object) -> Any:
    """A message as it is on the wire, in any form."""
    from .message import Message

    return Message.from_wire(value)


def take_message(value: Any) -> Any:
    """A message as developers write it: a string is text."""
    from .message import Message

    return Message(value)


def _same(value: Any) -> Any:
    return value


@dataclass(frozen=True)
class Form:
    """What a value may be; `allowed` says it in words."""

    allowed: str
    read: Callable[[object], Any]
    take: Callable[[object], Any]
    write: Callable[[Any], Any] = _same


TEXT = Form("a text", read_text, take_text)
INTEGER = Form("an integer", read_integer, read_integer)
#: A number of QQ's: OneBot 11 wants its digits.
ID = Form("an integer or its digits", read_integer, read_integer, str)
WHO = Form('a QQ number or "all"', read_who, read_who, str)
NUMBER = Form("a number", read_number, read_number)
BOOLEAN = Form("True or False", read_boolean, read_boolean)
FILE = Form(
    "bytes, a path, or an address as text", read_received_file, read_file
)
JSON = Form("JSON as text, or a map", read_json, read_json)
OBJECT = Form("a map", read_object, read_object)
ARRAY = Form("a list", read_array, read_array)
MESSAGE = Form(
    "a message", read_message, take_message, lambda message: message.to_wire()
)


@dataclass(frozen=True)
class Param:
    """A parameter of a type of segment.

    `name` is its key on the wire, `aliases` are others for it, `field` is the
    attribute.  `required`, `one_of` and `required_if` are about sending.
    """

    name: str
    form: Form
    field: str = ""
    required: bool = False
    one_of: bool = False
    required_if: Mapping[str, tuple[Any, ...]] | None = None
    main: bool = False
    values: tuple[Any, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    aliases: tuple[str, ...] = ()

    @property
    def attribute(self) -> str:
        """The name of the attribute."""
        return self.field or self.name

    def read(self, data: Mapping[str, Any]) -> Any:
        """What a peer sent; None if it is missing or does not fit."""
        for key in (self.name, *self.aliases):
            if (given := data.get(key)) is not None:
                value = self.form.read(given)
                return value if self._fits(value) else None
        return None

    def take(self, value: object, owner: str) -> Any:
        """What a developer gives.  ValueError if it is missing or does not fit."""
        where = f"{owner}.{self.attribute}"
        if value is None:
            if self.required:
                raise ValueError(f"{where}: required: {self.allowed}")
            return None
        taken = self.form.take(value)
        if taken is None or not self._fits(taken):
            raise ValueError(f"{where}: allowed: {self.allowed}, not {value!r}")
        return taken

    def _fits(self, value: Any) -> bool:
        if self.values and self.form is not WHO:
            return value in self.values
        if self.minimum is None or self.maximum is None or value is None:
            return True
        return bool(self.minimum <= value <= self.maximum)

    @property
    def allowed(self) -> str:
        """What it may be, in words."""
        if self.values and self.form is not WHO:
            return " or ".join(map(repr, self.values))
        if self.minimum is not None:
            return f"{self.form.allowed} from {self.minimum} to {self.maximum}"
        return self.form.allowed
