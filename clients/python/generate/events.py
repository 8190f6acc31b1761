"""events.json as dataclasses."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from . import source

_TYPES = {
    "any": ("Any", "fields.anything"),
    "bool": ("bool", "fields.boolean"),
    "float": ("float", "fields.number"),
    "int": ("int", "fields.integer"),
    "message": ("Message", "fields.message"),
    "object": ("Mapping[str, Any]", "fields.mapping"),
    "str": ("str", "fields.text"),
}

#: What may hold a map or a list as it came.
_UNHASHABLE = re.compile(r"\b(Any|Mapping)\b")

_BASES = {
    "message": "MessageEvent",
    "message_sent": "MessageEvent",
    "notice": "NoticeEvent",
    "request": "RequestEvent",
    "meta_event": "MetaEvent",
    "bridge": "BridgeEvent",
}

#: What the bases declare by themselves.
_OF_BASE = {
    "MessageEvent": {"message_id", "user_id", "message", "sender"},
    "RequestEvent": {"flag"},
}


def annotation(written: str) -> str:
    """The annotation for a type as events.json writes it."""
    if written.startswith("["):
        return f"tuple[{annotation(written[1:-1])}, ...]"
    return _TYPES[written][0] if written in _TYPES else written


def reader(written: str) -> str:
    """The function that reads it, as an expression."""
    if written.startswith("["):
        return f"fields.array({reader(written[1:-1])})"
    if written in _TYPES:
        return _TYPES[written][1]
    return f"shapes.read_{source.snake(written)}"


class Field:
    """A field of an event or a shape."""

    def __init__(self, key: str, data: Mapping[str, Any]) -> None:
        self.name = key.removesuffix("?")
        self.is_required = not key.endswith("?")
        self.type: str = data["type"]
        self.data = data

    def declaration(self) -> Iterator[str]:
        """Its lines in the class."""
        if "note" in self.data:
            comment = source.sentence(self.data["note"])
            yield from source.comment(comment[0].upper() + comment[1:])
        yield self._annotated(annotation(self.type))

    def _annotated(self, kind: str) -> str:
        end = "" if self.is_required or kind == "Any" else " | None"
        end += self._default(is_hashed=not _UNHASHABLE.search(kind))
        if "values" not in self.data:
            return f"    {self.name}: {kind}{end}"
        values = [json.dumps(value) for value in self.data["values"]]
        head = f"{self.name}: Literal["
        return source.bracketed(head, values, f"] | {kind}{end}", 1)

    def _default(self, *, is_hashed: bool) -> str:
        if is_hashed:
            return "" if self.is_required else " = None"
        default = "" if self.is_required else "default=None, "
        return f" = field({default}hash=False)"

    def table(self) -> str:
        return (
            f'        fields.Field("{self.name}", {reader(self.type)},'
            f" {self.is_required}),"
        )


def _fields(data: Mapping[str, Any]) -> list[Field]:
    every = [Field(key, value) for key, value in data.items()]
    return sorted(every, key=lambda one: not one.is_required)


# ---- shapes ----------------------------------------------------------------


def shapes_module() -> str:
    """The text of shapes.py."""
    shapes: dict[str, Any] = source.read("events.json")["shapes"]
    return (
        source.head("What events are made of.", "events.json")
        + "from collections.abc import Mapping\n"
        + "from dataclasses import dataclass, field\n"
        + "from typing import Any, Literal\n\n"
        + "from . import fields\n\n"
        + source.exports(shapes)
        + "\n"
        + "\n\n".join(_shape(name, shape) for name, shape in shapes.items())
    )


def _shape(name: str, shape: Mapping[str, Any]) -> str:
    lines = ["@dataclass(frozen=True, slots=True, kw_only=True)", f"class {name}:"]
    lines += [source.docstring([source.sentence(shape["about"])], 1), ""]
    every = _fields(shape["fields"])
    for one in every:
        lines += one.declaration()
    lines += ["", "", f"read_{source.snake(name)} = fields.shape(", f"    {name},"]
    lines += ["    (", *(one.table() for one in every), "    ),", ")"]
    return "\n".join(lines) + "\n"


# ---- events ----------------------------------------------------------------


class EventClass:
    """An event as a class."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.data = data
        self.name: str = data["class"]
        self.fields = _fields(data["fields"])
        is_guild = data["detail"] == "guild"
        self.base = "Event" if is_guild else _BASES[data["post_type"]]

    def text(self) -> str:
        own = _OF_BASE.get(self.base, set())
        lines = [
            "@dataclass(frozen=True, slots=True, kw_only=True)",
            f"class {self.name}({self.base}):",
            source.docstring(self._paragraphs(), 1),
        ]
        declared = [one for one in self.fields if one.name not in own]
        if declared:
            lines.append("")
        for one in declared:
            lines += one.declaration()
        return "\n".join(lines) + "\n"

    def _paragraphs(self) -> Iterator[str]:
        yield source.wrap(source.sentence(self.data["about"]), source.WIDTH - 10)
        yield source.wrap(self._origin(), source.WIDTH - 4)
        if "note" in self.data:
            yield source.wrap(source.sentence(self.data["note"]), source.WIDTH - 4)

    def _origin(self) -> str:
        if self.data["post_type"] == "bridge":
            return f"`bridge.{self.data['detail']}`."
        words = [self.data["post_type"], self.data["detail"]]
        words += [self.data["sub_type"]] if "sub_type" in self.data else []
        return f"`{'.'.join(words)}`; known to {source.peers(self.data['peers'])}."

    @property
    def selector(self) -> str:
        words = (self.data["post_type"], self.data["detail"])
        sub_type = self.data.get("sub_type", "")
        return ", ".join(f'"{word}"' for word in (*words, sub_type))

    def entry(self) -> str:
        rows = "\n".join("    " + one.table() for one in self.fields)
        table = f"(\n{rows}\n        )" if self.fields else "()"
        value = f"(\n        {self.name},\n        {table},\n    )"
        return f"    ({self.selector}): {value},"


def events_module() -> str:
    """The text of events.py."""
    data: list[dict[str, Any]] = source.read("events.json")["events"]
    classes = [EventClass(event) for event in data]
    return (
        source.head("Every known event as a class.", "events.json")
        + "from collections.abc import Mapping\n"
        + "from dataclasses import dataclass, field\n"
        + "from typing import Any, Literal\n\n"
        + "from . import fields, shapes\n"
        + "from .event import (\n    BridgeEvent,\n    Event,\n    MessageEvent,\n"
        + "    MetaEvent,\n    NoticeEvent,\n    RequestEvent,\n)\n"
        + "from .message import Message\n"
        + _imports(classes)
        + "\n"
        + source.exports(one.name for one in classes)
        + "\n"
        + "\n\n".join(one.text() for one in classes)
        + "\n\n#: The class and the fields for each post_type, detail and sub_type; the"
        + "\n#: last is empty where any fits.\n"
        + "CLASSES: dict[\n    tuple[str, str, str], tuple[type[Event],"
        + " tuple[fields.Field, ...]]\n] = {\n"
        + "\n".join(one.entry() for one in classes)
        + "\n}\n"
    )


def _imports(classes: list[EventClass]) -> str:
    known: dict[str, Any] = source.read("events.json")["shapes"]
    kinds = {one.type.strip("[]") for every in classes for one in every.fields}
    names = sorted(kinds & known.keys())
    return source.bracketed("from .shapes import (", names, ")", 0) + "\n"
