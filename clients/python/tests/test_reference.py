"""The API reference."""

from __future__ import annotations

import importlib
import inspect
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import onebus

PACKAGE = Path(__file__).parents[1]

DOCUMENTED = (
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
)


def test_it_is_built_without_a_warning(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", str(PACKAGE / "docs/reference.py"), str(tmp_path)],
        env={**os.environ, "PYTHONPATH": str(PACKAGE / "src")},
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
    assert (tmp_path / "onebus/_actions.html").exists()
    fields = (tmp_path / "onebus.html").read_text(encoding="utf-8")
    assert "The text segments, joined." in fields, "comments of fields are in it"


def public(module: ModuleType) -> Iterator[tuple[str, Any]]:
    """What a module offers: its classes and functions."""
    names = getattr(module, "__all__", [n for n in vars(module) if n[0] != "_"])
    for name in names:
        found = getattr(module, name)
        is_ours = hasattr(module, "__all__") or found_in(found) == module.__name__
        if is_ours and (inspect.isclass(found) or inspect.isfunction(found)):
            yield name, found


def found_in(thing: object) -> str | None:
    return getattr(thing, "__module__", None)


def documented(name: str, thing: Any) -> bool:
    """Whether it has a docstring that is not the one dataclass makes."""
    text = inspect.getdoc(thing) or ""
    return len(text) > 5 and not text.startswith(f"{name}(")


@pytest.mark.parametrize("name", DOCUMENTED)
def test_all_that_is_offered_has_a_docstring(name: str) -> None:
    for member, thing in public(importlib.import_module(name)):
        assert documented(member, thing), f"{name}.{member}"
        if not inspect.isclass(thing):
            continue
        for attribute in vars(thing):
            own = inspect.getattr_static(thing, attribute)
            is_method = inspect.isroutine(own) or isinstance(own, property)
            if attribute[0] != "_" and is_method:
                found = getattr(thing, attribute)
                assert inspect.getdoc(found), f"{name}.{member}.{attribute}"


def test_all_exported_names_exist() -> None:
    assert all(hasattr(onebus, name) for name in onebus.__all__)
    assert len(set(onebus.__all__)) == len(onebus.__all__)
