"""onebus/segments.py, from schema/segments.json."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

HEAD = '''\
"""The types of segments.

Generated from schema/segments.json by `python -m generate`: do not edit.

Positional is what a segment is about; everything else goes by name. A peer that
does not know a parameter passes it over. ValueError for what cannot be sent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from pathlib import PurePath
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from . import _param as form
from ._param import Param
from .segment import Segment

if TYPE_CHECKING:
    from .message import Message, MessageLike

#: A file: its bytes; a path, whose file is read when it is sent; or as text an
#: address (https://…, file://…, base64://…) or the name of a received file.
Media = str | bytes | PurePath
'''

#: The attributes that a segment has in any case.
TAKEN = {"raw", "extra"}
PEERS = {
    "onebot11": "OneBot 11",
    "napcat": "NapCat",
    "gocqhttp": "go-cqhttp",
    "lagrange": "Lagrange",
    "llbot": "LLBot",
}
#: By form: the type of the attribute, and that of the argument.
TYPES = {
    "TEXT": ("str", "str"),
    "INTEGER": ("int", "int"),
    "ID": ("int", "int | str"),
    "WHO": ('int | Literal["all"]', "int | str"),
    "NUMBER": ("float", "float"),
    "BOOLEAN": ("bool", "bool"),
    "FILE": ("Media", "Media"),
    "JSON": ("str | Mapping[str, Any]", "str | Mapping[str, Any]"),
    "OBJECT": ("Mapping[str, Any]", "Mapping[str, Any]"),
    "ARRAY": ("Sequence[Any]", "Sequence[Any]"),
    "MESSAGE": ("Message", "MessageLike"),
}
FORMS = {
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

Row = dict[str, Any]


def generate(schema: Path) -> str:
    """The text of segments.py; `schema` is the folder of segments.json."""
    rows: list[Row] = json.loads((schema / "segments.json").read_text("utf-8"))["segments"]
    return "\n\n".join([HEAD, *map(_class, rows), _table(rows)])


def _class(row: Row) -> str:
    params: list[Row] = row["params"]
    lines = [
        "@dataclass(frozen=True, slots=True, init=False, eq=False, repr=False)",
        f"class {row['class']}(Segment):",
        *_indent(1, _docstring(row)),
        "",
        f'    TYPE: ClassVar[str] = "{row["type"]}"',
        *_indent(1, _params(params)),
        *_indent(1, _fields(params)),
        "",
        *_indent(1, _init(params)),
    ]
    return "\n".join(lines) + "\n"


def _indent(levels: int, lines: Iterable[str]) -> Iterator[str]:
    return (f"{'    ' * levels}{line}" if line else "" for line in lines)


def _docstring(row: Row) -> Iterator[str]:
    yield f'"""{row["summary"]}.'
    yield ""
    if "note" in row:
        yield from textwrap.wrap(_sentence(row["note"]), 80)
        yield ""
    yield from textwrap.wrap(_reach(row), 80)
    params = [param for param in row["params"] if "note" in param]
    if params:
        yield ""
    for param in params:
        text = f":param {_attribute(param)}: {_sentence(param['note'])}{_where(param)}"
        yield from textwrap.wrap(text, 80, subsequent_indent="    ")
    yield '"""'


def _reach(row: Row) -> str:
    received = "by nobody" if not row["receive"] else f"by {_peers(row['receive'])}"
    sent = f"taken by {_peers(row['send'])}" if row["send"] else "sent by no peer"
    return f"Reported {received}; {sent}."


def _where(param: Row) -> str:
    if param.get("send") == [] and param.get("receive") != []:
        return " Received only."
    if "send" in param and "one_of" not in param and "required" not in param:
        return f" Taken by {_peers(param['send'])}."
    return ""


def _peers(names: list[str]) -> str:
    return "all" if len(names) == len(PEERS) else ", ".join(PEERS[n] for n in names)


def _sentence(note: str) -> str:
    return f"{note[0].upper()}{note[1:]}."


def _form(param: Row) -> str:
    if "id" in param:
        return "WHO" if "values" in param else "ID"
    return "FILE" if "media" in param else FORMS[tuple(param["types"])]


def _attribute(param: Row) -> str:
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", param["name"]).lower()
    return f"{name}_" if name in TAKEN else name


def _params(params: list[Row]) -> Iterator[str]:
    if not params:
        return
    yield "PARAMS: ClassVar[tuple[Param, ...]] = ("
    for param in params:
        one_line = f"    Param({', '.join(_param(param))}),"
        if len(one_line) <= 84:
            yield one_line
        else:
            yield "    Param("
            yield from (f"        {argument}," for argument in _param(param))
            yield "    ),"
    yield ")"


def _param(param: Row) -> Iterator[str]:
    yield _literal(param["name"])
    yield f"form.{_form(param)}"
    if _attribute(param) != param["name"]:
        yield f"field={_literal(_attribute(param))}"
    for flag in ("required", "one_of", "main"):
        if flag in param:
            yield f"{flag}=True"
    for key in ("values", "minimum", "maximum", "aliases"):
        if key in param:
            yield f"{key}={_literal(param[key])}"
    if "required_if" in param:
        yield f"required_if=MappingProxyType({_literal(param['required_if'])})"


def _literal(value: Any) -> str:
    if isinstance(value, list):
        items = ", ".join(map(_literal, value))
        return f"({items},)" if len(value) == 1 else f"({items})"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{_literal(k)}: {_literal(v)}' for k, v in value.items())}}}"
    return json.dumps(value, ensure_ascii=False)


def _fields(params: list[Row]) -> Iterator[str]:
    if params:
        yield ""
    is_named = False
    for param in params:
        if "main" not in param and not is_named:
            is_named = True
            yield "_: KW_ONLY"
        yield f"{_attribute(param)}: {_type(param, 0)}"


def _type(param: Row, which: int) -> str:
    """Of the attribute (0) or of the argument (1)."""
    form = _form(param)
    name = TYPES[form][which]
    if form == "TEXT" and "values" in param:
        name = f"Literal[{', '.join(map(_literal, param['values']))}]"
    return name if "required" in param else f"{name} | None"


def _init(params: list[Row]) -> Iterator[str]:
    main = [param for param in params if "main" in param]
    named = [param for param in params if "main" not in param]
    yield "def __init__("
    yield "    self,"
    yield from (f"    {_argument(param)}," for param in main)
    yield "    *,"
    yield from (f"    {_argument(param)}," for param in named)
    yield "    extra: Mapping[str, Any] | None = None,"
    yield ") -> None:"
    names = [_attribute(param) for param in params]
    call = f"    self._fill({', '.join(['extra', *(f'{n}={n}' for n in names)])})"
    if len(call) <= 84:
        yield call
    else:
        yield "    self._fill("
        yield "        extra,"
        yield from (f"        {name}={name}," for name in names)
        yield "    )"


def _argument(param: Row) -> str:
    default = "" if "required" in param else " = None"
    return f"{_attribute(param)}: {_type(param, 1)}{default}"


def _table(rows: list[Row]) -> str:
    names = [(name, row) for row in rows for name in (row["type"], *row.get("aliases", []))]
    lines = [f'        "{name}": {row["class"]},' for name, row in names]
    return "\n".join(
        [
            "#: By their names on the wire, aliases included.",
            "TYPES: Mapping[str, type[Segment]] = MappingProxyType(",
            "    {",
            *lines,
            "    }",
            ")",
            "",
        ]
    )
