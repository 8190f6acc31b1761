"""What is written for asyncio and trio, as code that is not asynchronous."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from . import source

#: The classes that get a twin, by the file they are in.
_CLASSES = {"bridge_actions.py": "BridgeActions", "guide.py": "Guide"}

#: What becomes of the code, in this order.
_CHANGES = (
    (r"\basync def\b", "def"),
    (r"\bawait ", ""),
    (r"\bAwaitable\[(\w+)\]", r"\1"),
    (r"\b(BridgeActions|Guide|Actions)\b", r"Sync\1"),
)


class Original:
    """A class that is asynchronous."""

    def __init__(self, file: str, name: str) -> None:
        self.module = file.removesuffix(".py")
        self.text = (source.PACKAGE / file).read_text(encoding="utf-8")
        self.tree = ast.parse(self.text)
        self.body = next(
            node
            for node in self.tree.body
            if isinstance(node, ast.ClassDef) and node.name == name
        )

    def twin(self) -> str:
        code = ast.get_source_segment(self.text, self.body) or ""
        for pattern, replacement in _CHANGES:
            code = re.sub(pattern, replacement, code)
        return code

    def names(self) -> Iterator[tuple[str, str]]:
        """What there is for its code: modules, and names in them."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.ImportFrom):
                for name in node.names:
                    yield "." * node.level + (node.module or ""), name.name
            elif isinstance(node, ast.ClassDef):
                yield f".{self.module}", node.name
        for node in self.tree.body:
            if isinstance(node, ast.Assign):
                for target in node.targets:
                    yield f".{self.module}", ast.unparse(target)
        yield "._actions", "SyncActions"


def module() -> str:
    """The text of _twins.py."""
    originals = [Original(file, name) for file, name in _CLASSES.items()]
    classes = "\n\n\n".join(one.twin() for one in originals)
    return (
        source.head_of(
            "`BridgeActions` and `Guide` for code that is not asynchronous.",
            "bridge_actions.py and guide.py",
        )
        + _imports(originals, set(re.findall(r"\w+", classes)))
        + "\n\n"
        + classes
        + "\n"
    )


def _imports(originals: list[Original], used: set[str]) -> str:
    found = {pair for one in originals for pair in one.names() if pair[1] in used}
    found.add(("typing", "TYPE_CHECKING"))
    outer = sorted({module for module, _ in found if not module.startswith(".")})
    own = sorted({module for module, _ in found if module.startswith(".")})
    lines = [_import(module, found) for module in outer]
    lines += ["", "if TYPE_CHECKING:"]
    lines += [source.indent(_import(module, found)) for module in own]
    return "\n".join(lines) + "\n"


def _import(module: str, found: set[tuple[str, str]]) -> str:
    names = sorted(
        (name for where, name in found if where == module),
        key=lambda name: (not name.isupper(), name),
    )
    line = f"from {module} import {', '.join(names)}"
    if len(line) + 4 <= source.WIDTH:
        return line
    return "\n".join(
        [f"from {module} import (", *(f"    {name}," for name in names), ")"]
    )
