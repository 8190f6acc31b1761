"""What is made from the data in `schema/` is what the data gives."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import onebus
from onebus import events, shapes

ROOT = Path(__file__).parents[1]
SCHEMA = ROOT.parents[1] / "schema"
sys.path.insert(0, str(ROOT))

from generate import modules  # noqa: E402


def data(name: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((SCHEMA / name).read_text())
    return read


@pytest.mark.parametrize("name", ["events", "results", "segments", "actions"])
def test_the_data_is_of_its_form(name: str) -> None:
    jsonschema.validate(data(f"{name}.json"), data(f"{name}.schema.json"))


@pytest.mark.parametrize(
    ("path", "text"),
    [pytest.param(*each, id=each[0].name) for each in modules.all_modules()],
)
def test_each_module_is_what_its_data_gives(path: Path, text: str) -> None:
    assert path.read_text() == text, "run `python -m generate`"


def test_every_action_has_its_result() -> None:
    names = [action["name"] for action in data("actions.json")["actions"]]
    assert sorted(data("results.json")["results"]) == names


def test_the_data_is_sorted() -> None:
    classes = [event["class"] for event in data("events.json")["events"]]
    assert classes == sorted(set(classes))
    for name in ("events.json", "results.json"):
        assert list(data(name)["shapes"]) == sorted(data(name)["shapes"])


def test_every_event_has_a_class_that_the_package_exports() -> None:
    for event in data("events.json")["events"]:
        kind = getattr(onebus, event["class"])
        assert issubclass(kind, onebus.Event)
        assert kind.__doc__
        assert kind in {found for found, _ in events.CLASSES.values()}
    for name in data("events.json")["shapes"]:
        assert getattr(shapes, name).__doc__
