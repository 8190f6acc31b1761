"""Which modules are generated, and by what."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from . import actions, events, results, segments, source, twins

#: By the name of the module's file.
GENERATORS = {
    "_actions.py": actions.module,
    "_twins.py": twins.module,
    "events.py": events.events_module,
    "results.py": results.module,
    "segments.py": segments.module,
    "shapes.py": events.shapes_module,
}


def all_modules() -> Iterator[tuple[Path, str]]:
    """Each generated file and what it should hold."""
    for name, module in GENERATORS.items():
        yield source.PACKAGE / name, module()
