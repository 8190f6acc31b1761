"""segments.json as classes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, cast

from . import source

_IMPORTS = '''\
from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from os import PathLike
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Union

from . import _param as form
from ._param import Param
from .segment import Segment

if TYPE_CHECKING:
    from .message import Message, MessageLike
'''

_MEDIA = '''\
#: A file: its bytes; a path, whose file is read when it is sent; or as text an
#: address (https://…, file://…, base64://…) or the name of a received file.
Media = Union[str, bytes, PathLike[str]]
'''

_DECORATOR = "@dataclass(frozen=True, slots=True, init=False, eq=False, repr=False)"

#: The attributes that a segment has in any case.
_TAKEN = {"raw", "extra"}

_FORMS = {
    ("string",): "TEXT",
    ("integer",): "INTEGER",
    ("integer", "string"): "INTEGER",
    ("number", "string"): "NUMBER",
    ("boolean",): "BOOLEAN",
    ("object", "string"): "JSON",
    ("object",): "OBJECT",
    ("array",): "ARRAY",
    ("message",): "MESSAGE",
}
#: What the attribute is, by form.
_ATTRIBUTES = {
    "TEXT": "str",
    "INTEGER": "int",
    "ID": "int",
    "WHO": 'int | Literal["all"]',
    "NUMBER": "float",
    "BOOLEAN": "bool",
    "FILE": "Media",
    "JSON": "str | Mapping[str, Any]",
    "OBJECT": "Mapping[str, Any]",
    "ARRAY": "Sequence[Any]",
    "MESSAGE": "Message",
}
#: What may be given for it, where that is more.
_ARGUMENTS = {"ID": "int | str", "WHO": "int | str", "MESSAGE": "MessageLike"}


class Parameter:
    """A parameter of a type: an attribute of the class."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.data = data
        self.key: str = data["name"]
        name = source.snake(self.key)
        self.name = f"{name}_" if name in _TAKEN else name
        self.form = _form(data)
        self.is_main = "main" in data

    @property
    def attribute(self) -> str:
        return f"{self.name}: {self._type(_ATTRIBUTES[self.form])}"

    @property
    def argument(self) -> str:
        kind = self._type(_ARGUMENTS.get(self.form, _ATTRIBUTES[self.form]))
        default = "" if "required" in self.data else " = None"
        return f"{self.name}: {kind}{default}"

    def _type(self, kind: str) -> str:
        if self.form == "TEXT" and "values" in self.data:
            kind = f"Literal[{', '.join(map(_literal, self.data['values']))}]"
        return kind if "required" in self.data else f"{kind} | None"

    @property
    def doc(self) -> str:
        """Its line in the docstring; empty if the name and type say all."""
        if "note" not in self.data:
            return ""
        text = f"- `{self.name}`: {source.sentence(self.data['note'])}{self._reach()}"
        return source.wrap(text, source.WIDTH - 4, hang="  ")

    def _reach(self) -> str:
        """Who has it, where that is not who has the type."""
        if self.data.get("send") == []:
            return " Received only."
        is_needed = "one_of" in self.data or "required" in self.data
        if "send" not in self.data or is_needed:
            return ""
        return f" For {source.peers(self.data['send'])}."

    def declaration(self) -> Iterator[str]:
        """The arguments of its `Param`."""
        yield _literal(self.key)
        yield f"form.{self.form}"
        if self.name != self.key:
            yield f"field={_literal(self.name)}"
        for key in ("required", "one_of", "main"):
            if key in self.data:
                yield f"{key}=True"
        for key in ("values", "minimum", "maximum", "aliases"):
            if key in self.data:
                yield f"{key}={_literal(self.data[key])}"
        if "required_if" in self.data:
            yield f"required_if={_literal(self.data['required_if'])}"


def _form(data: dict[str, Any]) -> str:
    if "id" in data:
        return "WHO" if "values" in data else "ID"
    return "FILE" if "media" in data else _FORMS[tuple(data["types"])]


def _literal(value: Any) -> str:
    if isinstance(value, list):
        items = cast("Sequence[Any]", value)
        comma = "," if len(items) == 1 else ""
        return f"({', '.join(map(_literal, items))}{comma})"
    if isinstance(value, dict):
        known = cast("Mapping[str, Any]", value).items()
        pairs = (f"{_literal(key)}: {_literal(each)}" for key, each in known)
        return f"{{{', '.join(pairs)}}}"
    return json.dumps(value, ensure_ascii=False)


class Kind:
    """A type of segment: a class."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.data = data
        self.name: str = data["class"]
        self.parameters = [Parameter(each) for each in data["params"]]
        self.main = [each for each in self.parameters if each.is_main]
        self.named = [each for each in self.parameters if not each.is_main]

    def text(self) -> str:
        """The class."""
        return "\n".join(
            [
                f"{_DECORATOR}\nclass {self.name}(Segment):",
                source.docstring(self._paragraphs(), 1),
                "",
                f'    TYPE: ClassVar[str] = "{self.data["type"]}"',
                *_indented(self._params()),
                *_indented(self._attributes()),
                "",
                *_indented(self._init()),
            ]
        )

    def _paragraphs(self) -> Iterator[str]:
        yield source.sentence(self.data["summary"])
        if "note" in self.data:
            yield source.wrap(source.sentence(self.data["note"]), source.WIDTH - 4)
        yield source.wrap(self._reach(), source.WIDTH - 4)
        docs = [each.doc for each in self.parameters if each.doc]
        if docs:
            yield "\n".join(docs)

    def _reach(self) -> str:
        receive, send = (_peers(self.data[key]) for key in ("receive", "send"))
        return f"On the wire `{self.data['type']}`; from {receive}, for {send}."

    def _params(self) -> Iterator[str]:
        if not self.parameters:
            return
        yield "PARAMS: ClassVar[tuple[Param, ...]] = ("
        for each in self.parameters:
            yield from _indented(_call("Param", list(each.declaration()), ","))
        yield ")"

    def _attributes(self) -> Iterator[str]:
        if self.parameters:
            yield ""
        yield from (each.attribute for each in self.main)
        if self.named:
            yield "_: KW_ONLY"
        yield from (each.attribute for each in self.named)

    def _init(self) -> Iterator[str]:
        yield "def __init__("
        yield "    self,"
        yield from (f"    {each.argument}," for each in self.main)
        yield "    *,"
        yield from (f"    {each.argument}," for each in self.named)
        yield "    extra: Mapping[str, Any] | None = None,"
        yield ") -> None:"
        given = [f"{each.name}={each.name}" for each in self.parameters]
        yield from _indented(_call("self._fill", ["extra", *given]))


def _peers(names: list[str]) -> str:
    everybody = 5
    if len(names) == everybody:
        return "all"
    return source.peers(names) if names else "nobody"


def _call(function: str, arguments: list[str], end: str = "") -> list[str]:
    """A call in one line, or with a line for each argument."""
    line = f"{function}({', '.join(arguments)}){end}"
    if len(line) + 8 <= source.WIDTH:
        return [line]
    return [f"{function}(", *(f"    {each}," for each in arguments), f"){end}"]


def _indented(lines: Iterable[str]) -> Iterator[str]:
    return (source.indent(line) for line in lines)


def _names(kinds: list[Kind]) -> str:
    names = sorted(["Media", "TYPES", *(kind.name for kind in kinds)])
    return "\n".join(["__all__ = [", *(f'    "{name}",' for name in names), "]\n"])


def _table(kinds: list[Kind]) -> str:
    rows = (
        f'        "{name}": {kind.name},'
        for kind in kinds
        for name in (kind.data["type"], *kind.data.get("aliases", ()))
    )
    head = "#: By their names on the wire, aliases included."
    mapping = "TYPES: Mapping[str, type[Segment]] = MappingProxyType(\n    {"
    return "\n".join([head, mapping, *rows, "    }\n)\n"])


def module() -> str:
    """The text of segments.py."""
    kinds = [Kind(each) for each in source.read("segments.json")["segments"]]
    head = source.head(
        "The types of segments.\n\n"
        "What a segment is about is positional, everything else goes by name. What\n"
        "cannot be sent is a ValueError. Peers pass over what they do not know.",
        "segments.json",
    )
    top = "\n".join([head + _IMPORTS, _names(kinds), _MEDIA])
    classes = (f"{kind.text()}\n" for kind in kinds)
    return "\n\n".join([top, *classes, _table(kinds)])
