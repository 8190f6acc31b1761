"""What all segments of a message have in common.

On the wire a segment is ``{"type": str, "data": {...}}``.  Here each type is a
frozen dataclass (`onebus.segments`); what is of no known type, or does not have
what its type requires, is an `UnknownSegment`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import KW_ONLY, dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, cast

from typing_extensions import Self

from ._param import Param
from .address import as_received

if TYPE_CHECKING:
    from .message import Message, MessageLike

_set = object.__setattr__


@dataclass(frozen=True, slots=True, init=False, eq=False, repr=False)
class Segment:
    """A part of a message.

    `extra` are parameters beyond those of the type; they are sent as they are.
    Equal are segments of one class with equal parameters and `extra`.
    """

    TYPE: ClassVar[str] = ""
    PARAMS: ClassVar[tuple[Param, ...]] = ()
    #: All names that the parameters have on the wire.
    _keys: ClassVar[frozenset[str]] = frozenset()

    _: KW_ONLY
    extra: Mapping[str, Any]
    _received: Mapping[str, Any] | None = field(init=False)

    def __init_subclass__(cls) -> None:
        params = cls.PARAMS
        cls._keys = frozenset(key for p in params for key in (p.name, *p.aliases))

    def _fill(self, extra: Mapping[str, Any] | None, **values: object) -> None:
        """Set what a developer gives.  ValueError for what is not allowed."""
        owner = type(self).__name__
        for param in self.PARAMS:
            name = param.attribute
            _set(self, name, param.take(values[name], owner))
        _set(self, "extra", dict(extra or {}))
        _set(self, "_received", None)
        self._check_given(owner)

    def _check_given(self, owner: str) -> None:
        alternatives = [p.attribute for p in self.PARAMS if p.one_of]
        if alternatives and all(getattr(self, name) is None for name in alternatives):
            raise ValueError(f"{owner}: required: {' or '.join(alternatives)}")
        for param in self.PARAMS:
            if self._is_lacking(param):
                name = param.attribute
                raise ValueError(f"{owner}.{name}: required: {param.allowed}")

    def _is_lacking(self, param: Param) -> bool:
        if param.required_if is None or getattr(self, param.attribute) is not None:
            return False
        conditions = param.required_if.items()
        return any(getattr(self, name) in values for name, values in conditions)

    @classmethod
    def from_received(
        cls, wire: Mapping[str, Any], data: Mapping[str, Any]
    ) -> Self | None:
        """Read what a peer sent; None if it lacks what the type requires.

        `data` is that of `wire`, a map in any case.
        """
        segment = object.__new__(cls)
        for param in cls.PARAMS:
            value = param.read(data)
            if value is None and param.required:
                return None
            _set(segment, param.attribute, value)
        extra = {key: each for key, each in data.items() if key not in cls._keys}
        _set(segment, "extra", extra)
        _set(segment, "_received", wire)
        return segment

    def to_wire(self) -> dict[str, Any]:
        """The segment as it is sent; one that was received, as it was received.

        Bytes and paths of media stay what they are. What was received is of the
        peer's machine: a `file://` address in it is not read here.
        """
        if self._received is not None:
            return dict(as_received(self._received))
        return {"type": self.TYPE, "data": {**dict(self._written()), **self.extra}}

    def _written(self) -> Iterator[tuple[str, Any]]:
        for param in self.PARAMS:
            value = getattr(self, param.attribute)
            if value is not None:
                yield param.name, param.form.write(value)

    @property
    def raw(self) -> Mapping[str, Any]:
        """The map as it was received, or else as it will be sent."""
        return self.to_wire() if self._received is None else self._received

    def _values(self) -> tuple[Any, ...]:
        names = (param.attribute for param in self.PARAMS)
        return (*(getattr(self, name) for name in names), self.extra)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Segment):
            return NotImplemented
        return type(self) is type(other) and self._values() == other._values()

    def __hash__(self) -> int:
        return hash((type(self), _frozen(self._values())))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(self._arguments())})"

    def _arguments(self) -> Iterator[str]:
        is_positional = True
        for param in self.PARAMS:
            value = getattr(self, param.attribute)
            is_positional = is_positional and param.main and value is not None
            if value is not None:
                name = "" if is_positional else f"{param.attribute}="
                yield f"{name}{_shown(value)}"
        if self.extra:
            yield f"extra={dict(self.extra)!r}"

    def __add__(self, other: MessageLike) -> Message:
        from .message import Message

        return Message(self, other)

    def __radd__(self, other: MessageLike) -> Message:
        from .message import Message

        return Message(other, self)


@dataclass(frozen=True, slots=True, init=False, eq=False, repr=False)
class UnknownSegment(Segment):
    """A segment of a type that is not known, or without what its type requires.

    `type` is empty if it has none.  What was no map at all is in `data` under
    the key `value`.
    """

    type: str
    data: Mapping[str, Any]
    extra: Mapping[str, Any] = field(init=False)  # empty: `data` is all there is

    def __init__(self, type: str, data: Mapping[str, Any] | None = None) -> None:
        _set(self, "type", type)
        _set(self, "data", dict(data or {}))
        _set(self, "extra", {})
        _set(self, "_received", None)

    def to_wire(self) -> dict[str, Any]:
        """The segment as it is sent; one that was received, as it was received."""
        if self._received is not None:
            return dict(as_received(self._received))
        return {"type": self.type, "data": dict(self.data)}

    def _values(self) -> tuple[Any, ...]:
        return (self.type, self.data)

    def _arguments(self) -> Iterator[str]:
        yield repr(self.type)
        yield repr(dict(self.data))


def read_segment(wire: object, types: Mapping[str, type[Segment]]) -> Segment:
    """A segment from the wire, whatever it is.  `types` are the known ones."""
    if not isinstance(wire, Mapping):
        return UnknownSegment("", {"value": wire})
    received = cast("Mapping[str, Any]", wire)
    name, data = received.get("type"), _map(received.get("data"))
    name = name if isinstance(name, str) else ""
    known = types.get(name)
    segment = None if known is None else known.from_received(received, data)
    return _unknown(name, received, data) if segment is None else segment


def _map(data: object) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", data) if isinstance(data, Mapping) else {}


def _unknown(
    name: str, received: Mapping[str, Any], data: Mapping[str, Any]
) -> UnknownSegment:
    segment = UnknownSegment(name, data)
    _set(segment, "_received", received)
    return segment


def _frozen(value: object) -> object:
    """The value in a form that can be hashed; equal values stay equal."""
    if isinstance(value, Mapping):
        items = cast("Mapping[object, object]", value).items()
        return frozenset((key, _frozen(each)) for key, each in items)
    if isinstance(value, (list, tuple)):
        return tuple(map(_frozen, cast("list[object]", value)))
    return value


def _shown(value: object) -> str:
    return f"<{len(value)} bytes>" if isinstance(value, bytes) else repr(value)
