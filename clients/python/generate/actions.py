"""actions.json as typed methods, asynchronous and synchronous."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator
from typing import Any

from . import source
from .results import annotation

#: What every method takes besides the action's own parameters.
CONTROL = ("account", "timeout", "idempotency_key")

_TYPES = {
    "boolean": "bool",
    "integer": "int",
    "message": "MessageLike",
    "null": "None",
    "object": "Mapping[str, Any]",
    "string": "str",
}

#: What a parameter means to this client, where that is not what the peer takes.
_MEANT_HERE = {
    "auto_escape": "no effect here, where a text is a text and never CQ codes",
}

#: A folder cannot be read here and sent as bytes.
_PATHS_ONLY = {"folder_path"}

#: Names that would be those of others once they are made fit for Python.
_RENAMED = {".ocr_image": "dot_ocr_image"}


def method_name(action: str) -> str:
    """The method's name: the action's in snake case, without what leads it."""
    if action in _RENAMED:
        return _RENAMED[action]
    return source.snake(action.lstrip("._"))


def parameter_name(parameter: str) -> str:
    """The parameter's name in Python; one that is taken ends in an underscore."""
    name = source.snake(parameter)
    return name + "_" if name in CONTROL or keyword.iskeyword(name) else name


class Parameter:
    """A parameter as the method has it."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.data = data
        self.key: str = data["name"]
        self.name = parameter_name(self.key)
        #: What does something unexpected when it is missing is wanted, too.
        self.is_required = data.get("required") is True or "warn_if_missing" in data
        self.is_file = "media" in data and self.key not in _PATHS_ONLY

    @property
    def annotation(self) -> str:
        one = self._one([kind for kind in self.data["types"] if kind != "array"])
        if "items" not in self.data:
            return one
        many = f"Sequence[{self._one(self.data['items'])}]"
        return f"{one} | {many}" if one else many

    def _one(self, kinds: list[str]) -> str:
        """The type of a single value that is one of `kinds`."""
        if self.is_file and "string" in kinds:
            return "FileLike"
        if self.key == "base64":
            return "bytes | str"
        if self.data.get("id") and self.key.endswith(("user_id", "group_id")):
            return "int"
        return " | ".join(_TYPES[kind] for kind in kinds)

    @property
    def declaration(self) -> str:
        rest = "," if self.is_required else " | None = None,"
        if "values" not in self.data:
            return f"        {self.name}: {self.annotation}{rest}"
        words = [f'"{word}"' for word in self.data["values"]]
        return source.bracketed(f"{self.name}: Literal[", words, f"]{rest}", 2)

    @property
    def doc(self) -> str:
        """Its line in the docstring; empty if the name and type say all."""
        notes = list(self._notes())
        if not notes:
            return ""
        text = f"- `{self.name}`: {'; '.join(notes)}"
        return source.wrap(source.sentence(text), source.WIDTH - 8, hang="  ")

    def _notes(self) -> Iterator[str]:
        if self.name != self.key:
            yield f"`{self.key}`"
        if self.key in _MEANT_HERE:
            yield _MEANT_HERE[self.key]
            return
        if "summary" in self.data:
            yield source.lowered(self.data["summary"])
        if "media" in self.data:
            yield _FILE if self.is_file else "a path on the peer's machine"
        yield from self._absence()

    def _absence(self) -> Iterator[str]:
        """What comes of leaving it out."""
        if isinstance(self.data.get("required"), list):
            yield f"needed by {source.peers(self.data['required'])}"
        if "warn_if_missing" in self.data:
            yield f"wanted here: if it is missing, {self.data['warn_if_missing']}"
        elif str(self.data.get("default", "")).strip():
            yield f"{_shown(self.data['default'])} by default"


_FILE = (
    "bytes, a `Path` or a `file://` address (both are read here), a URL, or a path on"
    " the peer's machine"
)


def _shown(value: object) -> str:
    return repr(value) if isinstance(value, bool) else f"`{value}`"


class Method:
    """An action as a method."""

    def __init__(self, data: dict[str, Any], result: str) -> None:
        self.data = data
        self.action: str = data["name"]
        self.name = method_name(self.action)
        self.result = annotation(result)
        parameters = [Parameter(p) for p in data["params"] if "same_as" not in p]
        self.required = [p for p in parameters if p.is_required]
        self.optional = [p for p in parameters if not p.is_required]

    def text(self, *, is_async: bool) -> str:
        word, wait = ("async def", "await ") if is_async else ("def", "")
        return "\n".join(
            [
                f"    {word} {self.name}(",
                *self._declarations(),
                f"    ) -> {self.result}:",
                self._docstring(),
                *self._body(wait),
                "",
            ]
        )

    def _declarations(self) -> Iterator[str]:
        yield "        self,"
        yield from (p.declaration for p in self.required)
        yield "        *,"
        yield from (p.declaration for p in self.optional)
        yield "        account: str | None = None,"
        yield "        timeout: float | None = None,"
        yield "        idempotency_key: str | None = None,"

    def _body(self, wait: str) -> Iterator[str]:
        yield from self._params()
        target = "" if self.result == "None" else f"result: {self.result} = "
        arguments = [f'"{self.action}"', "params", *CONTROL]
        yield source.bracketed(f"{target}{wait}self._act(", arguments, ")", 2)
        if target:
            yield "        return result"

    def _params(self) -> Iterator[str]:
        entries = [f'"{p.key}": {p.name},' for p in self.required + self.optional]
        if not entries:
            yield "        params: dict[str, Any] = {}"
            return
        yield "        params: dict[str, Any] = {"
        yield from (f"            {entry}" for entry in entries)
        yield "        }"

    def _docstring(self) -> str:
        parameters = self.required + self.optional
        docs = [parameter.doc for parameter in parameters if parameter.doc]
        paragraphs = [self._summary(), *self._remarks()]
        if docs:
            paragraphs.append("\n".join(docs))
        return source.docstring(paragraphs, 2)

    def _summary(self) -> str:
        return source.wrap(source.sentence(self.data["summary"]), source.WIDTH - 11)

    def _remarks(self) -> Iterator[str]:
        yield source.wrap(self._reach(), source.WIDTH - 8)
        remarks = [*self._alternatives(), *self._answer()]
        if "note" in self.data:
            remarks.append(source.sentence(self.data["note"]))
        if remarks:
            yield source.wrap(" ".join(remarks), source.WIDTH - 8)

    def _reach(self) -> str:
        """Whether it changes anything, and who knows it."""
        kind = {"read": "a read", "write": "a write"}[self.data["kind"]]
        known = source.peers(self.data["peers"])
        if self.name != self.action:
            return f"The action `{self.action}`, {kind}; known to {known}."
        return f"A{kind[1:]}; known to {known}."

    def _alternatives(self) -> Iterator[str]:
        names = [f"`{p.name}`" for p in self.optional if "one_of" in p.data]
        if names:
            yield f"Needs {' or '.join(names)}."

    def _answer(self) -> Iterator[str]:
        if "stream" in self.data.get("flags", ()):
            yield "The bridge gathers the frames of the answer."
        answer = {"maybe": "An answer may not come.", "never": "No answer comes."}
        if self.data.get("answer") in answer:
            yield answer[self.data["answer"]]


def methods() -> list[Method]:
    """All actions of the catalogue as methods, by name."""
    results: dict[str, str] = source.read("results.json")["results"]
    actions: list[dict[str, Any]] = source.read("actions.json")["actions"]
    return [Method(action, results[action["name"]]) for action in actions]


def module() -> str:
    """The text of _actions.py."""
    every = methods()
    return (
        source.head(
            "Every action of the catalogue as a method.", "actions.json", "results.json"
        )
        + _imports(every)
        + _reads(every)
        + _streams(every)
        + _media(every)
        + _class("Actions", _ASYNC_ABOUT, every, is_async=True)
        + "\n\n"
        + _class("SyncActions", _SYNC_ABOUT, every, is_async=False)
    )


def _imports(every: list[Method]) -> str:
    shapes = set(re.findall(r"\b[A-Z]\w+\b", " ".join(m.result for m in every)))
    names = "".join(f"        {name},\n" for name in sorted(shapes - {"Any", "None"}))
    return (
        "from abc import ABC, abstractmethod\n"
        "from collections.abc import Mapping, Sequence\n"
        "from typing import TYPE_CHECKING, Any, Literal\n\n"
        "if TYPE_CHECKING:\n"
        "    from .files import FileLike\n"
        "    from .message import MessageLike\n"
        f"    from .results import (\n{names}    )\n\n"
    )


def _reads(every: list[Method]) -> str:
    names = [
        name for m in every if m.data["kind"] == "read" for name in _names(m.action)
    ]
    lines = "".join(f'        "{name}",\n' for name in sorted(names))
    return (
        "#: The actions that only read, and their aliases.\n"
        f"READS = frozenset(\n    {{\n{lines}    }}\n)\n\n"
    )


def _streams(every: list[Method]) -> str:
    names = [m.action for m in every if "stream" in m.data.get("flags", ())]
    lines = "".join(f'        "{name}",\n' for name in names)
    return (
        "#: Those that are answered in parts.\n"
        f"STREAMS = frozenset(\n    {{\n{lines}    }}\n)\n\n"
    )


def _media(every: list[Method]) -> str:
    lines = "".join(
        f'    "{name}": {{{entries}}},\n'
        for m in every
        if (entries := _media_of(m.data))
        for name in _names(m.action)
    )
    return (
        "#: The parameters that take a file, and those that take its name, if any; of"
        "\n#: aliases, too.\n"
        f"MEDIA: Mapping[str, Mapping[str, str]] = {{\n{lines}}}\n\n\n"
    )


def _media_of(data: dict[str, Any]) -> str:
    # A folder on the peer's machine has no bytes.
    files = [p["name"] for p in data["params"] if "media" in p]
    files = [name for name in files if not name.startswith("folder")]
    names = [p["name"] for p in data["params"] if p["name"] in ("name", "file_name")]
    return ", ".join(
        f'"{file}": "{names[0] if names and file in ("file", "file_path") else ""}"'
        for file in files
    )


def _names(action: str) -> list[str]:
    aliases = source.read("actions.json")["aliases"]
    return [action, *(each["name"] for each in aliases if each["action"] == action)]


_ABOUT = (
    "What is None is left out. `account` is its key in the bridge's settings, needed"
    " where there are several; `timeout` is in seconds; with the same"
    " `idempotency_key` a call is carried out once, however often it is made. What"
    " fails raises a `BridgeError`."
)
_ASYNC_ABOUT = "Every action of the catalogue."
_SYNC_ABOUT = "Every action of the catalogue, for code that is not asynchronous."


def _class(name: str, about: str, every: list[Method], *, is_async: bool) -> str:
    word = "async def" if is_async else "def"
    return "\n".join(
        [
            f"class {name}(ABC):",
            source.docstring([about, source.wrap(_ABOUT, source.WIDTH - 4)], 1),
            "",
            "    @abstractmethod",
            f"    {word} _act(",
            "        self,",
            "        action: str,",
            "        params: dict[str, Any],",
            "        account: str | None,",
            "        timeout: float | None,",
            "        idempotency_key: str | None,",
            "    ) -> Any:",
            '        """Call `action` and give its data."""',
            "",
            *(method.text(is_async=is_async) for method in every),
        ]
    ).rstrip("\n") + "\n"
