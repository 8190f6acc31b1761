"""results.json as TypedDicts."""

from __future__ import annotations

from typing import Any

from . import source

_PLAIN = {
    "any": "Any",
    "bool": "bool",
    "bytes": "bytes",
    "float": "float",
    "int": "int",
    "null": "None",
    "object": "dict[str, Any]",
    "str": "str",
}


def annotation(written: str) -> str:
    """The annotation for a type as results.json writes it."""
    if written.endswith("|null"):
        return annotation(written.removesuffix("|null")) + " | None"
    if written.startswith("["):
        return f"list[{annotation(written[1:-1])}]"
    return _PLAIN.get(written, written)


def module() -> str:
    """The text of results.py."""
    shapes: dict[str, Any] = source.read("results.json")["shapes"]
    classes = "\n\n".join(_shape(name, shape) for name, shape in shapes.items())
    return (
        source.head("What actions give, as maps with known keys.", "results.json")
        + "from typing import Any\n\n"
        + "from typing_extensions import NotRequired, TypedDict\n\n\n"
        + classes
    )


def _shape(name: str, shape: dict[str, Any]) -> str:
    about = source.wrap(source.sentence(shape["about"]), source.WIDTH - 7)
    lines = [f"class {name}(TypedDict):", source.docstring([about], 1), ""]
    lines += [_field(key, written) for key, written in shape["fields"].items()]
    return "\n".join(lines) + "\n"


def _field(key: str, written: str) -> str:
    kind = annotation(written)
    if key.endswith("?"):
        return f"    {key[:-1]}: NotRequired[{kind}]"
    return f"    {key}: {kind}"
