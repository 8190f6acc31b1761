"""Loosely typed maps, read into typed fields.

Peers write one number as `12`, `12.0` or `"12"`, and leave out what others give.
A reader takes a value in any form that clearly means its type, and raises `Unfit`
for every other; `read` puts the fields of a class together from a map.
"""

from __future__ import annotations

import reprlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar, cast

from ._param import read_integer
from .message import Message

T = TypeVar("T")


class Unfit(ValueError):
    """A value is missing or not of its type; the argument says which and why."""


class Field(NamedTuple):
    """A field of a class: its name, which is the map's key, and its reader."""

    name: str
    read: Callable[[Any], Any]
    is_required: bool


def read(data: Mapping[str, Any], fields: tuple[Field, ...]) -> dict[str, Any]:
    """The values of `fields` by name, without what is missing or does not fit.

    Unfit if that is so of a required one.
    """
    values: dict[str, Any] = {}
    for name, reader, is_required in fields:
        value = data.get(name)
        if value is None:
            if is_required:
                raise Unfit(f"{name}: missing")
            continue
        try:
            values[name] = reader(value)
        except Unfit as unfit:
            if is_required:
                raise Unfit(f"{name}: {unfit}") from None
    return values


def shown(value: object) -> str:
    """A value in a few words, however large or deep it is."""
    return reprlib.repr(value)


def integer(value: Any) -> int:
    """`12`, `12.0` or `"12"`."""
    if type(value) is int:
        return value
    found = read_integer(value)
    if found is None:
        raise Unfit(f"no integer: {shown(value)}")
    return found


def number(value: Any) -> float:
    """Any number, also in digits."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    raise Unfit(f"no number: {shown(value)}")


def text(value: Any) -> str:
    """A string, or a number as one."""
    if isinstance(value, str):
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    raise Unfit(f"no text: {shown(value)}")


def boolean(value: Any) -> bool:
    """True or false, also as 1 or 0."""
    if isinstance(value, bool) or value in (0, 1):
        return bool(value)
    raise Unfit(f"no boolean: {shown(value)}")


def mapping(value: Any) -> Mapping[str, Any]:
    """A map, as it is."""
    if isinstance(value, dict):
        return cast("dict[str, Any]", value)
    raise Unfit(f"no map: {shown(value)}")


def anything(value: Any) -> Any:
    """Whatever it is."""
    return value


def message(value: Any) -> Message:
    """An array of segments, or a CQ string."""
    if isinstance(value, (list, str)):
        return Message.from_wire(cast("object", value))
    raise Unfit(f"no message: {shown(value)}")


def shape(kind: Callable[..., T], fields: tuple[Field, ...]) -> Callable[[Any], T]:
    """A reader of maps into objects of `kind`."""
    return lambda value: kind(**read(mapping(value), fields))


def array(item: Callable[[Any], T]) -> Callable[[Any], tuple[T, ...]]:
    """A reader of arrays whose elements `item` reads."""

    def read_array(value: Any) -> tuple[T, ...]:
        if not isinstance(value, list):
            raise Unfit(f"no array: {shown(value)}")
        return tuple(item(each) for each in cast("Sequence[Any]", value))

    return read_array
