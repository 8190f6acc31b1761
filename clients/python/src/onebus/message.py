"""A message: an immutable sequence of segments.

    message = "look: " + Image(path) + At(10001)
    message.text                # "look: "
    message.first(Image)        # Image(PosixPath(...))

A string that a developer gives is text, never CQ codes: what strangers wrote is
safe in it.  `Message.from_cq` reads codes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, TypeAlias, TypeVar, Union, cast, overload

from . import cq
from .segment import Segment, read_segment
from .segments import TYPES, At, Reply, Text

#: What can be given where a message is wanted: text, a segment (also as the map
#: that it is on the wire), a message, or any number of these.
MessageLike: TypeAlias = Union[
    str, Segment, "Message", Mapping[str, Any], Iterable["MessageLike"]
]

AnySegment = TypeVar("AnySegment", bound=Segment)


class NoMessage(TypeError):
    """What is given as a message, or a part of one, is none."""


class Message(Sequence[Segment]):
    """A sequence of segments that also behaves like its text.

    An empty message is false.  Equal are messages with equal segments.
    """

    __slots__ = ("_segments", "_unread")

    _segments: tuple[Segment, ...] | None
    #: What the segments are read from when they are first asked for.
    _unread: Sequence[Any]

    def __init__(self, *parts: MessageLike) -> None:
        """Put parts together.  An empty string is no segment.

        NoMessage, a TypeError, for a part that is none.
        """
        self._segments = tuple(each for part in parts for each in _segments_of(part))
        self._unread = ()

    # ---- from and to other forms --------------------------------------------

    @classmethod
    def from_wire(cls, wire: object) -> Message:
        """Read a message as it is in events and answers.

        An array of segments, one segment, or a string with CQ codes; anything
        else is an empty message.  Never raises: see `UnknownSegment`.
        """
        message = cls()
        message._segments = None
        if isinstance(wire, str):
            message._unread = cq.parse(wire)
        elif isinstance(wire, (list, tuple)):
            message._unread = cast("Sequence[Any]", wire)
        elif isinstance(wire, Mapping):
            message._unread = (wire,)
        return message

    @classmethod
    def from_cq(cls, source: str) -> Message:
        """Read a string with CQ codes; what is no code is text.

        A `file://` address in it is left to the bridge and the peer: give an
        `Image(path)` to send a file of this machine.
        """
        return cls.from_wire(source)

    def to_wire(self) -> list[dict[str, Any]]:
        """The segments as they are sent; those received, as they were received.

        Media that were given as bytes or as a path are still that.
        """
        return [segment.to_wire() for segment in self.segments]

    def to_cq(self) -> str:
        """The message as a string with CQ codes.

        Texts that touch become one, empty ones and nulls are lost, and so is what
        is a number and what its digits.  `cq.NoCQForm` for what has no such form:
        a path, a type or a key that is no word.
        """
        return cq.format(self.to_wire())

    # ---- the sequence -------------------------------------------------------

    @property
    def segments(self) -> tuple[Segment, ...]:
        """All segments."""
        if self._segments is None:
            self._segments = tuple(read_segment(wire, TYPES) for wire in self._unread)
            self._unread = ()
        return self._segments

    def __len__(self) -> int:
        return len(self.segments)

    def __iter__(self) -> Iterator[Segment]:
        return iter(self.segments)

    @overload
    def __getitem__(self, index: int) -> Segment: ...
    @overload
    def __getitem__(self, index: slice) -> Message: ...
    def __getitem__(self, index: int | slice) -> Segment | Message:
        if isinstance(index, slice):
            return Message(self.segments[index])
        return self.segments[index]

    def __contains__(self, item: object) -> bool:
        """Whether a segment, one of a class, or a piece of text is in it."""
        if isinstance(item, str):
            return item in self.text
        if isinstance(item, type):
            return any(isinstance(segment, item) for segment in self.segments)
        return item in self.segments

    def first(self, kind: type[AnySegment]) -> AnySegment | None:
        """The first segment of a class, None if there is none."""
        return next(iter(self.all(kind)), None)

    def all(self, kind: type[AnySegment]) -> tuple[AnySegment, ...]:
        """The segments of a class."""
        return tuple(segment for segment in self if isinstance(segment, kind))

    def without(self, *kinds: type[Segment]) -> Message:
        """The message without the segments of these classes."""
        return Message(segment for segment in self if not isinstance(segment, kinds))

    # ---- what it says -------------------------------------------------------

    @property
    def text(self) -> str:
        """The texts, joined with nothing in between: `text` of the bridge."""
        return "".join(segment.text for segment in self.all(Text))

    @property
    def mentions(self) -> tuple[int, ...]:
        """The QQ numbers that are mentioned, each once, in order."""
        numbers = (at.qq for at in self.all(At))
        return tuple(dict.fromkeys(qq for qq in numbers if isinstance(qq, int)))

    @property
    def mentions_all(self) -> bool:
        """Whether everybody is mentioned."""
        return any(at.qq == "all" for at in self.all(At))

    @property
    def quoted(self) -> int | None:
        """The message_id of the message that is quoted, None if there is none."""
        reply = self.first(Reply)
        return None if reply is None else reply.id

    def startswith(self, prefix: str | tuple[str, ...]) -> bool:
        """Whether `text` begins so, whatever else stands before it."""
        return self.text.startswith(prefix)

    def endswith(self, suffix: str | tuple[str, ...]) -> bool:
        """Whether `text` ends so, whatever else stands behind it."""
        return self.text.endswith(suffix)

    # ---- making others of it ------------------------------------------------

    def strip(self, characters: str | None = None) -> Message:
        """Without blanks (or these characters) at its ends, up to what is no text."""
        return self.lstrip(characters).rstrip(characters)

    def lstrip(self, characters: str | None = None) -> Message:
        """The same at its beginning."""
        rest = list(self.segments)
        while rest and isinstance(text := rest[0], Text):
            if kept := text.text.lstrip(characters):
                rest[0] = text if kept == text.text else Text(kept)
                break
            del rest[0]
        return Message(rest)

    def rstrip(self, characters: str | None = None) -> Message:
        """The same at its end."""
        rest = list(self.segments)
        while rest and isinstance(text := rest[-1], Text):
            if kept := text.text.rstrip(characters):
                rest[-1] = text if kept == text.text else Text(kept)
                break
            del rest[-1]
        return Message(rest)

    def removeprefix(self, prefix: str) -> Message:
        """Without `prefix` where its first text begins with it.

        What stands before that text, a quotation or a mention, stays.
        """
        at = next((i for i, each in enumerate(self) if isinstance(each, Text)), None)
        if at is None or not self[at : at + 1].startswith(prefix):
            return self
        kept = self[at : at + 1].text.removeprefix(prefix)
        return self[:at] + kept + self[at + 1 :]

    def merged(self) -> Message:
        """The same with texts that touch made one, and without empty ones."""
        parts: list[Segment] = []
        for is_text, run in groupby(self, _is_plain):
            if is_text and (text := Message(run).text):
                parts.append(Text(text))
            elif not is_text:
                parts += run
        return Message(parts)

    def join(self, parts: Iterable[MessageLike]) -> Message:
        """The parts as one message, this one between each two."""
        joined: list[MessageLike] = []
        for part in parts:
            joined += [self, part] if joined else [part]
        return Message(joined)

    def __add__(self, other: MessageLike) -> Message:
        return Message(self, other)

    def __radd__(self, other: MessageLike) -> Message:
        return Message(other, self)

    # ---- as a value ---------------------------------------------------------

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Message):
            return NotImplemented
        return self.segments == other.segments

    def __hash__(self) -> int:
        return hash(self.segments)

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"Message({', '.join(map(_shown, self))})"

    def __reduce__(self) -> tuple[type[Message], tuple[Segment, ...]]:
        return Message, self.segments


def _segments_of(part: MessageLike) -> Iterable[Segment]:
    if isinstance(part, str):
        return (Text(part),) if part else ()
    if isinstance(part, Segment):
        return (part,)
    if isinstance(part, Message):
        return part.segments
    if isinstance(part, Mapping):
        return (read_segment(cast("Mapping[str, Any]", part), TYPES),)
    return (each for inner in _several(part) for each in _segments_of(inner))


def _several(part: object) -> Iterable[MessageLike]:
    if isinstance(part, Iterable) and not isinstance(part, (bytes, bytearray)):
        return cast("Iterable[MessageLike]", part)
    raise NoMessage(
        "Message: allowed: text, a segment, a message or several of these, "
        f"not {type(part).__name__}"
    )


def _is_plain(segment: Segment) -> bool:
    return isinstance(segment, Text) and not segment.extra


def _shown(segment: Segment) -> str:
    return repr(Message(segment).text if _is_plain(segment) else segment)
