"""Builds the API reference from the docstrings: `python docs/reference.py FOLDER`."""

from __future__ import annotations

import importlib
import re
import sys
from pathlib import Path
from types import ModuleType
from typing import Any, Literal

import pdoc
import pdoc.render
from pdoc import doc_ast

import onebus

#: What is documented; the rest is the package's own business. `_actions` are the
#: methods that a `Bus` has for the actions of the catalogue.
MODULES = (
    "onebus",
    "onebus._actions",
    "onebus.bridge_actions",
    "onebus.cq",
    "onebus.cursors",
    "onebus.filters",
    "onebus.guide",
    "onebus.patterns",
    "onebus.results",
    "onebus.sim",
    "onebus.stream",
    "onebus.sync",
    "onebus.testing",
    "onebus.testing.qq",
    "pytest_onebus",
)

#: Names in annotations that a class brings along into modules that lack them.
LENT = {
    "Bus": onebus.Bus,
    "Message": onebus.Message,
    "Policy": onebus.Policy,
    "Literal": Literal,
}


#: A comment like this one, and the name that it is about.
COMMENT = re.compile(r"((?:^ *#:.*\n)+) *(\w+) *[:=]", re.MULTILINE)

walk_tree = doc_ast.walk_tree


def walk_with_comments(obj: ModuleType | type[Any]) -> doc_ast.AstInfo:
    """What pdoc finds in a class or a module, and comments that begin with `#:`."""
    found = walk_tree(obj)
    for comment, name in COMMENT.findall(doc_ast.get_source(obj)):
        text = re.sub(r"^ *#: ?", "", comment, flags=re.MULTILINE)
        found.var_docstrings.setdefault(name, text.strip())
    return found


def build(folder: Path) -> None:
    """Write the pages into `folder`; what is amiss comes as a Python warning."""
    for name in MODULES:
        importlib.import_module(name)
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] == "onebus":
            vars(module).update({**LENT, **vars(module)})
    # A named tuple's constructor is of no module, so its names mean nothing.
    onebus.Chat.__new__.__module__ = onebus.Chat.__module__
    doc_ast.walk_tree = walk_with_comments
    pdoc.render.configure(
        docformat="markdown", show_source=False, footer_text=f"onebus {onebus.__version__}"
    )
    pdoc.pdoc(*MODULES, output_directory=folder)


if __name__ == "__main__":
    build(Path(sys.argv[1]))
